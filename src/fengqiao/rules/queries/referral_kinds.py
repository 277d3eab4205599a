"""To which offices a matter is referred, and by which it is handed in (rules/data/referral-kinds.csv)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from fengqiao.rules.queries.categories import DATA
from fengqiao.rules.queries.words import in_readers_language

CHOICES = {
    "direction": {"in", "out"},
    "consent": {"yes", "no"},
    "at_once": {"yes", "no"},
    "tells": {"", "need", "danger", "payer"},
}


@dataclass(frozen=True)
class ReferralKind:
    """A row: what passes between the centre and an office outside its dispatches.

    ``consent``: one party's need is told, which that party has to agree to. ``tells``: what else is written down:
    whose need, which danger, who pays. ``at_once``: taken in with the signature for the papers. ``on_sent``,
    ``on_accepted``, ``on_ended`` are the facts that limits are counted by, ``limits`` those that run meanwhile;
    ``pauses`` is the ground on which other limits rest meanwhile, where their own rows know it. ``body`` is the row
    of mediation-bodies.csv whose footing the mediation has then.
    """

    id: str
    name_zh: str
    is_out: bool
    office_zh: str
    basis_zh: str
    consent: bool
    tells: str
    at_once: bool
    on_sent: str
    on_accepted: str
    on_ended: str
    limits: tuple[str, ...]
    pauses: str
    body: str
    outcomes: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    verified: str
    note_zh: str

    @property
    def name(self) -> str:
        """In the reader's language."""
        return in_readers_language(self.name_zh)

    @property
    def office(self) -> str:
        """Which office answers, in the reader's language."""
        return in_readers_language(self.office_zh)

    @property
    def basis(self) -> str:
        """In the reader's language."""
        return in_readers_language(self.basis_zh)

    @property
    def note(self) -> str:
        """What the table says beside it, in the reader's language."""
        return in_readers_language(self.note_zh)


@lru_cache(maxsize=1)
def all_kinds() -> dict[str, ReferralKind]:
    """Every kind by its id, in the order of the table; ``ValueError`` names a row that cannot be used."""
    with (DATA / "referral-kinds.csv").open(newline="", encoding="utf-8") as handle:
        return kinds_of(csv.DictReader(handle))


def kinds_on(day: date) -> list[ReferralKind]:
    """Those that hold on a day."""
    return [
        each
        for each in all_kinds().values()
        if each.valid_from <= day and (each.valid_until is None or day <= each.valid_until)
    ]


def kinds_of(rows: Iterable[dict[str, str]]) -> dict[str, ReferralKind]:
    """The kinds that these rows tell of."""
    found: dict[str, ReferralKind] = {}
    for row in rows:
        name = row["id"] or "?"
        for column, allowed in CHOICES.items():
            if row[column] not in allowed:
                raise ValueError(f"{name}: {column} is {row[column]!r}")
        if not row["basis"].strip() or not row["outcomes"] or name in found:
            raise ValueError(f"{name}: no basis, no outcome, or it stands twice")
        found[name] = ReferralKind(
            id=name,
            name_zh=row["name"],
            is_out=row["direction"] == "out",
            office_zh=row["office"],
            basis_zh=row["basis"],
            consent=row["consent"] == "yes",
            at_once=row["at_once"] == "yes",
            limits=tuple(each for each in row["limits"].split("|") if each),
            outcomes=tuple(row["outcomes"].split("|")),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            verified=row["verified"],
            note_zh=row["note"],
            **{name: row[name] for name in ("tells", "on_sent", "on_accepted", "on_ended", "pauses", "body")},
        )
    return found
