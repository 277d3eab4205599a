"""A table as an officer reads it: each row's conditions and answers in words, and what differs between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from fengqiao.rules import vocabulary, wording
from fengqiao.rules.deciding import Example, Row
from fengqiao.rules.queries.tables import Table
from fengqiao.rules.queries.versions import RowChange, row_changes
from fengqiao.rules.vocabulary import INPUTS

OWN = ("reason", "basis")
# Rows a page of a table that is read.
ROWS = 50


@dataclass(frozen=True)
class Said:
    """One thing that a row asks or answers: its column, and what it says in words and as it is written."""

    label: Any
    words: str
    written: str = ""


@dataclass(frozen=True)
class ShownRow:
    row: Row
    asks: list[Said]
    answers: list[Said]


@dataclass(frozen=True)
class Difference:
    """A row of two versions: ``what`` is added, gone or changed; ``cells`` are (column, before, after)."""

    id: str
    what: str
    tone: str
    cells: list[tuple[Any, str, str]] = field(default_factory=list)
    row: ShownRow | None = None


@dataclass(frozen=True)
class Part:
    """One page of what differs between two tables."""

    items: list[Difference]
    next_href: str = ""
    first_href: str = ""


@dataclass(frozen=True)
class RowsPage:
    """One page of a table's rows. ``place`` says where each row of the table stands: its page and its anchor."""

    rows: list[ShownRow]
    next_href: str
    first_href: str
    place: dict[str, str]


def page_of_rows(kind: str, rows: Sequence[Row], asked: Mapping[str, str]) -> RowsPage:
    """The page that an address asks for (``?rows=2``), with what else it asks kept."""
    number = _number(asked, "rows")

    def href(page: int, anchor: str) -> str:
        return _href(asked, "rows", page, anchor)

    return RowsPage(
        rows=rows_in_words(kind, rows[ROWS * (number - 1) : ROWS * number]),
        next_href=href(number + 1, "rows") if len(rows) > ROWS * number else "",
        first_href=href(1, "rows") if number > 1 else "",
        place={row.id: href(1 + n // ROWS, f"row-{row.id}") for n, row in enumerate(rows)},
    )


def page_of_differences(kind: str, other: Table | None, table: Table, asked: Mapping[str, str]) -> Part:
    """The page of the differences that an address asks for (``?changes=2``); none without another table."""
    found = row_changes(list(other.rows), list(table.rows)) if other else []
    number = _number(asked, "changes")
    return Part(
        items=[_difference(kind, each) for each in found[ROWS * (number - 1) : ROWS * number]],
        next_href=_href(asked, "changes", number + 1, "differences") if len(found) > ROWS * number else "",
        first_href=_href(asked, "changes", 1, "differences") if number > 1 else "",
    )


def _number(asked: Mapping[str, str], name: str) -> int:
    said = asked.get(name, "")
    return max(1, int(said)) if said.isdecimal() and len(said) < 4 else 1


def _href(asked: Mapping[str, str], name: str, page: int, anchor: str) -> str:
    rest = {key: value for key, value in asked.items() if key != name}
    return f"?{urlencode(rest | ({name: str(page)} if page > 1 else {}))}#{anchor}"


def rows_in_words(kind: str, rows: Sequence[Row]) -> list[ShownRow]:
    """The rows as they are read, first row first."""
    return [_row(kind, row) for row in rows]


def examples_in_words(kind: str, examples: Sequence[Example]) -> list[tuple[Example, list[Said]]]:
    """The examples, each with the facts that are known in it."""
    return [
        (
            each,
            [
                Said(INPUTS[name].label, wording.fact_in_words(INPUTS[name], each.facts[name]))
                for name in vocabulary.shape_of(kind).inputs
                if each.facts.get(name) not in (None, [])
            ],
        )
        for each in examples
    ]


def _row(kind: str, row: Row) -> ShownRow:
    asks: list[Said] = []
    for name in [*vocabulary.shape_of(kind).inputs, *row.when]:
        if name in row.when and all(name != each.written for each in asks):
            label = INPUTS[name].label if name in INPUTS else name
            words = wording.in_words(INPUTS[name], row.when[name]) if name in INPUTS else row.when[name]
            asks.append(Said(label, words, name))
    answers = [
        Said(output.label, wording.answer_in_words(output, row.then[output.name]), output.name)
        for output in vocabulary.shape_of(kind).outputs
        if row.then.get(output.name)
    ]
    return ShownRow(row, asks, answers)


def _difference(kind: str, change: RowChange) -> Difference:
    if change.before is None and change.after is not None:
        return Difference(change.id, _("新增"), "green", row=_row(kind, change.after))
    if change.after is None and change.before is not None:
        return Difference(change.id, _("去掉"), "red", row=_row(kind, change.before))
    cells = [
        (label, _cell(change.before, name), _cell(change.after, name))
        for name, label in _labels(kind).items()
        if name in change.changed
    ]
    moved = _("移了位置") if change.moved else ""
    what = _("、").join(each for each in (_("改动") if cells else "", moved) if each)
    return Difference(change.id, what, "amber", cells)


def _labels(kind: str) -> dict[str, Any]:
    shape = vocabulary.shape_of(kind)
    labels = {name: given.label for name, given in INPUTS.items()}
    labels |= {output.name: output.label for output in shape.outputs}
    return labels | {"reason": _("理由"), "basis": _("依据")}


def _cell(row: Row | None, name: str) -> str:
    if row is None:
        return ""
    return str(getattr(row, name)) if name in OWN else row.when.get(name) or row.then.get(name) or ""
