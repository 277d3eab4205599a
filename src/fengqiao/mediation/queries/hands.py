"""In whose hands the mediations of matters are, for whoever tells people of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from fengqiao.mediation.models import Helper, Mediation


@dataclass(frozen=True)
class Hands:
    """Who mediates, or mediated last: ``mediator`` keeps the matter; ``beside`` are colleagues who take part."""

    mediation_id: UUID
    mediator: UUID | None
    beside: tuple[UUID, ...]
    is_over: bool


def hands_of(matters: Iterable[UUID]) -> dict[UUID, Hands]:
    """By matter, of its last mediation, however many are asked for: two statements; none where none is asked for."""
    wanted = set(matters)
    if not wanted:
        return {}
    rows = Mediation.objects.filter(matter_id__in=wanted).order_by("sent_at", "id")
    last = {each.matter_id: each for each in rows.only("matter_id", "mediator_id", "ended_at")}
    beside: dict[UUID, list[UUID]] = {}
    helpers = Helper.objects.filter(mediation__in=last.values(), person__isnull=False, ended_at__isnull=True)
    for mediation, person in helpers.order_by("recorded_at", "id").values_list("mediation_id", "person_id"):
        beside.setdefault(mediation, []).append(person)
    return {
        matter: Hands(each.pk, each.mediator_id, tuple(beside.get(each.pk, ())), each.ended_at is not None)
        for matter, each in last.items()
    }
