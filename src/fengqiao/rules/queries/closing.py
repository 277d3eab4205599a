"""What closing needs: outcome × evidence (rules/data/closing.csv). One row that holds is enough."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache

from fengqiao.rules.queries.categories import DATA

# How often somebody must have tried to reach a petitioner before a matter may close without a visit.
ATTEMPTS_BEFORE_UNREACHABLE = 3


@dataclass(frozen=True)
class ClosingRule:
    id: str
    outcomes: frozenset[str]
    evidence: tuple[str, ...]
    note: str
    source: str


@lru_cache(maxsize=1)
def closing_rules() -> tuple[ClosingRule, ...]:
    """The table, in its order."""
    with (DATA / "closing.csv").open(newline="", encoding="utf-8") as handle:
        return tuple(
            ClosingRule(
                id=row["id"],
                outcomes=frozenset(row["outcomes"].split("|")),
                evidence=tuple(e for e in row["evidence"].split("|") if e),
                note=row["note"],
                source=row["source"],
            )
            for row in csv.DictReader(handle)
        )


def rules_for(outcome: str) -> list[ClosingRule]:
    """The rows that could close a matter with this outcome."""
    return [rule for rule in closing_rules() if outcome in rule.outcomes]
