"""What a system administrator does with towns and villages: refusals rolled back and audited."""

from __future__ import annotations

from typing import Any

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.places.domain import division_changes
from fengqiao.places.domain.division_changes import Notice
from fengqiao.places.models import Division


def add(*, actor: Actor, upper: str, code: str, name: str, notice: Notice) -> Division:
    """Adds the division and audits what was said of it."""
    with attempt(actor, verb="division.add"):
        made = division_changes.add_division(actor=actor, upper=upper, code=code, name=name, notice=notice)
        details = {"name": made.name} | _said(notice)
        record(actor=actor, verb="division.add", subject=f"division:{made.code}", details=details)
    return made


def rename(*, actor: Actor, code: str, name: str, notice: Notice, version: int) -> None:
    """Renames the division; the audit holds both names."""
    verb, subject = "division.rename", f"division:{code}"
    with attempt(actor, verb=verb, subject=subject):
        before = division_changes.rename_division(
            actor=actor, code=code, name=name, notice=notice, version=version
        )
        details = {"before": before, "after": name.strip()} | _said(notice)
        record(actor=actor, verb=verb, subject=subject, details=details)


def end(*, actor: Actor, code: str, into: str, notice: Notice, version: int) -> None:
    """Ends the division and its grids, and audits it."""
    verb, subject = "division.end", f"division:{code}"
    with attempt(actor, verb=verb, subject=subject):
        _ended, grids = division_changes.end_division(
            actor=actor, code=code, into=into, notice=notice, version=version
        )
        details = {"into": into, "grids": grids} | _said(notice)
        record(actor=actor, verb=verb, subject=subject, details=details)


def reopen(*, actor: Actor, code: str, version: int) -> None:
    """Takes the division's last day back and audits it."""
    verb, subject = "division.reopen", f"division:{code}"
    with attempt(actor, verb=verb, subject=subject):
        grids = division_changes.reopen_division(actor=actor, code=code, version=version)
        record(actor=actor, verb=verb, subject=subject, details={"grids": grids})


def _said(notice: Notice) -> dict[str, Any]:
    return {"source": notice.source.strip(), "day": notice.day.isoformat()}
