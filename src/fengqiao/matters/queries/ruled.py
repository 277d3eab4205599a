"""What the decision table in force says of a matter: its own facts in, a row with its reason out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters.enums import Action, Danger, ProcedureKind, ProcedureStage
from fengqiao.matters.models import Claim, HistoryEvent, Matter, Procedure
from fengqiao.rules.deciding import Answer
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.tables import Table, in_force
from fengqiao.rules.vocabulary import codes, shape_of

# The actions whose choice a table proposes.
TABLES: dict[Action, TableKind] = {Action.ASSESS: TableKind.RISK, Action.ROUTE: TableKind.TRACK}


@dataclass(frozen=True)
class Proposal:
    """A table's answer on one matter. It proposes: an officer chooses, and may choose otherwise."""

    table: Table
    answer: Answer
    # What was asked, so that another table can be asked the same.
    facts: Mapping[str, Any] = field(default_factory=dict)
    county: str = ""

    @property
    def chosen(self) -> str:
        """The code that the row proposes; empty where a person decides unaided."""
        return self.answer.row.then[shape_of(self.table.kind).chooses] if self.answer.row else ""

    @property
    def label(self) -> Any:
        """The same in words."""
        shape = shape_of(self.table.kind)
        words = next(output.words for output in shape.outputs if output.name == shape.chooses)
        return codes(words).get(self.chosen, "")

    def beside(self, choice: str) -> dict[str, Any]:
        """How the table's answer stands in the history beside what the officer chose."""
        row = self.answer.row
        return {
            "table": self.table.kind.value,
            "version": self.table.version,
            "row": row.id if row else None,
            "overridden": row is not None and self.chosen != choice,
        }

    def said(self) -> dict[str, Any]:
        """How an answer stands in the history that nobody has followed or overridden yet."""
        row = self.answer.row
        return {
            "table": self.table.kind.value,
            "version": self.table.version,
            "row": row.id if row else None,
            shape_of(self.table.kind).chooses: self.chosen,
        }


def proposal(actor: Actor, action: Action, matter: Matter) -> Proposal | None:
    """What the table says for this action on a matter that the actor sees; ``None`` for other actions."""
    kind = TABLES.get(action)
    return None if kind is None else asked(actor, kind, matter)


def asked(actor: Actor, kind: TableKind, matter: Matter) -> Proposal:
    """What the table that is in force today says of a matter that the actor sees."""
    return of_facts(kind, matter.county, facts_of(actor, matter))


def of_facts(kind: TableKind, county: str, facts: Mapping[str, Any]) -> Proposal:
    """The same for facts that were read already (one statement)."""
    table = in_force(kind, county=county, on=clock.today())
    return Proposal(table, table.ask(facts), facts, county)


# What a room above writes into the history when a report is written or declined (reporting.enums).
ANSWERED = ("report.end", "report.decline")
REPORTED = ("report.write", "report.follow_up")
ASKED_ABOUT = ("matter.registered", "matter.assess", "matter.danger", "matter.amend")
DUE = "due"


def report_of(matter: Matter, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the table of direct reports says of these facts, as it stands in the history (two statements).

    ``again``: it was due already and nobody has answered that yet, or it was reported and is not over: no second
    limit runs, and nobody is told twice.
    """
    said = of_facts(TableKind.REPORT, matter.county, facts).said()
    return said | {"again": True} if said["due"] == DUE and _is_reported(matter) else said


def _is_reported(matter: Matter) -> bool:
    written = HistoryEvent.objects.filter(matter=matter, type__in=(*ANSWERED, *REPORTED, *ASKED_ABOUT))
    for event in written.order_by("-seq"):
        if event.type in ANSWERED + REPORTED:
            return event.type in REPORTED
        if (json.loads(bytes(event.content))["parameters"].get("report") or {}).get("due") == DUE:
            return True
    return False


def said_at_once(matter: Matter, claims: Sequence[str]) -> dict[str, Any]:
    """The same of a matter that is just being registered, empty where nobody spoke of a danger or of harm.

    Its procedures are not asked by this table, and nothing can be merged into it yet.
    """
    if matter.danger == Danger.NONE and matter.harm_on is None:
        return {}
    facts = _facts(matter, set(claims), set(), 1, clock.today())
    return of_facts(TableKind.REPORT, matter.county, facts).said()


def facts_of(actor: Actor, matter: Matter) -> dict[str, Any]:
    """The matter's facts as the tables ask for them (three statements)."""
    return facts_of_many(actor, [matter])[matter.pk]


def facts_of_many(
    actor: Actor, matters: Sequence[Matter], *, as_registered: bool = False
) -> dict[UUID, dict[str, Any]]:
    """The same of many matters by their ids, with as many statements as for one.

    ``as_registered``: the days until harm may come are counted from each one's registration and not from today.
    """
    ids = [matter.pk for matter in matters]
    procedures: dict[UUID, set[tuple[str, str]]] = {}
    for pk, kind, stage in Procedure.objects.filter(matter_id__in=ids).values_list(
        "matter_id", "kind", "stage"
    ):
        procedures.setdefault(pk, set()).add((kind, stage))
    claims: dict[UUID, set[str]] = {}
    for pk, kind in Claim.objects.filter(matter_id__in=ids).order_by().values_list("matter_id", "kind"):
        claims.setdefault(pk, set()).add(kind)
    # As far as the acting post sees them.
    merged = Matter.objects.visible_to(actor).filter(merged_into_id__in=ids).order_by()
    reports = dict(merged.values_list("merged_into_id").annotate(n=Count("pk")))
    return {
        matter.pk: _facts(
            matter,
            claims.get(matter.pk, set()),
            procedures.get(matter.pk, set()),
            1 + reports.get(matter.pk, 0),
            matter.registered_at.astimezone(clock.SHANGHAI).date() if as_registered else clock.today(),
        )
        for matter in matters
    }


def _facts(
    matter: Matter, claims: set[str], procedures: set[tuple[str, str]], reports: int, on: date
) -> dict[str, Any]:
    running = {kind for kind, stage in procedures if stage == ProcedureStage.RUNNING}
    used = {kind for kind, stage in procedures if stage != ProcedureStage.RUNNING}
    return {
        "claims": sorted(claims),
        "against": matter.against_kind,
        "running": sorted(running),
        "used": sorted(used),
        "petition_final": (ProcedureKind.PETITION, ProcedureStage.FINAL) in procedures,
        "category": matter.category or None,
        "scale": matter.scale,
        "people": matter.people,
        "amount": None if matter.amount is None else float(matter.amount),
        "danger": matter.danger,
        # A day that is over says no more when harm may come.
        "days_to_harm": (matter.harm_on - on).days if matter.harm_on and matter.harm_on >= on else None,
        "public_place": matter.public_place,
        "needs_care": matter.needs_care,
        "reports": reports,
        "risk": matter.risk or None,
    }
