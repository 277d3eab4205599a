"""When a rung of supervision may be proposed (rules/data/supervision.csv): the program shows it and never acts."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from fengqiao.rules.queries.categories import DATA

UNIT = "working_day"


@dataclass(frozen=True)
class SupervisionRule:
    """A row: on the ``n``-th working day after a fact of this kind (``ground``) the rung may be proposed.

    ``answer_n`` working days the department has to be heard before the decision, ``report_n`` after it to report
    (none where another body goes on). ``basis`` is where it is written; what of it is a proposal says ``note``.
    """

    id: str
    rung: str
    ground: str
    n: int
    answer_n: int
    report_n: int | None
    basis: str
    version: int
    valid_from: date
    valid_until: date | None
    verified: str
    note: str


@lru_cache(maxsize=1)
def all_rules() -> dict[str, SupervisionRule]:
    """Every row by its id, in the order of the table; ``ValueError`` names one that cannot be used."""
    with (DATA / "supervision.csv").open(newline="", encoding="utf-8") as handle:
        return rules_of(csv.DictReader(handle))


def rules_of(rows: Iterable[dict[str, str]]) -> dict[str, SupervisionRule]:
    """The rules that these rows say."""
    found: dict[str, SupervisionRule] = {}
    for row in rows:
        rule = _rule(row)
        if rule.id in found:
            raise ValueError(f"{rule.id} stands twice")
        found[rule.id] = rule
    return found


def rules_on(day: date, rung: str) -> list[SupervisionRule]:
    """The rows for a rung that hold on a day."""
    return [
        rule
        for rule in all_rules().values()
        if rule.rung == rung
        and rule.valid_from <= day
        and (rule.valid_until is None or day <= rule.valid_until)
    ]


def _rule(row: dict[str, str]) -> SupervisionRule:
    name = row["id"]
    for column in ("id", "rung", "ground", "basis", "valid_from"):
        if not row[column].strip():
            raise ValueError(f"{name or '?'}: {column} is empty")
    if row["unit"] != UNIT:
        raise ValueError(f"{name}: only working days are counted, not {row['unit']!r}")
    for column in ("n", "answer_n", *(["report_n"] if row["report_n"] else [])):
        if not row[column].isdigit() or int(row[column]) < 1:
            raise ValueError(f"{name}: {column} must be a whole number above 0, not {row[column]!r}")
    return SupervisionRule(
        id=name,
        rung=row["rung"],
        ground=row["ground"],
        n=int(row["n"]),
        answer_n=int(row["answer_n"]),
        report_n=int(row["report_n"]) if row["report_n"] else None,
        basis=row["basis"],
        version=int(row["version"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        verified=row["verified"],
        note=row["note"],
    )
