"""The facts of matters as they stand now, in the form that clocks are derived from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from fengqiao.clocks.deriving import Course, Said, Subject, courses
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Clock, Fact
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.county_limits import Binding


def subject_of(matter: Matter) -> Subject:
    """What of a matter's row the limits ask."""
    return Subject(
        id=matter.id,
        county=matter.county,
        centre=matter.holder_id,
        channel=matter.channel,
        category=matter.category,
        track=matter.track,
        received_at=matter.received_at,
        registered_at=matter.registered_at,
        is_history=matter.is_history,
    )


def facts_of(matters: Collection[UUID]) -> dict[UUID, list[Said]]:
    """What was written down of each matter and stands (one statement)."""
    rows = list(
        Fact.objects.filter(matter_id__in=matters)
        .select_related("assignment__department")
        .order_by("matter_id", "recorded_at", "id")
    )
    return standing(rows)


def course_of(matter: Matter, clock: Clock, said: Sequence[Said]) -> Course | None:
    """How the clock's limit runs by these facts; None where, as they are known now, it never ran."""
    found = courses(subject_of(matter), said, Binding())
    return next((c for c in found if (c.limit.id, c.start.key) == (clock.limit, clock.started_by)), None)


def that_stand(rows: Iterable[Fact]) -> list[Fact]:
    """The rows that nothing took the place of and that were not taken back, in the order of what happened."""
    rows = list(rows)
    replaced = {row.replaces_id for row in rows}
    return sorted(
        (row for row in rows if row.id not in replaced and not row.withdrawn),
        key=lambda row: (row.occurred_at, str(row.id)),
    )


def standing(rows: Iterable[Fact]) -> dict[UUID, list[Said]]:
    """By matter: each fact as it was put right last, without those that were taken back."""
    rows = list(rows)
    first = {row.id: row.id for row in rows}
    replaced = set()
    for row in rows:
        if row.replaces_id is not None:
            first[row.id] = first.get(row.replaces_id, row.replaces_id)
            replaced.add(row.replaces_id)
    found: dict[UUID, list[Said]] = defaultdict(list)
    for row in rows:
        if row.id not in replaced and not row.withdrawn:
            # What stands on the matter's own row is known by the matter, also when it was put right.
            own = row.kind in (FactKind.RECEIVED, FactKind.REGISTERED)
            found[row.matter_id].append(said(row, row.matter_id if own else first[row.id]))
    return found


def said(row: Fact, key: UUID) -> Said:
    """A row as a fact."""
    assignment = row.assignment
    return Said(
        key=key,
        kind=row.kind,
        at=row.occurred_at,
        limit=row.limit,
        assignment=row.assignment_id,
        department=assignment.department_id if assignment else None,
        department_kind=assignment.department.kind if assignment else "",
        part=assignment.part if assignment else "",
        party=row.party_id,
        ground=row.ground,
        length=(row.n, row.unit) if row.n and row.unit else None,
    )
