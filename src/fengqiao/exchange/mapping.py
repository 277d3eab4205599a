"""A mapping: a small reviewed file that says which column is which field, and which value which code."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db.models import TextChoices

from fengqiao.exchange.reading import DAMAGED
from fengqiao.kernel.clock import SHANGHAI
from fengqiao.kernel.crypto import sm3
from fengqiao.matters.domain.taking_over import SettledBefore
from fengqiao.matters.enums import AgainstKind, Channel, ClaimKind, PartyKind, PartyRole, Scale
from fengqiao.matters.intake import NewClaim, NewMatter, NewParty
from fengqiao.rules.queries.categories import is_leaf

FOLDER = Path(__file__).parent / "mappings"
MOMENT = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?$"
)
UNREADABLE = "这一格的编码已损坏，无法辨认，请从原系统重新导出"
# What a row can fill, and the kind that the program reads it as.
FIELDS = {
    "title": "text", "account": "text", "category": "text", "received_at": "moment", "happened_on": "day",
    "division": "text", "address": "text", "people": "integer", "amount": "decimal", "scale": "text",
    "channel": "text", "against_kind": "text", "against_name": "text", "claim.kind": "text",
    "claim.text": "text", "petitioner.name": "text", "petitioner.phone": "text", "settled.text": "text",
    "settled.at": "moment",
}  # fmt: skip
SEVERAL_LINES = {"account", "claim.text", "settled.text"}
CODES: dict[str, type[TextChoices]] = {
    "scale": Scale, "channel": Channel, "against_kind": AgainstKind, "claim.kind": ClaimKind,
}  # fmt: skip
LONGEST_NUMBER = 80
# Beyond this a number is a slip of the pen, and costs more to compute with than it tells.
MOST_DIGITS = 18


class BadMapping(ValueError):
    """The mapping file itself is wrong."""


@dataclass(frozen=True)
class Problem:
    """One cell that can not be taken: where and why, in the user's words."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class FieldRule:
    to: str
    column: str = ""
    kind: str = "text"
    required: bool = False
    default: str = ""
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mapping:
    """``recognised_by``: the columns whose text stands for the number of a row that has none.

    ``by_code``: the number is the code of a matter that is here already, as our own exports carry it.
    """

    name: str
    title: str
    source: str
    number: str
    channel: str
    fields: tuple[FieldRule, ...]
    recognised_by: tuple[str, ...] = ()
    by_code: bool = False

    @property
    def columns(self) -> list[str]:
        """The columns that the file must have."""
        named = [self.number, *self.recognised_by, *(rule.column for rule in self.fields if rule.column)]
        return list(dict.fromkeys(named))


@dataclass(frozen=True)
class Taken:
    """A row read through the mapping: what to register, and the old result where there is one.

    ``by_content``: the row has no number of its own, and what it says stands for one.
    """

    number: str
    new: NewMatter
    settled: SettledBefore | None
    by_content: bool = False


def available() -> list[str]:
    """The names of the shipped mappings."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name: str) -> Mapping:
    """A shipped mapping by name, or a file by path. Raises ``BadMapping``."""
    path = FOLDER / f"{name}.toml" if not name.endswith(".toml") else Path(name)
    if not path.is_file():
        raise BadMapping(f"没有名为 {name} 的映射；现有：{'、'.join(available())}")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        mapping = Mapping(
            name=raw["name"],
            title=raw["title"],
            source=raw["source"],
            number=raw["number"],
            channel=Channel(raw["channel"]),
            fields=tuple(FieldRule(**rule) for rule in raw["field"]),
            recognised_by=tuple(raw.get("recognised_by", ())),
            by_code=bool(raw.get("by_code", False)),
        )
    except KeyError as wrong:
        raise BadMapping(f"{path.name}: 缺少 {wrong}") from wrong
    except (OSError, TypeError, ValueError) as wrong:
        raise BadMapping(f"{path.name}: {wrong}") from wrong
    for rule in mapping.fields:
        wrong_part = _wrong_part(rule)
        if wrong_part:
            raise BadMapping(f"{path.name}: 字段 {rule.to!r} 的 {wrong_part} 写得不对")
    filled = [rule.to for rule in mapping.fields]
    doubled = sorted({to for to in filled if filled.count(to) > 1})
    if doubled:
        raise BadMapping(f"{path.name}: 字段重复：{'、'.join(doubled)}")
    if ("settled.text" in filled) != ("settled.at" in filled):
        raise BadMapping(f"{path.name}: settled.text 和 settled.at 要一起写")
    return mapping


def _wrong_part(rule: FieldRule) -> str:
    """Which part of a rule is wrong; empty where none is."""
    if rule.to not in FIELDS:
        return "to"
    if rule.kind != FIELDS[rule.to]:
        return "kind"
    if not (rule.column or rule.default):
        return "column"
    # A default is a code of ours where the mapping has no values of the file.
    given = [*rule.values.values(), *([rule.default] if rule.default and not rule.values else [])]
    known = CODES[rule.to].values if rule.to in CODES else given
    if any(value not in known for value in given) or rule.to == "category" and not all(map(is_leaf, given)):
        return "values"
    return ""


def take(mapping: Mapping, line: int, cells: dict[str, Any]) -> Taken | list[Problem]:
    """Reads one row; returns every problem of it, not only the first."""
    problems: list[Problem] = []
    own_number = _one_line(clean(cells.get(mapping.number, "")))
    number = own_number or _made_from_content(mapping, cells)
    if not number:
        problems.append(Problem(line, mapping.number, "缺少编号"))
    elif DAMAGED in number:
        problems.append(Problem(line, mapping.number, UNREADABLE))
    elif len(number) > LONGEST_NUMBER:
        problems.append(Problem(line, mapping.number, f"编号超过 {LONGEST_NUMBER} 个字符"))
    values: dict[str, Any] = {}
    for rule in mapping.fields:
        try:
            values[rule.to] = _value(rule, cells.get(rule.column, ""))
        except ValueError as wrong:
            problems.append(Problem(line, rule.column or rule.to, str(wrong)))
    if not problems and values.get("settled.text") and not values.get("settled.at"):
        column = next(rule.column for rule in mapping.fields if rule.to == "settled.at")
        problems.append(Problem(line, column, "有办理结果，但这一格没有时间"))
    if problems:
        return problems
    return Taken(
        number=number,
        new=_new(mapping, number, values),
        settled=_settled(values),
        by_content=not own_number,
    )


def _made_from_content(mapping: Mapping, cells: dict[str, Any]) -> str:
    said = [clean(cells.get(column, "")) for column in mapping.recognised_by]
    if not any(said) or any(DAMAGED in text for text in said):
        return ""
    return f"无编号-{sm3('|'.join(said).encode()).hex()[:32]}"


def clean(cell: Any) -> str:
    """Text without the blanks, tabs and empty lines that exported pages carry."""
    if isinstance(cell, datetime | date):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    # "_x000D_" is a line end that a spreadsheet wrote out as letters.
    text = str(cell).replace("_x000D_", "\n").replace("\x00", "")
    lines = (re.sub(r"[ \t\u3000\xa0]+", " ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _value(rule: FieldRule, cell: Any) -> Any:
    text = clean(cell) or rule.default
    if DAMAGED in text:
        raise ValueError(UNREADABLE)
    if not text:
        if rule.required:
            raise ValueError("必填，但这一格是空的")
        return None
    if rule.to not in SEVERAL_LINES:
        text = _one_line(text)
    if rule.values:
        if text not in rule.values:
            raise ValueError(f"“{text[:40]}”不在映射的取值之中")
        text = rule.values[text]
    if rule.to in CODES and text not in CODES[rule.to].values:
        raise ValueError(f"“{text[:40]}”不是这一项的代码")
    if rule.kind == "moment":
        return _moment(cell if isinstance(cell, datetime) else text)
    if rule.kind == "day":
        return _moment(cell if isinstance(cell, datetime) else text).date()
    if rule.kind in ("integer", "decimal"):
        return _amount(rule, text)
    return text


def _amount(rule: FieldRule, text: str) -> int | Decimal:
    try:
        amount = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError(f"“{text[:40]}”不是数") from None
    if not amount.is_finite() or abs(amount.adjusted()) > MOST_DIGITS:
        raise ValueError(f"“{text[:40]}”不是可以登记的数")
    if rule.kind == "decimal":
        return amount
    if amount != int(amount):
        raise ValueError(f"“{text[:40]}”不是整数")
    return int(amount)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=SHANGHAI)
    found = MOMENT.match(value)
    if not found:
        raise ValueError(f"“{value[:40]}”不是日期时间，应写作 2019/4/25 9:32:09")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime.combine(date(year, month, day), time(hour, minute, second), SHANGHAI)
    except ValueError:
        raise ValueError(f"没有“{value[:40]}”这一天或这一刻") from None


def _new(mapping: Mapping, number: str, values: dict[str, Any]) -> NewMatter:
    plain = {name: value for name, value in values.items() if "." not in name and value is not None}
    kind = values.get("claim.kind")
    text = values.get("claim.text") or ""
    # A claim in words of an unknown nature asks for something: the commonest nature, for an officer to refine.
    claims = (NewClaim(kind=ClaimKind(kind or ClaimKind.RESOLVE), text=text),) if kind or text else ()
    plain["channel"] = Channel(plain.get("channel", mapping.channel))
    for name, codes in (("scale", Scale), ("against_kind", AgainstKind)):
        if name in plain:
            plain[name] = codes(plain[name])
    return NewMatter(
        **{"title": "", "received_at": None} | plain,
        parties=_parties(values),
        claims=claims,
        source=mapping.source,
        source_number=number,
    )


def _parties(values: dict[str, Any]) -> tuple[NewParty, ...]:
    """The petitioner; one who left only a phone is anonymous and can be called."""
    name, phone = values.get("petitioner.name") or "", values.get("petitioner.phone") or ""
    if not (name or phone):
        return ()
    kind = PartyKind.PERSON if name else PartyKind.ANONYMOUS
    phones = (phone,) if phone else ()
    return (NewParty(role=PartyRole.PETITIONER, kind=kind, name=name, phones=phones),)


def _settled(values: dict[str, Any]) -> SettledBefore | None:
    if not values.get("settled.text"):
        return None
    return SettledBefore(text=values["settled.text"], at=values["settled.at"])
