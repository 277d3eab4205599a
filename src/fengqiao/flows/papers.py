"""Serving a paper, from any door."""

from __future__ import annotations

from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.dossier.domain import serving
from fengqiao.dossier.models import Service


def serve(*, actor: Actor, matter_id: UUID, new: serving.NewService) -> Service:
    """Records the proof of service; a refusal is rolled back and audited."""
    with attempt(actor, verb="paper.serve", subject=f"matter:{matter_id}"):
        return serving.serve(actor=actor, matter_id=matter_id, new=new)
