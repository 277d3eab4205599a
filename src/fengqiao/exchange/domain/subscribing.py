"""Subscriptions of other systems: made, tried, ended, and their dead letters sent again. All of it is audited.

The security administrator of the county keeps them: who gets something out of the house. What it is about they
do not see, and the deliveries do not tell.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.policies import may_keep_people
from fengqiao.audit.domain.record import attempt, record
from fengqiao.exchange.domain.telling import GIVE_UP
from fengqiao.exchange.enums import TEST_EVENT, DeliveryState, EventType, Problem
from fengqiao.exchange.models import Delivery, Subscription
from fengqiao.exchange.queries.webhooks import posts_for, subscriptions_of
from fengqiao.exchange.sending import check_address
from fengqiao.kernel import clock, crypto
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.kernel.ids import new_id

MOST = 20


def subscribe(
    *, actor: Actor, stationing_id: UUID | None, name: str, address: str, types: Collection[str]
) -> tuple[Subscription, str]:
    """Sends events from now on; returns the subscription and its signing secret, which is shown once.

    Raises ``Invalid`` by field, ``NotAllowed`` or ``Refusal``.
    """
    with attempt(actor, verb="webhook.subscribe"):
        _may_keep(actor)
        errors: dict[str, Any] = {}
        name = name.strip()
        if not name:
            errors["name"] = _("请写明这是哪个系统。")
        if not types or not set(types) <= set(EventType.values):
            errors["types"] = _("请至少选一种事件。")
        post = posts_for(actor).filter(pk=stationing_id).first() if stationing_id else None
        if post is None:
            errors["stationing_id"] = _("请选一个在任的数据交换岗位。")
        try:
            address = check_address(address)
        except Invalid as wrong:
            errors |= wrong.errors
        if errors or post is None:
            raise Invalid(errors)
        if subscriptions_of(actor).filter(ended_at=None).count() >= MOST:
            raise Refusal(
                "too_many_subscriptions", _("最多 %(most)d 个订阅。请先停用不用的。") % {"most": MOST}
            )
        key, secret = new_id(), "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        made = Subscription.objects.create(
            id=key,
            county=actor.county,
            stationing=post,
            name=name,
            address=address,
            types=sorted(types),
            secret=crypto.protect(
                crypto.Keyring.load(settings.KEYRING),
                county=actor.county,
                row=str(key),
                field="secret",
                value=secret,
            ),
            made_at=clock.now(),
            made_by_id=actor.person_id,
        )
        details = {"address": address, "types": sorted(types), "post": str(post.post_id)}
        record(actor=actor, verb="webhook.subscribe", subject=f"webhook:{made.pk}", details=details)
    return made, secret


def end(*, actor: Actor, subscription_id: UUID) -> None:
    """Sends nothing more; what still waited becomes dead letters."""
    verb, subject = "webhook.end", f"webhook:{subscription_id}"
    with attempt(actor, verb=verb, subject=subject):
        found = _running(actor, subscription_id)
        found.ended_at, found.ended_by_id = clock.now(), actor.person_id
        found.save(update_fields=["ended_at", "ended_by"])
        Delivery.objects.filter(subscription_id=found.pk, status=DeliveryState.WAITING).update(
            status=DeliveryState.DEAD, problem=Problem.ENDED
        )
        record(actor=actor, verb=verb, subject=subject)


def resend(*, actor: Actor, subscription_id: UUID, delivery_id: UUID | None = None) -> int:
    """Sends one dead letter again, or all of a subscription, with the same ids; tells how many.

    They are tried as if they were new, and at once, even when the receiver was left to rest.
    """
    verb, subject = "webhook.resend", f"webhook:{subscription_id}"
    with attempt(actor, verb=verb, subject=subject):
        found = _running(actor, subscription_id)
        dead = Delivery.objects.filter(subscription_id=found.pk, status=DeliveryState.DEAD)
        if delivery_id is not None:
            dead = dead.filter(pk=delivery_id)
        now = timezone.now()
        number = dead.update(status=DeliveryState.WAITING, due_at=now, give_up_at=now + GIVE_UP, tries=0)
        if not number:
            raise Refusal("nothing_to_resend", _("没有可以重新送出的事件。"))
        _go(found)
        record(actor=actor, verb=verb, subject=subject, details={"number": number})
    return number


def send_test(*, actor: Actor, subscription_id: UUID) -> Delivery:
    """Sends an event that tells of nothing, signed and retried as any other."""
    verb, subject = "webhook.test", f"webhook:{subscription_id}"
    with attempt(actor, verb=verb, subject=subject):
        found = _running(actor, subscription_id)
        now = timezone.now()
        made = Delivery.objects.create(
            county=found.county,
            subscription=found,
            type=TEST_EVENT,
            at=clock.now(),
            written_at=now,
            due_at=now,
            # A test that fails is over at once: nobody waits for it a day later.
            give_up_at=now,
        )
        _go(found)
        record(actor=actor, verb=verb, subject=subject)
    return made


def _go(found: Subscription) -> None:
    from fengqiao.exchange.tasks import send_webhooks

    Subscription.objects.filter(pk=found.pk).update(failures=0, resting_until=None)
    send_webhooks.defer(subscription=str(found.pk), county=found.county)


def _running(actor: Actor, subscription_id: UUID) -> Subscription:
    _may_keep(actor)
    # Not the whole lock: every act on a matter refers to the row by its key, and may hold the audit's chain.
    locked = subscriptions_of(actor).select_for_update(of=("self",), no_key=True)
    found = locked.filter(pk=subscription_id).first()
    if found is None:
        raise NotAllowed("subscription_not_found", _("本县没有这个订阅。"))
    if found.ended_at is not None:
        raise Refusal("subscription_ended", _("这个订阅已经停用。"))
    return found


def _may_keep(actor: Actor) -> None:
    if not may_keep_people(actor):
        raise NotAllowed("post_may_not_keep_webhooks", _("事件订阅由安全管理员管理。"))
