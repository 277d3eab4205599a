"""A ledger sent in at the desk: checked, confirmed, taken in by a job that may die, its bad rows sent again."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection
from django.utils import translation
from python_calamine import CalamineWorkbook

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.exchange import reading
from fengqiao.exchange.domain import bad_rows, carrying_out, import_runs, importing
from fengqiao.exchange.domain.units import map_unit
from fengqiao.exchange.enums import ImportState
from fengqiao.exchange.models import BadRow, ImportRun
from fengqiao.exchange.queries.imports import unknown_units
from fengqiao.exchange.tasks import check_import, expire_import, take_import
from fengqiao.files.models import StoredFile
from fengqiao.kernel import clock
from fengqiao.kernel.crypto import Tampered
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.sight import recuse
from fengqiao.matters.models import Matter
from fengqiao.places.models import Stationing
from tests import small_county
from tests.exchange.files import LEDGER, ROWS_LEDGER, as_csv, as_xlsx
from tests.exchange.test_troubled_files import bomb
from tests.small_county import SmallCounty

pytestmark = pytest.mark.django_db
AS_OF = date(2025, 12, 31)
BAD = ("4", "2025.13.5", "沙湖镇", "郑某", "邻里", "漏水，楼下受损。", "1 2", "", "不知道的所", "", "否")


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


def named(run):
    return {"run": str(run.id), "county": run.county, "person": str(run.person_id)}


def fresh(actor, run):
    with scope(actor):
        return ImportRun.objects.get(pk=run.pk)


def uploaded(actor, rows=ROWS_LEDGER, *, name="台账.csv", content=None, as_of=AS_OF, **more):
    content = as_csv(LEDGER, rows) if content is None else content
    return import_runs.upload(actor=actor, name=name, content=content, as_of=as_of, **more)


def checked(actor, rows=ROWS_LEDGER, **more):
    run = uploaded(actor, rows, **more)
    check_import(**named(run))
    return fresh(actor, run)


def taken(actor, rows=ROWS_LEDGER, **more):
    run = checked(actor, rows, **more)
    import_runs.confirm(actor=actor, run_id=run.id)
    take_import(**named(run))
    return fresh(actor, run)


def sums(run):
    assert run.registered + run.already + run.rejected == run.rows
    return (run.rows, run.registered, run.already, run.rejected)


def verbs(county):
    with scope(county.actor(Role.AUDITOR)):
        found = Entry.objects.filter(verb__startswith="import").order_by("at", "seq")
        return list(found.values_list("verb", "result"))


def matters(actor):
    with scope(actor):
        return Matter.objects.count()


def many(count):
    return [
        (str(n), "2025/4/2", f"{n}号", "吴某", "邻里", f"第{n}件，漏水。", "", "", "", "", "否")
        for n in range(count)
    ]


# --- the way of a file --------------------------------------------------------------------------------------


def test_a_file_is_checked_before_a_row_is_registered_and_its_columns_say_what_it_is(county):
    actor = county.actor(Role.DIRECTOR)
    run = checked(actor, [*ROWS_LEDGER, BAD, ROWS_LEDGER[1]])
    assert (run.state, run.mapping, run.columns) == (ImportState.READY, "ledger", list(LEDGER))
    assert (sums(run), run.repeated, run.units) == ((5, 3, 1, 1), 1, {})
    assert matters(actor) == 0
    with scope(actor):
        [(line, cells, problems)] = bad_rows.revealed(run)
        sample = bad_rows.opened(run, carrying_out.SAMPLE_PART, bytes(run.sample))
    assert (line, cells["涉及人数"]) == (5, "1 2")
    assert [(p.column, p.reason) for p in problems] == [
        ("发生时间", "没有“2025.13.5”这一天或这一刻"),
        ("涉及人数", "“1 2”不是数"),
    ]
    assert [row[0] for row in sample] == [2, 3, 4, 5, 6]


def test_what_is_confirmed_is_taken_in_and_every_row_is_counted_once(county):
    actor = county.actor(Role.DIRECTOR)
    run = taken(actor, [*ROWS_LEDGER, BAD, ROWS_LEDGER[1]])
    assert (run.state, run.total, sums(run)) == (ImportState.DONE, 5, (5, 3, 1, 1))
    assert matters(actor) == 3
    assert verbs(county) == [
        ("import.upload", "done"),
        ("import.confirm", "done"),
        ("import.finished", "done"),
    ]
    take_import(**named(run))
    check_import(**named(run))
    assert (fresh(actor, run).attempt, matters(actor)) == (run.attempt, 3)


def test_the_bad_rows_are_fetched_mended_and_sent_again_without_another_change(county, disk):
    actor = county.actor(Role.DIRECTOR)
    run = taken(actor, [ROWS_LEDGER[0], BAD, (*BAD[:1], "2025.3.1", *BAD[2:])])
    assert sums(run) == (3, 1, 0, 2)
    _run, content = import_runs.download_bad(actor=actor, run_id=run.id)
    header, *lines = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert header == [*LEDGER, bad_rows.REASON_COLUMN]
    assert [line[-1].split(" · ")[0] for line in lines] == ["原第 3 行", "原第 4 行"]
    assert "涉及人数：“1 2”不是数（只写数字，中间不留空格，如 12）" in lines[0][-1]
    again = checked(actor, name="未导入的行.xlsx", content=content)
    assert (again.state, sums(again)) == (ImportState.READY, (2, 0, 0, 2))


def test_mended_bad_rows_go_in_and_the_whole_ledger_sent_again_doubles_nothing(county):
    actor = county.actor(Role.DIRECTOR)
    run = taken(actor, [*ROWS_LEDGER, BAD])
    _run, content = import_runs.download_bad(actor=actor, run_id=run.id)
    header, line = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    mended = [{"2025.13.5": "2025.12.5", "1 2": "12", "不知道的所": ""}.get(cell, cell) for cell in line]
    again = taken(actor, name="补.xlsx", content=as_xlsx(header, [mended]))
    assert sums(again) == (1, 1, 0, 0)
    whole = checked(actor, [*ROWS_LEDGER, tuple(mended[:-1])])
    assert sums(whole) == (4, 0, 4, 0)
    with pytest.raises(Refusal) as nothing:
        import_runs.confirm(actor=actor, run_id=whole.id)
    assert nothing.value.code == "nothing_to_import"
    assert matters(actor) == 4


def test_an_unknown_body_is_listed_and_after_it_was_mapped_the_check_takes_its_rows(county):
    actor = county.actor(Role.DIRECTOR)
    row = (*ROWS_LEDGER[1][:8], "不知道的所", *ROWS_LEDGER[1][9:])
    run = checked(actor, [row])
    with scope(actor):
        assert (run.units, unknown_units(actor)) == ({"不知道的所": 1}, {"不知道的所": 1})
    map_unit(actor=actor, written="不知道的所", department_id=None)
    import_runs.recheck(actor=actor, run_id=run.id, mapping="", as_of=AS_OF)
    check_import(**named(run))
    run = fresh(actor, run)
    assert (run.state, sums(run), run.units) == (ImportState.READY, (1, 1, 0, 0), {})


def test_a_ledger_with_settled_rows_waits_for_its_day(county):
    actor = county.actor(Role.DIRECTOR)
    run = checked(actor, as_of=None)
    assert sums(run) == (3, 2, 0, 1)
    with pytest.raises(Refusal) as missing:
        import_runs.confirm(actor=actor, run_id=run.id)
    assert missing.value.code == "as_of_missing"
    import_runs.recheck(actor=actor, run_id=run.id, mapping="ledger", as_of=AS_OF)
    check_import(**named(run))
    assert sums(fresh(actor, run)) == (3, 3, 0, 0)


# --- a worker that dies -------------------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours catches it."""


def test_an_import_that_is_killed_goes_on_behind_its_last_committed_chunk(county, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 4)
    actor = county.actor(Role.DIRECTOR)
    rows = [*many(10), BAD]
    run = checked(actor, rows)
    import_runs.confirm(actor=actor, run_id=run.id)
    real, calls = carrying_out.take_chunk, []

    def dies_in_the_second(**said):
        report = real(**said)
        calls.append(len(said["chunk"]))
        if len(calls) in (2, 4):
            raise Killed
        return report

    monkeypatch.setattr(carrying_out, "take_chunk", dies_in_the_second)
    with pytest.raises(Killed):
        take_import(**named(run))
    # The second chunk went with its transaction, and its count with it.
    assert (sums(fresh(actor, run)), matters(actor)) == ((4, 4, 0, 0), 4)
    with pytest.raises(Killed):
        take_import(**named(run))
    assert sums(fresh(actor, run)) == (8, 8, 0, 0)
    take_import(**named(run))
    run = fresh(actor, run)
    assert (run.state, run.total, sums(run), matters(actor)) == (ImportState.DONE, 11, (11, 10, 0, 1), 10)
    assert calls == [4, 4, 4, 3, 3]
    with scope(actor):
        assert BadRow.objects.filter(run=run).count() == 1


def test_a_job_that_was_taken_for_dead_writes_nothing_more(county, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 4)
    actor = county.actor(Role.DIRECTOR)
    run = checked(actor, many(10))
    import_runs.confirm(actor=actor, run_id=run.id)
    real, asked = carrying_out.post_of, []

    def while_another_does_it(*post):
        asked.append(post)
        # Before its second chunk: another worker begins the run and ends it.
        if len(asked) == 3:
            take_import(**named(run))
        return real(*post)

    monkeypatch.setattr(carrying_out, "post_of", while_another_does_it)
    take_import(**named(run))
    run = fresh(actor, run)
    assert (run.state, sums(run), matters(actor), run.attempt) == (ImportState.DONE, (10, 10, 0, 0), 10, 3)


def test_what_nobody_works_at_any_more_can_be_begun_again_and_nothing_else(county):
    actor = county.actor(Role.DIRECTOR)
    run = uploaded(actor)
    with pytest.raises(Refusal) as busy:
        import_runs.resume(actor=actor, run_id=run.id)
    assert busy.value.code == "import_in_hand"
    with clock.at(clock.now() + timedelta(hours=1)):
        import_runs.resume(actor=actor, run_id=run.id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'exchange.check_import'")
        assert cursor.fetchone() == (2,)


@pytest.mark.parametrize(
    ("role", "says"),
    [(Role.DIRECTOR, "上传时的岗位已经结束"), (Role.EXCHANGE, "没有在任的数据交换岗位")],
    ids=["who sent it", "who takes it in"],
)
def test_a_post_that_ends_in_the_middle_takes_nothing_more_in(county, monkeypatch, role, says):
    monkeypatch.setattr(importing, "CHUNK", 4)
    actor = county.actor(Role.DIRECTOR)
    run = checked(actor, many(10))
    import_runs.confirm(actor=actor, run_id=run.id)
    real = carrying_out.take_chunk

    def last_chunk(**said):
        held = Stationing.objects.filter(pk=county.stationings[str(role), "county"].pk)
        held.update(valid_until=clock.today() - timedelta(days=1))
        return real(**said)

    monkeypatch.setattr(carrying_out, "take_chunk", last_chunk)
    take_import(**named(run))
    run = fresh(actor, run)
    assert (run.state, sums(run), matters(actor)) == (ImportState.ENDED, (4, 4, 0, 0), 4)
    assert says in run.reason


# --- refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("台账.docx", b"PK\x03\x04", "不是台账文件"),
        ("台账.xlsx", b"", "空文件"),
        ("台账.xls", b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("台账.xlsx", b"no workbook", "不是工作簿"),
    ],
)
def test_what_is_no_ledger_is_refused_at_the_door_and_leaves_nothing(county, name, content, says):
    actor = county.actor(Role.DIRECTOR)
    with pytest.raises(Invalid) as wrong:
        uploaded(actor, name=name, content=content)
    assert says in str(wrong.value.errors["file"])
    with scope(actor):
        assert (ImportRun.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("台账.xlsx", b"PK\x03\x04 cut off", "不是可读的工作簿"),
        ("台账.csv", "序号,姓名\n1,某\n".encode(), "文件缺少列"),
        ("台账.csv", (",".join(LEDGER) + ",地点\n").encode(), "列名重复"),
    ],
)
def test_a_file_that_can_not_be_read_says_why_and_registers_nothing(county, name, content, says):
    actor = county.actor(Role.DIRECTOR)
    run = checked(actor, name=name, content=content)
    assert (run.state, says in run.reason) == (ImportState.UNUSABLE, True), run.reason
    with pytest.raises(Refusal):
        import_runs.confirm(actor=actor, run_id=run.id)
    assert matters(actor) == 0


def test_a_bomb_is_not_unpacked_and_the_worker_lives(county):
    actor = county.actor(Role.DIRECTOR)
    run = checked(actor, name="台账.xlsx", content=bomb(600 * 1024 * 1024))
    assert (run.state, "没有打开" in run.reason) == (ImportState.UNUSABLE, True)


def test_more_rows_than_are_taken_are_refused_as_a_whole(county, monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    monkeypatch.setattr(reading, "HEADER_WITHIN", 1)
    actor = county.actor(Role.DIRECTOR)
    run = checked(actor, many(4))
    assert (run.state, run.reason) == (
        ImportState.UNUSABLE,
        "文件有 5 行，一次最多导入 3 行：请分成几个文件。",
    )
    assert matters(actor) == 0


def test_a_broken_byte_and_a_utf16_file_come_in_by_the_page_too(county):
    actor = county.actor(Role.DIRECTOR)
    content = as_csv(LEDGER, ROWS_LEDGER, encoding="gb18030")
    word = "沙湖镇".encode("gb18030")
    broken = content.replace(word, word[:2] + b"\xff" + word[2:], 1)
    run = checked(actor, content=broken)
    with scope(actor):
        [(line, cells, [problem])] = bad_rows.revealed(run)
    assert (sums(run), line, problem.column) == ((3, 2, 0, 1), 3, "地点")
    assert "\ufffd" in cells["地点"]
    assert sums(checked(actor, content=as_csv(LEDGER, ROWS_LEDGER, encoding="utf-16"))) == (3, 3, 0, 0)


@pytest.mark.parametrize(
    ("given", "field"), [({"mapping": "nothing"}, "mapping"), ({"as_of": date(2999, 1, 1)}, "as_of")]
)
def test_what_is_said_beside_the_file_is_checked(county, given, field):
    with pytest.raises(Invalid) as wrong:
        uploaded(county.actor(Role.DIRECTOR), **given)
    assert list(wrong.value.errors) == [field]


def test_a_ledger_is_sent_in_where_the_exchange_post_is(county):
    with pytest.raises(Refusal) as elsewhere:
        uploaded(county.actor(Role.DIRECTOR, "town"))
    assert elsewhere.value.code == "no_exchange_post_here"


def test_a_matter_that_who_sent_the_file_does_not_see_is_not_named(county):
    header = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "一级标签")
    first = [("7", "U1", "举报主任", "2019/1/1", "x", "城乡建设")]
    other = [("7", "U1", "别的事", "2019/1/1", "x", "城乡建设")]
    director = county.actor(Role.DIRECTOR)
    taken(director, content=as_csv(header, first))

    def said():
        run = checked(director, content=as_csv(header, other))
        with scope(director):
            [(_line, _cells, [problem])] = bad_rows.revealed(run)
        return problem.reason

    assert said() == "编号 7 已经登记为另一件事：“举报主任”"
    with scope(director):
        matter = Matter.objects.get()
        recuse(actor=director, matter_id=matter.id, person_id=director.person_id, reason="被举报人是本人")
    assert said() == "编号 7 已经登记为另一件事"


def test_another_post_sends_nothing_in_and_a_fourth_file_waits(county):
    for role in (Role.EXCHANGE, Role.REGISTRAR, Role.SYSTEM_ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            uploaded(county.actor(role))
    actor = county.actor(Role.DIRECTOR)
    for _each in range(import_runs.MOST_AT_ONCE):
        uploaded(actor)
    with pytest.raises(Refusal) as waits:
        uploaded(actor)
    assert waits.value.code == "imports_waiting"


# --- the walls ----------------------------------------------------------------------------------------------


def test_a_run_and_its_bad_rows_are_seen_by_who_sent_the_file_alone(county):
    actor = county.actor(Role.DIRECTOR)
    run = checked(actor, [BAD])
    with scope(actor):
        bad = BadRow.objects.get()
    assert b"2025.13.5" not in bytes(bad.sealed)
    for other in (county.actor(Role.STANDING_DEPUTY), county.actor(Role.DIRECTOR, "other")):
        with scope(other):
            assert (ImportRun.objects.count(), BadRow.objects.count()) == (0, 0)
            assert ImportRun.objects.filter(pk=run.pk).update(rows=9) == 0
            assert BadRow.objects.filter(pk=bad.pk).delete()[0] == 0
        for act in (import_runs.confirm, import_runs.drop, import_runs.resume, import_runs.download_bad):
            with pytest.raises(NotAllowed):
                act(actor=other, run_id=run.id)
        for row in (run, bad):
            forged = {field.attname: getattr(row, field.attname) for field in row._meta.fields}
            with pytest.raises(ProgrammingError, match="row-level security"), scope(other):
                type(row).objects.create(**forged | {"id": uuid4()})
    with pytest.raises(ProgrammingError, match="permission denied"), scope(actor):
        ImportRun.objects.filter(pk=run.pk).update(person_id=county.person(Role.DISPATCHER).pk)


def test_a_row_moved_to_another_line_is_not_revealed(county):
    actor = county.actor(Role.DIRECTOR)
    run = checked(actor, [BAD])
    with scope(actor):
        bad = BadRow.objects.get()
        with pytest.raises(Tampered):
            bad_rows.opened(run, str(bad.line + 1), bytes(bad.sealed))


def test_a_month_later_file_and_bad_rows_are_gone_and_the_sums_stay(county):
    actor = county.actor(Role.DIRECTOR)
    run = taken(actor, [*ROWS_LEDGER, BAD])
    expire_import(**named(run))
    assert fresh(actor, run).file_id is not None
    with clock.at(clock.now() + timedelta(days=31)):
        expire_import(**named(run))
    run = fresh(actor, run)
    assert (run.file_id, run.bad_file_id, run.sample, sums(run)) == (None, None, None, (4, 3, 0, 1))
    with scope(actor):
        assert (BadRow.objects.count(), StoredFile.objects.count()) == (0, 0)
    with pytest.raises(Refusal):
        import_runs.download_bad(actor=actor, run_id=run.id)


def test_a_dropped_file_is_gone_and_can_not_be_confirmed(county):
    actor = county.actor(Role.DIRECTOR)
    run = checked(actor, [*ROWS_LEDGER, BAD])
    import_runs.drop(actor=actor, run_id=run.id)
    run = fresh(actor, run)
    assert (run.state, run.file_id) == (ImportState.DROPPED, None)
    with pytest.raises(Refusal):
        import_runs.confirm(actor=actor, run_id=run.id)
    with scope(actor):
        assert (BadRow.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_what_is_wrong_is_said_in_the_language_of_who_sent_the_file(county):
    actor = county.actor(Role.DIRECTOR)
    with translation.override("en"):
        run = uploaded(actor, [BAD])
    check_import(**named(run))
    run = fresh(actor, run)
    assert (run.language, translation.get_language()) == ("en", "zh-hans")
    with scope(actor):
        [(_line, _cells, problems)] = bad_rows.revealed(run)
    english = translation.trans_real.translation("en")
    assert [p.reason for p in problems] == [
        english.gettext("没有“%(text)s”这一天或这一刻") % {"text": "2025.13.5"},
        english.gettext("“%(text)s”不是数") % {"text": "1 2"},
    ]


def test_the_workbook_of_bad_rows_is_in_the_language_of_who_asked_for_it_last(county, disk):
    actor = county.actor(Role.DIRECTOR)
    run = checked(actor, [BAD])
    with translation.override("en"):
        import_runs.recheck(actor=actor, run_id=run.id, mapping="ledger", as_of=AS_OF)
    check_import(**named(run))
    _run, content = import_runs.download_bad(actor=actor, run_id=run.id)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    header, line = book.get_sheet_by_index(0).to_python()
    # The ledger's own columns and cells stay; what is said beside them is English.
    assert header == [*LEDGER, "Why it was not imported"]
    say = translation.trans_real.translation("en").gettext
    day = say("没有“%(text)s”这一天或这一刻") % {"text": "2025.13.5"}
    number = say("“%(text)s”不是数") % {"text": "1 2"}
    cell = say("%(column)s：%(reason)s（%(mend)s）")
    told = [
        cell % {"column": "发生时间", "reason": day, "mend": say("核对年、月、日")},
        cell % {"column": "涉及人数", "reason": number, "mend": say("只写数字，中间不留空格，如 12")},
    ]
    assert line[-1] == say("原第 %(line)d 行 · %(said)s") % {"line": 2, "said": say("；").join(told)}
    assert book.sheet_names == [say("未导入的行")]
    # It is sent in again as it is, and its Chinese twin too; neither gets a second column of reasons.
    again = checked(actor, name="bad.xlsx", content=content)
    assert (again.state, again.mapping, sums(again)) == (ImportState.READY, "ledger", (1, 0, 0, 1))
    _run, content = import_runs.download_bad(actor=actor, run_id=again.id)
    header = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[0]
    assert header == [*LEDGER, "未导入的原因"]


def test_a_file_that_lacks_columns_is_told_so_in_the_language_of_who_sent_it(county):
    actor = county.actor(Role.DIRECTOR)
    with translation.override("en"):
        run = uploaded(actor, content=as_csv(["序号", "地点"], [("1", "东门")]), mapping="ledger")
    check_import(**named(run))
    run = fresh(actor, run)
    assert run.state == ImportState.UNUSABLE
    assert "Ledger of disputes" in run.reason
    assert "、" not in run.reason
