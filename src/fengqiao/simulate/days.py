"""The days of the play: how many come, and the hours at which people are at work."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from fengqiao.kernel import clock

SATURDAY = 5
# A weekend brings 0.4 of a working day; the factor makes a week's average what was asked for.
WORKING_DAY = 7 / (5 + 2 * 0.4)
WEEKEND_DAY = WORKING_DAY * 0.4


def arrivals(seed: int, day: date, per_day: float) -> list[int]:
    """The numbers of the matters that come on a day: the day's own, whatever was played before it."""
    rng = Random(f"{seed}|{day}|arrivals")  # noqa: S311  a play, not a secret
    usual = per_day * (WEEKEND_DAY if day.weekday() >= SATURDAY else WORKING_DAY)
    count = max(1, round(usual * rng.uniform(0.88, 1.12)))
    return [int(f"{day:%y%m%d}{each:04d}") for each in range(1, count + 1)]


def day_of(number: int) -> date:
    """The day on which a number comes."""
    return datetime.strptime(str(number)[:6], "%y%m%d").date()  # noqa: DTZ007  a day, not a moment


def office_hours(day: date, rng: Random) -> datetime:
    """A moment of a working day: the morning from half past eight, or the afternoon from two."""
    if rng.random() < 0.6:
        return at(day, 8 * 60 + 30) + timedelta(seconds=rng.randint(0, 200 * 60))
    return at(day, 14 * 60) + timedelta(seconds=rng.randint(0, 195 * 60))


def evening_hours(day: date, rng: Random) -> datetime:
    """A moment between seven and ten."""
    return at(day, 19 * 60) + timedelta(seconds=rng.randint(0, 180 * 60))


def at(day: date, minutes: int) -> datetime:
    """The moment so many minutes after midnight, in Shanghai."""
    return datetime.combine(day, time(), clock.SHANGHAI) + timedelta(minutes=minutes)
