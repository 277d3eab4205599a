"""Machines at the API: what a token opens, and what each way of not having the right one is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.api import limits
from fengqiao.audit.models import Entry
from fengqiao.flows import machines as flow
from tests.api.test_reading import MATTERS, broken
from tests.api.test_writing import post, there_are, wages
from tests.small_county import SmallCounty, build, registered
from tests.web.desk import at_the_desk
from tests.web.test_machines import READ, WRITE, issued, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> SmallCounty:
    cache.clear()
    limits.forget()
    return build()


def machine(county: SmallCounty, place: str = "county", **asked: str) -> Client:
    """A program that has asked for a token and shows it with each request."""
    made, secret = issued(county, place)
    return Client(headers={"Authorization": f"Bearer {token_of(made, secret, **asked)}"})


def challenge(answer: Any) -> str:
    return str(answer.headers["WWW-Authenticate"])


def test_a_machine_hands_in_and_reads(county: SmallCounty) -> None:
    client = machine(county)
    key = str(uuid4())
    answers = [post(client, MATTERS, wages(), key=key) for _n in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    code = answers[0].json()["code"]
    assert answers[1].json()["code"] == code
    told = client.get(f"{MATTERS}/{code}").json()
    assert (told["source"], told["source_number"], told["centre"]["name"]) == (
        "hotline", "SPT-2026-0001", "恩平市综治中心",
    )  # fmt: skip
    assert [each["code"] for each in client.get(MATTERS).json()["items"]] == [code]
    with scope(county.actor(Role.AUDITOR)):
        done = Entry.objects.filter(verb="matter.registered").values_list("person_id", flat=True)
        assert list(done) == [county.person(Role.EXCHANGE).pk]


def test_what_is_decided_is_for_people(county: SmallCounty) -> None:
    client = machine(county)
    matter = registered(county)
    answer = post(client, f"{MATTERS}/{matter.code}/actions/accept", {}, If_Match='"1"')
    assert broken(answer, 403) == [("", "post_may_not")]
    taken = post(client, f"{MATTERS}/{matter.code}/actions/take_over", {}, If_Match='"1"')
    assert broken(taken, 404) == [("", "no_such_address")]


def test_two_clients_of_one_post_have_keys_of_their_own(county: SmallCounty) -> None:
    one, other, key = machine(county), machine(county), str(uuid4())
    assert post(one, MATTERS, wages(), key=key).status_code == 201
    assert post(other, MATTERS, wages(source_number="2"), key=key).status_code == 201
    assert there_are(county) == 2


def test_a_client_of_another_county_sees_nothing_of_this_one(county: SmallCounty) -> None:
    matter = registered(county)
    foreign = machine(county, "other")
    assert foreign.get(MATTERS).json()["items"] == []
    assert broken(foreign.get(f"{MATTERS}/{matter.code}"), 404) == [("", "matter_not_found")]
    here = post(foreign, MATTERS, wages(division="440785102201"))
    assert broken(here) == [("division", "not_offered")]
    # Its own numbers are its own: the same source number in another county is another matter.
    assert post(foreign, MATTERS, wages(division=None, grid=None)).status_code == 201
    assert post(machine(county), MATTERS, wages()).status_code == 201


def test_an_expired_token_and_an_unknown_one_are_told_apart(
    county: SmallCounty, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = machine(county)
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    expired = client.get(MATTERS)
    assert broken(expired, 401) == [("", "token_expired")]
    assert 'error="invalid_token", error_description="token_expired"' in challenge(expired)
    for bearer in ("nonsense", "", "x" * 5000, "é", "a b"):
        unknown = Client(headers={"Authorization": f"Bearer {bearer}"}).get(MATTERS)
        assert broken(unknown, 401) == [("", "token_unknown")]
        assert 'error="invalid_token"' in challenge(unknown)
    assert post(client, MATTERS, wages()).status_code == 401
    assert there_are(county) == 0


def test_a_client_that_was_ended(county: SmallCounty) -> None:
    made, secret = issued(county)
    client = Client(headers={"Authorization": f"Bearer {token_of(made, secret)}"})
    flow.end(actor=county.actor(Role.SECURITY_ADMINISTRATOR), machine_id=made.pk)
    assert broken(client.get(MATTERS), 401) == [("", "client_ended")]


def test_a_token_opens_only_what_it_was_asked_for(county: SmallCounty) -> None:
    reader, writer = machine(county, scope=READ), machine(county, scope=WRITE)
    refused = post(reader, MATTERS, wages())
    assert broken(refused, 403) == [("", "scope_missing")]
    assert f'error="insufficient_scope", scope="{WRITE}"' in challenge(refused)
    assert broken(writer.get(MATTERS), 403) == [("", "scope_missing")]
    assert post(writer, MATTERS, wages()).status_code == 201
    with scope(county.actor(Role.AUDITOR)):
        assert Entry.objects.filter(verb="api.post", result="refused").count() == 1


def test_the_session_counts_for_nothing_beside_a_token(county: SmallCounty) -> None:
    desk = at_the_desk(county, Role.REGISTRAR)
    assert desk.get(MATTERS, headers={"Authorization": "Bearer nonsense"}).status_code == 401
    # What a proxy in front has asked for is none of ours.
    assert desk.get(MATTERS, headers={"Authorization": "Basic eDp5"}).status_code == 200


def test_the_statements_of_a_machines_registration(
    county: SmallCounty, django_assert_num_queries: Any
) -> None:
    client = machine(county)
    client.get(MATTERS)
    with django_assert_num_queries(20):
        assert post(client, MATTERS, wages()).status_code == 201
