"""Days that people agreed on, for whoever looks at what comes: what a sweep tells of, before it does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, QuerySet

from fengqiao.clocks.counting import midnight_after
from fengqiao.clocks.domain.agreed_days import watched
from fengqiao.clocks.enums import AgreedDay
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter

MOST = 100


@dataclass(frozen=True)
class Coming:
    """A day of one kind with its matter; ``row`` is what it stands on. ``is_over``: it has passed."""

    kind: AgreedDay
    day: date
    matter: Matter
    row: Any
    is_over: bool


def coming(
    matters: QuerySet[Matter, Any], until: date, *, without: Collection[AgreedDay] = (), most: int = MOST
) -> list[Coming]:
    """What is waited for in these matters up to the end of a day, the earliest first; a statement for each kind."""
    now = clock.now()
    found: list[Coming] = []
    for waited in watched():
        if waited.kind in without:
            continue
        rows = waited.to_be_heard().filter(matter__in=matters).select_related("matter")
        is_a_day = type(rows.model._meta.get_field(waited.field)) is DateField
        end: object = until if is_a_day else midnight_after(until)
        rows = rows.filter(**{f"{waited.field}__lte": end}).order_by(waited.field, "pk")
        for row in rows[:most]:
            when = waited.when(row)
            found.append(Coming(waited.kind, when.day, row.matter, row, when.over_at <= now))
    return sorted(found, key=lambda each: (each.day, each.matter.code))[:most]


def next_worked(day: date, county: str) -> date:
    """The next day that is worked after a day, by the county's calendar."""
    return county_calendar(county).nth_worked(day, 1)
