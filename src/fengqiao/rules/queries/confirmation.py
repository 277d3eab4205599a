"""Judicial confirmation as the law says it: what bars it, which courts are open, why courts refuse, what goes in
(rules/data/confirmation-*.csv)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from fengqiao.rules.queries.categories import DATA
from fengqiao.rules.queries.mediation_telling import ToTell, to_tell_of

ANY = "*"
LEVELS = ("basic", "intermediate")
NEEDS = {"must", "where", "agents"}


@dataclass(frozen=True)
class Venue:
    """A ground on which a court is open. ``invited``: whether it holds where a court invited the mediation;
    ``level``: of which level the court is, ``*`` for any."""

    said: ToTell
    invited: bool
    level: str


@dataclass(frozen=True)
class PacketPaper:
    """A paper that a court is given. ``form``: what the program prints of it; ``words``: how a material that is one
    is recognised; ``need``: ``must``, ``where`` it applies, or where there are ``agents``."""

    said: ToTell
    kind: str
    form: str
    words: tuple[str, ...]
    need: str


@lru_cache(maxsize=1)
def all_bars() -> dict[str, ToTell]:
    """What stands in the way of confirmation (民诉法解释 第355条), as questions, by id."""
    return {each.id: each for each in to_tell_of(_rows("confirmation-bars.csv"))}


def bars_on(day: date) -> list[ToTell]:
    """What is asked on a day."""
    return [each for each in all_bars().values() if holds(each, day)]


@lru_cache(maxsize=1)
def all_refusals() -> dict[str, ToTell]:
    """The grounds on which a court refuses, by id."""
    return {each.id: each for each in to_tell_of(_rows("confirmation-refusals.csv"))}


@lru_cache(maxsize=1)
def all_venues() -> dict[str, Venue]:
    """The grounds on which a court is open (民事诉讼法 第205条), by id."""
    return venues_of(_rows("confirmation-venues.csv"))


def venues_of(rows: Iterable[Mapping[str, str]]) -> dict[str, Venue]:
    """The grounds that these rows tell of; ``ValueError`` names one that cannot be used."""
    found = {}
    for row in rows:
        if row["level"] not in (*LEVELS, ANY) or row["invited"] not in ("yes", "no"):
            raise ValueError(f"{row['id']}: level or invited cannot be read")
        plain = {name: value for name, value in row.items() if name not in ("level", "invited")}
        [said] = to_tell_of([plain])
        found[said.id] = Venue(said, row["invited"] == "yes", row["level"])
    return found


def venues_open(*, invited: bool, day: date) -> list[Venue]:
    """The grounds that are open to an agreement: of a mediation that a court invited, or of any other."""
    return [each for each in all_venues().values() if each.invited == invited and holds(each.said, day)]


@lru_cache(maxsize=1)
def packet_papers() -> tuple[PacketPaper, ...]:
    """What a court is given, in order, for each kind of case."""
    found = []
    for row in _rows("confirmation-packet.csv"):
        if row["need"] not in NEEDS:
            raise ValueError(f"{row['id']}: need is {row['need']!r}")
        plain = {name: row[name] for name in ToTell.__dataclass_fields__}
        [said] = to_tell_of([plain])
        words = tuple(filter(None, row["words"].split("|")))
        found.append(PacketPaper(said, row["kind"], row["form"], words, row["need"]))
    return tuple(found)


def holds(each: ToTell, day: date) -> bool:
    """Whether a row is in force on a day."""
    return each.valid_from <= day and (each.valid_until is None or day <= each.valid_until)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))
