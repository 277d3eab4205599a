"""What a sampled file is held against (rules/data/checklist.csv): questions with their source, all proposals."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from fengqiao.rules.queries.categories import DATA

EVERY = "*"


@dataclass(frozen=True)
class Item:
    """A question about a closed file, asked where the outcome is one of ``outcomes`` (``*``: of every file)."""

    id: str
    question: str
    outcomes: frozenset[str]
    source: str
    version: int
    valid_from: date
    valid_until: date | None
    verified: str
    note: str


@lru_cache(maxsize=1)
def all_items() -> dict[str, Item]:
    """Every question by its id, in the order of the table; ``ValueError`` names one that cannot be used."""
    with (DATA / "checklist.csv").open(newline="", encoding="utf-8") as handle:
        return items_of(csv.DictReader(handle))


def items_of(rows: Iterable[dict[str, str]]) -> dict[str, Item]:
    """The questions that these rows say."""
    found: dict[str, Item] = {}
    for row in rows:
        name = row["id"]
        if name in found:
            raise ValueError(f"{name} stands twice")
        for column in ("id", "question", "outcomes", "source", "valid_from"):
            if not row[column].strip():
                raise ValueError(f"{name or '?'}: {column} is empty")
        found[name] = Item(
            id=name,
            question=row["question"],
            outcomes=frozenset(row["outcomes"].split("|")),
            source=row["source"],
            version=int(row["version"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            verified=row["verified"],
            note=row["note"],
        )
    return found


def items_for(outcome: str, day: date) -> list[Item]:
    """The questions that are asked of a file with this outcome on a day."""
    return [
        item
        for item in all_items().values()
        if (EVERY in item.outcomes or outcome in item.outcomes)
        and item.valid_from <= day
        and (item.valid_until is None or day <= item.valid_until)
    ]
