"""The ladder of supervision, from any door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.flows.once import Once
from fengqiao.matters.models import Matter
from fengqiao.supervision.domain import deciding, proposing
from fengqiao.supervision.enums import SupervisionAction
from fengqiao.supervision.models import Measure

VERBS: dict[SupervisionAction, Callable[..., Any]] = {
    SupervisionAction.ANSWER: deciding.answer,
    SupervisionAction.DECIDE: deciding.decide,
    SupervisionAction.REPORT: deciding.report,
    SupervisionAction.LIFT: deciding.lift,
    SupervisionAction.RECORD_OUTCOME: deciding.record_outcome,
}


def propose(
    *, actor: Actor, matter_id: UUID, assignment_id: UUID, rule: str, grounds: str, version: int | None = None
) -> Measure:
    """The centre proposes the next rung for a department's part."""
    with attempt(actor, verb="supervision.propose", subject=f"matter:{matter_id}"):
        return proposing.propose(
            actor=actor, assignment_id=assignment_id, rule=rule, grounds=grounds, version=version
        )


def act(
    *,
    actor: Actor,
    matter_id: UUID,
    supervision_id: UUID,
    action: SupervisionAction,
    version: int | None = None,
    once: Once | None = None,
    **values: Any,
) -> None:
    """The department answers or reports, the commission decides, lifts or records; a refusal is rolled back."""
    with attempt(actor, verb=f"supervision.{action}", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        VERBS[action](actor=actor, supervision_id=supervision_id, version=version, **values)
        if once:
            once.end(Matter.objects.get(pk=matter_id))
