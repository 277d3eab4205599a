"""Parts of matters that departments left lying, and the ladder climbed by those whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.matters.domain.sight import lay_before
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.places.models import Department
from fengqiao.supervision.domain import deciding, proposing
from fengqiao.supervision.enums import Rung, SupervisionState
from fengqiao.supervision.models import Measure, Supervision
from tests.dispatch.hands import LABOUR, check_in, dispatched, part_of
from tests.matters.ground import EVERYWHERE, act
from tests.small_county import SmallCounty

COMMISSION = Role.COMMISSION
# A Monday, and the Friday until which the bureau was to answer; no holiday is near.
GIVEN, REPLY_BY = date(2026, 3, 2), date(2026, 3, 6)
# The third working day after it: from now on a letter may be proposed.
LATE = date(2026, 3, 11)
HEARD_UNTIL = date(2026, 3, 13)
DECIDED = date(2026, 3, 16)
REPORT_BY = date(2026, 3, 23)
GROUNDS = "交办答复期限已过三个工作日，没有写出结果。"
REASONS = "事实清楚，同意督办。"


@contextmanager
def on(day: date, hour: int = 10) -> Iterator[None]:
    """The domain's clock stands at an hour of this day."""
    with clock.at(datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)):
        yield


def row_of(rung: str, ground: str = "report") -> str:
    """The shipped table's row for a rung."""
    return f"{rung}-{ground}".replace("_", "-")


def left_lying(county: SmallCounty, **more: Any) -> tuple[Matter, Assignment]:
    """Given to the labour bureau, which checked in and then wrote nothing."""
    with on(GIVEN):
        given = {"reply_by": REPLY_BY, "changes": {"happened_on": date(2026, 2, 1)}} | more
        matter = dispatched(county, **given)
        part = part_of(matter)
        check_in(county, LABOUR, part)
    return matter, part


def lie_before(
    actor: Actor, matter: Matter, part: Assignment, commission: Department, *, proposer: UUID
) -> Supervision:
    """A letter about a part is proposed: the rows alone, for grounds on which nobody waits for days to pass."""
    lay_before(actor=actor, matter=matter, department_id=commission.pk, reason=GROUNDS)
    moment = clock.now()
    found = Supervision.objects.create(
        **of(matter),
        assignment=part,
        department_id=part.department_id,
        commission=commission,
        state=SupervisionState.PROPOSED,
        since=moment,
        opened_at=moment,
    )
    Measure.objects.create(
        **of(matter),
        supervision=found,
        rung=Rung.LETTER,
        rule="letter-reply",
        rule_version=0,
        table_version="shipped-2026-11",
        grounds=GROUNDS,
        proposed_by_id=proposer,
        proposed_role=actor.role,
        proposed_at=moment,
        answer_by=moment.date(),
    )
    return found


def propose(county: SmallCounty, part: Assignment, day: date = LATE, **said: Any) -> Measure:
    who = said.pop("who", Role.DISPATCHER)
    with on(day):
        given = {"rule": "letter-reply", "grounds": GROUNDS} | said
        return act(county, who, proposing.propose, assignment_id=part.pk, **given)


def decide(county: SmallCounty, measure: Measure, day: date = DECIDED, **said: Any) -> Measure:
    who = said.pop("who", COMMISSION)
    with on(day):
        given = {"agree": True, "reasons": REASONS} | said
        return act(county, who, deciding.decide, supervision_id=measure.supervision_id, **given)


def does(county: SmallCounty, who: Any, verb: Any, measure: Measure, day: date, **said: Any) -> Any:
    with on(day):
        return act(county, who, verb, supervision_id=measure.supervision_id, **said)


def now(measure: Measure) -> tuple[Supervision, Measure]:
    """Both rows as they are now."""
    with scope(EVERYWHERE):
        return Supervision.objects.get(pk=measure.supervision_id), Measure.objects.get(pk=measure.pk)
