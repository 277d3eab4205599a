"""What offices here write: encodings, spreadsheets, lines."""

import pytest

from fengqiao.exchange.mapping import Problem, load
from fengqiao.exchange.reading import Unreadable, read_rows
from fengqiao.exchange.taking import take
from tests.exchange.files import LABELLED, REPLIED, ROWS_LABELLED, ROWS_REPLIED, as_csv, as_xlsx, written


def read(tmp_path, name, content, mapping="replied"):
    names, rows = read_rows(written(tmp_path, name, content))
    assert names
    return [(row.line, take(load(mapping), row.line, row.cells)) for row in rows]


def test_every_encoding_and_a_spreadsheet_read_the_same(tmp_path):
    expected = read(tmp_path, "plain.csv", as_csv(REPLIED, ROWS_REPLIED, encoding="utf-8"))
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        content = as_csv(REPLIED, ROWS_REPLIED, encoding=encoding)
        assert read(tmp_path, "encoded.csv", content) == expected, encoding
    sheet = read(tmp_path, "sheet.xlsx", as_xlsx(REPLIED, ROWS_REPLIED))
    assert [taken for _, taken in sheet] == [taken for _, taken in expected]
    assert [line for line, _ in sheet] == [2, 3, 4]
    assert not any(isinstance(taken, list) for _, taken in expected)


def test_the_line_is_that_of_the_file_even_after_cells_of_several_lines(tmp_path):
    lines = [line for line, _ in read(tmp_path, "lines.csv", as_csv(REPLIED, ROWS_REPLIED))]
    assert lines == [2, 7, 8]


def test_what_unicode_calls_a_line_end_may_stand_in_a_cell(tmp_path):
    rows = [("1", "", "停水\u2028两天", "2019/4/25", "水\x0b停\x85了", "已恢复。", "2019/4/26")]
    text = as_csv(REPLIED, rows, encoding="utf-8").replace(b'"', b"")
    [(line, taken)] = read(tmp_path, "ends.csv", text)
    assert (line, taken.new.title) == (2, "停水 两天")


def test_blank_rows_and_other_delimiters(tmp_path):
    content = as_csv(REPLIED, ROWS_REPLIED[1:]).replace(b"\r\n", b"\r\n\r\n").replace(b",", b"\t")
    assert [line for line, _ in read(tmp_path, "tabs.csv", content)] == [3, 5]


def test_bytes_that_are_wrong_spoil_their_own_cell(tmp_path):
    content = as_csv(REPLIED, ROWS_REPLIED, encoding="utf-8")
    content = content.replace("路灯不亮".encode(), "路灯不亮".encode("gb18030"))
    good, bad, other = (taken for _, taken in read(tmp_path, "damaged.csv", content))
    assert [(p.line, p.column) for p in bad] == [(7, "留言主题")]
    assert "编码" in bad[0].reason
    assert good.number == "2549"
    assert other.new.title == "公交站牌倒了"


def test_damage_in_a_gb18030_file(tmp_path):
    content = as_csv(REPLIED, ROWS_REPLIED, encoding="gb18030")
    content = content.replace("盲道".encode("gb18030"), b"\xff\xff")
    *good, (_, bad) = read(tmp_path, "damaged.csv", content)
    assert not any(isinstance(taken, list) for _, taken in good)
    assert [p.column for p in bad] == ["留言详情"]


def test_the_dirt_of_exported_pages_is_left_out(tmp_path):
    [(_, first), *_] = read(tmp_path, "dirt.csv", as_csv(REPLIED, ROWS_REPLIED))
    assert first.new.account == "停车费涨了一倍， 没有公示。\n请核实。"
    labelled = read(tmp_path, "dirt.csv", as_csv(LABELLED, ROWS_LABELLED), mapping="labelled")
    assert labelled[1][1].new.account == "培训机构关门，\n补课费不退。"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "空"),
        ("doubled.csv", "编号,编号\n1,2\n".encode(), "重复"),
        ("no-workbook.xlsx", b"not a workbook", "工作簿"),
        ("empty.xlsx", b"", "工作簿"),
    ],
)
def test_a_file_that_can_not_be_used_is_refused_in_a_sentence(tmp_path, name, content, says):
    with pytest.raises(Unreadable, match=says):
        read_rows(written(tmp_path, name, content))


def test_a_folder_or_a_missing_file_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "missing.csv"):
        with pytest.raises(Unreadable, match="没有这个文件"):
            read_rows(path)


def test_a_row_shorter_than_the_header_lacks_its_last_cells(tmp_path):
    content = as_csv(REPLIED, [ROWS_REPLIED[1][:5]])
    [(_, problems)] = read(tmp_path, "short.csv", content)
    assert problems == [
        Problem(2, "答复意见", "必填，但这一格是空的"),
        Problem(2, "答复时间", "必填，但这一格是空的"),
    ]
