"""By how much a limit may be extended, and the requests that wait for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Clock, Fact
from fengqiao.clocks.queries.facts import that_stand
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.limits import Limit
from fengqiao.rules.queries.running import Running

# What the parties agree on has no maximum in the law; the form needs a bound all the same.
LONGEST_AGREED = 365


@dataclass(frozen=True)
class Most:
    """The longest extension of a limit; ``is_agreed`` where the parties' agreement sets it and no statute does."""

    n: int
    unit: str
    is_agreed: bool = False


def most_of(limit: Limit, running: Running) -> Most | None:
    """The maximum of the limit's own rule; None where nobody at a centre can extend it."""
    if not running.extended_by:
        return None
    if limit.extension is not None:
        return Most(*limit.extension)
    return Most(LONGEST_AGREED, limit.unit, is_agreed=True) if limit.consent else None


def asked_of(matter: Matter) -> dict[tuple[str, UUID | None, UUID | None], Fact]:
    """The requests of the matter that wait, by limit, assignment and party (one statement)."""
    kinds = (FactKind.EXTENSION_ASKED, FactKind.EXTENDED, FactKind.EXTENSION_REFUSED)
    rows = list(Fact.objects.filter(matter_id=matter.pk, kind__in=kinds))
    return {
        (row.limit, row.assignment_id, row.party_id): row
        for row in that_stand(rows)
        if row.kind == FactKind.EXTENSION_ASKED
    }


def key_of(clock: Clock) -> tuple[str, UUID | None, UUID | None]:
    """By what ``asked_of`` knows a clock."""
    return clock.limit, clock.assignment_id, clock.party_id
