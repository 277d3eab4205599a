"""Rows of an old ledger enter once, and every row is accounted for."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.exchange.domain.importing import import_rows
from fengqiao.exchange.mapping import load
from fengqiao.exchange.reading import Row
from fengqiao.kernel import clock
from fengqiao.matters.domain import amending
from fengqiao.matters.domain.sight import restrict
from fengqiao.matters.enums import Outcome, State
from fengqiao.matters.models import Disposition, HistoryEvent, Matter
from fengqiao.places.models import Stationing
from tests import small_county
from tests.exchange.files import LABELLED, REPLIED, ROWS_LABELLED, ROWS_REPLIED, as_csv, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return small_county.build()


def imported(actor, mapping, header, rows):
    lines = [Row(line=place, cells=dict(zip(header, row, strict=True))) for place, row in enumerate(rows, 2)]
    report = import_rows(actor=actor, mapping=load(mapping), rows=lines)
    assert report.registered + report.already + report.rejected == report.rows == len(rows)
    return report


def sums(report):
    return (report.registered, report.already, report.rejected)


def test_settled_rows_enter_as_flagged_history_with_both_times(county):
    actor = county.actor(Role.EXCHANGE)
    assert sums(imported(actor, "replied", REPLIED, ROWS_REPLIED)) == (3, 0, 0)
    with scope(actor):
        matter = Matter.objects.get(source_number="2549")
        result = Disposition.objects.get(matter=matter)
        history = list(HistoryEvent.objects.filter(matter=matter).values_list("type", flat=True))
    moment = datetime(2019, 4, 25, 9, 32, 9, tzinfo=clock.SHANGHAI)
    answered = datetime(2019, 5, 10, 14, 56, 53, tzinfo=clock.SHANGHAI)
    assert (matter.state, matter.outcome, matter.is_history) == (State.CLOSED, Outcome.HISTORY, True)
    assert (matter.received_at, matter.settled_at, matter.closed_at) == (moment, answered, answered)
    assert (result.text, result.at, result.outcome) == (
        "网友您好：\n已责令物业公示。",
        answered,
        Outcome.HISTORY,
    )
    assert history == ["matter.registered", "matter.take_over"]
    assert (matter.history_count, matter.source) == (2, "message-board-replied")


def test_the_second_time_nothing_is_registered(county):
    actor = county.actor(Role.EXCHANGE)
    imported(actor, "replied", REPLIED, ROWS_REPLIED)
    with scope(actor):
        before = list(Matter.objects.order_by("pk").values_list("pk", "version", "history_count"))
    assert sums(imported(actor, "replied", REPLIED, ROWS_REPLIED)) == (0, 3, 0)
    with scope(actor):
        assert list(Matter.objects.order_by("pk").values_list("pk", "version", "history_count")) == before


def test_rows_without_number_and_time_are_registered_once_and_doubled_numbers_counted(county):
    actor = county.actor(Role.EXCHANGE)
    report = imported(actor, "labelled", LABELLED, ROWS_LABELLED)
    assert sums(report) == (3, 1, 1)
    assert [(p.line, p.column) for p in report.problems] == [(6, "留言编号")]
    assert "工地夜间施工" in report.problems[0].reason
    assert sums(imported(actor, "labelled", LABELLED, ROWS_LABELLED)) == (0, 4, 1)
    with scope(actor):
        unknown = Matter.objects.get(title="补课费不退")
    assert (unknown.received_at, unknown.state, unknown.category) == (None, State.REGISTERED, "1302")


def test_a_broken_copy_names_every_bad_cell_and_spoils_no_neighbour(county):
    good = ROWS_LABELLED[0]
    rows = [
        good,
        ("531", "", "日期不对", "2019/13/1", "x", "城乡建设"),
        ("532", "", "类别不明", "2019/1/1", "x", "太空事务"),
        ("533", "", "长" * 201, "2019/1/1", "x", "城乡建设"),
        ("", "", "", "2019/1/1", "", "城乡建设"),
        ("535", "", "坏字节\udcff", "2019/1/1", "x", "城乡建设"),
        ("530", "", "另一件事", "2019/1/1", "x", "城乡建设"),
        ("537", "名" * 101, "名字太长", "2019/1/1", "x", "城乡建设"),
        ("538", "", "还没有到", "2099/1/1", "x", "城乡建设"),
        ("539", "", "好的一行", "2019/1/1", "x", "城乡建设"),
    ]
    actor = county.actor(Role.EXCHANGE)
    report = imported(actor, "labelled", LABELLED, rows)
    assert sums(report) == (2, 0, 8)
    assert [(p.line, p.column) for p in report.problems] == [
        (3, "留言时间"),
        (4, "一级标签"),
        (5, "留言主题"),
        (6, "留言编号"),
        (6, "留言主题"),
        (6, "留言详情"),
        (7, "留言主题"),
        (8, "留言编号"),
        (9, "留言用户"),
        (10, "留言时间"),
    ]
    assert all(p.reason for p in report.problems)
    with scope(actor):
        assert set(Matter.objects.values_list("source_number", flat=True)) == {"530", "539"}


def test_a_result_of_tomorrow_or_from_before_the_message_is_named(county):
    tomorrow = f"{clock.now() + timedelta(days=2):%Y/%m/%d}"
    rows = [(*ROWS_REPLIED[0][:6], tomorrow), (*ROWS_REPLIED[1][:6], "2018/1/1"), ROWS_REPLIED[2]]
    report = imported(county.actor(Role.EXCHANGE), "replied", REPLIED, rows)
    assert sums(report) == (1, 0, 2)
    assert [(p.line, p.column) for p in report.problems] == [(2, "答复时间"), (3, "答复时间")]


def test_a_title_that_an_officer_put_right_is_still_the_same_message(county):
    actor = county.actor(Role.EXCHANGE)
    imported(actor, "labelled", LABELLED, ROWS_LABELLED[:3])
    officer = county.actor(Role.REGISTRAR)
    with scope(officer):
        for matter in list(Matter.objects.filter(title__in=["工地夜间施工", "补课费不退"])):
            amending.amend(actor=officer, matter_id=matter.id, facts={"title": "改正后的标题"})
    assert sums(imported(actor, "labelled", LABELLED, ROWS_LABELLED[:3])) == (0, 3, 0)


def test_the_number_of_a_matter_that_the_exchange_may_not_read_is_named(county):
    actor = county.actor(Role.EXCHANGE)
    imported(actor, "labelled", LABELLED, ROWS_LABELLED[:2])
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        matter = Matter.objects.get(source_number="530")
        restrict(actor=director, matter=matter, reason="检举", days=5)
    report = imported(actor, "labelled", LABELLED, ROWS_LABELLED[:3])
    assert sums(report) == (1, 1, 1)
    assert "限阅" in report.problems[0].reason


@pytest.mark.django_db(databases=["default", "owner"])
def test_whether_a_chunk_is_here_already_is_answered_by_the_index(county):
    """Of more than a hundred numbers PostgreSQL does not see by itself that none of them is empty."""
    actor = county.actor(Role.EXCHANGE)
    rows = [[str(place), *ROWS_LABELLED[0][1:]] for place in range(120)]
    with scope(actor), CaptureQueriesContext(connection) as asked:
        imported(actor, "labelled", LABELLED, rows)
    [query] = [
        each["sql"]
        for each in asked.captured_queries
        if each["sql"].startswith('SELECT "matters_matter"."source_number"')
    ]
    # A table with this index alone: what the planner finds cheap on a small one says nothing of a large one.
    with connections["owner"].cursor() as owner:
        owner.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'matter_source_once'")
        [index] = owner.fetchone()
        owner.execute("CREATE TEMP TABLE alone (LIKE matters_matter)")
        owner.execute(re.sub(r"INDEX \S+ ON \S+", "INDEX alone_once ON alone", index))
        owner.execute("SET enable_seqscan = off")
        try:
            owner.execute("EXPLAIN " + query.replace('"matters_matter"', '"alone"'))
            assert "alone_once" in str(owner.fetchall())
        finally:
            owner.execute("RESET enable_seqscan")
            owner.execute("DROP TABLE alone")


def test_two_counties_keep_their_numbers_apart(county):
    for place in ("county", "other"):
        assert sums(imported(county.actor(Role.EXCHANGE, place), "replied", REPLIED, ROWS_REPLIED)) == (
            3,
            0,
            0,
        )


def test_a_post_that_takes_nothing_in_registers_nothing(county):
    actor = county.actor(Role.SUPERVISOR)
    report = imported(actor, "replied", REPLIED, ROWS_REPLIED)
    assert sums(report) == (0, 0, 3)
    with scope(actor):
        assert not Matter.objects.exists()


def test_the_audit_learns_of_the_import(county):
    actor = county.actor(Role.EXCHANGE)
    imported(actor, "replied", REPLIED, ROWS_REPLIED)
    with scope(county.actor(Role.AUDITOR)):
        last = Entry.objects.filter(verb="import.finished").latest("at")
    assert json.loads(bytes(last.content))["details"] == {
        "rows": 3,
        "registered": 3,
        "already": 0,
        "rejected": 0,
    }


def test_the_command_ends_with_one_json_document_and_shows_its_progress_beside_it(county, tmp_path, capsys):
    path = written(tmp_path, "m.csv", as_csv(LABELLED, ROWS_LABELLED))
    call_command("import", path, mapping="labelled", county="440785", json=True)
    out, err = capsys.readouterr()
    told = json.loads(out.splitlines()[-1])
    assert (told["registered"], told["already"], told["rejected"], told["rows"]) == (3, 1, 1, 5)
    assert told["problems"][0]["line"] == 7
    assert len(out.splitlines()) == 1
    assert "5 rows" in err


def test_the_command_tells_people_the_same_in_words(county, tmp_path, capsys):
    path = written(tmp_path, "m.csv", as_csv(LABELLED, ROWS_LABELLED))
    call_command("import", path, mapping="labelled", county="440785")
    out, _ = capsys.readouterr()
    assert "登记 3，已有 1，退回 1" in out
    assert "第 7 行 · 留言编号" in out


def test_the_command_refuses_what_it_can_not_use_and_registers_nothing(county, tmp_path):
    path = written(tmp_path, "m.csv", as_csv(LABELLED, ROWS_LABELLED))
    for mapping, where, says in (
        ("replied", "440785", "文件缺少列：答复意见、答复时间"),
        ("nothing", "440785", "没有名为"),
        ("labelled", None, "请用 --county"),
        ("labelled", "110101", "数据交换岗位"),
    ):
        with pytest.raises(CommandError, match=says):
            call_command("import", path, mapping=mapping, county=where)
    with pytest.raises(CommandError, match="没有这个文件"):
        call_command("import", tmp_path / "none.csv", mapping="labelled", county="440785")
    with scope(county.actor(Role.EXCHANGE)):
        assert not Matter.objects.exists()


def test_a_post_that_has_ended_exchanges_nothing_and_the_countys_own_goes_first(county, tmp_path, capsys):
    path = written(tmp_path, "m.csv", as_csv(LABELLED, ROWS_LABELLED[:1]))
    call_command("import", path, mapping="labelled", county="440785")
    with scope(county.actor(Role.EXCHANGE)):
        assert Matter.objects.get().centre == county.centres["county"]
    yesterday = clock.today() - timedelta(days=1)
    Stationing.objects.filter(post__role=Role.EXCHANGE).update(valid_until=yesterday)
    with pytest.raises(CommandError, match="数据交换岗位"):
        call_command("import", path, mapping="labelled", county="440785")
