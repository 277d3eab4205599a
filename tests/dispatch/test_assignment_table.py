"""The table of an assignment, cell by cell and for both parts: who may, who may not, and that nothing changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import ADMINISTRATORS, Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt
from fengqiao.dispatch.domain import handling
from fengqiao.dispatch.enums import AssignmentAction, AssignmentState, Part
from fengqiao.dispatch.models import Assignment
from fengqiao.dispatch.steps import ARBITERS, ROWS, TABLE, Cell
from fengqiao.kernel.errors import Refusal
from fengqiao.kernel.ids import new_id
from fengqiao.matters.models import HistoryEvent, Matter
from tests import small_county
from tests.dispatch.hands import HOUSING, LABOUR, check_in, dispatched, part_of
from tests.matters.ground import AUDITING, EVERYWHERE, Entry, act, last_audited, traces

DEPARTMENT = {Part.LEAD: "labour", Part.ASSIST: "housing"}
CELLS = [(cell, part) for cell in ROWS for part in sorted(cell.parts)]
ACTIONS = sorted({(cell.action, cell.branch) for cell in ROWS})


class Ground:
    """One matter at the labour bureau, with the housing bureau assisting; a part is put into the state asked for."""

    def __init__(self) -> None:
        self.county = small_county.build()
        self.matter = dispatched(self.county, assisting=["housing"])
        self.parts = {part: part_of(self.matter, part) for part in Part}
        self.refused: list[object] = []

    def put(self, part: Part, state: AssignmentState) -> None:
        """The state alone is asked here; how an assignment gets there is told in the stories of the verbs."""
        with scope(self.county.actor(Role.DISPATCHER)):
            Assignment.objects.filter(pk=self.parts[part].pk).update(state=state)

    def now(self, part: Part) -> Assignment:
        with scope(EVERYWHERE):
            return Assignment.objects.get(pk=self.parts[part].pk)


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Ground()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def taken_back(ground: Ground) -> Iterator[None]:
    """Each test leaves the ground as it was, and has had every refusal audited."""
    ground.refused.clear()
    with transaction.atomic():
        yield
        with scope(AUDITING):
            audited = Entry.objects.filter(verb="try", result="refused").values_list("person_id", flat=True)
            assert sorted(audited) == sorted(ground.refused)
        transaction.set_rollback(True)


# What the verbs of these actions write into the history, and who is told reads there.
SAID = {
    AssignmentAction.ARBITRATE: {"give_to": None},
    AssignmentAction.DECIDE_EXTENSION: {"approved": False},
}


def tried(ground: Ground, actor: Actor, part: Part, action: AssignmentAction, branch: str) -> str:
    """The next state, or the code of the refusal. An allowed act is checked and taken back."""
    with scope(EVERYWHERE):
        before = Matter.objects.get(pk=ground.matter.pk)
    with transaction.atomic():
        try:
            with attempt(actor, verb="try"):
                matter, assignment = handling.act(
                    actor=actor,
                    assignment_id=ground.parts[part].pk,
                    action=action,
                    branch=branch,
                    parameters=SAID.get(action),
                )
        except Refusal as refusal:
            ground.refused.append(actor.person_id)
            return refusal.code
        # What a department does never moves the matter's step.
        assert (matter.state, matter.step) == (before.state, before.step)
        assert (matter.version, matter.history_count) == (before.version + 1, before.history_count + 1)
        told = f"dispatch.{action}" + (f".{branch}" if branch else "")
        with scope(EVERYWHERE):
            event = HistoryEvent.objects.filter(matter_id=matter.pk).order_by("seq").last()
        assert event.type == told
        assert last_audited().verb == told
        transaction.set_rollback(True)
        return f"→ {assignment.state}"


def name_of(value: object) -> str | None:
    if isinstance(value, Cell):
        return "-".join(filter(None, (value.state, value.action, value.branch)))
    return str(value)


@pytest.mark.parametrize(("cell", "part"), CELLS, ids=name_of)
def test_each_role_at_its_place(ground: Ground, cell: Cell, part: Part):
    ground.put(part, cell.state)
    before = traces()
    came, expected = {}, {}
    for role in Role:
        actor = ground.county.actor(role, DEPARTMENT[part] if role is Role.HANDLER else "county")
        came[role] = tried(ground, actor, part, cell.action, cell.branch)
        expected[role] = (
            f"→ {cell.to or cell.state}"
            if role in cell.roles
            else "assignment_not_found"
            if role in ADMINISTRATORS
            else "matter_not_found"
            if role is Role.COMMISSION
            else "post_may_not"
        )
    assert came == expected
    assert traces() == before


@pytest.mark.parametrize(("cell", "part"), CELLS, ids=name_of)
def test_the_right_role_at_another_place(ground: Ground, cell: Cell, part: Part):
    """The other department of the same matter, one that has no part in it, another county, another centre."""
    ground.put(part, cell.state)
    other_part = DEPARTMENT[Part.ASSIST if part == Part.LEAD else Part.LEAD]
    places = {other_part: "post_may_not", "police": "matter_not_found", "other": "assignment_not_found"}
    if Role.HANDLER not in cell.roles:
        places = {"town": "post_may_not", "city": "post_may_not", "other": "assignment_not_found"}
    before = traces()
    came = {
        (role, place): tried(ground, ground.county.actor(role, place), part, cell.action, cell.branch)
        for role in cell.roles
        for place in places
    }
    assert came == {(role, place): places[place] for role, place in came}
    assert traces() == before


@pytest.mark.parametrize("part", sorted(Part))
@pytest.mark.parametrize(("action", "branch"), ACTIONS)
def test_without_a_cell_the_right_role_is_refused(ground: Ground, action, branch, part: Part):
    """Among them: the lead signs nothing off, who assists writes no result, what is disposed is not returned."""
    roles = {role for cell in ROWS if (cell.action, cell.branch) == (action, branch) for role in cell.roles}
    role = sorted(roles)[0]
    actor = ground.county.actor(role, DEPARTMENT[part] if role is Role.HANDLER else "county")
    came, without = {}, []
    for state in AssignmentState:
        cell = TABLE.get((state, action, branch))
        if cell is None or part not in cell.parts:
            without.append(state)
            ground.put(part, state)
            before = traces()
            came[state] = tried(ground, actor, part, action, branch)
            assert traces() == before
    assert without
    assert came == dict.fromkeys(without, "not_in_this_state")


def test_the_table_says_what_it_says():
    """Written out: a change of the table is a change of this list."""
    handler, arbiters = {Role.HANDLER}, set(ARBITERS)
    leaders = arbiters - {Role.DISPATCHER}
    both, lead, assist = set(Part), {Part.LEAD}, {Part.ASSIST}
    assert {(c.state, c.action, c.branch): (c.to, set(c.roles), set(c.parts)) for c in ROWS} == {
        ("issued", "check_in", ""): ("working", handler, both),
        ("working", "progress", ""): (None, handler, both),
        ("issued", "ask_return", ""): ("return_asked", handler, both),
        ("working", "ask_return", ""): ("return_asked", handler, both),
        ("return_asked", "arbitrate", "upheld"): ("returned", arbiters, both),
        ("return_asked", "arbitrate", "refused"): ("working", arbiters, both),
        ("working", "ask_extension", ""): (None, handler, both),
        ("working", "decide_extension", ""): (None, arbiters, both),
        ("working", "dispose", ""): ("disposed", handler, lead),
        ("working", "sign_off", ""): ("signed_off", handler, assist),
        ("issued", "override", ""): ("overridden", leaders, assist),
        ("working", "override", ""): ("overridden", leaders, assist),
    }
    assert len(TABLE) == len(ROWS)
    assert leaders == {Role.DIRECTOR, Role.EXECUTIVE_DEPUTY, Role.STANDING_DEPUTY}


def test_an_assignment_that_is_not_there(ground: Ground):
    for who in (LABOUR, HOUSING):
        actor = ground.county.actor(*who)
        with pytest.raises(Refusal) as refusal, attempt(actor, verb="try"):
            handling.act(actor=actor, assignment_id=new_id(), action=AssignmentAction.CHECK_IN)
        ground.refused.append(actor.person_id)
        assert refusal.value.code == "assignment_not_found"


def test_a_stale_form(ground: Ground):
    actor = ground.county.actor(*LABOUR)
    lead = ground.parts[Part.LEAD]
    with scope(EVERYWHERE):
        read = Matter.objects.get(pk=ground.matter.pk).version
    check_in(ground.county, HOUSING, ground.parts[Part.ASSIST])
    before = traces()
    with pytest.raises(Refusal) as refusal, attempt(actor, verb="try"):
        handling.check_in(actor=actor, assignment_id=lead.id, version=read)
    ground.refused.append(actor.person_id)
    assert refusal.value.code == "stale"
    assert traces() == before
    act(ground.county, LABOUR, handling.check_in, assignment_id=lead.id, version=read + 1)
    assert ground.now(Part.LEAD).state == AssignmentState.WORKING
