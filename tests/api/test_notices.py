"""Notices through the API: one's own alone, marked as read once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.api import limits
from tests.api.test_reading import broken
from tests.dispatch.hands import LABOUR, dispatched
from tests.dispatch.test_whistling import blown
from tests.notices.inbox import inbox
from tests.notices.test_telling import told
from tests.small_county import SmallCounty, build
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db
NOTICES = "/api/v1/notices"


@pytest.fixture
def county(db: None) -> SmallCounty:
    limits.forget()
    return build()


@pytest.fixture
def labour(county: SmallCounty) -> Client:
    return at_the_desk(county, *LABOUR)


def test_ones_own_are_listed_newest_first_and_read(county: SmallCounty, labour: Client):
    matter = dispatched(county, reply_by=date(2099, 1, 1))
    whistle = blown(county)
    newest, arrived = labour.get(NOTICES).json()["items"]
    assert (newest["kind"], newest["urgency"], newest["subject"]) == ("whistled", "urgent", str(whistle.pk))
    assert arrived == arrived | {
        "kind": "dispatched",
        "words": "有事项交办给本单位",
        "matter": matter.code,
        "due_on": "2099-01-01",
        "about": None,
        "read_at": None,
    }
    address = f"{NOTICES}/{arrived['id']}/read"
    first, again = (labour.post(address).json() for _ in range(2))
    assert first == again == arrived | {"read_at": first["read_at"]} and first["read_at"]
    assert [n["kind"] for n in labour.get(NOTICES, {"unread": True}).json()["items"]] == ["whistled"]
    director = at_the_desk(county, Role.DIRECTOR)
    assert director.get(NOTICES).json()["items"] == []
    assert broken(director.post(f"{NOTICES}/{newest['id']}/read"), 404) == [("", "notice_not_found")]
    assert inbox(county, *LABOUR)[0].read_at is None


def test_pages_by_cursor(county: SmallCounty, labour: Client):
    told(county, number=5)
    seen: list[Any] = []
    asked: dict[str, Any] = {"size": 2}
    for _ in range(3):
        page = labour.get(NOTICES, asked).json()
        seen += [each["id"] for each in page["items"]]
        asked["cursor"] = page["next"]
    assert asked["cursor"] is None and seen == [str(n.pk) for n in inbox(county, *LABOUR)]
    of_all = labour.get(NOTICES, {"size": 2}).json()["next"]
    assert broken(labour.get(NOTICES, {"unread": True, "cursor": of_all})) == [("cursor", "foreign_cursor")]


@pytest.mark.parametrize("number", [1, 20])
def test_the_statements_do_not_grow(
    county: SmallCounty, labour: Client, number: int, django_assert_num_queries: Any
):
    dispatched(county)
    told(county, number=number)
    with django_assert_num_queries(9):
        assert len(labour.get(NOTICES).json()["items"]) == number + 1
