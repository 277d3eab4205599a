"""The words of the tables that come with the program, in the reader's language.

What is stored and what the history names stays Chinese, as it was written. A sentence that a county wrote itself is
shown as it is; one that it kept from the shipped table reads in English on an English page.
"""

from __future__ import annotations

import json
from functools import lru_cache

from django.utils.translation import get_language

from fengqiao.rules.queries.categories import DATA


def in_readers_language(text: str) -> str:
    """A reason, basis, guide, source or example's name as it is shown."""
    return _english().get(text, text) if (get_language() or "").startswith("en") else text


@lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    said: dict[str, str] = json.loads((DATA / "words-en.json").read_text(encoding="utf-8"))
    return said
