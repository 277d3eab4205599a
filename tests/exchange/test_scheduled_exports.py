"""Scheduled exports: once for each moment that is due, whoever runs and whoever dies; never for an ended post."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.exchange.domain import exporting, scheduling
from fengqiao.exchange.domain.scheduling import Rhythm, next_due
from fengqiao.exchange.enums import Every
from fengqiao.exchange.models import ExportRun, ExportSchedule
from fengqiao.exchange.tasks import write_export
from fengqiao.flows import saved_views
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.queries.ledger import LedgerFilter
from fengqiao.places.models import Division, Stationing
from tests import small_county
from tests.small_county import SmallCounty, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db

# Tuesday, six in the morning in Shanghai, and a moment after.
SIX = datetime(2026, 11, 23, 22, tzinfo=UTC)
DAY = timedelta(days=1)
DAILY = Rhythm(every=Every.DAY, hour=6)


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture(autouse=True)
def disk(tmp_path: Path, settings) -> Path:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "stored")},
        }
    }
    return tmp_path


def scheduled(actor, rhythm=DAILY, *, shared=False, **asked) -> ExportSchedule:
    with clock.at(SIX - timedelta(hours=8)):
        view = saved_views.save(
            actor=actor, wanted=LedgerFilter(**asked), said="标记：未了结", name="未了结", shared=shared
        )
        return scheduling.schedule(actor=actor, view_id=view.pk, kind="csv", rhythm=rhythm)


def runs(actor) -> list[datetime]:
    with scope(actor):
        return list(ExportRun.objects.order_by("due_at").values_list("due_at", flat=True))


def again(actor, found: ExportSchedule) -> ExportSchedule:
    with scope(actor):
        return ExportSchedule.objects.get(pk=found.pk)


def jobs() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs ORDER BY task_name")
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("rhythm", "after", "wanted"),
    [
        (DAILY, "2026-11-24 05:59", "2026-11-24 06:00"),
        (DAILY, "2026-11-24 06:00", "2026-11-25 06:00"),
        (Rhythm(Every.DAY, 0), "2026-12-31 23:59", "2027-01-01 00:00"),
        (Rhythm(Every.WEEK, 6, weekday=1), "2026-11-24 06:00", "2026-11-30 06:00"),
        (Rhythm(Every.WEEK, 6, weekday=2), "2026-11-24 05:00", "2026-11-24 06:00"),
        (Rhythm(Every.WEEK, 6, weekday=7), "2026-11-24 06:00", "2026-11-29 06:00"),
        (Rhythm(Every.MONTH, 6, day=1), "2026-11-24 06:00", "2026-12-01 06:00"),
        (Rhythm(Every.MONTH, 6, day=31), "2026-11-24 06:00", "2026-11-30 06:00"),
        (Rhythm(Every.MONTH, 6, day=30), "2027-02-01 06:00", "2027-02-28 06:00"),
        (Rhythm(Every.MONTH, 6, day=29), "2028-02-01 06:00", "2028-02-29 06:00"),
    ],
)
def test_the_next_moment(rhythm: Rhythm, after: str, wanted: str):
    found = next_due(rhythm, datetime.fromisoformat(after).replace(tzinfo=clock.SHANGHAI))
    assert found == datetime.fromisoformat(wanted).replace(tzinfo=clock.SHANGHAI)


def test_nothing_before_its_time_then_once_and_again_the_next_day(county: SmallCounty):
    registered(county, title="甲")
    director = county.actor(Role.DIRECTOR)
    found = scheduled(director, flag="open")
    assert found.next_due_at == SIX
    with clock.at(SIX - timedelta(seconds=1)):
        assert scheduling.order_due() == 0
    with clock.at(SIX + timedelta(minutes=1)):
        assert scheduling.order_due() == 1
        assert scheduling.order_due() == 0
    assert jobs() == ["exchange.expire_export", "exchange.write_export"]
    with clock.at(SIX + DAY):
        assert scheduling.order_due() == 1
    assert runs(director) == [SIX, SIX + DAY]
    with scope(director):
        run = ExportRun.objects.order_by("due_at")[0]
    write_export(run=str(run.pk), county=run.county, person=str(run.person_id))
    cover = exporting.download(actor=director, run_id=run.pk, part="cover")[2].decode("utf-8-sig")
    assert "条件：标记：未了结" in cover
    assert "定时导出：2026-11-24 06:00" in cover
    with scope(county.actor(Role.AUDITOR)):
        found = Entry.objects.filter(verb__startswith="export.sched").order_by("at", "seq")
        assert [(e.verb, e.person_id, e.post_id) for e in found] == [
            ("export.schedule", director.person_id, director.post_id),
            ("export.scheduled", director.person_id, director.post_id),
            ("export.scheduled", director.person_id, director.post_id),
        ]


def test_missed_nights_are_made_up_once(county: SmallCounty):
    director = county.actor(Role.DIRECTOR)
    found = scheduled(director)
    with clock.at(SIX + 3 * DAY + timedelta(hours=2)):
        assert (scheduling.order_due(), scheduling.order_due()) == (1, 0)
    assert runs(director) == [SIX + 3 * DAY]
    assert again(director, found).next_due_at == SIX + 4 * DAY


def test_what_dies_on_the_way_is_ordered_by_the_next_and_only_once(
    county: SmallCounty, monkeypatch: pytest.MonkeyPatch
):
    director = county.actor(Role.DIRECTOR)
    found = scheduled(director)

    def die(**_values) -> None:
        raise SystemExit

    with clock.at(SIX):
        # After the order and its jobs are written, before the transaction ends.
        monkeypatch.setattr(scheduling, "record", die)
        with pytest.raises(SystemExit):
            scheduling.order_due()
        monkeypatch.undo()
        assert (runs(director), jobs()) == ([], [])
        assert again(director, found).next_due_at == SIX
        assert scheduling.order_due() == 1
    assert runs(director) == [SIX]


def end_post(county: SmallCounty, found: ExportSchedule) -> None:
    Stationing.objects.filter(pk=county.stationings["director", "county"].pk).update(
        valid_until=(SIX - DAY).date()
    )


def deactivate(county: SmallCounty, found: ExportSchedule) -> None:
    Person.objects.filter(pk=found.person_id).update(is_active=False)


def remove_view(county: SmallCounty, found: ExportSchedule) -> None:
    saved_views.remove(actor=county.actor(Role.DIRECTOR), view_id=found.view_id)


def end_village(county: SmallCounty, found: ExportSchedule) -> None:
    Division.objects.filter(pk="440785102201").update(valid_until=(SIX - DAY).date())


@pytest.mark.parametrize(
    ("ends", "why"),
    [
        (end_post, "岗位已经结束"),
        (deactivate, "岗位已经结束"),
        (remove_view, "视图已经删除"),
        (end_village, "视图的条件已经失效"),
    ],
)
def test_it_stops_and_says_why(county: SmallCounty, ends, why: str):
    director = county.actor(Role.DIRECTOR)
    found = scheduled(director, division="440785102201")
    ends(county, found)
    with clock.at(SIX):
        assert (scheduling.order_due(), scheduling.order_due()) == (0, 0)
    stopped = again(director, found)
    assert stopped.stopped_at == SIX
    assert why in stopped.reason
    assert (runs(director), jobs()) == ([], [])
    with scope(county.actor(Role.AUDITOR)):
        refused = Entry.objects.filter(verb="export.scheduled", subject=f"schedule:{found.pk}")
        assert [entry.result for entry in refused] == ["refused"]


def test_a_view_that_its_leader_took_back_stops_for_who_used_it(county: SmallCounty):
    director, registrar = county.actor(Role.DIRECTOR), county.actor(Role.REGISTRAR)
    with clock.at(SIX - timedelta(hours=1)):
        view = saved_views.save(actor=director, wanted=LedgerFilter(), said="", name="中心的", shared=True)
        found = scheduling.schedule(actor=registrar, view_id=view.pk, kind="xlsx", rhythm=DAILY)
    saved_views.change(actor=director, view_id=view.pk, name="中心的", shared=False)
    page = text_of(at_the_desk(county, Role.REGISTRAR).get(reverse("exports")))
    assert "视图已经删除，到时停止" in page
    with clock.at(SIX):
        assert scheduling.order_due() == 0
    assert "不再给这个岗位用" in again(registrar, found).reason


def test_nobody_elses(county: SmallCounty):
    director = county.actor(Role.DIRECTOR)
    found = scheduled(director)
    for other in (county.actor(Role.DISPATCHER), county.actor(Role.DIRECTOR, "other")):
        with scope(other):
            assert ExportSchedule.objects.count() == 0
            assert ExportSchedule.objects.filter(pk=found.pk).update(hour=1) == 0
        with pytest.raises(NotAllowed):
            scheduling.stop(actor=other, schedule_id=found.pk)
        with pytest.raises(NotAllowed):
            scheduling.schedule(actor=other, view_id=found.view_id, kind="csv", rhythm=DAILY)
    assert again(director, found).stopped_at is None


@pytest.mark.parametrize(
    ("rhythm", "kind"),
    [
        (DAILY, "pdf"),
        (Rhythm(Every.DAY, 24), "csv"),
        (Rhythm(Every.WEEK, 6), "csv"),
        (Rhythm(Every.WEEK, 6, weekday=8), "csv"),
        (Rhythm(Every.MONTH, 6, day=32), "csv"),
    ],
)
def test_what_is_no_rhythm_is_refused(county: SmallCounty, rhythm: Rhythm, kind: str):
    director = county.actor(Role.DIRECTOR)
    view = saved_views.save(actor=director, wanted=LedgerFilter(), said="", name="全", shared=False)
    with pytest.raises(Refusal):
        scheduling.schedule(actor=director, view_id=view.pk, kind=kind, rhythm=rhythm)
    with scope(director):
        assert ExportSchedule.objects.count() == 0


def test_at_the_desk_set_changed_and_stopped(county: SmallCounty):
    director = county.actor(Role.DIRECTOR)
    view = saved_views.save(actor=director, wanted=LedgerFilter(), said="", name="每周的", shared=False)
    browser = at_the_desk(county, Role.DIRECTOR)
    address = reverse("export_schedule", args=[view.pk])
    assert f'href="{address}"' in browser.get(reverse("saved_views")).content.decode()
    assert "定时导出 · 每周的" in text_of(browser.get(address))
    wrong = browser.post(address, {"every": "week", "hour": "6", "kind": "csv"})
    assert (wrong.status_code, "请选择星期几" in text_of(wrong)) == (422, True)
    form = {"every": "week", "weekday": "5", "hour": "6", "kind": "csv"}
    page = text_of(browser.post(address, form, follow=True))
    assert "每周：星期五 06:00" in page
    with scope(director):
        found = ExportSchedule.objects.get()
    changing = reverse("export_schedule_change", args=[found.pk])
    form = {"every": "month", "day": "31", "hour": "0", "kind": "xlsx"}
    assert "每月 31 日 00:00" in text_of(browser.post(changing, form, follow=True))
    stopped = browser.post(reverse("export_schedule_stop", args=[found.pk]), follow=True)
    assert "定时导出已停止" in text_of(stopped)
    assert again(director, found).stopped_at is not None
    assert browser.post(changing, form).status_code == 403


def test_the_number_of_schedules_has_an_end(county: SmallCounty, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(scheduling, "MOST", 1)
    director = county.actor(Role.DIRECTOR)
    found = scheduled(director)
    with pytest.raises(Refusal) as full:
        scheduling.schedule(actor=director, view_id=found.view_id, kind="csv", rhythm=DAILY)
    assert full.value.code == "too_many_schedules"
