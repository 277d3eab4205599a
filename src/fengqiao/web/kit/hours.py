"""Days of the week and hours, as one says them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

DAYS = [(str(number + 1), name) for number, name in WEEKDAYS.items()]


def days_in_words(days: Iterable[int]) -> str:
    """Days 1 (Monday) to 7, runs of three and more as "from … to …"."""
    told: list[str] = []
    run: list[int] = []
    for day in [*sorted(set(days)), 0]:
        if run and day != run[-1] + 1:
            names = [str(WEEKDAYS[each - 1]) for each in run]
            if len(run) > 2:
                names = [_("%(first)s至%(last)s") % {"first": names[0], "last": names[-1]}]
            told += names
            run = []
        run.append(day)
    return _("、").join(told)


def hours_in_words(*spans: tuple[time | None, time | None]) -> str:
    """One or two spans of a day; a span without a beginning is none."""
    return _("，").join(f"{begin:%H:%M}–{end:%H:%M}" for begin, end in spans if begin and end)
