"""Brand rooms as the desk reads them, and as everybody does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.mediation.models import Mediation
from fengqiao.mediators.models import Mediator
from fengqiao.places.queries.divisions import in_force
from fengqiao.pool.models import AtWork, BrandRoom, HeldAt
from fengqiao.pool.policies import check_may_read, may_read

RUNNING = "running"


@dataclass(frozen=True)
class Held:
    """A mediation that is or was held in a room."""

    matter: Matter
    mediation: Mediation


def visible_to(actor: Actor) -> QuerySet[BrandRoom]:
    """Every room that the actor's counties ever had, those that are open first."""
    if not may_read(actor):
        return BrandRoom.objects.none()
    return (
        BrandRoom.objects.filter(county__in=actor.counties)
        .defer("picture")
        .select_related("centre")
        .prefetch_related(_people(AtWork.objects.filter(county__in=actor.counties)))
        .order_by("-valid_until", "centre__division_id", "name", "id")
    )


def room_by_id(actor: Actor, room_id: UUID) -> BrandRoom:
    """A room of the actor's counties.

    :raises NotAllowed: for a post that reads none, and any other room.
    """
    check_may_read(actor)
    found = visible_to(actor).filter(pk=room_id).first()
    if found is None:
        raise NotAllowed("room_not_found", _("没有这个调解室。"))
    return found


def open_at(centre_id: UUID | None, day: date) -> list[BrandRoom]:
    """The rooms of a centre that can be chosen on a day."""
    if centre_id is None:
        return []
    found = BrandRoom.objects.filter(in_force(day), centre_id=centre_id).defer("picture", "story", "story_en")
    return list(found.order_by("name", "id"))


def open_now(centre_id: UUID | None) -> list[tuple[BrandRoom, time]]:
    """The rooms of a centre into which somebody can be sent at this moment, each with when it closes."""
    moment = clock.now().astimezone(clock.SHANGHAI)
    found = []
    for room in open_at(centre_id, moment.date()):
        spans = ((room.opens, room.closes), (room.opens_again, room.closes_again))
        closes = [end for begin, end in spans if begin and end and begin <= moment.time() < end]
        if closes and moment.isoweekday() in room.days:
            found.append((room, closes[0]))
    return found


def to_put_to_work(room: BrandRoom) -> list[Mediator]:
    """Mediators of the register of the room's centre who do not work there."""
    there = room.people.filter(valid_until=None).values("person_id")
    found = Mediator.objects.filter(in_force(clock.today()), post__centre_id=room.centre_id)
    return list(found.exclude(person_id__in=there).select_related("person").order_by("person__name", "id"))


def published(day: date) -> QuerySet[BrandRoom]:
    """What everybody may know of the rooms that are open on a day: asked in a visitor's scope too."""
    named = AtWork.objects.filter(in_force(day), public=True)
    return (
        BrandRoom.objects.filter(in_force(day), public=True)
        .select_related("centre")
        .prefetch_related(_people(named))
        .order_by("centre__division_id", "name", "id")
    )


def held_in(actor: Actor, room: BrandRoom) -> list[Held]:
    """The mediations held in a room, of matters that the actor sees, the newest first."""
    newest = HeldAt.objects.filter(mediation_id=OuterRef("pk")).order_by("-recorded_at", "-id")
    mediations = (
        Mediation.objects.annotate(held_at=Subquery(newest.values("room_id")[:1]))
        .filter(held_at=room.pk, matter__in=Matter.objects.visible_to(actor))
        .select_related("matter")
        .order_by("-sent_at", "-id")
    )
    return [Held(each.matter, each) for each in mediations]


def counts_of(held: list[Held]) -> Counter[str]:
    """How many run and how many ended with which result."""
    return Counter(each.mediation.result or RUNNING for each in held)


def room_of(mediation: Mediation) -> BrandRoom | None:
    """Where a mediation is held, if in a brand room."""
    last = HeldAt.objects.filter(mediation=mediation).select_related("room").defer("room__picture").last()
    return last.room if last else None


def at_work_where_held(mediations: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """By mediation, who works today in the brand room in which it is held: two statements at most."""
    rooms = dict(
        HeldAt.objects.filter(mediation_id__in=list(mediations))
        .order_by("recorded_at", "id")
        .values_list("mediation_id", "room_id")
    )
    wanted = {room for room in rooms.values() if room}
    if not wanted:
        return {}
    there: dict[UUID, list[UUID]] = {}
    people = AtWork.objects.filter(in_force(clock.today()), room_id__in=wanted).order_by("valid_from", "id")
    for room, person in people.values_list("room_id", "person_id"):
        there.setdefault(room, []).append(person)
    return {mediation: there[room] for mediation, room in rooms.items() if room in there}


def _people(found: QuerySet[AtWork]) -> Prefetch[str]:
    return Prefetch(
        "people", queryset=found.select_related("person").order_by("person__name", "id"), to_attr="at_work"
    )
