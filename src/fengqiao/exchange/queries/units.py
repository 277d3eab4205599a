"""Which department a ledger means by the name that it writes."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db.models import QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.exchange.models import WrittenUnit
from fengqiao.places.models import Department


def known_units(actor: Actor) -> dict[str, UUID | None]:
    """Every name whose department is known in the county: its own names, and what people have said.

    A short name that two departments share is not known; what a person said goes before everything.
    """
    own = list(Department.objects.filter(division__code__startswith=actor.county).order_by("pk"))
    names = [(name, each.pk) for each in own for name in dict.fromkeys((each.name, each.short_name))]
    times = Counter(name for name, _department in names)
    known: dict[str, UUID | None] = {name: pk for name, pk in names if times[name] == 1}
    return known | dict(units_of(actor).values_list("written", "department_id"))


def units_of(actor: Actor) -> QuerySet[WrittenUnit]:
    """What people of the county have said, by name."""
    found = WrittenUnit.objects.filter(county=actor.county)
    return found.select_related("department", "decided_by").order_by("written")
