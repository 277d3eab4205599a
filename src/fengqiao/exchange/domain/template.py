"""The template that the program offers: a workbook made from its mapping, so that the two never differ.

Its columns and the words of its lists are what the mapping reads, whoever fills it in. What is told beside them
is in the reader's language; to a reader of English each column and each word of a list is told in English too.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from fengqiao.exchange.mapping import Mapping, load
from fengqiao.exchange.values import CODES, in_english, words_of
from fengqiao.kernel import clock
from fengqiao.rules.queries.categories import in_force

NAME = "template"
ROWS = 5_000
WIDE = ("标题", "经过", "办理结果")


def template_workbook() -> bytes:
    """The template as xlsx: the table with notes and lists, how to fill it in, and the values of the lists."""
    mapping = load(NAME)
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    table, told, lists = (book.add_worksheet(name) for name in ("事项", _("填写说明"), _("可选值")))
    head = book.add_format({"bold": True, "bg_color": "#e9efe9", "border": 1})
    must = book.add_format({"bold": True, "bg_color": "#e9efe9", "border": 1, "font_color": "#b02a1e"})
    text = book.add_format({"num_format": "@"})
    needed = {rule.column for rule in mapping.fields if rule.required}
    table.freeze_panes(1, 0)
    for place, column in enumerate(mapping.columns):
        # As text: a phone or a number of one's own keeps its zeros, a date stays as it was typed.
        table.set_column(place, place, 30 if column in WIDE else 16, text)
        table.write_string(0, place, column, must if column in needed else head)
        meaning, note = _told_of(mapping, column)
        if note:
            table.write_comment(0, place, f"{meaning}: {note}" if meaning else note)
    _tell(told, mapping, needed)
    width = 2 if in_english() else 1
    for place, (column, words) in enumerate(_lists().items()):
        at = place * width
        lists.set_column(at, at + width - 1, 28)
        lists.write_column(0, at, [column, *words])
        if in_english():
            lists.write_column(0, at + 1, [_told_of(mapping, column)[0], *words.values()])
        letter = chr(ord("A") + at)
        where = mapping.columns.index(column)
        offered: dict[str, Any] = {
            "validate": "list",
            "source": f"='{lists.get_name()}'!${letter}$2:${letter}${len(words) + 1}",
            "error_title": column,
            "error_message": _("请从列表中选择。"),
        }
        table.data_validation(1, where, ROWS, where, offered)
    book.close()
    return stream.getvalue()


def _rules() -> list[str]:
    return [
        _("一行一件事；列名不要改动，也不要合并单元格。"),
        _("带 * 的列（红色列名）必须填写；鼠标停在列名上可以看到怎么写。"),
        _("有列表的格子请从列表中选择。"),
        _("有自己编号的写在“来源编号”，同一编号只登记一次；没有的按标题、经过、收到时间和反映人辨认。"),
        _("已经办结的写“办理结果”和“办结时间”，作为历史办结登记。"),
    ]


def _tell(sheet: Any, mapping: Mapping, needed: set[str]) -> None:
    """How to fill the table in: the rules, then each column with its note."""
    rules = _rules()
    for line, sentence in enumerate(rules):
        sheet.write_string(line, 0, sentence)
    for line, column in enumerate(mapping.columns, len(rules) + 1):
        meaning, note = _told_of(mapping, column)
        said = [column, *([meaning] if in_english() else []), _("必填") if column in needed else "", note]
        for place, cell in enumerate(said):
            sheet.write_string(line, place, cell)
    sheet.set_column(0, 0, 18)
    if in_english():
        sheet.set_column(1, 1, 24)
    sheet.set_column(3 if in_english() else 2, 3 if in_english() else 2, 70)


def _told_of(mapping: Mapping, column: str) -> tuple[str, str]:
    """What a column is in the reader's language, where its heading does not say it, and how to fill it in."""
    if column == mapping.number:
        return (_("来源编号") if in_english() else ""), ""
    rule = next(rule for rule in mapping.fields if rule.column == column)
    return (rule.column_en if in_english() else ""), rule.told


def _lists() -> dict[str, dict[str, str]]:
    """Column → the words that it offers, as the mapping reads them, each with what it is called to the reader."""
    found: dict[str, dict[str, str]] = {}
    for rule in load(NAME).fields:
        if rule.to == "category":
            leaves = [each for each in in_force(clock.today()) if each.is_leaf]
            found[rule.column] = {f"{each.code} {each.name_zh}": each.name for each in leaves}
        elif rule.kind == "yes_no":
            found[rule.column] = {"是": _("是"), "否": _("否")}
        elif rule.to in CODES:
            codes = CODES[rule.to]
            found[rule.column] = {word: str(codes(code).label) for word, code in words_of(rule.to).items()}
    return found
