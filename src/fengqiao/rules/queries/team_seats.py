"""Which seats a three-person group of either kind and a task force have (rules/data/team-seats.csv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from fengqiao.rules.queries.categories import DATA

TEAMS = frozenset({"village", "major", "force"})


@dataclass(frozen=True)
class Seat:
    """A seat: ``many`` hold it at once, else one; ``body`` is the kind of department that a post in it belongs to."""

    team: str
    seat: str
    name_zh: str
    name_en: str
    many: bool
    body: str
    basis: str

    @property
    def name(self) -> str:
        """The seat in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


@lru_cache(maxsize=1)
def all_seats() -> dict[tuple[str, str], Seat]:
    """Every seat by team and code, in the order of the table."""
    with (DATA / "team-seats.csv").open(newline="", encoding="utf-8") as handle:
        return {
            (row["team"], row["seat"]): Seat(
                row["team"],
                row["seat"],
                row["name_zh"],
                row["name_en"],
                bool(row["many"]),
                row["body"],
                row["basis"],
            )
            for row in csv.DictReader(handle)
        }


def seats_of(team: str) -> list[Seat]:
    """The seats of one kind."""
    return [each for each in all_seats().values() if each.team == team]
