"""The versions of a county's tables, for those who read, write and approve them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.rules.deciding import Row
from fengqiao.rules.enums import OwnTable, TableKind
from fengqiao.rules.models import TableVersion


def versions_of(actor: Actor, kind: TableKind | OwnTable) -> QuerySet[TableVersion]:
    """All versions of the actor's own county, the newest first, with who wrote and who approved them."""
    return TableVersion.objects.filter(county=actor.county, kind=kind).select_related("author", "approver")


def version_by_id(
    actor: Actor, version_id: UUID, kinds: Collection[str] = TableKind.values
) -> TableVersion | None:
    """One version of the actor's own county, of a decision table where nothing else is asked for."""
    found = TableVersion.objects.filter(county=actor.county, pk=version_id, kind__in=kinds)
    return found.select_related("author", "approver").first()


@dataclass(frozen=True)
class RowChange:
    """A row that differs between two versions: ``before`` or ``after`` is ``None`` where it is not there.

    ``moved``: it stands at another place among the rows that both versions have.
    """

    id: str
    before: Row | None
    after: Row | None
    moved: bool = False

    @property
    def changed(self) -> frozenset[str]:
        """Names of the columns that differ; ``reason`` and ``basis`` among them."""
        if self.before is None or self.after is None:
            return frozenset()
        one, other = self.before, self.after
        names = {
            name
            for ours, theirs in ((one.when, other.when), (one.then, other.then))
            for name in {*ours, *theirs}
            if ours.get(name, "") != theirs.get(name, "")
        }
        names |= {name for name in ("reason", "basis") if getattr(one, name) != getattr(other, name)}
        return frozenset(names)


def row_changes(before: list[Row] | tuple[Row, ...], after: list[Row] | tuple[Row, ...]) -> list[RowChange]:
    """What differs, row by row by their ids: the rows of ``after`` in their order, then those that are gone."""
    old, new = {row.id: row for row in before}, {row.id: row for row in after}
    places = {row.id: place for place, row in enumerate(each for each in before if each.id in new)}
    found, place = [], 0
    for row in after:
        moved = False
        if row.id in old:
            moved, place = places[row.id] != place, place + 1
        change = RowChange(row.id, old.get(row.id), row, moved)
        if change.before is None or change.changed or moved:
            found.append(change)
    return found + [RowChange(row.id, row, None) for row in before if row.id not in new]
