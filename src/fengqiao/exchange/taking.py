"""One row of a file through its mapping: a registration, or every problem that it has."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fengqiao.exchange.mapping import Given, Mapping, Problem, Taken, at_midnight
from fengqiao.exchange.reading import DAMAGED, FORMULA_CELL
from fengqiao.exchange.values import NO, YES, BadCell, clean, one_line, unreadable, value_of
from fengqiao.kernel.crypto import sm3
from fengqiao.matters.domain.taking_over import SettledBefore
from fengqiao.matters.enums import AgainstKind, Channel, ClaimKind, PartyKind, PartyRole, Scale
from fengqiao.matters.intake import NewClaim, NewMatter, NewParty

LONGEST_NUMBER = 80
BETWEEN_NAMES = re.compile(r"[、，,；;\n]+")
# Read and checked in a row, and no fields of a registration.
NOT_OF_THE_MATTER = {"unit", "parties"}


def take(
    mapping: Mapping, line: int, cells: dict[str, Any], given: Given | None = None
) -> Taken | list[Problem]:
    """Reads one row; returns every problem of it, not only the first."""
    given = given or Given()
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    more: list[str] = []
    days: dict[str, str] = {}
    for rule in mapping.fields:
        try:
            value = value_of(rule, cells.get(rule.column, ""))
        except BadCell as wrong:
            problems.append(Problem(line, rule.column or rule.to, str(wrong), wrong.mend))
            continue
        if rule.kind != "text" and value is not None:
            days[rule.column] = str(value)
        if rule.to == "account.more":
            more += [f"{rule.column}：{value}"] if value else []
        else:
            values[rule.to] = value
    own_number = one_line(clean(cells.get(mapping.number, ""))) if mapping.number else ""
    number = own_number or _made_from_content(mapping, cells, days)
    # A row without anything to recognise it by would be registered again each time.
    if mapping.number or not problems:
        problems = [*_number_problems(mapping, line, number), *problems]
    # Two fields may come from one column.
    problems = list(dict.fromkeys(problems))
    if not problems:
        problems += [
            *_settled_problems(mapping, line, values, given),
            *_unit_problems(mapping, line, values, given),
        ]
    if problems:
        return problems
    settled = _settled(values, given)
    if settled is None and values.get("settled.text"):
        more.append(f"{_column(mapping, 'settled.text')}：{values['settled.text']}")
    return Taken(
        number=number, new=_new(mapping, number, values, more), settled=settled, by_content=not own_number
    )


def _number_problems(mapping: Mapping, line: int, number: str) -> list[Problem]:
    if not number:
        return [Problem(line, mapping.row_column, _("缺少编号"))]
    if DAMAGED in number:
        return [Problem(line, mapping.row_column, unreadable())]
    if len(number) > LONGEST_NUMBER:
        return [Problem(line, mapping.row_column, _("编号超过 %(most)d 个字符") % {"most": LONGEST_NUMBER})]
    return []


def _made_from_content(mapping: Mapping, cells: dict[str, Any], days: dict[str, str]) -> str:
    # A day is the same day however the ledger writes it this time.
    said = [days.get(column) or clean(cells.get(column, "")) for column in mapping.recognised_by]
    if not any(said) or any(DAMAGED in text or FORMULA_CELL in text for text in said):
        return ""
    return f"无编号-{sm3('|'.join(said).encode()).hex()[:32]}"


def _settled_problems(mapping: Mapping, line: int, values: dict[str, Any], given: Given) -> list[Problem]:
    text, at = values.get("settled.text"), values.get("settled.at")
    if not mapping.asks_date:
        if text and not at:
            return [Problem(line, _column(mapping, "settled.at"), _("有办理结果，但这一格没有时间"))]
        return []
    problems = []
    if given.as_of is None and values.get("settled.is") == YES:
        problems.append(
            Problem(line, _column(mapping, "settled.is"), _("不知道台账日期，已化解的行不能导入"))
        )
    happened = values.get("happened_on")
    if given.as_of and happened and happened > given.as_of:
        reason = _("晚于台账日期 %(day)s") % {"day": given.as_of.isoformat()}
        problems.append(
            Problem(line, _column(mapping, "happened_on"), reason, _("核对这一格，或改正台账日期"))
        )
    if values.get("settled.is") == YES and not text:
        column = _column(mapping, "settled.text")
        said = _column(mapping, "settled.is")
        reason = _("“%(column)s”写了已化解，但这一格是空的") % {"column": said}
        problems.append(Problem(line, column, reason, _("写明怎样化解")))
    return problems


def _unit_problems(mapping: Mapping, line: int, values: dict[str, Any], given: Given) -> list[Problem]:
    unit = values.get("unit")
    if not unit or unit in given.units:
        return []
    reason = _("不知道“%(unit)s”是哪个部门") % {"unit": unit[:40]}
    mend = _("在“单位对照”里为它选定部门，或选“没有对应的部门”")
    return [Problem(line, _column(mapping, "unit"), reason, mend, unit=unit)]


def _column(mapping: Mapping, to: str) -> str:
    return next(rule.column for rule in mapping.fields if rule.to == to)


def _new(mapping: Mapping, number: str, values: dict[str, Any], more: list[str]) -> NewMatter:
    plain = {
        name: value
        for name, value in values.items()
        if "." not in name and name not in NOT_OF_THE_MATTER and value is not None
    }
    kind = values.get("claim.kind")
    text = values.get("claim.text") or ""
    # A claim in words of an unknown nature asks for something: the commonest nature, for an officer to refine.
    claims = (NewClaim(kind=ClaimKind(kind or ClaimKind.RESOLVE), text=text),) if kind or text else ()
    plain["channel"] = Channel(plain.get("channel", mapping.channel))
    for name, codes in (("scale", Scale), ("against_kind", AgainstKind)):
        if name in plain:
            plain[name] = codes(plain[name])
    if more:
        plain["account"] = "\n".join([part for part in (plain.get("account"), *more) if part])
    return NewMatter(
        **{"title": "", "received_at": None} | plain,
        parties=(*_petitioner(values), *_named(mapping, values)),
        claims=claims,
        source=mapping.source,
        source_number=number,
    )


def _petitioner(values: dict[str, Any]) -> tuple[NewParty, ...]:
    """The petitioner; one who left only a phone is anonymous and can be called."""
    name, phone = values.get("petitioner.name") or "", values.get("petitioner.phone") or ""
    if not (name or phone):
        return ()
    kind = PartyKind.PERSON if name else PartyKind.ANONYMOUS
    phones = (phone,) if phone else ()
    return (NewParty(role=PartyRole.PETITIONER, kind=kind, name=name, phones=phones),)


def _named(mapping: Mapping, values: dict[str, Any]) -> tuple[NewParty, ...]:
    """Several names in one cell. Who brought the matter is not said: each of them is to be answered."""
    names = [name.strip() for name in BETWEEN_NAMES.split(values.get("parties") or "")]
    return tuple(
        NewParty(
            role=PartyRole.PETITIONER,
            kind=PartyKind.ORGANISATION if name.endswith(mapping.organisations) else PartyKind.PERSON,
            name=name,
        )
        for name in dict.fromkeys(names)
        if name
    )


def _settled(values: dict[str, Any], given: Given) -> SettledBefore | None:
    text, at = values.get("settled.text"), values.get("settled.at")
    department: UUID | None = given.units.get(values.get("unit") or "")
    if not text or values.get("settled.is", YES) in (NO, None):
        return None
    if isinstance(at, datetime):
        return SettledBefore(text=text, at=at, department=department)
    if given.as_of is None:
        return None
    # The ledger knows that it is settled and not since when: said in the result itself, never guessed.
    text = f"{text}\n（台账没有写明办结日期，按台账日期 {given.as_of.isoformat()} 记。）"
    return SettledBefore(text=text, at=at_midnight(given.as_of), department=department)
