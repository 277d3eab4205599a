"""Places as the system administrator sees them: the tree of divisions, centres, departments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from fengqiao.accounts.actor import Actor
from fengqiao.kernel.codes import division_level, division_prefix
from fengqiao.places.enums import RESIDENT_SEVEN, DepartmentKind, ResidenceMode
from fengqiao.places.models import Centre, Department, Division, Grid
from fengqiao.places.queries.divisions import in_force, lies_in

# Lists that are looked through by eye; what is further down is found by name or code.
MOST = 200
TOWN_DIGITS = 9


@dataclass
class Node:
    """A county or town with what lies below it today."""

    division: Division
    villages: int = 0
    grids: int = 0
    below: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Totals:
    towns: int
    villages: int
    grids: int
    centres: int
    departments: int


@dataclass(frozen=True)
class Hit:
    """A division that fits what was looked for, with the names of those it lies in."""

    division: Division
    within: list[str]
    grids: int


@dataclass(frozen=True)
class Residents:
    """Who is present at a centre: the resident seven and the others in rotation (7+N)."""

    resident: list[Department]
    rotating: list[Department]
    lacking: list[DepartmentKind]


def tree(actor: Actor, on: date) -> list[Node]:
    """Counties with their towns; villages are counted, ``villages`` lists those of one town (three statements).

    Of a town's own division the tree is that town alone. Divisions that are not in force any more are shown,
    with their dates, and counted nowhere.
    """
    villages = _by_town(_villages(actor, on), "code")
    grids = _by_town(_grids(actor, on), "division_id")
    counties: dict[str, Node] = {}
    roots: list[Node] = []
    for division in Division.objects.filter(_inside(actor, "code"), code__endswith="000").order_by("code"):
        level = division_level(division.code)
        if level < 3:
            continue
        key = division.code[:TOWN_DIGITS]
        node = Node(division, villages=villages.get(key, 0), grids=grids.get(key, 0))
        upper = counties.get(division.code[:6])
        if level == 3:
            counties[division.code[:6]] = node
        elif upper is not None:
            upper.below.append(node)
            upper.villages += node.villages
            upper.grids += node.grids
        if level == 3 or upper is None:
            roots.append(node)
    return roots


def villages(actor: Actor, town: str, on: date) -> list[Node]:
    """The villages of a town with the number of their grids, also those not in force any more."""
    found = Division.objects.filter(_inside(actor, "code"), parent_id=town)
    running = Count("grids", filter=_in_force("grids__", on))
    return [
        Node(division, grids=division.running_grids)
        for division in found.annotate(running_grids=running).order_by("code")
        if division_level(division.code) == 5
    ]


def town(actor: Actor, code: str) -> Division | None:
    """A town inside the administrator's division."""
    found = Division.objects.filter(_inside(actor, "code"), pk=code).first()
    return found if found is not None and division_level(found.code) == 4 else None


def search(actor: Actor, text: str, on: date) -> tuple[list[Hit], bool]:
    """Divisions by a part of their name, or by the beginning of their code (a grid's code finds its village);
    and whether there are more than are listed."""
    if text.isdigit() and text.isascii():
        fits = Q(code__startswith=text[:12])
    else:
        fits = Q(name__icontains=text)
    running = Count("grids", filter=_in_force("grids__", on))
    found = list(
        Division.objects.filter(_inside(actor, "code"), fits)
        .annotate(running_grids=running)
        .select_related("parent__parent")
        .order_by("code")[: MOST + 1]
    )
    hits = [Hit(each, _within(each), each.running_grids) for each in found[:MOST]]
    return hits, len(found) > MOST


def totals(actor: Actor, on: date) -> Totals:
    """How many of each are in force today (one statement each)."""
    divisions = Division.objects.filter(_inside(actor, "code"), in_force(on))
    return Totals(
        towns=divisions.filter(code__endswith="000").exclude(code__endswith="000000").count(),
        villages=_villages(actor, on).count(),
        grids=_grids(actor, on).count(),
        centres=Centre.objects.filter(_inside(actor, "division_id")).count(),
        departments=Department.objects.filter(_inside(actor, "division_id")).count(),
    )


def centres(actor: Actor, text: str = "") -> tuple[list[Centre], bool]:
    """Centres with their upper one and who is present at them (three statements)."""
    found = list(
        Centre.objects.filter(_inside(actor, "division_id"), _called(text, "name", "division__name"))
        .select_related("division", "upper")
        .prefetch_related("residences__department")
        .order_by("division_id")[: MOST + 1]
    )
    return found[:MOST], len(found) > MOST


def residents(centre: Centre) -> Residents:
    """7 + N of a centre (of ``centres``): who is resident, who comes in turn, which of the seven is missing."""
    by_mode: dict[str, list[Department]] = {str(mode): [] for mode in ResidenceMode}
    for residence in centre.residences.all():
        by_mode[residence.mode].append(residence.department)
    order = {str(kind): place for place, kind in enumerate(RESIDENT_SEVEN)}
    for present in by_mode.values():
        present.sort(key=lambda d: (order.get(d.kind, len(order)), d.short_name))
    there = {d.kind for d in by_mode[ResidenceMode.RESIDENT]}
    return Residents(
        resident=by_mode[ResidenceMode.RESIDENT],
        rotating=by_mode[ResidenceMode.ROTATING],
        lacking=[kind for kind in RESIDENT_SEVEN if kind not in there],
    )


def departments(actor: Actor, text: str = "", kind: str = "") -> tuple[list[Department], bool]:
    """Departments with the divisions they serve (two statements)."""
    found = Department.objects.filter(
        _inside(actor, "division_id"), _called(text, "name", "short_name", "division__name")
    )
    if kind:
        found = found.filter(kind=kind)
    rows = list(
        found.select_related("division", "upper")
        .prefetch_related("serves")
        .order_by("division_id", "kind", "name")[: MOST + 1]
    )
    return rows[:MOST], len(rows) > MOST


def _villages(actor: Actor, on: date) -> QuerySet[Division]:
    return Division.objects.filter(_inside(actor, "code"), in_force(on)).exclude(code__endswith="000")


def _grids(actor: Actor, on: date) -> QuerySet[Grid]:
    return Grid.objects.filter(_inside(actor, "division_id"), in_force(on))


def _by_town(found: QuerySet[Division] | QuerySet[Grid], code: str) -> dict[str, int]:
    counted = found.order_by().annotate(town=Substr(code, 1, TOWN_DIGITS)).values("town")
    return dict(counted.annotate(number=Count("pk")).values_list("town", "number"))


def _inside(actor: Actor, column: str) -> Q:
    return lies_in(division_prefix(actor.division), column)


def _in_force(prefix: str, on: date) -> Q:
    ends = {f"{prefix}valid_until__isnull": True}
    later = {f"{prefix}valid_until__gte": on}
    return Q(**{f"{prefix}valid_from__lte": on}) & (Q(**ends) | Q(**later))


def _called(text: str, *columns: str) -> Q:
    if not text:
        return Q()
    if text.isdigit() and text.isascii():
        return Q(division_id__startswith=text)
    return reduce(or_, (Q(**{f"{column}__icontains": text}) for column in columns))


def _within(division: Division) -> list[str]:
    upper, names = division.parent, []
    # A village lies in a town and a county; who is over the county goes without saying.
    while upper is not None and division_level(upper.code) >= 3:
        names.append(upper.name)
        upper = upper.parent if division_level(upper.code) > 3 else None
    return names[::-1]
