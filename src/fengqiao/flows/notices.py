"""A person's own choices about notices, with their line in the audit."""

from __future__ import annotations

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.notices.domain import choosing
from fengqiao.notices.queries.reaching import Choices


def choose(*, actor: Actor, choices: Choices) -> None:
    """Keeps how the person hears of notices outside; the audit has no address."""
    with attempt(actor, verb="reaching.choose", subject=f"person:{actor.person_id}"):
        choosing.choose(actor=actor, choices=choices)
        details = {"mail": bool(choices.mail), "service": choices.service.partition("://")[0]}
        record(actor=actor, verb="reaching.choose", subject=f"person:{actor.person_id}", details=details)
