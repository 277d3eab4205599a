"""A mapping: a small reviewed file that says which column is which field, and which value which code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext_lazy

from fengqiao.exchange.values import CODES, NO, YES, FieldRule
from fengqiao.kernel.clock import SHANGHAI
from fengqiao.matters.domain.taking_over import SettledBefore
from fengqiao.matters.enums import Channel
from fengqiao.matters.intake import NewMatter
from fengqiao.rules.queries.categories import is_leaf

FOLDER = Path(__file__).parent / "mappings"
# What a row can fill, and the kind that the program reads it as.
FIELDS = {
    "title": "text", "account": "text", "category": "text", "received_at": "moment", "happened_on": "day",
    "division": "text", "address": "text", "people": "integer", "amount": "decimal", "scale": "text",
    "channel": "text", "against_kind": "text", "against_name": "text", "claim.kind": "text",
    "claim.text": "text", "petitioner.name": "text", "petitioner.phone": "text", "settled.text": "text",
    "settled.at": "moment", "settled.is": "text", "parties": "text", "unit": "text", "account.more": "text",
    "harm_on": "day", "public_place": "yes_no", "needs_care": "yes_no", "care": "text",
}  # fmt: skip
# Several columns may go there, each with its name before it.
MANY = {"account.more"}
# The shipped mappings in the reader's language; another one is called what its file says.
TITLES = {
    "ledger": gettext_lazy("矛盾纠纷排查台账"),
    "template": gettext_lazy("事项导入模板"),
    "replied": gettext_lazy("带答复的网上留言"),
    "labelled": gettext_lazy("带一级标签的网上留言"),
    "export": gettext_lazy("本系统导出的台账"),
}
WORDS_OF_CODE = {"settled.is": (YES, NO), "public_place": (YES, NO), "needs_care": (YES, NO)}


class BadMapping(ValueError):
    """The mapping file itself is wrong."""


@dataclass(frozen=True)
class Problem:
    """One cell that can not be taken: where, what is wrong, and how to mend it, in the user's words.

    ``unit``: the name of a body that nobody has mapped to a department yet.
    """

    line: int
    column: str
    reason: str
    mend: str = field(default="", compare=False)
    unit: str = field(default="", compare=False)


@dataclass(frozen=True)
class Mapping:
    """``number``: the column of the row's own number; empty where the file has none that lasts.

    ``recognised_by``: the columns whose content stands for the number of a row that has none.
    ``by_code``: the number is the code of a matter that is here already, as our own exports carry it.
    ``asks_date``: the file says that a row is settled and not when; a person says of which day it is.
    ``organisations``: a party whose name ends so is a body, not a person.
    """

    name: str
    title: str
    source: str
    number: str
    channel: str
    fields: tuple[FieldRule, ...]
    recognised_by: tuple[str, ...] = ()
    by_code: bool = False
    asks_date: bool = False
    organisations: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The columns that are read."""
        named = [self.number, *self.recognised_by, *(rule.column for rule in self.fields)]
        return [name for name in dict.fromkeys(named) if name]

    @property
    def needed(self) -> list[str]:
        """The columns that the file must have."""
        spared = {rule.column for rule in self.fields if rule.optional}
        return [name for name in self.columns if name not in spared]

    @property
    def row_column(self) -> str:
        """The column that is named for what is wrong with a row as a whole."""
        return self.number or self.recognised_by[0]


@dataclass(frozen=True)
class Given:
    """What a file does not say of itself and people have said: its day, and which body a written name means.

    ``units``: written name → department, ``None`` where a person said that there is none here.
    """

    as_of: date | None = None
    units: Map[str, UUID | None] = field(default_factory=dict)


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


def title_of(name: str) -> str:
    """What a mapping is for, in the reader's words."""
    return str(TITLES.get(name) or (load(name).title if name in available() else name))


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
            asks_date=bool(raw.get("asks_date", False)),
            organisations=tuple(raw.get("organisations", ())),
        )
    except KeyError as wrong:
        raise BadMapping(f"{path.name}: 缺少 {wrong}") from wrong
    except (OSError, TypeError, ValueError) as wrong:
        raise BadMapping(f"{path.name}: {wrong}") from wrong
    _check(path, mapping)
    return mapping


def _check(path: Path, mapping: Mapping) -> None:
    for rule in mapping.fields:
        wrong_part = _wrong_part(rule)
        if wrong_part:
            raise BadMapping(f"{path.name}: 字段 {rule.to!r} 的 {wrong_part} 写得不对")
    filled = [rule.to for rule in mapping.fields if rule.to not in MANY]
    doubled = sorted({to for to in filled if filled.count(to) > 1})
    if doubled:
        raise BadMapping(f"{path.name}: 字段重复：{'、'.join(doubled)}")
    dated = "settled.at" in filled or mapping.asks_date
    if ("settled.text" in filled) != dated or "settled.is" in filled and not mapping.asks_date:
        raise BadMapping(f"{path.name}: settled.text 和 settled.at（或 asks_date）要一起写")
    if ("needs_care" in filled) != ("care" in filled):
        raise BadMapping(f"{path.name}: needs_care 和 care 要一起写")
    if not (mapping.number or mapping.recognised_by):
        raise BadMapping(f"{path.name}: 没有编号列时要写 recognised_by")


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
    known = CODES[rule.to].values if rule.to in CODES else WORDS_OF_CODE.get(rule.to, given)
    if any(value not in known for value in given) or rule.to == "category" and not all(map(is_leaf, given)):
        return "values"
    return ""


def at_midnight(day: date) -> datetime:
    """The beginning of a day of the law: how a moment is kept of which only the day is known."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
