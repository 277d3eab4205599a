"""What is written down of a mediation beside its steps, from any door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.mediation.domain import telling


def tell_rights(*, actor: Actor, matter_id: UUID, version: int | None = None, **values: Any) -> None:
    """Parties were told their rights; a refusal is rolled back and audited."""
    with attempt(actor, verb="mediation.tell", subject=f"matter:{matter_id}"):
        telling.tell_rights(actor=actor, matter_id=matter_id, version=version, **values)
