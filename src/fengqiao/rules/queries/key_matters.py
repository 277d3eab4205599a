"""When a matter is put on a list of key matters, and how often it is looked at then (rules/data/key-matters.csv).

A row is a circumstance of the matter (many people touched, a limit that is over), never of a person.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import get_language

from fengqiao.rules.queries.categories import DATA

WORKING_DAY, CALENDAR_DAY = "working_day", "calendar_day"
UNITS = frozenset({WORKING_DAY, CALENDAR_DAY})
KINDS = frozenset({"key", "old_petition"})


@dataclass(frozen=True)
class KeyGround:
    """A row: matters of this circumstance are looked at every so many days; ``warn`` working days before it presses.

    ``basis`` is where it is written; what of it is a proposal says ``note``.
    """

    id: str
    kind: str
    name_zh: str
    name_en: str
    every: int
    unit: str
    warn: int
    basis: str
    version: int
    valid_from: date
    valid_until: date | None
    verified: str
    note: str

    @property
    def name(self) -> str:
        """The circumstance in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


@lru_cache(maxsize=1)
def all_grounds() -> dict[str, KeyGround]:
    """Every row by its id, in the order of the table; ``ValueError`` names one that cannot be used."""
    with (DATA / "key-matters.csv").open(newline="", encoding="utf-8") as handle:
        return grounds_of(csv.DictReader(handle))


def grounds_of(rows: Iterable[dict[str, str]]) -> dict[str, KeyGround]:
    """The circumstances that these rows say."""
    found: dict[str, KeyGround] = {}
    for row in rows:
        ground = _ground(row)
        if ground.id in found:
            raise ValueError(f"{ground.id} stands twice")
        found[ground.id] = ground
    return found


def grounds_on(day: date) -> list[KeyGround]:
    """The rows that hold on a day."""
    return [
        each
        for each in all_grounds().values()
        if each.valid_from <= day and (each.valid_until is None or day <= each.valid_until)
    ]


def _ground(row: dict[str, str]) -> KeyGround:
    name = row["id"]
    for column in ("id", "kind", "name_zh", "name_en", "basis", "valid_from"):
        if not row[column].strip():
            raise ValueError(f"{name or '?'}: {column} is empty")
    if row["kind"] not in KINDS:
        raise ValueError(f"{name}: there is no list {row['kind']!r}")
    if row["unit"] not in UNITS:
        raise ValueError(f"{name}: counted in days of the calendar or in working days, not {row['unit']!r}")
    for column in ("every", "warn"):
        if not row[column].isdigit() or int(row[column]) < 1:
            raise ValueError(f"{name}: {column} must be a whole number above 0, not {row[column]!r}")
    return KeyGround(
        id=name,
        kind=row["kind"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        every=int(row["every"]),
        unit=row["unit"],
        warn=int(row["warn"]),
        basis=row["basis"],
        version=int(row["version"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        verified=row["verified"],
        note=row["note"],
    )
