"""The ten key fields (十大重点领域) in which a county keeps people who can be asked (rules/data/key-fields.csv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import get_language

from fengqiao.rules.queries.categories import DATA


@dataclass(frozen=True)
class KeyField:
    """A key field; ``categories`` are the beginnings of the codes of categories that it covers."""

    id: str
    name_zh: str
    name_en: str
    categories: tuple[str, ...]
    source: str
    valid_from: date
    valid_until: date | None

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


@lru_cache(maxsize=1)
def all_key_fields() -> dict[str, KeyField]:
    """Every field that ever was, by its id, in the order of the list."""
    with (DATA / "key-fields.csv").open(newline="", encoding="utf-8") as handle:
        return {
            row["id"]: KeyField(
                id=row["id"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                categories=tuple(row["categories"].split()),
                source=row["source"],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            )
            for row in csv.DictReader(handle)
        }


def key_fields_on(day: date) -> list[KeyField]:
    """The fields of a day."""
    return [
        each
        for each in all_key_fields().values()
        if each.valid_from <= day and (each.valid_until is None or day <= each.valid_until)
    ]


def key_field_of(category: str, day: date) -> str:
    """The field that a category belongs to, by the longest beginning; empty where it belongs to none."""
    fits = [
        (len(start), each.id)
        for each in key_fields_on(day)
        for start in each.categories
        if category.startswith(start)
    ]
    return max(fits)[1] if fits else ""
