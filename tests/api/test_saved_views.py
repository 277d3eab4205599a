"""Saved views and scheduled exports through the API: the rules of the desk, said in shapes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.api import limits
from fengqiao.audit.models import Entry
from fengqiao.exchange.models import ExportSchedule
from fengqiao.matters.models import SavedView
from fengqiao.matters.queries.saved_views import views_of
from tests.api.test_reading import MATTERS, broken
from tests.api.test_writing import post
from tests.small_county import SmallCounty, build, registered
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db
VIEWS, SCHEDULES = "/api/v1/views", "/api/v1/schedules"


@pytest.fixture
def county(db: None) -> SmallCounty:
    limits.forget()
    return build()


@pytest.fixture
def director(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.DIRECTOR)


def saved(client: Client, name: str = "未了结", **sent: Any) -> str:
    """The address of a view that was saved."""
    answer = post(client, VIEWS, {"name": name, "filter": {"flag": "open"}} | sent)
    assert answer.status_code == 201, answer.content.decode()
    return str(answer.headers["Location"])


def scheduled(client: Client, view: str, **sent: Any) -> str:
    """The address of a schedule of a view."""
    asked = {"view": view.rsplit("/", 1)[1], "every": "day", "hour": 6, "kind": "csv"} | sent
    answer = post(client, SCHEDULES, asked)
    assert answer.status_code == 201, answer.content.decode()
    return str(answer.headers["Location"])


def put(client: Client, address: str, sent: Any) -> Any:
    return client.put(address, sent, content_type="application/json")


def names(actor: Actor) -> list[str]:
    with scope(actor):
        return list(views_of(actor).values_list("name", flat=True))


def verbs(county: SmallCounty, first: str) -> list[tuple[str, str]]:
    with scope(county.actor(Role.AUDITOR)):
        found = Entry.objects.filter(verb__startswith=first).order_by("seq")
        return list(found.values_list("verb", "result"))


def test_a_view_is_saved_read_used_changed_and_removed(county: SmallCounty, director: Client) -> None:
    matter = registered(county)
    registered(county, channel="hotline_12345")
    address = saved(director, "来访", filter={"channel": "visit", "order": "oldest"})
    told = director.get(address).json()
    assert told["filter"] == {"channel": "visit", "order": "oldest"}
    assert told["said"] == "来源渠道：来访；排序：最早登记在前"
    assert (told["mine"], told["may_change"], told["shared"], told["gone"]) == (True, True, False, [])
    listed = director.get(VIEWS).json()["items"]
    assert [each["id"] for each in listed] == [told["id"]]
    found = director.get(MATTERS, listed[0]["filter"]).json()["items"]
    assert [each["code"] for each in found] == [matter.code]
    changed = put(director, address, {"name": "窗口 来访", "shared": True})
    assert (changed.status_code, changed.json()["name"], changed.json()["shared"]) == (200, "窗口 来访", True)
    assert names(county.actor(Role.REGISTRAR)) == ["窗口 来访"]
    assert director.delete(address).status_code == 204
    assert broken(director.delete(address), 404) == [("", "view_not_found")]
    assert names(county.actor(Role.REGISTRAR)) == []
    assert verbs(county, "view") == [
        ("view.save", "done"), ("view.change", "done"), ("view.remove", "done"), ("view.remove", "refused"),
    ]  # fmt: skip


def test_a_view_is_saved_once_however_often_it_is_sent(county: SmallCounty, director: Client) -> None:
    key, sent = str(uuid4()), {"name": "甲", "filter": {"flag": "open"}}
    answers = [post(director, VIEWS, sent, key=key) for _n in range(2)]
    assert [each.json() for each in answers] == [answers[0].json()] * 2
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert names(county.actor(Role.DIRECTOR)) == ["甲"]
    assert broken(post(director, VIEWS, sent)) == [("name", "invalid")]


@pytest.mark.parametrize(
    ("sent", "status", "flaw"),
    [
        ({"name": ""}, 422, ("name", "string_too_short")),
        ({"name": "电话13800000001"}, 422, ("name", "invalid")),
        ({"name": "甲", "filter": {"centre": str(uuid4())}}, 422, ("filter.centre", "not_offered")),
        ({"name": "甲", "filter": {"q": "13800000001"}}, 409, ("", "number_not_saved")),
        ({"name": "甲", "shared": True}, 403, ("", "may_not_share_views")),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_saved(
    county: SmallCounty, sent: Any, status: int, flaw: tuple[str, str]
) -> None:
    assert broken(post(at_the_desk(county, Role.DISPATCHER), VIEWS, sent), status) == [flaw]
    with scope(county.actor(Role.DISPATCHER)):
        assert SavedView.objects.count() == 0


def test_nobodys_view_is_anothers_and_only_a_leader_changes_a_shared_one(
    county: SmallCounty, director: Client
) -> None:
    own, shared = saved(director, "自己的"), saved(director, "中心的", shared=True)
    other = at_the_desk(county, Role.REGISTRAR)
    assert broken(other.get(own), 404) == [("", "view_not_found")]
    assert broken(put(other, own, {"name": "乙"}), 404) == [("", "view_not_found")]
    assert broken(other.delete(own), 404) == [("", "view_not_found")]
    assert other.get(shared).json()["may_change"] is False
    assert broken(put(other, shared, {"name": "乙"}), 403) == [("", "may_not_change_view")]
    assert broken(other.delete(shared), 403) == [("", "may_not_change_view")]
    assert [each["name"] for each in other.get(VIEWS).json()["items"]] == ["中心的"]
    assert names(county.actor(Role.DIRECTOR)) == ["中心的", "自己的"]


def test_a_view_is_exported_by_a_schedule_until_it_is_stopped(county: SmallCounty, director: Client) -> None:
    view = saved(director)
    address = scheduled(director, view, every="week", weekday=1, day=3)
    told = director.get(address).json()
    assert (told["every"], told["weekday"], told["day"], told["hour"]) == ("week", 1, None, 6)
    assert (told["view"], told["name"], told["kind"]) == (view.rsplit("/", 1)[1], "未了结", "csv")
    assert told["next_due_at"] and told["stopped_at"] is None
    changed = put(director, address, {"every": "month", "day": 31, "hour": 0, "kind": "xlsx"}).json()
    assert (changed["every"], changed["weekday"], changed["day"]) == ("month", None, 31)
    assert director.delete(address).status_code == 204
    told = director.get(SCHEDULES).json()["items"][0]
    assert told["stopped_at"] and told["next_due_at"] is None
    assert broken(director.delete(address), 404) == [("", "schedule_not_found")]
    assert broken(put(director, address, {"every": "day", "hour": 1}), 404) == [("", "schedule_not_found")]
    assert verbs(county, "export") == [
        ("export.schedule", "done"), ("export.reschedule", "done"), ("export.stop_schedule", "done"),
        ("export.stop_schedule", "refused"), ("export.reschedule", "refused"),
    ]  # fmt: skip


def test_a_schedule_is_made_once_however_often_it_is_sent(county: SmallCounty, director: Client) -> None:
    view, key = saved(director), str(uuid4())
    sent = {"view": view.rsplit("/", 1)[1], "every": "day", "hour": 6}
    answers = [post(director, SCHEDULES, sent, key=key) for _n in range(2)]
    assert [each.json() for each in answers] == [answers[0].json()] * 2
    with scope(county.actor(Role.DIRECTOR)):
        assert ExportSchedule.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "status", "flaw"),
    [
        ({"hour": 24}, 422, ("hour", "less_than_equal")),
        ({"every": "week"}, 422, ("weekday", "invalid")),
        ({"every": "month"}, 422, ("day", "invalid")),
        ({"view": str(uuid4())}, 422, ("view", "view_not_found")),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_scheduled(
    county: SmallCounty, director: Client, sent: Any, status: int, flaw: tuple[str, str]
) -> None:
    view = saved(director).rsplit("/", 1)[1]
    asked = {"view": view, "every": "day", "hour": 6} | sent
    assert broken(post(director, SCHEDULES, asked), status) == [flaw]
    with scope(county.actor(Role.DIRECTOR)):
        assert ExportSchedule.objects.count() == 0


def test_nobodys_schedule_is_anothers(county: SmallCounty, director: Client) -> None:
    address = scheduled(director, saved(director, shared=True))
    other = at_the_desk(county, Role.EXECUTIVE_DEPUTY)
    sent = {"every": "day", "hour": 1}
    for answer in (other.get(address), other.delete(address), put(other, address, sent)):
        assert broken(answer, 404) == [("", "schedule_not_found")]
    assert other.get(SCHEDULES).json()["items"] == []
    told = director.get(address).json()
    assert (told["stopped_at"], told["hour"]) == (None, 6)


def test_the_statements_of_views_and_schedules(
    county: SmallCounty, director: Client, django_assert_num_queries: Any
) -> None:
    address = saved(director)
    saved(director, "又一个")
    scheduled(director, address)
    with django_assert_num_queries(8):
        assert len(director.get(VIEWS).json()["items"]) == 2
    with django_assert_num_queries(8):
        assert director.get(address).status_code == 200
    with django_assert_num_queries(8):
        assert len(director.get(SCHEDULES).json()["items"]) == 1
