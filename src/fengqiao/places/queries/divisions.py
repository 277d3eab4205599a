"""Looking divisions and grids up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.kernel.codes import division_prefix, prefix_range
from fengqiao.places.models import Division, DivisionChange, Grid

PAGE = 50


def in_force(on: date) -> Q:
    """The condition "valid on this day"."""
    return Q(valid_from__lte=on) & (Q(valid_until__isnull=True) | Q(valid_until__gte=on))


def held_standing(code: str, on: date) -> Division | None:
    """A division that is in force and has no last day; it cannot be ended before this transaction is over.

    ``FOR KEY SHARE``: those who put something there do not wait for each other, only for its end.
    """
    found = Division.objects.raw("SELECT * FROM places_division WHERE code = %s FOR KEY SHARE", [code])
    return next((each for each in found if each.valid_until is None and each.valid_from <= on), None)


def known_place(*, division: str, grid: str, on: date) -> str:
    """Empty where division and grid are in force and belong together, else the field that is wrong."""
    if division and not Division.objects.filter(in_force(on), pk=division).exists():
        return "division"
    if grid and not Grid.objects.filter(in_force(on), pk=grid, division_id=division).exists():
        return "grid"
    return ""


def below(prefix: str, *, on: date) -> QuerySet[Division]:
    """The divisions in force whose code begins with ``prefix``, in the order of their codes."""
    return Division.objects.filter(in_force(on), lies_in(prefix, "code")).order_by("code")


def divisions_in_reach(actor: Actor) -> QuerySet[Division]:
    """The actor's division and all below it, also those not in force any more."""
    return Division.objects.filter(lies_in(division_prefix(actor.division), "code"))


def grids_in_reach(actor: Actor) -> QuerySet[Grid]:
    """The grids inside the actor's division, also those that ended."""
    return Grid.objects.filter(lies_in(division_prefix(actor.division), "division_id"))


@dataclass(frozen=True)
class GridPage:
    """``next_after``: where the next page begins; empty on the last."""

    rows: list[Grid]
    next_after: str
    is_first: bool


def grids_of(division: Division, *, after: str = "", size: int = PAGE) -> GridPage:
    """The grids of a division and of all below it in the order of their codes, also those that ended."""
    found = Grid.objects.filter(lies_in(division.prefix, "division_id")).select_related("division")
    if after:
        found = found.filter(code__gt=after)
    rows = list(found.order_by("code")[: size + 1])
    next_after = rows[size - 1].code if len(rows) > size else ""
    return GridPage(rows[:size], next_after, is_first=not after)


def changes_of(division: Division) -> list[DivisionChange]:
    """What notices did to a division, and what was merged into it, the latest first."""
    found = DivisionChange.objects.filter(Q(division=division) | Q(into=division))
    return list(found.select_related("division", "into").order_by("-day", "-entered_at"))


def next_number(village: str) -> str:
    """The three digits after the highest that a grid of the village has or had; empty when none are left."""
    highest = (
        Grid.objects.filter(division_id=village).order_by("-code").values_list("code", flat=True).first()
    )
    number = int(highest[12:]) + 1 if highest else 1
    return f"{number:03d}" if number < 1000 else ""


def lies_in(prefix: str, column: str) -> Q:
    """The condition "the division in this column is the one of the prefix or lies below it"."""
    low, high = prefix_range(prefix)
    # A range, not LIKE: leakproof, and one index serves it.
    return Q(**{f"{column}__gte": low.ljust(12, "0"), f"{column}__lt": high.ljust(12, "0")})
