"""The whistles that a post sees: those that are running, and the latest of the others."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch.models import Call, Whistle
from fengqiao.dispatch.policies import whistles_visible_to
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
    seen = whistles_visible_to(actor).select_related("called_by", "centre", "division")
    seen = seen.prefetch_related(
        Prefetch(
            "calls", Call.objects.select_related("department", "answered_by").order_by("called_at", "id")
        )
    )
    running = list(seen.filter(ended_at=None).order_by("called_at", "id")[:MOST_RUNNING])
    ended = list(seen.filter(ended_at__isnull=False).order_by("-called_at", "-id")[:MOST_ENDED])
    about = {w.matter_id for w in (*running, *ended) if w.matter_id}
    codes = dict(Matter.objects.visible_to(actor).filter(pk__in=about).values_list("pk", "code"))
    return Whistles(running=running, ended=ended, openable=codes)
