"""Sentences that an action needs written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fengqiao.kernel.errors import Invalid

LONGEST = 5_000


def needed(field: str, text: str, message: Any, *, shortest: int = 2, most: int = LONGEST) -> str:
    """The text without outer blanks; raises ``Invalid`` where it is too short or too long."""
    plain = text.strip()
    if len(plain) < shortest:
        # A sentence that asks for ten says so itself.
        if plain and shortest < 10:
            message = _("%(asked)s（至少 %(n)d 个字）") % {"asked": message, "n": shortest}
        raise Invalid({field: message})
    return allowed(field, plain, most=most)


def allowed(field: str, text: str, *, most: int = LONGEST) -> str:
    """An optional text within its bounds."""
    plain = text.strip()
    if len(plain) > most or "\x00" in plain:
        raise Invalid({field: _("最多 %(n)s 字；更长的请作为附件。") % {"n": f"{most:,}"}})
    return plain
