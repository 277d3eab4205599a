"""Serving a paper, ordering a dossier and opening it, from any door."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.dossier.domain import binding, serving
from fengqiao.dossier.models import Service, Volume
from fengqiao.dossier.policies import volumes_of
from fengqiao.files.domain.storing import content_of
from fengqiao.flows.once import Once
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.dossier import USUAL


def serve(
    *,
    actor: Actor,
    matter_id: UUID,
    new: serving.NewService,
    version: int | None = None,
    once: Once | None = None,
) -> Service:
    """Records the proof of service; a refusal is rolled back and audited."""
    with attempt(actor, verb="paper.serve", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        served = serving.serve(actor=actor, matter_id=matter_id, new=new, version=version)
        if once:
            once.end(Matter.objects.get(pk=matter_id))
        return served


def order_volume(
    *, actor: Actor, matter_id: UUID, retention: str = USUAL, once: Once | None = None
) -> Volume:
    """Orders the binding of a dossier; its row, its job and the audit come about together or not at all."""
    with attempt(actor, verb="dossier.order", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        volume = binding.order(actor=actor, matter_id=matter_id, retention=retention)
        if once:
            once.keep({"id": str(volume.id)})
        record(
            actor=actor,
            verb="dossier.order",
            subject=f"matter:{matter_id}",
            county=volume.county,
            details={"volume": volume.id},
        )
    return volume


def download_volume(*, actor: Actor, code: str, volume_id: UUID, part: str = "file") -> tuple[Volume, bytes]:
    """A bound dossier, audited before it is given; ``part`` is ``file`` (PDF) or ``bundle`` (zip)."""
    with attempt(actor, verb="dossier.download", subject=f"volume:{volume_id}"):
        matter = opened(actor, code, door="paper")
        volume = volumes_of(actor, matter).select_related("file", "bundle").filter(pk=volume_id).first()
        stored = (volume.bundle if part == "bundle" else volume.file) if volume else None
        if volume is None or stored is None:
            if volume is not None and volume.disposed_at is not None:
                raise NotAllowed("volume_disposed", _("这份卷宗保管期满，已经批准销毁；清册里有记录。"))
            raise NotAllowed("volume_not_found", _("没有这份卷宗，或您的岗位不能打开它。"))
        content = content_of(stored)
        record(
            actor=actor,
            verb="dossier.download",
            subject=f"volume:{volume.id}",
            county=volume.county,
            details={"part": part, "sm3": volume.digest},
        )
    return volume, content
