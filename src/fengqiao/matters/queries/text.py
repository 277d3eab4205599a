"""Words for searching Chinese text: overlapping pairs of characters, made in Python at the write."""

from __future__ import annotations

import re
from operator import add

RUNS = re.compile(r"[\u3400-\u9fff]+|[0-9a-z]+")
# Beyond this a narrative tells nothing new to a search; the whole text is still stored and shown.
MOST_CHARACTERS = 6000


def lexemes(*texts: str) -> list[str]:
    """The searchable words of a text: pairs of Han characters, and Latin words and numbers whole."""
    found: set[str] = set()
    for text in texts:
        for run in RUNS.findall(text[:MOST_CHARACTERS].lower()):
            if run[0].isascii():
                found.add(run[:64])
            elif len(run) == 1:
                found.add(run)
            else:
                found.update(map(add, run, run[1:]))
    return sorted(found)
