"""A matter's limits by the API: explained, previewed, moved, once for a key and for the version that was seen."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.models import Fact
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from tests.api.test_reading import MATTERS
from tests.clocks.test_verbs import LABOUR, NOON, at, facts, on, petition
from tests.matters.ground import EVERYWHERE, county, laid
from tests.small_county import SmallCounty, registered
from tests.web.desk import at_the_desk

__all__ = ["county", "laid", "petition"]
pytestmark = pytest.mark.django_db


def sends(client: Client, way: str, sent: dict[str, Any], matter: Matter, key: str = "") -> Any:
    """Sent for the version that the sender sees now."""
    tag = client.get(f"{MATTERS}/{matter.code}").headers["ETag"]
    headers = {"Idempotency-Key": key or str(uuid4()), "If-Match": tag}
    return client.post(
        f"{MATTERS}/{matter.code}{way}", sent, content_type="application/json", headers=headers
    )


def previews(client: Client, way: str, sent: dict[str, Any], matter: Matter) -> Any:
    address = f"{MATTERS}/{matter.code}{way}/preview"
    return client.post(address, sent, content_type="application/json")


def test_a_fact_starts_a_limit_that_is_explained_paused_and_put_right(county: SmallCounty):
    with clock.at(NOON):
        matter = registered(county)
    client = at_the_desk(county, Role.DISPATCHER)
    with clock.at(at(9)):
        sent = {"kind": "recheck_requested", "at": at(2).isoformat(), "reason": "收件章"}
        (change,) = previews(client, "/facts", sent, matter).json()["items"]
        assert (change["limit"], change["before"]) == ("petition.recheck", None)
        assert facts(matter) == []
        answer = sends(client, "/facts", sent, matter)
        assert (answer.status_code, answer.json()["version"]) == (200, 2)
        (listed,) = [
            each
            for each in client.get(f"{MATTERS}/{matter.code}/clocks").json()["items"]
            if each["kind"] == "limit"
        ]
        assert (listed["limit"], listed["state"]) == ("petition.recheck", "running")
        way = f"/clocks/{listed['id']}"
        sent = {
            "ground": "hearing",
            "at": at(7).isoformat(),
            "until": at(8).isoformat(),
            "reason": "九月十日听证",
        }
        assert sends(client, f"{way}/pause", sent, matter).status_code == 200
        told = client.get(f"{MATTERS}/{matter.code}{way}").json()
        assert (told["basis"], told["last_day"]) == ("信访工作条例(2022) 第36条", "2026-10-08")
        assert {each["kind"] for each in told["spans"]} == {"counted", "paused", "rolled"}
        # The days of the spans lie between the start and the last day without a gap.
        days = sum(each["days"] for each in told["spans"])
        assert days == (on(county, matter, "petition.recheck").due_at - at(2)).days
        assert [each["what"] for each in told["moves"]] == ["请求复核", "中止", "恢复"]
        (started,) = [
            each
            for each in client.get(f"{MATTERS}/{matter.code}/facts").json()["items"]
            if each["kind"] == "recheck_requested"
        ]
        sent = {"at": at(1).isoformat(), "reason": "邮戳是九月四日"}
        assert sends(client, f"/facts/{started['id']}/correct", sent, matter).status_code == 200
        listed = client.get(f"{MATTERS}/{matter.code}/facts").json()["items"]
        assert [each["stands"] for each in listed if each["kind"] == "recheck_requested"] == [False, True]


def test_an_extension_is_asked_for_and_granted_each_once(county: SmallCounty, petition: Matter):
    clock_id = on(county, petition, "petition.resolve").pk
    way = f"/clocks/{clock_id}"
    with clock.at(at(30)):
        handler, director = at_the_desk(county, *LABOUR), at_the_desk(county, Role.DIRECTOR)
        sent = {"n": 31, "unit": "calendar_day", "reason": "需要委托工资审计"}
        refused = sends(handler, f"{way}/ask_extension", sent, petition)
        assert refused.status_code == 422
        assert [each["field"] for each in refused.json()["errors"]] == ["n"]
        sent["n"] = 15
        assert sends(handler, f"{way}/ask_extension", sent, petition).status_code == 200
        sent = {"approve": True, "consent": "十月三日书面告知"}
        (change,) = previews(director, f"{way}/decide_extension", sent, petition).json()["items"]
        assert change["before"]["due_at"] != change["after"]["due_at"]
        tag = director.get(f"{MATTERS}/{petition.code}").headers["ETag"]
        headers = {"Idempotency-Key": "grant-1", "If-Match": tag}
        address = f"{MATTERS}/{petition.code}{way}/decide_extension"
        first, again = [
            director.post(address, sent, content_type="application/json", headers=headers)
            for _each in range(2)
        ]
        assert (first.status_code, again.status_code) == (200, 200)
        assert again.headers["Idempotency-Replayed"] == "true"
        assert first.json() == again.json()
    with scope(EVERYWHERE):
        assert Fact.objects.filter(matter_id=petition.pk, kind="extended").count() == 1


def test_what_cannot_be_is_a_problem_and_changes_nothing(county: SmallCounty, petition: Matter):
    client = at_the_desk(county, Role.DISPATCHER)
    way = f"/clocks/{on(county, petition, 'petition.resolve').pk}"
    before = facts(petition)
    with clock.at(at(3)):
        sent = {"ground": "hearing", "at": at(2).isoformat(), "reason": "举行听证会"}
        answers = [
            sends(client, f"{way}/pause", sent, petition),
            sends(client, f"{way}/resume", {"at": at(2).isoformat()}, petition),
            sends(client, "/facts", {"kind": "acknowledged", "at": at(5).isoformat()}, petition),
            sends(client, f"{way}/decide_extension", {"approve": True}, petition),
            previews(client, f"{way}/pause", sent, petition),
            client.get(f"{MATTERS}/{petition.code}/clocks/{uuid4()}"),
        ]
    assert [each.status_code for each in answers] == [409, 409, 422, 403, 409, 404]
    assert facts(petition) == before
