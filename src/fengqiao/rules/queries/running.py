"""How each limit runs on a matter (rules/data/running.csv): on which, from which fact, until which, who owes it.

limits.csv says what the law says, in its own words; this table ties those words to the facts that this program
knows, and says when a limit turns yellow, with the reason (a proposal: no statute has one).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from fengqiao.accounts.enums import Role
from fengqiao.rules.queries.categories import DATA


@dataclass(frozen=True)
class Term:
    """One thing asked of a matter or of the fact that starts; a category is asked by its first digits."""

    name: str
    value: str
    wanted: bool

    def holds(self, known: Mapping[str, str]) -> bool:
        said = known[self.name]
        is_so = said.startswith(self.value) if self.name == "category" else said == self.value
        return is_so is self.wanted


# What may be asked: facts of the matter and of the dispatch, never of a person.
NAMES = frozenset({"track", "channel", "category", "department", "part"})
OWED_BY = frozenset({"centre", "department", "mediation", "authority", "party", "court"})
UNITS = frozenset({"hour", "calendar_day", "working_day"})


@dataclass(frozen=True)
class Running:
    """``applies_to``: one of these groups must hold as a whole; none given holds always.

    ``yellow``: so much before the end, or when this share of the whole limit is left; None where the limit never
    turns yellow. A share fits whatever length a county sets. ``extended_by``: the posts at the
    centre that holds the matter of which one enters an extension; empty where nobody here can grant one.
    """

    id: str
    applies_to: tuple[tuple[Term, ...], ...]
    starts_with: frozenset[str]
    stops_with: frozenset[str]
    owed_by: str
    yellow: tuple[int, str] | Fraction | None
    yellow_reason: str
    extended_by: frozenset[str] = frozenset()

    def applies(self, known: Mapping[str, str]) -> bool:
        """Whether the limit is one for this matter and this start."""
        for group in self.applies_to:
            for term in group:
                if not term.holds(known):
                    break
            else:
                return True
        return not self.applies_to


@lru_cache(maxsize=1)
def all_running() -> dict[str, Running]:
    """Every row by the limit's id, in the order of the table; ``ValueError`` names a row that cannot be used."""
    with (DATA / "running.csv").open(newline="", encoding="utf-8") as handle:
        return running_of(csv.DictReader(handle))


def running_of(rows: Iterable[dict[str, str]]) -> dict[str, Running]:
    """How these rows say that limits run."""
    found: dict[str, Running] = {}
    for row in rows:
        name = row["id"]
        if name in found:
            raise ValueError(f"{name} stands twice")
        if not row["starts_with"].strip() or not row["stops_with"].strip():
            raise ValueError(f"{name}: without a start or an end")
        if row["owed_by"] not in OWED_BY:
            raise ValueError(f"{name}: nobody is called {row['owed_by']!r}")
        found[name] = Running(
            id=name,
            applies_to=tuple(_group(name, group) for group in _parts(row["applies_to"], "|")),
            starts_with=frozenset(_parts(row["starts_with"], "|")),
            stops_with=frozenset(_parts(row["stops_with"], "|")),
            owed_by=row["owed_by"],
            yellow=_yellow(name, row["yellow"]),
            yellow_reason=row["yellow_reason"],
            extended_by=_posts(name, row.get("extended_by", "")),
        )
    return found


def _group(name: str, text: str) -> tuple[Term, ...]:
    terms = []
    for each in _parts(text, "&"):
        asked, _colon, value = each.removeprefix("!").partition(":")
        if asked not in NAMES or not value:
            raise ValueError(f"{name}: nobody can tell {each!r} of a matter")
        terms.append(Term(asked, value, not each.startswith("!")))
    return tuple(terms)


def _yellow(name: str, text: str) -> tuple[int, str] | Fraction | None:
    if not text:
        return None
    part, stroke, whole = text.partition("/")
    if stroke:
        if not (part.isdigit() and whole.isdigit() and 0 < int(part) < int(whole)):
            raise ValueError(f"{name}: a share lies between nothing and the whole, {text!r} does not")
        return Fraction(int(part), int(whole))
    n, _blank, unit = text.partition(" ")
    if not n.isdigit() or int(n) < 1 or unit not in UNITS:
        raise ValueError(f"{name}: yellow is so many hours or days, not {text!r}")
    return int(n), unit


def _posts(name: str, text: str) -> frozenset[str]:
    posts = frozenset(_parts(text, "|"))
    if unknown := posts - set(Role):
        raise ValueError(f"{name}: there is no post {min(unknown)!r}")
    return posts


def _parts(text: str, by: str) -> list[str]:
    return [each.strip() for each in text.split(by) if each.strip()]
