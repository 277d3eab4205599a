"""Days that people agreed on: who keeps the matter is told before, on and after, once, and never of what is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain import performing
from fengqiao.agreements.models import Term
from fengqiao.clocks.domain import agreed_days
from fengqiao.clocks.models import Clock, DayTold
from fengqiao.clocks.tasks import tell_of_days
from fengqiao.confirmation.domain import tracking
from fengqiao.confirmation.models import CourtNote
from fengqiao.counsel.domain import advising
from fengqiao.kernel import clock
from fengqiao.matters.domain import settling, sight
from fengqiao.matters.models import Matter, Recusal
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain import people, sitting
from fengqiao.mediation.enums import HelperKind
from fengqiao.mediation.models import Mediation
from fengqiao.notices.models import Notice
from fengqiao.places.models import Stationing
from fengqiao.pool.models import Appointment
from tests.agreements.hands import mediating, parties_of, pays, signed, terms_of
from tests.clocks.test_keeping import NOON
from tests.clocks.test_sweeping import colleague
from tests.confirmation.hands import confirmable, filed, prepared
from tests.counsel.hands import COURT, called, does
from tests.matters.ground import EVERYWHERE, act
from tests.mediation.test_talks import plan
from tests.pool.hands import a_talent
from tests.referrals.hands import referred, taken_in
from tests.small_county import SmallCounty

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def begins(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=clock.SHANGHAI)


# A wage that is due on 3 October 2026, in the National Day holidays (1 to 7 October; Saturday the 10th is worked).
# Three working days before it is the 28th; the last day worked is the 30th; the first after it the 8th.
SOON, TODAY, LATE = begins(9, 28), begins(9, 30), begins(10, 8)
VISIT, ADVISE = begins(10, 14), begins(10, 21)


@pytest.fixture
def owed(county: SmallCounty) -> Term:
    """What was agreed at noon on 3 September, thirty days before it is due."""
    with clock.at(NOON):
        return agreed(county, 30)[0]


def agreed(county: SmallCounty, *days: int) -> list[Term]:
    """Wages that are due after so many days. The parties do not want to go to a court: that is another story."""
    matter = mediating(county)
    terms = terms_of(signed(county, matter, *[pays(matter, days=each) for each in days]))
    with scope(EVERYWHERE):
        Clock.objects.filter(matter_id=matter.pk).update(state="stopped")
    return terms


def sweep(at: datetime) -> int:
    with clock.at(at):
        return agreed_days.sweep()


def heard(county: SmallCounty, role: Role = Role.MEDIATOR, place: str = "county") -> list[str]:
    """What the person of a post was told by sweeps, newest first."""
    return of_person(county.person(role, place))


def of_person(person: Any) -> list[str]:
    with scope(replace(EVERYWHERE, person_id=person.pk)):
        told = Notice.objects.filter(person=person, subject_id__isnull=False).order_by("-id")
        return [each for each in told.values_list("kind", flat=True) if each not in AT_ONCE]


# What an act tells, and no sweep.
AT_ONCE = {"consultation_called", "consultation_replied", "consultation_opinion", "referral_accepted"}


def rungs(subject: Any) -> list[tuple[str, bool]]:
    """What was reached of one, and whether anybody was told."""
    with scope(EVERYWHERE):
        rows = DayTold.objects.filter(subject_id=subject.pk).order_by("reached_at", "rung")
        return [(each.rung, each.told_at is not None) for each in rows]


def keeps(county: SmallCounty, term: Term, verb: Any, on: datetime, **said: Any) -> None:
    with clock.at(on + timedelta(hours=9)):
        given = {"term_id": term.pk, "on": clock.today(), "text": "电话里说下周付。"} | said
        act(county, Role.MEDIATOR, verb, **given)


# --- terms ---
def test_a_term_is_told_before_on_and_after_its_day_and_then_step_by_step(county: SmallCounty, owed: Term):
    assert sweep(SOON - MINUTE) == 0 and heard(county) == []
    assert [sweep(SOON), sweep(SOON), sweep(SOON + DAY)] == [1, 0, 0]
    assert sweep(TODAY) == 1
    # The day itself and all of the holidays are days off: nobody is told on them.
    assert sweep(LATE - MINUTE) == 0
    assert sweep(LATE) == 1
    assert heard(county) == ["term_late", "term_today", "term_soon"]
    assert sweep(VISIT) == 1
    # Nobody has reminded the debtor yet: that comes before the visit.
    assert heard(county)[0] == "term_late"
    keeps(county, owed, performing.remind, VISIT)
    keeps(county, owed, performing.visit, VISIT)
    assert sweep(ADVISE) == 1
    assert heard(county)[0] == "term_advise"
    assert sweep(ADVISE + 300 * DAY) == 0
    with scope(county.actor(Role.MEDIATOR)):
        last = Notice.objects.filter(subject_id=owed.pk).first()
    assert (last.kind, last.matter_id, last.due_on) == ("term_advise", owed.matter_id, date(2026, 10, 3))
    # Nobody else was told of anything, and nothing names anybody.
    for role in (Role.REGISTRAR, Role.DIRECTOR, Role.DISPATCHER):
        assert heard(county, role) == []
    with scope(EVERYWHERE), pytest.raises(IntegrityError), transaction.atomic():
        again = DayTold.objects.filter(subject_id=owed.pk).first()
        again.pk = None
        again._state.adding = True
        again.save(force_insert=True)


def test_three_nights_without_a_worker_are_one_notice_and_what_is_long_past_is_none(
    county: SmallCounty, owed: Term
):
    assert sweep(LATE + 3 * DAY) == 1
    assert heard(county) == ["term_late"]
    assert rungs(owed) == [("term.soon", False), ("term.today", False), ("term.late", True)]
    with clock.at(NOON):
        (forgotten,) = agreed(county, 30)
    assert sweep(ADVISE + 60 * DAY) == 0
    assert rungs(forgotten)[-1] == ("term.advise", False)


def test_what_is_known_or_done_already_is_not_told(county: SmallCounty, owed: Term):
    with clock.at(NOON):
        # Who lets it take effect today knows what falls due today and in two days.
        today, soon = agreed(county, 0, 2)
    assert sweep(NOON) == 0
    # Saturday's is told on Friday.
    assert sweep(begins(9, 4)) == 2
    assert rungs(today) == [("term.soon", False), ("term.today", False), ("term.late", True)]
    assert heard(county) == ["term_today", "term_late"]
    with clock.at(begins(9, 4)):
        act(
            county,
            Role.MEDIATOR,
            performing.perform,
            term_id=soon.pk,
            on=clock.today(),
            text="已转账，有回单。",
            amount=soon.amount,
        )
    assert sweep(begins(9, 8)) == 0
    # All that the ladder asks is done: whoever keeps it needs no notice of it.
    keeps(county, owed, performing.remind, LATE)
    keeps(county, owed, performing.visit, LATE)
    keeps(county, owed, performing.advise, LATE)
    sweep(LATE + 12 * timedelta(hours=1))
    sweep(VISIT)
    assert [rung for rung, _told in rungs(owed)][-2:] == ["term.late", "term.visit"]
    with scope(county.actor(Role.MEDIATOR)):
        assert not Notice.objects.filter(subject_id=owed.pk).exists()


@pytest.mark.parametrize("over", ["closed", "withdrawn", "sealed"])
def test_of_a_matter_that_is_over_or_sealed_nobody_is_told(county: SmallCounty, owed: Term, over: str):
    with scope(EVERYWHERE):
        matter = Matter.objects.filter(pk=owed.matter_id)
        if over == "closed":
            matter.update(state="closed", step="settle")
        elif over == "withdrawn":
            matter.update(outcome="withdrawn")
    if over == "sealed":
        with clock.at(NOON):
            basis = {"basis": "治安管理处罚法第一百三十六条"}
            act(county, Role.DIRECTOR, sight.seal, matter_of(owed), **basis)
    assert sweep(LATE) == 0
    assert heard(county) == []


def matter_of(term: Term) -> Matter:
    with scope(EVERYWHERE):
        return Matter.objects.get(pk=term.matter_id)


def test_who_left_or_stepped_aside_is_not_told_and_of_a_restricted_matter_its_readers_alone(
    county: SmallCounty, owed: Term
):
    other = colleague(county, Role.MEDIATOR, "county")
    matter = matter_of(owed)
    with scope(EVERYWHERE):
        Recusal.objects.create(
            **of(matter),
            person_id=county.person(Role.MEDIATOR).pk,
            reason="是当事人的亲戚",
            recorded_by=other.pk,
            recorded_at=NOON,
        )
    assert sweep(SOON) == 1
    assert (heard(county), of_person(other)) == ([], ["term_soon"])
    Stationing.objects.filter(person=other).update(valid_until=date(2026, 9, 29))
    assert sweep(TODAY) == 1
    # Nobody is left who mediates: the leaders of the centre.
    assert heard(county) == [] and of_person(other) == ["term_soon"]
    assert heard(county, Role.DIRECTOR) == ["term_today"]
    with clock.at(TODAY):
        act(county, Role.DIRECTOR, sight.restrict_later, matter, reason="涉及未成年人")
    assert sweep(LATE) == 1
    assert heard(county, Role.DIRECTOR) == ["term_late", "term_today"]
    assert heard(county, Role.REGISTRAR) == heard(county) == []


# --- talks ---
def test_a_talk_is_told_on_the_working_day_before_once_and_the_new_one_after_it_moved(county: SmallCounty):
    other = colleague(county, Role.MEDIATOR, "county")
    with clock.at(NOON):
        matter = mediating(county)
        with scope(EVERYWHERE):
            matter.mediations.update(mediator=county.person(Role.MEDIATOR))
        helper = {"kind": HelperKind.MEDIATOR, "person_id": other.pk}
        act(county, Role.MEDIATOR, people.add_helper, matter, **helper)
        someone = [each.pk for each in parties_of(matter)]
        # Monday the 7th at ten, and one tomorrow, of which whoever plans it today knows.
        monday = plan(county, matter, someone, planned_at=begins(9, 7) + timedelta(hours=10))
        plan(county, matter, someone, planned_at=begins(9, 4) + timedelta(hours=15))
    assert sweep(begins(9, 4) - MINUTE) == 0
    assert sweep(begins(9, 4)) == 1
    assert heard(county) == of_person(other) == ["talk_soon"]
    with clock.at(begins(9, 4) + timedelta(hours=9)):
        moved = {"sitting_id": monday.pk, "why": "对方住院", "again_at": begins(9, 11)}
        act(county, Role.MEDIATOR, sitting.adjourn_sitting, matter, **moved)
    assert sweep(begins(9, 7)) == 0
    # Friday's is over, and nobody wrote down whether they talked; the one that moved is not yet near.
    assert sweep(begins(9, 8)) == 1
    assert heard(county)[0] == "talk_unwritten"
    assert sweep(begins(9, 10)) == 1
    assert heard(county)[0] == "talk_soon"
    with scope(EVERYWHERE):
        Mediation.objects.filter(matter_id=matter.pk).update(ended_at=NOON, result="expired")
    assert sweep(begins(9, 30)) == 0


# --- what others owe an answer for ---
def test_an_answer_that_is_late_is_told_to_who_asked_and_a_result_to_who_mediates(county: SmallCounty):
    by = date(2026, 9, 11)
    with clock.at(NOON):
        matter = mediating(county)
        with scope(EVERYWHERE):
            matter.mediations.update(mediator=county.person(Role.MEDIATOR))
        asked = referred(county, matter, "police", answer_by=by)
        referred(county, matter, "petition")
        came = taken_in(county, matter, "police_in", answer_by=by, who=Role.REGISTRAR)
        settled = mediating(county)
        gone = referred(county, settled, "police", answer_by=by)
    # Friday's is over when it ends: on Monday; what was handed in is told three working days before.
    assert sweep(begins(9, 8)) == 1
    assert heard(county, Role.REGISTRAR) == heard(county) == ["handed_in_soon"]
    with clock.at(begins(9, 9)):
        act(county, Role.REGISTRAR, settling.withdraw, settled, reason="双方已自行和好")
    assert sweep(begins(9, 14) - MINUTE) == 0
    assert sweep(begins(9, 14)) == 2
    assert (
        set(heard(county, Role.REGISTRAR)[:2]) == set(heard(county)[:2]) == {"answer_late", "handed_in_late"}
    )
    assert (rungs(asked), rungs(came)[-1]) == ([("answer.late", True)], ("handed_in.late", True))
    assert rungs(gone) == []
    assert heard(county, Role.DIRECTOR) == []


def test_what_the_court_asked_its_hearing_and_the_parties_own_time(county: SmallCounty):
    with clock.at(NOON):
        matter, agreement = confirmable(county)
        oral, unable = confirmable(county, body="administrative")
    with scope(EVERYWHERE):
        end = Clock.objects.get(matter_id=matter.pk, limit="mediation.confirm_apply")
    assert (end.yellow_at, end.due_at) == (begins(9, 29), begins(10, 9))
    # The other's cannot be confirmed by any court, and nobody is told of it.
    # The holidays put the last three working days before that: it is told once. The two wages are near too.
    assert sweep(SOON) == 3
    assert sorted(heard(county)) == ["confirm_soon", "term_soon", "term_soon"]
    assert sweep(end.yellow_at) == 0
    assert rungs(end) == [("confirm.last", True), ("confirm.soon", False)]
    with clock.at(begins(9, 29)):
        case = filed(county, matter, prepared(county, agreement))
        until = date(2026, 10, 12)
        said = {"on": clock.today(), "until": date(2026, 10, 9), "text": "补交身份证明"}
        act(county, Role.DIRECTOR, tracking.ask_more, case_id=case.pk, **said)
        act(county, Role.DIRECTOR, tracking.supply, case_id=case.pk, on=clock.today(), text="已补交")
    with clock.at(begins(9, 29) + MINUTE):
        act(county, Role.DIRECTOR, tracking.ask_more, case_id=case.pk, **(said | {"until": until}))
    # It was filed, so the thirty days are of no interest any more; only the last day that the court set counts.
    assert sweep(begins(9, 30)) == 2
    assert heard(county)[:2] == ["term_today", "term_today"]
    assert sweep(begins(10, 8)) == 3
    assert sorted(heard(county)[:3]) == ["supply_soon", "term_late", "term_late"]
    with clock.at(begins(10, 8)):
        act(county, Role.DIRECTOR, tracking.supply, case_id=case.pk, on=clock.today(), text="已补交")
        hears = {"on": clock.today(), "until": date(2026, 10, 13)}
        act(county, Role.DIRECTOR, tracking.docket, case_id=case.pk, on=clock.today(), number="民特1号")
        act(county, Role.DIRECTOR, tracking.hear, case_id=case.pk, **hears)
    assert sweep(begins(10, 12)) == 1
    assert heard(county)[0] == "hearing_soon"
    with scope(EVERYWHERE):
        assert CourtNote.objects.filter(chase_at=None).exclude(until=None).count() == 1


def test_a_consultation_waits_for_opinions_and_a_lawyer_for_a_party(county: SmallCounty):
    with clock.at(NOON):
        matter = mediating(county)
        meets = begins(9, 8) + timedelta(hours=9)
        consultation = called(county, matter, COURT, meets_at=meets)
    assert sweep(begins(9, 7)) == 1
    # In the posts in which they take part, and the chair.
    assert heard(county, *COURT) == heard(county, Role.DIRECTOR) == ["consultation_soon"]
    assert heard(county) == []
    with clock.at(begins(9, 7)):
        does(county, COURT, advising.reply, consultation, answer="comes")
    assert sweep(begins(9, 11)) == 1
    assert heard(county, *COURT)[0] == "consultation_waits"
    assert heard(county, Role.DIRECTOR) == ["consultation_soon"]
    with clock.at(begins(9, 11)), scope(county.actor(Role.DIRECTOR)) as leads:
        Appointment.objects.create(
            **of(matter),
            centre_id=leads.centre_id,
            lawyer=a_talent(leads),
            party=matter.parties.first(),
            starts_at=begins(9, 16) + timedelta(hours=10),
            booked_by=county.person(Role.MEDIATOR).pk,
            booked_at=clock.now(),
        )
    assert sweep(begins(9, 15)) == 1
    assert heard(county) == ["lawyer_soon"]


# --- cost ---
def test_with_nothing_due_a_sweep_is_one_statement(county: SmallCounty, django_assert_num_queries: Any):
    with clock.at(NOON), django_assert_num_queries(1):
        agreed_days.sweep()


@pytest.mark.parametrize("terms", [1, 6])
def test_a_chunk_costs_the_same_however_many_are_in_it(
    county: SmallCounty, django_assert_num_queries: Any, terms: int
):
    with clock.at(NOON):
        agreed(county, *[30] * terms)
        sweep(NOON)
    # Which county; a savepoint and the walls, there and back; the terms, what was told of them, the county's
    # calendar; what was reached and the next looks; notes and mediators, who is in post, who stepped aside; the
    # notices.
    with clock.at(LATE), django_assert_num_queries(15):
        tell_of_days(timestamp=0)
    assert len(heard(county)) == terms
