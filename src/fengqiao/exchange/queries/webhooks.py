"""Subscriptions of a county and their deliveries, as the security administrator looks after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from fengqiao.accounts.actor import Actor
from fengqiao.exchange.enums import DeliveryState
from fengqiao.exchange.models import Delivery, Subscription
from fengqiao.kernel.codes import county_of, prefix_range
from fengqiao.places.models import Stationing
from fengqiao.places.queries.machines import BESIDE, exchange_posts

PAGE = 30


def posts_for(actor: Actor) -> QuerySet[Stationing]:
    """The exchange posts of the administrator's own county that a subscription can be made for."""
    low, high = prefix_range(county_of(actor.division))
    return exchange_posts(actor).filter(
        post__division_id__gte=low, post__division_id__lt=high, person__is_active=True
    )


def subscriptions_of(actor: Actor) -> QuerySet[Subscription]:
    """All subscriptions of the actor's own county, ended ones too."""
    return (
        Subscription.objects.filter(county=actor.county)
        .select_related("made_by", "ended_by", *BESIDE)
        .order_by("-made_at", "-id")
    )


def with_counts(found: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """Each with how many of its deliveries wait (``waiting``) and how many are dead letters (``dead``)."""
    return found.annotate(waiting=_number(DeliveryState.WAITING), dead=_number(DeliveryState.DEAD))


def _number(status: DeliveryState) -> Any:
    # Each has an index of its own; counting over a join would read all that was ever delivered.
    of_one = Delivery.objects.filter(subscription_id=OuterRef("pk"), status=status.value)
    number = of_one.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(number), 0)


@dataclass(frozen=True)
class DeliveryPage:
    rows: Sequence[Delivery]
    next_cursor: str
    is_first: bool


def deliveries(
    subscription: Subscription, *, status: str = "", cursor: str = "", size: int = PAGE
) -> DeliveryPage:
    """One page of a subscription's deliveries, newest first (one statement)."""
    found = Delivery.objects.filter(subscription_id=subscription.pk)
    if status in DeliveryState.values:
        found = found.filter(status=status)
    after = _read_cursor(cursor, subscription, status)
    if after is not None:
        moment, key = after
        found = found.filter(Q(written_at__lt=moment) | Q(written_at=moment, pk__lt=key))
    rows = list(found.order_by("-written_at", "-id")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return DeliveryPage(
        rows=rows,
        next_cursor=_cursor(rows[-1], subscription, status) if more else "",
        is_first=after is None,
    )


def _cursor(last: Delivery, subscription: Subscription, status: str) -> str:
    return signing.dumps(
        [last.written_at.isoformat(), str(last.pk), str(subscription.pk), status], salt="deliveries"
    )


def _read_cursor(cursor: str, subscription: Subscription, status: str) -> tuple[datetime, UUID] | None:
    """The end of the page before; a cursor of another list or changed by hand begins anew."""
    if not cursor:
        return None
    try:
        moment, key, of, wanted = signing.loads(cursor, salt="deliveries")
    except (signing.BadSignature, ValueError):
        return None
    if (of, wanted) != (str(subscription.pk), status):
        return None
    return datetime.fromisoformat(moment), UUID(key)
