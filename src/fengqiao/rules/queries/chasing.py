"""Who is reminded of a limit, and when (rules/data/chasing.csv): the person, then the lead, then the director.

A row is a rung: counted from when the limit turns yellow or ends, so much later, these posts are told. Each has
its reason; no statute says whom to remind, so all of them are proposals. Only limits that light are chased; what a
party, a court, a procuratorate or an arbitration commission owes has no row and may have none.

Days that people agreed on (``day.term``, ``day.talk`` …) are no limits: who keeps the matter is told before such a day,
on it and after it, and nobody is chased for it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from fengqiao.accounts.enums import Role
from fengqiao.rules.queries.categories import DATA
from fengqiao.rules.queries.running import OWED_BY, all_running

# Whose limits may be chased at all: never a party's, never a court's.
CHASED = OWED_BY - {"party", "court"}
NAMES = frozenset({"owed_by", "limit", "stops_with"})
COUNTED_FROM = frozenset({"yellow", "day", "due"})
# How the ids of days begin that people agreed on.
DAY = "day."
STEPS = ("person", "lead", "director")
# The receivers are whoever a direct report was sent to and has not read it.
PLACES = frozenset({"department", "centre", "receivers"})
UNITS = frozenset({"hour", "working_day"})


@dataclass(frozen=True)
class Asked:
    """What a rung asks of a limit: who owes it, how its id begins, or a fact that ends it."""

    name: str
    value: str
    wanted: bool

    def holds(self, limit: str, owed_by: str, stops_with: frozenset[str]) -> bool:
        if self.name == "limit":
            found = limit.startswith(self.value)
        else:
            found = self.value == owed_by if self.name == "owed_by" else self.value in stops_with
        return found is self.wanted


@dataclass(frozen=True)
class Rung:
    """One row. ``after`` is how long after the instant it is told, None at once; negative: so long before the day.

    ``at`` says where the posts are: the department that owes it, the centre that holds the matter, or the receivers
    of a direct report. ``says`` is the kind of the notice.
    """

    id: str
    applies_to: tuple[Asked, ...]
    counted_from: str
    after: tuple[int, str] | None
    step: str
    at: str
    roles: frozenset[Role]
    says: str
    reason: str
    source: str
    proposed_on: date


@lru_cache(maxsize=1)
def all_rungs() -> dict[str, Rung]:
    """Every row by its id, in the order of the table; ``ValueError`` names a row that cannot be used."""
    with (DATA / "chasing.csv").open(newline="", encoding="utf-8") as handle:
        return rungs_of(csv.DictReader(handle))


@lru_cache(maxsize=1024)
def chased_by(limit: str, owed_by: str) -> tuple[Rung, ...]:
    """The rungs of a limit that this one owes; none where nobody is chased for it."""
    if owed_by not in CHASED:
        return ()
    running = all_running().get(limit)
    stops_with = running.stops_with if running else frozenset[str]()
    return tuple(
        rung
        for rung in all_rungs().values()
        if all(asked.holds(limit, owed_by, stops_with) for asked in rung.applies_to)
    )


@lru_cache(maxsize=64)
def rungs_of_day(name: str) -> tuple[Rung, ...]:
    """The rungs of a day that people agreed on (``day.term``), in the order of the table."""
    return tuple(rung for rung in all_rungs().values() if Asked("limit", name, True) in rung.applies_to)


def rungs_of(rows: Iterable[dict[str, str]]) -> dict[str, Rung]:
    """The rungs that these rows say."""
    found: dict[str, Rung] = {}
    for row in rows:
        rung = _rung(row)
        if rung.id in found:
            raise ValueError(f"{rung.id} stands twice")
        found[rung.id] = rung
    return found


def _rung(row: dict[str, str]) -> Rung:
    name = row["id"]
    for column in ("id", "applies_to", "roles", "says", "reason", "source", "proposed_on"):
        if not row[column].strip():
            raise ValueError(f"{name or '?'}: {column} is empty")
    for column, known in (("counted_from", COUNTED_FROM), ("step", STEPS), ("at", PLACES)):
        if row[column] not in known:
            raise ValueError(f"{name}: {column} cannot be {row[column]!r}")
    roles = _parts(row["roles"], "|")
    if strange := [each for each in roles if each not in Role.values]:
        raise ValueError(f"{name}: there is no post {strange[0]!r}")
    applies_to = tuple(_asked(name, each) for each in _parts(row["applies_to"], "&"))
    if row["at"] == "department" and Asked("owed_by", "department", True) not in applies_to:
        raise ValueError(f"{name}: only what a department owes has a department to be told")
    days = [each for each in applies_to if each.name == "limit" and each.value.startswith(DAY)]
    if (row["counted_from"] == "day" and not days) or (days and row["step"] != "person"):
        raise ValueError(
            f"{name}: only days that were agreed on have a day, and only who has them in hand is told"
        )
    return Rung(
        id=name,
        applies_to=applies_to,
        counted_from=row["counted_from"],
        after=_after(name, row["after"], row["counted_from"]),
        step=row["step"],
        at=row["at"],
        roles=frozenset(Role(each) for each in roles),
        says=row["says"],
        reason=row["reason"],
        source=row["source"],
        proposed_on=date.fromisoformat(row["proposed_on"]),
    )


def _asked(name: str, text: str) -> Asked:
    asked, _colon, value = text.removeprefix("!").partition(":")
    if asked not in NAMES or not value:
        raise ValueError(f"{name}: nobody can tell {text!r} of a limit")
    if asked == "owed_by" and value not in CHASED:
        raise ValueError(f"{name}: what {value!r} owes is never chased")
    return Asked(asked, value, not text.startswith("!"))


def _after(name: str, text: str, counted_from: str) -> tuple[int, str] | None:
    if not text:
        return None
    n, _blank, unit = text.partition(" ")
    if counted_from == "day":
        if not n.startswith("-") or not n[1:].isdigit() or int(n) > -1 or unit != "working_day":
            raise ValueError(f"{name}: so many working days before the day, not {text!r}")
        return int(n), unit
    if not n.isdigit() or int(n) < 1 or unit not in UNITS:
        raise ValueError(f"{name}: so many hours or working days after, not {text!r}")
    return int(n), unit


def _parts(text: str, by: str) -> list[str]:
    return [each.strip() for each in text.split(by) if each.strip()]
