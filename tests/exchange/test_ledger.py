"""The usual ledger of disputes and the program's own template: what a row becomes, and what it never becomes."""

from __future__ import annotations

import json
import zipfile
from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.exchange.domain.importing import import_rows, rehearse_chunk
from fengqiao.exchange.domain.template import template_workbook
from fengqiao.exchange.domain.units import map_unit
from fengqiao.exchange.mapping import Given, available, load
from fengqiao.exchange.models import WrittenUnit
from fengqiao.exchange.queries.units import known_units
from fengqiao.exchange.reading import Row, read_as, read_rows
from fengqiao.exchange.taking import take
from fengqiao.kernel.clock import SHANGHAI
from fengqiao.kernel.errors import Invalid, NotAllowed
from fengqiao.matters.enums import PartyKind, State
from fengqiao.matters.models import Disposition, Matter, Party
from fengqiao.places.models import Department
from tests import small_county
from tests.exchange.files import LEDGER, ROWS_LEDGER, as_csv, as_xlsx, written
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

AS_OF = date(2025, 12, 31)
UNITS = {"市人社": None, "恩平市住建局": None}


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


def cells(row=0, **changes):
    return dict(zip(LEDGER, ROWS_LEDGER[row], strict=True)) | changes


def taken(row=0, given=None, **changes):
    return take(load("ledger"), 5, cells(row, **changes), given or Given(as_of=AS_OF, units=UNITS))


def rows_of(rows):
    return [Row(line, dict(zip(LEDGER, row, strict=True))) for line, row in enumerate(rows, 2)]


def imported(county, rows=ROWS_LEDGER, as_of=AS_OF):
    actor = county.actor(Role.EXCHANGE)
    with scope(actor):
        given = Given(as_of=as_of, units=known_units(actor))
    report = import_rows(actor=actor, mapping=load("ledger"), rows=rows_of(rows), given=given)
    assert report.registered + report.already + report.rejected == report.rows == len(rows)
    return report


def sums(report):
    return (report.registered, report.already, report.rejected)


# --- what a row says ----------------------------------------------------------------------------------------


def test_the_first_sentence_is_the_title_and_what_has_no_field_stands_in_the_account():
    settled, still_open = taken(), taken(1)
    assert settled.new.title == "两家因院墙界线争执"
    assert settled.new.account == "两家因院墙界线争执。多次争吵，尚未动手。\n责任单位：市人社\n责任人：李某"
    assert settled.new.happened_on == date(2025, 3, 5)
    assert settled.new.received_at is None
    assert still_open.settled is None
    assert still_open.new.account.splitlines()[1:] == [
        "责任单位：恩平市住建局",
        "责任人：张某",
        "化解情况：约定月底付清。",
    ]
    assert (still_open.new.people, still_open.new.category) == (12, "0703")
    assert len(taken(简要情况="很" * 300).new.title) == 60


def test_each_named_party_is_one_and_a_body_is_no_person():
    assert [(p.name, p.kind) for p in taken(1).new.parties] == [
        ("陈某", PartyKind.PERSON),
        ("某某陶瓷有限公司", PartyKind.ORGANISATION),
    ]
    assert [p.name for p in taken(当事人="甲、 乙，丙\n丁、甲").new.parties] == ["甲", "乙", "丙", "丁"]


def test_the_day_of_settling_is_that_of_the_ledger_and_the_result_says_so():
    settled = taken().settled
    assert settled.at == datetime(2025, 12, 31, tzinfo=SHANGHAI)
    assert settled.text == "村委会调解，重新划界。\n（台账没有写明办结日期，按台账日期 2025-12-31 记。）"
    [problem] = taken(given=Given(units=UNITS))
    assert (problem.column, problem.reason) == ("是否化解", "不知道台账日期，已化解的行不能导入")
    [problem] = taken(发生时间="2026/1/1")
    assert (problem.column, problem.reason) == ("发生时间", "晚于台账日期 2025-12-31")
    [problem] = taken(化解情况=" ")
    assert problem.column == "化解情况"


def test_a_row_is_recognised_by_what_it_says_in_the_ledger_of_another_month():
    same = taken(序号="77", 发生时间="2025-03-05", 化解情况="已重新立界桩。", 责任人="王某", 涉及人数="3")
    assert same.number == taken().number
    for column in ("地点", "当事人", "简要情况"):
        assert taken(**{column: "另一件"}).number != taken().number
    assert taken(发生时间="2025.3.6").number != taken().number


@pytest.mark.parametrize(
    ("column", "value", "reason", "mend"),
    [
        ("发生时间", "2024.13.5", "没有“2024.13.5”这一天或这一刻", "核对年、月、日"),
        ("涉及人数", "1 2", "“1 2”不是数", "只写数字，中间不留空格，如 12"),
        ("简要情况", " \n ", "必填，但这一格是空的", "写明是什么事，第一句话作为标题"),
        (
            "是否化解",
            "差不多",
            "“差不多”不在映射的取值之中",
            "可以写：是、否",
        ),
        ("责任单位", "某局", "不知道“某局”是哪个部门", "在“单位对照”里为它选定部门，或选“没有对应的部门”"),
        ("地点", "\udcfe3", "这一格是公式，不读公式的结果", "在表格里复制这一列，选“粘贴为数值”"),
    ],
)
def test_what_is_wrong_with_a_cell_is_said_with_how_to_mend_it(column, value, reason, mend):
    [problem] = taken(**{column: value})
    assert (problem.line, problem.column, problem.reason, problem.mend) == (5, column, reason, mend)


def test_a_row_with_nothing_to_recognise_it_by_is_not_taken():
    nothing = dict.fromkeys(("发生时间", "地点", "当事人", "简要情况"), "")
    assert [p.column for p in taken(**nothing)] == ["简要情况"]


# --- what the county keeps of it ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_settled_rows_are_flagged_history_of_the_department_and_open_ones_wait(county: SmallCounty):
    assert sums(imported(county)) == (3, 0, 0)
    with scope(county.actor(Role.EXCHANGE)):
        settled = Matter.objects.get(title="两家因院墙界线争执")
        waiting = Matter.objects.get(title="陶瓷厂欠薪两月")
        result = Disposition.objects.get(matter=settled)
        assert Party.objects.filter(matter=settled).count() == 2
    labour = county.department("labour").id
    assert (settled.state, settled.is_history, settled.lead_department_id) == (State.CLOSED, True, labour)
    assert result.department_id == labour
    # Nobody has handed it to a department yet: an import does not either.
    assert (waiting.state, waiting.lead_department_id) == (State.REGISTERED, None)
    assert sums(imported(county)) == (0, 3, 0)


@pytest.mark.django_db
def test_an_unknown_body_is_listed_never_made_and_taken_once_a_person_has_said_what_it_is(
    county: SmallCounty,
):
    before = Department.objects.count()
    rows = [(*row[:8], "劳动所", *row[9:]) for row in ROWS_LEDGER[:2]] + [ROWS_LEDGER[2]]
    report = imported(county, rows)
    assert sums(report) == (1, 0, 2)
    assert report.units == {"劳动所": 2}
    assert Department.objects.count() == before
    actor = county.actor(Role.DIRECTOR)
    map_unit(actor=actor, written=" 劳动所\n", department_id=county.department("labour").id)
    assert sums(imported(county, rows)) == (2, 1, 0)
    map_unit(actor=actor, written="劳动所", department_id=None)
    with scope(actor):
        assert WrittenUnit.objects.get().department_id is None
        assert known_units(actor)["劳动所"] is None


@pytest.mark.django_db
def test_a_name_that_two_departments_share_is_not_known(county: SmallCounty):
    labour = county.department("labour")
    Department.objects.create(
        name="恩平市人社大队", short_name=labour.short_name, kind=labour.kind, division=labour.division
    )
    actor = county.actor(Role.EXCHANGE)
    with scope(actor):
        known = known_units(actor)
    assert labour.short_name not in known
    assert known[labour.name] == labour.pk
    # Another county's bodies are not meant.
    assert "开平人社" not in known


@pytest.mark.django_db
def test_mapping_a_body_is_for_the_post_that_imports_and_within_its_county(county: SmallCounty):
    with pytest.raises(NotAllowed):
        map_unit(actor=county.actor(Role.REGISTRAR), written="某局", department_id=None)
    actor = county.actor(Role.DIRECTOR)
    for name, department in (("", None), ("局" * 101, None), ("某局", county.department("other").id)):
        with pytest.raises(Invalid):
            map_unit(actor=actor, written=name, department_id=department)
    with scope(actor):
        assert WrittenUnit.objects.count() == 0
    with scope(county.actor(Role.AUDITOR)):
        verbs = Entry.objects.filter(verb="import.map_unit").values_list("result", flat=True)
        assert list(verbs) == ["refused"] * 4


@pytest.mark.django_db
def test_the_page_keeps_what_is_said_of_a_body_and_what_was_typed(county: SmallCounty):
    browser = at_the_desk(county, Role.DIRECTOR)
    address = reverse("import_units")
    wrong = browser.post(address, {"written": "某局", "department": ""})
    assert (wrong.status_code, 'value="某局"' in wrong.content.decode()) == (422, True)
    said = browser.post(address, {"written": "劳动所", "department": str(county.department("labour").id)})
    assert said.status_code == 302
    browser.post(address, {"written": "撤掉的所", "department": "none"})
    page = text_of(browser.get(address))
    assert f"劳动所 {county.department('labour').name}" in page
    assert "撤掉的所 没有对应的部门" in page


@pytest.mark.django_db
def test_a_rehearsal_says_the_same_as_the_import_and_writes_nothing(county: SmallCounty):
    rows = rows_of([*ROWS_LEDGER, ROWS_LEDGER[1], (*ROWS_LEDGER[2][:6], "0", *ROWS_LEDGER[2][7:])])
    rows[-1].cells["简要情况"] = "另一件"
    actor = county.actor(Role.EXCHANGE)
    with scope(actor):
        given = Given(as_of=AS_OF, units=known_units(actor))
        told = rehearse_chunk(actor=actor, mapping=load("ledger"), given=given, chunk=rows, seen={})
        assert Matter.objects.count() == 0
    done = import_rows(actor=actor, mapping=load("ledger"), rows=rows, given=given)
    assert (sums(told), told.repeated) == ((3, 1, 1), [(5, 3)])
    assert (sums(done), done.problems, done.repeated) == (sums(told), told.problems, told.repeated)
    assert [(p.line, p.column) for p in done.problems] == [(6, "涉及人数")]


@pytest.mark.django_db
def test_the_command_asks_of_which_day_the_ledger_is(county: SmallCounty, tmp_path, capsys):
    path = written(tmp_path, "台账.csv", as_csv(LEDGER, ROWS_LEDGER))
    for options, says in (({}, "--as-of"), ({"as_of": date(2999, 1, 1)}, "晚于今天")):
        with pytest.raises(CommandError, match=says):
            call_command("import", path, mapping="ledger", county="440785", **options)
    call_command("import", path, mapping="ledger", county="440785", as_of=AS_OF, json=True)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["registered"], told["problems"], told["units"]) == (3, [], {})


STAKES = ("可能造成损害的日子", "发生在公共场所", "牵涉需要特别保护的人", "要特别留意什么")
LISTS = ["纠纷类型", "来源渠道", "对方类别", "诉求性质"]

# --- the template -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_template_as_it_is_downloaded_is_read_by_its_mapping(county: SmallCounty, tmp_path):
    answer = at_the_desk(county, Role.DIRECTOR).get(reverse("import_template"))
    path = written(tmp_path, "模板.xlsx", answer.content)
    names, rows = read_rows(path, load("template").columns)
    assert (names, list(rows)) == (load("template").columns, [])
    lists = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("可选值").to_python()
    assert lists[0] == [*LISTS, "发生在公共场所", "牵涉需要特别保护的人"]
    assert lists[1] == ["0101 恋爱婚姻", "来访", "个人", "求决", "是", "是"]


@pytest.mark.django_db
def test_what_its_lists_offer_is_taken_word_for_word(county: SmallCounty, tmp_path):
    path = written(tmp_path, "模板.xlsx", template_workbook())
    lists = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("可选值").to_python()
    offered = {name: [row[place] for row in lists[1:] if row[place]] for place, name in enumerate(lists[0])}
    count = max(len(words) for words in offered.values())
    header = load("template").columns
    filled = [
        [
            {"标题": f"第{line}件", "要特别留意什么": "" if line % 2 else "老人的赡养"}.get(column)
            or offered.get(column, [""])[line % len(offered.get(column, [""]))]
            for column in header
        ]
        for line in range(count)
    ]
    path = written(tmp_path, "filled.csv", as_csv(header, filled))
    report = import_rows(
        actor=county.actor(Role.EXCHANGE), mapping=load("template"), rows=read_rows(path, header)[1]
    )
    assert (report.registered, report.problems) == (count, [])


@pytest.mark.parametrize("name", ["ledger", "template", "replied", "labelled", "export"])
def test_a_file_says_by_its_columns_which_mapping_it_is_for(tmp_path, name):
    kinds = ["export", "labelled", "ledger", "replied", "template"]
    path = written(tmp_path, "x.xlsx", as_xlsx(load(name).columns, []))
    _names, _rows, place = read_as(path, [load(kind).needed for kind in kinds])
    assert kinds[place] == name


def test_a_template_from_before_a_column_came_is_still_read(tmp_path):
    """Whoever filled the table in last week sends it this week."""
    kinds = ["export", "labelled", "ledger", "replied", "template"]
    header = [name for name in load("template").columns if name not in STAKES]
    path = written(tmp_path, "x.csv", as_csv(header, [["停水"] + [""] * (len(header) - 1)]))
    _names, rows, place = read_as(path, [load(kind).needed for kind in kinds])
    assert kinds[place] == "template"
    [row] = rows
    assert (row.cells.get("发生在公共场所"), header) == (None, load("template").needed)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("", "", "", ""), (None, None, None, "")),
        (("2031/1/5", "是", "否", ""), (date(2031, 1, 5), True, False, "")),
        (("2031年1月5日", "Yes", "true", "孩子的安置"), (date(2031, 1, 5), True, True, "孩子的安置")),
        (("", "不清楚", "未知", ""), (None, None, None, "")),
    ],
)
def test_what_is_at_stake_is_read_and_the_unknown_stays_unknown(cells, expected):
    row = {"标题": "断水", "来源编号": "A-1", **dict(zip(STAKES, cells, strict=True))}
    new = take(load("template"), 2, row).new
    assert (new.harm_on, new.public_place, new.needs_care, new.care) == expected


def test_an_answer_that_is_none_is_named_by_its_cell():
    row = {"标题": "断水", "来源编号": "A-1", "发生在公共场所": "也许"}
    [problem] = take(load("template"), 2, row)
    assert (problem.column, problem.reason) == ("发生在公共场所", "“也许”不是“是”或“否”")
    assert problem.mend == "写“是”或“否”，不清楚的空着"


def sheets(path) -> dict[str, list]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_an_english_reader_gets_the_same_columns_and_words_with_their_meaning(tmp_path):
    with translation.override("en"):
        path = written(tmp_path, "模板.xlsx", template_workbook())
        row = dict.fromkeys(load("template").columns, "") | {"标题": "停水", "来源渠道": "来电"}
        assert take(load("template"), 2, row).new.channel == "phone"
        english = translation.gettext
        names = ["事项", english("填写说明"), english("可选值")]
    found = sheets(path)
    assert list(found) == names
    table, told, lists = found.values()
    # What is read in again stays as it is.
    assert table[0] == load("template").columns
    assert lists[0][:4] == ["纠纷类型", "Type of dispute", "来源渠道", "Channel"]
    assert lists[1][:4] == ["0101 恋爱婚姻", "Courtship and marriage", "来访", lists[1][3]]
    said = {line[0]: line[1:] for line in told if line[1]}
    assert said["发生日期"] == ["Happened on", "", "As 2024/3/15"]
    # Its notes, one for each column, hold no sentence in Chinese.
    with zipfile.ZipFile(path) as book:
        notes = book.read("xl/comments1.xml").decode()
    assert "Title: What it is about" in notes
    assert "最多" not in notes


def test_a_reader_of_chinese_gets_it_in_chinese_alone(tmp_path):
    found = sheets(written(tmp_path, "模板.xlsx", template_workbook()))
    assert list(found) == ["事项", "填写说明", "可选值"]
    _table, told, lists = found.values()
    assert lists[0][:4] == LISTS
    assert ["发生日期", "", "写作 2024/3/15"] in told


@pytest.mark.parametrize("name", available())
def test_every_note_of_a_shipped_mapping_is_said_in_english_too(name):
    assert [rule.column for rule in load(name).fields if rule.note and not rule.note_en] == []


def test_what_to_write_into_an_empty_cell_is_told_in_the_readers_language():
    row = dict.fromkeys(load("ledger").columns, "") | {"序号": "1", "是否化解": "是"}
    with translation.override("en"):
        problems = take(load("ledger"), 2, row)
    assert "Say what it is about; the first sentence becomes the title" in [p.mend for p in problems]
