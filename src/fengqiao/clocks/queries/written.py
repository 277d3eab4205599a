"""What was written down of a matter's facts, as it is read: each with who wrote it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fengqiao.accounts.models import Person
from fengqiao.clocks.counting import Unit
from fengqiao.clocks.enums import BY_HAND, FactKind
from fengqiao.clocks.models import Fact
from fengqiao.clocks.queries.facts import that_stand
from fengqiao.clocks.wording import ground_in_words, unit_in_words
from fengqiao.kernel import clock as present
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.county_limits import Binding
from fengqiao.rules.queries.limits import all_limits
from fengqiao.rules.queries.running import all_running


@dataclass(frozen=True)
class Written:
    """A row of the facts. ``stands``: neither put right nor taken back since, and no withdrawal itself."""

    fact: Fact
    stands: bool
    is_replaced: bool
    by: str

    @property
    def label(self) -> Any:
        """What happened."""
        return FactKind(self.fact.kind).label if self.fact.kind in FactKind.values else self.fact.kind

    @property
    def about(self) -> str:
        """For which limit, department or party it holds, where not for all."""
        limit = all_limits().get(self.fact.limit)
        parts = [limit.title] if limit else []
        if self.fact.assignment is not None:
            parts.append(self.fact.assignment.department.short_name)
        if self.fact.party is not None:
            parts.append(self.fact.party.name or str(self.fact.party.get_kind_display()))
        return " · ".join(parts)

    @property
    def said(self) -> str:
        """The length, the ground and the words that stand with it."""
        fact = self.fact
        length = unit_in_words(fact.n, Unit(fact.unit)) if fact.n and fact.unit else ""
        parts = (length, ground_in_words(fact.ground), fact.reason, fact.consent)
        return " · ".join(part for part in parts if part)


def written_of(matter: Matter) -> list[Written]:
    """Every row of the matter's facts, the latest that happened first (two statements)."""
    rows = list(Fact.objects.filter(matter_id=matter.pk).select_related("assignment__department", "party"))
    standing = {row.pk for row in that_stand(rows)}
    replaced = {row.replaces_id for row in rows}
    names = dict(Person.objects.filter(pk__in={row.recorded_by for row in rows}).values_list("pk", "name"))
    rows.sort(key=lambda row: (row.occurred_at, row.recorded_at, str(row.pk)), reverse=True)
    return [
        Written(row, row.pk in standing, row.pk in replaced, names.get(row.recorded_by, "")) for row in rows
    ]


def kinds_by_hand(matter: Matter) -> list[FactKind]:
    """What an officer may write down of a matter: what says something to a limit that is in force where it is."""
    binding = Binding()(matter.county, present.today())
    known = {
        kind
        for running in all_running().values()
        if running.id in binding
        for kind in running.starts_with | running.stops_with
    }
    return [FactKind.RECEIVED, *(kind for kind in FactKind if kind in BY_HAND and kind in known)]
