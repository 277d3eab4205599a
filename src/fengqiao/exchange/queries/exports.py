"""One's own exports and their schedules."""

from __future__ import annotations

from django.db.models import QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.exchange.models import ExportRun, ExportSchedule

SHOWN = 50


def exports_of(actor: Actor) -> QuerySet[ExportRun]:
    """The exports that the person ordered in this post, newest first."""
    if actor.post_id is None:
        return ExportRun.objects.none()
    own = ExportRun.objects.filter(person_id=actor.person_id, post_id=actor.post_id)
    return own.order_by("-ordered_at")


def schedules_of(actor: Actor) -> QuerySet[ExportSchedule]:
    """The schedules that the person set up in this post, those that have stopped included."""
    if actor.post_id is None:
        return ExportSchedule.objects.none()
    return ExportSchedule.objects.filter(person_id=actor.person_id, post_id=actor.post_id)
