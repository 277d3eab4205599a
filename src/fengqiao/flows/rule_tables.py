"""What authors and approvers do with a county's decision tables: refusals rolled back and audited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.matters.domain import replaying
from fengqiao.matters.models import Replay
from fengqiao.matters.tasks import replay_table
from fengqiao.rules.deciding import Example, Row
from fengqiao.rules.domain import drafting, publishing
from fengqiao.rules.enums import OwnTable, TableKind
from fengqiao.rules.models import TableVersion


def begin(*, actor: Actor, kind: TableKind | OwnTable) -> TableVersion:
    """Begins a draft from the table in force."""
    with attempt(actor, verb="rules.begin", subject=f"table:{kind}"):
        made = drafting.begin(actor=actor, kind=kind)
        _record(actor, "rules.begin", made)
    return made


def rewrite(
    *,
    actor: Actor,
    version_id: UUID,
    version: int,
    rows: Sequence[Row] | None = None,
    examples: Sequence[Example] | None = None,
    note: str | None = None,
) -> TableVersion:
    """Changes one's own draft."""
    with attempt(actor, verb="rules.rewrite", subject=f"table:{version_id}"):
        made = drafting.rewrite(
            actor=actor, version_id=version_id, version=version, rows=rows, examples=examples, note=note
        )
        _record(actor, "rules.rewrite", made)
    return made


def submit(*, actor: Actor, version_id: UUID, version: int) -> TableVersion:
    """Hands a draft to its approver."""
    with attempt(actor, verb="rules.submit", subject=f"table:{version_id}"):
        made = drafting.submit(actor=actor, version_id=version_id, version=version)
        _record(actor, "rules.submit", made)
    return made


def take_back(*, actor: Actor, version_id: UUID, version: int) -> TableVersion:
    """Takes a submitted draft back."""
    with attempt(actor, verb="rules.take_back", subject=f"table:{version_id}"):
        made = drafting.take_back(actor=actor, version_id=version_id, version=version)
        _record(actor, "rules.take_back", made)
    return made


def drop(*, actor: Actor, version_id: UUID, version: int) -> TableVersion:
    """Gives a draft up."""
    with attempt(actor, verb="rules.drop", subject=f"table:{version_id}"):
        made = drafting.drop(actor=actor, version_id=version_id, version=version)
        _record(actor, "rules.drop", made)
    return made


def approve(*, actor: Actor, version_id: UUID, version: int, effective_from: date) -> TableVersion:
    """Publishes another person's version."""
    with attempt(actor, verb="rules.approve", subject=f"table:{version_id}"):
        made = publishing.approve(
            actor=actor, version_id=version_id, version=version, effective_from=effective_from
        )
        _record(actor, "rules.approve", made, day=effective_from)
    return made


def send_back(*, actor: Actor, version_id: UUID, version: int, remark: str) -> TableVersion:
    """Gives a version back to its author."""
    with attempt(actor, verb="rules.send_back", subject=f"table:{version_id}"):
        made = publishing.send_back(actor=actor, version_id=version_id, version=version, remark=remark)
        _record(actor, "rules.send_back", made)
    return made


def end(*, actor: Actor, version_id: UUID, version: int, until: date) -> TableVersion:
    """Gives a published version its last day."""
    with attempt(actor, verb="rules.end", subject=f"table:{version_id}"):
        made = publishing.end(actor=actor, version_id=version_id, version=version, until=until)
        _record(actor, "rules.end", made, day=until)
    return made


def _record(actor: Actor, verb: str, version: TableVersion, *, day: date | None = None) -> None:
    details = {
        "table": version.kind,
        "number": version.number,
        "rows": len(version.rows),
        "version": version.version,
    }
    if day is not None:
        details["day"] = day.isoformat()
    record(actor=actor, verb=verb, subject=f"table:{version.pk}", details=details)


def replay(*, actor: Actor, version_id: UUID, since: date, until: date) -> Replay:
    """Puts a replay of a version over the ledger into the queue; it and its row come about together."""
    with attempt(actor, verb="rules.replay", subject=f"table:{version_id}"):
        made = replaying.order(actor=actor, version_id=version_id, since=since, until=until)
        replay_table.defer(replay=str(made.pk), county=made.county, person=str(actor.person_id))
        details = {"since": since.isoformat(), "until": until.isoformat(), "total": made.total}
        record(actor=actor, verb="rules.replay", subject=f"table:{version_id}", details=details)
    return made
