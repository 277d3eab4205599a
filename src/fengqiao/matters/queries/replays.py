"""What a replay found, in numbers that each open into their matters, as far as a post sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.enums import Risk
from fengqiao.matters.models import Matter, Replay, Replayed

# What a list of a replay may be narrowed to, named as the columns.
ANSWERED = ("before_row", "after_row", "before", "after", "before_lead", "after_lead")
DUE = ("due_turn", "before_limit", "after_limit")
NARROWED = (*ANSWERED, *DUE)
HEIGHT = {Risk.LOW: 0, Risk.MEDIUM: 1, Risk.HIGH: 2}


@dataclass(frozen=True)
class NextEnd:
    """The limit of a body that ends first on a matter, and when; empty where none runs."""

    limit: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class DueMoved:
    """On ``n`` matters the limit that ends first is another one, or none any more, and ends earlier or later."""

    due_turn: str
    before_limit: str
    after_limit: str
    n: int


@dataclass(frozen=True)
class Difference:
    """The answers that came about together. ``n`` matters; ``moved`` where the two tables differ."""

    n: int
    moved: bool
    before_row: str
    after_row: str
    before: str
    after: str
    before_lead: str
    after_lead: str


@dataclass
class Summary:
    """A replay in numbers (two statements)."""

    total: int = 0
    moved: int = 0
    by_row: list[Difference] = field(default_factory=list)
    # kind of department → how many would go to it, now and under the draft
    load: dict[str, tuple[int, int]] = field(default_factory=dict)
    # (before, after) → how many
    choices: dict[tuple[str, str], int] = field(default_factory=dict)
    # by limit: what would fall due earlier or later, the most matters first
    due: list[DueMoved] = field(default_factory=list)

    @property
    def risk_up(self) -> int:
        return self._turned(1)

    @property
    def risk_down(self) -> int:
        return self._turned(-1)

    def _turned(self, sign: int) -> int:
        heights = {str(key): value for key, value in HEIGHT.items()}
        return sum(
            n
            for (before, after), n in self.choices.items()
            if before in heights and after in heights and (heights[after] - heights[before]) * sign > 0
        )


def replay_by_id(actor: Actor, replay_id: UUID) -> Replay:
    """A replay of the actor's own county; raises ``NotAllowed``."""
    found = Replay.objects.filter(county=actor.county, pk=replay_id).select_related("draft", "person").first()
    if found is None:
        raise NotAllowed("replay_not_found", _("本县没有这次试算。"))
    return found


def latest_of(actor: Actor, version_id: UUID) -> Replay | None:
    """The newest replay of a version."""
    return Replay.objects.filter(county=actor.county, draft_id=version_id).first()


def answers_of(actor: Actor, replay: Replay, narrowed: Mapping[str, Any] | None = None) -> QuerySet[Replayed]:
    """The answers on the matters that the post sees, narrowed by columns (``NARROWED`` and ``moved``)."""
    mine = Matter.objects.visible_to(actor).order_by().values("pk")
    return Replayed.objects.filter(replay=replay, matter__in=mine, **(narrowed or {}))


def summary_of(actor: Actor, replay: Replay) -> Summary:
    """The numbers of a replay."""
    told = Summary(due=_due_moved(actor, replay))
    counted = answers_of(actor, replay).order_by().values("moved", *ANSWERED).annotate(n=Count("id"))
    load: dict[str, list[int]] = {}
    for each in counted:
        difference = Difference(**each)
        told.total += difference.n
        for place, lead in enumerate((difference.before_lead, difference.after_lead)):
            if lead:
                load.setdefault(lead, [0, 0])[place] += difference.n
        if difference.before != difference.after:
            pair = (difference.before, difference.after)
            told.choices[pair] = told.choices.get(pair, 0) + difference.n
        if difference.moved:
            told.moved += difference.n
            told.by_row.append(difference)
    told.by_row.sort(key=lambda each: (-each.n, each.before_row, each.after_row))
    told.load = {
        lead: (now, then) for lead, (now, then) in sorted(load.items(), key=lambda each: -each[1][0])
    }
    return told


def _due_moved(actor: Actor, replay: Replay) -> list[DueMoved]:
    moved = answers_of(actor, replay, {"moved": True}).exclude(due_turn="").order_by()
    counted = moved.values(*DUE).annotate(n=Count("id"))
    return sorted(
        (DueMoved(**each) for each in counted),
        key=lambda each: (-each.n, each.due_turn, each.before_limit, each.after_limit),
    )
