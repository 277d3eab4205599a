"""Scheduled exports: a saved view exported every day, week or month, once for each moment that is due."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt, record
from fengqiao.exchange.domain.exporting import put_into_queue
from fengqiao.exchange.domain.on_behalf import ordering_post, plain, post_of
from fengqiao.exchange.enums import Every, ExportFormat
from fengqiao.exchange.models import ExportSchedule
from fengqiao.exchange.queries.exports import schedules_of
from fengqiao.flows.once import Once
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.models import SavedView
from fengqiao.matters.queries.saved_views import no_longer_there, views_of

MOST = 10
# What a single run of the periodic task takes on; the rest is due at the next.
MOST_AT_A_TIME = 500


@dataclass(frozen=True)
class Rhythm:
    """When: at ``hour`` (0–23, Asia/Shanghai) each day, on ``weekday`` (1–7) or on ``day`` (1–31) of a month."""

    every: Every
    hour: int
    weekday: int | None = None
    day: int | None = None


def next_due(rhythm: Rhythm, after: datetime) -> datetime:
    """The first moment of the rhythm after another; a month without the day takes its last day."""
    day = after.astimezone(clock.SHANGHAI).date()
    while True:
        moment = datetime.combine(day, time(rhythm.hour), clock.SHANGHAI)
        if moment > after and _falls_on(rhythm, moment):
            return moment
        day += timedelta(days=1)


def schedule(
    *, actor: Actor, view_id: UUID, kind: str, rhythm: Rhythm, once: Once | None = None
) -> ExportSchedule:
    """Exports a view from now on. Raises ``NotAllowed`` and ``Refusal``."""
    with attempt(actor, verb="export.schedule", subject=f"view:{view_id}"):
        if once:
            once.begin()
        post_id = ordering_post(actor)
        view = views_of(actor).filter(pk=view_id).first()
        if view is None:
            raise NotAllowed("view_not_found", _("没有这个视图，或不是给您现在的岗位用的。"))
        if schedules_of(actor).filter(stopped_at=None).count() >= MOST:
            raise Refusal(
                "too_many_schedules", _("最多 %(most)d 个定时导出。请先停掉不用的。") % {"most": MOST}
            )
        _check(kind, rhythm)
        now = clock.now()
        made = ExportSchedule.objects.create(
            county=actor.county,
            person_id=actor.person_id,
            post_id=post_id,
            view=view,
            name=view.name,
            kind=kind,
            **_kept(rhythm),
            made_at=now,
            next_due_at=next_due(rhythm, now),
        )
        if once:
            once.keep({"id": str(made.pk)})
        _audit(actor, "export.schedule", made, rhythm)
    return made


def change(*, actor: Actor, schedule_id: UUID, kind: str, rhythm: Rhythm) -> None:
    """Another rhythm or format for a schedule that runs."""
    with attempt(actor, verb="export.reschedule", subject=f"schedule:{schedule_id}"):
        found = _running(actor, schedule_id)
        _check(kind, rhythm)
        for name, value in _kept(rhythm).items():
            setattr(found, name, value)
        found.kind = kind
        found.next_due_at = next_due(rhythm, clock.now())
        found.save(update_fields=["every", "weekday", "day", "hour", "kind", "next_due_at"])
        _audit(actor, "export.reschedule", found, rhythm)


def stop(*, actor: Actor, schedule_id: UUID) -> None:
    """Stops it; what was exported stays until its week is over."""
    with attempt(actor, verb="export.stop_schedule", subject=f"schedule:{schedule_id}"):
        found = _running(actor, schedule_id)
        found.stopped_at = clock.now()
        found.reason = ""
        found.save(update_fields=["stopped_at", "reason"])
        record(actor=actor, verb="export.stop_schedule", subject=f"schedule:{found.id}")


def order_due() -> int:
    """Orders what is due, each in a transaction of its own, and says how much.

    However many run this at once, and whenever one dies: the order and the next moment come about together
    or not at all, under the lock of the schedule's row. Moments missed meanwhile are made up by one export.
    """
    moment = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schedule, county, person FROM export_schedules_due(%s, %s)", [moment, MOST_AT_A_TIME]
        )
        due = cursor.fetchall()
    return sum(_order(schedule_id, plain(county, person), moment) for schedule_id, county, person in due)


def _order(schedule_id: UUID, person: Actor, moment: datetime) -> bool:
    try:
        with attempt(person, verb="export.scheduled", subject=f"schedule:{schedule_id}"):
            waiting = ExportSchedule.objects.select_for_update(skip_locked=True)
            found = waiting.filter(pk=schedule_id, stopped_at=None, next_due_at__lte=moment).first()
            if found is None:
                return False
            actor = post_of(found.person_id, found.post_id)
            rhythm = _rhythm_of(found)
            due = found.next_due_at
            while (later := next_due(rhythm, due)) <= moment:
                due = later
            with scope(actor):
                view = _view_of(actor, found)
                run = put_into_queue(
                    actor=actor,
                    asked=view.asked,
                    said=view.said,
                    kind=found.kind,
                    schedule_id=found.pk,
                    due_at=due,
                )
                found.next_due_at = later
                found.save(update_fields=["next_due_at"])
                details = {"schedule": str(found.pk), "due": due, "kind": found.kind}
                record(actor=actor, verb="export.scheduled", subject=f"export:{run.id}", details=details)
    except Refusal as refusal:
        # It would fail again every night: it stops, and its page says why.
        with scope(person):
            ExportSchedule.objects.filter(pk=schedule_id, stopped_at=None).update(
                stopped_at=moment, reason=str(refusal)
            )
        return False
    return True


def _view_of(actor: Actor, found: ExportSchedule) -> SavedView:
    view = views_of(actor).filter(pk=found.view_id).first()
    if view is None:
        raise Refusal("view_removed", _("视图已经删除，或不再给这个岗位用，定时导出停止。"))
    if no_longer_there(view.asked):
        raise Refusal("view_not_valid", _("视图的条件已经失效，定时导出停止。请另存视图再定时。"))
    return view


def _running(actor: Actor, schedule_id: UUID) -> ExportSchedule:
    own = schedules_of(actor).select_for_update(of=("self",))
    found = own.filter(pk=schedule_id, stopped_at=None).first()
    if found is None:
        raise NotAllowed("schedule_not_found", _("没有这个定时导出，或已经停止。"))
    return found


def _falls_on(rhythm: Rhythm, moment: datetime) -> bool:
    if rhythm.every == Every.WEEK:
        return moment.isoweekday() == rhythm.weekday
    if rhythm.every == Every.MONTH:
        return moment.day == min(rhythm.day or 1, monthrange(moment.year, moment.month)[1])
    return True


def _check(kind: str, rhythm: Rhythm) -> None:
    if kind not in ExportFormat.values:
        raise Refusal("unknown_format", _("只能导出为 Excel 或 CSV。"))
    wrong = {}
    if rhythm.hour not in range(24):
        wrong["hour"] = _("请选择几点。")
    if rhythm.every == Every.WEEK and rhythm.weekday not in range(1, 8):
        wrong["weekday"] = _("请选择星期几。")
    if rhythm.every == Every.MONTH and rhythm.day not in range(1, 32):
        wrong["day"] = _("请选择几号。")
    if wrong:
        raise Invalid(wrong)


def _kept(rhythm: Rhythm) -> dict[str, object]:
    kept = asdict(rhythm)
    kept["weekday"] = rhythm.weekday if rhythm.every == Every.WEEK else None
    kept["day"] = rhythm.day if rhythm.every == Every.MONTH else None
    return kept


def _rhythm_of(found: ExportSchedule) -> Rhythm:
    return Rhythm(every=Every(found.every), hour=found.hour, weekday=found.weekday, day=found.day)


def _audit(actor: Actor, verb: str, found: ExportSchedule, rhythm: Rhythm) -> None:
    details = {"view": str(found.view_id), "kind": found.kind, "next": found.next_due_at} | _kept(rhythm)
    record(actor=actor, verb=verb, subject=f"schedule:{found.id}", details=details)
