"""The cast: who works where in the county that is played, found from its organisation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.kernel.codes import prefix_range
from fengqiao.places.models import Centre, Department, Division, Grid, Stationing
from fengqiao.places.queries.acting import actor_of
from fengqiao.places.queries.divisions import in_force


@dataclass
class Cast:
    """Actors by place and role. Built once a run; the organisation does not change while it plays."""

    county: str
    at_centre: dict[UUID, list[Actor]] = field(default_factory=dict)
    at_department: dict[UUID, Actor] = field(default_factory=dict)
    by_kind: dict[str, list[Department]] = field(default_factory=dict)
    territory: dict[str, Department] = field(default_factory=dict)
    centres: dict[UUID, Centre] = field(default_factory=dict)
    commission: Actor | None = None
    villages: list[tuple[Division, str]] = field(default_factory=list)
    grids: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def county_centre(self) -> Centre:
        return next(c for c in self.centres.values() if c.division_id == f"{self.county}000000")

    @cached_property
    def lower_centres(self) -> list[Centre]:
        """Centres of towns and villages of the county that have somebody to register."""
        return [
            c
            for c in self.centres.values()
            if c.division_id.startswith(self.county)
            and c.id != self.county_centre.id
            and any(actor.role is Role.REGISTRAR for actor in self.at_centre.get(c.id, ()))
        ]

    def windows_of(self, village: str) -> list[Centre]:
        """The lower centres whose division holds a village."""
        return [c for c in self.lower_centres if c.division_id in (village, village[:9] + "000")]

    def below(self, centre_id: UUID, village: str) -> Centre | None:
        """The centre directly under another that is nearest to a village."""
        return next((c for c in self.windows_of(village) if c.upper_id == centre_id), None)

    def someone(
        self,
        centre_id: UUID,
        roles: Iterable[Role],
        rng: Random,
        *,
        able: Callable[[Actor], bool] = lambda actor: True,
    ) -> Actor | None:
        """One of those at a centre with the first of these roles, in the order given, that anyone has."""
        here = [actor for actor in self.at_centre.get(centre_id, ()) if able(actor)]
        for role in roles:
            fit = [actor for actor in here if actor.role == role]
            if fit:
                return fit[0] if len(fit) == 1 else rng.choice(fit)
        return None

    def director(self, centre_id: UUID) -> Actor | None:
        """The director of a centre: a named reader of what is restricted there."""
        return next((a for a in self.at_centre.get(centre_id, ()) if a.role is Role.DIRECTOR), None)

    def handler(self, department_id: UUID) -> Actor | None:
        return self.at_department.get(department_id)

    def department(self, kind: str, village: str = "") -> Department | None:
        """The body of a kind that can answer: the town's own for the territory, else the county's."""
        if kind == "territory":
            return self.territory.get(village[:9]) or next(iter(self.territory.values()), None)
        return next((d for d in self.by_kind.get(kind, []) if d.id in self.at_department), None)


def assemble(county: str) -> Cast:
    """Finds everybody who holds a post in the county today, and its city's centre."""
    cast = Cast(county=county)
    today = clock.today()
    low, high = (bound.ljust(12, "0") for bound in prefix_range(county))
    cast.centres = {c.id: c for c in Centre.objects.order_by("division_id")}
    stationed = Stationing.objects.filter(in_force(today)).select_related(
        "person", "post", "post__centre", "post__department", "post__division"
    )
    for stationing in stationed.order_by("person__username", "post__role"):
        actor = actor_of(stationing)
        if actor.centre_id is not None:
            cast.at_centre.setdefault(actor.centre_id, []).append(actor)
        elif actor.role is Role.HANDLER and actor.department_id is not None:
            cast.at_department.setdefault(actor.department_id, actor)
        elif actor.role is Role.COMMISSION and actor.county == county:
            cast.commission = cast.commission or actor
    for department in Department.objects.filter(division_id__gte=low, division_id__lt=high).order_by("name"):
        if department.kind == "territory":
            if department.id in cast.at_department:
                cast.territory[department.division_id[:9]] = department
        elif department.division_id == f"{county}000000":
            cast.by_kind.setdefault(department.kind, []).append(department)
    towns = {d.code[:9]: d.name for d in Division.objects.filter(parent_id=f"{county}000000")}
    for village in Division.objects.filter(code__gte=low, code__lt=high).order_by("code"):
        # An industrial park has a "virtual" village for the statistics; nobody lives there.
        if village.level == 5 and "虚拟" not in village.name:
            cast.villages.append((village, towns.get(village.code[:9], "")))
    for grid in Grid.objects.filter(division_id__gte=low, division_id__lt=high).order_by("code"):
        cast.grids.setdefault(grid.division_id, []).append(grid.code)
    return cast
