"""The register of mediators, from any door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.flows.once import Once
from fengqiao.mediators.domain import register
from fengqiao.mediators.models import Mediator


def enter(*, actor: Actor, once: Once | None = None, **values: Any) -> Mediator:
    """A leader enters a mediator of the own centre; a refusal is rolled back and audited."""
    with attempt(actor, verb="mediators.enter"):
        return _once(once, register.enter, actor=actor, **values)


def end(*, actor: Actor, mediator_id: UUID, once: Once | None = None, **values: Any) -> Mediator:
    """A leader ends an entry."""
    with attempt(actor, verb="mediators.end", subject=f"mediator:{mediator_id}"):
        return _once(once, register.end, actor=actor, mediator_id=mediator_id, **values)


def _once(once: Once | None, verb: Callable[..., Mediator], **values: Any) -> Mediator:
    if once:
        once.begin()
    entry = verb(**values)
    if once:
        once.keep({"id": str(entry.pk)})
    return entry
