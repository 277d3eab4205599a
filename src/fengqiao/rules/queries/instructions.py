"""What a leader's instruction may not say (rules/data/instruction-bars.csv), each with its reason and source.

A sentence is barred that has a word of ``about`` (where any is given) and a word of ``says``. This catches the plain
cases and explains them; it is no judge of wording, and no instruction writes a disposition whatever it says.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from fengqiao.rules.queries.categories import DATA

SENTENCES = re.compile(r"[。；;！!？?\n]+")


@dataclass(frozen=True)
class Bar:
    """A row: words by which a sentence is barred, why, and by what."""

    id: str
    about: tuple[str, ...]
    says: tuple[str, ...]
    reason_zh: str
    reason_en: str
    source: str

    @property
    def reason(self) -> str:
        """Why, in the reader's language, with the source."""
        english = (get_language() or "").startswith("en")
        return f"{self.reason_en} ({self.source})" if english else f"{self.reason_zh}（{self.source}）"

    def holds(self, sentence: str) -> bool:
        """Whether the sentence is barred by this row."""
        concerned = not self.about or any(word in sentence for word in self.about)
        return concerned and any(word in sentence for word in self.says)


@lru_cache(maxsize=1)
def all_bars() -> tuple[Bar, ...]:
    """Every row, in the order of the table; ``ValueError`` names one that cannot be used."""
    with (DATA / "instruction-bars.csv").open(newline="", encoding="utf-8") as handle:
        return bars_of(csv.DictReader(handle))


def bars_of(rows: Iterable[dict[str, str]]) -> tuple[Bar, ...]:
    """The bars that these rows say."""
    found: dict[str, Bar] = {}
    for row in rows:
        name = row["id"]
        for column in ("id", "says", "reason_zh", "reason_en", "source"):
            if not row[column].strip():
                raise ValueError(f"{name or '?'}: {column} is empty")
        if name in found:
            raise ValueError(f"{name} stands twice")
        found[name] = Bar(
            name, _words(row["about"]), _words(row["says"]), row["reason_zh"], row["reason_en"], row["source"]
        )
    return tuple(found.values())


def barred_by(text: str) -> Bar | None:
    """The first row that bars a sentence of the text; None where nothing does."""
    for sentence in SENTENCES.split(text):
        for bar in all_bars():
            if bar.holds(sentence):
                return bar
    return None


def _words(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split("|") if each.strip())
