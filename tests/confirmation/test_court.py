"""From the agreement to the court's ruling and to enforcement, and from a failed mediation to the judgment."""

from __future__ import annotations

from datetime import date, timedelta

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain import performing
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Clock, Fact
from fengqiao.confirmation.domain import preparing, suing, tracking
from fengqiao.confirmation.enums import CaseState, CourtLevel
from fengqiao.confirmation.limits import APPLY, DECIDE, ENFORCE, last_days
from fengqiao.confirmation.models import CourtCase
from fengqiao.confirmation.queries.findings import findings_of
from fengqiao.confirmation.queries.packet import packet_of
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.models import Matter, Procedure
from fengqiao.mediation.domain.mediating import record_mediation
from fengqiao.mediation.enums import Result
from tests.agreements.hands import mediating, parties_of, terms_of
from tests.confirmation.hands import COURT, confirmable, filed, no_bars, prepared, shown
from tests.matters.ground import EVERYWHERE, act, refuses, rows, told
from tests.small_county import SmallCounty, registered

DAY = timedelta(days=1)
NUMBER = "（2026）粤0785民特12号"


def does(county: SmallCounty, verb, case: CourtCase, **said):
    given = {"on": clock.today()} | said
    return act(county, Role.MEDIATOR, verb, case_id=case.pk, **given)


def states_of(matter: Matter) -> dict[str, str]:
    with scope(EVERYWHERE):
        return dict(Clock.objects.filter(matter_id=matter.pk).values_list("limit", "state"))


def days_of(matter: Matter) -> dict[str, date]:
    with scope(EVERYWHERE):
        return last_days(matter.pk)


# --- the application -------------------------------------------------------------------------------------------
def test_prepared_filed_together_docketed_heard_and_confirmed(county: SmallCounty):
    """The thirty days stop, the court's run, and the two years for enforcement count from the last instalment."""
    matter, agreement = confirmable(county)
    with scope(EVERYWHERE):
        found = findings_of(agreement)
    assert [(each.id, each.said) for each in found.rows] == [
        ("effect", "fits"),
        ("way", "fits"),
        ("body", "fits"),
        ("days", "fits"),
    ]
    assert [each.said.id for each in found.venues] == ["domicile", "subject", "organisation", "intermediate"]
    case = prepared(county, agreement, answers=no_bars(ownership="房屋归属另有判决，协议不确认。"))
    now = shown(county, case)
    assert (now.turn, now.until) == ("parties", days_of(matter)[APPLY])
    with refuses("case_runs"):
        prepared(county, agreement)
    with refuses("not_joint", field="applicants"):
        filed(county, matter, case, applicants=[parties_of(matter)[0].pk])
    filed(county, matter, case)
    assert states_of(matter)[APPLY] == "stopped"
    does(county, tracking.ask_more, case, text="补交身份证复印件。", until=clock.today() + 7 * DAY)
    now = shown(county, case)
    assert (now.turn, now.until) == ("parties", clock.today() + 7 * DAY)
    does(county, tracking.supply, case, text="已交。")
    assert shown(county, case).case.state == CaseState.FILED
    with refuses("invalid", field="number"):
        does(county, tracking.docket, case, number=" ")
    does(county, tracking.docket, case, number=NUMBER)
    now = shown(county, case)
    assert (now.case.number, now.turn, now.until) == (NUMBER, "court", days_of(matter)[DECIDE])
    does(county, tracking.hear, case, until=clock.today() + 3 * DAY)
    assert shown(county, case).until == clock.today() + 3 * DAY
    does(county, tracking.confirm, case)
    now = shown(county, case)
    [term] = terms_of(agreement)
    assert (now.case.state, now.turn, states_of(matter)[DECIDE]) == ("confirmed", None, "stopped")
    # 民事诉讼法 第250条: two years from the last day of the last instalment.
    assert now.until is not None
    assert now.until >= term.due.replace(year=term.due.year + 2)
    assert now.until == days_of(matter)[ENFORCE]
    assert [each.removeprefix("court.") for each in told(matter) if each.startswith("court.")] == [
        *("prepare", "file", "ask_more", "supply", "docket", "hear", "confirm"),
    ]


WRONG = (
    ({"court": ""}, "invalid", "court"),
    ({"ground": "inviting"}, "ground_not_open", "ground"),
    ({"ground": "nowhere"}, "ground_not_open", "ground"),
    ({"level": CourtLevel.INTERMEDIATE}, "wrong_level", "level"),
    ({"ground": ""}, "outside_venue", "why"),
    ({"answers": no_bars(identity="")}, "unanswered", "answers.identity"),
    ({"serves": [new_id()]}, "invalid", "serves"),
)


def test_what_is_not_right_is_refused_beside_its_field(county: SmallCounty):
    _matter, agreement = confirmable(county)
    for changes, code, field in WRONG:
        with refuses(code, field=field):
            prepared(county, agreement, **changes)


def test_a_court_outside_the_venue_is_kept_with_a_reason(county: SmallCounty):
    _matter, agreement = confirmable(county)
    case = prepared(county, agreement, ground="", why="双方都在广州打工，向广州市天河区人民法院申请。")
    assert shown(county, case).venue is None
    given = {"court": COURT, "level": "basic", "ground": "domicile", "answers": no_bars()}
    act(county, Role.MEDIATOR, preparing.amend, case_id=case.pk, **given)
    assert shown(county, case).venue.said.id == "domicile"
    does(county, preparing.drop, case, text="双方决定不申请了。")
    assert shown(county, case).case.state == "dropped"


def test_what_can_ground_no_confirmation_is_refused_with_its_article(county: SmallCounty):
    _matter, agreement = confirmable(county, body="centre")
    with refuses("cannot_confirm_body"):
        prepared(county, agreement)
    other, agreement = confirmable(county, body="court_assigned")
    with scope(EVERYWHERE):
        assert [each.said.id for each in findings_of(agreement).venues] == ["inviting"]
    with refuses("post_may_not"):
        given = {"court": COURT, "level": "basic", "ground": "inviting", "answers": no_bars()}
        act(county, Role.LEGAL_OFFICER, preparing.prepare, agreement_id=agreement.pk, **given)
    assert "court.prepare" not in told(other)


def test_a_day_late_it_is_filed_all_the_same_and_the_court_refuses(county: SmallCounty):
    """民事诉讼法 第205条: the last day is the one to which it rolled over; a day later it is marked late."""
    start = clock.now()
    in_time, agreement = confirmable(county)
    case = prepared(county, agreement)
    late, other = confirmable(county)
    second = prepared(county, other)
    last = days_of(in_time)[APPLY]
    with clock.at(start + (last - clock.today() + DAY)):
        filed(county, in_time, case, last)
        filed(county, late, second)
        assert (shown(county, case).case.late, shown(county, second).case.late) == (False, True)
        does(county, tracking.refuse, second, reason="late", text="超过三十日，裁定不予受理。")
    now = shown(county, second)
    assert (now.case.state, now.reason.id, now.reason.basis) == (
        "refused",
        "late",
        "民事诉讼法(2023) 第205条",
    )
    # Refused, nothing runs and another can be prepared.
    assert DECIDE not in states_of(late)
    with scope(EVERYWHERE):
        assert prepared(county, other).state == "prepared"


def test_the_packet_says_what_is_there_and_what_lacks(county: SmallCounty):
    _matter, agreement = confirmable(county)
    case = prepared(county, agreement)
    with scope(EVERYWHERE):
        found = {each.said.id: (each.printed, each.lacks) for each in packet_of(case)}
    assert found == {
        "application": (True, False),
        "agreement": (True, False),
        "proof": (True, False),
        "identity": (False, True),
        "delivery": (False, True),
        "evidence": (False, False),
    }


# --- enforcement -----------------------------------------------------------------------------------------------
def test_an_overdue_instalment_is_enforced_by_whom_it_is_owed_to(county: SmallCounty):
    start = clock.now()
    matter, agreement = confirmable(county, days=5)
    case = prepared(county, agreement)
    creditor, debtor = parties_of(matter)[:2]
    given = {"court": COURT, "level": "basic", "applicants": [creditor.pk]}
    with refuses("not_confirmed"):
        does(county, suing.enforce, case, **given)
    filed(county, matter, case)
    does(county, tracking.docket, case, number=NUMBER)
    does(county, tracking.confirm, case)
    with refuses("nothing_overdue"):
        does(county, suing.enforce, case, **given)
    with clock.at(start + 8 * DAY):
        with refuses("invalid", field="applicants"):
            does(county, suing.enforce, case, **(given | {"applicants": [debtor.pk]}))
        enforcing = does(county, suing.enforce, case, **given)
        assert states_of(matter)[ENFORCE] == "stopped"
        with refuses("case_runs"):
            does(county, suing.enforce, case, **given)
        with refuses("not_in_this_state"):
            does(county, tracking.confirm, enforcing)
        does(county, tracking.docket, enforcing, number="（2026）粤0785执3号")
        does(county, tracking.fulfil, enforcing, text="执行到 5,000 元。")
    now = shown(county, enforcing)
    assert (now.case.state, now.case.late, now.case.confirmed_id) == ("enforced", False, case.pk)


def test_nothing_owed_starts_no_time_for_enforcement(county: SmallCounty):
    matter, agreement = confirmable(county)
    case = prepared(county, agreement)
    filed(county, matter, case)
    [term] = terms_of(agreement)
    paid = {"on": clock.today(), "text": "转账凭证已看。", "amount": term.amount}
    act(county, Role.MEDIATOR, performing.perform, term_id=term.pk, **paid)
    does(county, tracking.docket, case, number=NUMBER)
    does(county, tracking.confirm, case)
    kinds = [kind for (kind,) in rows(Fact, matter, "kind")]
    assert FactKind.COURT_DECIDED in kinds
    assert FactKind.PERFORMANCE_DUE not in kinds


def test_what_is_performed_after_the_ruling_ends_the_time_for_enforcement(county: SmallCounty):
    """Before the last day nothing begins; after it the limit is met."""
    start = clock.now()
    for later, state in ((0, "void"), (7, "stopped")):
        matter, agreement = confirmable(county, days=5)
        case = prepared(county, agreement)
        filed(county, matter, case)
        does(county, tracking.docket, case, number=NUMBER)
        does(county, tracking.confirm, case)
        assert states_of(matter)[ENFORCE] == "running"
        [term] = terms_of(agreement)
        with clock.at(start + later * DAY):
            paid = {"on": clock.today(), "text": "转账凭证已看。", "amount": term.amount}
            act(county, Role.MEDIATOR, performing.perform, term_id=term.pk, **paid)
        assert states_of(matter)[ENFORCE] == state


# --- the court's way -------------------------------------------------------------------------------------------
def test_a_failed_mediation_goes_to_court_and_comes_back(county: SmallCounty):
    matter = mediating(county)
    creditor, debtor = parties_of(matter)[:2]
    given = {"court": COURT, "level": "basic", "on": clock.today(), "applicants": [creditor.pk]}
    with refuses("mediating"):
        act(county, Role.MEDIATOR, suing.sue, matter, **given)
    act(county, Role.MEDIATOR, record_mediation, matter, result=Result.EXPIRED, text="双方差距太大。")
    with refuses("invalid", field="applicants"):
        act(county, Role.MEDIATOR, suing.sue, matter, **(given | {"applicants": [creditor.pk, debtor.pk]}))
    case = act(county, Role.MEDIATOR, suing.sue, matter, **given)
    assert rows(Procedure, matter, "kind", "stage", "body")[-1] == ("litigation", "running", COURT)
    with refuses("case_runs"):
        act(county, Role.MEDIATOR, suing.sue, matter, **given)
    with refuses("in_the_future", field="on"):
        does(county, tracking.docket, case, number=NUMBER, on=clock.today() + DAY)
    does(county, tracking.docket, case, number=NUMBER)
    does(county, tracking.hear, case, until=clock.today() + 20 * DAY, text="第二审判庭")
    with refuses("invalid", field="ruling"):
        does(county, tracking.judge, case, text="判决支付工资。", ruling=new_id())
    does(county, tracking.judge, case, text="判决被告十日内支付工资 5,000 元。")
    now = shown(county, case)
    assert (now.case.state, now.turn, now.case.ended_on) == ("judged", None, clock.today())
    assert rows(Procedure, matter, "stage", "number")[-1] == ("ended", NUMBER)
    assert told(matter)[-1] == "court.judge"


def test_without_a_mediation_there_is_another_way(county: SmallCounty):
    matter = registered(county)
    creditor = parties_of(matter)[0]
    given = {"court": COURT, "level": "basic", "on": clock.today(), "applicants": [creditor.pk]}
    with refuses("not_mediated"):
        act(county, Role.MEDIATOR, suing.sue, matter, **given)
    with refuses("matter_not_found"):
        act(county, (Role.MEDIATOR, "other"), suing.sue, matter, **given)
