"""What those at work know of each open matter: read as they see it, a day at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import Max, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.models import Assignment, Extension, Progress, ReturnRequest
from fengqiao.kernel import clock
from fengqiao.matters.enums import Restriction, State
from fengqiao.matters.models import HistoryEvent, Matter
from fengqiao.simulate.fates import SOURCE, Fate

# What those at work decide by; the words are not read.
READ = (
    *("county", "restriction", "code", "version", "state", "state_since", "registered_at", "centre_id"),
    *(
        "holder_id",
        "people",
        "danger",
        "danger_since",
        "anonymous",
        "against_department_id",
        "track",
        "channel",
        "outcome",
    ),
    *(
        "performance",
        "performance_due",
        "receipt_number",
        "remedies_told_at",
        "visit_attempts",
        "satisfaction",
    ),
    *("reopened", "raised", "turned_criminal_at", "criminal_reviewed_at", "source_number"),
    "merged_into_id",
)


@dataclass
class Case:
    """One open matter with what its next act depends on. ``seer``: somebody who sees it."""

    fate: Fate
    matter: Matter
    seer: Actor
    assignments: list[Assignment] = field(default_factory=list)
    returns: list[ReturnRequest] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    notes: dict[UUID, list[datetime]] = field(default_factory=dict)
    # Who may read a restricted matter; None where it is open.
    readers: frozenset[UUID] | None = None
    last_act: datetime | None = None
    # Something happened to the matter beside what was read.
    stale: bool = False
    done_for_today: bool = False

    @property
    def state(self) -> State:
        return State(self.matter.state)

    def rests(self, day: date) -> bool:
        """Whether it is left alone for the day after something was done: a department seldom does two things."""
        return self.fate.rng(f"rest{day}").random() < 0.6

    def take(self, result: Any) -> None:
        """What an act gave back is the newest there is; where it says too little, it is read again.

        In the actor's scope still: the act has asked whether they see the matter.
        """
        if isinstance(result, Matter) and result.state != State.HANDLING and self.readers is None:
            self.matter = result
            self.assignments, self.returns, self.extensions, self.notes = [], [], [], {}
        elif self.state in (State.DISPATCHING, State.HANDLING) and self.rests(clock.today()):
            self.done_for_today = True
        else:
            self.look()

    def look(self) -> bool:
        """Reads it again in the running scope; whether it is to be seen there."""
        found = Matter.objects.filter(pk=self.matter.pk).only(*READ).first()
        self.stale = found is None
        if found is None:
            return False
        self.matter = found
        _fill([self])
        return True

    def refresh(self) -> bool:
        """Reads it again; whether there still is something to see."""
        with scope(self.seer):
            return self.look()


def open_matters(seer: Actor, *, restricted: bool) -> list[Matter]:
    """The simulated matters that are not archived, as one person sees them."""
    with scope(seer):
        found = _seen(seer).filter(source=SOURCE).exclude(state=State.ARCHIVED)
        if restricted:
            found = found.filter(restriction=Restriction.RESTRICTED)
        return list(found.order_by("code"))


def fill(cases: list[Case], *, day_began: datetime | None = None) -> None:
    """Reads what departments did, and of a day that was begun before what happened on it."""
    by_seer: dict[UUID, list[Case]] = defaultdict(list)
    for case in cases:
        by_seer[case.seer.person_id].append(case)
    for of_seer in by_seer.values():
        with scope(of_seer[0].seer):
            _fill(of_seer)
            if day_began is not None:
                _last_acts(of_seer, day_began)


def _seen(seer: Actor) -> QuerySet[Matter]:
    return cast("QuerySet[Matter]", Matter.objects.visible_to(seer).only(*READ))


def _fill(cases: list[Case]) -> None:
    for case in cases:
        case.assignments, case.returns, case.extensions, case.notes = [], [], [], {}
        if case.matter.restriction != Restriction.OPEN:
            case.readers = _readers(case.matter)
    handled = {case.matter.id: case for case in cases if case.matter.state == State.HANDLING}
    if not handled:
        return
    live = Assignment.objects.filter(matter_id__in=handled, dispatch__ended_at__isnull=True)
    for assignment in live.select_related("department").order_by("-part", "issued_at", "department__name"):
        handled[assignment.matter_id].assignments.append(assignment)
    for asked in ReturnRequest.objects.filter(matter_id__in=handled).order_by("asked_at"):
        handled[asked.matter_id].returns.append(asked)
    for extension in Extension.objects.filter(matter_id__in=handled).order_by("asked_at"):
        handled[extension.matter_id].extensions.append(extension)
    noted = Progress.objects.filter(matter_id__in=handled).order_by("at")
    for matter, part, moment in noted.values_list("matter_id", "assignment_id", "at"):
        handled[matter].notes.setdefault(part, []).append(moment)


def _last_acts(cases: Iterable[Case], day_began: datetime) -> None:
    by_matter = {case.matter.id: case for case in cases}
    found = (
        HistoryEvent.objects.filter(matter_id__in=by_matter, at__gte=day_began)
        .exclude(type__startswith="whistle.")
        .values("matter_id")
        .annotate(last=Max("at"))
    )
    for row in found.values_list("matter_id", "last"):
        by_matter[row[0]].last_act = row[1]


def _readers(matter: Matter) -> frozenset[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM matter_readers(%s)", [matter.id])
        return frozenset(person for (person,) in cursor.fetchall())
