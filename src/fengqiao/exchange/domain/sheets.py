"""Writing a table row by row, with its cover: the memory it takes does not grow with the rows."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import xlsxwriter

from fengqiao.exchange.columns import guarded

Cover = Sequence[tuple[str, str]]


class Sheet(Protocol):
    def add(self, row: Sequence[str]) -> None:
        """Adds one row below the last."""

    def close(self, cover: Cover) -> list[Path]:
        """Writes the cover and returns the finished files, the table first."""


class Workbook:
    """xlsx: the rows are the first sheet, so that the file can be read in again; the cover is the second."""

    def __init__(self, folder: Path, columns: Sequence[str]) -> None:
        self._path = folder / "rows.xlsx"
        self._book = xlsxwriter.Workbook(
            str(self._path), {"constant_memory": True, "tmpdir": str(folder), "in_memory": False}
        )
        self._rows = self._book.add_worksheet("台账")
        self._rows.freeze_panes(1, 0)
        self._rows.set_column(0, 0, 24)
        self._rows.set_column(1, 1, 48)
        self._rows.set_column(2, len(columns) - 1, 18)
        self._next = 0
        self._bold = self._book.add_format({"bold": True})
        self._write(columns, self._bold)

    def add(self, row: Sequence[str]) -> None:
        self._write(row, None)

    def close(self, cover: Cover) -> list[Path]:
        sheet = self._book.add_worksheet("说明")
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 80)
        for line, (name, value) in enumerate(cover):
            sheet.write_string(line, 0, name, self._bold)
            sheet.write_string(line, 1, value)
        self._book.close()
        return [self._path]

    def _write(self, row: Sequence[str], style: object) -> None:
        # Always a string: what stands in a cell is never a formula, a link or a number.
        for column, text in enumerate(row):
            self._rows.write_string(self._next, column, text, style)
        self._next += 1


class Csv:
    """csv (UTF-8 with BOM) and its cover as a text file beside it: a line above the names would spoil both."""

    def __init__(self, folder: Path, columns: Sequence[str]) -> None:
        self._folder = folder
        self._handle = (folder / "rows.csv").open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._handle)
        self._writer.writerow(columns)

    def add(self, row: Sequence[str]) -> None:
        self._writer.writerow([guarded(text) for text in row])

    def close(self, cover: Cover) -> list[Path]:
        self._handle.close()
        path = self._folder / "cover.txt"
        path.write_text("".join(f"{name}：{value}\r\n" for name, value in cover), encoding="utf-8-sig")
        return [self._folder / "rows.csv", path]
