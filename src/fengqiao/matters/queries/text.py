"""Words for searching Chinese text: overlapping pairs of characters, made in Python at the write."""

from __future__ import annotations

import re
from operator import add

# Han characters of every plane (names hold 䶮 and 𠅤), the compatibility ones, and 〇.
HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUNS = re.compile(f"[{HAN}]+|[0-9a-z]+")
# So rare that one of them alone is worth looking for.
RARE = re.compile("[\u3400-\u4dbf\uf900-\ufaff\U00020000-\U0003ffff]")
# Beyond this a narrative tells nothing new to a search; the whole text is still stored and shown.
MOST_CHARACTERS = 6000


def lexemes(*texts: str) -> list[str]:
    """The searchable words of a text: pairs of Han characters, rare ones also alone, Latin words and numbers whole."""
    found: set[str] = set()
    for text in texts:
        for run in RUNS.findall(text[:MOST_CHARACTERS].lower()):
            if run[0].isascii():
                found.add(run[:64])
            elif len(run) == 1:
                found.add(run)
            else:
                found.update(map(add, run, run[1:]))
                found.update(RARE.findall(run))
    return sorted(found)
