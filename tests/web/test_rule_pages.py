"""The rules' pages: read in words, written cell by cell, sent to another person, and back by workbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.flows import rule_tables as flow
from fengqiao.kernel import clock
from fengqiao.rules.enums import TableKind, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.rules.queries.tables import shipped
from tests import small_county
from tests.rules.drafts import drafted, published, submitted, with_row
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db
RISK = TableKind.RISK


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture
def author(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.DISPATCHER)


@pytest.fixture
def director(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.DIRECTOR)


def begun(county: SmallCounty, author: Client, kind: str = "risk") -> TableVersion:
    answer = author.post(reverse("rule_begin", args=[kind]))
    assert answer.status_code == 302
    return kept(county)


def kept(county: SmallCounty) -> TableVersion:
    with scope(county.actor(Role.DISPATCHER)):
        return TableVersion.objects.latest("number")


def typed(page: object, **changes: str) -> dict[str, str]:
    """What the browser sends of the editor as it stands, with what was typed over it."""
    context = page.context
    values = {"version": str(context["seen"]), "note": context["typed"].note or "按本县实际修订"}
    for part in ("rows", "examples"):
        lines = context[part]
        values[f"{part}-count"] = str(len(lines))
        values |= {cell.name: cell.value for line in lines for cell in line.cells}
    for part, begin, span, _count in context["windows"]:
        values |= {f"{part}-from": str(begin), f"{part}-span": str(span)}
    return values | changes


def test_every_post_of_a_centre_reads_the_tables_in_words(county: SmallCounty):
    town = at_the_desk(county, Role.REGISTRAR, "town")
    text = text_of(town.get(reverse("rules")))
    assert "分类流转规则" in text
    assert "风险研判规则" in text
    text = text_of(town.get(reverse("rule_table", args=["track"])))
    assert "正在进行的程序 含诉讼 或 含公安办案" in text
    assert "诉求性质 含建议 且 不含求决" in text
    assert "纠纷类型 属涉法涉诉" in text
    assert "起草新的一版" not in text
    text = text_of(town.get(reverse("rule_table", args=["risk"])))
    assert "紧急危险 可能有暴力 或 可能自伤 或 家庭暴力" in text
    assert "涉及人数 ≥ 50" in text
    assert "其余的都算" in text
    assert town.post(reverse("rule_begin", args=["risk"])).status_code == 403
    assert town.get(reverse("rule_table", args=["taxes"])).status_code == 404


def test_a_draft_is_typed_submitted_and_published_by_another_person(
    county: SmallCounty, author: Client, director: Client
):
    draft = begun(county, author)
    address = reverse("rule_edit", args=[draft.pk])
    page = author.get(address)
    last = len(page.context["rows"]) - 1
    changes = {f"rows-{last}-level": "medium", f"rows-{last}-reason": "本县一律先按中风险"}
    answer = author.post(address, typed(page, op="save", **changes))
    assert answer.headers["Location"] == address
    page = author.get(reverse("rule_version", args=[draft.pk]))
    (difference,) = page.context["differences"].items
    assert (difference.id, difference.what) == ("R99", "改动")
    assert [(before, after) for _label, before, after in difference.cells] == [
        ("low", "medium"),
        ("没有上述情形", "本县一律先按中风险"),
    ]
    answer = author.post(address, typed(author.get(address), op="submit"))
    assert answer.headers["Location"] == reverse("rule_version", args=[draft.pk])
    waiting = kept(county)
    assert waiting.state == VersionState.SUBMITTED
    act = reverse("rule_act", args=[draft.pk, "approve"])
    said = {"version": waiting.version, "effective_from": clock.today().isoformat()}
    assert author.post(act, said).status_code == 403
    answer = director.post(act, said | {"effective_from": "2020-01-01"})
    assert answer.status_code == 422
    assert "生效日期不能早于今天" in text_of(answer)
    assert kept(county).state == VersionState.SUBMITTED
    assert director.post(act, said).status_code == 302
    text = text_of(author.get(reverse("rule_table", args=["risk"])))
    assert "本县一律先按中风险" in text
    assert "现行" in text
    assert "中心主任county 批准" in text


def test_it_is_sent_back_with_what_should_change_and_taken_back_and_given_up(
    county: SmallCounty, author: Client, director: Client
):
    waiting = submitted(county, TableKind.RISK)

    def act(who: Client, act: str, **said: object) -> int:
        address = reverse("rule_act", args=[waiting.pk, act])
        return who.post(address, {"version": kept(county).version, **said}).status_code

    assert act(director, "send_back", remark="") == 422
    assert act(director, "send_back", remark="人数请改为二十") == 302
    assert "人数请改为二十" in text_of(author.get(reverse("rule_version", args=[waiting.pk])))
    assert act(author, "submit") == 302
    assert act(author, "take_back") == 302
    assert act(author, "submit", version=1) == 409
    assert kept(county).state == VersionState.DRAFT
    assert act(director, "drop") == 302
    assert kept(county).state == VersionState.DROPPED
    assert act(director, "burn") == 404


def test_rows_are_moved_added_and_taken_off_and_nothing_is_saved_by_it(county: SmallCounty, author: Client):
    draft = begun(county, author)
    address = reverse("rule_edit", args=[draft.pk])

    def ids(page: object) -> list[str]:
        return [line.cells[0].value for line in page.context["rows"]]

    page = author.get(address)
    before = ids(page)
    page = author.post(address, typed(page, op="down-rows-0", **{"rows-0-reason": "先保人身安全"}))
    assert ids(page) == [before[1], before[0], *before[2:]]
    assert "先保人身安全" in page.content.decode()
    page = author.post(address, typed(page, op="up-rows-1"))
    assert ids(page) == before
    page = author.post(address, typed(page, op="drop-rows-2"))
    assert ids(page) == [*before[:2], *before[3:]]
    page = author.post(address, typed(page, op="add-rows-0"))
    assert ids(page) == ["", *before[:2], *before[3:]]
    for odd in ("up-rows-0", "down-rows-99", "drop-rows-99", "up-columns-1", "burn-rows-1", "up-rows-x"):
        assert ids(author.post(address, typed(page, op=odd))) == ids(page)
    assert [row["id"] for row in kept(county).rows] == before
    # An empty row says nothing.
    author.post(address, typed(page, op="save"))
    assert [row["id"] for row in kept(county).rows] == [*before[:2], *before[3:]]


def test_what_is_wrong_stands_beside_its_cell_and_what_was_typed_is_kept(county: SmallCounty, author: Client):
    draft = begun(county, author)
    address = reverse("rule_edit", args=[draft.pk])
    page = author.get(address)
    wrong = {
        "rows-1-days_to_harm": "<= 3",
        "rows-2-people": "$ > 1 or $ > 2 and $ > 3",
        "rows-3-basis": "",
        "examples-0-row": "R12",
    }
    answer = author.post(address, typed(page, op="submit", **wrong))
    assert answer.status_code == 422
    errors = {cell.name: cell.errors for line in answer.context["rows"] for cell in line.cells if cell.errors}
    assert set(errors) == {"rows-1-days_to_harm", "rows-2-people", "rows-3-basis"}
    assert "可写成：$ != null and $ <= 3" in errors["rows-1-days_to_harm"][0]
    assert "混用会读错" in errors["rows-2-people"][0]
    # A draft may be wrong: it is saved as it is typed, and not submitted.
    stored = kept(county)
    assert stored.state == VersionState.DRAFT
    assert stored.rows[1]["when"]["days_to_harm"] == "<= 3"
    text = text_of(author.get(reverse("rule_version", args=[draft.pk])))
    assert "R02 几天内可能造成损害" in text
    mended = {"rows-1-days_to_harm": "$ != null and $ <= 3", "rows-2-people": "", "rows-3-basis": "建议"}
    answer = author.post(address, typed(answer, op="submit", **mended))
    assert answer.status_code == 422
    cells = {cell.name: cell.errors for line in answer.context["examples"] for cell in line.cells}
    assert "示例该由 R12 行回答" in cells["examples-0-row"][0]


def test_a_stale_window_overwrites_nothing_and_keeps_what_was_typed(county: SmallCounty, author: Client):
    draft = begun(county, author)
    address = reverse("rule_edit", args=[draft.pk])
    page = author.get(address)
    assert author.post(address, typed(page, op="save", **{"rows-0-reason": "第一扇窗"})).status_code == 302
    answer = author.post(address, typed(page, op="save", **{"rows-0-reason": "第二扇窗"}))
    assert answer.status_code == 409
    assert "第二扇窗" in answer.content.decode()
    assert kept(county).rows[0]["reason"] == "第一扇窗"


def test_only_its_author_edits_and_only_while_it_is_a_draft(
    county: SmallCounty, author: Client, director: Client
):
    draft = begun(county, author)
    for door in ("rule_edit", "rule_upload"):
        assert director.get(reverse(door, args=[draft.pk])).status_code == 403
        assert director.post(reverse(door, args=[draft.pk])).status_code == 403
    author.post(reverse("rule_act", args=[draft.pk, "drop"]), {"version": draft.version})
    assert author.get(reverse("rule_edit", args=[draft.pk])).status_code == 409
    other = at_the_desk(county, Role.DISPATCHER, "other")
    assert other.get(reverse("rule_version", args=[draft.pk])).status_code == 403


@pytest.mark.parametrize("kind", list(TableKind))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_workbook_that_comes_back_unchanged_changes_nothing(
    county: SmallCounty, author: Client, kind: TableKind, language: str
):
    draft = begun(county, author, kind)
    author.cookies["django_language"] = language
    sheet = author.get(reverse("rule_workbook", args=[draft.pk])).content
    answer = sent(author, draft, sheet)
    assert answer.status_code == 302, text_of(answer)
    after = kept(county)
    assert after.version == draft.version + 1
    assert (after.rows, after.examples) == (draft.rows, draft.examples)


def sent(author: Client, draft: TableVersion, sheet: bytes) -> object:
    file = SimpleUploadedFile("规则.xlsx", sheet)
    return author.post(reverse("rule_upload", args=[draft.pk]), {"version": draft.version, "file": file})


def changed(content: bytes, cells: dict[tuple[str, int], object]) -> bytes:
    """The workbook with other values in its third line, by sheet and column."""
    book, stream = CalamineWorkbook.from_filelike(BytesIO(content)), BytesIO()
    made = xlsxwriter.Workbook(stream)
    for name in book.sheet_names:
        lines = book.get_sheet_by_name(name).to_python()
        sheet = made.add_worksheet(name)
        for (where, column), value in cells.items():
            if where == name:
                lines[2][column] = value
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    made.close()
    return stream.getvalue()


def test_a_workbook_changes_what_was_changed_in_it(county: SmallCounty, author: Client):
    draft = begun(county, author, "track")
    content = author.get(reverse("rule_workbook", args=[draft.pk])).content
    names = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("规则").to_python()[1]
    cells = {
        ("规则", names.index("then.departments")): "人社、总工会",
        ("规则", names.index("when.petition_final")): True,
    }
    assert sent(author, draft, changed(content, cells)).status_code == 302
    first = kept(county).rows[0]
    assert first["then"]["departments"] == "labour、trade_union"
    assert first["when"]["petition_final"] == "true"


def test_a_file_that_is_no_workbook_of_this_table_changes_nothing(county: SmallCounty, author: Client):
    draft = begun(county, author, "track")
    other = author.get(reverse("rule_table_workbook", args=["risk"])).content
    for content, said in (
        (b"", "不是可读的工作簿"),
        (b"PK\x03\x04 broken", "不是可读的工作簿"),
        (other, "缺少第二行的列名"),
        (b"x" * (5 * 1024 * 1024), "大得不像规则表"),
    ):
        answer = sent(author, draft, content)
        assert answer.status_code == 422
        assert said in text_of(answer)
    assert kept(county).version == draft.version


def test_a_formula_is_not_taken_for_what_it_computed(county: SmallCounty, author: Client):
    draft = begun(county, author, "track")
    content = author.get(reverse("rule_workbook", args=[draft.pk])).content
    answer = sent(author, draft, changed(content, {("规则", 0): '="T"&"01"'}))
    assert answer.status_code == 422
    assert "是公式或读不出来" in text_of(answer)
    assert kept(county).version == draft.version


def test_two_versions_are_held_against_each_other(county: SmallCounty, author: Client):
    first = published(county, TableKind.RISK, lambda rows: with_row(rows, "R99", reason="本县一律先按中风险"))
    second = submitted(county, TableKind.RISK, lambda rows: [rows[1], rows[0], *rows[3:]])
    address = reverse("rule_version", args=[second.pk])
    page = author.get(address)
    assert page.context["other"].id == first.pk
    assert {(each.id, each.what) for each in page.context["differences"].items} == {
        ("R02", "移了位置"),
        ("R01", "移了位置"),
        ("R03", "去掉"),
    }
    page = author.get(address, {"against": "shipped"})
    assert page.context["other"].version == shipped(TableKind.RISK).version
    assert "R99" in {each.id for each in page.context["differences"].items}
    assert author.get(address, {"against": "99"}).context["differences"].items == []


def test_a_published_version_is_ended_by_who_approves(county: SmallCounty, author: Client, director: Client):
    version = published(county, TableKind.RISK)
    address = reverse("rule_act", args=[version.pk, "end"])
    said = {"version": version.version, "until": clock.today().isoformat()}
    assert author.post(address, said).status_code == 403
    assert director.post(address, said | {"until": "2020-01-01"}).status_code == 422
    assert kept(county).effective_until is None
    assert director.post(address, said).status_code == 302
    assert kept(county).effective_until == clock.today()


def test_an_empty_a_circular_and_an_overlapping_table_are_told_beside_their_place(
    county: SmallCounty, author: Client, director: Client
):
    draft = begun(county, author)
    address = reverse("rule_edit", args=[draft.pk])
    typed_words = {"op": "submit", "note": "写了一半", "rows-count": "0", "examples-count": "0"}
    answer = author.post(address, {"version": str(draft.version)} | typed_words)
    assert answer.status_code == 422
    assert "表是空的：请至少写一行。" in text_of(answer)
    assert "写了一半" in answer.content.decode()
    assert kept(county).state == VersionState.DRAFT

    # The editor has no column for it; a program may still send one.
    rows = [replace(row, when={"risk": "'low'"}) if row.id == "R99" else row for row in shipped(RISK).rows]
    flow.rewrite(
        actor=county.actor(Role.DISPATCHER),
        version_id=draft.pk,
        version=kept(county).version,
        rows=rows,
        examples=shipped(RISK).examples,
    )
    said = "这一项要等本表自己的结果才有，会绕成圈。"
    assert f"R99 研判的风险 {said}" in text_of(author.get(reverse("rule_version", args=[draft.pk])))
    lines = author.get(address).context["rows"]
    assert [line.errors for line in lines if line.errors] == [[f"研判的风险：{said}"]]
    flow.drop(actor=county.actor(Role.DISPATCHER), version_id=draft.pk, version=kept(county).version)

    soon = clock.today() + timedelta(days=3)
    published(county, RISK, since=soon)
    waiting = submitted(county, RISK)
    form = {"version": waiting.version, "effective_from": soon.isoformat()}
    answer = director.post(reverse("rule_act", args=[waiting.pk, "approve"]), form)
    assert answer.status_code == 422
    assert "重叠" in str(answer.context["approve_form"].errors["effective_from"])
    assert f'value="{soon.isoformat()}"' in answer.content.decode()
    assert kept(county).state == VersionState.SUBMITTED


def test_a_long_table_is_read_in_pages_and_each_example_leads_to_its_row(county: SmallCounty, author: Client):
    rows = [replace(shipped(RISK).rows[0], id=f"X{n}") for n in range(60)] + list(shipped(RISK).rows)
    draft = drafted(county, RISK, lambda _rows: rows)
    page = author.get(reverse("rule_version", args=[draft.pk]), {"against": "shipped"})
    told = page.context["rows"]
    assert [each.row.id for each in told.rows] == [f"X{n}" for n in range(50)]
    assert told.next_href == "?against=shipped&rows=2#rows"
    assert told.place["R99"] == "?against=shipped&rows=2#row-R99"
    following = author.get(reverse("rule_version", args=[draft.pk]) + told.next_href.partition("#")[0])
    assert [each.row.id for each in following.context["rows"].rows][-1] == "R99"
    assert following.context["rows"].next_href == ""
    assert (len(told.rows), len(page.context["differences"].items)) == (50, 50)
    assert page.context["differences"].next_href == "?against=shipped&changes=2#differences"
    following = author.get(page.request["PATH_INFO"], {"against": "shipped", "changes": "2"})
    assert [each.id for each in following.context["differences"].items] == [f"X{n}" for n in range(50, 60)]


def test_a_long_table_is_written_a_page_at_a_time_and_nothing_that_was_typed_is_lost(
    county: SmallCounty, author: Client
):
    rows = [replace(shipped(RISK).rows[0], id=f"X{n}") for n in range(120)] + list(shipped(RISK).rows)
    draft = drafted(county, RISK, lambda _rows: rows)
    names = [row.id for row in rows]
    address = reverse("rule_edit", args=[draft.pk])

    def ids(page: object) -> list[str]:
        return [line.cells[0].value for line in page.context["rows"]]

    def stored() -> list[str]:
        return [row["id"] for row in kept(county).rows]

    page = author.get(address)
    assert ids(page) == names[:50]
    # Turning the page keeps what was typed on this one, also what is wrong with it, and says where it is.
    wrong = {"rows-4-days_to_harm": "<= 3", "rows-5-reason": "先保人身安全"}
    turned = author.post(address, typed(page, op="page-rows-2", **wrong))
    assert turned.headers["Location"] == f"{address}?rows=2#rows"
    page = author.get(f"{address}?rows=2")
    assert ids(page) == names[50:100]
    assert [(each.first, each.last, each.is_open, each.wrong) for each in page.context["pages"]["rows"]][
        :2
    ] == [
        (1, 50, False, 1),
        (51, 100, True, 0),
    ]
    assert kept(county).rows[5]["reason"] == "先保人身安全"
    # A row that is moved over the edge brings the one behind the edge along.
    page = author.post(f"{address}?rows=2", typed(page, op="up-rows-0"))
    page = author.post(f"{address}?rows=2", typed(page, op="down-rows-50"))
    assert ids(page) == ["X50", "X49", *names[51:99], "X100", "X99"]
    page = author.post(f"{address}?rows=2", typed(page, op="drop-rows-1"))
    page = author.post(f"{address}?rows=2", typed(page, op="add-rows-0"))
    assert stored() == names
    saved = author.post(f"{address}?rows=2", typed(page, op="save", **{"rows-0-id": "NEW"}))
    assert saved.headers["Location"] == f"{address}?rows=2"
    expected = [*names[:49], "NEW", "X50", *names[51:99], "X100", "X99", *names[101:]]
    assert stored() == expected
    # Another window has saved meanwhile: nothing is overwritten, and what was typed here stands.
    page = author.get(f"{address}?rows=3")
    author.post(address, typed(author.get(address), op="drop-rows-0"))
    author.post(address, typed(author.get(address), op="save"))
    refused = author.post(f"{address}?rows=3", typed(page, op="page-rows-1", **{"rows-0-id": "LATE"}))
    assert (refused.status_code, ids(refused)[0], stored()) == (409, "LATE", expected)
    # The last page of a table that has become shorter.
    assert ids(author.get(f"{address}?rows=99"))[-1] == "R99"
