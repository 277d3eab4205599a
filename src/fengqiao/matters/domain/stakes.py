"""What is found to be at stake in a matter while somebody acts on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fengqiao.matters import validators
from fengqiao.matters.enums import Channel
from fengqiao.matters.intake import STAKES, NewMatter
from fengqiao.matters.models import Matter


def said_of(matter: Matter, stakes: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is new of the stakes that were said, also set on the (locked, unsaved) instance to ask tables with.

    What is left out stays as it was. Raises ``Invalid`` with one sentence a field.
    """
    said = {name: value for name, value in (stakes or {}).items() if name in STAKES}
    if "care" in said:
        said["care"] = str(said["care"] or "").strip()
    changed = {name: value for name, value in said.items() if getattr(matter, name) != value}
    if not changed:
        return {}
    as_it_was = NewMatter(
        title=matter.title,
        received_at=None,
        channel=Channel(matter.channel),
        needs_care=matter.needs_care,
        care=matter.care,
    )
    validators.check(replace(as_it_was, **changed))
    for name, value in changed.items():
        setattr(matter, name, value)
    return changed


def named(changed: Mapping[str, Any]) -> dict[str, Any]:
    """How they stand in the history: which were written down, as with a correction; the words stay outside."""
    return {"fields": sorted(changed)} if changed else {}
