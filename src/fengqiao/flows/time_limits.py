"""What an officer does to a matter's limits, from page and API alike: refusals rolled back and audited.

Each act can be rehearsed: the same rules, then everything is taken back, and what would have come of it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt
from fengqiao.clocks.domain import extending, moving, stating
from fengqiao.clocks.models import Fact
from fengqiao.clocks.queries.telling import Shown, shown_of
from fengqiao.flows.once import Once
from fengqiao.matters.models import Matter

# By the name that addresses, audit and history use. Those on a clock take its id, those on a fact the fact's.
ON_A_CLOCK: dict[str, Callable[..., Fact]] = {
    "pause": moving.pause,
    "resume": moving.resume,
    "restart": moving.restart,
    "fulfil": moving.fulfil,
    "ask_extension": extending.ask,
    "decide_extension": extending.decide,
}
ON_A_FACT: dict[str, Callable[..., Fact]] = {"correct": stating.correct, "take_back": stating.take_back}
VERBS: dict[str, Callable[..., Fact]] = {"record": stating.record} | ON_A_CLOCK | ON_A_FACT


@dataclass(frozen=True)
class Change:
    """A limit as it is and as it would be; one of the two is None where it begins or falls away."""

    before: Shown | None
    after: Shown | None

    @property
    def shown(self) -> Shown:
        shown = self.after or self.before
        assert shown is not None  # noqa: S101  one of both is there
        return shown


class _TakenBack(Exception):
    """Ends a rehearsal: everything that it wrote is rolled back."""


def carry_out(
    *,
    actor: Actor,
    matter_id: UUID,
    verb: str,
    values: Mapping[str, Any],
    version: int | None,
    once: Once | None = None,
) -> None:
    """One of ``VERBS``; ``values`` are what its function in clocks/domain takes."""
    with attempt(actor, verb=f"clock.{verb}", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        VERBS[verb](actor=actor, matter_id=matter_id, version=version, **values)
        if once:
            once.end(Matter.objects.get(pk=matter_id))


def rehearsed(
    *, actor: Actor, matter_id: UUID, verb: str, values: Mapping[str, Any], version: int | None
) -> list[Change]:
    """Which limits the act would change, and to what. Nothing stays written, neither a change nor a refusal.

    Raises the same as the act itself.
    """
    changes: list[Change] = []
    with scope(actor):
        try:
            with transaction.atomic():
                matter = Matter.objects.visible_to(actor).filter(pk=matter_id).first()
                before = {each.clock.pk: each for each in shown_of(matter)} if matter else {}
                VERBS[verb](actor=actor, matter_id=matter_id, version=version, **values)
                after = {each.clock.pk: each for each in shown_of(Matter.objects.get(pk=matter_id))}
                changes += [
                    Change(before.get(pk), each)
                    for pk, each in after.items()
                    if _differs(before.get(pk), each)
                ]
                changes += [Change(each, None) for pk, each in before.items() if pk not in after]
                raise _TakenBack
        except _TakenBack:
            pass
    return changes


def _differs(before: Shown | None, after: Shown) -> bool:
    if before is None:
        return True
    kept = ("state", "started_at", "due_at", "stopped_at")
    return any(getattr(before.clock, name) != getattr(after.clock, name) for name in kept)
