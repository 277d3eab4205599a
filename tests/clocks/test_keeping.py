"""Clocks in the database: what each act of a matter leaves, and that what is kept is what the facts make."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.deriving import derived
from fengqiao.clocks.domain import keeping
from fengqiao.clocks.domain.facts import new_fact
from fengqiao.clocks.enums import ClockState, FactKind
from fengqiao.clocks.models import Clock, Fact
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.clocks.queries.facts import facts_of, subject_of
from fengqiao.dispatch.domain import dispatching, handling
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting, amending, assessing, lifting, settling
from fengqiao.matters.domain.merging import merge
from fengqiao.matters.enums import Channel, Risk, State, Track
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain import mediating
from fengqiao.mediation.enums import Result
from fengqiao.places.enums import DepartmentKind
from fengqiao.rules.queries.limits import in_force
from tests.matters.ground import EVERYWHERE, act, fresh
from tests.small_county import SmallCounty, assignments, registered

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 9, 3, 4, tzinfo=UTC)
COLUMNS = (
    "limit",
    "state",
    "acts",
    "owed_by",
    "centre_id",
    "department_id",
    "assignment_id",
    "started_at",
    "yellow_at",
    "due_at",
    "stopped_at",
)


def kept(matter: Matter) -> list[tuple[Any, ...]]:
    """Every clock of a matter as it is kept, in one order."""
    with scope(EVERYWHERE):
        return sorted(Clock.objects.filter(matter_id=matter.pk).values_list(*COLUMNS), key=str)


def states(matter: Matter) -> dict[str, str]:
    return {limit: state for limit, state, *_ in kept(matter)}


def facts(matter: Matter) -> list[str]:
    with scope(EVERYWHERE):
        return list(Fact.objects.filter(matter_id=matter.pk).values_list("kind", flat=True))


def check_kept(matter: Matter) -> None:
    """What is kept is what the facts make: computing it anew writes nothing."""
    before = kept(matter)
    with scope(EVERYWHERE):
        assert keeping.recompute([matter.pk]) == 0
    assert kept(matter) == before


def petition(county: SmallCounty, **changes: Any) -> Matter:
    return registered(county, channel=Channel.PETITION, **changes)


def routed(county: SmallCounty, matter: Matter, track: Track = Track.PETITION) -> None:
    act(county, Role.REGISTRAR, accepting.accept, matter)
    act(county, Role.REGISTRAR, assessing.skip_mediation, matter, refused=True, reason="对方明确拒绝调解")
    act(
        county,
        Role.DISPATCHER,
        assessing.assess,
        matter,
        level=Risk.LOW,
        grounds="双方情绪平稳，没有过激的言行。",
    )
    act(county, Role.DISPATCHER, assessing.route, matter, track=track, reason="属信访事项")


def given_to(county: SmallCounty, matter: Matter) -> Any:
    lead = county.department(DepartmentKind.LABOUR).id
    act(
        county,
        Role.DISPATCHER,
        dispatching.dispatch,
        matter,
        lead=lead,
        message="请依法处理并答复",
        reason="由该部门主办更合适",
    )
    return assignments(county, matter)[-1]


def handler(county: SmallCounty, verb: Callable[..., Any], assignment: Any, **values: Any) -> None:
    act(county, (Role.HANDLER, DepartmentKind.LABOUR), verb, assignment_id=assignment.id, **values)


def lights(county: SmallCounty, matter: Matter) -> tuple[datetime | None, datetime | None]:
    row = fresh(county, matter)
    return row.yellow_at, row.due_at


def test_registering_starts_what_runs_from_registering_and_lights_the_matter(county: SmallCounty):
    with clock.at(NOON):
        matter = petition(county)
    assert states(matter) == {"petition.acknowledge": "running", "petition.transfer": "running"}
    assert facts(matter) == []
    assert lights(county, matter) == (
        datetime(2026, 9, 15, 16, tzinfo=UTC),
        datetime(2026, 9, 18, 16, tzinfo=UTC),
    )
    check_kept(matter)


def test_what_nobody_has_a_limit_for_costs_no_statement(county: SmallCounty, django_assert_num_queries):
    matter = registered(county)
    with scope(EVERYWHERE), django_assert_num_queries(0):
        assert keeping.start_for_new([matter]) == 0
    assert lights(county, matter) == (None, None)


def test_registering_a_petition_costs_the_calendar_the_clocks_and_the_lights(
    county: SmallCounty, django_assert_num_queries
):
    matter = registered(county)
    matter.channel = Channel.PETITION
    with scope(EVERYWHERE), django_assert_num_queries(3):
        assert keeping.start_for_new([matter]) == 2


def test_a_petition_from_the_window_to_the_written_opinion(county: SmallCounty):
    with clock.at(NOON):
        matter = registered(county)
        assert states(matter) == {}
        routed(county, matter)
    # Whose limits they are is known from the routing on; they run from where the law lets them.
    assert states(matter) == {"petition.acknowledge": "running", "petition.transfer": "running"}
    check_kept(matter)
    with clock.at(NOON + timedelta(days=1)):
        assignment = given_to(county, matter)
    assert states(matter) == {
        "petition.acknowledge": "running",
        "petition.return": "running",
        "petition.transfer": "stopped",
    }
    with clock.at(NOON + timedelta(days=2)):
        handler(county, handling.check_in, assignment)
    assert states(matter)["petition.resolve"] == "running"
    assert lights(county, matter)[1] == datetime(2026, 9, 18, 16, tzinfo=UTC)
    check_kept(matter)
    with clock.at(NOON + timedelta(days=20)):
        handler(county, handling.dispose, assignment, result="厂方已付清两个月工资，工人签收。")
        act(county, Role.DISPATCHER, dispatching.settle, matter)
    assert set(states(matter).values()) == {"stopped"}
    assert lights(county, matter) == (None, None)
    check_kept(matter)


def test_a_department_that_is_relieved_owes_no_more(county: SmallCounty):
    matter = petition(county)
    routed(county, matter)
    assignment = given_to(county, matter)
    handler(county, handling.ask_return, assignment, reason="不属本局职责", basis="三定方案第二条")
    housing = county.department(DepartmentKind.HOUSING)
    act(
        county,
        Role.DISPATCHER,
        handling.arbitrate,
        assignment_id=assignment.id,
        uphold=True,
        grounds="属住建部门职责",
        give_to=housing.id,
    )
    with scope(EVERYWHERE):
        found = dict(
            Clock.objects.filter(matter_id=matter.pk, limit="petition.return").values_list(
                "department_id", "state"
            )
        )
    assert found == {assignment.department_id: "stopped", housing.id: "running"}
    check_kept(matter)


def test_mediation_runs_until_it_is_over_and_its_agreement_reminds_the_parties(county: SmallCounty):
    matter = registered(county, category="0402")
    act(county, Role.REGISTRAR, accepting.accept, matter)
    with scope(EVERYWHERE):
        parties = {party.id: True for party in matter.parties.all()}
    act(county, Role.REGISTRAR, mediating.send_to_mediation, matter, consents=parties)
    assert states(matter) == {"mediation.people": "running"}
    yellow, due = lights(county, matter)
    assert yellow < due
    act(
        county,
        Role.MEDIATOR,
        mediating.record_mediation,
        matter,
        result=Result.WRITTEN,
        text="双方约定三十日内修好水管。",
    )
    assert states(matter) == {"mediation.people": "stopped", "mediation.confirm_apply": "running"}
    # The parties' own time lights nothing and counts for nobody.
    assert lights(county, matter) == (None, None)
    check_kept(matter)


def test_who_holds_the_matter_owes_and_the_clock_runs_on(county: SmallCounty):
    matter = petition(county)
    before = kept(matter)
    act(county, Role.DISPATCHER, lifting.raise_up, matter, reason="涉及两个县，请市中心牵头")
    after = kept(matter)
    assert {row[4] for row in before} == {county.centres["county"].id}
    assert {row[4] for row in after} == {county.centres["city"].id}
    assert [row[:4] + row[5:] for row in after] == [row[:4] + row[5:] for row in before]
    check_kept(matter)


def test_a_merged_matters_clocks_stop_and_the_main_ones_run_on(county: SmallCounty):
    main, other = petition(county), petition(county)
    running = kept(main)
    act(county, Role.DISPATCHER, merge, other, main_id=main.pk, reason="同一家厂拖欠同一批工资")
    assert set(states(other).values()) == {"stopped"}
    assert lights(county, other) == (None, None)
    assert kept(main) == running
    act(county, Role.DISPATCHER, settling.reopen, other, reason="查明不是同一件事")
    assert set(states(other).values()) == {"running"}
    check_kept(other)


def test_withdrawn_and_reopened(county: SmallCounty):
    matter = petition(county)
    running = kept(matter)
    act(county, Role.REGISTRAR, settling.withdraw, matter, reason="本人书面撤回")
    assert set(states(matter).values()) == {"stopped"}
    act(county, Role.DISPATCHER, settling.reopen, matter, reason="本人又来反映")
    assert kept(matter) == running
    check_kept(matter)


def test_a_category_put_right_takes_a_limit_back(county: SmallCounty):
    matter = registered(county, category="0402")
    act(county, Role.REGISTRAR, accepting.accept, matter)
    with scope(EVERYWHERE):
        parties = {party.id: True for party in matter.parties.all()}
    act(county, Role.REGISTRAR, mediating.send_to_mediation, matter, consents=parties)
    act(county, Role.REGISTRAR, amending.amend, matter, facts={"category": "0701"})
    # It never ran, as is known now; that somebody may have been told of it stays to be seen.
    assert states(matter) == {"mediation.people": "void", "labour.mediate": "running"}
    check_kept(matter)
    act(county, Role.REGISTRAR, amending.amend, matter, facts={"category": "0402"})
    assert states(matter) == {"mediation.people": "running", "labour.mediate": "void"}


def test_a_refused_act_leaves_facts_and_clocks_as_they_were(county: SmallCounty):
    matter = petition(county)
    before = kept(matter), facts(matter)
    with pytest.raises(Exception, match="待受理"):
        act(county, Role.DIRECTOR, settling.close, matter)
    assert (kept(matter), facts(matter)) == before
    assert fresh(county, matter).state == State.REGISTERED


SAID = st.lists(
    st.tuples(
        st.sampled_from(
            [
                FactKind.MEDIATION_BEGUN,
                FactKind.MEDIATION_ENDED,
                FactKind.OPINION_SERVED,
                FactKind.REVIEW_REQUESTED,
                FactKind.SETTLED,
                FactKind.MERGED,
                FactKind.REOPENED,
                FactKind.PAUSED,
                FactKind.RESUMED,
                FactKind.RESTARTED,
                FactKind.EXTENDED,
                FactKind.DONE,
                FactKind.RECEIVED,
            ]
        ),
        st.integers(0, 60),
        st.sampled_from(["", "petition.transfer", "mediation.people"]),
    ),
    max_size=6,
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(told=SAID)
def test_facts_told_one_by_one_leave_what_all_at_once_leave(county: SmallCounty, told: list[tuple[Any, ...]]):
    with transaction.atomic():
        actor = county.actor(Role.DISPATCHER)
        with clock.at(NOON):
            matter = petition(county, category="0402")
        with scope(actor):
            for kind, days, limit in told:
                more = {"n": 5, "unit": "calendar_day"} if kind == FactKind.EXTENDED else {}
                new_fact(matter, actor, kind, NOON + timedelta(days=days), limit=limit, **more).save()
                keeping.recompute([matter.pk])
        light = lights(county, matter)
        check_kept(matter)
        with scope(actor):
            row = Matter.objects.get(pk=matter.pk)
            anew = derived(subject_of(row), facts_of([row.pk])[row.pk], in_force, county_calendar(row.county))
            stand = Clock.objects.filter(matter_id=row.pk).exclude(state=ClockState.VOID)
            assert sorted(stand.values_list("limit", "state", "due_at"), key=str) == sorted(
                ((each.limit, each.state, each.due_at) for each in anew), key=str
            )
        lit = [each.due_at for each in anew if each.state == "running" and each.acts == "lights"]
        assert light[1] == min(lit, default=None)
        transaction.set_rollback(True)
