"""Finer sight than the walls: which matters an acting post may see. Every door uses this one method."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.kernel.codes import division_level, division_prefix, prefix_range


class MatterQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Reads of matters begin with ``visible_to``."""

    def visible_to(self, actor: Actor) -> MatterQuerySet:
        """The matters that this post may see, inside what the walls let its transaction reach.

        A centre sees what it registered, what it holds, what was raised from it and what lies in its
        division; a department what
        was handed to it; the commission what is laid before it; a supervisor the division. Nobody sees a
        matter from which they stepped aside, and no one of a body that is complained of sees that complaint
        (信访工作条例 第20、28、30条).
        """
        reach = _reach(actor)
        if reach is None:
            return self.none()
        # The county stands in the query too: a wall is not an index (design/database-facts.md, 1).
        seen = self.filter(reach, county__in=actor.counties)
        if actor.bodies:
            seen = seen.exclude(against_department_id__in=actor.bodies)
        recusals = apps.get_model("matters", "Recusal").objects
        return seen.exclude(Exists(recusals.filter(matter_id=OuterRef("pk"), person_id=actor.person_id)))


def _reach(actor: Actor) -> Q | Exists | None:
    if actor.role is Role.HANDLER and actor.department_id:
        handed = apps.get_model("matters", "Handed").objects
        return Exists(
            handed.filter(
                matter_id=OuterRef("pk"), department_id=actor.department_id, taken_back_at__isnull=True
            )
        )
    if actor.role is Role.COMMISSION and actor.department_id:
        laid = apps.get_model("matters", "LaidBefore").objects
        return Exists(
            laid.filter(matter_id=OuterRef("pk"), department_id=actor.department_id, over_at__isnull=True)
        )
    if actor.role not in CENTRE_ROLES and actor.role not in (Role.SUPERVISOR, Role.EXCHANGE):
        return None
    if division_level(actor.division) <= 3:
        return Q()
    low, high = prefix_range(division_prefix(actor.division))
    # Few for any centre, and not correlated: read once, whatever is asked of the matters.
    informed = apps.get_model("matters", "Informed").objects.filter(
        centre_id__in=[actor.centre_id] if actor.centre_id else []
    )
    return (
        Q(centre_id=actor.centre_id)
        | Q(holder_id=actor.centre_id)
        | Q(pk__in=informed.order_by().values("matter_id"))
        | Q(division_id__gte=low, division_id__lt=high)
    )
