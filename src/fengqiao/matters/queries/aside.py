"""Who must not take part in a matter (回避)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from fengqiao.matters.models import Matter, Recusal
from fengqiao.places.queries.bodies import of_the_body


def bound_to_step_aside(matter: Matter, people: Collection[UUID]) -> set[UUID]:
    """Of these people those who stepped aside from the matter, or belong to a body that is complained of."""
    recused = Recusal.objects.filter(matter_id=matter.pk, person_id__in=people)
    aside = set(recused.values_list("person_id", flat=True))
    if matter.against_department_id:
        belonging = of_the_body(matter.against_department_id).filter(person_id__in=people)
        aside |= set(belonging.values_list("person_id", flat=True))
    return aside
