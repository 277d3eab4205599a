"""A county's own limits (本县自设时限): what may stand in its table, and which hold there on a day.

What comes with the program is a proposal, marked as such: it binds no county that has not taken it into a version
of its own table (ADR 0036); the hours of a direct report alone hold until a county sets others. The versions are
kept as those of the decision tables are.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fengqiao.rules.deciding import Row, row_from
from fengqiao.rules.enums import OwnTable, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.rules.queries.categories import DATA
from fengqiao.rules.queries.limits import Limit, all_limits, binds, in_force

UNITS = frozenset({"hour", "calendar_day", "working_day"})
# Of a limit that a county has set: neither from a text of law nor from another place.
OWN = "own"


@dataclass(frozen=True)
class Item:
    """A limit that a county may set: in which units, and within which limits of statutes for the same thing.

    ``reason`` and ``taken_from`` are the proposal's: why there is such a limit, and where its length comes from.
    ``source`` is "proposal": no text of law has it.
    """

    id: str
    units: tuple[str, ...]
    within: tuple[str, ...]
    reason: str
    source: str
    taken_from: str
    proposed_on: date


@dataclass(frozen=True)
class OwnLimits:
    """A published version of a county's table with its days, the last one included."""

    number: int
    since: date
    until: date | None
    limits: Mapping[str, Limit]

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


@lru_cache(maxsize=1)
def items() -> dict[str, Item]:
    """What a county may set, in the order of the table; ``ValueError`` names a row that cannot be used."""
    found: dict[str, Item] = {}
    with (DATA / "internal.csv").open(newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            name = row["id"]
            units, within = _parts(row["units"]), _parts(row["within"])
            if name not in all_limits() or name in found:
                raise ValueError(f"{name}: no limit of that name, or it stands twice")
            if not units or not set(units) <= UNITS or all_limits()[name].unit not in units:
                raise ValueError(
                    f"{name}: its units are {', '.join(sorted(UNITS))}, the proposed one among them"
                )
            if unknown := set(within) - set(all_limits()):
                raise ValueError(f"{name}: there is no limit {min(unknown)!r}")
            found[name] = Item(
                id=name,
                units=units,
                within=within,
                reason=row["reason"],
                source=row["source"],
                taken_from=row["taken_from"],
                proposed_on=date.fromisoformat(row["proposed_on"]),
            )
    return found


def proposed_rows() -> tuple[Row, ...]:
    """The table as the program proposes it: what a county's first draft begins as."""
    return tuple(
        Row(
            id=item.id,
            then={"n": str(all_limits()[item.id].n), "unit": all_limits()[item.id].unit},
            reason=item.reason,
            basis=all_limits()[item.id].legal_basis,
        )
        for item in items().values()
    )


def version_in_force(county: str, on: date) -> TableVersion | None:
    """The county's version of that day, with who wrote and who approved it; None where it has none."""
    found = _published(county).filter(effective_from__lte=on).exclude(effective_until__lt=on)
    return found.select_related("author", "approver").first()


def own_limits(county: str) -> list[OwnLimits]:
    """Every published version of a county's table (one statement, in a scope that reaches the county)."""
    return [
        OwnLimits(each.number, each.effective_from, each.effective_until, _limits_of(each))
        for each in _published(county)
        if each.effective_from is not None
    ]


def bound(limit: Limit, county: str, on: date, own: Sequence[OwnLimits]) -> tuple[Limit, bool, str]:
    """The limit as it stands in a county on a day, whether it is in force there, and why (not)."""
    stands, why = binds(limit, county, on)
    if limit.id not in items():
        return limit, stands, why
    version = next((each for each in own if each.holds(on)), None)
    if version is not None and limit.id in version.limits:
        said = _("本县自设时限第 %(number)s 版，%(day)s 起施行。")
        return version.limits[limit.id], True, said % _named(version)
    coming = min(
        (each for each in own if each.since > on and limit.id in each.limits), default=None, key=_since
    )
    if coming is not None:
        return limit, stands, _("本县自设时限第 %(number)s 版，%(day)s 起才施行。") % _named(coming)
    if version is not None and not stands:
        return limit, False, _("本县自设时限第 %(number)s 版没有规定这一项。") % _named(version)
    if stands and limit.verified == "proposal":
        why = _("随程序提供的建议，本县没有另设，照此计时。")
    return limit, stands, why


class Binding:
    """What limits bind, by county and day: a statute's, and a county's own as its table says on that day.

    A county's table is read once, and only where one of its limits is asked for. For one transaction.
    """

    def __init__(self) -> None:
        self._own: dict[str, list[OwnLimits]] = {}

    def __call__(self, county: str, on: date) -> BoundOn:
        """The limits by their ids; of a county's own the version of that day."""
        return BoundOn(self, county, on)

    def own(self, county: str, on: date) -> Mapping[str, Limit]:
        """The county's own limits of that day."""
        if county not in self._own:
            self._own[county] = own_limits(county)
        return next((each.limits for each in self._own[county] if each.holds(on)), {})


@dataclass(frozen=True)
class BoundOn:
    """The limits that bind a county on a day, asked for by their ids."""

    binding: Binding
    county: str
    on: date

    def get(self, name: str) -> Limit | None:
        """The limit, or None where nothing of that name binds."""
        if name in items() and (own := self.binding.own(self.county, self.on).get(name)):
            return own
        return in_force(self.county, self.on).get(name)

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None


def named(name: str, version: int) -> Limit | None:
    """A limit as a clock names it: of a county's own its version is the basis; None for an unknown one."""
    limit = all_limits().get(name)
    # One that holds by itself until a county sets it otherwise: only its explanation tells which of both it was.
    if limit is None or name not in items() or limit.division:
        return limit
    return replace(limit, legal_basis=basis_in_words(version), verified=OWN, note="")


def basis_in_words(version: int) -> str:
    """The basis of a county's own limit: the version of its table."""
    return _("本县自设时限第 %(number)s 版") % {"number": version}


def _limits_of(version: TableVersion) -> dict[str, Limit]:
    # A row that this program does not know any more has nothing that could run by it.
    rows = [row_from(each) for each in version.rows if each["id"] in items()]
    return {
        row.id: replace(
            all_limits()[row.id],
            n=int(row.then["n"]),
            unit=row.then["unit"],
            territory=version.county,
            division=version.county,
            legal_basis=row.basis,
            version=version.number,
            valid_from=version.effective_from,
            valid_until=version.effective_until,
            verified=OWN,
            note=row.reason,
        )
        for row in rows
    }


def _published(county: str) -> QuerySet[TableVersion]:
    return TableVersion.objects.filter(
        county=county, kind=OwnTable.LIMITS, state=VersionState.PUBLISHED
    ).order_by("-effective_from")


def _named(version: OwnLimits) -> dict[str, object]:
    return {"number": version.number, "day": version.since.isoformat()}


def _since(version: OwnLimits) -> date:
    return version.since


def _parts(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split("|") if each.strip())
