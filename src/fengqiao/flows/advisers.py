"""The roster of legal advisers, from any door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.counsel.domain import advisers
from fengqiao.counsel.enums import AdviserAction
from fengqiao.counsel.models import Adviser
from fengqiao.flows.once import Once


def enter(*, actor: Actor, once: Once | None = None, **values: Any) -> Adviser:
    """A leader enters whom the county has named; a refusal is rolled back and audited."""
    with attempt(actor, verb=f"adviser.{AdviserAction.ENTER}"):
        if once:
            once.begin()
        made = advisers.enter(actor=actor, **values)
        if once:
            once.keep({"id": str(made.pk), "said": str(AdviserAction.ENTER)})
        return made


def end(*, actor: Actor, adviser_id: UUID, once: Once | None = None, **values: Any) -> Adviser:
    """The last day of somebody on the roster."""
    with attempt(actor, verb=f"adviser.{AdviserAction.END}", subject=f"adviser:{adviser_id}"):
        if once:
            once.begin()
        done = advisers.end(actor=actor, adviser_id=adviser_id, **values)
        if once:
            once.keep({"id": str(done.pk), "said": str(AdviserAction.END)})
        return done
