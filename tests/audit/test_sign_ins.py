"""Sign-ins, failed and finished ones, stand in the audit's chains (how signing in works: tests/web)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.audit.queries.verification import verify
from tests import small_county
from tests.small_county import SmallCounty

LOGIN, LOGOUT = "/accounts/login/", "/accounts/logout/"


@pytest.fixture
def county(committed_db: None) -> SmallCounty:
    with transaction.atomic():
        return small_county.build()


def links() -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT county, split_part(chain, '/', 1), verb, subject, result, content "
            "FROM audit_entry ORDER BY county, chain, seq"
        )
        return cursor.fetchall()


def test_who_signs_in_and_out_stands_in_the_chain_of_their_county(county: SmallCounty) -> None:
    browser, person = Client(), county.person(Role.REGISTRAR)
    browser.post(LOGIN, {"login": person.username, "password": f"pass-{person.username}"})
    browser.post(LOGOUT)
    subject = f"person:{person.id}"
    assert [row[:5] for row in links()] == [
        ("440785", "440785", "person.signed_in", subject, "done"),
        ("440785", "440785", "person.signed_out", subject, "done"),
    ]
    assert verify(roots=None).broken == []


def test_who_fails_to_sign_in_is_told_apart_but_not_named(county: SmallCounty) -> None:
    person = county.person(Role.REGISTRAR)
    typed = [
        (person.username, "guessed-wrongly"),
        ("zhang-san-typed", "secret-of-his"),
        ("zhang-san-typed", "again"),
    ]
    for login, password in typed:
        assert Client().post(LOGIN, {"login": login, "password": password}).status_code == 200
    rows = links()
    assert [row[:5] for row in rows] == [
        ("000000", "000000", "person.sign_in_failed", "", "refused"),
        ("000000", "000000", "person.sign_in_failed", "", "refused"),
        ("440785", "440785", "person.sign_in_failed", f"person:{person.id}", "refused"),
    ]
    texts = [bytes(row[5]).decode() for row in rows]
    assert [word for pair in typed for word in pair if any(word in text for text in texts)] == []
    digests = [json.loads(text)["details"]["name"] for text in texts]
    assert digests[0] == digests[1] != digests[2]
    assert verify(roots=None).broken == []
