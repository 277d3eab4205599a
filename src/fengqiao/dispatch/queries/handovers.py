"""Who has a matter and who was called to it, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch.enums import Decision
from fengqiao.dispatch.models import Assignment, Call, Notice, Progress, ReturnRequest, SignOff, Whistle
from fengqiao.dispatch.policies import assignments_visible_to, whistles_visible_to
from fengqiao.dispatch.queries.whistles import standing_scores
from fengqiao.matters.models import Matter


@dataclass(frozen=True)
class Handovers:
    """``now``: the parts of the running dispatch; ``before``: those of rounds that ended or were returned."""

    now: list[Assignment]
    before: list[Assignment]
    whistles: list[Whistle]
    notices: list[Notice]


def assignments_of(actor: Actor, matter: Matter) -> QuerySet[Assignment]:
    """The assignments of a matter that the actor sees, with department, dispatch and handler."""
    return (
        assignments_visible_to(actor)
        .filter(matter_id=matter.id)
        .select_related("department", "dispatch", "handler")
    )


def handovers_of(actor: Actor, matter: Matter) -> Handovers:
    """Every hand-over of a matter with what was written on it."""
    found = list(
        assignments_of(actor, matter).prefetch_related(
            "extensions",
            Prefetch("progress", Progress.objects.select_related("by").order_by("-at")),
            Prefetch("returns", ReturnRequest.objects.select_related("given_to", "file", "decided_by")),
            Prefetch("sign_offs", SignOff.objects.select_related("by")),
        )
    )
    whistles = (
        whistles_visible_to(actor)
        .filter(matter_id=matter.id)
        .select_related("called_by", "centre")
        .prefetch_related(
            Prefetch(
                "calls",
                Call.objects.select_related("department").prefetch_related(standing_scores(actor)),
            )
        )
        .order_by("-called_at")
    )
    return Handovers(
        now=[a for a in found if a.dispatch.ended_at is None],
        before=[a for a in found if a.dispatch.ended_at is not None],
        whistles=list(whistles),
        notices=list(Notice.objects.filter(matter_id=matter.id).select_related("department", "by")),
    )


def pending_returns(assignments: list[Assignment]) -> list[ReturnRequest]:
    """The requests to return that wait for a decision, among assignments read by ``handovers_of``."""
    return [r for a in assignments for r in a.returns.all() if r.decision == Decision.PENDING]
