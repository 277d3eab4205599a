"""What the tests of webhooks share: a subscription, its sending, and what is known of it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain import delivering, subscribing
from fengqiao.exchange.enums import EventType
from fengqiao.exchange.models import Delivery, Subscription
from fengqiao.exchange.tasks import send_webhooks
from tests.exchange.receiver import Receiver
from tests.small_county import SmallCounty

ALL = tuple(EventType.values)


def subscribed(
    county: SmallCounty, receiver: Receiver, *types: str, place: str = "county", keeper: str = "", **changes
):
    keeper = keeper or ("other" if place == "other" else "county")
    asked = {
        "stationing_id": county.stationings[str(Role.EXCHANGE), place].pk,
        "name": "市级平台",
        "address": receiver.address,
        "types": types or ALL,
    }
    return subscribing.subscribe(actor=county.actor(Role.SECURITY_ADMINISTRATOR, keeper), **asked | changes)


def send(subscription: Subscription) -> None:
    send_webhooks(subscription=str(subscription.pk), county=subscription.county)


def rows(subscription: Subscription, **wanted) -> list[Delivery]:
    with scope(delivering.clerk(subscription.county)):
        found = Delivery.objects.filter(subscription=subscription, **wanted)
        return list(found.order_by("written_at", "link__seq", "type"))


def statuses(subscription: Subscription) -> list[tuple[str, int, int | None, str]]:
    return [(row.status, row.tries, row.answer, row.problem) for row in rows(subscription)]


def due_now(subscription: Subscription) -> None:
    """The hours until the next try are over."""
    with scope(delivering.clerk(subscription.county)):
        moment = timezone.now() - timedelta(seconds=1)
        Delivery.objects.filter(subscription=subscription, status="waiting").update(due_at=moment)
        Subscription.objects.filter(pk=subscription.pk).update(resting_until=None, busy_until=None)


def jobs() -> list[dict]:
    found = ProcrastinateJob.objects.filter(task_name="exchange.send_webhooks").order_by("id")
    return [job.args for job in found]
