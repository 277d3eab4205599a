"""Direct reports, from any door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt
from fengqiao.matters.models import Matter
from fengqiao.reporting.domain import receipts, sending
from fengqiao.reporting.enums import ReportAction
from fengqiao.reporting.models import DirectReport
from fengqiao.reporting.queries.reports import report_by_id

LATER: dict[ReportAction, Callable[..., DirectReport]] = {
    ReportAction.FOLLOW_UP: sending.follow_up,
    ReportAction.END: sending.end,
}


def write(*, actor: Actor, matter_id: UUID, version: int | None = None, **values: Any) -> DirectReport:
    """The first report of a danger; a refusal is rolled back and audited."""
    with attempt(actor, verb="report.write", subject=f"matter:{matter_id}"):
        return sending.write(actor=actor, matter_id=matter_id, version=version, **values)


def go_on(
    *,
    actor: Actor,
    matter_id: UUID,
    report_id: UUID,
    action: ReportAction,
    version: int | None = None,
    **values: Any,
) -> DirectReport:
    """A follow-up or the last report."""
    with attempt(actor, verb=f"report.{action}", subject=f"matter:{matter_id}"):
        return LATER[action](actor=actor, report_id=report_id, version=version, **values)


def decline(*, actor: Actor, matter_id: UUID, reason: str, version: int | None = None) -> Matter:
    """Why nothing is reported although the table says so."""
    with attempt(actor, verb="report.decline", subject=f"matter:{matter_id}"):
        return sending.decline(actor=actor, matter_id=matter_id, reason=reason, version=version)


def opened(*, actor: Actor, report_id: UUID) -> DirectReport:
    """The report for whoever may read it; opened by whom it was sent to it is read from now on.

    Raises ``NotAllowed`` alike for one that is not there and one that is not theirs.
    """
    with scope(actor):
        found = report_by_id(actor, report_id)
    with attempt(actor, verb="report.read", subject=f"matter:{found.matter_id}"):
        receipts.read(actor=actor, report_id=report_id)
    return found
