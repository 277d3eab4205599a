"""Who may mediate on what footing, and what is asked before an agreement is written down (rules/data/*.csv)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import get_language

from fengqiao.rules.queries.categories import DATA
from fengqiao.rules.queries.mediation_telling import ToTell, to_tell_of

CHOICES = {
    "confirms": {"yes", "no"},
    "fee": {"free", "may_charge", "unsaid"},
    "recusal": {"must", "decided"},
    "effect": {"all", "parties"},
    "seals": {"yes", "no"},
}


@dataclass(frozen=True)
class MediatingBody:
    """A row of mediation-bodies.csv: a kind of organisation, and what the law lets it ground.

    ``kind_zh``: what its papers call it; ``confirms``: whether its agreement can be confirmed by a court;
    ``fee``: free, may_charge or unsaid; ``recusal``: whether a mediator whom a party does not want must be replaced,
    or it is decided; ``effect``: on whose last mark a written agreement takes effect; ``seals``: whether its seal
    belongs to the paper; ``not_for``: categories, or first levels of them, that it may not mediate.
    """

    id: str
    name_zh: str
    name_en: str
    kind_zh: str
    confirms: bool
    fee: str
    recusal: str
    effect: str
    seals: bool
    not_for: tuple[str, ...]
    seal_zh: str
    seal_en: str
    basis: str
    valid_from: date
    valid_until: date | None
    verified: str
    note: str

    @property
    def by_parties(self) -> bool:
        """Whether an agreement takes effect on the day of the parties' own last mark."""
        return self.effect == "parties"

    def may_mediate(self, category: str) -> bool:
        """Whether quarrels of a category are open to it; one that is not known yet is."""
        return not any(category.startswith(each) for each in self.not_for)

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_en if _is_english() else self.name_zh

    @property
    def seal(self) -> str:
        """Whose seal its papers bear, in the reader's language."""
        return self.seal_en if _is_english() else self.seal_zh


@lru_cache(maxsize=1)
def all_bodies() -> dict[str, MediatingBody]:
    """Every kind by its id; ``ValueError`` names a row that cannot be used."""
    with (DATA / "mediation-bodies.csv").open(newline="", encoding="utf-8") as handle:
        return bodies_of(csv.DictReader(handle))


def bodies_of(rows: Iterable[dict[str, str]]) -> dict[str, MediatingBody]:
    """The kinds that these rows tell of."""
    found: dict[str, MediatingBody] = {}
    for row in rows:
        for column, allowed in CHOICES.items():
            if row[column] not in allowed:
                raise ValueError(f"{row['id'] or '?'}: {column} is {row[column]!r}")
        if not row["basis"].strip() or row["id"] in found:
            raise ValueError(f"{row['id'] or '?'}: no basis, or it stands twice")
        read = {
            "confirms": row["confirms"] == "yes",
            "seals": row["seals"] == "yes",
            "not_for": tuple(each for each in row["not_for"].split("|") if each),
            "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_until": date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        }
        found[row["id"]] = MediatingBody(**(row | read))  # type: ignore[arg-type]
    return found


def bodies_on(day: date) -> list[MediatingBody]:
    """The kinds that the law knows on a day."""
    return [
        each
        for each in all_bodies().values()
        if each.valid_from <= day and (each.valid_until is None or day <= each.valid_until)
    ]


@lru_cache(maxsize=1)
def asks() -> dict[str, ToTell]:
    """What is asked before an agreement is written down, by its id."""
    with (DATA / "mediation-asks.csv").open(newline="", encoding="utf-8") as handle:
        return {each.id: each for each in to_tell_of(csv.DictReader(handle))}


def advice_on(day: date) -> list[ToTell]:
    """The ways that parties are told of where mediation fails (人民调解法 第26条), as they hold on a day."""
    return [each for each in _advice() if each.valid_from <= day <= (each.valid_until or day)]


@lru_cache(maxsize=1)
def _advice() -> tuple[ToTell, ...]:
    with (DATA / "mediation-advice.csv").open(newline="", encoding="utf-8") as handle:
        return to_tell_of(csv.DictReader(handle))


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
