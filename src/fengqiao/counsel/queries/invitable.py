"""Who can be asked to a consultation of a matter, and who can chair it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.counsel.enums import INVITED_KINDS, Capacity
from fengqiao.kernel import clock
from fengqiao.kernel.codes import prefix_range
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.aside import bound_to_step_aside
from fengqiao.mediation.models import Mediation
from fengqiao.places.models import Stationing
from fengqiao.places.queries.divisions import in_force

AT_THE_CENTRE = LEADERS | {Role.LEGAL_OFFICER, Role.PETITION_INSPECTOR}


def to_consult(matter: Matter) -> list[Stationing]:
    """Posts that can be invited today: of court, procuratorate, justice and police of the county, and of the centre.

    Of the mediators whoever mediates the matter. Who is bound to step aside is not among them.
    """
    low, high = prefix_range(matter.county)
    mediating = Mediation.objects.filter(matter_id=matter.pk, ended_at=None).values("mediator_id")
    at_the_centre = Q(post__centre_id=matter.holder_id) & (
        Q(post__role__in=AT_THE_CENTRE) | Q(post__role=Role.MEDIATOR, person_id__in=mediating)
    )
    at_departments = Q(
        post__role=Role.HANDLER,
        post__department__kind__in=list(INVITED_KINDS),
        post__division_id__gte=low,
        post__division_id__lt=high,
    )
    found = list(_held().filter(at_the_centre | at_departments).order_by("post__department", "person__name"))
    aside = bound_to_step_aside(matter, {each.person_id for each in found})
    return [each for each in found if each.person_id not in aside]


def to_chair(centre_id: UUID, matter: Matter) -> list[Stationing]:
    """The leaders of the centre today, but for those who must step aside."""
    found = list(_held().filter(post__centre_id=centre_id, post__role__in=LEADERS).order_by("person__name"))
    aside = bound_to_step_aside(matter, {each.person_id for each in found})
    return [each for each in found if each.person_id not in aside]


def capacity_of(held: Stationing) -> Capacity:
    """As what somebody in this post takes part."""
    department = held.post.department
    return INVITED_KINDS[department.kind] if department else Capacity.CENTRE  # type: ignore[index]


def _held() -> QuerySet[Stationing]:
    return Stationing.objects.filter(in_force(clock.today()), person__is_active=True).select_related(
        "person", "post", "post__centre", "post__department", "post__division"
    )
