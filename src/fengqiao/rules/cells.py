"""One cell of a decision table: what may be written in it, and whether it can be asked about every matter.

A cell is a unary expression of zen-engine ("> 5", "'a', 'b'", "contains($, 'resolve')") over its own column's
fact alone. The engine's tables pass over a cell that breaks as one that does not hold; so a cell is looked at
here, before it is published and again each time it is asked.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import zen
from django.utils.translation import gettext as _

from fengqiao.rules import vocabulary
from fengqiao.rules.queries.categories import all_categories
from fengqiao.rules.vocabulary import FactKind, Input

TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^'\\]*'|\"[^\"\\]*\")|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<sign>\.\.|==|!=|<=|>=|[<>()\[\],#$+\-*/]))"
)
WORDS = frozenset({"and", "or", "not", "in", "true", "false", "null"})
FUNCTIONS = frozenset({"contains", "len", "some", "all", "none", "startsWith", "endsWith"})
LONGEST = 300


class CellError(ValueError):
    """What is wrong with a cell, in the words of its author."""


@dataclass(frozen=True)
class Cell:
    """A cell that can be asked. ``expression`` is what was written."""

    input: Input
    expression: str
    compiled: Any

    def holds(self, value: Any) -> bool:
        """Whether the fact fits. Raises ``CellError`` where the expression cannot be asked about it."""
        try:
            return bool(self.compiled.evaluate({"$": value}))
        except RuntimeError as wrong:
            raise CellError(_said(wrong)) from wrong


def cell(given: Input, expression: str) -> Cell:
    """Compiles what is written in a cell of this column. Raises ``CellError``."""
    if len(expression) > LONGEST:
        raise CellError(_("一格最多 %(most)d 个字。") % {"most": LONGEST})
    _check_words(given, expression)
    try:
        compiled = zen.compile_unary_expression(expression)
    except RuntimeError as wrong:
        raise CellError(_said(wrong)) from wrong
    made = Cell(given, expression, compiled)
    for value in samples(given):
        try:
            made.holds(value)
        except CellError as wrong:
            if value is None:
                raise CellError(_unguarded(expression)) from wrong
            raise
    return made


def samples(given: Input) -> list[Any]:
    """Facts of every form that this input takes, the unknown one among them."""
    forms: dict[FactKind, list[Any]] = {
        FactKind.CODE: list(_known(given))[:1],
        FactKind.CODES: [[], list(_known(given))],
        FactKind.CATEGORY: ["0703"],
        FactKind.NUMBER: [0, 1, 1_000_000],
        FactKind.YES_NO: [True, False],
    }
    found = forms[given.kind]
    return [*found, None] if given.may_lack else found


def _known(given: Input) -> dict[str, Any]:
    return vocabulary.codes(given.words) if given.words else {}


def _check_words(given: Input, expression: str) -> None:
    place, depth, saw = 0, 0, False
    joined: set[str] = set()
    text = expression.rstrip()
    while place < len(text):
        token = TOKEN.match(text, place)
        if token is None:
            raise CellError(_("看不懂“%(rest)s”。") % {"rest": text[place : place + 12].strip()})
        place, saw = token.end(), True
        if (word := token["word"]) and word not in WORDS | FUNCTIONS:
            raise CellError(
                _("不认识“%(word)s”：一格只能问本列的内容，写作 $；代码要加引号。") % {"word": word}
            )
        if token["text"]:
            _check_code(given, token["text"][1:-1])
        if word in ("and", "or") or (token["sign"] == "," and not depth):
            joined.add(word or ",")
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token["sign"] or "", 0)
        if depth < 0:
            break
    if not saw or depth:
        raise CellError(_("括号不成对，或者没有写完。"))
    # The engine reads them from the left, whatever binds closer elsewhere, and no brackets help it.
    if len(joined) > 1:
        raise CellError(_("一格里只用 and、or、逗号（就是“或”）中的一种，混用会读错：请拆成两行。"))


def _check_code(given: Input, code: str) -> None:
    if given.kind is FactKind.CATEGORY:
        known = any(each.startswith(code) for each in all_categories()) and bool(code)
    elif given.kind in (FactKind.CODE, FactKind.CODES):
        known = code in _known(given)
    else:
        raise CellError(_("这一列填数字或 true、false，不加引号。"))
    if not known:
        raise CellError(_("“%(label)s”没有“%(code)s”这个代码。") % {"label": given.label, "code": code})


def _unguarded(expression: str) -> str:
    if " or " in expression or "," in re.sub(r"\(.*?\)|\[.*?\]", "", expression):
        return _("没有填写这一项时无法判断。请拆成几行，每行先写 $ != null and。")
    guarded = f"$ {expression}" if expression.lstrip()[:1] in "<>=!" else expression
    return _("没有填写这一项时无法判断。可写成：$ != null and %(guarded)s") % {"guarded": guarded}


def _said(wrong: RuntimeError) -> str:
    first = str(wrong).split("\n", 1)[0]
    try:
        told = json.loads(first)
        first = str(told.get("source", first))
    except (ValueError, AttributeError):
        pass
    return _("写法有误：%(said)s") % {"said": first}
