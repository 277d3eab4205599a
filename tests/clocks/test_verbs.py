"""What an officer does to a clock: facts written down, pauses, restarts, extensions.

Every refusal changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import extending, keeping, moving, stating
from fengqiao.clocks.enums import BEFORE_THE_MATTER, BY_HAND, FactKind
from fengqiao.clocks.models import Clock, Fact
from fengqiao.clocks.queries.telling import told_of
from fengqiao.dispatch.domain import dispatching, handling
from fengqiao.flows import time_limits
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting, assessing
from fengqiao.matters.enums import Channel, Risk, Track
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain import mediating
from fengqiao.places.enums import DepartmentKind
from fengqiao.rules.queries.limits import all_limits
from fengqiao.rules.queries.running import all_running, running_of
from tests.matters.ground import EVERYWHERE, act, fresh, last_audited, refuses, told, traces
from tests.small_county import SmallCounty, assignments, registered

pytestmark = pytest.mark.django_db
# Thursday, noon in Shanghai.
NOON = datetime(2026, 9, 3, 4, tzinfo=UTC)
DAY = timedelta(days=1)
LABOUR = (Role.HANDLER, DepartmentKind.LABOUR)


def at(days: float) -> datetime:
    return NOON + days * DAY


def on(county: SmallCounty, matter: Matter, limit: str) -> Clock:
    with scope(EVERYWHERE):
        return Clock.objects.get(matter_id=matter.pk, limit=limit)


def facts(matter: Matter) -> list[tuple[str, bool]]:
    with scope(EVERYWHERE):
        rows = Fact.objects.filter(matter_id=matter.pk).order_by("recorded_at", "id")
        return list(rows.values_list("kind", "withdrawn"))


def fact(matter: Matter, kind: str) -> Fact:
    with scope(EVERYWHERE):
        return Fact.objects.filter(matter_id=matter.pk, kind=kind, replaced_by=None, withdrawn=False).get()


def check_kept(matter: Matter) -> None:
    """What is kept is what the facts make."""
    with scope(EVERYWHERE):
        assert keeping.recompute([matter.pk]) == 0


def last_day(found: Clock) -> str:
    """The day at whose 24:00 the limit ends."""
    assert found.due_at is not None
    return (found.due_at - timedelta(seconds=1)).astimezone(clock.SHANGHAI).date().isoformat()


@pytest.fixture
def recheck(county: SmallCounty) -> Matter:
    """A petition whose recheck (thirty days, hearings not counted) was asked for on 3 September."""
    with clock.at(NOON):
        matter = registered(county)
    with clock.at(at(1)):
        does(county, stating.record, matter, kind=FactKind.RECHECK_REQUESTED, at=NOON)
    return matter


@pytest.fixture
def petition(county: SmallCounty) -> Matter:
    """A petition that the labour bureau checked in on 3 September: sixty days, extended by thirty at most."""
    with clock.at(NOON):
        matter = registered(county, channel=Channel.PETITION)
        act(county, Role.REGISTRAR, accepting.accept, matter)
        act(county, Role.REGISTRAR, assessing.skip_mediation, matter, refused=True, reason="对方明确拒绝调解")
        grounds = "双方情绪平稳，没有过激的言行。"
        act(county, Role.DISPATCHER, assessing.assess, matter, level=Risk.LOW, grounds=grounds)
        act(county, Role.DISPATCHER, assessing.route, matter, track=Track.PETITION, reason="属信访事项")
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
        part = assignments(county, matter)[-1]
        act(county, LABOUR, handling.check_in, assignment_id=part.id)
    return matter


def does(
    county: SmallCounty, verb: Callable[..., Any], matter: Matter, who: Any = Role.DISPATCHER, **values: Any
) -> Any:
    return act(county, who, verb, matter, **values)


def paused(county: SmallCounty, matter: Matter, begun: datetime, **more: Any) -> Fact:
    values = {"ground": "hearing", "at": begun, "reason": "九月十日举行听证"} | more
    clock_id = on(county, matter, "petition.recheck").pk
    found: Fact = does(county, moving.pause, matter, clock_id=clock_id, **values)
    return found


def resumed(county: SmallCounty, matter: Matter, ended: datetime) -> Fact:
    clock_id = on(county, matter, "petition.recheck").pk
    found: Fact = does(county, moving.resume, matter, clock_id=clock_id, at=ended)
    return found


def asked(county: SmallCounty, matter: Matter, n: int = 15, **more: Any) -> Fact:
    values = {"n": n, "unit": "calendar_day", "reason": "需要委托工资审计", "who": LABOUR} | more
    clock_id = on(county, matter, "petition.resolve").pk
    found: Fact = does(county, extending.ask, matter, clock_id=clock_id, **values)
    return found


def decided(county: SmallCounty, matter: Matter, who: Any = Role.DIRECTOR, **more: Any) -> Fact:
    values = {"approve": True, "consent": "十月八日书面告知信访人延期理由"} | more
    clock_id = on(county, matter, "petition.resolve").pk
    found: Fact = does(county, extending.decide, matter, who, clock_id=clock_id, **values)
    return found


# --- facts written down by hand


def test_what_is_written_by_hand_no_step_writes_and_each_says_something_to_a_limit():
    starts = {kind for each in all_running().values() for kind in each.starts_with | each.stops_with}
    assert starts >= BY_HAND
    # For the papers of a court somebody signs before the matter is registered; a referral writes it down.
    assert BEFORE_THE_MATTER - {FactKind.MATERIALS_SIGNED} <= BY_HAND


def test_a_fact_recorded_late_runs_from_when_it_happened(county: SmallCounty):
    with clock.at(NOON):
        matter = registered(county)
    with clock.at(at(9)):
        written = does(
            county, stating.record, matter, kind=FactKind.REVIEW_REQUESTED, at=at(2), reason="收件章"
        )
    found = on(county, matter, "petition.review")
    assert (found.started_at, found.started_by, last_day(found)) == (at(2), written.pk, "2026-10-08")
    assert (written.reason, written.occurred_at, written.recorded_at) == ("收件章", at(2), at(9))
    assert told(matter)[-1] == "clock.record"
    assert b'"verb":"clock.record"' in bytes(last_audited().content)
    check_kept(matter)


def test_two_people_served_on_different_days_have_two_limits(county: SmallCounty):
    with clock.at(NOON):
        matter = registered(county)
    with scope(EVERYWHERE):
        first, second = list(matter.parties.order_by("id"))[:2]
    with clock.at(at(9)):
        for party, days in ((first, 1), (second, 5)):
            does(county, stating.record, matter, kind=FactKind.OPINION_SERVED, at=at(days), party_id=party.pk)
        does(county, stating.record, matter, kind=FactKind.REVIEW_REQUESTED, at=at(8), party_id=first.pk)
    with scope(EVERYWHERE):
        rows = Clock.objects.filter(matter_id=matter.pk, limit="petition.review_request")
        found = {row.party_id: (row.state, last_day(row)) for row in rows}
    assert found == {first.pk: ("stopped", "2026-10-08"), second.pk: ("running", "2026-10-08")}


def test_acknowledging_in_writing_ends_that_limit_and_its_light(county: SmallCounty):
    with clock.at(NOON):
        matter = registered(county, channel=Channel.PETITION)
    assert on(county, matter, "petition.acknowledge").state == "running"
    with clock.at(at(3)):
        does(county, stating.record, matter, kind=FactKind.ACKNOWLEDGED, at=at(2))
    found = on(county, matter, "petition.acknowledge")
    assert (found.state, found.stopped_at) == ("stopped", at(2))
    check_kept(matter)


def test_when_it_was_received_is_put_right_once_and_moves_the_end(county: SmallCounty):
    with clock.at(NOON):
        matter = registered(county, channel=Channel.PETITION, received_at=NOON)
    assert last_day(on(county, matter, "petition.acknowledge")) == "2026-09-18"
    with clock.at(at(1)):
        does(county, stating.record, matter, kind=FactKind.RECEIVED, at=at(-2))
        assert last_day(on(county, matter, "petition.acknowledge")) == "2026-09-16"
        with refuses("fact_there_already", field="kind"):
            does(county, stating.record, matter, kind=FactKind.RECEIVED, at=at(-3))
        right = fact(matter, FactKind.RECEIVED)
        does(county, stating.correct, matter, fact_id=right.pk, at=at(-1), reason="信封上的邮戳")
    assert last_day(on(county, matter, "petition.acknowledge")) == "2026-09-17"
    check_kept(matter)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"kind": FactKind.ACKNOWLEDGED, "at": at(2)}, "in_the_future", "at"),
        ({"kind": FactKind.ACKNOWLEDGED, "at": at(-1)}, "before_the_matter", "at"),
        ({"kind": FactKind.RIGHT_KNOWN, "at": at(-365 * 21)}, "before_the_matter", "at"),
        ({"kind": FactKind.RECEIVED, "at": at(0.5)}, "after_registration", "at"),
        ({"kind": FactKind.SETTLED, "at": at(0)}, "not_by_hand", "kind"),
        ({"kind": FactKind.PAUSED, "at": at(0)}, "not_by_hand", "kind"),
        ({"kind": "nonsense", "at": at(0)}, "not_by_hand", "kind"),
        (
            {"kind": FactKind.ACKNOWLEDGED, "at": at(0.5), "party_id": EVERYWHERE.person_id},
            "not_of_the_matter",
            "party",
        ),
        (
            {"kind": FactKind.ACKNOWLEDGED, "at": at(0.5), "assignment_id": EVERYWHERE.person_id},
            "not_of_the_matter",
            "assignment",
        ),
        ({"kind": FactKind.ACKNOWLEDGED, "at": at(0.5), "version": 99}, "stale", None),
    ],
)
def test_what_cannot_have_happened_is_not_written_down(
    county: SmallCounty, values: dict[str, Any], code: str, field: str | None
):
    with clock.at(NOON):
        matter = registered(county, channel=Channel.PETITION)
    with clock.at(at(1)), refuses(code, field=field):
        does(county, stating.record, matter, **values)


def test_the_same_fact_is_not_written_twice(county: SmallCounty, recheck: Matter):
    with clock.at(at(2)), refuses("fact_there_already", field="at"):
        does(county, stating.record, recheck, kind=FactKind.RECHECK_REQUESTED, at=NOON)


def test_only_whoever_works_on_the_matter_writes_down(county: SmallCounty, recheck: Matter):
    with clock.at(at(2)):
        for who in (Role.PETITION_INSPECTOR, Role.DUTY_COMMANDER):
            with refuses("post_may_not"):
                does(county, stating.record, recheck, who, kind=FactKind.ACKNOWLEDGED, at=at(1))
        with refuses("matter_not_found"):
            does(
                county,
                stating.record,
                recheck,
                (Role.DIRECTOR, "other"),
                kind=FactKind.ACKNOWLEDGED,
                at=at(1),
            )


def test_a_fact_put_right_moves_the_end_and_keeps_its_clock(county: SmallCounty, recheck: Matter):
    before = on(county, recheck, "petition.recheck")
    with clock.at(at(5)):
        wrong = fact(recheck, FactKind.RECHECK_REQUESTED)
        does(county, stating.correct, recheck, fact_id=wrong.pk, at=at(-6), reason="邮戳日期是八月二十八日")
        after = on(county, recheck, "petition.recheck")
        assert (after.pk, after.started_at, last_day(after)) == (before.pk, at(-6), "2026-09-28")
        with refuses("fact_over"):
            does(county, stating.correct, recheck, fact_id=wrong.pk, at=at(-7), reason="再改一次")
    assert told(recheck)[-1] == "clock.correct"
    check_kept(recheck)


def test_a_fact_taken_back_leaves_a_void_clock_and_itself_to_be_read(county: SmallCounty, recheck: Matter):
    with clock.at(at(5)):
        wrong = fact(recheck, FactKind.RECHECK_REQUESTED)
        does(county, stating.take_back, recheck, fact_id=wrong.pk, reason="看错了案卷，没有请求复核")
    assert on(county, recheck, "petition.recheck").state == "void"
    assert facts(recheck) == [("recheck_requested", False), ("recheck_requested", True)]
    assert told(recheck)[-1] == "clock.take_back"
    check_kept(recheck)


def test_what_a_step_wrote_a_leader_puts_right_and_nobody_takes_back(county: SmallCounty, petition: Matter):
    came = fact(petition, FactKind.CHECKED_IN)
    with clock.at(at(3)):
        with refuses("post_may_not"):
            does(county, stating.correct, petition, fact_id=came.pk, at=at(1), reason="当天没有收到")
        with refuses("post_may_not"):
            does(county, stating.take_back, petition, Role.DIRECTOR, fact_id=came.pk, reason="并没有报到")
        does(
            county, stating.correct, petition, Role.DIRECTOR, fact_id=came.pk, at=at(1), reason="签收簿是次日"
        )
    assert on(county, petition, "petition.resolve").started_at == at(1)
    check_kept(petition)


@pytest.mark.parametrize(
    ("verb", "values", "code", "field"),
    [
        (stating.correct, {"at": at(1), "reason": "错"}, "invalid", "reason"),
        (stating.correct, {"at": at(9), "reason": "日期写错了"}, "in_the_future", "at"),
        (stating.correct, {"at": NOON, "reason": "日期写错了"}, "unchanged", "at"),
        (stating.correct, {"at": at(1), "reason": "日期写错了", "version": 1}, "stale", None),
        (stating.take_back, {"reason": " "}, "invalid", "reason"),
        (stating.take_back, {"reason": "看错了案卷", "version": 1}, "stale", None),
    ],
)
def test_a_wrong_correction_changes_nothing(
    county: SmallCounty,
    recheck: Matter,
    verb: Callable[..., Any],
    values: dict[str, Any],
    code: str,
    field: str | None,
):
    known = fact(recheck, FactKind.RECHECK_REQUESTED)
    with clock.at(at(5)), refuses(code, field=field):
        does(county, verb, recheck, fact_id=known.pk, **values)


def test_facts_of_another_matter_are_not_found(county: SmallCounty, recheck: Matter):
    known = fact(recheck, FactKind.RECHECK_REQUESTED)
    other = registered(county)
    with refuses("fact_not_found"):
        does(county, stating.take_back, other, fact_id=known.pk, reason="看错了案卷")
    with refuses("clock_not_found"):
        clock_id = on(county, recheck, "petition.recheck").pk
        does(county, moving.resume, other, clock_id=clock_id, at=at(3))


# --- pauses and restarts


def test_a_pause_stops_the_count_and_it_goes_on(county: SmallCounty, recheck: Matter):
    assert last_day(on(county, recheck, "petition.recheck")) == "2026-10-08"
    with clock.at(at(8)):
        paused(county, recheck, at(7))
        found = on(county, recheck, "petition.recheck")
        assert (found.state, found.due_at) == ("paused", None)
        assert fresh(county, recheck).due_at is None
    with clock.at(at(13)):
        resumed(county, recheck, at(12))
    # The thirtieth day, 3 October, and five days of hearings: 8 October, the first after the holiday.
    found = on(county, recheck, "petition.recheck")
    assert (found.state, last_day(found)) == ("running", "2026-10-08")
    assert told(recheck)[-2:] == ["clock.pause", "clock.resume"]
    check_kept(recheck)


def test_a_pause_that_is_over_is_told_at_once(county: SmallCounty, recheck: Matter):
    with clock.at(at(20)):
        paused(county, recheck, at(7), until=at(17))
    assert last_day(on(county, recheck, "petition.recheck")) == "2026-10-13"
    check_kept(recheck)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"begun": at(-1)}, "before_the_start", "at"),
        ({"begun": at(11)}, "in_the_future", "at"),
        ({"begun": at(5), "until": at(11)}, "in_the_future", "until"),
        ({"begun": at(5), "until": at(4)}, "before_the_pause", "until"),
        ({"begun": at(5), "ground": "appraisal"}, "not_a_ground", "ground"),
        ({"begun": at(5), "reason": ""}, "invalid", "reason"),
        ({"begun": at(5), "version": 1}, "stale", None),
    ],
)
def test_a_pause_that_cannot_be_changes_nothing(
    county: SmallCounty, recheck: Matter, values: dict[str, Any], code: str, field: str | None
):
    with clock.at(at(10)), refuses(code, field=field):
        paused(county, recheck, values.pop("begun"), **values)


def test_what_is_over_or_has_stopped_is_paused_no_more(county: SmallCounty, recheck: Matter):
    with clock.at(at(60)), refuses("limit_over", field="at"):
        paused(county, recheck, at(50))
    with clock.at(at(20)):
        does(county, stating.record, recheck, kind=FactKind.RECHECK_SERVED, at=at(15))
        with refuses("limit_stopped", field="at"):
            paused(county, recheck, at(16))
        # While it still ran there may have been a hearing all the same.
        paused(county, recheck, at(5), until=at(6))
    check_kept(recheck)


def test_nothing_is_paused_twice_or_resumed_twice(county: SmallCounty, recheck: Matter):
    with clock.at(at(10)):
        with refuses("not_paused", field="at"):
            resumed(county, recheck, at(6))
        paused(county, recheck, at(5))
        with refuses("paused_already", field="at"):
            paused(county, recheck, at(7))
        # One that began before the one that is known would last into it.
        with refuses("paused_already", field="at"):
            paused(county, recheck, at(3))
        with refuses("not_paused", field="at"):
            resumed(county, recheck, at(4))
        resumed(county, recheck, at(8))
        with refuses("not_paused", field="at"):
            resumed(county, recheck, at(9))
        paused(county, recheck, at(2), until=at(3))
    assert last_day(on(county, recheck, "petition.recheck")) == "2026-10-08"
    check_kept(recheck)


def test_a_pause_is_taken_back_with_its_end_first(county: SmallCounty, recheck: Matter):
    with clock.at(at(10)):
        begun = paused(county, recheck, at(5))
        ended = resumed(county, recheck, at(8))
        with refuses("turns_broken"):
            does(county, stating.take_back, recheck, fact_id=begun.pk, reason="听证没有举行")
        with refuses("turns_broken"):
            does(county, stating.correct, recheck, fact_id=ended.pk, at=at(4), reason="日期写错了")
        does(county, stating.take_back, recheck, fact_id=ended.pk, reason="听证没有举行")
        does(county, stating.take_back, recheck, fact_id=begun.pk, reason="听证没有举行")
    assert last_day(on(county, recheck, "petition.recheck")) == "2026-10-08"
    check_kept(recheck)


def test_a_limit_without_grounds_is_neither_paused_nor_begun_anew(county: SmallCounty, petition: Matter):
    clock_id = on(county, petition, "petition.resolve").pk
    values = {"clock_id": clock_id, "ground": "hearing", "at": at(1), "reason": "举行听证会"}
    with clock.at(at(2)):
        with refuses("limit_knows_no_pause"):
            does(county, moving.pause, petition, **values)
        with refuses("limit_knows_no_restart"):
            does(county, moving.restart, petition, **values)


def test_only_the_centre_pauses_never_the_body_that_owes(county: SmallCounty, petition: Matter):
    clock_id = on(county, petition, "petition.resolve").pk
    with clock.at(at(2)), refuses("post_may_not"):
        does(
            county,
            moving.pause,
            petition,
            LABOUR,
            clock_id=clock_id,
            ground="x",
            at=at(1),
            reason="举行听证会",
        )


@pytest.fixture
def limitation(county: SmallCounty) -> Matter:
    """Somebody who knew of unpaid wages since 3 June: a year, interrupted by claiming, paused by force majeure."""
    with clock.at(NOON):
        matter = registered(county, category="0703")
        does(
            county, stating.record, matter, kind=FactKind.RIGHT_KNOWN, at=datetime(2026, 6, 3, 4, tzinfo=UTC)
        )
    return matter


def restarted(county: SmallCounty, matter: Matter, moment: datetime, **more: Any) -> Fact:
    values = {"ground": "claim_made", "reason": "向厂方书面催讨"} | more
    clock_id = on(county, matter, "labour.limitation").pk
    found: Fact = does(county, moving.restart, matter, clock_id=clock_id, at=moment, **values)
    return found


def test_a_claim_lets_the_limitation_begin_anew_and_lights_nothing(county: SmallCounty, limitation: Matter):
    assert last_day(on(county, limitation, "labour.limitation")) == "2027-06-03"
    with clock.at(at(30)):
        restarted(county, limitation, at(20))
    assert last_day(on(county, limitation, "labour.limitation")) == "2027-09-23"
    assert fresh(county, limitation).due_at is None
    assert told(limitation)[-1] == "clock.restart"
    check_kept(limitation)


def test_nothing_begins_anew_within_a_pause(county: SmallCounty, limitation: Matter):
    clock_id = on(county, limitation, "labour.limitation").pk
    stopped = {"clock_id": clock_id, "ground": "force_majeure", "reason": "台风封路"}
    with clock.at(at(30)):
        does(county, moving.pause, limitation, at=at(5), **stopped)
        with refuses("restart_within_pause", field="at"):
            restarted(county, limitation, at(20))
        with refuses("not_a_ground", field="ground"):
            restarted(county, limitation, at(3), ground="counterclaim")
        restarted(county, limitation, at(3))
        does(county, moving.resume, limitation, clock_id=clock_id, at=at(10))
        # Nor is a pause laid over a restart that is known.
        with refuses("restart_within_pause", field="at"):
            does(county, moving.pause, limitation, at=at(2), until=at(4), **stopped)
    check_kept(limitation)


# --- met, where no step of the program sees it


def test_a_limit_is_met_on_evidence_also_when_it_is_written_down_late(county: SmallCounty, petition: Matter):
    clock_id = on(county, petition, "petition.resolve").pk
    # The sixtieth day was 2 November: the opinion went out in time and was entered afterwards.
    values = {"clock_id": clock_id, "at": at(50), "reason": "恩人社函〔2026〕31号，送达回执"}
    with clock.at(at(70)):
        for wrong, code, field in (
            ({"at": at(-1)}, "before_the_start", "at"),
            ({"at": at(71)}, "in_the_future", "at"),
            ({"reason": ""}, "invalid", "reason"),
            ({"who": LABOUR}, "post_may_not", None),
        ):
            with refuses(code, field=field):
                does(county, moving.fulfil, petition, **{**values, **wrong})
        row = does(county, moving.fulfil, petition, **values)
        found = on(county, petition, "petition.resolve")
        assert (found.state, found.stopped_at, last_day(found)) == ("stopped", at(50), "2026-11-02")
        # Of this limit alone.
        assert on(county, petition, "petition.acknowledge").state == "running"
        assert told(petition)[-1] == "clock.fulfil"
        check_kept(petition)
        with refuses("limit_stopped", field="at"):
            does(county, moving.fulfil, petition, **{**values, "at": at(51)})
        known = fresh(county, petition)
        with scope(EVERYWHERE):
            (move,) = [m for m in told_of(known, clock_id).moves if m.label == FactKind.DONE.label]
        assert (move.at, move.reason, move.by) == (at(50), values["reason"], "调度岗county")
        does(county, stating.take_back, petition, fact_id=row.pk, reason="回执是另一件的")
        assert on(county, petition, "petition.resolve").state == "running"
        check_kept(petition)


# --- extensions


def test_an_extension_is_asked_for_by_the_department_and_granted_by_a_leader(
    county: SmallCounty, petition: Matter
):
    before = on(county, petition, "petition.resolve")
    # The sixtieth day after 3 September.
    assert last_day(before) == "2026-11-02"
    with clock.at(at(30)):
        asked(county, petition, 15)
        assert on(county, petition, "petition.resolve").due_at == before.due_at
    with clock.at(at(31)):
        granted = decided(county, petition)
    assert last_day(on(county, petition, "petition.resolve")) == "2026-11-17"
    director = county.actor(Role.DIRECTOR, "county")
    assert (granted.approved_by, granted.consent) == (director.person_id, "十月八日书面告知信访人延期理由")
    assert told(petition)[-2:] == ["clock.ask_extension", "clock.decide_extension.granted"]
    check_kept(petition)
    with clock.at(at(32)):
        # Fifteen are left of the thirty, and no more.
        with refuses("over_the_maximum", field="n"):
            asked(county, petition, 16)
        asked(county, petition, 15)
        decided(county, petition)
        with refuses("over_the_maximum", field="n"):
            asked(county, petition, 1)
    assert last_day(on(county, petition, "petition.resolve")) == "2026-12-02"
    check_kept(petition)


def test_a_refused_extension_moves_nothing_and_may_be_asked_for_again(county: SmallCounty, petition: Matter):
    before = on(county, petition, "petition.resolve").due_at
    with clock.at(at(30)):
        asked(county, petition)
        with refuses("invalid", field="answer"):
            decided(county, petition, approve=False)
        decided(county, petition, approve=False, answer="工资台账已经齐全")
        assert on(county, petition, "petition.resolve").due_at == before
        with refuses("no_extension"):
            decided(county, petition)
        asked(county, petition)
    check_kept(petition)


def test_a_request_is_taken_back_by_who_made_it(county: SmallCounty, petition: Matter):
    with clock.at(at(30)):
        request = asked(county, petition)
        with refuses("extension_pending"):
            asked(county, petition)
        with refuses("post_may_not"):
            does(county, stating.take_back, petition, Role.DIRECTOR, fact_id=request.pk, reason="不需要延长")
        with refuses("decision_stands"):
            does(county, stating.correct, petition, LABOUR, fact_id=request.pk, at=at(29), reason="日期写错")
        does(county, stating.take_back, petition, LABOUR, fact_id=request.pk, reason="审计已经完成")
        with refuses("no_extension"):
            decided(county, petition)


def test_a_decision_stands(county: SmallCounty, petition: Matter):
    with clock.at(at(30)):
        asked(county, petition)
        granted = decided(county, petition)
        with refuses("decision_stands"):
            does(county, stating.take_back, petition, Role.DIRECTOR, fact_id=granted.pk, reason="批错了天数")


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"n": 31}, "over_the_maximum", "n"),
        ({"n": 0}, "too_short", "n"),
        ({"unit": "working_day"}, "another_unit", "unit"),
        ({"reason": "忙"}, "invalid", "reason"),
        ({"version": 1}, "stale", None),
        ({"who": Role.DISPATCHER}, "post_may_not", None),
    ],
)
def test_a_request_that_cannot_be_changes_nothing(
    county: SmallCounty, petition: Matter, values: dict[str, Any], code: str, field: str | None
):
    with clock.at(at(30)), refuses(code, field=field):
        asked(county, petition, **values)


def test_a_limit_without_extension_is_not_extended(county: SmallCounty, recheck: Matter):
    clock_id = on(county, recheck, "petition.recheck").pk
    values = {"clock_id": clock_id, "n": 5, "unit": "calendar_day", "reason": "材料还没有到齐"}
    with clock.at(at(5)), refuses("limit_knows_no_extension"):
        does(county, extending.ask, recheck, **values)


def test_nobody_asks_when_the_limit_is_over_but_what_was_asked_in_time_is_answered(
    county: SmallCounty, petition: Matter
):
    with clock.at(at(61)), refuses("limit_over"):
        asked(county, petition)
    with clock.at(at(59)):
        asked(county, petition)
    with clock.at(at(62)):
        decided(county, petition)
    assert last_day(on(county, petition, "petition.resolve")) == "2026-11-17"


def test_who_decides_is_a_post_that_the_limit_names_and_says_how_the_law_was_kept(
    county: SmallCounty, petition: Matter
):
    with clock.at(at(30)):
        asked(county, petition)
        for who in (Role.DISPATCHER, LABOUR):
            with refuses("post_may_not"):
                decided(county, petition, who)
        with refuses("consent_missing", field="consent"):
            decided(county, petition, consent=" ")
        with refuses("stale"):
            decided(county, petition, version=1)


def test_what_was_disposed_of_is_not_extended(county: SmallCounty, petition: Matter):
    part = assignments(county, petition)[-1]
    with clock.at(at(30)):
        asked(county, petition)
        result = "厂方已付清两个月工资，工人签收。"
        act(county, LABOUR, handling.dispose, assignment_id=part.id, result=result)
        with refuses("limit_stopped"):
            decided(county, petition)


def in_medical_mediation(county: SmallCounty) -> Matter:
    with clock.at(NOON):
        matter = registered(county, category="0502")
        act(county, Role.REGISTRAR, accepting.accept, matter)
        with scope(EVERYWHERE):
            parties = {party.id: True for party in matter.parties.all()}
        act(county, Role.REGISTRAR, mediating.send_to_mediation, matter, consents=parties)
    return matter


def test_an_extension_on_a_paused_clock_counts_from_where_the_pause_ends(county: SmallCounty):
    matter = in_medical_mediation(county)
    found = on(county, matter, "medical.mediate")
    # Thirty working days after 3 September: a Sunday and a Saturday are worked, eight days of holidays are not.
    assert last_day(found) == "2026-10-21"
    with clock.at(at(6)):
        values = {"clock_id": found.pk, "ground": "appraisal", "reason": "委托医学会鉴定"}
        does(county, moving.pause, matter, Role.MEDIATOR, at=at(5), **values)
        values = {"clock_id": found.pk, "n": 5, "unit": "working_day", "reason": "双方约定延长调解"}
        does(county, extending.ask, matter, Role.MEDIATOR, **values)
        agreed = {"approve": True, "consent": "九月九日双方书面约定"}
        does(county, extending.decide, matter, Role.DIRECTOR, clock_id=found.pk, **agreed)
        assert on(county, matter, "medical.mediate").due_at is None
    with clock.at(at(13)):
        does(county, moving.resume, matter, Role.MEDIATOR, clock_id=found.pk, at=at(12))
    # Five working days of appraisal and five that were agreed on: ten more.
    assert last_day(on(county, matter, "medical.mediate")) == "2026-11-04"
    check_kept(matter)


def test_one_who_asks_does_not_grant_it_to_themselves(county: SmallCounty):
    matter = in_medical_mediation(county)
    clock_id = on(county, matter, "medical.mediate").pk
    values = {"clock_id": clock_id, "n": 5, "unit": "working_day", "reason": "双方约定延长调解"}
    with clock.at(at(6)):
        does(county, extending.ask, matter, Role.DIRECTOR, **values)
        with refuses("own_extension"):
            agreed = {"approve": True, "consent": "九月九日双方书面约定"}
            does(county, extending.decide, matter, Role.DIRECTOR, clock_id=clock_id, **agreed)


def test_each_limit_that_somebody_here_extends_has_a_maximum_or_needs_agreement():
    for running in all_running().values():
        limit = all_limits()[running.id]
        if running.extended_by:
            assert limit.extension or limit.consent, running.id
            assert limit.acts == "lights", running.id
        else:
            # Courts extend their own.
            assert limit.extension is None or limit.acts == "shown", running.id
    row = {
        "id": "a.b",
        "applies_to": "",
        "starts_with": "registered",
        "stops_with": "settled",
        "owed_by": "centre",
    }
    with pytest.raises(ValueError, match="no post 'mayor'"):
        running_of([row | {"yellow": "", "yellow_reason": "", "extended_by": "director | mayor"}])


# --- archived, rehearsed


def test_a_rehearsal_tells_the_new_end_and_leaves_nothing(county: SmallCounty, recheck: Matter):
    actor = county.actor(Role.DISPATCHER)
    clock_id = on(county, recheck, "petition.recheck").pk
    values = {"clock_id": clock_id, "ground": "hearing", "reason": "举行听证", "at": at(1), "until": at(10)}
    before = traces()
    with clock.at(at(10)):
        (change,) = time_limits.rehearsed(
            actor=actor, matter_id=recheck.pk, verb="pause", values=values, version=None
        )
    assert change.before is not None
    assert change.after is not None
    assert (change.before.last_moment, change.after.last_moment) == ("2026-10-08 24:00", "2026-10-12 24:00")
    assert traces() == before
