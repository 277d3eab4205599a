"""Which cells of a workbook are formulas: a reader gets only the result that was last computed, or nothing."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
FORMULA = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f[\s/>]')
AT_ONCE = 1024 * 1024
# A cell's opening and the formula's tag behind it are shorter than this.
LONGEST_TAG = 4096


def formula_cells(path: Path, sheet: str) -> set[tuple[int, int]]:
    """(line from 1, column from 0) of each formula on a sheet of an xlsx; empty for any other file."""
    if not zipfile.is_zipfile(path):
        return set()
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part is None:
            return set()
        return {
            (int(found[2]), _number(found[1].decode()))
            for piece in _pieces(archive, part)
            for found in FORMULA.finditer(piece)
        }


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Where the sheet lies in the archive."""
    names = set(archive.namelist())
    if not {BOOK, RELATIONS} <= names:
        return None
    targets = {_said(r, rb"Id"): _said(r, rb"Target") for r in RELATION.findall(archive.read(RELATIONS))}
    for each in SHEET.findall(archive.read(BOOK)):
        if _said(each, rb"name") == sheet:
            target = targets.get(_said(each, rb"r:id"), "")
            part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            return part if part in names else None
    return None


def _said(tag: bytes, attribute: bytes) -> str:
    found = re.search(rb"\s" + attribute + rb'="([^"]*)"', tag)
    return html.unescape(found[1].decode("utf-8", "replace")) if found else ""


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part piece by piece, each with the end of the one before: a tag may be cut in two."""
    with archive.open(part) as stream:
        tail = b""
        while piece := stream.read(AT_ONCE):
            yield tail + piece
            tail = (tail + piece)[-LONGEST_TAG:]


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
