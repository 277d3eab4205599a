"""A danger that has to be reported, and those who report and read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.flows import reporting
from fengqiao.kernel import clock
from fengqiao.matters.domain.assessing import assess
from fengqiao.matters.enums import Danger, Risk, State
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.places.models import Stationing
from fengqiao.reporting.domain import sending
from fengqiao.reporting.models import DirectReport, Receipt
from tests.matters.ground import EVERYWHERE, act
from tests.small_county import SmallCounty, brought_to

# Ten past ten on a Thursday evening in Shanghai: two hours from the next full hour end at one in the night.
EVENING = datetime(2026, 11, 12, 14, 10, tzinfo=UTC)
DUE = datetime(2026, 11, 12, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALL = ["commission", "county_director", "director"]
SAID = {
    "situation": "一名工人站在厂房四楼楼顶，称不发工资就跳下去。",
    "measures": "派出所、消防已到场，厂方负责人在赶来。",
    "request": "请协调人社部门连夜到场。",
}


def assessed(county: SmallCounty, level: Risk = Risk.HIGH, **changes: Any) -> Matter:
    with clock.at(EVENING):
        matter = brought_to(county, State.ASSESSING, **({"danger": Danger.SELF_HARM} | changes))
        act(county, Role.DISPATCHER, assess, matter, level=level, grounds="人已在楼顶，随时可能跳下。")
    return matter


def write(county: SmallCounty, matter: Matter, at: datetime = EVENING, **said: Any) -> DirectReport:
    who = said.pop("who", Role.DISPATCHER)
    with clock.at(at):
        return act(county, who, sending.write, matter, **(SAID | {"receivers": ALL} | said))


def later(county: SmallCounty, verb: Any, report: DirectReport, at: datetime, **said: Any) -> DirectReport:
    who = said.pop("who", Role.DISPATCHER)
    with clock.at(at):
        return act(county, who, verb, report_id=report.pk, **(SAID | said))


def opens(county: SmallCounty, role: Role, report: DirectReport, at: datetime, place: str = "county") -> None:
    with clock.at(at):
        reporting.opened(actor=county.actor(role, place), report_id=report.pk)


def receipts(report: DirectReport) -> dict[str, datetime | None]:
    """Who was told, as which of the receivers, and when they opened it."""
    with scope(EVERYWHERE):
        return dict(Receipt.objects.filter(report_id=report.pk).values_list("receiver", "read_at"))


def first_of(matter_id: UUID) -> DirectReport:
    with scope(EVERYWHERE):
        return DirectReport.objects.get(matter_id=matter_id, first=None)


def lie_there(actor: Actor, matter: Matter, reader: Stationing) -> DirectReport:
    """A report that was sent to somebody: the rows alone, for grounds on which no limit runs."""
    moment = clock.now()
    report = DirectReport.objects.create(
        **of(matter),
        **SAID,
        kind="initial",
        year=moment.year,
        number=DirectReport.objects.count() + 1,
        receivers=["commission"],
        written_by_id=actor.person_id,
        written_role=actor.role,
        written_at=moment,
    )
    Receipt.objects.create(
        **of(matter),
        report=report,
        person_id=reader.person_id,
        post_id=reader.post_id,
        receiver="commission",
    )
    return report
