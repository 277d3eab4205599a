"""A paper as plain facts: what both the editable file and the printed page are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from fengqiao.dossier.enums import PaperKind


@dataclass(frozen=True)
class Paper:
    """``rows`` are the fields of a form (label, value), ``paragraphs`` the running text of a letter.

    ``missing`` names the facts that the paper should have and the matter does not: they are printed as a
    blank to fill by hand, never invented.
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
    missing: tuple[str, ...] = field(default=())


BLANK = "＿＿＿＿＿＿"


def chinese_date(day: object) -> str:
    """A date as GB/T 9704 writes it: Arabic figures, no leading zeros."""
    if day is None:
        return BLANK
    return f"{day.year}年{day.month}月{day.day}日"  # type: ignore[attr-defined]
