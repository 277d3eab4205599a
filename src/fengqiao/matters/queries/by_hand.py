"""What waits to be assessed or routed and the table in force cannot answer: a person decides, and is told why.

Asked when it is read, under the table of today: a table that is put right empties the list by itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.ruled import facts_of_many
from fengqiao.matters.queries.work import waiting_for
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.tables import Table, in_force
from fengqiao.rules.vocabulary import shape_of

# The table that is asked next of a matter in this state.
ASKED = {State.ASSESSING: TableKind.RISK, State.ROUTING: TableKind.TRACK, State.DISPATCHING: TableKind.TRACK}
# Of those that wait, so many are asked, what is due first being first.
MOST_ASKED = 500
# What the tables ask of a row, and what a list shows of it.
COLUMNS = (
    "id", "county", "restriction", "code", "title", "state", "state_since", "due_at", "against_kind", "category",
    "scale", "people", "amount", "danger", "harm_on", "public_place", "needs_care", "risk",
)  # fmt: skip


@dataclass(frozen=True)
class ByHand:
    """A matter that a table cannot answer, with the sentence that says why."""

    matter: Matter
    kind: TableKind
    error: str


@dataclass(frozen=True)
class Found:
    """``is_part``: more matters wait than were asked."""

    rows: list[ByHand]
    is_part: bool = False


def by_hand(actor: Actor) -> Found:
    """The matters waiting for this post whose table has no answer.

    Four statements and one a table; one where none waits.
    """
    waiting = waiting_for(actor).filter(state__in=ASKED).only(*COLUMNS)
    matters = list(
        waiting.order_by(F("due_at").asc(nulls_last=True), "state_since", "code")[: MOST_ASKED + 1]
    )
    asked = matters[:MOST_ASKED]
    if not asked:
        return Found([])
    facts = facts_of_many(actor, asked)
    tables: dict[tuple[str, TableKind], Table] = {}
    known: dict[tuple[str, TableKind, str], str] = {}
    found = []
    for matter in asked:
        kind = ASKED[State(matter.state)]
        place = (matter.county, kind)
        if place not in tables:
            tables[place] = in_force(kind, county=matter.county, on=clock.today())
        error = _error(tables[place], facts[matter.pk], known)
        if error:
            found.append(ByHand(matter, kind, error))
    return Found(found, is_part=len(matters) > MOST_ASKED)


def _error(table: Table, facts: dict[str, Any], known: dict[tuple[str, TableKind, str], str]) -> str:
    asked = {name: facts[name] for name in shape_of(table.kind).inputs if name in facts}
    key = (table.version, table.kind, json.dumps(asked, sort_keys=True, default=str))
    if key not in known:
        known[key] = table.ask(asked).error
    return known[key]
