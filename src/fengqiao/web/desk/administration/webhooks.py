"""The security administrator keeps the subscriptions of other systems and looks after what did not arrive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain import subscribing
from fengqiao.exchange.enums import TEST_EVENT, DeliveryState, EventType, Problem
from fengqiao.exchange.models import Delivery, Subscription
from fengqiao.exchange.queries import webhooks as query
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.places.queries.acting import place_label
from fengqiao.web.desk.administration import told_once
from fengqiao.web.desk.administration.forms import SubscriptionForm
from fengqiao.web.desk.administration.people import administrator
from fengqiao.web.kit.forms import show_refusal

MADE = "made"
TONES = {
    DeliveryState.WAITING: "amber",
    DeliveryState.DONE: "green",
    DeliveryState.DEAD: "red",
    DeliveryState.WITHHELD: "",
}


@require_GET
def webhooks(request: HttpRequest) -> HttpResponse:
    """All subscriptions of the administrator's county."""
    actor = administrator(request)
    found = query.with_counts(query.subscriptions_of(actor))
    return render(request, "administration/webhooks.html", {"rows": [_row(each) for each in found]})


@require_http_methods(["GET", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """A new subscription; its secret stands on the next page, once."""
    actor = administrator(request)
    form = SubscriptionForm(actor, request.POST) if request.method == "POST" else SubscriptionForm(actor)
    if form.is_bound and form.is_valid():
        try:
            made, secret = subscribing.subscribe(actor=actor, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            told_once.keep(request.session, about=made.pk, done=MADE, secret=secret)
            return redirect("webhook", made.pk)
    with scope(actor):
        context = {"form": form, "has_posts": bool(form.posts)}
        status = 422 if form.is_bound else 200
        return render(request, "administration/webhook_subscribe.html", context, status=status)


@require_GET
def webhook(request: HttpRequest, subscription_id: UUID) -> HttpResponse:
    """One subscription: where to, what, and how its deliveries fared."""
    actor = administrator(request)
    _done, secret = told_once.take(request.session, about=subscription_id)
    return _webhook(request, actor, subscription_id, secret=secret)


@require_POST
def end_webhook(request: HttpRequest, subscription_id: UUID) -> HttpResponse:
    """Ends it."""
    return _done(
        request, subscription_id, lambda actor: subscribing.end(actor=actor, subscription_id=subscription_id)
    )


@require_POST
def test_webhook(request: HttpRequest, subscription_id: UUID) -> HttpResponse:
    """Sends a test event."""

    def act(actor: Actor) -> None:
        subscribing.send_test(actor=actor, subscription_id=subscription_id)
        messages.success(request, _("测试事件已排队，稍后刷新看结果。"))

    return _done(request, subscription_id, act)


@require_POST
def resend_webhook(request: HttpRequest, subscription_id: UUID) -> HttpResponse:
    """Sends one dead letter again, or all of them."""

    def act(actor: Actor) -> None:
        asked = request.POST.get("delivery", "")
        try:
            one = UUID(asked) if asked else None
        except ValueError:
            raise Refusal("nothing_to_resend", _("没有可以重新送出的事件。")) from None
        number = subscribing.resend(actor=actor, subscription_id=subscription_id, delivery_id=one)
        told = ngettext("%(n)d 个事件已排队重新送出。", "%(n)d 个事件已排队重新送出。", number)
        messages.success(request, told % {"n": number})

    return _done(request, subscription_id, act)


def _done(request: HttpRequest, subscription_id: UUID, act: Callable[[Actor], object]) -> HttpResponse:
    actor = administrator(request)
    try:
        act(actor)
    except NotAllowed:
        raise
    except Refusal as refusal:
        with scope(actor):
            return _webhook(request, actor, subscription_id, refusal=refusal)
    return redirect("webhook", subscription_id)


def _webhook(
    request: HttpRequest,
    actor: Actor,
    subscription_id: UUID,
    *,
    secret: str | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    found = query.with_counts(query.subscriptions_of(actor)).filter(pk=subscription_id).first()
    if found is None:
        raise NotAllowed("subscription_not_found", _("本县没有这个订阅。"))
    status = request.GET.get("status", "")
    page = query.deliveries(found, status=status, cursor=request.GET.get("cursor", ""))
    here = reverse("webhook", args=[found.pk])
    asked = {"status": status} if status in DeliveryState.values else {}
    context = {
        "row": _row(found),
        "secret": secret,
        "refusal": refusal,
        "deliveries": [_delivery(each) for each in page.rows],
        "kinds": [
            {
                "label": label,
                "href": f"{here}?{urlencode({'status': value})}" if value else here,
                "here": value == asked.get("status", ""),
            }
            for value, label in [("", _("全部")), *DeliveryState.choices]
        ],
        "next_href": f"{here}?{urlencode(asked | {'cursor': page.next_cursor})}" if page.next_cursor else "",
        "first_href": "" if page.is_first else f"{here}?{urlencode(asked)}",
    }
    return render(request, "administration/webhook.html", context, status=refusal.status if refusal else 200)


def _row(each: Subscription) -> dict[str, Any]:
    resting = each.resting_until is not None and each.resting_until > timezone.now()
    return {
        "subscription": each,
        "place": place_label(each.stationing),
        "account": each.stationing.person,
        "types": [kind.label for kind in EventType if kind in each.types],
        "waiting": each.waiting,  # type: ignore[attr-defined]
        "dead": each.dead,  # type: ignore[attr-defined]
        "is_over": each.ended_at is not None,
        "is_resting": resting,
    }


def _delivery(each: Delivery) -> dict[str, Any]:
    status = DeliveryState(each.status)
    return {
        "delivery": each,
        "type": _("测试") if each.type == TEST_EVENT else EventType(each.type).label,
        "status": status.label,
        "tone": TONES[status],
        "problem": Problem(each.problem).label if each.problem else "",
        "is_dead": status is DeliveryState.DEAD,
        "is_waiting": status is DeliveryState.WAITING,
    }
