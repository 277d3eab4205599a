"""Who of the lawyers sits at a centre when, and which half hours are still free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from fengqiao.kernel import clock
from fengqiao.kernel.clock import SHANGHAI
from fengqiao.pool.enums import AppointmentState, ChangeKind
from fengqiao.pool.models import Appointment, Talent, Turn, TurnChange

SLOT = timedelta(minutes=30)
GIVEN = Q(state__in=[AppointmentState.MOVED, AppointmentState.CANCELLED])
# Two weeks, today among them.
AHEAD = 13


@dataclass(frozen=True)
class OnDuty:
    """Hours of a lawyer at a centre on one day. ``shown_as`` is empty where they did not agree to be named."""

    centre_id: UUID
    lawyer_id: UUID
    begins: time
    ends: time
    shown_as: str

    def covers(self, moment: time) -> bool:
        return self.begins <= moment < self.ends


@dataclass(frozen=True)
class Slot:
    """A half hour of a lawyer that nobody has, as far as the asking post sees."""

    lawyer: Talent
    starts_at: datetime


def turns_of(centre_id: UUID, day: date) -> QuerySet[Turn]:
    """The weekly hours of a centre that hold on a day or later."""
    found = Turn.objects.filter(centre_id=centre_id).exclude(valid_until__lt=day)
    return found.select_related("lawyer").order_by("weekday", "begins", "id")


def changes_of(centre_id: UUID, day: date) -> QuerySet[TurnChange]:
    """The exceptions from a day on."""
    return TurnChange.objects.filter(centre_id=centre_id, day__gte=day).select_related("lawyer")


def duty(day: date, *, until: date | None = None, **where: Any) -> dict[date, list[OnDuty]]:
    """Who sits where on a day, or on each day to another: two statements, asked in a visitor's scope too.

    ``where`` narrows both the roster and its exceptions: a centre, a lawyer.
    """
    last = until or day
    turns = list(Turn.objects.filter(**where, valid_from__lte=last).exclude(valid_until__lt=day))
    changes = list(TurnChange.objects.filter(**where, day__gte=day, day__lte=last))
    off = {(each.centre_id, each.lawyer_id, each.day) for each in changes if each.kind == ChangeKind.OFF}
    told: dict[date, list[OnDuty]] = {}
    for on in (day + timedelta(days=number) for number in range((last - day).days + 1)):
        weekly = [
            _on(each)
            for each in turns
            if each.weekday == on.isoweekday()
            and each.valid_from <= on
            and (each.valid_until is None or on <= each.valid_until)
            and (each.centre_id, each.lawyer_id, on) not in off
        ]
        extra = [_on(each) for each in changes if each.kind == ChangeKind.EXTRA and each.day == on]
        told[on] = sorted((*weekly, *extra), key=lambda each: (str(each.centre_id), each.begins))
    return told


def on_duty_now(centre_id: UUID) -> list[OnDuty]:
    """Who sits at a centre at this moment."""
    moment = clock.now().astimezone(SHANGHAI)
    today = duty(moment.date(), centre_id=centre_id)[moment.date()]
    return [each for each in today if each.covers(moment.time())]


def free_slots(centre_id: UUID, *, days: int = AHEAD) -> list[Slot]:
    """The half hours of the next days that nobody has, of those that have not begun."""
    today = clock.today()
    last = today + timedelta(days=days)
    offered = duty(today, until=last, centre_id=centre_id)
    people = {each.lawyer_id for each_day in offered.values() for each in each_day}
    lawyers = Talent.objects.defer("telephone").in_bulk(people)
    given = set(
        Appointment.objects.exclude(GIVEN)
        .filter(lawyer_id__in=people, starts_at__gte=clock.now())
        .values_list("lawyer_id", "starts_at")
    )
    now = clock.now()
    found: dict[tuple[datetime, UUID], Slot] = {}
    for day, sitting in offered.items():
        for each in sitting:
            lawyer = lawyers.get(each.lawyer_id)
            if lawyer is None or day > lawyer.valid_until:
                continue
            start = datetime.combine(day, each.begins, SHANGHAI)
            end = datetime.combine(day, each.ends, SHANGHAI)
            while start + SLOT <= end:
                if start > now and (lawyer.pk, start) not in given:
                    found[start, lawyer.pk] = Slot(lawyer, start)
                start += SLOT
    return [found[key] for key in sorted(found, key=lambda key: (key[0], str(key[1])))]


def centres_with_lawyers(day: date) -> set[UUID]:
    """The centres at which lawyers sit in the weekly roster of a day or later."""
    return set(Turn.objects.exclude(valid_until__lt=day).values_list("centre_id", flat=True))


def lawyers_to_enter(county: str) -> QuerySet[Talent]:
    """The lawyers of the pool."""
    found = Talent.objects.filter(county=county, profession="lawyer", valid_until__gte=clock.today())
    return found.defer("telephone").order_by("name", "id")


def _on(each: Turn | TurnChange) -> OnDuty:
    assert each.begins is not None and each.ends is not None  # noqa: S101  extra hours have both
    return OnDuty(each.centre_id, each.lawyer_id, each.begins, each.ends, each.shown_as)
