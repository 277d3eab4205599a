"""What filtered lists share: forms of filters filled from an address, and counts with their cap."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict


def filled(form: type[forms.Form], asked: QueryDict) -> dict[str, Any]:
    """The values of a filter's form; what the address does not name is empty, so that no field is missing."""
    return {**dict.fromkeys(form.base_fields, ""), **asked.dict()}


def in_figures(number: int, more: bool) -> str:
    """A count for the screen: "1,000+" where it was not counted to the end."""
    return f"{number:,}+" if more else f"{number:,}"


def key_of(written: str) -> UUID | None:
    """A key that stands in an address; None where it is none."""
    try:
        return UUID(written)
    except ValueError:
        return None
