"""A draft as it is typed in the browser: rows and examples cell by cell, with what is wrong beside each cell.

Rows are moved, added and taken off by buttons of the form, so that it needs no script; nothing is saved by
them, and nothing that was typed is lost. A long table is typed a page at a time: the form holds one window of the
draft, says which of its lines the window stands for, and turning the page saves it. A row that is moved over the
edge takes the one behind the edge into the window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from fengqiao.rules import vocabulary, wording
from fengqiao.rules.deciding import MOST_EXAMPLES, MOST_ROWS, Example, Problem, Row
from fengqiao.rules.enums import TableKind
from fengqiao.rules.vocabulary import INPUTS, FactKind, Output

ROWS, EXAMPLES = "rows", "examples"
MOST = {ROWS: MOST_ROWS, EXAMPLES: MOST_EXAMPLES}
# Lines of a part on one page: a browser draws some hundreds of fields at once, and not thousands.
WINDOW = 50
Lines = list[dict[str, str]]


@dataclass(frozen=True)
class Column:
    """A column of the editor. ``group``: "when" asks, "then" answers, "" is the row's own."""

    name: str
    label: Any
    group: str = ""
    words: str = ""
    choices: Sequence[tuple[str, Any]] = ()
    required: bool = False
    wide: bool = False


@dataclass
class Cell:
    column: Column
    name: str
    value: str
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """A page of a part: its first and last line as they are counted, and how many cells on it are wrong."""

    number: int
    first: int
    last: int
    is_open: bool
    wrong: int


@dataclass
class Line:
    """A row or an example as it is typed."""

    place: int
    cells: list[Cell]
    errors: list[str] = field(default_factory=list)


def row_columns(kind: str) -> list[Column]:
    """The columns of the table's rows, in their order."""
    shape = vocabulary.shape_of(kind)
    return [
        Column("id", _("行号"), required=True),
        *(Column(name, INPUTS[name].label, "when", words=INPUTS[name].words) for name in shape.inputs),
        *(_answer_column(output) for output in shape.outputs),
        Column("reason", _("理由"), required=True, wide=True),
        Column("basis", _("依据"), required=True, wide=True),
    ]


def example_columns(kind: str) -> list[Column]:
    """The columns of its examples."""
    inputs = [INPUTS[name] for name in vocabulary.shape_of(kind).inputs]
    return [
        Column("name", _("示例"), required=True, wide=True),
        *(Column(each.name, each.label, "when", words=each.words, choices=_facts(each)) for each in inputs),
        Column("row", _("该由哪一行回答"), required=True),
    ]


def _answer_column(output: Output) -> Column:
    offered: Sequence[tuple[str, Any]] = ()
    if output.words and not output.several:
        offered = [("", "——"), *vocabulary.codes(output.words).items()]
    return Column(output.name, output.label, "then", output.words, offered, required=output.required)


def _facts(given: vocabulary.Input) -> Sequence[tuple[str, Any]]:
    if given.kind is FactKind.CODE:
        return [("", "——"), *vocabulary.codes(given.words).items()]
    if given.kind is FactKind.YES_NO:
        return [("", "——"), ("true", _("是")), ("false", _("否"))]
    return ()


class TypedTable:
    """Rows and examples as text: a window of the draft as it is kept, or as it was sent.

    ``before`` and ``after`` are the lines of the draft beside the window, ``span`` how many the window stands for.
    """

    def __init__(
        self,
        kind: TableKind,
        kept: Mapping[str, Lines],
        windows: Mapping[str, tuple[int, int]],
        note: str = "",
    ) -> None:
        self.kind, self.note = kind, note
        self.before: dict[str, Lines] = {}
        self.values: dict[str, Lines] = {}
        self.after: dict[str, Lines] = {}
        self.span: dict[str, int] = {}
        self.problems: list[Problem] = []
        for part in (ROWS, EXAMPLES):
            begin, end = windows[part]
            self.before[part] = kept[part][:begin]
            self.values[part] = kept[part][begin:end]
            self.after[part] = kept[part][end:]
            self.span[part] = len(self.values[part])

    @classmethod
    def of(
        cls,
        kind: TableKind,
        rows: Sequence[Row],
        examples: Sequence[Example],
        note: str,
        pages: Mapping[str, int] | None = None,
    ) -> TypedTable:
        """A version as its author types it; ``pages`` says which page of each part, the first where it does not."""
        kept = _kept(kind, rows, examples)
        windows = {}
        for part, lines in kept.items():
            last = max(1, -(-len(lines) // WINDOW))
            page = min(max(1, (pages or {}).get(part, 1)), last)
            windows[part] = (WINDOW * (page - 1), WINDOW * page)
        return cls(kind, kept, windows, note)

    @classmethod
    def sent(
        cls, kind: TableKind, rows: Sequence[Row], examples: Sequence[Example], data: Mapping[str, Any]
    ) -> TypedTable:
        """What the form sent, between the lines of the draft that it does not hold."""
        kept = _kept(kind, rows, examples)
        windows = {}
        for part, lines in kept.items():
            begin = min(_number(data, f"{part}-from", 0), len(lines))
            windows[part] = (begin, begin + _number(data, f"{part}-span", len(lines)))
        made = cls(kind, kept, windows, str(data.get("note", "")).strip())
        for part in (ROWS, EXAMPLES):
            count = min(_number(data, f"{part}-count", 0), MOST[part])
            made.values[part] = [
                {
                    column.name: str(data.get(f"{part}-{place}-{column.name}", "")).strip()
                    for column in made._columns(part)
                }
                for place in range(count)
            ]
        return made

    def apply(self, op: str) -> None:
        """Carries out a button: ``up``, ``down``, ``drop`` or ``add`` with part and place (``up-rows-3``)."""
        act, _dash, rest = op.partition("-")
        part, _dash, said = rest.partition("-")
        lines = self.values.get(part)
        if lines is None or not said.isdecimal() or len(said) > 4:
            return
        place = int(said)
        if act == "add" and place <= len(lines) and len(self._whole(part)) < MOST[part]:
            lines.insert(place, {column.name: "" for column in self._columns(part)})
        elif act == "drop" and place < len(lines):
            del lines[place]
        elif act in ("up", "down") and place < len(lines):
            self._move(part, place, -1 if act == "up" else 1)

    def _move(self, part: str, place: int, by: int) -> None:
        lines = self.values[part]
        if place + by < 0 and self.before[part]:
            lines.insert(0, self.before[part].pop())
            self.span[part] += 1
            place += 1
        elif place + by == len(lines) and self.after[part]:
            lines.append(self.after[part].pop(0))
            self.span[part] += 1
        if 0 <= place + by < len(lines):
            lines[place], lines[place + by] = lines[place + by], lines[place]

    def page(self, part: str) -> int:
        """The page that the window is of: where its middle lies, for it may have grown over its edges."""
        return 1 + (len(self.before[part]) + self.span[part] // 2) // WINDOW

    def pages(self, part: str) -> list[Page]:
        """The pages of the part as it is kept, with what is wrong on each; none where one is enough."""
        before, span, after = len(self.before[part]), self.span[part], len(self.after[part])
        of_line = [
            *(1 + place // WINDOW for place in range(before)),
            *(self.page(part) for _line in self.values[part]),
            *(1 + place // WINDOW for place in range(before + span, before + span + after)),
        ]
        written = [page for page, said in zip(of_line, self._whole(part), strict=True) if any(said.values())]
        wrong: dict[int, int] = {}
        for each in self.problems:
            name, _dot, rest = each.key.partition(".")
            if name == part:
                page = written[int(rest.partition(".")[0])]
                wrong[page] = wrong.get(page, 0) + 1
        kept = before + span + after
        found = [
            Page(
                number, first + 1, min(first + WINDOW, kept), number == self.page(part), wrong.get(number, 0)
            )
            for number, first in enumerate(range(0, kept, WINDOW), 1)
        ]
        return found if len(found) > 1 else []

    def to_rows(self) -> list[Row]:
        """The rows that are meant; a line without anything in it is left out."""
        shape = vocabulary.shape_of(self.kind)
        return [
            Row(
                id=said["id"],
                when={name: said[name] for name in shape.inputs if said[name]},
                then={
                    output.name: wording.read_answer(output, said[output.name])
                    for output in shape.outputs
                    if said[output.name]
                },
                reason=said["reason"],
                basis=said["basis"],
            )
            for said in self._written(ROWS)
        ]

    def to_examples(self) -> list[Example]:
        """The examples that are meant; a fact that is left empty is unknown."""
        return [
            Example(
                name=said["name"],
                facts={
                    name: wording.read_fact(INPUTS[name], said[name])
                    for name in vocabulary.shape_of(self.kind).inputs
                    if said[name]
                },
                row=said["row"],
            )
            for said in self._written(EXAMPLES)
        ]

    def columns(self) -> list[Column]:
        return row_columns(self.kind)

    def example_columns(self) -> list[Column]:
        return example_columns(self.kind)

    def rows(self) -> list[Line]:
        return self._lines(ROWS)

    def examples(self) -> list[Line]:
        return self._lines(EXAMPLES)

    def whole(self) -> list[str]:
        """What is wrong with the table as a whole."""
        return [each.sentence for each in self.problems if not each.key]

    def wrong_cells(self) -> list[Problem]:
        """What is wrong, cell by cell."""
        return [each for each in self.problems if each.key]

    def _written(self, part: str) -> list[dict[str, str]]:
        return [said for said in self._whole(part) if any(said.values())]

    def _whole(self, part: str) -> Lines:
        return [*self.before[part], *self.values[part], *self.after[part]]

    def _columns(self, part: str) -> list[Column]:
        return row_columns(self.kind) if part == ROWS else example_columns(self.kind)

    def _lines(self, part: str) -> list[Line]:
        wrong: dict[str, list[Problem]] = {}
        for each in self.problems:
            if each.key:
                wrong.setdefault(each.key, []).append(each)
        found, written = [], sum(any(said.values()) for said in self.before[part])
        for place, said in enumerate(self.values[part]):
            # Problems count the lines that are written.
            key = f"{part}.{written}" if any(said.values()) else "—"
            written += any(said.values())
            cells = [
                Cell(
                    column, f"{part}-{place}-{column.name}", said[column.name],
                    [each.sentence for each in wrong.pop(f"{key}.{column.name}", [])],
                )
                for column in self._columns(part)
            ]  # fmt: skip
            # What has no column here is named with it.
            rest = [
                f"{each.column}：{each.sentence}" if each.column else each.sentence
                for other in [k for k in wrong if k.startswith(f"{key}.")]
                for each in wrong.pop(other)
            ]
            found.append(Line(place, cells, rest))
        return found


def _kept(kind: TableKind, rows: Sequence[Row], examples: Sequence[Example]) -> dict[str, Lines]:
    """The lines of a draft as text, by part."""
    shape = vocabulary.shape_of(kind)
    said_rows = [
        {"id": row.id, "reason": row.reason, "basis": row.basis}
        | {name: row.when.get(name, "") for name in shape.inputs}
        | {output.name: _answer_as_typed(output, row.then.get(output.name, "")) for output in shape.outputs}
        for row in rows
    ]
    said_examples = [
        {"name": each.name, "row": each.row}
        | {name: _fact_as_typed(name, each.facts.get(name)) for name in shape.inputs}
        for each in examples
    ]
    return {ROWS: said_rows, EXAMPLES: said_examples}


def _number(data: Mapping[str, Any], name: str, otherwise: int) -> int:
    said = str(data.get(name, ""))
    return int(said) if said.isdecimal() and len(said) < 5 else otherwise


def _answer_as_typed(output: Output, said: str) -> str:
    return wording.answer_in_words(output, said) if output.several else said


def _fact_as_typed(name: str, value: Any) -> str:
    given = INPUTS[name]
    if isinstance(value, bool):
        return "true" if value else "false"
    if given.kind is FactKind.CODE:
        return "" if value is None else str(value)
    return wording.fact_in_words(given, value)
