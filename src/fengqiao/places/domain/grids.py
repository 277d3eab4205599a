"""Adding, amending, ending and reopening grids: the system administrator's verbs.

A grid's code is its village's and three digits of its own, and is never given to another grid. Nothing is
deleted: a grid that ended stays what it was in every matter that happened there. A day that lies back can be
written, for what is entered here was decided before. The caller audits (flows/grids.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_level
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.places.domain.keeping import check_keeper, found_unchanged, name_of
from fengqiao.places.models import Grid
from fengqiao.places.queries.divisions import divisions_in_reach, grids_in_reach

MOST_OF_A_VILLAGE = 999
Change = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class GridDetails:
    """What an administrator says of a grid. ``number``: the last three digits, said when it is added."""

    name: str
    since: date
    number: int = 0


def grid_code(village: str, number: int) -> str:
    """The 15 digits of a village's grid."""
    return f"{village}{number:03d}"


def add_grid(*, actor: Actor, village: str, new: GridDetails) -> Grid:
    """A new grid of a village; raises ``Invalid`` by field, and then changed nothing."""
    check_keeper(actor)
    # Two who add to one village take turns, so that none finds its number taken only when it is written.
    division = divisions_in_reach(actor).select_for_update(no_key=True).filter(pk=village).first()
    if division is None:
        raise NotAllowed("division_not_found", _("您管理的范围内没有这个区划。"))
    if division_level(division.code) != 5:
        raise Refusal("no_village", _("网格要划在村居下面。"))
    if division.valid_until is not None:
        raise Refusal("division_ended", _("%(name)s已写明最后一天，不能再划网格。") % {"name": division})
    errors: dict[str, str] = {}
    if not 1 <= new.number <= MOST_OF_A_VILLAGE:
        errors["number"] = _("网格序号应为 001 至 999。")
    made = Grid(code=grid_code(village, new.number), division=division)
    if Grid.objects.filter(pk=made.pk).exists():
        errors["number"] = _("这个序号已经用过；网格撤销后，序号也不再给别的网格。")
    _fill(made, new, errors)
    made.save(force_insert=True)
    return made


def amend_grid(*, actor: Actor, code: str, new: GridDetails, version: int) -> tuple[Grid, Change]:
    """Another name or first day; returns what changed, before and after."""
    found = _locked(actor, code, version)
    before = _facts(found)
    _fill(found, new, {})
    _save(found)
    after = _facts(found)
    changed = [name for name in before if before[name] != after[name]]
    return found, {
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
    }


def end_grid(*, actor: Actor, code: str, until: date, version: int) -> Grid:
    """Gives a grid its last day: from the next on nothing is registered there."""
    found = _locked(actor, code, version)
    if found.valid_until is not None:
        raise Refusal("ended_already", _("已经写明撤销日期。"), field="until")
    if until < found.valid_from:
        raise Invalid({"until": _("最后一天早于设立日期。")})
    found.valid_until = until
    _save(found)
    return found


def reopen_grid(*, actor: Actor, code: str, version: int) -> Grid:
    """Takes the last day back. That the grid had ended stays in the audit."""
    found = _locked(actor, code, version)
    if found.valid_until is None:
        raise Refusal("not_ended", _("它没有撤销。"))
    if found.division.valid_until is not None:
        raise Refusal("division_ended", _("%(name)s已写明最后一天，请先恢复它。") % {"name": found.division})
    found.valid_until = None
    if _namesake(found):
        raise Refusal("named_alike", _("这个村居现在有同名的网格，请先改名。"))
    _save(found)
    return found


def _locked(actor: Actor, code: str, version: int) -> Grid:
    check_keeper(actor)
    found = grids_in_reach(actor).select_related("division").select_for_update(of=("self",), no_key=True)
    missing = NotAllowed("grid_not_found", _("您管理的范围内没有这个网格。"))
    return found_unchanged(found.filter(pk=code).first(), version, missing)


def _fill(grid: Grid, new: GridDetails, errors: dict[str, str]) -> None:
    grid.name = name_of(new.name, errors)
    grid.valid_from = new.since
    if "name" not in errors and _namesake(grid):
        errors["name"] = _("这个村居已有同名的网格。")
    if new.since < grid.division.valid_from:
        day = grid.division.valid_from.isoformat()
        errors["since"] = _("早于村居自己的设立日期 %(day)s。") % {"day": day}
    elif grid.valid_until is not None and new.since > grid.valid_until:
        errors["since"] = _("晚于网格的最后一天。")
    if errors:
        raise Invalid(errors)


def _namesake(grid: Grid) -> bool:
    """Whether another grid of the village that has not ended is called the same."""
    others = Grid.objects.filter(division=grid.division, name=grid.name).exclude(pk=grid.pk)
    return any(other.valid_until is None or other.valid_until >= clock.today() for other in others)


def _facts(grid: Grid) -> dict[str, Any]:
    return {"name": grid.name, "from": grid.valid_from.isoformat()}


def _save(grid: Grid) -> None:
    grid.version += 1
    grid.save()
