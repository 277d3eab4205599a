"""A county's own limits as a workbook and back: what is downloaded and sent in unchanged changes nothing.

One sheet with every limit that a county may set, also those that it has not set, whose length is empty. What the
law says of each stands beside it, to be read only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from fengqiao.exchange.domain.rule_sheets import read_lines, written_sheet
from fengqiao.kernel.errors import Refusal
from fengqiao.rules import wording
from fengqiao.rules.deciding import MOST_ROWS, Row
from fengqiao.rules.queries.county_limits import items, proposed_rows

WRITTEN = ("n", "unit", "reason", "basis")
ID = "limit.id"


def limits_workbook(rows: Sequence[Row], told: Mapping[str, Mapping[str, str]]) -> bytes:
    """The table as xlsx, in the reader's language. ``told``: of each limit its ``name`` and the ``law``'s length."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    heads = {
        ID: _("编号"),
        "told.name": pgettext("时限表", "事项"),
        "limit.n": _("多长"),
        "limit.unit": pgettext("时限", "单位"),
        "limit.reason": _("理由"),
        "limit.basis": _("依据"),
        "told.law": _("法定上限"),
    }
    lines = [
        {ID: name, "limit.unit": wording.units().get(said["unit"], said["unit"])}
        | {f"limit.{column}": said[column] for column in ("n", "reason", "basis")}
        | {f"told.{column}": text for column, text in told[name].items()}
        for name, said in as_typed(rows).items()
    ]
    written_sheet(book, _("时限"), heads, lines)
    book.close()
    return stream.getvalue()


def read_limits_workbook(content: bytes) -> dict[str, dict[str, str]]:
    """What a workbook says of each limit, as it is typed; raises ``Refusal`` where it is none of these limits.

    A limit without a line is one that the county does not set. What is wrong with a cell is not said here: the
    draft's page names the cell.
    """
    said = as_typed(())
    seen: set[str] = set()
    for line in read_lines(content, [ID, *(f"limit.{column}" for column in WRITTEN)], MOST_ROWS):
        name = line[ID]
        if name not in items() or name in seen:
            sentence = _("编号“%(name)s”：没有这一项时限，或者写了两次。")
            raise Refusal("not_a_limit", sentence % {"name": name}, field="file")
        seen.add(name)
        said[name] = {column: line[f"limit.{column}"] for column in WRITTEN}
        said[name]["unit"] = wording.read_unit(said[name]["unit"])
    return said


def as_typed(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """The rows as text; a limit that they leave out stands there without a length, with the proposal's words."""
    known, proposed = {row.id: row for row in rows}, {row.id: row for row in proposed_rows()}
    return {
        name: {
            "n": known[name].then.get("n", "") if name in known else "",
            "unit": (known.get(name) or proposed[name]).then.get("unit", ""),
            "reason": (known.get(name) or proposed[name]).reason,
            "basis": (known.get(name) or proposed[name]).basis,
        }
        for name in items()
    }
