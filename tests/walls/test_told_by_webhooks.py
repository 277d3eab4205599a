"""What leaves the house by a webhook: what the exchange post of the matrix sees of its own county, and is open.

The deliveries are written for every matter of the ground, also those that should never have been: what counts
is what arrives at a real receiver.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain import delivering
from fengqiao.exchange.domain.telling import write_outbox
from fengqiao.exchange.enums import EventType
from fengqiao.matters.enums import Restriction
from fengqiao.matters.events import Link, Recorded
from fengqiao.matters.queries.visibility import MatterQuerySet
from tests import template_database
from tests.exchange.hooks import send, statuses, subscribed
from tests.exchange.receiver import receiving
from tests.walls.sight_ground import SightGround, lay
from tests.walls.test_visibility_matrix import SEEN

PLACES = [place for role, place in SEEN if role is Role.EXCHANGE]


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SightGround]:
    with django_db_blocker.unblock():
        yield lay()
        template_database.copy_template()


@pytest.fixture
def told(ground: SightGround, settings: Any) -> Any:
    """The keys of the matters that a receiver is told of for the exchange post of a place."""
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]

    def tell(place: str) -> set[str]:
        exchange = ground.actor(Role.EXCHANGE, place)
        with transaction.atomic(), receiving() as receiver:
            subscription, _secret = subscribed(
                ground.county, receiver, EventType.REGISTERED, place=place, keeper=place
            )
            with scope(delivering.clerk(exchange.county)):
                write_outbox(Recorded(actor=exchange, links=tuple(links(ground, exchange.county))))
            send(subscription)
            codes = {json.loads(body)["subject"] for _headers, body in receiver.got}
            assert {status for status, *_rest in statuses(subscription)} <= {"done", "withheld"}
            transaction.set_rollback(True)
        return {key for key, matter in ground.matters.items() if matter.code in codes}

    return tell


def links(ground: SightGround, county: str) -> Iterator[Link]:
    """The registration of every matter of the county, each said to be open."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT matter_id, id, at FROM matters_historyevent WHERE seq = 1")
        first = {matter: (link, at) for matter, link, at in cursor.fetchall()}
    for matter in ground.matters.values():
        if matter.county != county:
            continue
        link, at = first[matter.id]
        yield Link(
            id=link,
            matter_id=matter.id,
            county=county,
            restriction=Restriction.OPEN,
            holder_id=matter.holder_id,
            type="matter.registered",
            seq=1,
            at=at,
            from_step="",
            step="register",
            state="registered",
            content=b"",
        )


@pytest.mark.parametrize("place", PLACES)
def test_each_exchange_post_is_told_what_it_sees_and_what_is_open(ground, told, place):
    county = ground.actor(Role.EXCHANGE, place).county
    own = {key for key, matter in ground.matters.items() if matter.county == county}
    open_ones = own - {"restricted", "sealed"}
    assert told(place) == SEEN[Role.EXCHANGE, place] & open_ones


def test_without_visible_to_a_town_is_told_too_much(ground, told, monkeypatch):
    right = told("town")
    monkeypatch.setattr(MatterQuerySet, "visible_to", lambda self, actor: self)
    assert right < told("town")
