"""When a limit turns yellow: so much, or such a share of it, is left."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil

from fengqiao.clocks.counting import (
    HOUR,
    Deadline,
    Facts,
    Length,
    Terms,
    Unit,
    day_of,
    days_wanted,
    lengths,
    midnight_after,
)
from fengqiao.kernel.working_days import ONE_DAY, Calendar


def warned(found: Deadline, ahead: Length, calendar: Calendar) -> datetime | None:
    """The instant from which only ``ahead`` is left; None while nobody can say when the limit ends.

    So many working days are left from the beginning of the day on which that many, with it, are still to come.
    """
    if found.due is None or found.last_day is None:
        return None
    if ahead.unit is Unit.HOUR:
        return found.due - ahead.n * HOUR
    if ahead.unit is Unit.DAY:
        return found.due - timedelta(days=ahead.n)
    if ahead.unit is not Unit.WORKING_DAY:
        raise ValueError("what is left is told in hours or days")
    return midnight_after(calendar.nth_worked_back(found.last_day, ahead.n) - ONE_DAY)


def share_of(share: Fraction, terms: Terms, facts: Facts) -> Length:
    """How much is left when this share of the whole limit is: whole days, rounded up; of less than one day its hours.

    Extensions belong to the whole where they are of the limit's own kind of days. Months and years are as many
    days as they have from the start.
    """
    whole_and_more = lengths(terms, facts)
    if terms.length.unit is Unit.HOUR:
        return Length(ceil(share * sum(each.n for each in whole_and_more)), Unit.HOUR)
    unit = Unit.WORKING_DAY if terms.length.unit is Unit.WORKING_DAY else Unit.DAY
    whole = sum(
        days_wanted(each, day_of(facts.start))
        for each in whole_and_more
        if (each.unit is Unit.WORKING_DAY) == (unit is Unit.WORKING_DAY)
    )
    left = share * whole
    return Length(ceil(left * 24), Unit.HOUR) if left < 1 else Length(ceil(left), unit)
