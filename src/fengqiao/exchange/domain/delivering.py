"""Sending what waits for a subscription, one after the other, until nothing is due or the receiver is in trouble.

One job at a time sends for a subscription (its lease is ``busy_until``), and no transaction is open while the
receiver is waited for: one that hangs holds one job of one worker for seconds, and then is left to rest. A
worker that dies between sending and writing down leaves the delivery waiting; it is sent again with the same
id. At least once, never exactly once: that is the receiver's part (docs/webhooks.md).
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import record
from fengqiao.exchange.enums import DeliveryState, Problem
from fengqiao.exchange.models import Delivery, Subscription
from fengqiao.exchange.sending import Outcome, send
from fengqiao.flows.sign_in import NOBODY
from fengqiao.kernel import clock, crypto
from fengqiao.kernel.codes import county_of
from fengqiao.matters.enums import Restriction
from fengqiao.matters.models import HistoryEvent, Matter
from fengqiao.places.models import Centre, Stationing
from fengqiao.places.queries.acting import actor_of
from fengqiao.places.queries.machines import BESIDE
from fengqiao.places.queries.people import is_running

# How long a job of a worker that died keeps others from its subscription, and a delivery from being sent again.
LEASE = timedelta(minutes=2)
# A job leaves room for others after this, and goes on in another.
JOB_SECONDS = 45.0
# By the number of tries: about a day and a half in all, and then it is a dead letter.
DELAYS = (30, 120, 600, 1800, 3600, 7200, 14400, 21600)
# By the failures of the receiver one after the other: how long all of its deliveries wait.
RESTS = (10, 20, 40, 80, 160, 300, 600, 900, 1800)
JITTER = 0.2
MOST_AT_A_TIME = 500
# How many that wait are looked at together: most of them may be of matters that the post does not see.
LOOKED_AT = 100
KEPT = timedelta(days=30)
DEAD_KEPT = timedelta(days=180)

_chance = random.SystemRandom()


def clerk(county: str) -> Actor:
    """Who sends for a county: nobody, who reaches its subscriptions and no matter."""
    return Actor(person_id=NOBODY, name="", role=Role.EXCHANGE, county=county)


@dataclass(frozen=True)
class Letter:
    """What is sent in one try; without an address it could not even be tried."""

    delivery_id: UUID
    address: str = ""
    secret: str = ""
    body: str = ""
    problem: Problem = Problem.NONE


def send_due(*, subscription_id: UUID, county: str) -> None:
    """Sends what is due for a subscription, unless another job does already or its receiver rests."""
    who = clerk(county)
    if not _take(who, subscription_id):
        return
    until = time.monotonic() + JOB_SECONDS
    try:
        while (letter := _next(who, subscription_id)) is not None:
            outcome = _sent(letter)
            if not _mark(who, subscription_id, letter.delivery_id, outcome) or time.monotonic() > until:
                break
    finally:
        _release(who, subscription_id)


def queue_due() -> int:
    """Puts the sending of all that is due into the queue: retries, and what a lost job left; tells how much."""
    from fengqiao.exchange.tasks import send_webhooks

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subscription, county FROM webhooks_due(%s, %s)", [timezone.now(), MOST_AT_A_TIME]
        )
        due = cursor.fetchall()
    for subscription, county in due:
        send_webhooks.defer(subscription=str(subscription), county=county)
    return len(due)


def sweep() -> int:
    """Removes what is done for a month and dead for half a year, county by county; tells how much."""
    now, removed = timezone.now(), 0
    over = Q(done_at__lt=now - KEPT) | Q(status=DeliveryState.DEAD, written_at__lt=now - DEAD_KEPT)
    posts = Stationing.objects.filter(post__role=Role.EXCHANGE).values_list("post__division_id", flat=True)
    for county in sorted({county_of(division) for division in posts}):
        with scope(clerk(county)):
            gone, _each = Delivery.objects.filter(over, county=county).delete()
            removed += gone
    return removed


def body_of(delivery: Delivery, *, code: str, seq: int | None, place: str) -> str:
    """The CloudEvent (1.0, structured JSON); the same text at every try. It names no person."""
    event = {
        "specversion": "1.0",
        "id": str(delivery.id),
        "source": f"/counties/{delivery.county}",
        "type": f"fengqiao.{delivery.type}",
        "time": delivery.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {"county": delivery.county},
    }
    if code:
        event |= {
            "subject": code,
            "data": {
                "county": delivery.county,
                "code": code,
                "sequence": seq,
                "step": delivery.step,
                "state": delivery.state,
                "place": place,
            },
        }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


def _take(who: Actor, subscription_id: UUID) -> bool:
    now = timezone.now()
    free = Q(busy_until=None) | Q(busy_until__lt=now)
    rested = Q(resting_until=None) | Q(resting_until__lte=now)
    with scope(who):
        taken = Subscription.objects.filter(free, rested, pk=subscription_id).update(busy_until=now + LEASE)
    return bool(taken)


def _release(who: Actor, subscription_id: UUID) -> None:
    """Gives the lease back. What became due meanwhile, and found the subscription busy, gets a job of its own."""
    from fengqiao.exchange.tasks import send_webhooks

    with scope(who):
        Subscription.objects.filter(pk=subscription_id).update(busy_until=None)
        now = timezone.now()
        waiting = Subscription.objects.filter(
            pk=subscription_id, deliveries__status=DeliveryState.WAITING, deliveries__due_at__lte=now
        )
        rest = waiting.values_list("resting_until", flat=True).first()
        if rest is not None and rest > now:
            later = send_webhooks.configure(schedule_at=rest)
            later.defer(subscription=str(subscription_id), county=who.county)
        elif waiting.exists():
            send_webhooks.defer(subscription=str(subscription_id), county=who.county)


def _next(who: Actor, subscription_id: UUID) -> Letter | None:
    """The next delivery that is due, counted as tried; None when there is none."""
    while True:
        with scope(who):
            now = timezone.now()
            subscription = Subscription.objects.select_related(*BESIDE).get(pk=subscription_id)
            waiting = Delivery.objects.filter(subscription_id=subscription_id, status=DeliveryState.WAITING)
            if subscription.ended_at is not None:
                waiting.update(status=DeliveryState.DEAD, problem=Problem.ENDED)
                return None
            Subscription.objects.filter(pk=subscription_id).update(busy_until=now + LEASE)
            due = list(
                waiting.filter(due_at__lte=now)
                .select_for_update(of=("self",), skip_locked=True)
                .order_by("due_at", "written_at", "id")[:LOOKED_AT]
            )
            if not due:
                return None
            letter = _letter(subscription, due)
            if letter is not None:
                # Until the answer is written down it counts as one that was interrupted.
                Delivery.objects.filter(pk=letter.delivery_id).update(
                    tries=F("tries") + 1,
                    tried_at=now,
                    due_at=now + LEASE,
                    answer=None,
                    problem=Problem.INTERRUPTED,
                )
                return letter


def _letter(subscription: Subscription, due: Sequence[Delivery]) -> Letter | None:
    """What is sent of the first that may be told, as the exchange post sees the matters now.

    Those before it that may not are withheld; None when that is all of them.
    """
    held = subscription.stationing
    if not is_running(held, clock.today()) or not held.person.is_active:
        return Letter(due[0].id, problem=Problem.POST_ENDED)
    actor = actor_of(held)
    with scope(actor):
        told = {
            link: (code, seq)
            for link, code, seq in HistoryEvent.objects.filter(
                pk__in=[each.link_id for each in due if each.link_id is not None],
                restriction=Restriction.OPEN,
                matter__in=Matter.objects.visible_to(actor),
            )
            # That a row of an old ledger was registered is no news; what is done with it later is.
            .exclude(seq=1, matter__is_history=True)
            .values_list("id", "matter__code", "seq")
        }
    may = [each for each in due if each.link_id is None or each.link_id in told]
    first = may[0] if may else None
    withheld = due[: due.index(first)] if first else due
    if withheld:
        Delivery.objects.filter(pk__in=[each.id for each in withheld]).update(
            status=DeliveryState.WITHHELD, done_at=timezone.now(), problem=Problem.NONE
        )
    if first is None:
        return None
    code, seq, place = "", None, ""
    if first.link_id is not None and first.place_id is not None:
        code, seq = told[first.link_id]
        place = Centre.objects.filter(pk=first.place_id).values_list("division_id", flat=True).get()
    return Letter(
        first.id,
        address=subscription.address,
        secret=secret_of(subscription),
        body=body_of(first, code=code, seq=seq, place=place),
    )


def secret_of(subscription: Subscription) -> str:
    """The signing secret ("whsec_…")."""
    return crypto.reveal(
        crypto.Keyring.load(settings.KEYRING),
        county=subscription.county,
        row=str(subscription.id),
        field="secret",
        protected=bytes(subscription.secret),
    )


def _sent(letter: Letter) -> Outcome:
    if letter.problem is not Problem.NONE:
        return Outcome(problem=letter.problem)
    return send(
        address=letter.address,
        secret=letter.secret,
        message_id=str(letter.delivery_id),
        body=letter.body,
        at=datetime.now(UTC),
    )


def _mark(who: Actor, subscription_id: UUID, delivery_id: UUID, outcome: Outcome) -> bool:
    """Writes down how a try ended; False when no more should be sent now."""
    with scope(who):
        now = timezone.now()
        # The subscription first, the delivery after it, wherever both are locked.
        subscription = Subscription.objects.select_for_update(no_key=True).get(pk=subscription_id)
        delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
        delivery.answer, delivery.problem = outcome.answer, outcome.problem
        if outcome.is_taken:
            delivery.status, delivery.done_at = DeliveryState.DONE, now
        elif outcome.is_gone or delivery.give_up_at <= now:
            delivery.status = DeliveryState.DEAD
        else:
            delivery.due_at = now + _delay(DELAYS, delivery.tries)
        delivery.save(update_fields=["answer", "problem", "status", "done_at", "due_at"])
        if outcome.is_gone:
            _gone(who, subscription, now)
            return False
        if not outcome.is_about_the_receiver:
            if subscription.failures:
                subscription.failures, subscription.resting_until = 0, None
                subscription.save(update_fields=["failures", "resting_until"])
            return True
        subscription.failures += 1
        subscription.resting_until = now + _delay(RESTS, subscription.failures)
        subscription.save(update_fields=["failures", "resting_until"])
        # What waited behind it for as long would fail in the same way.
        Delivery.objects.filter(
            subscription_id=subscription_id, status=DeliveryState.WAITING, give_up_at__lte=now
        ).update(status=DeliveryState.DEAD, problem=outcome.problem)
        return False


def _gone(who: Actor, subscription: Subscription, now: datetime) -> None:
    subscription.ended_at = now
    subscription.save(update_fields=["ended_at"])
    Delivery.objects.filter(subscription_id=subscription.id, status=DeliveryState.WAITING).update(
        status=DeliveryState.DEAD, problem=Problem.ENDED
    )
    record(actor=who, verb="webhook.end", subject=f"webhook:{subscription.id}", details={"reason": "gone"})


def _delay(table: Sequence[int], count: int) -> timedelta:
    seconds = table[min(max(count, 1), len(table)) - 1]
    return timedelta(seconds=seconds * _chance.uniform(1 - JITTER, 1 + JITTER))
