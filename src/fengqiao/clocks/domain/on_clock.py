"""A clock under its matter's lock, and writing what is said about it: what all verbs on clocks share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.writing_many import insert_many
from fengqiao.clocks.counting import deadline
from fengqiao.clocks.deriving import Course, terms_of
from fengqiao.clocks.domain import keeping
from fengqiao.clocks.domain.facts import new_fact
from fengqiao.clocks.enums import MOVING, ClockState, FactKind
from fengqiao.clocks.models import Clock, Fact
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.clocks.queries.facts import course_of, standing, that_stand
from fengqiao.kernel import clock as present
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.enums import WordKind
from fengqiao.matters.models import Matter


@dataclass(frozen=True)
class OnClock:
    """A clock of a locked matter, with how it runs and every row that was written of the matter's facts."""

    matter: Matter
    clock: Clock
    course: Course
    rows: Sequence[Fact]

    @property
    def due(self) -> datetime | None:
        """The end as the facts are known now; None while a pause lasts."""
        return deadline(
            terms_of(self.course.limit), self.course.facts, county_calendar(self.matter.county)
        ).due

    def own(self, *kinds: str) -> list[Fact]:
        """The facts of these kinds that stand and are about this clock, in order."""
        return [row for row in that_stand(self.rows) if row.kind in kinds and self.is_own(row)]

    def is_own(self, row: Fact) -> bool:
        """Whether a fact was written about this clock's limit, for its department and its party."""
        return (
            row.limit == self.clock.limit
            and row.assignment_id == self.clock.assignment_id
            and row.party_id == self.clock.party_id
        )

    def new(self, actor: Actor, kind: str, at: datetime, **values: Any) -> Fact:
        """A fact about this clock (not saved)."""
        own = {
            "limit": self.clock.limit,
            "assignment_id": self.clock.assignment_id,
            "party_id": self.clock.party_id,
        }
        return new_fact(self.matter, actor, kind, at, **own, **values)


def on_clock(*, actor: Actor, matter_id: UUID, clock_id: UUID, version: int | None = None) -> OnClock:
    """Locks the matter and finds its clock; raises ``NotAllowed`` for one that is not there or never ran."""
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    clock = Clock.objects.filter(pk=clock_id, matter_id=matter.pk).exclude(state=ClockState.VOID).first()
    rows = list(Fact.objects.filter(matter_id=matter.pk).select_related("assignment__department"))
    course = course_of(matter, clock, standing(rows).get(matter.pk, [])) if clock else None
    if clock is None or course is None:
        raise NotAllowed("clock_not_found", _("本事项没有这个时限。"))
    return OnClock(matter, clock, course, rows)


def check_happened(at: datetime, *, field: str = "at") -> None:
    """Raises ``Invalid`` for what is said to happen later than now."""
    if at > present.now():
        raise Invalid({field: _("还没有到这个时间：只记录已经发生的事。")}, code="in_the_future")


def check_begun(found: OnClock, at: datetime, *, field: str | None = "at") -> None:
    """Raises where the limit had not begun at that moment, or had been ended by what happened."""
    if at < found.course.start.at:
        raise Invalid(
            {
                field or "at": _("时限从 %(moment)s 起算，不能早于起算。")
                % {"moment": found.course.start.at.astimezone(present.SHANGHAI).strftime("%Y-%m-%d %H:%M")}
            },
            code="before_the_start",
        )
    if found.course.stop is not None and at >= found.course.stop.at:
        raise Refusal("limit_stopped", _("这个时限已经停了，不再变动。"), field=field)


def check_runs(found: OnClock, at: datetime, *, field: str | None = "at") -> None:
    """Raises where the limit did not run at that moment: not begun yet, ended by what happened, or over."""
    check_begun(found, at, field=field)
    due = found.due
    if due is not None and at >= due:
        raise Refusal("limit_over", _("期限已经届满，届满以后的事不再影响它。"), field=field)


def check_order(facts: Sequence[Fact], *, field: str | None = None) -> None:
    """Pauses and resumptions of one clock take turns, and nothing begins anew within a pause; else ``Refusal``.

    ``facts`` are those of one clock that move it, in the order of what happened.
    """
    paused = False
    for each in facts:
        if each.kind == FactKind.PAUSED:
            if paused:
                raise Refusal("paused_already", _("那时时限已在中止，不能再次中止。"), field=field)
            paused = True
        elif each.kind == FactKind.RESUMED:
            if not paused:
                raise Refusal("not_paused", _("那时时限没有中止，谈不上恢复。"), field=field)
            paused = False
        elif each.kind == FactKind.RESTARTED and paused:
            raise Refusal(
                "restart_within_pause", _("中止期间不能重新计算：请先恢复，再记录中断。"), field=field
            )


def check_order_with(found: OnClock, new: Sequence[Fact], *, field: str = "at") -> None:
    """The same for what stands of a clock and what is to be added to it."""
    check_order(that_stand([*found.own(*MOVING), *new]), field=field)


def written(
    matter: Matter,
    *,
    actor: Actor,
    facts: Sequence[Fact],
    type: str,  # noqa: A002  the word of the field
    parameters: Mapping[str, Any],
    words: Mapping[WordKind, str] | None = None,
) -> None:
    """Writes facts of a locked matter with their link of the history and the audit, and computes its clocks anew."""
    insert_many(list(facts))
    note(matter, actor=actor, type=type, parameters=parameters, words=words)
    keeping.recompute_rows([matter])
