"""What is waited for around a court: what it asked the parties for, the day on which it hears them, and the parties'
own time to apply for confirmation and for enforcement, of which they are reminded by whoever keeps the matter."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from fengqiao.clocks.domain.agreed_days import GOES_ON, Waited, When, whole_day
from fengqiao.clocks.enums import ClockState
from fengqiao.clocks.models import Clock
from fengqiao.confirmation.enums import AT_COURT, CaseState, CourtAction
from fengqiao.confirmation.limits import APPLY, ENFORCE, last_day
from fengqiao.confirmation.models import CourtNote


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


def _ends(clock: Any) -> When:
    return When(last_day(clock.due_at), clock.due_at, clock.started_at, clock.yellow_at)


SUPPLIES = Waited(name="day.supply", where="confirmation_days_due", rows=_asked_for, when=_when)
HEARINGS = Waited(name="day.hearing", where="confirmation_days_due", rows=_heard, when=_when)
CONFIRM = Waited(name="day.confirm", where="clocks_days_due", rows=_to_apply, when=_ends)
ENFORCE_BY = Waited(name="day.enforce", where="clocks_days_due", rows=_to_enforce, when=_ends)
