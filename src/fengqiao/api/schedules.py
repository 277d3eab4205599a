"""Scheduled exports: a saved view exported every day, week or month. One's own, in the same post."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.api import offered
from fengqiao.api.doors import READS, WRITES, reader_of, reading
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import Made, PageOf, Shape, Told
from fengqiao.api.writing import answered, once_of
from fengqiao.exchange.domain import scheduling
from fengqiao.exchange.domain.scheduling import Rhythm
from fengqiao.exchange.enums import Every, ExportFormat
from fengqiao.exchange.models import ExportSchedule
from fengqiao.exchange.queries.exports import schedules_of
from fengqiao.kernel.errors import NotAllowed

router = Router(tags=["exports"])


class RhythmSent(Shape):
    kind: ExportFormat = ExportFormat.XLSX
    every: Every
    hour: Annotated[int, Field(ge=0, le=23, description="In Asia/Shanghai.")]
    weekday: Annotated[int | None, Field(ge=1, le=7, description="Monday is 1; for `week`.")] = None
    day: Annotated[
        int | None,
        Field(ge=1, le=31, description="For `month`; one without that day takes its last."),
    ] = None

    def rhythm(self) -> Rhythm:
        """When it is made."""
        return Rhythm(every=self.every, hour=self.hour, weekday=self.weekday, day=self.day)


class ScheduleSent(RhythmSent):
    view: Annotated[UUID, Field(description="The saved view that is exported.")]


class ScheduleTold(Told):
    """A scheduled export. What has stopped stays to be read."""

    id: UUID
    view: UUID
    name: Annotated[str, Field(description="The view's name when it was scheduled.")]
    kind: ExportFormat
    every: Every
    hour: int
    weekday: int | None
    day: int | None
    made_at: datetime
    next_due_at: Annotated[datetime | None, Field(description="Null where it has stopped.")]
    stopped_at: datetime | None
    reason: Annotated[str, Field(description="Why it stopped by itself (Chinese).")]


class SchedulePage(PageOf):
    items: list[ScheduleTold]


@router.get(
    "/schedules",
    response=SchedulePage,
    auth=READS,
    operation_id="listSchedules",
    summary="Scheduled exports · 定时导出",
    url_name="api_schedules",
)
def list_schedules(request: HttpRequest, asked: Query[Listed]) -> SchedulePage:
    """What the caller has scheduled in this post, newest first, stopped ones too."""
    with reading(request) as actor:
        rows, after = newest_first(
            schedules_of(actor), of=("schedules", actor.post_id), cursor=asked.cursor, size=asked.size
        )
        return SchedulePage(items=[told_of(each) for each in rows], next=after)


@router.post(
    "/schedules",
    response={201: Made},
    auth=WRITES,
    operation_id="scheduleExport",
    summary="Schedule an export · 设定时导出",
    url_name="api_schedules",
    openapi_extra={"x-writes": "once"},
)
def schedule_export(request: HttpRequest, response: HttpResponse, sent: ScheduleSent) -> Any:
    """Exports a saved view from now on; each export stands at `GET /exports`."""
    actor, once = reader_of(request), once_of(request, sent)

    def work() -> None:
        with scope(actor):
            # Asked here already: the view may have gone since.
            once.begin()
            offered.view(actor, sent.view, field="view")
        scheduling.schedule(actor=actor, view_id=sent.view, kind=sent.kind, rhythm=sent.rhythm(), once=once)

    made = Made(**answered(once, response, work))
    response.headers["Location"] = f"/api/v1/schedules/{made.id}"
    return Status(201, made)


@router.get(
    "/schedules/{schedule_id}",
    response=ScheduleTold,
    auth=READS,
    operation_id="getSchedule",
    summary="One scheduled export · 一个定时导出",
    url_name="api_schedule",
)
def get_schedule(request: HttpRequest, schedule_id: UUID) -> ScheduleTold:
    """When it is due next, or why it stopped."""
    with reading(request) as actor:
        return _told(actor, schedule_id)


@router.put(
    "/schedules/{schedule_id}",
    response=ScheduleTold,
    auth=WRITES,
    operation_id="changeSchedule",
    summary="Change a scheduled export · 修改定时导出",
    url_name="api_schedule",
    openapi_extra={"x-writes": "again"},
)
def change_schedule(request: HttpRequest, schedule_id: UUID, sent: RhythmSent) -> ScheduleTold:
    """Another rhythm or format for one that runs."""
    actor = reader_of(request)
    scheduling.change(actor=actor, schedule_id=schedule_id, kind=sent.kind, rhythm=sent.rhythm())
    with scope(actor):
        return _told(actor, schedule_id)


@router.delete(
    "/schedules/{schedule_id}",
    response={204: None},
    auth=WRITES,
    operation_id="stopSchedule",
    summary="Stop a scheduled export · 停止定时导出",
    url_name="api_schedule",
    openapi_extra={"x-writes": "again"},
)
def stop_schedule(request: HttpRequest, schedule_id: UUID) -> Any:
    """Nothing is exported by it any more; it stays to be read, and what was exported until it expires."""
    scheduling.stop(actor=reader_of(request), schedule_id=schedule_id)
    return Status(204, None)


def told_of(schedule: ExportSchedule) -> ScheduleTold:
    """A schedule as its owner reads it."""
    plain = ("id", "name", "hour", "weekday", "day", "made_at", "stopped_at", "reason")
    return ScheduleTold(
        view=schedule.view_id,
        kind=ExportFormat(schedule.kind),
        every=Every(schedule.every),
        next_due_at=None if schedule.stopped_at else schedule.next_due_at,
        **{name: getattr(schedule, name) for name in plain},
    )


def _told(actor: Actor, schedule_id: UUID) -> ScheduleTold:
    found = schedules_of(actor).filter(pk=schedule_id).first()
    if found is None:
        raise NotAllowed("schedule_not_found", _("没有这个定时导出，或已经停止。"))
    return told_of(found)
