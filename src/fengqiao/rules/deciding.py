"""A decision table that can be asked: rows as data, made into the engine's decision, its first fitting row."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import zen
from django.utils.translation import gettext as _

from fengqiao.places.enums import INDEPENDENT, DepartmentKind
from fengqiao.rules import vocabulary
from fengqiao.rules.cells import Cell, CellError, cell
from fengqiao.rules.vocabulary import INPUTS, Input

ROW_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
MOST_ROWS = 300
MOST_EXAMPLES = 100
LONGEST_TEXT = 300
# The nodes that are ever made. The engine's function and expression nodes run what is written in them.
NODES = ("inputNode", "decisionTableNode", "outputNode")


@dataclass(frozen=True)
class Row:
    """A row: the cells it asks (input → expression, blank ones left out), what it answers, why, and on what."""

    id: str
    when: dict[str, str] = field(default_factory=dict)
    then: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Example:
    """Facts with the row that must answer them; facts that are left out are unknown."""

    name: str
    facts: dict[str, Any]
    row: str


@dataclass(frozen=True)
class Problem:
    """What keeps a table from being published: the row's or example's id, the column, and the sentence.

    ``key`` is the place of the cell: ``rows.3.people`` or ``examples.0.row``, counted from 0.
    """

    where: str
    column: Any
    sentence: str
    key: str = field(default="", compare=False)

    def __str__(self) -> str:
        return "：".join(str(part) for part in (self.where, self.column, self.sentence) if part)


@dataclass(frozen=True)
class Answer:
    """What a table says of a matter. With an ``error``, and without a row, a person decides unaided."""

    row: Row | None
    error: str = ""

    @property
    def needs_hand(self) -> bool:
        return self.row is None


class Broken(ValueError):
    """A table that cannot be asked; ``problems`` names each cell that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = list(problems)


class Decision:
    """A compiled table. Compile once and keep: compiling costs more than asking."""

    def __init__(self, kind: str, rows: Sequence[Row]) -> None:
        """Raises ``Broken``."""
        problems, cells = _compiled(kind, rows)
        if problems:
            raise Broken(problems)
        self.kind, self.rows = kind, {row.id: row for row in rows}
        self._cells = cells
        self._decision = zen.ZenEngine().create_decision(json.dumps(decision_model(kind, rows)))

    def ask(self, facts: Mapping[str, Any]) -> Answer:
        """The first row that fits. A cell that breaks is named, never passed over: a person decides then."""
        known = {
            name: facts.get(name, nothing(INPUTS[name])) for name in vocabulary.shape_of(self.kind).inputs
        }
        result = self._decision.evaluate(known)["result"]
        chosen = (result or {}).get("row")
        for row, cells in self._cells:
            error = _breaks(row, cells, known)
            if error:
                return Answer(None, error)
            if row.id == chosen:
                return Answer(row)
        return Answer(None, _("没有一行合用，请人工判断。"))


def decision_model(kind: str, rows: Sequence[Row]) -> dict[str, Any]:
    """The engine's model of the rows: one table between its input and its output, and nothing else."""
    inputs = vocabulary.shape_of(kind).inputs
    nowhere = {"x": 0, "y": 0}
    nodes = [
        {"id": "facts", "type": NODES[0], "name": "facts", "position": nowhere},
        {
            "id": "table",
            "type": NODES[1],
            "name": kind,
            "position": nowhere,
            "content": {
                "hitPolicy": "first",
                "inputs": [{"id": name, "name": name, "field": name} for name in inputs],
                "outputs": [{"id": "row", "name": "row", "field": "row"}],
                "rules": [
                    {
                        "_id": row.id,
                        "row": json.dumps(row.id),
                        **{name: row.when.get(name, "") for name in inputs},
                    }
                    for row in rows
                ],
            },
        },
        {"id": "answer", "type": NODES[2], "name": "answer", "position": nowhere},
    ]
    edges = [
        {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
        for source, target in (("facts", "table"), ("table", "answer"))
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def nothing(given: Input) -> Any:
    """What an input is where nothing was said of it."""
    kind = vocabulary.FactKind
    if given.kind is kind.NUMBER and not given.may_lack:
        return given.unsaid
    return None if given.may_lack else {kind.CODES: [], kind.YES_NO: False}.get(given.kind)


def problems_of(kind: str, rows: Sequence[Row], examples: Sequence[Example]) -> list[Problem]:
    """Everything that keeps a table from being published; empty when it may be."""
    found, _cells = _compiled(kind, rows)
    found += [problem for place, row in enumerate(rows) for problem in _answers(kind, row, f"rows.{place}")]
    if not examples:
        found.append(Problem("", "", _("没有示例：请至少写一个示例，说明它该由哪一行回答。")))
    if len(examples) > MOST_EXAMPLES:
        found.append(Problem("", "", _("示例最多 %(most)d 个。") % {"most": MOST_EXAMPLES}))
    if found:
        return found
    decision = Decision(kind, rows)
    return [
        problem
        for place, each in enumerate(examples)
        for problem in _failed(decision, each, f"examples.{place}")
    ]


def row_from(said: Mapping[str, Any]) -> Row:
    """A row as ``kept`` wrote it."""
    return Row(said["id"], dict(said["when"]), dict(said["then"]), said["reason"], said["basis"])


def example_from(said: Mapping[str, Any]) -> Example:
    """An example as ``kept`` wrote it."""
    return Example(said["name"], dict(said["facts"]), said["row"])


def kept(parts: Sequence[Row | Example]) -> list[dict[str, Any]]:
    """Rows or examples as the database keeps them."""
    return [asdict(part) for part in parts]


def _compiled(kind: str, rows: Sequence[Row]) -> tuple[list[Problem], list[tuple[Row, list[Cell]]]]:
    problems: list[Problem] = []
    made: list[tuple[Row, list[Cell]]] = []
    if not rows:
        problems.append(Problem("", "", _("表是空的：请至少写一行。")))
    if len(rows) > MOST_ROWS:
        problems.append(Problem("", "", _("一张表最多 %(most)d 行。") % {"most": MOST_ROWS}))
    seen: set[str] = set()
    for place, row in enumerate(rows):
        key = f"rows.{place}"
        if not ROW_ID.fullmatch(row.id):
            sentence = _("行号用字母、数字和短横线，最多 20 个。")
            problems.append(Problem(row.id, _("行号"), sentence, f"{key}.id"))
        if row.id in seen:
            problems.append(Problem(row.id, _("行号"), _("行号重复。"), f"{key}.id"))
        seen.add(row.id)
        cells = []
        for name, expression in row.when.items():
            try:
                cells.append(cell(_column(kind, name), expression))
            except CellError as wrong:
                label = INPUTS[name].label if name in INPUTS else name
                problems.append(Problem(row.id, label, str(wrong), f"{key}.{name}"))
        made.append((row, cells))
    return problems, made


def _column(kind: str, name: str) -> Input:
    if name not in INPUTS:
        raise CellError(_("规则只问事项本身的情况，不能问“%(name)s”。") % {"name": name})
    if vocabulary.leads_round(kind, name):
        raise CellError(_("这一项要等本表自己的结果才有，会绕成圈。"))
    if name not in vocabulary.shape_of(kind).inputs:
        raise CellError(_("这张表不问这一项。"))
    return INPUTS[name]


def _answers(kind: str, row: Row, key: str) -> list[Problem]:
    found = []
    for output in vocabulary.shape_of(kind).outputs:
        said, cell_key = row.then.get(output.name, ""), f"{key}.{output.name}"
        named = names_of(said) if output.several else [said] if said else []
        unknown = [each for each in named if output.words and each not in vocabulary.codes(output.words)]
        needed = output.required or (
            output.needed_for and row.then.get(vocabulary.shape_of(kind).chooses) == output.needed_for
        )
        if needed and not said:
            found.append(Problem(row.id, output.label, _("请填写。"), cell_key))
        if output.most and said and not (is_whole(said) and 1 <= int(said) <= output.most):
            sentence = _("请写 1 到 %(most)d 的整数。") % {"most": output.most}
            found.append(Problem(row.id, output.label, sentence, cell_key))
        independent = [] if output.words != "department" else [e for e in named if e in INDEPENDENT]
        for each in independent:
            sentence = _("%(body)s依法独立办案，不能交办。") % {"body": DepartmentKind(each).label}
            found.append(Problem(row.id, output.label, sentence, cell_key))
        for each in unknown:
            sentence = _("没有“%(code)s”这个代码。") % {"code": each}
            found.append(Problem(row.id, output.label, sentence, cell_key))
        if output.several and len(named) != len(set(named)):
            found.append(Problem(row.id, output.label, _("同一个部门写了两次。"), cell_key))
        found += _too_long(row.id, output.label, said, cell_key)
    if not row.reason:
        found.append(Problem(row.id, _("理由"), _("每一行都要写明理由。"), f"{key}.reason"))
    if not row.basis:
        found.append(Problem(row.id, _("依据"), _("请写明依据；没有依据的，写“建议”。"), f"{key}.basis"))
    found += _too_long(row.id, _("理由"), row.reason, f"{key}.reason")
    return found + _too_long(row.id, _("依据"), row.basis, f"{key}.basis")


def _too_long(where: str, label: Any, said: str, key: str) -> list[Problem]:
    if len(said) <= LONGEST_TEXT:
        return []
    return [Problem(where, label, _("最多 %(most)d 个字。") % {"most": LONGEST_TEXT}, key)]


def is_whole(said: str) -> bool:
    """Whether an answer is a whole number as a row writes it."""
    return said.isascii() and said.isdecimal() and len(said) < 5


def names_of(said: str) -> list[str]:
    """The several codes of a cell, the first one first: of departments the lead."""
    return [name.strip() for name in re.split("[、,，;；]", said) if name.strip()]


def _failed(decision: Decision, example: Example, key: str) -> list[Problem]:
    if not example.name.strip():
        return [Problem("", _("示例"), _("示例要有名称。"), f"{key}.name")]
    if len(example.name) > LONGEST_TEXT:
        return _too_long(example.name[:20], _("示例"), example.name, f"{key}.name")
    unknown = set(example.facts) - set(vocabulary.shape_of(decision.kind).inputs)
    if unknown:
        sentence = _("示例问了这张表没有的内容：%(names)s") % {"names": "、".join(unknown)}
        return [Problem(example.name, "", sentence, f"{key}.name")]
    for name, value in example.facts.items():
        if not _fits(INPUTS[name], value):
            sentence = _("示例的值不对：%(value)s") % {"value": value}
            return [Problem(example.name, INPUTS[name].label, sentence, f"{key}.{name}")]
    answer = decision.ask(example.facts)
    if answer.row is not None and answer.row.id == example.row:
        return []
    came = answer.row.id if answer.row else answer.error
    sentence = _("示例该由 %(row)s 行回答，实际是：%(came)s") % {"row": example.row, "came": came}
    return [Problem(example.name, "", sentence, f"{key}.row")]


def _fits(given: Input, value: Any) -> bool:
    kinds = vocabulary.FactKind
    if value is None:
        return given.may_lack
    if given.kind is kinds.CODES:
        return isinstance(value, list) and all(each in vocabulary.codes(given.words) for each in value)
    if given.kind is kinds.CODE:
        return value in vocabulary.codes(given.words)
    if given.kind is kinds.YES_NO:
        return isinstance(value, bool)
    if given.kind is kinds.NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _breaks(row: Row, cells: Sequence[Cell], known: Mapping[str, Any]) -> str:
    """The sentence on a cell of this row that could not be asked, where no other cell rules the row out."""
    error = ""
    for each in cells:
        try:
            if not each.holds(known[each.input.name]):
                return ""
        except CellError as wrong:
            error = error or str(Problem(row.id, each.input.label, str(wrong)))
    return error
