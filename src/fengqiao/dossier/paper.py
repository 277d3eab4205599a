"""A paper as plain facts: what both the editable file and the printed page are made from."""

from __future__ import annotations

import re
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

    @property
    def dense(self) -> bool:
        """Whether much text stands over the rows and the places to sign: it is set smaller, to be on one page with
        them (nobody signs for what stands on another sheet)."""
        return self.kind == PaperKind.FORM and bool(self.rows) and len(self.paragraphs) > 2

    @property
    def ending(self) -> tuple[tuple[str, bool], ...]:
        """The lines of the closing, each with whether it stands at the right."""
        return tuple((line, stands_right(line)) for line in self.closing)


BLANK = "＿＿＿＿＿＿"
YEAR_OF_A_LAW = re.compile(r"\(\d{4}\) ?")
DAY_BY_HAND = "＿＿＿＿年＿＿月＿＿日"


def stands_right(line: str) -> bool:
    """The seal's place and the day that it is put over are at the right, where those of a letter are."""
    return "签名" not in line and ("印章" in line or "seal_place" in line or line.endswith(DAY_BY_HAND))


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


def cited(basis: str) -> str:
    """Articles as papers cite them: without the year of the law's wording, which tables keep."""
    return YEAR_OF_A_LAW.sub("", basis)


def said(choices: type, value: str) -> str:
    """The word for a value of a list, or nothing for none."""
    return str(choices(value).label) if value else ""
