"""The usual ledger as an office fills it in, with ten faults planted in its rows and three in its sheets."""

from __future__ import annotations

from io import BytesIO

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from tests.exchange.files import LEDGER

# A column's fault, what is said of it, and what the person who mends it writes.
FAULTS = {
    "发生时间": ("2024.13.5", "没有“2024.13.5”这一天或这一刻", "2024.12.5"),
    "涉及人数": ("1 2", "“1 2”不是数", "12"),
    "简要情况": (" ", "必填，但这一格是空的", "第三组的水渠被堵，两家争吵。"),
    "纠纷类型": ("太空纠纷", "“太空纠纷”不在映射的取值之中", "邻里纠纷"),
    "责任单位": ("某某所", "不知道“某某所”是哪个部门", ""),
    "是否化解": ("差不多", "“差不多”不在映射的取值之中", "否"),
    "化解情况": ("", "“是否化解”写了已化解，但这一格是空的", "双方和解。"),
}
FORMULA = ("涉及人数", "这一格是公式，不读公式的结果", "3")
# Rows: two ordinary ones, a row said twice, one with lines in a cell; seven with a fault, one with a formula.
ROWS, GOOD, TWICE = 12, 3, 1
BAD = len(FAULTS) + 1


def plain(number: int, **changed: str) -> dict[str, str]:
    """An ordinary open row."""
    values = (
        "2025/3/5",
        "黄泥坑村",
        f"黄某{number}",
        "邻里纠纷",
        f"第{number}件：屋后滴水，两家争吵。",
        "2",
        "",
    )
    return dict(zip(LEDGER, (str(number), *values, "", "李某", "否"), strict=True)) | changed


def planted() -> bytes:
    """The workbook: its ledger is the second sheet, below a merged title, with its column names on line 3."""
    rows = [plain(1, 是否化解="是", 化解情况="村委会调解，当场和解。"), plain(2)]
    rows += [plain(2) | {"序号": "3"}, plain(4, 当事人="黄某4\n梁某4")]
    for number, (column, (written, _said, _mended)) in enumerate(FAULTS.items(), 5):
        row = plain(number, **{column: written})
        rows.append(row | {"是否化解": "是"} if column == "化解情况" else row)
    rows.append(plain(12))
    stream = BytesIO()
    with Workbook(stream) as book:
        book.add_worksheet("填报说明").write(0, 0, "每月 25 日前报送。")
        sheet = book.add_worksheet("台账")
        sheet.merge_range(0, 0, 0, len(LEDGER) - 1, "某镇矛盾纠纷排查台账", book.add_format({"bold": True}))
        sheet.write(1, 0, "填报单位：某镇综治中心")
        sheet.write_row(2, 0, LEDGER)
        for line, row in enumerate(rows, 3):
            for place, name in enumerate(LEDGER):
                sheet.write_string(line, place, row[name])
        sheet.write_formula(3 + len(rows) - 1, LEDGER.index("涉及人数"), "=1+2", None, 3)
    return stream.getvalue()


def mended(bad: bytes) -> bytes:
    """The downloaded bad rows with each fault put right, and nothing else touched."""
    header, *rows = CalamineWorkbook.from_filelike(BytesIO(bad)).get_sheet_by_index(0).to_python()
    assert len(rows) == BAD
    stream = BytesIO()
    with Workbook(stream) as book:
        sheet = book.add_worksheet("未导入的行")
        sheet.write_row(0, 0, header)
        for line, row in enumerate(rows, 1):
            cells = dict(zip(header, row, strict=True))
            for column, (_written, said, put) in FAULTS.items():
                if f"{column}：{said}" in cells[header[-1]] and put:
                    cells[column] = put
            if FORMULA[1] in cells[header[-1]]:
                cells[FORMULA[0]] = FORMULA[2]
            for place, name in enumerate(header):
                sheet.write_string(line, place, cells[name])
    return stream.getvalue()
