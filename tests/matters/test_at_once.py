"""Two at once: exactly one wins, the other gets a clear answer, nothing is doubled or lost."""

from __future__ import annotations

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt
from fengqiao.audit.models import Entry
from fengqiao.flows import procedure
from fengqiao.kernel.errors import Refusal, Stale
from fengqiao.matters.domain.registration import register
from fengqiao.matters.enums import Action, State
from fengqiao.matters.models import Matter
from tests import small_county
from tests.matters.at_once import first_holds_while_second_waits, together
from tests.matters.ground import AUDITING, EVERYWHERE, told
from tests.small_county import SmallCounty, registered, wages

pytestmark = pytest.mark.usefixtures("committed_db")


def audited(matter: Matter) -> list[tuple[str, str]]:
    with scope(AUDITING):
        entries = Entry.objects.filter(subject=f"matter:{matter.pk}").order_by("chain", "seq")
        return list(entries.values_list("verb", "result"))


@pytest.mark.parametrize("version", [None, 1])
def test_two_officers_accept_the_same_matter(version):
    county = small_county.build()
    matter = registered(county)
    registrar, legal = county.actor(Role.REGISTRAR), county.actor(Role.LEGAL_OFFICER)

    def accepts(actor):
        return lambda: procedure.act(
            actor=actor, matter_id=matter.pk, action=Action.ACCEPT, values={}, version=version
        )

    first, second = first_holds_while_second_waits(accepts(registrar), accepts(legal), holder=registrar)
    assert first.raised is None
    if version is None:
        assert isinstance(second.raised, Refusal)
        assert str(second.raised) == "事项现在是“已受理待处置”，不能“受理”。"
    else:
        assert isinstance(second.raised, Stale)
        assert str(second.raised).startswith("这件事项在您打开之后已有变动。")
    assert told(matter) == ["matter.registered", "matter.accept"]
    assert audited(matter) == [
        ("matter.registered", "done"),
        ("matter.accept", "done"),
        ("matter.accept", "refused"),
    ]
    with scope(EVERYWHERE):
        now = Matter.objects.get(pk=matter.pk)
    assert (now.state, now.version, now.history_count) == (State.ACCEPTED, 2, 2)


def test_two_who_write_different_things_both_are_kept():
    """Danger and a link at the same moment: both stand in the history, one after the other."""
    county = small_county.build()
    matter, other = registered(county), registered(county)
    registrar, mediator = county.actor(Role.REGISTRAR), county.actor(Role.MEDIATOR)
    danger = {"kind": "violence", "summary": "扬言要打人"}
    link = {"other_id": other.pk, "reason": "同一家厂"}
    first, second = first_holds_while_second_waits(
        lambda: procedure.act(
            actor=registrar, matter_id=matter.pk, action=Action.DANGER, values=danger, version=None
        ),
        lambda: procedure.act(
            actor=mediator, matter_id=matter.pk, action=Action.LINK, values=link, version=None
        ),
        holder=registrar,
    )
    assert (first.raised, second.raised) == (None, None)
    assert told(matter) == ["matter.registered", "matter.danger", "matter.link"]
    with scope(EVERYWHERE):
        now = Matter.objects.get(pk=matter.pk)
    assert (now.danger, now.version, now.history_count) == ("violence", 3, 3)


def taken_in(county: SmallCounty, role: Role):
    actor = county.actor(role)

    def take() -> str:
        with attempt(actor, verb="matter.register"):
            return register(actor=actor, new=wages()).code

    return take


def test_the_very_first_numbers_of_a_county_at_once():
    """The counter itself is made by the first; the second waits for it and does not begin another."""
    county = small_county.build()
    registrar = county.actor(Role.REGISTRAR)
    first, second = first_holds_while_second_waits(
        taken_in(county, Role.REGISTRAR), taken_in(county, Role.MEDIATOR), holder=registrar
    )
    assert (first.raised, second.raised) == (None, None)
    assert [first.value[-6:], second.value[-6:]] == ["000001", "000002"]


def test_codes_are_never_given_twice():
    county = small_county.build()
    roles = (Role.REGISTRAR, Role.MEDIATOR, Role.LEGAL_OFFICER, Role.DIRECTOR)
    several = [taken_in(county, role) for role in roles]
    came = together(*(lambda take=take: [take() for _ in range(5)] for take in several))
    assert [one.raised for one in came] == [None] * 4
    numbers = sorted(int(code[-6:]) for one in came for code in one.value)
    assert numbers == list(range(1, 21))
    with scope(EVERYWHERE):
        assert Matter.objects.count() == 20


def test_a_number_taken_and_given_up_is_not_taken_again():
    county = small_county.build()
    registered(county)
    registrar = county.actor(Role.REGISTRAR)

    class Undone(Exception):
        pass

    with pytest.raises(Undone), scope(registrar):
        undone = register(actor=registrar, new=wages()).code
        raise Undone
    assert int(registered(county).code[-6:]) == int(undone[-6:]) + 1
    with scope(EVERYWHERE):
        assert not Matter.objects.filter(code=undone).exists()
