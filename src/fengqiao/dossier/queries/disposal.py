"""Dossiers whose time is over, and the batches in which they are disposed of."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.dossier.enums import BatchState, ItemState, VolumeState
from fengqiao.dossier.models import DisposalBatch, DisposalItem, Volume
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.enums import Restriction, State
from fengqiao.matters.models import Matter


def over_at(actor: Actor) -> QuerySet[Volume]:
    """Final dossiers of the actor's centre whose last day is over and that wait in no batch, the oldest first.

    Not those of restricted matters: whoever reads the list may not be among their readers.
    """
    waits = DisposalItem.objects.filter(volume_id=OuterRef("pk"), batch__state=BatchState.PROPOSED)
    matters = Matter.objects.visible_to(actor).filter(
        holder_id=actor.centre_id, state=State.ARCHIVED, restriction=Restriction.OPEN
    )
    return (
        Volume.objects.filter(
            ~Exists(waits),
            county__in=actor.counties,
            is_final=True,
            state=VolumeState.DONE,
            disposed_at__isnull=True,
            keep_until__lt=clock.today(),
            matter__in=matters.order_by().values("pk"),
        )
        .select_related("matter")
        .order_by("keep_until", "id")
    )


def batches_of(actor: Actor) -> QuerySet[DisposalBatch]:
    """The batches of the actor's centre, newest first, each with how many lines it has (``listed``, ``gone``)."""
    lines = DisposalItem.objects.filter(batch_id=OuterRef("pk")).order_by().values("batch_id")
    gone = lines.filter(state=ItemState.DISPOSED)
    return (
        DisposalBatch.objects.filter(county__in=actor.counties, centre_id__in=filter(None, [actor.centre_id]))
        .select_related("proposed_by", "decided_by", "centre")
        .annotate(
            listed=Coalesce(Subquery(lines.annotate(n=Count("pk")).values("n")), 0),
            gone=Coalesce(Subquery(gone.annotate(n=Count("pk")).values("n")), 0),
        )
    )


def batch_by_id(actor: Actor, batch_id: UUID) -> DisposalBatch:
    """One of them; ``NotAllowed`` for any other."""
    found = batches_of(actor).filter(pk=batch_id).first()
    if found is None:
        raise NotAllowed("batch_not_found", _("没有这份销毁清册，或您的岗位看不到它。"))
    return found


def items_of(actor: Actor, batch: DisposalBatch) -> list[DisposalItem]:
    """The lines of a batch whose matters the actor sees."""
    seen = Matter.objects.visible_to(actor).order_by().values("pk")
    return list(batch.items.filter(matter__in=seen).select_related("matter", "volume"))
