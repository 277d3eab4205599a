"""The limits of the trade (rules/data/limits.csv): each with its basis, and whether it binds a county."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from django.utils.translation import gettext as _

from fengqiao.rules.queries.categories import DATA
from fengqiao.rules.queries.words import in_readers_language

EVERYWHERE = "*"
COUNTY_DIGITS = 6


class Acts(StrEnum):
    """What a limit does: a body's lights up and may be chased; an applicant's only reminds; a court's is only shown."""

    LIGHTS = "lights"
    REMINDS = "reminds"
    SHOWN = "shown"


@dataclass(frozen=True)
class Limit:
    """A row of the table. ``division`` is the beginning of the counties' codes where it binds, ``*`` everywhere.

    An empty ``division`` is a sample from elsewhere: a proposal for the county's own table, in force nowhere.
    ``valid_from`` is None where the day on which the basis took effect has not been checked.
    """

    id: str
    procedure: str
    step: str
    n: int
    unit: str
    starts_on: str
    duty_holder: str
    kind: str
    territory: str
    division: str
    applies_when: str
    pauses_on: tuple[str, ...]
    restarts_on: tuple[str, ...]
    extension: tuple[int, str] | None
    approver: str
    consent: str
    rolls_over: bool
    acts: Acts
    legal_basis: str
    version: int
    valid_from: date | None
    valid_until: date | None
    verified: str
    note: str

    @property
    def name(self) -> str:
        """What has to be done by then, in the reader's language."""
        return in_readers_language(self.step)

    @property
    def title(self) -> str:
        """The same with the procedure that it belongs to."""
        return f"{in_readers_language(self.procedure)} · {self.name}"

    @property
    def basis(self) -> str:
        """The basis in the reader's language; what is printed names ``legal_basis``."""
        return in_readers_language(self.legal_basis)


@lru_cache(maxsize=1)
def all_limits() -> dict[str, Limit]:
    """Every row by its id, in the order of the table; ``ValueError`` names a row that cannot be used."""
    with (DATA / "limits.csv").open(newline="", encoding="utf-8") as handle:
        return limits_of(csv.DictReader(handle))


def limits_of(rows: Iterable[dict[str, str]]) -> dict[str, Limit]:
    """The limits that these rows say. ``ValueError`` for one without start, that stands twice or has a bad number."""
    found: dict[str, Limit] = {}
    for row in rows:
        limit = _limit(row)
        if limit.id in found:
            raise ValueError(f"{limit.id} stands twice")
        found[limit.id] = limit
    return found


def binds(limit: Limit, county: str, on: date) -> tuple[bool, str]:
    """Whether the limit is in force in a county on a day, and why (not), in the reader's language."""
    if len(county) != COUNTY_DIGITS or not county.isdigit():
        raise ValueError(f"not a county's code: {county!r}")
    if not limit.division:
        if limit.verified == "proposal":
            return False, _("只是建议：本县没有把它列入自己的时限表。")
        return False, _("外地样本，只是建议：本县没有把它列入自己的时限表。")
    if limit.division != EVERYWHERE and not county.startswith(limit.division):
        return False, _("只在%(territory)s施行，%(county)s不在其内。") % {
            "territory": limit.territory,
            "county": county,
        }
    if limit.valid_from is not None and on < limit.valid_from:
        return False, _("%(day)s 起施行。") % {"day": limit.valid_from.isoformat()}
    if limit.valid_until is not None and on > limit.valid_until:
        return False, _("%(day)s 后不再施行。") % {"day": limit.valid_until.isoformat()}
    if limit.division == EVERYWHERE:
        return True, _("全国施行。")
    return True, _("%(county)s在%(territory)s。") % {"territory": limit.territory, "county": county}


@lru_cache(maxsize=4096)
def in_force(county: str, on: date) -> dict[str, Limit]:
    """The limits that bind a county on a day, by their ids: the one way to ask for what clocks run by."""
    return {limit.id: limit for limit in all_limits().values() if binds(limit, county, on)[0]}


def _limit(row: dict[str, str]) -> Limit:
    name = row["id"]
    for column in ("id", "starts_on", "legal_basis", "duty_holder", "unit", "kind"):
        if not row[column].strip():
            raise ValueError(f"{name or '?'}: {column} is empty")
    if not row["n"].isdigit() or int(row["n"]) < 1:
        raise ValueError(f"{name}: n must be a whole number above 0, not {row['n']!r}")
    since, until = _day(row["valid_from"]), _day(row["valid_until"])
    if since and until and until < since:
        raise ValueError(f"{name}: it ends before it begins")
    return Limit(
        id=name,
        procedure=row["procedure"],
        step=row["step"],
        n=int(row["n"]),
        unit=row["unit"],
        starts_on=row["starts_on"],
        duty_holder=row["duty_holder"],
        kind=row["kind"],
        territory=row["territory"],
        division=row["division"],
        applies_when=row["applies_when"],
        pauses_on=_codes(row["pauses_on"]),
        restarts_on=_codes(row["restarts_on"]),
        extension=(int(row["extension_max"]), row["extension_unit"]) if row["extension_max"] else None,
        approver=row["approver"],
        consent=row["consent"],
        rolls_over=row["rolls_over"] == "yes",
        acts=Acts(row["acts"]),
        legal_basis=row["legal_basis"],
        version=int(row["version"]),
        valid_from=since,
        valid_until=until,
        verified=row["verified"],
        note=row["note"],
    )


def _codes(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split("|") if each.strip())


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
