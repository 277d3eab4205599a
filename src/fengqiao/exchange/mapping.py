"""A mapping: a small reviewed file that says which column is which field, and which value which code."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from fengqiao.kernel.clock import SHANGHAI
from fengqiao.matters.domain.taking_over import SettledBefore
from fengqiao.matters.enums import Channel, ClaimKind, PartyKind, PartyRole, Scale
from fengqiao.matters.intake import NewClaim, NewMatter, NewParty

FOLDER = Path(__file__).parent / "mappings"
MOMENT = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?$"
)
KINDS = ("text", "moment", "day", "integer", "decimal")
FIELDS = {
    "title", "account", "category", "received_at", "happened_on", "division", "address", "people", "amount",
    "scale", "channel", "against_name", "claim.kind", "claim.text", "petitioner.name", "petitioner.phone",
    "settled.text", "settled.at",
}  # fmt: skip


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
    name: str
    title: str
    source: str
    number: str
    channel: str
    fields: tuple[FieldRule, ...]

    @property
    def columns(self) -> list[str]:
        """The columns that the file must have."""
        return [self.number, *(rule.column for rule in self.fields if rule.column)]


@dataclass(frozen=True)
class Taken:
    """A row read through the mapping: what to register, and the old result where there is one."""

    number: str
    new: NewMatter
    settled: SettledBefore | None


def available() -> list[str]:
    """The names of the shipped mappings."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name: str) -> Mapping:
    """A shipped mapping by name, or a file by path. Raises ``BadMapping``."""
    path = FOLDER / f"{name}.toml" if not name.endswith(".toml") else Path(name)
    if not path.exists():
        raise BadMapping(f"没有名为 {name} 的映射；现有：{'、'.join(available())}")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        mapping = Mapping(
            name=raw["name"],
            title=raw["title"],
            source=raw["source"],
            number=raw["number"],
            channel=Channel(raw["channel"]),
            fields=tuple(FieldRule(**rule) for rule in raw["field"]),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadMapping(f"{path.name}: {wrong}") from wrong
    for rule in mapping.fields:
        if rule.to not in FIELDS or rule.kind not in KINDS or not (rule.column or rule.default):
            raise BadMapping(f"{path.name}: 字段 {rule.to!r} 写得不对")
    return mapping


def take(mapping: Mapping, line: int, cells: dict[str, Any]) -> Taken | list[Problem]:
    """Reads one row; returns every problem of it, not only the first."""
    problems: list[Problem] = []
    number = clean(cells.get(mapping.number, ""))
    if not number:
        problems.append(Problem(line, mapping.number, "缺少编号"))
    elif len(number) > 80:
        problems.append(Problem(line, mapping.number, "编号超过 80 个字符"))
    values: dict[str, Any] = {}
    for rule in mapping.fields:
        try:
            values[rule.to] = _value(rule, cells.get(rule.column, ""))
        except ValueError as wrong:
            problems.append(Problem(line, rule.column, str(wrong)))
    if problems:
        return problems
    return Taken(number=number, new=_new(mapping, number, values), settled=_settled(values))


def clean(cell: Any) -> str:
    """Text without the blanks, tabs and empty lines that exported pages carry."""
    if isinstance(cell, datetime | date):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    lines = (re.sub(r"[ \t\u3000\xa0]+", " ", line).strip() for line in str(cell).splitlines())
    return "\n".join(line for line in lines if line).replace("\x00", "")


def _value(rule: FieldRule, cell: Any) -> Any:
    text = clean(cell) or rule.default
    if not text:
        if rule.required:
            raise ValueError("必填，但这一格是空的")
        return None
    if rule.values:
        if text not in rule.values:
            raise ValueError(f"“{text[:40]}”不在映射的取值之中")
        text = rule.values[text]
    if rule.kind == "moment":
        return _moment(cell if isinstance(cell, datetime) else text)
    if rule.kind == "day":
        return _moment(cell if isinstance(cell, datetime) else text).date()
    if rule.kind in ("integer", "decimal"):
        try:
            amount = Decimal(text.replace(",", "").replace("，", ""))
        except InvalidOperation:
            raise ValueError(f"“{text[:40]}”不是数") from None
        return int(amount) if rule.kind == "integer" else amount
    return text


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
    name = values.get("petitioner.name") or ""
    phone = values.get("petitioner.phone") or ""
    parties = (
        (
            NewParty(
                role=PartyRole.PETITIONER, kind=PartyKind.PERSON, name=name, phones=(phone,) if phone else ()
            ),
        )
        if name
        else ()
    )
    claims = (
        (NewClaim(kind=ClaimKind(values["claim.kind"]), text=values.get("claim.text") or ""),)
        if values.get("claim.kind")
        else ()
    )
    plain.setdefault("received_at", None)
    plain["channel"] = Channel(plain.get("channel", mapping.channel))
    if "scale" in plain:
        plain["scale"] = Scale(plain["scale"])
    return NewMatter(parties=parties, claims=claims, source=mapping.source, source_number=number, **plain)


def _settled(values: dict[str, Any]) -> SettledBefore | None:
    if not values.get("settled.text"):
        return None
    return SettledBefore(text=values["settled.text"], at=values["settled.at"])
