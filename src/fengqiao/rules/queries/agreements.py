"""What a mediator is asked before an agreement is signed, and what is told where a term is not performed
(rules/data/agreement-questions.csv, default-advice.csv)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from fengqiao.rules.queries.categories import DATA

EVERY = "*"


@dataclass(frozen=True)
class Question:
    """Something that may not be agreed, as a question to the mediator. It warns and blocks nothing."""

    id: str
    question: str
    basis: str
    version: int
    valid_from: date
    valid_until: date | None
    verified: str
    note: str


@dataclass(frozen=True)
class Advice:
    """A way that the law leaves to a creditor. ``categories`` are beginnings of dispute codes, ``within_days`` days
    from the agreement's effect, the day of effect not counted; None: at any time."""

    id: str
    advice: str
    categories: frozenset[str]
    kinds: frozenset[str]
    within_days: int | None
    basis: str
    version: int
    valid_from: date
    valid_until: date | None
    verified: str
    note: str

    def fits(self, *, category: str, kind: str, days: int) -> bool:
        """Whether a term of this kind in a matter of this category, so many days after effect, has this way."""
        return (
            (EVERY in self.categories or any(category.startswith(each) for each in self.categories))
            and (EVERY in self.kinds or kind in self.kinds)
            and (self.within_days is None or days <= self.within_days)
        )


@lru_cache(maxsize=1)
def all_questions() -> dict[str, Question]:
    """Every question by its id, in the order of the table; ``ValueError`` names a row that cannot be used."""
    return {
        row["id"]: Question(id=row["id"], question=row["question"], note=row["note"], **_held(row))
        for row in _rows("agreement-questions.csv", ("id", "question", "basis"))
    }


@lru_cache(maxsize=1)
def all_advice() -> dict[str, Advice]:
    """Every way by its id, in the order of the table; ``ValueError`` names a row that cannot be used."""
    return {
        row["id"]: Advice(
            id=row["id"],
            advice=row["advice"],
            categories=frozenset(row["categories"].split("|")),
            kinds=frozenset(row["kinds"].split("|")),
            within_days=int(row["within_days"]) if row["within_days"] else None,
            note=row["note"],
            **_held(row),
        )
        for row in _rows("default-advice.csv", ("id", "advice", "categories", "kinds", "basis"))
    }


def questions_on(day: date) -> list[Question]:
    """What is asked on a day."""
    return [each for each in all_questions().values() if _holds(each, day)]


def advice_for(*, category: str, kind: str, effective_on: date, day: date) -> list[Advice]:
    """The ways that stand open on a day to whom a term of this kind is owed."""
    days = (day - effective_on).days
    return [
        each
        for each in all_advice().values()
        if _holds(each, day) and each.fits(category=category, kind=kind, days=days)
    ]


def checked(rows: Iterable[Mapping[str, str]], needed: Iterable[str]) -> list[Mapping[str, str]]:
    """The rows, each with an id of its own and nothing empty that is needed."""
    found: dict[str, Mapping[str, str]] = {}
    for row in rows:
        if row["id"] in found:
            raise ValueError(f"{row['id']} stands twice")
        for column in needed:
            if not row[column].strip():
                raise ValueError(f"{row['id'] or '?'}: {column} is empty")
        found[row["id"]] = row
    return list(found.values())


def _rows(name: str, needed: Iterable[str]) -> list[Mapping[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as handle:
        return checked(csv.DictReader(handle), needed)


def _held(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "basis": row["basis"],
        "version": int(row["version"]),
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_until": date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        "verified": row["verified"],
    }


def _holds(each: Question | Advice, day: date) -> bool:
    return each.valid_from <= day and (each.valid_until is None or day <= each.valid_until)
