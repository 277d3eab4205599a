"""Which facts may stand on the accountability list (rules/data/accountability.csv): the program shows, people enter."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from fengqiao.rules.queries.categories import DATA

# Where in the ledger a fact is seen. A column "stops_on" tells limits apart by what ends them; "*" takes the rest.
SOURCES = frozenset({"clock", "assignment", "return", "visit"})
REST = "*"


@dataclass(frozen=True)
class AccountabilityRule:
    """A row: ``n`` working days after the end of what was owed the fact may be entered; ``reply_n`` to reply in."""

    id: str
    kind: str
    source: str
    stops_on: frozenset[str]
    n: int
    reply_n: int
    basis: str
    version: int
    valid_from: date
    valid_until: date | None
    verified: str
    note: str

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@lru_cache(maxsize=1)
def all_rules() -> dict[str, AccountabilityRule]:
    """Every row by its id, in the order of the table; ``ValueError`` names one that cannot be used."""
    with (DATA / "accountability.csv").open(newline="", encoding="utf-8") as handle:
        return rules_of(csv.DictReader(handle))


def rules_of(rows: Iterable[dict[str, str]]) -> dict[str, AccountabilityRule]:
    """The rules that these rows say."""
    found: dict[str, AccountabilityRule] = {}
    for row in rows:
        rule = _rule(row)
        if rule.id in found:
            raise ValueError(f"{rule.id} stands twice")
        found[rule.id] = rule
    return found


def of_source(source: str, day: date) -> list[AccountabilityRule]:
    """The rows for a source that hold on a day, in the order of the table."""
    return [rule for rule in all_rules().values() if rule.source == source and rule.holds_on(day)]


def of_clock(stops_with: frozenset[str], day: date) -> AccountabilityRule | None:
    """The first row that names one of the facts with which a limit stops, else the one for the rest."""
    for rule in of_source("clock", day):
        if REST in rule.stops_on or rule.stops_on & stops_with:
            return rule
    return None


def _rule(row: dict[str, str]) -> AccountabilityRule:
    name = row["id"]
    for column in ("id", "kind", "basis", "valid_from"):
        if not row[column].strip():
            raise ValueError(f"{name or '?'}: {column} is empty")
    if row["source"] not in SOURCES:
        raise ValueError(f"{name}: the ledger has no source {row['source']!r}")
    if (row["source"] == "clock") != bool(row["stops_on"].strip()):
        raise ValueError(f"{name}: stops_on belongs to clocks, and each of those has it")
    if not row["n"].isdigit() or not row["reply_n"].isdigit() or int(row["reply_n"]) < 1:
        raise ValueError(f"{name}: n and reply_n are whole numbers, and nobody replies within none")
    return AccountabilityRule(
        id=name,
        kind=row["kind"],
        source=row["source"],
        stops_on=frozenset(each.strip() for each in row["stops_on"].split("|") if each.strip()),
        n=int(row["n"]),
        reply_n=int(row["reply_n"]),
        basis=row["basis"],
        version=int(row["version"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        verified=row["verified"],
        note=row["note"],
    )
