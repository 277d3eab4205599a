"""What a referral says to limits: the facts that they are counted by, and rests where their own rows know them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.writing_many import insert_many
from fengqiao.clocks.domain import keeping, moving
from fengqiao.clocks.domain.facts import new_fact
from fengqiao.clocks.domain.stating import check_at
from fengqiao.clocks.enums import BY_HAND, ClockState, FactKind
from fengqiao.clocks.models import Clock, Fact
from fengqiao.clocks.queries.facts import that_stand
from fengqiao.matters.models import Matter
from fengqiao.referrals.enums import OPEN
from fengqiao.referrals.models import Referral
from fengqiao.rules.queries.limits import all_limits
from fengqiao.rules.queries.referral_kinds import ReferralKind


def tell(matter: Matter, actor: Actor, kind: ReferralKind, fact: str, at: datetime) -> None:
    """Writes the fact down of a locked matter; one limit alone looks at it where the kind has one.

    What an officer wrote down by hand before the first referral of the kind stands for it.
    """
    if not fact:
        return
    check_at(matter, fact, at)
    by_hand = that_stand(Fact.objects.filter(matter_id=matter.pk, kind=fact)) if fact in BY_HAND else []
    if by_hand and Referral.objects.filter(matter_id=matter.pk, kind=kind.id).count() == 1:
        return
    _write(matter, [new_fact(matter, actor, fact, at, limit=_limit(kind))])


def give_up(matter: Matter, actor: Actor, kind: ReferralKind, at: datetime) -> None:
    """Nothing comes back: what ran meanwhile is over."""
    if kind.body:
        tell(matter, actor, kind, kind.on_ended, at)
        return
    _write(matter, [new_fact(matter, actor, FactKind.DONE, at, limit=limit) for limit in kind.limits])


def resting(matter: Matter, ground: str) -> list[Clock]:
    """The running clocks whose limits know this ground for a rest."""
    known = all_limits()
    running = Clock.objects.filter(matter_id=matter.pk, state=ClockState.RUNNING, due_at__isnull=False)
    return [each for each in running if each.limit in known and ground in known[each.limit].pauses_on]


def rest(matter: Matter, actor: Actor, ground: str, at: datetime, reason: str) -> None:
    """Lets these limits rest from ``at`` on; what is over by then stays over."""
    for each in resting(matter, ground):
        if each.due_at is not None and each.due_at > at:
            begun = max(at, each.started_at)
            moving.pause(
                actor=actor, matter_id=matter.pk, clock_id=each.pk, ground=ground, at=begun, reason=reason
            )


def go_on(matter: Matter, actor: Actor, kind: ReferralKind, at: datetime) -> None:
    """Lets run on what rested, where no other referral of the kind is open."""
    if Referral.objects.filter(matter_id=matter.pk, kind=kind.id, state__in=OPEN).exists():
        return
    known = all_limits()
    for each in Clock.objects.filter(matter_id=matter.pk, state=ClockState.PAUSED):
        if each.limit in known and kind.pauses in known[each.limit].pauses_on:
            moving.resume(actor=actor, matter_id=matter.pk, clock_id=each.pk, at=max(at, each.started_at))


def _limit(kind: ReferralKind) -> str:
    return kind.limits[0] if len(kind.limits) == 1 else ""


def _write(matter: Matter, facts: Sequence[Fact]) -> None:
    insert_many(list(facts))
    keeping.recompute_rows([matter])
