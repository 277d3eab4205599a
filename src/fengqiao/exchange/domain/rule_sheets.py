"""A decision table as a workbook and back: what is downloaded and sent in unchanged changes nothing.

Two sheets, rows and examples. The first line tells the columns to people, the second names them to the
program in every language; conditions stand as their author wrote them, answers and facts by their labels.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from fengqiao.exchange.reading import DAMAGED, FORMULA_CELL, Unreadable, read_rows
from fengqiao.kernel.errors import Refusal
from fengqiao.rules import vocabulary, wording
from fengqiao.rules.deciding import MOST_EXAMPLES, MOST_ROWS, Example, Row
from fengqiao.rules.vocabulary import INPUTS

# A table of the longest kind stays far below this.
MOST_BYTES = 4 * 1024 * 1024
ROW, EXAMPLE = "row", "example"
WHEN, THEN, FACT = "when.", "then.", "fact."


def workbook_of(kind: str, rows: Sequence[Row], examples: Sequence[Example]) -> bytes:
    """The table as xlsx, in the reader's language."""
    shape = vocabulary.shape_of(kind)
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    heads = {f"{ROW}.id": _("行号")}
    heads |= {f"{WHEN}{name}": INPUTS[name].label for name in shape.inputs}
    heads |= {f"{THEN}{output.name}": output.label for output in shape.outputs}
    heads |= {f"{ROW}.reason": _("理由"), f"{ROW}.basis": _("依据")}
    lines = [
        {f"{ROW}.id": row.id, f"{ROW}.reason": row.reason, f"{ROW}.basis": row.basis}
        | {f"{WHEN}{name}": said for name, said in row.when.items()}
        | {
            f"{THEN}{output.name}": wording.answer_in_words(output, row.then[output.name])
            for output in shape.outputs
            if row.then.get(output.name)
        }
        for row in rows
    ]
    written_sheet(book, _("规则"), heads, lines)
    heads = {f"{EXAMPLE}.name": _("示例")}
    heads |= {f"{FACT}{name}": INPUTS[name].label for name in shape.inputs}
    heads |= {f"{EXAMPLE}.row": _("该由哪一行回答")}
    lines = [
        {f"{EXAMPLE}.name": each.name, f"{EXAMPLE}.row": each.row}
        | {
            f"{FACT}{name}": wording.fact_in_words(INPUTS[name], value)
            for name, value in each.facts.items()
            if name in INPUTS
        }
        for each in examples
    ]
    written_sheet(book, _("示例"), heads, lines)
    book.close()
    return stream.getvalue()


def read_workbook(kind: str, content: bytes) -> tuple[list[Row], list[Example]]:
    """The rows and examples of a workbook; raises ``Refusal`` where it is none of this table.

    What is wrong with a cell is not said here: the draft keeps what was typed, and its page names the cell.
    """
    shape = vocabulary.shape_of(kind)
    asked = [f"{WHEN}{name}" for name in shape.inputs]
    answered = [f"{THEN}{output.name}" for output in shape.outputs]
    facts = [f"{FACT}{name}" for name in shape.inputs]
    own = [f"{ROW}.id", f"{ROW}.reason", f"{ROW}.basis"]
    row_lines = read_lines(content, [*own, *asked, *answered], MOST_ROWS)
    example_lines = read_lines(content, [f"{EXAMPLE}.name", f"{EXAMPLE}.row", *facts], MOST_EXAMPLES)
    rows = [
        Row(
            id=said[f"{ROW}.id"],
            when={name: said[f"{WHEN}{name}"] for name in shape.inputs if said[f"{WHEN}{name}"]},
            then={
                output.name: wording.read_answer(output, said[f"{THEN}{output.name}"])
                for output in shape.outputs
                if said[f"{THEN}{output.name}"]
            },
            reason=said[f"{ROW}.reason"],
            basis=said[f"{ROW}.basis"],
        )
        for said in row_lines
    ]
    examples = [
        Example(
            name=said[f"{EXAMPLE}.name"],
            facts={
                name: wording.read_fact(INPUTS[name], said[f"{FACT}{name}"])
                for name in shape.inputs
                if said[f"{FACT}{name}"]
            },
            row=said[f"{EXAMPLE}.row"],
        )
        for said in example_lines
    ]
    return rows, examples


def written_sheet(book: Any, name: str, heads: Mapping[str, Any], lines: Sequence[Mapping[str, str]]) -> None:
    """A sheet with its two lines of column names: ``heads`` is the program's name → the people's."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bg_color": "#e9efe9", "border": 1})
    grey = book.add_format({"font_color": "#8a949b", "font_size": 8})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet.freeze_panes(2, 1)
    sheet.set_column(0, len(heads) - 1, 20, text)
    for place, (key, label) in enumerate(heads.items()):
        sheet.write_string(0, place, str(label), bold)
        sheet.write_string(1, place, key, grey)
        for line, said in enumerate(lines, 2):
            # As text: nothing that an author writes is a formula.
            sheet.write_string(line, place, str(said.get(key, "")), text)


def read_lines(content: bytes, wanted: Sequence[str], most: int) -> list[dict[str, str]]:
    """The lines of the sheet that has the wanted columns, as text; raises ``Refusal`` on the field "file"."""
    if len(content) > MOST_BYTES:
        raise Refusal("too_large", _("这个文件大得不像规则表。"), field="file")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        path.write_bytes(content)
        try:
            names, lines = read_rows(path, wanted)
            missing = [name for name in wanted if name not in names]
            if missing:
                sentence = _("这不是从这张规则表下载的表格，缺少第二行的列名：%(names)s")
                raise Refusal("not_this_table", sentence % {"names": "、".join(missing)}, field="file")
            found = []
            for line in lines:
                found.append({name: _text(line.line, name, line.cells.get(name)) for name in wanted})
                if len(found) > most:
                    raise Refusal(
                        "too_many_rows", _("一张表最多 %(most)d 行。") % {"most": most}, field="file"
                    )
        except Unreadable as wrong:
            raise Refusal("unreadable", str(wrong), field="file") from wrong
    return found


def _text(line: int, name: str, cell: Any) -> str:
    said = "" if cell is None else str(cell).strip()
    if FORMULA_CELL in said or DAMAGED in said:
        sentence = _("第 %(line)d 行“%(name)s”是公式或读不出来，请写成文字。")
        raise Refusal("not_text", sentence % {"line": line, "name": name}, field="file")
    # What a spreadsheet program makes of true and false.
    return said.lower() if said in ("True", "False", "TRUE", "FALSE") else said
