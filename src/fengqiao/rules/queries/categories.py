"""The two-level list of dispute categories (rules/data/categories.csv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language

DATA = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True)
class Category:
    """A category: two digits for the first level, four for the second."""

    code: str
    name_zh: str
    name_en: str
    mediation_report: str
    valid_from: date
    valid_until: date | None

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh

    @property
    def is_leaf(self) -> bool:
        return len(self.code) == 4


@lru_cache(maxsize=1)
def all_categories() -> dict[str, Category]:
    """Every category that ever was, by code, in the order of the list."""
    with (DATA / "categories.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return {
        row["code"]: Category(
            code=row["code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            mediation_report=row["mediation_report"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        )
        for row in rows
    }


def in_force(on: date) -> list[Category]:
    """The categories in force on a day."""
    return [
        c
        for c in all_categories().values()
        if c.valid_from <= on and (c.valid_until is None or on <= c.valid_until)
    ]


def is_leaf(code: str) -> bool:
    """Whether this is a second-level category that a matter may carry."""
    return code in all_categories() and all_categories()[code].is_leaf


def label(code: str) -> str:
    """ "First level / second level" in the reader's language; the bare code when it is unknown."""
    known = all_categories()
    if code not in known:
        return code
    if len(code) == 2:
        return known[code].name
    return f"{known[code[:2]].name} / {known[code].name}"
