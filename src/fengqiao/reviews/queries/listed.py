"""The accountability list as pages, sheets and the API show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.clocks.enums import ClockState
from fengqiao.clocks.models import Clock
from fengqiao.dispatch.enums import Decision
from fengqiao.dispatch.models import ReturnRequest
from fengqiao.kernel import clock
from fengqiao.reviews.enums import HeldAction, Source, Standing
from fengqiao.reviews.models import ListedFact
from fengqiao.reviews.policies import listed_visible_to, may_reply, may_withdraw
from fengqiao.reviews.queries.seen import Seen, SeenFilter, said, seen
from fengqiao.rules.queries.accountability import all_rules


@dataclass(frozen=True)
class ListFilter:
    """Which entries; all that is set must hold. ``first`` and ``last`` are days on which they were entered."""

    kind: str = ""
    standing: str = ""
    department: UUID | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Shown:
    """An entry with what is said of it; ``is_shown_still``: whether the ledger shows the fact today."""

    listed: ListedFact
    standing: Standing
    sentence: str
    basis: str
    is_shown_still: bool
    actions: tuple[HeldAction, ...]

    @property
    def body(self) -> str:
        """The body of which it is said."""
        department = self.listed.department
        return department.short_name if department else str(self.listed.centre.name)


def entries(actor: Actor, wanted: ListFilter) -> QuerySet[ListedFact]:
    """The entries that fit and that the post sees, the newest first."""
    found = listed_visible_to(actor).select_related("matter", "department", "centre", "commission")
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.department:
        found = found.filter(department_id=wanted.department)
    if wanted.first:
        found = found.filter(entered_at__gte=_start(wanted.first))
    if wanted.last:
        found = found.filter(entered_at__lt=_start(wanted.last + timedelta(days=1)))
    if wanted.standing:
        found = found.filter(_STANDS[Standing(wanted.standing)](clock.today()))
    return found.order_by("-entered_at", "-pk")


def shown(actor: Actor, found: Iterable[ListedFact]) -> list[Shown]:
    """The entries as they are shown, each held against the ledger of today (two statements)."""
    rows = list(found)
    gone = _gone(rows)
    today = clock.today()
    return [
        Shown(
            listed=each,
            standing=each.standing(today),
            sentence=said(each.kind, each.facts),
            basis=all_rules()[each.rule].basis if each.rule in all_rules() else "",
            is_shown_still=each.source_id not in gone,
            actions=tuple(_actions(actor, each)),
        )
        for each in rows
    ]


def not_entered(actor: Actor, wanted: SeenFilter, *, most: int) -> list[Seen]:
    """The facts that the ledger shows and that are not on the list."""
    found = seen(actor, wanted, most=most)
    known = ListedFact.objects.filter(source_id__in=[each.source_id for each in found], withdrawn_at=None)
    entered = set(known.values_list("kind", "source_id"))
    return [each for each in found if each.key not in entered]


def _actions(actor: Actor, listed: ListedFact) -> Iterable[HeldAction]:
    if listed.withdrawn_at is not None:
        return
    if may_reply(actor, listed) and listed.replied_at is None:
        yield HeldAction.REPLY
    if may_withdraw(actor, listed):
        yield HeldAction.WITHDRAW


def _gone(rows: Sequence[ListedFact]) -> set[UUID]:
    """Of which of these the ledger does not say any more what it said: a fact was put right, a ruling changed."""
    by_source: dict[str, list[UUID]] = {}
    for each in rows:
        by_source.setdefault(each.source, []).append(each.source_id)
    gone: set[UUID] = set()
    clocks = by_source.get(Source.CLOCK, [])
    if clocks:
        broken = Q(state=ClockState.RUNNING, due_at__lte=clock.now())
        broken |= Q(state=ClockState.STOPPED, stopped_at__gt=F("due_at"))
        gone |= set(clocks) - set(Clock.objects.filter(broken, pk__in=clocks).values_list("pk", flat=True))
    returns = by_source.get(Source.RETURN, [])
    if returns:
        standing = ReturnRequest.objects.filter(pk__in=returns, decision=Decision.REFUSED)
        gone |= set(returns) - set(standing.values_list("pk", flat=True))
    return gone


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.SHANGHAI)


_STANDS = {
    Standing.WITHDRAWN: lambda today: Q(withdrawn_at__isnull=False),
    Standing.REPLIED: lambda today: Q(withdrawn_at=None, replied_at__isnull=False),
    Standing.TO_REPLY: lambda today: Q(withdrawn_at=None, replied_at=None, reply_by__gte=today),
    Standing.UNANSWERED: lambda today: Q(withdrawn_at=None, replied_at=None, reply_by__lt=today),
}
