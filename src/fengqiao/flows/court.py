"""What parties bring to a court from a matter, from any door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.confirmation.domain import preparing, suing, tracking
from fengqiao.confirmation.enums import CourtAction
from fengqiao.confirmation.models import CourtCase
from fengqiao.flows.once import Once

ON_A_CASE: dict[CourtAction, Callable[..., CourtCase]] = {
    CourtAction.AMEND: preparing.amend,
    CourtAction.FILE: preparing.file,
    CourtAction.DROP: preparing.drop,
    CourtAction.DOCKET: tracking.docket,
    CourtAction.ASK_MORE: tracking.ask_more,
    CourtAction.SUPPLY: tracking.supply,
    CourtAction.HEAR: tracking.hear,
    CourtAction.WITHDRAW: tracking.withdraw,
    CourtAction.CONFIRM: tracking.confirm,
    CourtAction.REFUSE: tracking.refuse,
    CourtAction.JUDGE: tracking.judge,
    CourtAction.SETTLE: tracking.settle,
    CourtAction.FULFIL: tracking.fulfil,
    CourtAction.END_ENFORCING: tracking.end_enforcing,
    # On the case in which the court confirmed: what comes of it is a case of its own.
    CourtAction.ENFORCE: suing.enforce,
}


def prepare(*, actor: Actor, agreement_id: UUID, once: Once | None = None, **values: Any) -> CourtCase:
    """An application for confirmation of an agreement; a refusal is rolled back and audited."""
    with attempt(actor, verb=f"court.{CourtAction.PREPARE}", subject=f"agreement:{agreement_id}"):
        return _once(
            once, CourtAction.PREPARE, preparing.prepare, actor=actor, agreement_id=agreement_id, **values
        )


def sue(*, actor: Actor, matter_id: UUID, once: Once | None = None, **values: Any) -> CourtCase:
    """A suit of the matter."""
    with attempt(actor, verb=f"court.{CourtAction.SUE}", subject=f"matter:{matter_id}"):
        return _once(once, CourtAction.SUE, suing.sue, actor=actor, matter_id=matter_id, **values)


def act(
    *, actor: Actor, case_id: UUID, action: CourtAction, once: Once | None = None, **values: Any
) -> CourtCase:
    """What happened in a case, or is done with it."""
    with attempt(actor, verb=f"court.{action}", subject=f"court:{case_id}"):
        return _once(once, action, ON_A_CASE[action], actor=actor, case_id=case_id, **values)


def _once(once: Once | None, action: CourtAction, verb: Callable[..., CourtCase], **values: Any) -> CourtCase:
    if once:
        once.begin()
    case = verb(**values)
    if once:
        once.keep({"id": str(case.pk), "said": str(action), "version": case.matter.version})
    return case
