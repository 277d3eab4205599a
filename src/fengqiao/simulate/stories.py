"""Dispute stories: invented quarrels as data, told anew each time."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

FOLDER = Path(__file__).parent / "stories"


@dataclass(frozen=True)
class Story:
    """One quarrel with the words of everyone in it. Lists hold ways to say the same thing."""

    id: str
    category: str
    track: str
    channels: tuple[str, ...]
    claim: str
    wishes: tuple[str, ...]
    titles: tuple[str, ...]
    accounts: tuple[str, ...]
    against: str
    against_names: tuple[str, ...]
    people: tuple[int, int]
    departments: tuple[str, ...]
    danger: str
    risk: str
    risk_grounds: tuple[str, ...]
    mediation: tuple[str, ...]
    mediation_failed: tuple[str, ...]
    progress: tuple[str, ...]
    dispositions: tuple[str, ...]
    visit: tuple[str, ...]
    amount: tuple[int, int] | None = None
    wrong_department: str = ""
    wrong_reasons: tuple[str, ...] = ()
    slots: dict[str, tuple[str, ...]] = field(default_factory=dict)


@lru_cache(maxsize=1)
def all_stories() -> tuple[Story, ...]:
    """Every story, in the order of files and of their places in them."""
    found: list[Story] = []
    for path in sorted(FOLDER.glob("*.toml")):
        for raw in tomllib.loads(path.read_text(encoding="utf-8"))["story"]:
            found.append(_story(raw))
    return tuple(found)


def _story(raw: dict[str, Any]) -> Story:
    values: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in raw.items() if k != "slots"
    }
    values["slots"] = {name: tuple(words) for name, words in raw.get("slots", {}).items()}
    return Story(**values)


class Telling:
    """One telling of a story: its slots are chosen once, so that all words of a matter agree."""

    def __init__(self, story: Story, rng: Random, facts: dict[str, str]) -> None:
        self.story = story
        self._facts = {name: rng.choice(words) for name, words in sorted(story.slots.items())} | facts

    def say(self, words: Sequence[str], rng: Random) -> str:
        """One of the ways to say it, with the slots filled."""
        text = rng.choice(words)
        # Slots may stand inside slots (a firm named after its village).
        for _ in range(2):
            text = text.format_map(_Filled(self._facts))
        return text


class _Filled(dict[str, str]):
    def __missing__(self, key: str) -> str:
        raise KeyError(f"a story uses the unknown slot {key!r}")
