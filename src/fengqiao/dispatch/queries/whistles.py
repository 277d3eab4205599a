"""The whistles that a post sees: those that are running, and the latest of the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch.models import Call, CallScore, Whistle
from fengqiao.dispatch.policies import scores_visible_to, whistles_visible_to
from fengqiao.matters.models import Matter

MOST_RUNNING = 100
MOST_ENDED = 15


@dataclass(frozen=True)
class Whistles:
    running: list[Whistle]
    ended: list[Whistle]
    # The matters among them that the post may open: a called department does not always see the matter.
    openable: dict[object, str]


def whistles_of(actor: Actor) -> Whistles:
    """Running ones by the longest wait first, ended ones newest first; both capped."""
    seen = whistles_told_to(actor)
    running = list(seen.filter(ended_at=None).order_by("called_at", "id")[:MOST_RUNNING])
    ended = list(seen.filter(ended_at__isnull=False).order_by("-called_at", "-id")[:MOST_ENDED])
    return Whistles(running=running, ended=ended, openable=openable_of(actor, (*running, *ended)))


def whistles_told_to(actor: Actor) -> QuerySet[Whistle]:
    """The whistles that the post sees, with all that is told of them (two statements more)."""
    calls = Call.objects.select_related("department", "answered_by").order_by("called_at", "id")
    return (
        whistles_visible_to(actor)
        .select_related("called_by", "centre", "division")
        .prefetch_related(Prefetch("calls", calls.prefetch_related(standing_scores(actor))))
    )


def openable_of(actor: Actor, whistles: Iterable[Whistle]) -> dict[object, str]:
    """The codes, by matter, of the matters of these whistles that the post may open."""
    about = {w.matter_id for w in whistles if w.matter_id}
    return dict(Matter.objects.visible_to(actor).filter(pk__in=about).values_list("pk", "code"))


def standing_scores(actor: Actor) -> Prefetch[str, QuerySet[CallScore], str]:
    """For calls: the score of each that the post sees, as ``standing`` (none or one)."""
    return Prefetch("scores", scores_visible_to(actor).select_related("by"), to_attr="standing")
