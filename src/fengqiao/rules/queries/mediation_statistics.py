"""The categories and origins of the justice department's mediation statistics (rules/data/mediation-statistics.csv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from fengqiao.rules.queries.categories import DATA, all_categories

OTHER = "other"


@dataclass(frozen=True)
class Line:
    """A line of the form's list. ``asks``: the channels or the initiative that an origin stands for."""

    id: str
    name_zh: str
    name_en: str
    asks: tuple[str, ...]
    source: str

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


@lru_cache(maxsize=1)
def _lines() -> dict[str, tuple[Line, ...]]:
    found: dict[str, list[Line]] = {"category": [], "origin": []}
    with (DATA / "mediation-statistics.csv").open(newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            asks = tuple(filter(None, row["asks"].split("|")))
            line = Line(row["id"], row["name_zh"], row["name_en"], asks, row["source"])
            found[row["kind"]].append(line)
    return {kind: tuple(lines) for kind, lines in found.items()}


def report_categories() -> tuple[Line, ...]:
    """The eighteen kinds of disputes, in the form's order."""
    return _lines()["category"]


def origins() -> tuple[Line, ...]:
    """Where a mediation came from, in the form's order."""
    return _lines()["origin"]


@lru_cache(maxsize=1)
def unreached() -> tuple[Line, ...]:
    """Kinds to which no category of the ledger leads: their numbers are always nought."""
    reached = {each.mediation_report for each in all_categories().values()}
    return tuple(each for each in report_categories() if each.name_zh not in reached)


def report_category(code: str) -> str:
    """The kind under which a category of the ledger is reported; ``OTHER`` where it leads to none."""
    return _by_code().get(code, OTHER)


@lru_cache(maxsize=1)
def _by_code() -> dict[str, str]:
    by_name = {each.name_zh: each.id for each in report_categories()}
    return {each.code: by_name.get(each.mediation_report, OTHER) for each in all_categories().values()}


@lru_cache(maxsize=64)
def origin_of(channel: str, initiative: str) -> str:
    """Handed over by another body, by the channel of registration; else by whose initiative, or not recorded."""
    for each in origins():
        if channel in each.asks or f"initiative:{initiative}" in each.asks:
            return each.id
    return "unsaid"
