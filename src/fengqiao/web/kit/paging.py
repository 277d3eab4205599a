"""What filtered lists share: forms of filters filled from an address, and counts with their cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

# How many rows of a plain list are shown at once, and how far an address leads into it.
ROWS, FURTHEST = 100, 1_000


def filled(form: type[forms.Form], asked: QueryDict) -> dict[str, Any]:
    """The values of a filter's form; what the address does not name is empty, so that no field is missing."""
    return {**dict.fromkeys(form.base_fields, ""), **asked.dict()}


@dataclass(frozen=True)
class Page:
    """One page of a plain list, and where it goes on; without addresses it is the whole list."""

    rows: list[Any]
    next_href: str = ""
    first_href: str = ""

    @property
    def is_part(self) -> bool:
        return bool(self.next_href or self.first_href)


def number_of_page(asked: QueryDict, name: str = "page") -> int:
    """Which page an address asks for; the first where it is none."""
    written = asked.get(name, "")
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else 1
    return min(max(number, 1), FURTHEST)


def page_of(request: HttpRequest, found: QuerySet[Any] | Sequence[Any], name: str = "page") -> Page:
    """The page of a list that the address asks for; ``name``: of its parameter, where a page has several lists."""
    number = number_of_page(request.GET, name)
    rows = list(found[(number - 1) * ROWS : number * ROWS + 1])
    asked = request.GET.copy()
    asked.pop(name, None)
    first = f"?{asked.urlencode()}"
    asked[name] = str(number + 1)
    more = len(rows) > ROWS and number < FURTHEST
    return Page(rows[:ROWS], f"?{asked.urlencode()}" if more else "", first if number > 1 else "")


def in_figures(number: int, more: bool) -> str:
    """A count for the screen: "1,000+" where it was not counted to the end."""
    return f"{number:,}+" if more else f"{number:,}"


def key_of(written: str) -> UUID | None:
    """A key that stands in an address; None where it is none."""
    try:
        return UUID(written)
    except ValueError:
        return None
