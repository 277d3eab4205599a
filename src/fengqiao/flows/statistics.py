"""The statistics of mediation, from any door."""

from __future__ import annotations

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.reporting.periods import Period


def taken_out(*, actor: Actor, period: Period) -> None:
    """Writes into the audit that the form left the program as a file, and of which period."""
    record(actor=actor, verb="statistics.export", details={"period": period.key})
