"""What leaves the house: only what the post sees, only for who ordered it, and it can be read in again."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection
from django.urls import reverse
from python_calamine import CalamineWorkbook

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.exchange.columns import COLUMNS, guarded, unguarded
from fengqiao.exchange.domain import exporting
from fengqiao.exchange.domain.importing import import_rows
from fengqiao.exchange.mapping import load
from fengqiao.exchange.models import ExportRun
from fengqiao.exchange.reading import read_rows
from fengqiao.exchange.taking import take
from fengqiao.exchange.tasks import expire_export, write_export
from fengqiao.files.models import StoredFile
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.domain.sight import restrict
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.ledger import LedgerFilter
from fengqiao.places.models import Stationing
from tests import small_county
from tests.small_county import SmallCounty, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db

STAKES = ("可能造成损害的日子", "发生在公共场所", "牵涉需要特别保护的人", "要特别留意什么")
PLANTED = ["=HYPERLINK(1)", "+86 的事", "-1 的事", "@SUM(A1)", "＝1+1", "'=已有撇号", '普通，有"引号"']


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


def ordered(actor, kind="xlsx", said="", **asked) -> ExportRun:
    return exporting.order(actor=actor, wanted=LedgerFilter(**asked), said=said, kind=kind)


def named(run: ExportRun) -> dict[str, str]:
    return {"run": str(run.id), "county": run.county, "person": str(run.person_id)}


def written(actor, run: ExportRun) -> ExportRun:
    write_export(**named(run))
    with scope(actor):
        return ExportRun.objects.get(pk=run.pk)


def verbs(actor) -> list[tuple[str, str]]:
    with scope(actor):
        found = Entry.objects.filter(verb__startswith="export").order_by("at", "seq")
        return list(found.values_list("verb", "result"))


def test_the_order_the_job_and_its_expiry_come_about_together(county: SmallCounty):
    run = ordered(county.actor(Role.DIRECTOR))
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args->>'run' FROM procrastinate_jobs ORDER BY task_name")
        jobs = cursor.fetchall()
    assert jobs == [("exchange.expire_export", str(run.id)), ("exchange.write_export", str(run.id))]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_was_exported_is_already_there_when_it_comes_in_again(
    county: SmallCounty, disk: Path, kind: str
):
    for title in PLANTED:
        registered(county, title=title)
    at_stake = {"harm_on": clock.today() + timedelta(days=40), "public_place": False}
    at_stake |= {"needs_care": True, "care": "=老人的赡养"}
    registered(county, title="断水", **at_stake)
    registered(county, "other", title="别县的", division="440783000000", grid="")
    director = county.actor(Role.DIRECTOR)
    run = written(director, ordered(director, kind, said="渠道：不限"))
    assert (run.state, run.rows, run.left_out) == ("done", len(PLANTED) + 1, 0)
    _run, _stored, content = exporting.download(actor=director, run_id=run.id)
    path = disk / f"again.{kind}"
    path.write_bytes(content)
    names, rows = read_rows(path)
    assert names == list(COLUMNS)
    rows = list(rows)
    # What is at stake is told in words that the template reads: unknown stays unknown.
    cells = [{name: row.cells[name] for name in STAKES} | {"来源编号": "A-1", "标题": "甲"} for row in rows]
    told = [take(load("template"), 2, each).new for each in cells]
    found = [(each.harm_on, each.public_place, each.needs_care, unguarded(each.care)) for each in told]
    assert sorted(found, key=str) == sorted(
        [tuple(at_stake.values()), *[(None, None, None, "")] * len(PLANTED)], key=str
    )
    report = import_rows(actor=county.actor(Role.EXCHANGE), mapping=load("export"), rows=rows)
    assert (report.rows, report.already, report.problems) == (len(PLANTED) + 1, len(PLANTED) + 1, [])
    with scope(director):
        assert Matter.objects.count() == len(PLANTED) + 1


def test_a_code_that_is_not_here_or_is_another_countys_is_said_and_registers_nothing(
    county: SmallCounty, disk: Path
):
    foreign = registered(county, "other", title="别县的", division="440783000000", grid="")
    own = registered(county, title="本县的")
    path = disk / "foreign.csv"
    path.write_text(f"编号,标题\n{foreign.code},别县的\n{own.code},改过的标题\n", encoding="utf-8-sig")
    _names, rows = read_rows(path)
    exchange = county.actor(Role.EXCHANGE)
    report = import_rows(actor=exchange, mapping=load("export"), rows=rows)
    assert (report.rows, report.rejected, report.registered) == (2, 2, 0)
    assert foreign.code in report.problems[0].reason
    assert "现在的标题是“本县的”" in report.problems[1].reason
    with scope(exchange):
        assert Matter.objects.count() == 1


def test_no_cell_of_a_csv_is_a_formula_and_no_cell_of_a_workbook_is_one(county: SmallCounty, disk: Path):
    for title in PLANTED:
        registered(county, title=title)
    director = county.actor(Role.DIRECTOR)
    of_csv = written(director, ordered(director, "csv"))
    cells = list(
        csv.reader(io.StringIO(exporting.download(actor=director, run_id=of_csv.id)[2].decode("utf-8-sig")))
    )
    assert [cell for row in cells for cell in row if cell[:1] in tuple("=+-@＝\t\r")] == []
    of_xlsx = written(director, ordered(director, "xlsx"))
    path = disk / "a.xlsx"
    path.write_bytes(exporting.download(actor=director, run_id=of_xlsx.id)[2])
    book = CalamineWorkbook.from_path(str(path))
    titles = {row[1] for row in book.get_sheet_by_index(0).to_python()}
    assert titles == {"标题", *PLANTED}


@pytest.mark.parametrize("text", [*PLANTED, "", "'", "''=a", "'普通", "\t=1"])
def test_the_guard_is_taken_away_exactly(text: str):
    assert unguarded(guarded(text)) == text


def test_the_cover_says_what_it_is(county: SmallCounty, disk: Path):
    registered(county, title="甲")
    director = county.actor(Role.DIRECTOR)
    run = written(director, ordered(director, "csv", said="标记：未了结", flag="open"))
    cover = exporting.download(actor=director, run_id=run.id, part="cover")[2].decode("utf-8-sig")
    for said in (
        "条件：标记：未了结",
        f"导出人：{director.name}",
        "行数：1",
        "岗位：",
        "导出时间：20",
        str(run.id),
    ):
        assert said in cover
    of_xlsx = written(director, ordered(director, "xlsx", said="标记：未了结", flag="open"))
    path = disk / "a.xlsx"
    path.write_bytes(exporting.download(actor=director, run_id=of_xlsx.id)[2])
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("说明").to_python()
    assert ["条件", "标记：未了结"] in sheet
    assert ["行数", "1"] in sheet


def test_many_chunks_hold_every_row_once(county: SmallCounty, monkeypatch):
    monkeypatch.setattr(exporting, "CHUNK", 2)
    codes = {registered(county, title=f"第{place}件").code for place in range(5)}
    director = county.actor(Role.DIRECTOR)
    run = written(director, ordered(director, "csv"))
    text = exporting.download(actor=director, run_id=run.id)[2].decode("utf-8-sig")
    found = [row[0] for row in csv.reader(io.StringIO(text))][1:]
    assert (len(found), set(found)) == (5, codes)


def test_a_restricted_matter_is_left_out_and_counted(county: SmallCounty):
    registered(county, title="公开")
    director = county.actor(Role.DIRECTOR)
    hidden = registered(county, title="限阅的事")
    with scope(director):
        restrict(actor=director, matter=hidden, reason="涉及未成年人，只由主任查阅", days=30)
    run = written(director, ordered(director, "csv"))
    text = exporting.download(actor=director, run_id=run.id)[2].decode("utf-8-sig")
    assert (run.rows, run.left_out, "限阅的事" in text) == (1, 1, False)


def test_a_post_that_ended_meanwhile_gets_nothing_and_is_told(county: SmallCounty, disk: Path):
    registered(county, title="甲")
    director = county.actor(Role.DIRECTOR)
    run = ordered(director)
    Stationing.objects.filter(pk=county.stationings["director", "county"].pk).update(
        valid_until=clock.today() - timedelta(days=1)
    )
    run = written(director, run)
    assert (run.state, run.file_id, run.rows) == ("refused", None, 0)
    assert "岗位已经结束" in run.reason
    with scope(director):
        assert StoredFile.objects.count() == 0
    assert verbs(county.actor(Role.AUDITOR)) == [("export.order", "done"), ("export.write", "refused")]


def test_only_who_ordered_it_downloads_it_and_each_step_is_audited(county: SmallCounty):
    registered(county, title="甲")
    director = county.actor(Role.DIRECTOR)
    run = written(director, ordered(director))
    for other in (county.actor(Role.DISPATCHER), county.actor(Role.DIRECTOR, "other")):
        with pytest.raises(NotAllowed):
            exporting.download(actor=other, run_id=run.id)
        with scope(other):
            assert ExportRun.objects.filter(pk=run.pk).count() == 0
    exporting.download(actor=director, run_id=run.id)
    assert verbs(county.actor(Role.AUDITOR)) == [
        ("export.order", "done"),
        ("export.written", "done"),
        ("export.download", "refused"),
        ("export.download", "done"),
    ]


def test_the_wall_keeps_others_from_an_export_whatever_they_ask(county: SmallCounty):
    director = county.actor(Role.DIRECTOR)
    run = ordered(director)
    forged = {field.attname: getattr(run, field.attname) for field in ExportRun._meta.fields}
    for other in (county.actor(Role.DISPATCHER), county.actor(Role.DIRECTOR, "city")):
        with scope(other):
            assert ExportRun.objects.filter(pk=run.pk).update(rows=9) == 0
        with pytest.raises(ProgrammingError, match="row-level security"), scope(other):
            ExportRun.objects.create(**forged | {"id": uuid4()})
    with pytest.raises(ProgrammingError, match="permission denied"), scope(director):
        ExportRun.objects.filter(pk=run.pk).update(person_id=county.person(Role.DISPATCHER).pk)
    with scope(director):
        assert ExportRun.objects.get().rows == 0


def test_a_week_later_the_files_are_gone_and_the_order_is_still_written_down(county: SmallCounty):
    registered(county, title="甲")
    director = county.actor(Role.DIRECTOR)
    run = written(director, ordered(director, "csv"))
    expire_export(**named(run))
    with scope(director):
        assert ExportRun.objects.get(pk=run.pk).state == "done"
    with clock.at(clock.now() + timedelta(days=8)):
        with pytest.raises(Refusal) as late:
            exporting.download(actor=director, run_id=run.id)
        assert late.value.code == "export_not_there"
        expire_export(**named(run))
    with scope(director):
        run = ExportRun.objects.get(pk=run.pk)
        assert (run.state, run.file_id, run.cover_id, run.rows) == ("expired", None, None, 1)
        assert StoredFile.objects.count() == 0


@pytest.mark.parametrize(
    ("asked", "kind", "code"),
    [
        ({"party": "13800000000"}, "csv", "party_not_exported"),
        ({"q": "13800000000"}, "csv", "party_not_exported"),
        ({}, "pdf", "unknown_format"),
    ],
)
def test_what_cannot_be_exported_is_refused_and_leaves_nothing(county: SmallCounty, asked, kind, code):
    director = county.actor(Role.DIRECTOR)
    with pytest.raises(Refusal) as refusal:
        ordered(director, kind, **asked)
    assert refusal.value.code == code
    with scope(director):
        assert ExportRun.objects.count() == 0


def test_the_fourth_order_waits_for_the_first(county: SmallCounty):
    director = county.actor(Role.DIRECTOR)
    for _each in range(exporting.MOST_AT_ONCE):
        ordered(director)
    with pytest.raises(Refusal) as refusal:
        ordered(director)
    assert refusal.value.code == "exports_waiting"
    with scope(director):
        assert ExportRun.objects.count() == exporting.MOST_AT_ONCE


def test_at_the_desk_from_the_filter_to_the_file(county: SmallCounty):
    registered(county, title="甲")
    browser = at_the_desk(county, Role.DIRECTOR)
    assert 'exports?flag=open"' in browser.get("/ledger/", {"flag": "open"}).content.decode()
    assert browser.post(f"{reverse('exports')}?flag=open", {"kind": "csv"}).status_code == 302
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        run = ExportRun.objects.get()
    assert (run.asked, run.said) == ({"flag": "open"}, "标记：未了结")
    page = browser.get(reverse("exports"))
    assert "排队中" in text_of(page)
    assert "every 3s" in page.content.decode()
    written(director, run)
    page = browser.get(reverse("exports"))
    assert "every 3s" not in page.content.decode()
    address = reverse("export_file", args=[run.id, "file"])
    assert address in page.content.decode()
    answer = browser.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert answer.content.startswith("\ufeff编号,标题".encode())
    assert at_the_desk(county, Role.DISPATCHER).get(address).status_code == 403


def test_a_wrong_filter_exports_nothing_rather_than_everything(county: SmallCounty):
    browser = at_the_desk(county, Role.DIRECTOR)
    answer = browser.post(f"{reverse('exports')}?step=nonsense", {"kind": "csv"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/ledger/?step=nonsense")
    with scope(county.actor(Role.DIRECTOR)):
        assert ExportRun.objects.count() == 0


def test_the_page_says_when_the_writing_stopped_and_that_it_is_begun_anew(county: SmallCounty):
    director = county.actor(Role.DIRECTOR)
    run = ordered(director)
    browser = at_the_desk(county, Role.DIRECTOR)

    def page(state: str, silent: timedelta) -> str:
        with scope(director):
            ExportRun.objects.filter(pk=run.pk).update(state=state, touched_at=clock.now() - silent)
        answer = browser.get(reverse("exports"))
        return text_of(answer) + (" 自动更新" if "every 3s" in answer.content.decode() else "")

    assert "中断" not in page("writing", timedelta(minutes=1))
    assert "马上自动重来" in (stopped := page("writing", timedelta(minutes=3)))
    assert "自动更新" in stopped
    assert "没有写完，请重新导出" in (lost := page("writing", timedelta(minutes=16)))
    assert "自动更新" not in lost
    assert "后台可能没有运行" in page("ordered", timedelta(minutes=16))
    assert "一份最多 200,000 行、50 MB" in lost


def test_a_file_above_the_limit_is_refused_with_what_to_do(county: SmallCounty, settings):
    registered(county, title="甲")
    director = county.actor(Role.DIRECTOR)
    settings.ATTACHMENT_MAX_BYTES = 10
    run = written(director, ordered(director))
    assert (run.state, run.file_id) == ("refused", None)
    assert "请加条件分几次导出" in run.reason
    with scope(director):
        assert StoredFile.objects.count() == 0


def test_a_job_that_was_begun_twice_leaves_one_file(county: SmallCounty, monkeypatch):
    registered(county, title="甲")
    director = county.actor(Role.DIRECTOR)
    run = ordered(director, "csv")
    plainly = exporting._fill

    def slowly(one, sheet):
        found = plainly(one, sheet)
        # Taken for dead, it was begun anew and finished by another worker.
        monkeypatch.setattr(exporting, "_fill", plainly)
        write_export(**named(run))
        return found

    monkeypatch.setattr(exporting, "_fill", slowly)
    run = written(director, run)
    assert (run.state, run.rows) == ("done", 1)
    assert verbs(county.actor(Role.AUDITOR)) == [("export.order", "done"), ("export.written", "done")]
