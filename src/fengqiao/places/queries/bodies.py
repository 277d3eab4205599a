"""Centres and departments: which of them take new work, and one of them for the system administrator."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.codes import county_of, division_level, division_prefix
from fengqiao.places.enums import CentreLevel, DepartmentKind
from fengqiao.places.models import Body, Centre, Department, Stationing
from fengqiao.places.queries.divisions import lies_in

# kernel.codes.division_level of a county.
COUNTY_LEVEL = 3
B = TypeVar("B", Centre, Department)


def counties_with_a_centre() -> list[str]:
    """The six digits of the counties that have a centre of their own here, in order."""
    centres = Centre.objects.filter(level=CentreLevel.COUNTY, valid_until=None)
    return sorted({county_of(code) for code in centres.values_list("division_id", flat=True)})


def takes_work(on: date) -> Q:
    """The condition "begun, and no last day written down": what is about to end is given nothing new."""
    return Q(valid_until__isnull=True) & (Q(valid_from__isnull=True) | Q(valid_from__lte=on))


def does_take_work(body: Body, on: date) -> bool:
    """The same of one body."""
    return body.valid_until is None and (body.valid_from is None or body.valid_from <= on)


def held_open(model: type[B], ids: Collection[UUID]) -> list[B]:
    """The bodies by id, none of which can be ended before this transaction is over.

    ``FOR KEY SHARE``: those who give work to one body do not wait for each other, only for its end.
    """
    table = model._meta.db_table
    # The table's name is the model's own.
    statement = f'SELECT * FROM "{table}" WHERE id = ANY (%s) FOR KEY SHARE'  # noqa: S608
    return list(model._base_manager.raw(statement, [list(ids)]))


def of_kinds(county: str, kinds: Collection[str], *, division: str, on: date) -> dict[str, Department]:
    """By kind the body of a county that is competent for a division and takes new work; one statement.

    Of several the county's own one; of the territory's the one that lies closest around the division.
    """
    if not kinds:
        return {}
    found = Department.objects.filter(takes_work(on), lies_in(county, "division_id"), kind__in=kinds)
    best: dict[str, tuple[tuple[bool, int], Department]] = {}
    for each in found.order_by("division_id", "name"):
        prefix = division_prefix(each.division_id)
        is_around = division.startswith(prefix)
        closeness = len(prefix) if each.kind == DepartmentKind.TERRITORY else -len(prefix)
        if each.kind == DepartmentKind.TERRITORY and not is_around:
            continue
        if each.kind not in best or (is_around, closeness) > best[each.kind][0]:
            best[each.kind] = ((is_around, closeness), each)
    return {kind: each for kind, (_rank, each) in best.items()}


def is_commission(department: Department) -> bool:
    """Whether it is the political-legal commission (政法委) of a county: the body that decides on supervision."""
    at_county = division_level(department.division_id) == COUNTY_LEVEL
    return department.kind == DepartmentKind.POLITICS_LAW and at_county


def commission_of(county: str) -> Department | None:
    """The commission of a county (six digits) that takes work today; None where it has none."""
    found = Department.objects.filter(kind=DepartmentKind.POLITICS_LAW, division_id=f"{county}000000")
    return found.filter(takes_work(clock.today())).order_by("name").first()


def in_reach(model: type[B], actor: Actor) -> QuerySet[B]:
    """The bodies inside the actor's division."""
    return model._default_manager.filter(lies_in(division_prefix(actor.division), "division_id"))


def staying_after(body: Centre | Department, last: date) -> int:
    """How many people still hold a post at the body after a day."""
    where = {"post__centre": body} if isinstance(body, Centre) else {"post__department": body}
    later = Q(valid_until__isnull=True) | Q(valid_until__gt=last)
    return Stationing.objects.filter(later, **where).values("person").distinct().count()


def of_the_body(department_id: UUID) -> QuerySet[Stationing]:
    """Every post ever held at a department, or held elsewhere by somebody whom it has sent there."""
    return Stationing.objects.filter(
        Q(post__department_id=department_id) | Q(home_department_id=department_id)
    )
