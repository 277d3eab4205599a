"""The step table, cell by cell: who may, who may not, where it leads, and that a refusal changed nothing.

The ground is laid once for the module: one county with a matter in every state, in a transaction that is
taken back at the end; each attempt is taken back to a savepoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import ADMINISTRATORS, Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt
from fengqiao.audit.models import Entry
from fengqiao.dispatch.domain import handling
from fengqiao.flows import procedure
from fengqiao.kernel.errors import NotAllowed, Refusal, Stale
from fengqiao.matters.domain import accepting, alarming, assessing, settling
from fengqiao.matters.domain.accepting import track_of
from fengqiao.matters.domain.move import move
from fengqiao.matters.domain.sight import hand_to
from fengqiao.matters.enums import (
    STEP_OF,
    Action,
    Danger,
    ProcedureKind,
    Risk,
    Satisfaction,
    State,
    Track,
    VisitMethod,
)
from fengqiao.matters.models import Matter
from fengqiao.matters.policies import may_move
from fengqiao.matters.steps import TABLE, Cell
from fengqiao.mediation.domain.mediating import send_to_mediation
from fengqiao.mediation.enums import Result as MediationResult
from tests import small_county
from tests.matters.ground import AUDITING, EVERYWHERE, act, last_audited, traces
from tests.small_county import SmallCounty

ANYWHERE = {Action.DANGER, Action.ATTACH, Action.LINK}
ACTIONS = sorted({(action, branch) for _state, action, branch in TABLE})
REACHED = settling.VisitReport(method=VisitMethod.PHONE, reached=True, satisfaction=Satisfaction.DISSATISFIED)


class Ground:
    """A county with a matter in every state, and those that an action's guards ask for."""

    def __init__(self) -> None:
        self.county: SmallCounty = small_county.build()
        self.refused: list[UUID] = []
        self.read: dict[UUID, Matter] = {}
        self.actors: dict[tuple[str, str], Actor] = {
            key: self.county.actor(*key) for key in self.county.stationings
        }
        brought = {
            state: small_county.brought_to(self.county, state) for state in State if state != "mediating"
        }
        brought[State.MEDIATING] = self._mediating()
        self._dispose(brought[State.HANDLING])
        self.in_state: dict[State, Matter] = brought
        self.guided = {state: self._guided() for state in (State.SETTLED, State.VISITED, State.EVALUATED)}
        for state in (State.VISITED, State.EVALUATED):
            act(self.county, Role.REGISTRAR, settling.return_visit, self.guided[state], report=REACHED)
        evaluated = self.guided[State.EVALUATED]
        act(self.county, Role.DISPATCHER, settling.evaluate, evaluated, lawful=True, complete=True)
        self.anonymous = {State.SETTLED: self._anonymous(), State.VISITED: self._anonymous()}
        act(self.county, Role.REGISTRAR, settling.return_visit, self.anonymous[State.VISITED], report=REACHED)
        self.main = small_county.registered(self.county)
        self.on_track = {track: self._dispatching(track) for track in Track}
        # A handler sees what was handed over: here everything, so that only the table is asked.
        with scope(self.actors[("dispatcher", "county")]):
            for matter in self.everything():
                hand_to(matter, [self.county.department("labour").id])

    def now(self, matter: Matter) -> Matter:
        """The row as it is when the test begins: whatever is tried is taken back."""
        if matter.pk not in self.read:
            with scope(EVERYWHERE):
                self.read[matter.pk] = Matter.objects.get(pk=matter.pk)
        return self.read[matter.pk]

    def everything(self) -> list[Matter]:
        return [
            *self.in_state.values(),
            *self.guided.values(),
            *self.anonymous.values(),
            *self.on_track.values(),
        ]

    def for_cell(self, cell: Cell, role: Role) -> Matter:
        """A matter in the cell's state that answers the guards."""
        if cell.action == Action.RECORD_RECEIPT:
            return self.guided[cell.state]
        if cell.action == Action.CLOSE and cell.state in self.anonymous:
            return self.anonymous[cell.state]
        if cell.action == Action.SETTLE_ON_SPOT and cell.state == State.DISPATCHING:
            track = track_of(self.actor(role))
            return self.on_track[track or Track.LEGAL]
        return self.in_state[cell.state]

    def facts(self, cell: Cell, actor: Actor, matter: Matter) -> dict[str, Any]:
        """What the verb of the action would tell the guards."""
        if cell.action == Action.SETTLE_ON_SPOT:
            return {"track": track_of(actor)}
        if cell.action == Action.SEND_TO_MEDIATION:
            return {"consents": {str(party.pk): True for party in self.parties(matter)}}
        if cell.action == Action.DISPATCH:
            return {"departments": [self.county.department("labour")]}
        if cell.action == Action.HAND_DOWN:
            return {"centre": self.county.centres["town"]}
        if cell.action == Action.MERGE:
            return {"main": self.now(self.main)}
        return {}

    def said(self, cell: Cell) -> dict[str, Any]:
        """What the verb of the action would write into the history, where a handler reads it there."""
        if cell.action == Action.DISPATCH:
            labour = str(self.county.department("labour").pk)
            return {"lead": labour, "assisting": [], "reply_by": None}
        return {}

    def actor(self, role: Role, place: str = "county") -> Actor:
        return self.actors[(role, "labour" if role is Role.HANDLER else place)]

    def prepare(self, cell: Cell) -> None:
        """The facts that the cell's guards ask for and that the ground does not have."""
        if cell.action == Action.REVIEW_CRIMINAL:
            matter = self.in_state[cell.state]
            act(self.county, Role.DIRECTOR, alarming.turned_criminal, matter, summary="公安机关已立案。")

    def parties(self, matter: Matter) -> list[Any]:
        with scope(self.actors[("dispatcher", "county")]):
            return list(matter.parties.all())

    def _mediating(self) -> Matter:
        matter = small_county.brought_to(self.county, State.ACCEPTED)
        consents = {party.pk: True for party in self.parties(matter)}
        act(self.county, Role.REGISTRAR, send_to_mediation, matter, consents=consents)
        return matter

    def _dispose(self, matter: Matter) -> None:
        [assignment] = small_county.assignments(self.county, matter)
        who = (Role.HANDLER, "labour")
        act(self.county, who, handling.check_in, assignment_id=assignment.id)
        act(self.county, who, handling.dispose, assignment_id=assignment.id, result="厂方已付清全部工资。")

    def _guided(self) -> Matter:
        matter = small_county.registered(self.county)
        told = {"body": "恩平市人民法院", "explanation": "判决已经生效，应当申请执行"}
        act(self.county, Role.REGISTRAR, accepting.guide, matter, **told)
        return matter

    def _anonymous(self) -> Matter:
        matter = small_county.registered(self.county, parties=())
        act(self.county, Role.REGISTRAR, accepting.accept, matter)
        act(self.county, Role.INDUSTRY_OFFICER, accepting.settle_on_spot, matter, result="已经当场答复清楚。")
        return matter

    def _dispatching(self, track: Track) -> Matter:
        matter = small_county.brought_to(self.county, State.ASSESSING)
        act(
            self.county,
            Role.DISPATCHER,
            assessing.assess,
            matter,
            level=Risk.LOW,
            grounds="双方情绪平稳，没有过激言行。",
        )
        act(self.county, Role.DISPATCHER, assessing.route, matter, track=track, reason="按诉求性质")
        return matter


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Ground()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def taken_back(ground: Ground) -> Iterator[None]:
    """Each test leaves the ground as it was, and has had every refusal of ``tried`` audited."""
    ground.refused.clear()
    ground.read.clear()
    with transaction.atomic():
        yield
        with scope(AUDITING):
            audited = Entry.objects.filter(verb="try", result="refused")
            assert sorted(audited.values_list("person_id", flat=True)) == sorted(ground.refused)
        transaction.set_rollback(True)


def tried(ground: Ground, actor: Actor, matter: Matter, cell: Cell) -> str:
    """What came of it: the next state, or the code of the refusal. An allowed act is checked and taken back."""
    now = ground.now(matter)
    with transaction.atomic():
        try:
            with attempt(actor, verb="try", subject=f"matter:{matter.pk}"):
                moved = move(
                    actor=actor,
                    matter_id=matter.pk,
                    action=cell.action,
                    branch=cell.branch,
                    version=now.version,
                    facts=ground.facts(cell, actor, matter),
                    parameters=ground.said(cell),
                )
        except Refusal as refusal:
            ground.refused.append(actor.person_id)
            return refusal.code
        written = last_audited()
        assert written.verb == f"matter.{cell.action}" + (f".{cell.branch}" if cell.branch else "")
        assert (written.result, written.role, written.person_id) == ("done", actor.role, actor.person_id)
        assert moved.version == now.version + 1
        assert moved.history_count == now.history_count + 1
        assert moved.step == STEP_OF[cell.next_state]
        transaction.set_rollback(True)
        return f"→ {moved.state}"


def expected(cell: Cell, role: Role) -> str:
    if role in cell.roles:
        return f"→ {cell.next_state}"
    # An administrator does not even see it, nor does the commission what is not laid before it.
    return "matter_not_found" if role in {*ADMINISTRATORS, Role.COMMISSION} else "post_may_not"


def refused_roles(cell: Cell) -> set[Role]:
    """Those of the roles without this cell that try it through the door.

    Each of them tries each action, in one of the states that the action has: what refuses a role looks at the
    cell's roles and at nothing else of the state, and the policy is asked about every role at every cell.
    """
    cells = [each for each in TABLE.values() if (each.action, each.branch) == (cell.action, cell.branch)]
    turn = cells.index(cell)
    without = [role for role in Role if role not in cell.roles]
    return set(without[turn % len(without) :: len(cells)]) if without else set()


def name_of(cell: Cell) -> str:
    return "-".join(filter(None, (cell.state, cell.action, cell.branch)))


@pytest.mark.parametrize("cell", TABLE.values(), ids=name_of)
def test_each_role_at_the_holding_centre(ground: Ground, cell: Cell):
    """Those of the cell are let through, all others are refused."""
    ground.prepare(cell)
    before = traces()
    trying = cell.roles | refused_roles(cell)
    came = {role: tried(ground, ground.actor(role), ground.for_cell(cell, role), cell) for role in trying}
    assert came == {role: expected(cell, role) for role in trying}
    assert traces() == before
    asked = {
        role: may_move(ground.actor(role), ground.now(ground.for_cell(cell, role)), cell) for role in Role
    }
    assert asked == {role: role in cell.roles for role in Role}


def test_every_role_without_it_has_tried_every_action():
    """The states of an action share the refused roles between them and leave none out."""
    for action, branch in ACTIONS:
        cells = [c for c in TABLE.values() if (c.action, c.branch) == (action, branch)]
        everywhere = set(Role).difference(*(c.roles for c in cells))
        assert set.union(*map(refused_roles, cells)) >= everywhere, (action, branch)


@pytest.mark.parametrize("cell", TABLE.values(), ids=name_of)
def test_the_right_role_at_another_place(ground: Ground, cell: Cell):
    """The town and the city see the matter and may not move it; the other county does not see it.

    What is done by whoever is in front (danger, materials, links) is not bound to the centre that holds.
    """
    ground.prepare(cell)
    before = traces()
    roles = sorted(cell.roles - {Role.HANDLER})
    sees_it = f"→ {cell.next_state}" if cell.action in ANYWHERE else "post_may_not"
    for place, role, outcome in (
        ("town", roles[0], sees_it),
        ("city", roles[-1], sees_it),
        ("other", roles[len(roles) // 2], "matter_not_found"),
    ):
        matter = ground.for_cell(cell, role)
        assert tried(ground, ground.actor(role, place), matter, cell) == outcome, (place, role)
    if Role.HANDLER in cell.roles:
        elsewhere = ground.actors[(Role.HANDLER, "housing")]
        assert tried(ground, elsewhere, matter, cell) == "matter_not_found"
    assert traces() == before


@pytest.mark.parametrize(("action", "branch"), ACTIONS)
def test_in_a_state_without_the_cell_the_right_role_is_refused(ground: Ground, action: Action, branch: str):
    roles = {c.roles for c in TABLE.values() if (c.action, c.branch) == (action, branch)}
    role = (
        Role.DIRECTOR
        if all(Role.DIRECTOR in each for each in roles)
        else sorted(set.union(*map(set, roles)))[0]
    )
    without = [state for state in State if (state, action, branch) not in TABLE]
    before = traces()
    came = {}
    for state in without:
        nowhere = Cell(state, action, branch, None, frozenset())
        came[state] = tried(ground, ground.actor(role), ground.in_state[state], nowhere)
    assert came == dict.fromkeys(without, "not_in_this_state")
    assert traces() == before


def test_a_branch_that_the_table_does_not_know(ground: Ground):
    before = traces()
    director = ground.actor(Role.DIRECTOR)
    came = [
        tried(ground, director, ground.in_state[state], Cell(state, action, branch, None, frozenset()))
        for state, action, branch in (
            (State.MEDIATING, Action.RECORD_MEDIATION, ""),
            (State.ACCEPTED, Action.SKIP_MEDIATION, "bored"),
            (State.REGISTERED, Action.ACCEPT, "reached"),
        )
    ]
    assert came == ["not_in_this_state"] * 3
    assert traces() == before


def test_the_archive_is_the_end():
    """No cell leads out of the archive or does anything in it."""
    assert [cell for cell in TABLE.values() if cell.state == State.ARCHIVED] == []


def test_no_step_is_jumped_over():
    """From one state to the next: written out, so that a change of the table is a change of this list."""
    assert {(c.state, c.next_state) for c in TABLE.values() if c.to and c.to != c.state} == {
        ("registered", "accepted"),
        ("registered", "settled"),  # guided, withdrawn
        ("registered", "closed"),  # history of an old ledger
        ("accepted", "mediating"),
        ("accepted", "assessing"),
        ("accepted", "settled"),
        ("mediating", "assessing"),
        ("mediating", "settled"),
        ("assessing", "mediating"),
        ("assessing", "routing"),
        ("assessing", "settled"),
        ("routing", "mediating"),
        ("routing", "dispatching"),
        ("routing", "settled"),
        ("dispatching", "handling"),
        ("dispatching", "settled"),
        ("handling", "settled"),
        ("settled", "visited"),
        ("settled", "assessing"),  # opened again
        ("settled", "closed"),
        ("visited", "evaluated"),
        ("visited", "assessing"),
        ("visited", "closed"),
        ("evaluated", "assessing"),
        ("evaluated", "closed"),
        ("closed", "archived"),
        ("closed", "assessing"),
    }


# --- the verbs, through the one way in ----------------------------------------------------------------------
def the_values(ground: Ground) -> dict[Action, dict[str, Any]]:
    """What an officer fills in, action by action."""
    county = ground.county
    return {
        Action.ACCEPT: {},
        Action.GUIDE: {"body": "恩平市人民法院", "explanation": "应当申请执行"},
        Action.REDIRECT: {
            "kind": ProcedureKind.ARBITRATION,
            "body": "恩平市劳动人事争议仲裁院",
            "explanation": "劳动关系有争议，先行仲裁",
        },
        Action.SETTLE_ON_SPOT: {"result": "当场谈妥，已经付清。"},
        Action.SEND_TO_MEDIATION: {
            "consents": {p.pk: True for p in ground.parties(ground.in_state[State.ACCEPTED])}
        },
        Action.SKIP_MEDIATION: {"refused": True, "reason": "对方明确拒绝"},
        Action.RECORD_MEDIATION: {"result": MediationResult.WRITTEN, "text": "三日内付清工资。"},
        Action.ASSESS: {"level": Risk.HIGH, "grounds": "扬言到厂门口聚集，人数较多。"},
        Action.ROUTE: {"track": Track.DEPARTMENTAL, "reason": "属人社部门职责"},
        Action.DISPATCH: {"lead": county.department("labour").id, "message": "请依法处理"},
        Action.SETTLE: {},
        Action.RETURN_VISIT: {"report": REACHED},
        Action.EVALUATE: {"lawful": True, "complete": True},
        Action.RECORD_PERFORMANCE: {"performed": True, "summary": "已见付款凭证"},
        Action.RECORD_RECEIPT: {"number": "恩法收字12号"},
        Action.TELL_REMEDIES: {"text": "可以申请复查或者起诉"},
        Action.CLOSE: {},
        Action.ARCHIVE: {},
        Action.REOPEN: {"reason": "厂方又停发工资"},
        Action.WITHDRAW: {"reason": "本人表示不再反映"},
        Action.RAISE: {"reason": "涉及两个县，需市级统筹"},
        Action.HAND_DOWN: {"centre_id": county.centres["town"].id, "reason": "由属地先行调处"},
        Action.TURNED_CRIMINAL: {"summary": "公安机关已经立案"},
        Action.REVIEW_CRIMINAL: {"review": "已查明此前两次接警均未上报中心。"},
        Action.DANGER: {"kind": Danger.VIOLENCE, "summary": "扬言要打人"},
        Action.DANGER_OVER: {"summary": "民警已经带离劝解"},
        Action.RECUSE: {"person_id": county.person(Role.MEDIATOR).id, "reason": "与当事人是亲属"},
        Action.AMEND: {"facts": {"title": "陶瓷厂拖欠十三名工人工资"}},
        Action.MERGE: {"main_id": ground.main.pk, "reason": "同一家厂拖欠同一批工资"},
        Action.HAND_OVER: {
            "mediator_id": county.person(Role.MEDIATOR).id,
            "reason": "原调解员休假",
        },
        Action.LINK: {"other_id": ground.in_state[State.CLOSED].pk, "reason": "同一家厂"},
    }


THROUGH_FLOWS = [
    next(
        c
        for c in TABLE.values()
        if c.action == action and c.branch in ("", "refused", "agreed", "reached", "performed")
    )
    for action in Action
    if action not in (Action.ATTACH, Action.TAKE_OVER)
]


@pytest.mark.parametrize("cell", THROUGH_FLOWS, ids=name_of)
def test_the_verb_of_the_cell_through_flows(ground: Ground, cell: Cell):
    """The verb does what its cell says for a role that may, and nothing at all for one that may not."""
    ground.prepare(cell)
    values = the_values(ground)[cell.action]
    right = sorted(cell.roles)[0]
    matter = ground.for_cell(cell, right)
    before = traces()
    # Three of them, others at each action: the door asks the same policy as above, where every role is asked.
    without = sorted(set(Role) - cell.roles)
    first = THROUGH_FLOWS.index(cell) % max(1, len(without))
    for wrong in (without + without)[first : first + min(3, len(without))]:
        refused = ground.actor(wrong)
        with pytest.raises(NotAllowed):
            procedure.act(actor=refused, matter_id=matter.pk, action=cell.action, values=values, version=None)
        audited = last_audited()
        assert (audited.verb, audited.result, audited.subject, audited.person_id) == (
            f"matter.{cell.action}",
            "refused",
            f"matter:{matter.pk}",
            refused.person_id,
        )
    assert traces() == before
    procedure.act(
        actor=ground.actor(right), matter_id=matter.pk, action=cell.action, values=values, version=None
    )
    with scope(EVERYWHERE):
        assert Matter.objects.get(pk=matter.pk).state == cell.next_state
    assert last_audited().result == "done"


def test_a_stale_form_is_refused(ground: Ground):
    """Sent an hour later: the sentence says that it was read before somebody changed it, and nothing is written."""
    matter = ground.in_state[State.ASSESSING]
    with scope(EVERYWHERE):
        read = Matter.objects.get(pk=matter.pk).version
    danger = {"kind": Danger.VIOLENCE, "summary": "扬言要打人"}
    procedure.act(
        actor=ground.actor(Role.HANDLER),
        matter_id=matter.pk,
        action=Action.DANGER,
        values=danger,
        version=read,
    )
    before = traces()
    assess = the_values(ground)[Action.ASSESS]
    with pytest.raises(Stale) as refusal:
        procedure.act(
            actor=ground.actor(Role.DIRECTOR),
            matter_id=matter.pk,
            action=Action.ASSESS,
            values=assess,
            version=read,
        )
    assert refusal.value.code == "stale"
    assert traces() == before
    procedure.act(
        actor=ground.actor(Role.DIRECTOR),
        matter_id=matter.pk,
        action=Action.ASSESS,
        values=assess,
        version=read + 1,
    )
    with scope(EVERYWHERE):
        assert Matter.objects.get(pk=matter.pk).risk == "high"
