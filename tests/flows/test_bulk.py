"""Bulk work: the rehearsal tells what the act would do and leaves nothing; each matter goes or stays by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.flows import bulk
from fengqiao.flows.bulk import Chosen
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.domain import alarming
from fengqiao.matters.enums import Action, Danger, State
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain.mediating import send_to_mediation
from fengqiao.mediation.models import Mediation
from tests.matters.ground import AUDITING, EVERYWHERE, act, county, fresh, laid, rows, traces
from tests.small_county import SmallCounty, brought_to, registered

__all__ = ["county", "laid"]


def audited() -> int:
    with scope(AUDITING):
        return Entry.objects.count()


@pytest.fixture
def given(county: SmallCounty) -> Iterator[dict[str, Any]]:
    yield {"lead": county.department("labour").id, "message": "请依法处理并答复"}


def codes(outcomes: list[bulk.Outcome]) -> dict[str, str]:
    return {each.code: each.refusal.code if each.refusal else "" for each in outcomes}


def mixed(county: SmallCounty) -> dict[Matter, str]:
    """Matters with what dispatching each to the labour bureau comes to."""
    return {
        brought_to(county, State.DISPATCHING): "",
        brought_to(county, State.ASSESSING): "not_in_this_state",
        brought_to(
            county,
            State.DISPATCHING,
            against_kind="public_body",
            against_department=county.department("labour").id,
        ): "complained_of",
        registered(county, "other", division="", grid="", address=""): "matter_not_found",
        brought_to(county, State.DISPATCHING): "",
    }


def test_the_preview_says_what_will_happen_and_writes_nothing(
    county: SmallCounty, given: dict[str, Any]
) -> None:
    wanted = mixed(county)
    before, links = traces(), audited()
    outlook = bulk.preview(
        actor=county.actor(Role.DISPATCHER),
        action=Action.DISPATCH,
        chosen=[Chosen(m.code) for m in wanted],
        values=given,
    )
    assert codes(outlook) == {matter.code: code for matter, code in wanted.items()}
    # An unseen matter has no title to tell.
    assert [each.matter is None for each in outlook] == [False, False, False, True, False]
    assert (traces(), audited()) == (before, links)


def test_each_goes_or_stays_as_the_preview_said(county: SmallCounty, given: dict[str, Any]) -> None:
    wanted = mixed(county)
    links = audited()
    done = bulk.carry_out(
        actor=county.actor(Role.DISPATCHER),
        action=Action.DISPATCH,
        chosen=[Chosen(m.code) for m in wanted],
        values=given,
    )
    assert codes(done) == {matter.code: code for matter, code in wanted.items()}
    with scope(EVERYWHERE):
        states = dict(Matter.objects.filter(pk__in=[m.pk for m in wanted]).values_list("code", "state"))
    assert {m.code: states[m.code] == State.HANDLING for m in wanted} == {
        m.code: not code for m, code in wanted.items()
    }
    # Done and refused alike are audited, one by one.
    assert audited() == links + len(wanted)


def test_what_changed_after_the_preview_is_reported_and_not_forced(
    county: SmallCounty, given: dict[str, Any]
) -> None:
    one, two = (brought_to(county, State.DISPATCHING) for _each in range(2))
    looked_at = [Chosen(each.code, fresh(county, each).version) for each in (one, two)]
    act(county, Role.DIRECTOR, alarming.danger, one, kind=Danger.VIOLENCE, summary="扬言要打人")
    actor = county.actor(Role.DISPATCHER)
    done = bulk.carry_out(actor=actor, action=Action.DISPATCH, chosen=looked_at, values=given)
    assert codes(done) == {one.code: "stale", two.code: ""}
    assert fresh(county, one).state == State.DISPATCHING
    # The same confirmation sent again doubles nothing.
    before = traces()
    again = bulk.carry_out(actor=actor, action=Action.DISPATCH, chosen=looked_at, values=given)
    assert codes(again) == {one.code: "stale", two.code: "stale"}
    assert traces() == before


@pytest.mark.parametrize("action", [each for each in Action if each not in bulk.IN_BULK])
def test_what_is_judged_one_by_one_is_never_in_bulk(county: SmallCounty, action: Action) -> None:
    matter = brought_to(county, State.ASSESSING)
    before = traces()
    director = county.actor(Role.DIRECTOR)
    with pytest.raises(NotAllowed) as refusal:
        bulk.preview(actor=director, action=action, chosen=[Chosen(matter.code)], values={})
    assert refusal.value.code == "not_in_bulk"
    with pytest.raises(NotAllowed) as refusal:
        bulk.carry_out(actor=director, action=action, chosen=[Chosen(matter.code)], values={})
    assert refusal.value.code == "not_in_bulk"
    assert traces() == before


def test_in_bulk_is_this_and_nothing_else() -> None:
    assert bulk.IN_BULK == (Action.DISPATCH, Action.HAND_OVER, Action.HAND_DOWN)


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.HANDLER, Role.AUDITOR, Role.SUPERVISOR])
def test_who_may_not_do_it_to_one_may_not_do_it_to_many(
    county: SmallCounty, given: dict[str, Any], role: Role
) -> None:
    matter = brought_to(county, State.DISPATCHING)
    before = traces()
    actor = county.actor(role, "labour" if role is Role.HANDLER else "county")
    with pytest.raises(NotAllowed):
        bulk.carry_out(actor=actor, action=Action.DISPATCH, chosen=[Chosen(matter.code)], values=given)
    assert traces() == before


def test_a_mediators_matters_are_handed_over_to_another(county: SmallCounty) -> None:
    matter = brought_to(county, State.ACCEPTED)
    with scope(EVERYWHERE):
        consents = {party.pk: True for party in matter.parties.all()}
    act(county, Role.REGISTRAR, send_to_mediation, matter, consents=consents)
    there, elsewhere = county.person(Role.MEDIATOR).id, county.person(Role.MEDIATOR, "town").id
    director, chosen = county.actor(Role.DIRECTOR), [Chosen(matter.code)]

    def came(mediator: Any) -> dict[str, str]:
        return codes(
            bulk.carry_out(
                actor=director,
                action=Action.HAND_OVER,
                chosen=chosen,
                values={"mediator_id": mediator, "reason": "原调解员休假"},
            )
        )

    before = traces()
    assert came(elsewhere) == {matter.code: "no_mediator_here"}
    assert traces() == before
    assert came(there) == {matter.code: ""}
    assert rows(Mediation, matter, "mediator_id", "ended_at") == [(there, None)]
    assert came(there) == {matter.code: "has_it_already"}
