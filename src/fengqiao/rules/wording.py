"""Cells and facts as people read and write them: expressions in words, codes by their labels, and back.

A condition stays the expression that its author wrote; what is here only tells it. What cannot be told in
words is told as it is written. Facts of examples and answers are typed by labels or codes, in either language.
"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from fengqiao.rules import vocabulary
from fengqiao.rules.deciding import names_of
from fengqiao.rules.queries.categories import label as category_label
from fengqiao.rules.vocabulary import FactKind, Input, Output

QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
GUARD = re.compile(r"^\s*\$\s*!=\s*null\s+and\s+")
SIGNS = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠", "<": "<", ">": ">"}
HAS = re.compile(r"(not\s+)?contains\(\s*\$\s*,\s*('[^']*'|\"[^\"]*\")\s*\)")
BEGINS = re.compile(r"(not\s+)?startsWith\(\s*\$\s*,\s*('[^']*'|\"[^\"]*\")\s*\)")
COMPARED = re.compile(r"(?:\$\s*)?(<=|>=|==|!=|<|>)\s*('[^']*'|\"[^\"]*\"|\d+(?:\.\d+)?)")
LIST = re.compile(r"^('[^']*'|\"[^\"]*\")(\s*,\s*('[^']*'|\"[^\"]*\"))*$")
BETWEEN = re.compile(r"^\[(\d+)\.\.(\d+)\]$")
JOINED = re.compile(r"\s+(and|or)\s+")
YES = ("true", "yes", "是")
NO = ("false", "no", "否")


def in_words(given: Input, expression: str) -> str:
    """A condition as an officer reads it; an expression that has no words here stays as it is written."""
    text = GUARD.sub("", expression.strip())
    if not text:
        return ""
    if text in ("true", "false"):
        return _("是") if text == "true" else _("否")
    if LIST.match(text):
        return f" {_('或')} ".join(_named(given, one or other) for one, other in QUOTED.findall(text))
    if found := BETWEEN.match(text):
        return _("%(least)s 到 %(most)s") % {"least": found[1], "most": found[2]}
    said = []
    for part in JOINED.split(text):
        if part in ("and", "or"):
            said.append(_("且") if part == "and" else _("或"))
            continue
        worded = _part(given, part.strip())
        if worded is None:
            return expression
        said.append(worded)
    return " ".join(said)


def _part(given: Input, text: str) -> str | None:
    if found := HAS.fullmatch(text):
        said = {"what": _named(given, found[2][1:-1])}
        return _("不含%(what)s") % said if found[1] else _("含%(what)s") % said
    if found := BEGINS.fullmatch(text):
        said = {"what": _named(given, found[2][1:-1])}
        return _("不属%(what)s") % said if found[1] else _("属%(what)s") % said
    if found := COMPARED.fullmatch(text):
        value = found[2]
        return f"{SIGNS[found[1]]} {_named(given, value[1:-1]) if value[0] in chr(39) + chr(34) else value}"
    return None


def _named(given: Input, code: str) -> str:
    if given.kind is FactKind.CATEGORY:
        return category_label(code)
    return str(vocabulary.codes(given.words).get(code, code)) if given.words else code


def length_in_words(n: int, unit: str) -> str:
    """“5 个工作日”, “1 个月”."""
    said = {
        "hour": ngettext("%(n)d 小时", "%(n)d 小时", n),
        "calendar_day": ngettext("%(n)d 日", "%(n)d 日", n),
        "working_day": ngettext("%(n)d 个工作日", "%(n)d 个工作日", n),
        "month": ngettext("%(n)d 个月", "%(n)d 个月", n),
        "year": ngettext("%(n)d 年", "%(n)d 年", n),
    }[unit]
    return said % {"n": n}


def units() -> dict[str, str]:
    """The units of a county's own limits in words."""
    return {"hour": _("小时"), "calendar_day": _("日"), "working_day": pgettext("时限", "工作日")}


def read_unit(text: str) -> str:
    """What was typed as a unit: its word in either language becomes its code; what is unknown stays."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            for code, word in units().items():
                if text.lower() in (code, word.lower()):
                    return code
    return text


def fact_in_words(given: Input, value: Any) -> str:
    """A fact of an example as it is shown and typed; empty for an unknown one. ``read_fact`` reads it back."""
    if value is None:
        return ""
    if given.kind is FactKind.YES_NO and isinstance(value, bool):
        return _("是") if value else _("否")
    if given.kind is FactKind.CODES and isinstance(value, list):
        return "、".join(_named(given, str(each)) for each in value)
    if given.kind is FactKind.CODE:
        return _named(given, str(value))
    return str(value)


def read_fact(given: Input, text: str) -> Any:
    """What was typed as a fact: labels or codes, a number, yes or no.

    What cannot be read stays the text that it is, so that it is kept and named beside its cell.
    """
    text = text.strip()
    if given.kind is FactKind.CODES:
        return [_code(given.words, each) for each in names_of(text)]
    if given.kind is FactKind.CODE:
        return _code(given.words, text)
    if given.kind is FactKind.YES_NO:
        lowered = text.lower()
        return True if lowered in YES else False if lowered in NO else text
    if given.kind is FactKind.NUMBER:
        try:
            number = float(text)
        except ValueError:
            return text
        return int(number) if number.is_integer() else number
    return text


def answer_in_words(output: Output, said: str) -> str:
    """An answer of a row by its labels."""
    if not output.words:
        return said
    known = vocabulary.codes(output.words)
    named = names_of(said) if output.several else [said]
    return "、".join(str(known.get(each, each)) for each in named if each)


def read_answer(output: Output, text: str) -> str:
    """What was typed as an answer: labels become their codes; what is unknown stays as it is typed."""
    text = text.strip()
    if not output.words:
        return text
    if output.several:
        return "、".join(_code(output.words, each) for each in names_of(text))
    return _code(output.words, text)


def _code(words: str, text: str) -> str:
    known = vocabulary.codes(words)
    if text in known:
        return text
    for language, _name in settings.LANGUAGES:
        with override(language):
            for code, label in known.items():
                if str(label) == text:
                    return code
    return text
