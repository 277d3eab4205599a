"""Rows of a spreadsheet or CSV file, as text with the line they stand on."""

from __future__ import annotations

import codecs
import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from fengqiao.exchange.formulas import formula_cells
from fengqiao.exchange.unpacking import is_web_page, unpacks_small

csv.field_size_limit(16 * 1024 * 1024)
# Stands where bytes could not be read: no text holds it, so that the cell is found and named.
DAMAGED = "\udcff"
# Stands before what a formula had as its last result.
FORMULA_CELL = "\udcfe"
# Of the bytes of a GB18030 file some six in ten are wrong in UTF-8; fewer wrong ones are damage.
MOST_DAMAGE = 0.3
ASCII = bytes(range(128))
# A title and a line about who filled it in may stand above the column names, hardly more.
HEADER_WITHIN = 20
MOST_ROWS = 300_000
Lines = Iterator[tuple[int, list[Any]]]
codecs.register_error("fengqiao-damaged", lambda wrong: (DAMAGED, getattr(wrong, "end", 0)))


class Unreadable(ValueError):
    """The file as a whole can not be read; the message says why and what to do."""


@dataclass(frozen=True)
class Row:
    """``line`` is the line of the file (of the sheet) on which the row begins, from 1."""

    line: int
    cells: dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """The lines of one table; ``first_column`` is the column of the sheet (from 0) that they begin with."""

    rows: list[tuple[int, list[Any]]]
    first_column: int = 0


def read_rows(path: Path, wanted: Sequence[str] = ()) -> tuple[list[str], Iterator[Row]]:
    """The column names and the rows below them; blank rows are passed over. Raises ``Unreadable``.

    ``wanted``: the columns that the reader will use. The line that holds most of them is the header, on the
    first lines of the file; without them it is the first line.
    """
    names, rows, _place = read_as(path, [wanted])
    return names, rows


def read_as(path: Path, kinds: Sequence[Sequence[str]]) -> tuple[list[str], Iterator[Row], int]:
    """The same where the file may be one of several kinds: the place of the kind that fits it best.

    ``kinds``: the columns that each would use. A kind whose columns are all there goes before others, and of
    several the one that uses more of the file.
    """
    if not path.is_file():
        raise Unreadable(_("没有这个文件：%(path)s") % {"path": path})
    try:
        if is_web_page(path):
            raise Unreadable(
                _("这个文件其实是网页（HTML），不是工作簿：请用 WPS 或 Excel 打开，另存为 xlsx 后再导入。")
            )
        is_book = path.suffix.lower() in (".xlsx", ".xls")
        sheets = _sheets(path) if is_book else {"": Sheet(_csv(path))}
        place, wanted = _kind(sheets, kinds)
        table = _chosen(path, sheets, wanted) if is_book else iter(sheets[""].rows)
        header, table = _header(table, wanted)
    except OSError as wrong:
        raise Unreadable(_("读不了这个文件：%(said)s") % {"said": wrong.strerror}) from wrong
    names = [str(cell).strip() for cell in header]
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise Unreadable(_("列名重复：%(names)s") % {"names": "、".join(doubled)})
    return names, _named(names, table), place


def _kind(sheets: dict[str, Sheet], kinds: Sequence[Sequence[str]]) -> tuple[int, Sequence[str]]:
    """The kind that fits best, by the lines at the beginning of every sheet."""
    first = [row for sheet in sheets.values() for _line, row in sheet.rows[:HEADER_WITHIN]]

    def fits(place: int) -> tuple[bool, int]:
        hits = max((_hits(row, kinds[place]) for row in first), default=0)
        return hits == len(set(kinds[place])), hits

    # Of equals the first: max() keeps it.
    place = max(range(len(kinds)), key=fits)
    return place, kinds[place]


def _header(table: Lines, wanted: Sequence[str]) -> tuple[list[Any], Lines]:
    """The line of column names, and the lines below it."""
    first = list(islice(table, HEADER_WITHIN if wanted else 1))
    if not first:
        raise Unreadable(_("文件是空的。"))
    place = max(range(len(first)), key=lambda number: (_hits(first[number][1], wanted), -number))
    return first[place][1], _chained(first[place + 1 :], table)


def _hits(cells: Sequence[Any], wanted: Sequence[str]) -> int:
    return len({str(cell).strip() for cell in cells} & set(wanted))


def _chained(first: list[tuple[int, list[Any]]], rest: Lines) -> Lines:
    yield from first
    yield from rest


def _named(names: list[str], table: Lines) -> Iterator[Row]:
    for line, cells in table:
        if any(str(cell).strip() for cell in cells):
            padded = [*cells, *([""] * (len(names) - len(cells)))]
            yield Row(line=line, cells=dict(zip(names, padded, strict=False)))


def _csv(path: Path) -> list[tuple[int, list[Any]]]:
    text = _decoded(path.read_bytes())
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    _refuse_too_many(_count(text, delimiter))
    return list(_lines(text, delimiter))


def _lines(text: str, delimiter: str) -> Lines:
    # Lines end where the file says so; what else Unicode calls a line end may stand inside a cell.
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as wrong:
        raise Unreadable(
            _("第 %(line)d 行起不是可读的 CSV：%(said)s") % {"line": line, "said": wrong}
        ) from wrong


def _count(text: str, delimiter: str) -> int:
    """How many rows, not lines: a cell may hold several lines. Only a file that could be too long is read."""
    if text.count("\n") + text.count("\r") <= MOST_ROWS:
        return 0
    try:
        return sum(1 for _ in csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return 0  # the reading itself names the line that is wrong


def _refuse_too_many(rows: int) -> None:
    """Before the first row is registered, not in the middle. ``rows`` counts the lines above the header too."""
    if rows > MOST_ROWS + HEADER_WITHIN:
        sentence = _("文件有 %(rows)d 行，一次最多导入 %(most)d 行：请分成几个文件。")
        raise Unreadable(sentence % {"rows": rows, "most": MOST_ROWS})


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


def _sheets(path: Path) -> dict[str, Sheet]:
    try:
        if zipfile.is_zipfile(path) and not unpacks_small(path):
            raise Unreadable(_("这个工作簿解开后大得不像台账，没有打开：请检查文件，或分成几个文件。"))
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: _sheet(book, name) for name in book.sheet_names}
    except (CalamineError, zipfile.BadZipFile, OSError) as wrong:
        raise Unreadable(_("不是可读的工作簿：%(said)s") % {"said": wrong}) from wrong
    if not sheets:
        raise Unreadable(_("文件是空的。"))
    return sheets


def _chosen(path: Path, sheets: dict[str, Sheet], wanted: Sequence[str]) -> Lines:
    """The sheet that holds the wanted columns; where two do, nobody but the user can say which is meant."""
    hits = {
        name: max((_hits(row, wanted) for _line, row in sheet.rows[:HEADER_WITHIN]), default=0)
        for name, sheet in sheets.items()
    }
    whole = [name for name, count in hits.items() if wanted and count == len(set(wanted))]
    if len(whole) > 1:
        sentence = _("有几张工作表都是台账：%(names)s。请把要导入的一张单独存为文件。")
        raise Unreadable(sentence % {"names": "、".join(whole)})
    name = max(hits, key=lambda name: hits[name])
    _refuse_too_many(len(sheets[name].rows))
    try:
        formulas = {(line, column - sheets[name].first_column) for line, column in formula_cells(path, name)}
    except (zipfile.BadZipFile, OSError) as wrong:
        raise Unreadable(_("不是可读的工作簿：%(said)s") % {"said": wrong}) from wrong
    return _with_formulas(sheets[name].rows, formulas)


def _with_formulas(rows: list[tuple[int, list[Any]]], formulas: set[tuple[int, int]]) -> Lines:
    of_line: dict[int, list[int]] = {}
    for line, column in formulas:
        of_line.setdefault(line, []).append(column)
    for line, cells in rows:
        for column in of_line.get(line, ()):
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = f"{FORMULA_CELL}{cells[column]}"
        yield line, cells


def _sheet(book: CalamineWorkbook, name: str) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    line, column = sheet.start or (0, 0)
    rows = sheet.to_python(skip_empty_area=True)
    return Sheet(
        [(line + number, [_as_written(cell) for cell in cells]) for number, cells in enumerate(rows, 1)],
        column,
    )


def _as_written(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell
    return "" if cell is None else str(cell)
