"""A table as an officer reads it: each row's conditions and answers in words, and what differs between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from fengqiao.rules import vocabulary, wording
from fengqiao.rules.deciding import Example, Row
from fengqiao.rules.queries.versions import RowChange, row_changes
from fengqiao.rules.vocabulary import INPUTS

OWN = ("reason", "basis")


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


def differences(kind: str, before: Sequence[Row], after: Sequence[Row]) -> list[Difference]:
    """What is different in ``after``, row by row and cell by cell."""
    return [_difference(kind, each) for each in row_changes(list(before), list(after))]


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
