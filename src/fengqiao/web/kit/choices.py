"""What the selects of the desk offer: places, bodies, people and categories within the actor's reach."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_prefix
from fengqiao.matters.models import Matter
from fengqiao.places.enums import INDEPENDENT
from fengqiao.places.models import Centre, Department, Division, Grid, Stationing
from fengqiao.places.queries.bodies import takes_work
from fengqiao.places.queries.divisions import below, divisions_in_reach, in_force
from fengqiao.rules.queries import categories

Choices = list[tuple[Any, Any]]
NOTHING: tuple[str, str] = ("", "——")


def offers(offered: Choices, value: str) -> bool:
    """Whether a value stands among choices, alone or in a group."""
    return any(value == key or (isinstance(label, list) and value in dict(label)) for key, label in offered)


def category_choices(*, first_levels: bool = False) -> Choices:
    """The two-level list; for filters the first level can be chosen too."""
    groups: dict[str, list[tuple[str, str]]] = {}
    names = {c.code: c.name for c in categories.in_force(clock.today())}
    for code, name in names.items():
        if len(code) == 2:
            groups[code] = [(code, _("%(name)s（全部）") % {"name": name})] if first_levels else []
        else:
            groups.setdefault(code[:2], []).append((code, name))
    return [NOTHING, *((names[code], leaves) for code, leaves in groups.items() if leaves)]


def division_choices(actor: Actor, *, inner: bool = False, ended: bool = False) -> Choices:
    """Villages grouped by their town within the post's division; ``inner`` adds counties and the city,
    ``ended`` those that are not in force any more (to find what happened there)."""
    today = clock.today()
    if ended:
        found = list(divisions_in_reach(actor).filter(valid_from__lte=today).order_by("code"))
    else:
        found = list(below(division_prefix(actor.division), on=today))
    names = {d.code: d.name for d in found}
    over = {d.code for d in found if d.valid_until is not None and d.valid_until < today}
    groups: dict[str, list[tuple[str, str]]] = {}
    upper: list[tuple[str, str]] = []
    for division in found:
        if division.level <= 3:
            upper.append((division.code, division.name))
            continue
        town = division.code[:9] + "000"
        label = names.get(town, division.name)
        if actor.division.endswith("00000000"):
            label = f"{names.get(division.code[:6] + '000000', '')} {label}".strip()
        name = _("%(name)s（已撤销）") % {"name": division.name} if division.code in over else division.name
        groups.setdefault(label, []).append((division.code, name))
    return [NOTHING, *(upper if inner else []), *groups.items()]


def grid_choices(division: str) -> Choices:
    """The grids of a village."""
    if not division:
        return [NOTHING]
    grids = Grid.objects.filter(in_force(clock.today()), division_id=division)
    return [NOTHING, *((g.code, g.name) for g in grids)]


def department_choices(
    actor: Actor, *, independent: bool = False, ended: bool = False, but: Iterable[UUID | None] = ()
) -> Choices:
    """The bodies of the actor's counties by place; courts and procuratorates only where ``independent``,
    those that take no new work any more only where ``ended`` (to find or keep what they had)."""
    wanted = Department.objects.select_related("division").order_by("division_id", "kind", "name")
    if not independent:
        wanted = wanted.exclude(kind__in=INDEPENDENT)
    if not ended:
        wanted = wanted.filter(takes_work(clock.today()))
    left_out = {str(each) for each in but if each}
    groups: dict[str, list[tuple[str, str]]] = {}
    for department in wanted:
        if department.division_id[:6] in actor.counties and str(department.id) not in left_out:
            groups.setdefault(department.division.name, []).append((str(department.id), department.name))
    return [NOTHING, *groups.items()]


def centre_choices(actor: Actor) -> Choices:
    """The centres of the post's division, upper ones first."""
    found = Centre.objects.filter(division_id__in=below(division_prefix(actor.division), on=clock.today()))
    return [NOTHING, *((str(c.pk), c.name) for c in found.order_by("division_id"))]


def people_choices(centre_id: UUID, roles: Iterable[Role] = ()) -> Choices:
    """Who is stationed at a centre today, with one of these roles."""
    today = clock.today()
    found = Stationing.objects.filter(in_force(today), post__centre_id=centre_id)
    if roles:
        found = found.filter(post__role__in=[str(role) for role in roles])
    people: dict[str, str] = {}
    for stationing in found.select_related("person", "post").order_by("person__name"):
        label = f"{stationing.person.name} · {Role(stationing.post.role).label}"
        people.setdefault(str(stationing.person_id), label)
    return [NOTHING, *people.items()]


def division_names(codes: Iterable[str]) -> dict[str, str]:
    """Names by code."""
    return dict(Division.objects.filter(code__in=set(codes)).values_list("code", "name"))


def reader_choices(matter: Matter) -> Choices:
    """Who could be let read a restricted matter: those stationed at its centre or at a department it went to."""
    today = clock.today()
    handed = matter.handeds.filter(taken_back_at=None).values("department_id")
    found = Stationing.objects.filter(in_force(today)).filter(
        Q(post__centre_id=matter.holder_id) | Q(post__department_id__in=handed)
    )
    people: dict[str, str] = {}
    for stationing in found.select_related("person", "post").order_by("person__name"):
        label = f"{stationing.person.name} · {Role(stationing.post.role).label}"
        people.setdefault(str(stationing.person_id), label)
    return [NOTHING, *people.items()]
