"""What belongs into a mediation dossier, in which order, required or not by the outcome (rules/data/dossier.csv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from fengqiao.rules.queries.categories import DATA

OUTCOMES = ("written", "oral", "failed", "running")
# The longer one, until somebody has said otherwise: what is kept too long can still be disposed of.
USUAL = "thirty"


@dataclass(frozen=True)
class Place:
    """One place of the order.

    ``forms`` of the program lie there, and materials whose purpose or name has one of ``words``; the place
    without forms and words takes the materials that no other has. ``asks`` names the fact without which an
    optional form would be an empty sheet. ``needed`` holds the outcomes under which it must be there.
    """

    id: str
    place: int
    title: str
    forms: tuple[str, ...]
    words: tuple[str, ...]
    asks: str
    belongs: frozenset[str]
    needed: frozenset[str]
    source: str


@lru_cache(maxsize=1)
def dossier_order() -> tuple[Place, ...]:
    """The table, in the order of the dossier."""
    with (DATA / "dossier.csv").open(newline="", encoding="utf-8") as handle:
        return tuple(
            Place(
                id=row["id"],
                place=int(row["place"]),
                title=row["title"],
                forms=tuple(filter(None, row["forms"].split("|"))),
                words=tuple(filter(None, row["words"].split("|"))),
                asks=row["asks"],
                belongs=frozenset(o for o in OUTCOMES if row[o]),
                needed=frozenset(o for o in OUTCOMES if row[o] == "must"),
                source=row["source"],
            )
            for row in csv.DictReader(handle)
        )


@dataclass(frozen=True)
class Retention:
    """How long a dossier is kept; ``years`` is ``None`` for ever."""

    id: str
    years: int | None
    title: str
    source: str

    def last_day(self, archived: date) -> date | None:
        """Periods run from the first of January after the year of archiving."""
        return date(archived.year + self.years, 12, 31) if self.years else None


@lru_cache(maxsize=1)
def retentions() -> dict[str, Retention]:
    """The periods of rules/data/retention.csv."""
    with (DATA / "retention.csv").open(newline="", encoding="utf-8") as handle:
        return {
            row["id"]: Retention(
                row["id"], int(row["years"]) if row["years"] else None, row["title"], row["source"]
            )
            for row in csv.DictReader(handle)
        }
