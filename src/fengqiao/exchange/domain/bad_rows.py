"""Rows that were not taken: kept encrypted, shown again, and written into a workbook to be mended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _

from fengqiao.exchange.mapping import Problem, available, load
from fengqiao.exchange.models import BadRow, ImportRun
from fengqiao.exchange.reading import DAMAGED, FORMULA_CELL, Row
from fengqiao.exchange.values import clean, in_english
from fengqiao.kernel import crypto, identity

# Behind the ledger's own columns, and never read: who sends the file again needs not take it out, in whatever
# language it was asked for.
REASON_COLUMN, REASON_COLUMN_EN = "未导入的原因", "Why it was not imported"
AT_ONCE = 500
CELL_SHOWN = 60


def keep(run: ImportRun, bad: Iterable[tuple[Row, Sequence[Problem]]]) -> None:
    """Writes the bad rows of a chunk, in the running transaction."""
    BadRow.objects.bulk_create(
        BadRow(
            county=run.county,
            person_id=run.person_id,
            run_id=run.pk,
            line=row.line,
            sealed=sealed(run, str(row.line), _plain(row, problems)),
        )
        for row, problems in bad
    )


def revealed(
    run: ImportRun, *, within: slice = slice(None)
) -> Iterator[tuple[int, dict[str, str], list[Problem]]]:
    """(line, cells by column, problems) of the run's bad rows in order, or of a part of them."""
    for bad in run.bad_rows.all()[within].iterator(chunk_size=AT_ONCE):
        plain = opened(run, str(bad.line), bytes(bad.sealed))
        yield bad.line, plain["cells"], [Problem(bad.line, *each) for each in plain["problems"]]


def shown(run: ImportRun) -> Callable[[str, str], str]:
    """How a cell (column, value) is shown beside what is wrong with it: cut, and a phone masked."""
    mapping = load(run.mapping) if run.mapping in available() else None
    private = {rule.column for rule in mapping.fields if rule.to == "petitioner.phone"} if mapping else set()

    def cell(column: str, value: str) -> str:
        if column in private:
            return identity.masked(value, head=3, tail=2)
        return value if len(value) <= CELL_SHOWN else value[: CELL_SHOWN - 1] + "…"

    return cell


def sealed(run: ImportRun, part: str, plain: Any) -> bytes:
    """Something of a file, encrypted for its place in the run."""
    return crypto.protect_bytes(
        crypto.Keyring.load(settings.KEYRING),
        county=run.county,
        row=f"{run.pk}/{part}",
        field="import",
        value=json.dumps(plain).encode(),
    )


def opened(run: ImportRun, part: str, protected: bytes) -> Any:
    """What ``sealed`` was given."""
    plain = crypto.reveal_bytes(
        crypto.Keyring.load(settings.KEYRING),
        county=run.county,
        row=f"{run.pk}/{part}",
        field="import",
        protected=protected,
    )
    return json.loads(plain)


def cells_as_text(row: Row) -> dict[str, str]:
    """The cells as a person reads them: without the marks that the reading put into them."""
    return {
        name: clean(cell).replace(FORMULA_CELL, "").replace(DAMAGED, "\ufffd")
        for name, cell in row.cells.items()
    }


def write_workbook(run: ImportRun, folder: Path) -> Path:
    """The bad rows as an xlsx with a column that says what is wrong, in the language that is set; it can be
    sent in again as it is."""
    path = folder / "bad.xlsx"
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "tmpdir": str(folder), "in_memory": False}
    )
    try:
        sheet = book.add_worksheet(sheet_name())
        bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "#b02a1e"})
        # A column of this name is there when a file of bad rows has come in again.
        names = [name for name in run.columns if name and name not in (REASON_COLUMN, REASON_COLUMN_EN)]
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(names) - 1, 18)
        sheet.set_column(len(names), len(names), 70)
        for place, name in enumerate([*names, REASON_COLUMN_EN if in_english() else REASON_COLUMN]):
            sheet.write_string(0, place, name, bold)
        for number, (line, cells, problems) in enumerate(revealed(run), 1):
            for place, name in enumerate(names):
                sheet.write_string(number, place, cells.get(name, ""))
            said = _("；").join(map(_in_words, problems))
            told = _("原第 %(line)d 行 · %(said)s") % {"line": line, "said": said}
            sheet.write_string(number, len(names), told, red)
    finally:
        book.close()
    return path


def sheet_name() -> str:
    """What the workbook of bad rows is called."""
    return _("未导入的行")


def _in_words(problem: Problem) -> str:
    said = {"column": problem.column, "reason": problem.reason, "mend": problem.mend}
    if problem.mend:
        return _("%(column)s：%(reason)s（%(mend)s）") % said
    return _("%(column)s：%(reason)s") % said


def _plain(row: Row, problems: Sequence[Problem]) -> dict[str, Any]:
    return {
        "cells": cells_as_text(row),
        "problems": [[p.column, p.reason, p.mend, p.unit] for p in problems],
    }
