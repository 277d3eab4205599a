"""Files that are not what they seem: each gets an answer that says what to do, before a row is registered."""

import io
import zipfile

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from xlsxwriter import Workbook

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.exchange.mapping import load
from fengqiao.exchange.reading import MOST_ROWS, Unreadable, read_rows
from fengqiao.exchange.taking import take
from fengqiao.exchange.unpacking import unpacks_small
from fengqiao.matters.models import Matter
from tests import small_county
from tests.exchange.files import REPLIED, ROWS_REPLIED, as_csv, as_xlsx, written

WANTED = load("replied").columns


def book(path, **sheets):
    """A workbook as an office program writes it; ``sheets``: name → lines of cells."""
    with Workbook(path) as workbook:
        for name, lines in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    return path


def read(path):
    names, rows = read_rows(path, WANTED)
    return names, list(rows)


def test_a_header_below_a_merged_title_is_found_by_its_column_names(tmp_path):
    path = tmp_path / "titled.xlsx"
    with Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.merge_range(0, 0, 0, 6, "甲县 2019 年网上留言台账")
        sheet.write(1, 0, "填报单位：")
        for number, line in enumerate([REPLIED, *ROWS_REPLIED], 2):
            sheet.write_row(number, 0, line)
    names, rows = read(path)
    assert names == list(REPLIED)
    assert [(row.line, row.cells["留言编号"]) for row in rows] == [(4, "2549"), (5, "2554"), (6, "2555")]


def test_the_same_in_a_csv(tmp_path):
    text = "甲县台账\r\n填报单位,某中心\r\n" + as_csv(REPLIED, ROWS_REPLIED, encoding="utf-8").decode()
    names, rows = read(written(tmp_path, "titled.csv", text.encode("gb18030")))
    assert names == list(REPLIED)
    assert rows[0].line == 4
    assert [row.cells["留言编号"] for row in rows] == ["2549", "2554", "2555"]


def test_of_two_sheets_the_one_with_the_columns_is_read(tmp_path):
    path = book(tmp_path / "two.xlsx", 说明=[["请勿改动列名"]], 台账=[REPLIED, *ROWS_REPLIED])
    assert [row.cells["留言编号"] for row in read(path)[1]] == ["2549", "2554", "2555"]


def test_two_sheets_that_could_both_be_meant_are_named(tmp_path):
    path = book(tmp_path / "both.xlsx", 一月=[REPLIED, ROWS_REPLIED[0]], 二月=[REPLIED, ROWS_REPLIED[1]])
    with pytest.raises(Unreadable, match="一月、二月"):
        read(path)


@pytest.mark.parametrize("start", ["", "\r\n  "])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_web_page_called_xls_is_recognised(tmp_path, start, encoding):
    page = f"{start}<HTML><body><table><tr><td>留言编号</td></tr></table></body></HTML>"
    with pytest.raises(Unreadable, match="另存为 xlsx"):
        read(written(tmp_path, "page.xls", page.encode(encoding)))


def bomb(size):
    stream = io.BytesIO(as_xlsx(REPLIED, ROWS_REPLIED))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"\x00" * size)
    return stream.getvalue()


def test_a_bomb_is_found_by_counting_even_when_it_lies_about_its_size(tmp_path):
    content = bomb(3_000_000)
    size = (3_000_000).to_bytes(4, "little")
    assert size in content
    for name, told in (("honest", content), ("lying", content.replace(size, (10).to_bytes(4, "little")))):
        path = written(tmp_path, f"{name}.xlsx", told)
        assert not unpacks_small(path, most=2_900_000), name
        assert unpacks_small(path, most=3_100_000), name


def test_a_bomb_is_not_opened(tmp_path):
    path = written(tmp_path, "bomb.xlsx", bomb(600 * 1024 * 1024))
    assert path.stat().st_size < 1024 * 1024
    with pytest.raises(Unreadable, match="没有打开"):
        read(path)


def test_a_cut_off_workbook_is_no_readable_workbook(tmp_path):
    whole = as_xlsx(REPLIED, ROWS_REPLIED)
    for length in (0, 10, len(whole) // 2, len(whole) - 30):
        with pytest.raises(Unreadable, match="不是可读的工作簿"):
            read(written(tmp_path, "cut.xlsx", whole[:length]))


def test_the_most_rows_are_read_and_more_are_refused_before_the_first(tmp_path):
    def file(count):
        lines = "".join(f"{number},名,题,2019/1/1,文,答,2019/2/1\r\n" for number in range(count))
        return written(tmp_path, "long.csv", (",".join(REPLIED) + "\r\n" + lines).encode())

    assert len(read(file(MOST_ROWS))[1]) == MOST_ROWS
    with pytest.raises(Unreadable, match="请分成几个文件"):
        read_rows(file(MOST_ROWS + 30), WANTED)


@pytest.mark.parametrize("written_date", ["2024.13.5", "2024.2.30", "2024年13月5日"])
def test_a_day_that_does_not_exist_is_named_and_one_with_points_is_read(written_date):
    cells = dict(zip(REPLIED, ROWS_REPLIED[0], strict=True))
    problems = take(load("replied"), 7, cells | {"留言时间": written_date})
    assert [(p.line, p.column, p.reason) for p in problems] == [
        (7, "留言时间", f"没有“{written_date}”这一天或这一刻")
    ]
    assert not isinstance(take(load("replied"), 7, cells | {"留言时间": "2019.4.5"}), list)


def test_one_broken_byte_in_gb18030_spoils_its_own_row_alone(tmp_path):
    content = as_csv(REPLIED, ROWS_REPLIED, encoding="gb18030")
    title = "路灯不亮".encode("gb18030")
    broken = content.replace(title, title[:2] + b"\xff" + title[2:], 1)
    taken = [
        take(load("replied"), row.line, row.cells) for row in read(written(tmp_path, "b.csv", broken))[1]
    ]
    assert [isinstance(one, list) for one in taken] == [False, True, False]
    assert [(p.column, "编码已损坏" in p.reason) for p in taken[1]] == [("留言主题", True)]


@pytest.mark.django_db
def test_the_command_takes_a_titled_ledger_and_registers_nothing_of_a_doubtful_one(tmp_path):
    county = small_county.build()
    both = book(tmp_path / "both.xlsx", 一月=[REPLIED, ROWS_REPLIED[0]], 二月=[REPLIED, ROWS_REPLIED[1]])
    with pytest.raises(CommandError, match="单独存为文件"):
        call_command("import", both, mapping="replied", county="440785")
    with scope(county.actor(Role.EXCHANGE)):
        assert not Matter.objects.exists()
    one = book(tmp_path / "one.xlsx", 说明=[["说明"]], 台账=[["甲县台账"], REPLIED, *ROWS_REPLIED])
    call_command("import", one, mapping="replied", county="440785")
    with scope(county.actor(Role.EXCHANGE)):
        assert set(Matter.objects.values_list("source_number", flat=True)) == {"2549", "2554", "2555"}


def test_a_formula_is_found_wherever_the_sheet_begins_and_its_result_is_not_believed(tmp_path):
    path = tmp_path / "formula.xlsx"
    with Workbook(path) as workbook:
        workbook.add_worksheet("说明 & 例").write_formula(0, 0, "=1+1", None, 2)
        sheet = workbook.add_worksheet("台账 <1>")
        sheet.write_row(3, 2, REPLIED)
        for line, row in enumerate(ROWS_REPLIED, 4):
            sheet.write_row(line, 2, row)
        sheet.write_formula(5, 4, '=HYPERLINK("http://x")', None, "路灯不亮")
    found = [take(load("replied"), row.line, row.cells) for row in read(path)[1]]
    assert [isinstance(one, list) for one in found] == [False, True, False]
    assert [(p.line, p.column, p.reason) for p in found[1]] == [
        (6, "留言主题", "这一格是公式，不读公式的结果")
    ]


def test_a_formula_in_a_csv_is_text_that_is_never_run(tmp_path):
    rows = [(*ROWS_REPLIED[0][:2], '=HYPERLINK("http://x")', *ROWS_REPLIED[0][3:])]
    path = written(tmp_path, "formula.csv", as_csv(REPLIED, rows))
    [one] = [take(load("replied"), row.line, row.cells) for row in read(path)[1]]
    assert one.new.title == '=HYPERLINK("http://x")'


def test_a_header_of_two_lines_names_its_second_line_as_a_row_and_spoils_no_other(tmp_path):
    path = tmp_path / "merged.xlsx"
    with Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        for column, name in enumerate(REPLIED):
            if name == "留言详情":
                sheet.write_row(0, column, [name])
                sheet.write_row(1, column, ["（详写）"])
            else:
                sheet.merge_range(0, column, 1, column, name)
        for line, row in enumerate(ROWS_REPLIED, 2):
            sheet.write_row(line, 0, row)
    found = [(row.line, take(load("replied"), row.line, row.cells)) for row in read(path)[1]]
    assert [(line, isinstance(one, list)) for line, one in found] == [
        (2, True),
        (3, False),
        (4, False),
        (5, False),
    ]
