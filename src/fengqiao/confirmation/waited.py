"""What is waited for around a court: what it asked the parties for, the day on which it hears them, and the parties'
own time to apply for confirmation and for enforcement, of which they are reminded by whoever keeps the matter."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from fengqiao.agreements.enums import AgreementState, Way
from fengqiao.agreements.models import Agreement
from fengqiao.clocks.domain.agreed_days import Waited, When, whole_day
from fengqiao.clocks.enums import AgreedDay, ClockState
from fengqiao.clocks.models import Clock
from fengqiao.clocks.queries.going_on import GOES_ON
from fengqiao.confirmation.enums import AT_COURT, CaseKind, CaseState, CourtAction
from fengqiao.confirmation.limits import APPLY, ENFORCE, last_day
from fengqiao.confirmation.models import CourtCase, CourtNote
from fengqiao.kernel import clock
from fengqiao.mediation.models import Footing
from fengqiao.rules.queries.mediation_bodies import all_bodies


def _said(action: CourtAction) -> QuerySet[CourtNote, Any]:
    """The last of its kind in a case: a new day takes the place of the one before."""
    later = CourtNote.objects.filter(
        case_id=OuterRef("case_id"), action=action, recorded_at__gt=OuterRef("recorded_at")
    )
    return CourtNote.objects.filter(GOES_ON, action=action, until__isnull=False).exclude(Exists(later))


def _asked_for() -> QuerySet[CourtNote, Any]:
    return _said(CourtAction.ASK_MORE).filter(case__state=CaseState.ASKED)


def _heard() -> QuerySet[CourtNote, Any]:
    return _said(CourtAction.HEAR).filter(case__state__in=AT_COURT)


def _when(note: Any) -> When:
    return whole_day(note.until, note.recorded_at)


def _to_apply() -> QuerySet[Clock, Any]:
    return _running(APPLY)


def _to_enforce() -> QuerySet[Clock, Any]:
    return _running(ENFORCE)


def _running(limit: str) -> QuerySet[Clock, Any]:
    return Clock.objects.filter(GOES_ON, state=ClockState.RUNNING, limit=limit, due_at__isnull=False)


def _can_be_confirmed(clocks: QuerySet[Clock]) -> QuerySet[Clock, Any]:
    """While there is still time, of a written agreement that a court can confirm and that the parties did not keep
    from it: who mediated is what the footing that counts says, and where nobody wrote it down, still open."""
    able = [each.id for each in all_bodies().values() if each.confirms]
    given_up = CourtCase.objects.filter(
        agreement_id=OuterRef("pk"), kind=CaseKind.CONFIRMATION, state=CaseState.DROPPED
    )
    newest = Footing.objects.filter(mediation_id=OuterRef("mediation_id")).order_by("-recorded_at", "-id")
    agreements = Agreement.objects.annotate(body=Subquery(newest.values("body")[:1])).filter(
        Q(body=None) | Q(body__in=able),
        ~Exists(given_up),
        matter_id=OuterRef("matter_id"),
        state=AgreementState.EFFECTIVE,
        way=Way.WRITTEN,
    )
    return clocks.filter(Exists(agreements), due_at__gt=clock.now())


def _confirmed(clocks: QuerySet[Clock]) -> QuerySet[Clock, Any]:
    """While there is still time, of what a court has confirmed."""
    ruled = CourtCase.objects.filter(matter_id=OuterRef("matter_id"), state=CaseState.CONFIRMED)
    return clocks.filter(Exists(ruled), due_at__gt=clock.now())


def _ends(running: Any) -> When:
    return When(last_day(running.due_at), running.due_at, running.started_at, running.yellow_at)


def _to_come(notes: QuerySet[CourtNote]) -> QuerySet[CourtNote, Any]:
    return notes.filter(until__gte=clock.today())


AT_COURTS, CLOCKS = "confirmation_days_due", "clocks_days_due"
SUPPLIES = Waited(kind=AgreedDay.SUPPLY, where=AT_COURTS, field="until", rows=_asked_for, when=_when)
HEARINGS = Waited(
    kind=AgreedDay.HEARING, where=AT_COURTS, field="until", rows=_heard, when=_when, of_interest=_to_come
)
CONFIRM = Waited(
    kind=AgreedDay.CONFIRM,
    where=CLOCKS,
    field="due_at",
    rows=_to_apply,
    when=_ends,
    of_interest=_can_be_confirmed,
)
ENFORCE_BY = Waited(
    kind=AgreedDay.ENFORCE,
    where=CLOCKS,
    field="due_at",
    rows=_to_enforce,
    when=_ends,
    of_interest=_confirmed,
)
