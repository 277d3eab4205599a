"""Looking divisions and grids up."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from fengqiao.kernel.codes import prefix_range
from fengqiao.places.models import Division, Grid


def in_force(on: date) -> Q:
    """The condition "valid on this day"."""
    return Q(valid_from__lte=on) & (Q(valid_until__isnull=True) | Q(valid_until__gte=on))


def known_place(*, division: str, grid: str, on: date) -> str:
    """Empty where division and grid are in force and belong together, else the field that is wrong."""
    if division and not Division.objects.filter(in_force(on), pk=division).exists():
        return "division"
    if grid and not Grid.objects.filter(in_force(on), pk=grid, division_id=division).exists():
        return "grid"
    return ""


def below(prefix: str, *, on: date) -> QuerySet[Division]:
    """The divisions in force whose code begins with ``prefix``, in the order of their codes."""
    low, high = prefix_range(prefix)
    # A range, not LIKE: leakproof, and one index serves it.
    return Division.objects.filter(
        in_force(on), code__gte=low.ljust(12, "0"), code__lt=high.ljust(12, "0")
    ).order_by("code")
