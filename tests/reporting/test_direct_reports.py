"""A direct report told through: found due, written, read or chased, followed up, ended."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import sweeping
from fengqiao.clocks.models import Clock
from fengqiao.flows import reporting as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.domain import alarming, amending, settling, sight
from fengqiao.matters.enums import Danger, Risk, Scale, State
from fengqiao.matters.models import Matter, Ruling
from fengqiao.notices.models import Notice
from fengqiao.places.models import Stationing
from fengqiao.reporting.domain import sending
from fengqiao.reporting.models import DirectReport
from fengqiao.reporting.queries.papers import report_papers
from fengqiao.reporting.queries.reports import of_matter, proposed, unread_by
from tests.dispatch.hands import LABOUR
from tests.matters.ground import EVERYWHERE, act, fresh, refuses, rows, sees, told, words
from tests.notices.inbox import inbox, kinds
from tests.reporting.hands import (
    ALL,
    DUE,
    EVENING,
    HOUR,
    SAID,
    assessed,
    first_of,
    later,
    opens,
    receipts,
    write,
)
from tests.small_county import SmallCounty, brought_to, registered
from tests.supervision.hands import decide, left_lying, propose

FRIDAY, DAY = date(2026, 11, 13), timedelta(days=1)

pytestmark = pytest.mark.django_db


def clocks(matter, limit):
    with scope(EVERYWHERE):
        return list(Clock.objects.filter(matter=matter, limit=limit).values_list("state", "due_at"))


# --- when one is due --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "level", "row"),
    [
        ({"danger": Danger.SELF_HARM}, Risk.HIGH, "D01"),
        ({"danger": Danger.NONE, "harm_on": FRIDAY}, Risk.LOW, "D02"),
        ({"danger": Danger.NONE, "scale": Scale.MAJOR_GROUP}, Risk.LOW, "D03"),
        ({"danger": Danger.NONE, "people": 60}, Risk.HIGH, "D04"),
        ({"danger": Danger.NONE, "public_place": True}, Risk.HIGH, "D05"),
        ({"danger": Danger.NONE, "harm_on": FRIDAY + 2 * DAY}, Risk.HIGH, "D06"),
        ({"danger": Danger.NONE, "people": 60}, Risk.MEDIUM, "D99"),
        # Each of them alone, and what nobody asked.
        ({"danger": Danger.NONE, "harm_on": FRIDAY + 3 * DAY, "public_place": False}, Risk.HIGH, "D99"),
    ],
)
def test_the_table_says_at_the_assessment_whether_it_is_due(county: SmallCounty, changes, level, row):
    """It is asked about the risk that the officer found, not about the one that a table proposed."""
    matter = assessed(county, level, **changes)
    due = row != "D99"
    with clock.at(EVENING), scope(county.actor(Role.DISPATCHER)) as actor:
        now = Matter.objects.get(pk=matter.pk)
        found = of_matter(actor, now)
        assert (found.due, found.proposal is not None) == (due, due)
        assert proposed(actor, now).answer.row.id == row
    assert clocks(matter, "report.direct") == ([("running", DUE)] if due else [])
    assert kinds(county, Role.DIRECTOR) == (["report_due"] if due else [])
    # Whoever assessed it is not told of it; what was known at the window came before that.
    at_the_window = row in ("D01", "D02")
    assert kinds(county, Role.DISPATCHER) == (["report_due"] if at_the_window else [])


def test_why_nothing_is_reported_is_written_and_counted(county: SmallCounty):
    matter = assessed(county)
    with refuses("invalid", field="reason"):
        act(county, Role.DISPATCHER, sending.decline, matter, reason="不用了")
    with refuses("post_may_not"):
        act(county, Role.REGISTRAR, sending.decline, matter, reason="人已经下来，情绪平稳。")
    with clock.at(EVENING + HOUR):
        act(county, Role.DISPATCHER, sending.decline, matter, reason="人已经下来，情绪平稳。")
    assert told(matter)[-1] == "report.decline"
    assert words(matter) == {"reason": "人已经下来，情绪平稳。"}
    assert [state for state, _due in clocks(matter, "report.direct")] == ["stopped"]
    with scope(EVERYWHERE):
        ruling = Ruling.objects.get(matter=matter, table="report")
    assert (ruling.row, ruling.proposed, ruling.chosen, ruling.overridden) == ("D01", "due", "not_due", True)
    with refuses("not_due"):
        act(county, Role.DISPATCHER, sending.decline, matter, reason="人已经下来，情绪平稳。")
    # The officer may think otherwise later: a report can be written whatever the table says.
    write(county, matter, EVENING + 2 * HOUR)


def test_it_is_asked_at_once_where_a_danger_or_a_near_day_is_written_down(county: SmallCounty):
    """At the window, with a correction and with a danger; it is due once, until somebody has answered it."""
    with clock.at(EVENING):
        matter = registered(county, danger=Danger.NONE, harm_on=FRIDAY + 9 * DAY)
        assert clocks(matter, "report.direct") == []
        with refuses("invalid", field="harm_on"):
            act(county, Role.REGISTRAR, amending.amend, matter, facts={"harm_on": FRIDAY - 2 * DAY})
        act(county, Role.REGISTRAR, amending.amend, matter, facts={"harm_on": FRIDAY})
    assert clocks(matter, "report.direct") == [("running", DUE)]
    assert kinds(county, Role.DIRECTOR) == ["report_due"]
    with clock.at(EVENING + HOUR):
        said = {"kind": Danger.VIOLENCE, "summary": "有人放话要动手", "stakes": {"public_place": True}}
        act(county, Role.REGISTRAR, alarming.danger, matter, **said)
    assert kinds(county, Role.DIRECTOR) == ["report_due"]
    with clock.at(EVENING + HOUR):
        act(county, Role.DISPATCHER, sending.decline, matter, reason="双方已经分开，派出所看着。")
    with clock.at(EVENING + 2 * HOUR):
        act(county, Role.REGISTRAR, alarming.danger, matter, **said)
    assert [state for state, _due in clocks(matter, "report.direct")] == ["stopped", "running"]
    write(county, matter, EVENING + 3 * HOUR)
    with clock.at(EVENING + 4 * HOUR):
        act(county, Role.REGISTRAR, alarming.danger, matter, **said)
    assert [state for state, _due in clocks(matter, "report.direct")] == ["stopped", "stopped"]
    assert fresh(county, matter).public_place is True

    with clock.at(EVENING):
        other = registered(county, danger=Danger.SELF_HARM, title="一人站上楼顶")
    assert clocks(other, "report.direct") == [("running", DUE)]


# --- the report -------------------------------------------------------------------------------------------------


def test_from_the_first_report_to_the_last(county: SmallCounty):
    matter = assessed(county)
    assert not sees(county, Role.COMMISSION, matter)
    first = write(county, matter)
    assert (first.kind, first.number, first.row, first.receivers) == ("initial", 1, "D01", ALL)
    assert receipts(first) == {"commission": None, "county_director": None}
    assert [state for state, _due in clocks(matter, "report.direct")] == ["stopped"]
    assert clocks(matter, "report.read") == [("running", DUE)]
    for role in (Role.COMMISSION, Role.DIRECTOR):
        [notice] = [each for each in inbox(county, role) if each.kind == "reported"]
        assert (notice.urgency, notice.subject_id) == ("urgent", first.pk)
    assert sees(county, Role.COMMISSION, matter)

    # The receipt is written once, at the first opening, and stands in the history.
    opens(county, Role.COMMISSION, first, EVENING + HOUR / 2)
    opens(county, Role.COMMISSION, first, EVENING + HOUR)
    opens(county, Role.DISPATCHER, first, EVENING + HOUR)
    assert receipts(first) == {"commission": EVENING + HOUR / 2, "county_director": None}
    assert told(matter)[-1] == "report.read"
    opens(county, Role.DIRECTOR, first, EVENING + HOUR)
    assert told(matter)[-1] == "report.read.all"
    assert [state for state, _due in clocks(matter, "report.read")] == ["stopped"]

    second = later(
        county, sending.follow_up, first, EVENING + 2 * HOUR, situation="人已由消防接下，送医检查。"
    )
    assert (second.first_id, second.kind, second.number, second.place) == (first.pk, "follow_up", 1, 1)
    with refuses("reported_already"):
        write(county, matter, EVENING + 2 * HOUR)
    last = later(county, sending.end, second, EVENING + 9 * HOUR, situation="工资当晚付清，人已回家。")
    assert (last.kind, last.place, first_of(matter.pk).ended_at) == ("end", 2, EVENING + 9 * HOUR)
    with refuses("report_is_over"):
        later(county, sending.follow_up, first, EVENING + 10 * HOUR)

    # The commission sees the matter no more; what was sent to it it can still open.
    assert not sees(county, Role.COMMISSION, matter)
    with scope(county.actor(Role.COMMISSION)) as actor:
        assert [each.report_id for each in unread_by(actor)] == [second.pk, last.pk]
    opens(county, Role.COMMISSION, last, EVENING + 10 * HOUR)
    assert receipts(last)["commission"] == EVENING + 10 * HOUR
    assert [each for each in told(matter) if each.startswith("report")] == [
        "report.write", "report.read", "report.read.all", "report.follow_up", "report.end", "report.read",
    ]  # fmt: skip
    # A new danger is a new report with a number of its own.
    assert write(county, matter, EVENING + 20 * HOUR).number == 2


def test_nothing_of_a_person_is_told_outside_the_report(county: SmallCounty):
    matter = assessed(county)
    report = write(county, matter)
    with scope(county.actor(Role.COMMISSION)):
        notice = Notice.objects.filter(kind="reported").get()
    assert notice.words == "有风险直报，请马上阅"
    with scope(county.actor(Role.DISPATCHER)) as actor:
        [paper] = report_papers(actor, matter)
    assert (paper.number, paper.reference) == ("440785直报〔2026〕1号", report.pk)
    assert ("请求事项", SAID["request"]) in paper.rows


def test_unread_it_is_told_again_and_then_to_the_next_rung(county: SmallCounty):
    matter = assessed(county)
    report = write(county, matter)
    opens(county, Role.DIRECTOR, report, EVENING)

    def swept(at) -> None:
        with clock.at(at):
            sweeping.sweep()

    swept(DUE - HOUR)
    swept(DUE)
    assert kinds(county, Role.COMMISSION) == ["report_unread", "report_unread", "reported"]
    assert "report_unread" not in kinds(county, Role.DIRECTOR)
    swept(DUE + HOUR)
    assert kinds(county, Role.EXECUTIVE_DEPUTY)[0] == "report_unread_by_others"
    swept(DUE + 2 * HOUR)
    assert kinds(county, Role.DISPATCHER)[0] == kinds(county, Role.DIRECTOR)[0] == "report_unread_by_others"
    opens(county, Role.COMMISSION, report, DUE + 2 * HOUR)
    before = len(inbox(county, Role.COMMISSION))
    swept(DUE + 9 * HOUR)
    assert len(inbox(county, Role.COMMISSION)) == before


def test_unwritten_the_leaders_are_told_by_the_hour(county: SmallCounty):
    assessed(county)
    for hours, role in ((0, Role.DUTY_COMMANDER), (1, Role.STANDING_DEPUTY), (2, Role.DIRECTOR)):
        before = kinds(county, role).count("report_waits")
        with clock.at(DUE + hours * HOUR):
            sweeping.sweep()
        assert kinds(county, role).count("report_waits") > before, role


# --- who may ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"situation": "有人要跳楼"}, "invalid", "situation"),
        ({"measures": "无"}, "invalid", "measures"),
        ({"receivers": []}, "invalid", "receivers"),
        ({"receivers": ["mayor"]}, "invalid", "receivers"),
        ({"who": Role.REGISTRAR}, "post_may_not", None),
        ({"who": (Role.DISPATCHER, "town")}, "post_may_not", None),
        ({"who": LABOUR}, "matter_not_found", None),
    ],
)
def test_what_is_not_a_report_is_refused(county: SmallCounty, said, code, field):
    matter = assessed(county)
    with refuses(code, field=field):
        write(county, matter, **said)


def test_where_nobody_holds_the_post_it_is_said(county: SmallCounty):
    matter = assessed(county)
    Stationing.objects.filter(post__role=Role.COMMISSION).update(valid_until="2026-01-01")
    with refuses("no_receiver"):
        write(county, matter, receivers=["commission"])
    # Where the director's post is vacant whoever stands in is told.
    Stationing.objects.filter(post__role=Role.DIRECTOR).update(valid_until="2026-01-01")
    write(county, matter)
    assert kinds(county, Role.EXECUTIVE_DEPUTY)[0] == "reported"


def test_a_restricted_matter_is_reported_by_a_director_who_names_its_readers(county: SmallCounty):
    matter = assessed(county)
    act(county, Role.DIRECTOR, sight.restrict_later, matter, reason="牵涉未成年人")
    with refuses("matter_not_found"):
        write(county, matter)
    report = write(county, matter, who=Role.DIRECTOR)
    assert receipts(report) == {}  # hidden from everybody who was not named
    assert sees(county, Role.COMMISSION, matter)
    opens(county, Role.COMMISSION, report, EVENING)
    with pytest.raises(NotAllowed):
        flow.opened(actor=county.actor(Role.DISPATCHER), report_id=report.pk)


def test_others_do_not_open_it_and_who_steps_aside_is_not_told(county: SmallCounty):
    matter = assessed(county)
    who = county.person(Role.DIRECTOR).pk
    act(county, Role.DISPATCHER, sight.recuse, matter, person_id=who, reason="当事人是其亲属")
    report = write(county, matter)
    assert receipts(report) == {"commission": None}
    assert "reported" not in kinds(county, Role.DIRECTOR)
    for role, place in ((Role.HANDLER, "labour"), (Role.DIRECTOR, "other"), (Role.AUDITOR, "county")):
        with pytest.raises(NotAllowed):
            flow.opened(actor=county.actor(role, place), report_id=report.pk)


def test_with_its_matter_it_is_over_and_beside_a_supervision_the_commission_stays(county: SmallCounty):
    matter, part = left_lying(county)
    measure = propose(county, part)
    report = write(county, matter, DUE, receivers=["commission"])
    decide(county, measure, agree=False, reasons="单位已在办理，暂不督办。")
    # The letter was declined, and the danger is still before the commission.
    assert sees(county, Role.COMMISSION, matter)
    later(county, sending.end, report, DUE)
    assert not sees(county, Role.COMMISSION, matter)

    other = brought_to(county, State.EVALUATED, title="另一家厂也拖欠工资")
    write(county, other, DUE)
    act(county, Role.DIRECTOR, settling.close, other)
    assert rows(DirectReport, other, "kind", "ended_at")[0][1] is not None
    assert not sees(county, Role.COMMISSION, other)
    with refuses("matter_is_closed"):
        write(county, other, DUE)
