"""The ladder of supervision, told from the first letter to the hand-over and the other body's answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt
from fengqiao.dispatch.domain import dispatching, handling
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.matters.domain import assessing, settling, sight
from fengqiao.matters.enums import State, Track
from fengqiao.matters.models import HistoryEvent, Matter
from fengqiao.notices.models import Notice
from fengqiao.places.models import Department
from fengqiao.rules.deciding import Row, kept
from fengqiao.rules.enums import TableKind, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.supervision.domain import deciding
from fengqiao.supervision.enums import Decision, HandedTo, Rung, SupervisionState
from fengqiao.supervision.models import Measure, Supervision
from fengqiao.supervision.queries.facts import offers_of, said
from fengqiao.supervision.queries.terms import terms_of
from tests.dispatch.hands import HOUSING, LABOUR, NOT_OURS, RESULT, check_in, dispatched, part_of
from tests.matters.ground import EVERYWHERE, act, fresh, refuses, rows, sees, told, words
from tests.rules.drafts import published
from tests.small_county import SmallCounty, brought_to
from tests.supervision.hands import (
    COMMISSION,
    DECIDED,
    GIVEN,
    GROUNDS,
    HEARD_UNTIL,
    LATE,
    REASONS,
    REPLY_BY,
    REPORT_BY,
    decide,
    does,
    left_lying,
    now,
    on,
    propose,
    row_of,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def offered(county: SmallCounty, matter: Matter, part: Assignment, day: date) -> list[str]:
    """The rows by which something may be proposed on a day, as the page shows them."""
    with on(day), scope(county.actor(Role.DISPATCHER)):
        part = Assignment.objects.select_related("department").get(pk=part.pk)
        running = list(Supervision.objects.filter(assignment=part, ended_at=None))
        return [each.row.id for each in offers_of(matter, [part], running)[part.pk].found]


# --- the first rung -------------------------------------------------------------------------------------------


def test_a_letter_is_proposed_heard_and_ordered(county: SmallCounty):
    matter, part = left_lying(county)
    measure = propose(county, part)
    supervision, measure = now(measure)
    assert (supervision.state, supervision.rung) == (SupervisionState.PROPOSED, "")
    assert (measure.rung, measure.answer_by, measure.grounds) == (Rung.LETTER, HEARD_UNTIL, GROUNDS)
    [fact] = measure.facts
    assert (fact["ground"], fact["days"]) == ("reply_overdue", 3)
    assert fact["due_at"] == "2026-03-07T00:00:00+08:00"

    does(county, LABOUR, deciding.answer, measure, LATE, text="账目还在核对，厂方账册昨天才送来。")
    assert now(measure)[0].state == SupervisionState.ANSWERED
    # Heard: the day need not be waited for.
    decide(county, measure, LATE)
    supervision, measure = now(measure)
    assert (supervision.state, supervision.rung) == (SupervisionState.ORDERED, Rung.LETTER)
    assert (measure.decision, measure.year, measure.number) == (Decision.ORDERED, 2026, 1)
    assert measure.report_by == date(2026, 3, 18)
    assert told(matter)[-3:] == ["supervision.propose", "supervision.answer", "supervision.decide.ordered"]
    assert words(matter) == {"reason": REASONS}


def test_what_may_be_proposed_follows_from_the_table_and_the_day(county: SmallCounty):
    matter, part = left_lying(county)
    assert offered(county, matter, part, REPLY_BY) == []
    assert offered(county, matter, part, LATE - DAY) == []
    assert offered(county, matter, part, LATE) == ["letter-reply"]
    measure = propose(county, part)
    # While something waits for a decision nothing more is proposed.
    assert offered(county, matter, part, LATE + 30 * DAY) == []
    decide(county, measure)
    assert offered(county, matter, part, REPORT_BY - 3 * DAY) == []
    assert offered(county, matter, part, REPORT_BY) == ["second-letter-undone"]
    assert offered(county, matter, part, REPORT_BY + DAY) == ["second-letter-report", "second-letter-undone"]


def test_a_county_says_itself_when_supervision_starts_and_how_long_is_listened(county: SmallCounty):
    """For the labour bureau two days are enough, and it is heard a week; who decides stays who decides."""

    def sooner(table: list[Row]) -> list[Row]:
        when = {"rung": "'letter'", "ground": "'reply_overdue'", "days_over": ">= 2", "body": "'labour'"}
        then = {"due": "propose", "answer_days": "5", "report_days": "7"}
        return [Row("L01", when, then, "欠薪事项等不得", "恩平市督办工作规则 第3条"), *table]

    matter, part = left_lying(county)
    _matter, early = left_lying(county)
    first = propose(county, early)
    with on(LATE - DAY):
        published(county, TableKind.SUPERVISION, sooner)
    assert offered(county, matter, part, LATE - 2 * DAY) == []
    assert offered(county, matter, part, LATE - DAY) == ["L01"]
    with refuses("no_ground"):
        propose(county, part, rule="letter-reply")
    measure = propose(county, part, LATE - DAY, rule="L01")
    terms = (measure.rule, measure.table_version, measure.basis, measure.report_days, measure.answer_by)
    assert terms == ("L01", "1", "恩平市督办工作规则 第3条", 7, date(2026, 3, 17))
    with scope(EVERYWHERE):
        event = HistoryEvent.objects.get(matter_id=matter.pk, type="supervision.propose")
    parameters = json.loads(bytes(event.content))["parameters"]
    assert (parameters["table"], parameters["table_version"], parameters["rule"]) == (
        "supervision",
        "1",
        "L01",
    )
    # What was proposed under the earlier table stays on its terms.
    assert (now(first)[1].table_version, decide(county, first).report_by) == ("shipped-2026-11", REPORT_BY)
    measure = decide(county, measure, date(2026, 3, 18))
    assert measure.report_by == date(2026, 3, 27)


def test_what_was_proposed_before_the_table_had_versions_keeps_its_terms():
    """It kept only the name of its row, which the shipped table has still."""
    assert [
        terms_of(Measure(rule=name, rule_version=1)).report_days
        for name in ("letter.sign_off", "second_letter.undone", "hand_over.report", "gone")
    ] == [5, 3, None, None]


def test_a_table_that_cannot_be_asked_offers_nothing_and_says_why(county: SmallCounty):
    matter, part = left_lying(county)
    # As a later program finds it that does not know a code any more.
    gone = Row("L01", {"rung": "'gone'"}, {"due": "propose", "answer_days": "2"}, "理由", "建议")
    with on(GIVEN), scope(county.actor(Role.DIRECTOR)):
        TableVersion.objects.create(
            county=matter.county,
            kind=TableKind.SUPERVISION,
            number=1,
            state=VersionState.PUBLISHED,
            rows=kept([gone]),
            author_id=county.actor(Role.DISPATCHER).person_id,
            approver_id=county.actor(Role.DIRECTOR).person_id,
            drafted_at=clock.now(),
            submitted_at=clock.now(),
            approved_at=clock.now(),
            effective_from=clock.today(),
        )
    with on(LATE), scope(county.actor(Role.DISPATCHER)):
        offers = offers_of(matter, [Assignment.objects.select_related("department").get(pk=part.pk)], [])
    assert (offers[part.pk].found, len(offers[part.pk].errors)) == ([], 1)
    assert "gone" in offers[part.pk].errors[0]
    with refuses("rules_by_hand"):
        propose(county, part)


def test_where_nothing_was_asked_by_a_day_nothing_is_overdue(county: SmallCounty):
    matter, part = left_lying(county, reply_by=None)
    assert offered(county, matter, part, LATE + 90 * DAY) == []


def test_a_broken_limit_is_a_fact_too(county: SmallCounty):
    """信访工作条例 第34条: sixty days from the acceptance by the body that handles it."""
    with on(GIVEN):
        matter = brought_to(county, State.ROUTING, happened_on=None)
        act(county, Role.DISPATCHER, assessing.route, matter, track=Track.PETITION, reason="求决类信访事项")
        given = {"lead": county.department("labour").pk, "message": "请依法处理并答复"}
        act(county, Role.DISPATCHER, dispatching.dispatch, matter, **given)
        part = part_of(matter)
        check_in(county, LABOUR, part)
    last = date(2026, 5, 1)
    # The sixtieth day lies in the holiday of Labour Day: the limit ends on the first day after it, 6 May.
    assert offered(county, matter, part, last + 5 * DAY) == []
    assert offered(county, matter, part, last + 6 * DAY) == ["letter-clock"]
    measure = propose(county, part, last + 6 * DAY, rule="letter-clock")
    [fact] = measure.facts
    assert (fact["ground"], fact["limit"], fact["days"]) == ("clock_broken", "petition.resolve", 1)
    assert said(fact) == "信访 · 申诉求决类出具处理意见：2026-05-06 届满，到提请时超过 1 个工作日"


def test_the_department_is_heard_before_anything_is_decided_against_it(county: SmallCounty):
    _matter, part = left_lying(county)
    measure = propose(county, part)
    with refuses("right_of_reply"):
        decide(county, measure, HEARD_UNTIL)
    # Nothing is lost by deciding for it at once.
    decide(county, measure, LATE, agree=False, reasons="单位已在办理，暂不督办。")
    supervision, measure = now(measure)
    assert (supervision.state, measure.decision) == (SupervisionState.DECLINED, Decision.DECLINED)
    assert (measure.number, measure.report_by) == (None, None)
    # It can be proposed again, as a new one.
    again = propose(county, part, DECIDED)
    assert again.supervision_id != measure.supervision_id


def test_once_its_day_has_passed_a_silent_department_stops_nothing(county: SmallCounty):
    _matter, part = left_lying(county)
    measure = propose(county, part)
    decide(county, measure, HEARD_UNTIL + DAY)
    assert now(measure)[0].state == SupervisionState.ORDERED
    with refuses("not_in_this_state"):
        does(county, LABOUR, deciding.answer, measure, DECIDED, text="现在才说")


# --- up the ladder --------------------------------------------------------------------------------------------


def test_from_the_second_letter_to_the_hand_over_and_its_answer(county: SmallCounty):
    matter, part = left_lying(county)
    measure, day = propose(county, part), LATE
    climbed = []
    for rung in list(Rung):
        if rung != Rung.LETTER:
            day += 30 * DAY
            measure = propose(county, part, day, rule=row_of(rung))
        day += 8 * DAY
        more = {"handed_to": HandedTo.DISCIPLINE} if rung == Rung.HAND_OVER else {}
        measure = decide(county, measure, day, **more)
        climbed.append((measure.rung, measure.number, measure.report_by is not None))
    assert climbed == [
        ("letter", 1, True),
        ("second_letter", 2, True),
        ("interview", 3, True),
        ("circular", 4, True),
        ("listed", 5, True),
        ("hand_over", 6, False),
    ]
    supervision, measure = now(measure)
    assert (supervision.state, measure.handed_to) == (SupervisionState.HANDED_OVER, HandedTo.DISCIPLINE)
    does(
        county,
        COMMISSION,
        deciding.record_outcome,
        measure,
        day + DAY,
        text="恩纪函〔2026〕7号：已对责任单位谈话提醒。",
    )
    supervision, measure = now(measure)
    assert supervision.state == SupervisionState.CONCLUDED
    assert measure.outcome.startswith("恩纪函")
    assert not sees(county, COMMISSION, matter)
    assert rows(Supervision, matter, "rung", "state") == [("hand_over", "concluded")]


def test_no_rung_is_skipped(county: SmallCounty):
    _matter, part = left_lying(county)
    with refuses("no_ground"):
        propose(county, part, LATE + 90 * DAY, rule="interview-report")
    measure = propose(county, part)
    decide(county, measure)
    with refuses("no_ground"):
        propose(county, part, REPORT_BY + 30 * DAY, rule="circular-report")


def test_the_hand_over_names_the_body(county: SmallCounty):
    _matter, part = left_lying(county)
    measure, day = propose(county, part), LATE
    for rung in list(Rung)[1:]:
        day += 8 * DAY
        decide(county, measure, day)
        day += 30 * DAY
        measure = propose(county, part, day, rule=row_of(rung))
    with refuses("invalid", field="handed_to"):
        decide(county, measure, day + 12 * DAY)


def test_what_is_reported_can_be_enough(county: SmallCounty):
    matter, part = left_lying(county)
    measure = decide(county, propose(county, part))
    does(county, LABOUR, deciding.report, measure, DECIDED + DAY, text="已约谈厂方，工资今日发放。")
    assert now(measure)[0].state == SupervisionState.REPORTED
    does(county, COMMISSION, deciding.lift, measure, DECIDED + DAY, reasons="工资已经发放到位。")
    supervision, _measure = now(measure)
    assert (supervision.state, supervision.ended_at is not None) == (SupervisionState.LIFTED, True)
    assert not sees(county, COMMISSION, matter)


def test_a_refused_rise_leaves_the_rung_below_in_force(county: SmallCounty):
    _matter, part = left_lying(county)
    first = decide(county, propose(county, part))
    day = REPORT_BY + DAY
    second = propose(county, part, day, rule="second-letter-report")
    decide(county, second, day, agree=False, reasons="再等一周，督办函继续有效。")
    supervision, second = now(second)
    assert (supervision.state, supervision.rung) == (SupervisionState.ORDERED, Rung.LETTER)
    does(county, LABOUR, deciding.report, first, day, text="正在核对账目，下周有结果。")
    third = propose(county, part, day + 7 * DAY, rule="second-letter-undone")
    decide(county, third, day + 8 * DAY, agree=False, reasons="反馈属实，先认定反馈。")
    # The report waits as it did.
    assert now(third)[0].state == SupervisionState.REPORTED


# --- who may --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["court", "procuratorate", "arbitration"])
def test_who_decides_independently_is_not_supervised(county: SmallCounty, kind: str):
    matter, part = left_lying(county)
    Department.objects.filter(pk=part.department_id).update(kind=kind)
    assert offered(county, matter, part, LATE) == []
    with refuses("exempt_from_supervision") as refusal:
        propose(county, part)
    assert "依法独立办案" in str(refusal.value)


def test_who_proposes_cannot_decide_in_another_post(county: SmallCounty):
    _matter, part = left_lying(county)
    measure = propose(county, part, who=Role.DIRECTOR)
    director = county.actor(Role.DIRECTOR)
    both = replace(county.actor(COMMISSION), person_id=director.person_id)
    with on(DECIDED), refuses("proposer_cannot_decide"), attempt(both, verb="decide"):
        deciding.decide(actor=both, supervision_id=measure.supervision_id, agree=True, reasons=REASONS)
    assert now(measure)[0].state == SupervisionState.PROPOSED


@pytest.mark.parametrize("who", [Role.DIRECTOR, Role.DISPATCHER, Role.SUPERVISOR, LABOUR])
def test_the_centre_alone_decides_nothing(county: SmallCounty, who: object):
    _matter, part = left_lying(county)
    measure = propose(county, part)
    with refuses("post_may_not"):
        decide(county, measure, who=who)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (COMMISSION, "matter_not_found"),
        (LABOUR, "post_may_not"),
        (Role.REGISTRAR, "post_may_not"),
        ((Role.DIRECTOR, "town"), "post_may_not"),
        ((Role.DIRECTOR, "city"), "post_may_not"),
        ((Role.DIRECTOR, "other"), "assignment_not_found"),
    ],
)
def test_only_the_centre_that_holds_the_matter_proposes(county: SmallCounty, who: object, code: str):
    _matter, part = left_lying(county)
    with refuses(code):
        propose(county, part, who=who)


def test_another_department_neither_answers_nor_reports(county: SmallCounty):
    matter, part = left_lying(county, assisting=["housing"])
    measure = propose(county, part)
    with refuses("post_may_not"):
        does(county, HOUSING, deciding.answer, measure, LATE, text="不是我们的事")
    assert sees(county, HOUSING, matter)


def test_the_commission_does_not_judge_itself(county: SmallCounty):
    _matter, part = left_lying(county)
    with scope(EVERYWHERE):
        Department.objects.filter(pk=county.department("commission").pk).update(valid_until=GIVEN_UP)
        Department.objects.filter(pk=part.department_id).update(kind="politics_law")
    with refuses("own_case"):
        propose(county, part)


GIVEN_UP = date(2026, 1, 1)


def test_a_county_without_a_commission_has_nobody_to_decide(county: SmallCounty):
    _matter, part = left_lying(county)
    Department.objects.filter(pk=county.department("commission").pk).update(valid_until=GIVEN_UP)
    with refuses("no_commission"):
        propose(county, part)


# --- who sees -------------------------------------------------------------------------------------------------


def test_the_commission_sees_a_matter_only_while_it_is_before_it(county: SmallCounty):
    matter, part = left_lying(county)
    assert not sees(county, COMMISSION, matter)
    measure = propose(county, part)
    assert sees(county, COMMISSION, matter)
    assert not sees(county, (COMMISSION, "other"), matter)
    decide(county, measure, agree=False, reasons="单位已在办理，暂不督办。")
    assert not sees(county, COMMISSION, matter)


def test_a_restricted_matter_is_laid_before_the_commission_by_a_director(county: SmallCounty):
    """Readers are let in by the database's own day: this story happens now."""
    day = clock.today()
    matter = dispatched(county, reply_by=day)
    part = part_of(matter)
    act(county, Role.DIRECTOR, sight.restrict_later, matter, reason="涉及未成年人")
    reader = county.person(Role.DISPATCHER).pk
    named = {"person_id": reader, "until": day + 30 * DAY, "reason": "交办后续办理"}
    act(county, Role.DIRECTOR, sight.name_reader, matter, **named)
    later = day + 25 * DAY
    with refuses("restricted_by_director"):
        propose(county, part, later, who=Role.DISPATCHER)
    measure = propose(county, part, later, who=Role.DIRECTOR)
    assert sees(county, COMMISSION, matter)
    decide(county, measure, measure.answer_by + DAY)


def test_each_is_told_when_it_is_their_turn(county: SmallCounty):
    _matter, part = left_lying(county)
    measure = propose(county, part)

    def inbox(who: tuple[Role, str]) -> list[str]:
        with scope(county.actor(*who)):
            mine = Notice.objects.filter(kind__startswith="supervision")
            return list(mine.order_by("id").values_list("kind", flat=True))

    assert inbox(LABOUR) == ["supervision_proposed"]
    assert inbox((COMMISSION, "county")) == ["supervision_to_decide"]
    decide(county, measure)
    assert inbox(LABOUR) == ["supervision_proposed", "supervision_ordered"]
    assert inbox((Role.DISPATCHER, "county")) == ["supervision_decided"]
    assert inbox(HOUSING) == []


# --- what ends it ---------------------------------------------------------------------------------------------


def test_a_withdrawn_matter_ends_what_is_open(county: SmallCounty):
    matter, part = left_lying(county)
    measure = propose(county, part)
    with on(LATE):
        act(county, Role.DISPATCHER, settling.withdraw, matter, reason="双方自行和解，申请撤回。")
    supervision, measure = now(measure)
    assert (supervision.state, measure.decision) == (SupervisionState.ENDED, Decision.LAPSED)
    assert not sees(county, COMMISSION, matter)
    assert fresh(county, matter).history_count == len(told(matter))


def test_a_part_that_is_rightly_returned_ends_it(county: SmallCounty):
    _matter, part = left_lying(county)
    measure = decide(county, propose(county, part))
    with on(DECIDED):
        act(county, LABOUR, handling.ask_return, assignment_id=part.pk, **NOT_OURS)
        to = county.department("housing").pk
        act(
            county,
            Role.DIRECTOR,
            handling.arbitrate,
            assignment_id=part.pk,
            uphold=True,
            grounds="属住建职责。",
            give_to=to,
        )
    assert now(measure)[0].state == SupervisionState.ENDED


def test_a_result_does_not_end_it_the_commission_does(county: SmallCounty):
    matter, part = left_lying(county)
    measure = decide(county, propose(county, part))
    with on(DECIDED):
        act(county, LABOUR, handling.dispose, assignment_id=part.pk, result=RESULT)
    assert now(measure)[0].state == SupervisionState.ORDERED
    # Nothing more is held against it, though.
    assert offered(county, matter, part, REPORT_BY + 30 * DAY) == []
    does(county, COMMISSION, deciding.lift, measure, DECIDED, reasons="已经办结。")


def test_numbers_count_by_county_and_year(county: SmallCounty):
    numbers = []
    for _n in range(2):
        _matter, part = left_lying(county)
        measure = decide(county, propose(county, part))
        numbers.append((measure.year, measure.number))
    assert numbers == [(2026, 1), (2026, 2)]
    with scope(EVERYWHERE):
        assert Measure.objects.count() == 2
