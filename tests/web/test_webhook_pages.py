"""The security administrator subscribes other systems, sees what did not arrive and sends it again."""

import ipaddress
import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from standardwebhooks import Webhook

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.exchange.domain import delivering
from fengqiao.exchange.enums import EventType
from fengqiao.exchange.models import Delivery, Subscription
from fengqiao.exchange.queries import webhooks as query
from tests import small_county
from tests.exchange.hooks import rows, send, subscribed
from tests.exchange.receiver import receiving
from tests.small_county import SmallCounty, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def this_machine(settings) -> None:
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture
def keeper(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.SECURITY_ADMINISTRATOR)


@pytest.fixture
def receiver():
    with receiving() as made:
        yield made


def page_of(keeper: Client, subscription: Subscription, **asked):
    return keeper.get(reverse("webhook", args=[subscription.pk]), asked)


def test_from_the_form_to_the_signed_event(county, keeper, receiver):
    assert "还没有系统订阅" in text_of(keeper.get(reverse("webhooks")))
    data = {
        "name": "市级平台",
        "address": receiver.address,
        "stationing_id": str(county.stationings[str(Role.EXCHANGE), "county"].pk),
        "types": [EventType.REGISTERED],
    }
    form = keeper.get(reverse("webhook_subscribe")).content.decode()
    assert data["stationing_id"] in form
    assert str(county.stationings[str(Role.EXCHANGE), "other"].pk) not in form
    answer = keeper.post(reverse("webhook_subscribe"), data)
    with scope(delivering.clerk("440785")):
        subscription = Subscription.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        reverse("webhook", args=[subscription.pk]),
    )
    shown = page_of(keeper, subscription).content.decode()
    secret = unescape(re.search(r'data-copy="([^"]+)"', shown)[1])
    assert secret not in page_of(keeper, subscription).content.decode()
    matter = registered(county)
    send(subscription)
    [(headers, body)] = receiver.got
    assert Webhook(secret).verify(body, headers)["subject"] == matter.code
    registered(county, title="又一件")
    [row] = keeper.get(reverse("webhooks")).context["rows"]
    assert (row["waiting"], row["dead"]) == (1, 0)
    page = text_of(page_of(keeper, subscription))
    assert ("已送达" in page, " 200 " in page) == (True, True)
    assert "市级平台" in text_of(keeper.get(reverse("webhooks")))


def test_the_pages_tell_of_no_matter(county, keeper, receiver):
    subscription, _secret = subscribed(county, receiver)
    receiver.usual = 500
    matter = registered(county)
    send(subscription)
    for page in (keeper.get(reverse("webhooks")), page_of(keeper, subscription)):
        text = page.content.decode()
        assert (matter.code in text, matter.title in text, str(matter.id) in text) == (False,) * 3
    assert "对方没有确认" in text_of(page_of(keeper, subscription))


def test_what_did_not_arrive_is_seen_and_sent_again(county, keeper, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    receiver.usual = 422
    for number in range(3):
        registered(county, title=f"第{number}件")
    with scope(delivering.clerk("440785")):
        Delivery.objects.update(give_up_at="2026-01-01T00:00:00Z")
    send(subscription)
    assert "3 个没有送达" in text_of(keeper.get(reverse("webhooks")))
    page = page_of(keeper, subscription, status="dead")
    assert text_of(page).count(" 422 对方没有确认") == 3
    receiver.usual = 200
    one = rows(subscription)[1]
    again = reverse("webhook_resend", args=[subscription.pk])
    assert keeper.post(again, {"delivery": str(one.pk)}).status_code == 302
    send(subscription)
    assert receiver.ids[-1] == str(one.pk)
    assert "1 个事件已排队重新送出" in text_of(page_of(keeper, subscription))
    assert keeper.post(again).status_code == 302
    send(subscription)
    assert {row.status for row in rows(subscription)} == {"done"}
    for nothing in ({}, {"delivery": str(one.pk)}, {"delivery": "x"}):
        answer = keeper.post(again, nothing)
        assert (answer.status_code, "没有可以重新送出的事件" in text_of(answer)) == (409, True)
    with scope(county.actor(Role.AUDITOR)):
        assert Entry.objects.filter(verb="webhook.resend", result="done").count() == 2


def test_a_test_event_and_the_end(county, keeper, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    assert keeper.post(reverse("webhook_test", args=[subscription.pk])).status_code == 302
    send(subscription)
    assert "测试" in text_of(page_of(keeper, subscription, status="done"))
    assert keeper.post(reverse("webhook_end", args=[subscription.pk])).status_code == 302
    assert "已停用" in text_of(page_of(keeper, subscription))
    answer = keeper.post(reverse("webhook_test", args=[subscription.pk]))
    assert (answer.status_code, "这个订阅已经停用" in text_of(answer)) == (409, True)


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(county, keeper):
    data = {
        "name": "市级平台",
        "address": "http://gateway.example.gov.cn/",
        "stationing_id": str(county.stationings[str(Role.EXCHANGE), "county"].pk),
        "types": [EventType.REGISTERED],
    }
    answer = keeper.post(reverse("webhook_subscribe"), data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "事件不能不加密地送出去" in text
    assert 'value="http://gateway.example.gov.cn/"' in text
    with scope(delivering.clerk("440785")):
        assert Subscription.objects.count() == 0


def test_another_countys_administrator_opens_none_of_it(county, receiver):
    subscription, _secret = subscribed(county, receiver)
    other = at_the_desk(county, Role.SECURITY_ADMINISTRATOR, "other")
    assert "市级平台" not in text_of(other.get(reverse("webhooks")))
    assert page_of(other, subscription).status_code == 403
    for door in ("webhook_end", "webhook_test", "webhook_resend"):
        assert other.post(reverse(door, args=[subscription.pk])).status_code == 403


def test_the_deliveries_page_by_cursor(county, keeper, receiver, django_assert_num_queries):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    registered(county, title="甲")
    with django_assert_num_queries(10):
        page_of(keeper, subscription)
    for number in range(4):
        registered(county, title=f"第{number}件")
    actor = county.actor(Role.SECURITY_ADMINISTRATOR)
    with scope(actor):
        first = query.deliveries(subscription, size=3)
        second = query.deliveries(subscription, size=3, cursor=first.next_cursor)
        other_list = query.deliveries(subscription, status="dead", size=3, cursor=first.next_cursor)
    assert (len(first.rows), len(second.rows), second.next_cursor) == (3, 2, "")
    assert len({row.pk for row in [*first.rows, *second.rows]}) == 5
    assert other_list.is_first
    with django_assert_num_queries(10):
        page_of(keeper, subscription)
