"""Rows of a spreadsheet or CSV file, as text with the line they stand on."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

csv.field_size_limit(16 * 1024 * 1024)
# Stands where bytes could not be read: no text holds it, so that the cell is found and named.
DAMAGED = "\udcff"
# Of the bytes of a GB18030 file some six in ten are wrong in UTF-8; fewer wrong ones are damage.
MOST_DAMAGE = 0.3
ASCII = bytes(range(128))
codecs.register_error("fengqiao-damaged", lambda wrong: (DAMAGED, getattr(wrong, "end", 0)))


class Unreadable(ValueError):
    """The file as a whole can not be read; the message says why and what to do."""


@dataclass(frozen=True)
class Row:
    """``line`` is the line of the file (of the sheet) on which the row begins, from 1."""

    line: int
    cells: dict[str, Any]


def read_rows(path: Path) -> tuple[list[str], Iterator[Row]]:
    """The column names and the rows below them; blank rows are passed over. Raises ``Unreadable``."""
    if not path.is_file():
        raise Unreadable(f"没有这个文件：{path}")
    try:
        table = _sheet(path) if path.suffix.lower() in (".xlsx", ".xls") else _csv(path)
        _, header = next(table)
    except StopIteration:
        raise Unreadable("文件是空的。") from None
    except OSError as wrong:
        raise Unreadable(f"读不了这个文件：{wrong.strerror}") from wrong
    names = [str(cell).strip() for cell in header]
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise Unreadable(f"列名重复：{'、'.join(doubled)}")
    return names, _named(names, table)


def _named(names: list[str], table: Iterator[tuple[int, list[Any]]]) -> Iterator[Row]:
    for line, cells in table:
        if any(str(cell).strip() for cell in cells):
            padded = [*cells, *([""] * (len(names) - len(cells)))]
            yield Row(line=line, cells=dict(zip(names, padded, strict=False)))


def _csv(path: Path) -> Iterator[tuple[int, list[Any]]]:
    text = _decoded(path.read_bytes())
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    # Lines end where the file says so; what else Unicode calls a line end may stand inside a cell.
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as wrong:
        raise Unreadable(f"第 {line} 行起不是可读的 CSV：{wrong}") from wrong


def _decoded(raw: bytes) -> str:
    """UTF-8 (with or without BOM), UTF-16 with BOM, else GB18030: what offices here write.

    Bytes that are wrong in the encoding of the rest become ``DAMAGED``: one bad row spoils itself alone.
    """
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "fengqiao-damaged")
    text = raw.decode("utf-8-sig", "fengqiao-damaged")
    if text.count(DAMAGED) > MOST_DAMAGE * len(raw.translate(None, ASCII)):
        text = raw.decode("gb18030", "fengqiao-damaged")
    return text


def _sheet(path: Path) -> Iterator[tuple[int, list[Any]]]:
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=True)
    except (CalamineError, OSError) as wrong:
        raise Unreadable(f"不是可读的工作簿：{wrong}") from wrong
    start = sheet.start[0] if sheet.start else 0
    for number, cells in enumerate(rows):
        yield start + number + 1, [_as_written(cell) for cell in cells]


def _as_written(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell
    return "" if cell is None else str(cell)
