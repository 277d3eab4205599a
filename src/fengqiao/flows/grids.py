"""What a system administrator does with grids: refusals rolled back and audited."""

from __future__ import annotations

from datetime import date

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.places.domain import grids
from fengqiao.places.domain.grids import GridDetails
from fengqiao.places.models import Grid


def add(*, actor: Actor, village: str, new: GridDetails) -> Grid:
    """Adds the grid and audits what was said of it."""
    with attempt(actor, verb="grid.add"):
        made = grids.add_grid(actor=actor, village=village, new=new)
        details = {"name": made.name, "from": made.valid_from.isoformat()}
        record(actor=actor, verb="grid.add", subject=f"grid:{made.code}", details=details)
    return made


def amend(*, actor: Actor, code: str, new: GridDetails, version: int) -> None:
    """Amends the grid; the audit holds what changed, before and after."""
    verb, subject = "grid.amend", f"grid:{code}"
    with attempt(actor, verb=verb, subject=subject):
        _grid, change = grids.amend_grid(actor=actor, code=code, new=new, version=version)
        record(actor=actor, verb=verb, subject=subject, details=change)


def end(*, actor: Actor, code: str, until: date, version: int) -> None:
    """Gives the grid its last day and audits it."""
    verb, subject = "grid.end", f"grid:{code}"
    with attempt(actor, verb=verb, subject=subject):
        grids.end_grid(actor=actor, code=code, until=until, version=version)
        record(actor=actor, verb=verb, subject=subject, details={"until": until.isoformat()})


def reopen(*, actor: Actor, code: str, version: int) -> None:
    """Takes the grid's last day back and audits it."""
    verb, subject = "grid.reopen", f"grid:{code}"
    with attempt(actor, verb=verb, subject=subject):
        grids.reopen_grid(actor=actor, code=code, version=version)
        record(actor=actor, verb=verb, subject=subject)
