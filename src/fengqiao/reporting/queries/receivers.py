"""Who is reported to: the people who hold the posts above today."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter, Recusal
from fengqiao.places.enums import CentreLevel
from fengqiao.places.models import Stationing
from fengqiao.places.queries.bodies import commission_of
from fengqiao.places.queries.divisions import in_force
from fengqiao.reporting.enums import ReportReceiver

# The director; where the post is vacant whoever stands in.
HEADS = (Role.DIRECTOR, Role.EXECUTIVE_DEPUTY)


@dataclass(frozen=True)
class Addressed:
    """A person in a post above, and as which of the receivers."""

    receiver: ReportReceiver
    person_id: UUID
    post_id: UUID
    department_id: UUID | None = None


def addressed(actor: Actor, matter: Matter, receivers: Iterable[str]) -> list[Addressed]:
    """Everybody who holds one of these posts today, each once, never the writer and nobody who steps aside.

    A commission that is complained of is not told of the complaint.
    """
    wanted = [each for each in ReportReceiver if each in set(receivers)]
    aside = set(Recusal.objects.filter(matter_id=matter.pk).values_list("person_id", flat=True))
    aside.add(actor.person_id)
    found: dict[UUID, Addressed] = {}
    for receiver in wanted:
        for held in _holders(matter, receiver):
            bodies = {held.post.department_id, held.home_department_id}
            if held.person_id in aside or matter.against_department_id in bodies - {None}:
                continue
            new = Addressed(receiver, held.person_id, held.post_id, held.post.department_id)
            found.setdefault(held.person_id, new)
    return list(found.values())


def _holders(matter: Matter, receiver: ReportReceiver) -> Collection[Stationing]:
    held = Stationing.objects.filter(in_force(clock.today()), person__is_active=True).select_related("post")
    if receiver == ReportReceiver.COMMISSION:
        commission = commission_of(matter.county)
        if commission is None:
            return []
        return list(held.filter(post__department=commission, post__role=Role.COMMISSION))
    where = Q(post__centre_id=matter.holder_id)
    if receiver == ReportReceiver.COUNTY_DIRECTOR:
        where = Q(post__centre__level=CentreLevel.COUNTY, post__centre__division_id=f"{matter.county}000000")
    there = list(held.filter(where, post__role__in=HEADS))
    for role in HEADS:
        heads = [each for each in there if each.post.role == role]
        if heads:
            return heads
    return []
