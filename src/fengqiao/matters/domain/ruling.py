"""Writing down what a decision table proposed beside an officer's choice."""

from __future__ import annotations

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters.enums import Action
from fengqiao.matters.models import Matter, Ruling
from fengqiao.matters.models.base import of
from fengqiao.matters.queries.ruled import Proposal


def keep_ruling(
    matter: Matter, *, actor: Actor, action: Action, found: Proposal, proposed: str, chosen: str
) -> Ruling:
    """Keeps which row proposed what for this act; another choice than the proposed one counts as overridden."""
    row = found.answer.row
    return Ruling.objects.create(
        **of(matter),
        action=action,
        table=found.table.kind,
        table_version=found.table.version,
        row=row.id if row else "",
        proposed=proposed,
        chosen=chosen,
        overridden=row is not None and bool(proposed) and proposed != chosen,
        by=actor.person_id,
        at=clock.now(),
    )
