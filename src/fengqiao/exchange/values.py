"""What one cell says, read as the kind that a mapping asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from fengqiao.exchange.reading import DAMAGED, FORMULA_CELL
from fengqiao.kernel.clock import SHANGHAI
from fengqiao.matters.enums import AgainstKind, Channel, ClaimKind, Scale
from fengqiao.rules.queries.categories import all_categories, is_leaf

MOMENT = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?$"
)
CODES: dict[str, type[TextChoices]] = {
    "scale": Scale, "channel": Channel, "against_kind": AgainstKind, "claim.kind": ClaimKind,
}  # fmt: skip
SEVERAL_LINES = {"account", "account.more", "claim.text", "settled.text", "parties"}
# Beyond this a number is a slip of the pen, and costs more to compute with than it tells.
MOST_DIGITS = 18
MOST_OFFERED = 20
BLANKS = re.compile(r"[ \t\u3000\xa0]+")
# What a clean cell does not hold: blanks in a row or of other kinds, ends of lines.
DIRT = re.compile(r"  |[\t\u3000\xa0\n\r\v\f\x1c-\x1e\x85\u2028\u2029\x00]|_x000D_")
YES, NO = "yes", "no"
# How a ledger answers a question; what nobody knows is said by leaving the cell empty, or so.
ANSWERS = {"是": YES, "否": NO, "有": YES, "无": NO, "yes": YES, "no": NO, "true": YES, "false": NO}
NOT_KNOWN = frozenset({"不清楚", "不详", "未知", "unknown"})
COUNTED_IN = ("人", "名", "元")
THOUSANDS = re.compile(r"^-?\d{1,3}(?:[,， ]\d{3})+(?:\.\d+)?$")


class BadCell(ValueError):
    """What is wrong with a cell, and how to mend it, in the user's words."""

    def __init__(self, reason: str, mend: str = "") -> None:
        super().__init__(reason)
        self.mend = mend


@dataclass(frozen=True)
class FieldRule:
    """One column → one field.

    ``values``: what the file writes → a code of ours; ``ending`` is left off before it is looked up.
    ``shorten``: the text's first sentence, at most so many characters. ``note``: how to fill the cell in;
    ``column_en`` and ``note_en``: what the column is and how to fill it in, in English. ``optional``: the file may
    be without the column, as one that was made before the mapping read it.
    """

    to: str
    column: str = ""
    kind: str = "text"
    required: bool = False
    default: str = ""
    values: dict[str, str] = field(default_factory=dict)
    ending: str = ""
    shorten: int = 0
    note: str = ""
    column_en: str = ""
    note_en: str = ""
    optional: bool = False

    @property
    def told(self) -> str:
        """How to fill the cell in, in the reader's language where the mapping says it."""
        return (self.note_en if in_english() else "") or self.note


def in_english() -> bool:
    """Whether who reads what is said now reads English."""
    return (translation.get_language() or "").startswith("en")


def unreadable() -> str:
    """What is said of a cell whose bytes could not be read."""
    return _("这一格的编码已损坏，无法辨认，请从原系统重新导出")


def clean(cell: Any) -> str:
    """Text without the blanks, tabs and empty lines that exported pages carry."""
    if isinstance(cell, datetime | date):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    text = str(cell).strip()
    if not DIRT.search(text):
        return text
    # "_x000D_" is a line end that a spreadsheet wrote out as letters.
    text = text.replace("_x000D_", "\n").replace("\x00", "")
    lines = (BLANKS.sub(" ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """The lines of a cell as one."""
    return " ".join(text.split("\n"))


def value_of(rule: FieldRule, cell: Any) -> Any:
    """The cell as its rule reads it, ``None`` where it is empty; raises ``BadCell``."""
    text = clean(cell) or rule.default
    # What another program put in place of bytes that it could not read.
    if DAMAGED in text or "\ufffd" in text:
        raise BadCell(unreadable())
    if text.startswith(FORMULA_CELL):
        raise BadCell(_("这一格是公式，不读公式的结果"), _("在表格里复制这一列，选“粘贴为数值”"))
    if not text:
        if rule.required:
            raise BadCell(_("必填，但这一格是空的"), rule.told)
        return None
    if rule.to not in SEVERAL_LINES:
        text = one_line(text)
    if rule.kind == "yes_no":
        return _answer(rule, text)
    text = _coded(rule, text)
    if rule.kind == "moment":
        return _moment(cell if isinstance(cell, datetime) else text)
    if rule.kind == "day":
        return _moment(cell if isinstance(cell, datetime) else text).date()
    if rule.kind in ("integer", "decimal"):
        return _amount(rule, text)
    return _first_sentence(text, rule.shorten) if rule.shorten else text


def _answer(rule: FieldRule, text: str) -> bool | None:
    """Yes or no; ``None`` where the file says that it is not known."""
    if rule.values:
        return _coded(rule, text) == YES
    said = text.lower()
    if said in NOT_KNOWN:
        return None
    if said not in ANSWERS:
        raise BadCell(_said(_("“%(text)s”不是“是”或“否”"), text), _("写“是”或“否”，不清楚的空着"))
    return ANSWERS[said] == YES


def _coded(rule: FieldRule, text: str) -> str:
    """The code that a word of the file stands for; the text itself where the field has no codes."""
    if rule.values:
        plain = text.removesuffix(rule.ending) if rule.ending else text
        found = rule.values.get(text) or rule.values.get(plain)
        if found is None:
            raise BadCell(_said(_("“%(text)s”不在映射的取值之中"), text), _offered(rule.values))
        return found
    if rule.to == "category":
        return category_of(text)
    if rule.to not in CODES:
        return text
    words = words_of(rule.to)
    if text in words:
        return words[text]
    if text not in words.values():
        raise BadCell(_said(_("“%(text)s”不是这一项的代码"), text), _offered(words))
    return text


@lru_cache
def words_of(field_name: str) -> dict[str, str]:
    """The words that ledgers write for the codes of a field: in Chinese, whoever looks at it."""
    with translation.override("zh-hans"):
        return {str(label): str(value) for value, label in CODES[field_name].choices}


def category_of(text: str) -> str:
    """The code of a second-level category by its code, its name, or both ("0703 福利")."""
    head = text.split(" ", 1)[0]
    if is_leaf(head):
        return head
    named = [c.code for c in all_categories().values() if c.is_leaf and c.name_zh == text]
    if len(named) != 1:
        raise BadCell(
            _said(_("没有“%(text)s”这个纠纷类型"), text), _("写二级类型的代码或名称，如“0703 福利”")
        )
    return named[0]


def _offered(values: dict[str, str]) -> str:
    # Of several words for one code the first.
    words = list({code: word for word, code in reversed(values.items())}.values())[::-1]
    more = " …" if len(words) > MOST_OFFERED else ""
    return _("可以写：%(words)s") % {"words": "、".join(words[:MOST_OFFERED]) + more}


def _said(sentence: str, text: str) -> str:
    """The sentence with what the cell says, shortened."""
    return sentence % {"text": text[:40]}


def _first_sentence(text: str, most: int) -> str:
    first = re.split(r"(?<=[。！？；;])", text, maxsplit=1)[0].rstrip("。；; ")
    return first if len(first) <= most else first[: most - 1] + "…"


def _amount(rule: FieldRule, text: str) -> int | Decimal:
    plain = text
    for word in COUNTED_IN:
        plain = plain.removesuffix(word).rstrip()
    if THOUSANDS.match(plain):
        plain = re.sub("[,， ]", "", plain)
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise BadCell(_said(_("“%(text)s”不是数"), text), _("只写数字，中间不留空格，如 12")) from None
    if not amount.is_finite() or abs(amount.adjusted()) > MOST_DIGITS:
        raise BadCell(_said(_("“%(text)s”不是可以登记的数"), text))
    if rule.kind == "decimal":
        return amount
    if amount != int(amount):
        raise BadCell(_said(_("“%(text)s”不是整数"), text))
    return int(amount)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=SHANGHAI)
    found = MOMENT.match(value)
    if not found:
        raise BadCell(
            _said(_("“%(text)s”不是日期时间，应写作 2019/4/25 9:32:09"), value),
            _("只知道日期时写作 2019/4/25"),
        )
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime.combine(date(year, month, day), time(hour, minute, second), SHANGHAI)
    except ValueError:
        raise BadCell(_said(_("没有“%(text)s”这一天或这一刻"), value), _("核对年、月、日")) from None
