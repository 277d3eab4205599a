"""What each party is told before mediation begins (rules/data/mediation-telling.csv), with where it is written."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import get_language

from fengqiao.rules.queries.categories import DATA


@dataclass(frozen=True)
class ToTell:
    """A row: one thing a party is told. ``verified`` is empty until the text of the law was held beside it."""

    id: str
    name_zh: str
    name_en: str
    basis: str
    valid_from: date
    valid_until: date | None
    verified: str
    note: str

    @property
    def name(self) -> str:
        """What is told, in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


@lru_cache(maxsize=1)
def all_to_tell() -> tuple[ToTell, ...]:
    """Every row, in the order of the table; ``ValueError`` names one that cannot be used."""
    with (DATA / "mediation-telling.csv").open(newline="", encoding="utf-8") as handle:
        return to_tell_of(csv.DictReader(handle))


def to_tell_of(rows: Iterable[dict[str, str]]) -> tuple[ToTell, ...]:
    """What these rows say is told."""
    found: dict[str, ToTell] = {}
    for row in rows:
        for column in ("id", "name_zh", "name_en", "basis", "valid_from"):
            if not row[column].strip():
                raise ValueError(f"{row['id'] or '?'}: {column} is empty")
        if row["id"] in found:
            raise ValueError(f"{row['id']} stands twice")
        dates = {
            "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_until": date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        }
        found[row["id"]] = ToTell(**(row | dates))  # type: ignore[arg-type]
    return tuple(found.values())


def to_tell_on(day: date) -> list[ToTell]:
    """What is told on a day."""
    return [
        each
        for each in all_to_tell()
        if each.valid_from <= day and (each.valid_until is None or day <= each.valid_until)
    ]
