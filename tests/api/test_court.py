"""A confirmation through the API, from the findings to the ruling, once each."""

from __future__ import annotations

from uuid import uuid4

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.api import limits
from fengqiao.kernel import clock
from tests.agreements.hands import parties_of
from tests.api.test_agreements import seen
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.confirmation.hands import CENTRAL, confirmable, no_bars
from tests.matters.ground import county, laid, traces
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk

__all__ = ["county", "laid"]
pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture(autouse=True)
def _unlimited() -> None:
    limits.forget()


def test_from_the_findings_to_the_ruling(county: SmallCounty):
    matter, agreement = confirmable(county)
    browser = at_the_desk(county, Role.MEDIATOR)
    door = f"{API}/agreements/{agreement.pk}/confirmation"
    found = browser.get(door).json()
    assert [each["said"] for each in found["rows"]] == ["fits"] * 4
    assert {each["id"] for each in found["asked"]} == set(no_bars())
    key, first = str(uuid4()), seen(matter)
    sent = CENTRAL | {"answers": no_bars()}
    made = post(browser, door, sent, key=key, **first)
    assert made.status_code == 200, made.content
    again = post(browser, door, sent, key=key, **first)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (made.json(), "true")
    one = f"{API}/court-cases/{made.json()['id']}"
    before = traces()
    today = {"on": clock.today().isoformat()}
    everybody = [str(party.pk) for party in parties_of(matter)]
    alone = post(browser, f"{one}/file", today | {"applicants": everybody[:1]}, **seen(matter))
    assert broken(alone, 409) == [("applicants", "not_joint")]
    assert broken(post(browser, f"{one}/confirm", today, **seen(matter)), 409) == [("", "not_in_this_state")]
    outside = post(browser, door, sent | {"ground": ""}, **seen(matter))
    assert broken(outside, 409) == [("", "case_runs")]
    assert browser.get(one).json()["packet"][0]["id"] == "application"
    assert traces() == before
    for step, more in (
        ("file", {"applicants": everybody}),
        ("docket", {"number": "（2026）粤0785民特1号"}),
        ("confirm", {"text": "裁定有效。"}),
    ):
        done = post(browser, f"{one}/{step}", today | more, **seen(matter))
        assert (done.status_code, done.json().get("said")) == (200, step), done.content
    [told] = browser.get(f"{API}/matters/{matter.code}/court-cases").json()["items"]
    assert (told["state"], told["turn"], told["late"], told["venue"]["id"]) == (
        "confirmed",
        None,
        False,
        "organisation",
    )
    assert [each["action"] for each in told["notes"]] == ["prepare", "file", "docket", "confirm"]
