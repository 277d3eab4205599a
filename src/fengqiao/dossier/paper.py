"""A paper as plain facts: what both the editable file and the printed page are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from fengqiao.dossier.enums import PaperKind
from fengqiao.kernel import clock


@dataclass(frozen=True)
class DrawnMark:
    """A signature that was drawn: beneath which line of the closing it stands, whose and when, and its picture."""

    line: int
    label: str
    svg: str


@dataclass(frozen=True)
class Paper:
    """``rows`` are the fields of a form (label, value), ``paragraphs`` the running text of a letter.

    ``after`` is the text that stands beneath the rows. ``missing`` names the facts that the paper should have and the
    matter does not: they are printed as a blank to fill by hand, never invented.
    """

    kind: PaperKind
    reference: UUID
    title: str
    number: str
    addressee: str = ""
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    signed_by: str = ""
    dated: str = ""
    closing: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    missing: tuple[str, ...] = field(default=())
    # Of a form of the dossier: its code, and the facts that fill its template.
    form: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    drawn: tuple[DrawnMark, ...] = ()


BLANK = "＿＿＿＿＿＿"


def chinese_date(of: date | None) -> str:
    """A date as GB/T 9704 writes it: Arabic figures, no leading zeros."""
    if of is None:
        return BLANK
    return f"{of.year}年{of.month}月{of.day}日"


def day(at: datetime | None) -> str:
    """The day of a moment, as Asia/Shanghai counts it."""
    if at is None:
        return BLANK
    return chinese_date(at.astimezone(clock.SHANGHAI))


def moment(at: datetime | None) -> str:
    """A moment with its hour, as Asia/Shanghai counts it."""
    if at is None:
        return BLANK
    local = at.astimezone(clock.SHANGHAI)
    return f"{chinese_date(local)} {local:%H:%M}"


def known(at: datetime | None, written: Callable[[datetime], str]) -> str:
    """A moment as it is written, or nothing where there was none."""
    return written(at) if at else ""


def said(choices: type, value: str) -> str:
    """The word for a value of a list, or nothing for none."""
    return str(choices(value).label) if value else ""
