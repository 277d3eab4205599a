"""An agreement through the API, from the draft to the last payment, once each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.api import limits
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.agreements import questions_on
from tests.agreements.hands import WORDS, mediating, parties_of
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.matters.ground import EVERYWHERE, county, fresh, laid, traces
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk

__all__ = ["county", "laid"]
pytestmark = pytest.mark.django_db
API = "/api/v1"


AMISS = "terms_incomplete"


def seen(matter: Matter) -> dict[str, str]:
    """The version of the matter as it is now."""
    with scope(EVERYWHERE):
        return {"If_Match": f'"{Matter.objects.get(pk=matter.pk).version}"'}


@pytest.fixture(autouse=True)
def _unlimited() -> None:
    limits.forget()


def payment(matter, amount: str | None = "500.00", **more: Any) -> dict[str, Any]:
    creditor, debtor = parties_of(matter)[:2]
    due = clock.today() + timedelta(days=9)
    given = {"kind": "pay", "debtor": str(debtor.pk), "creditor": str(creditor.pk), "due": due.isoformat()}
    return given | ({"amount": amount} if amount else {}) | more


def test_drafted_checked_signed_performed(county: SmallCounty):
    matter = mediating(county)
    browser = at_the_desk(county, Role.MEDIATOR)
    listed = f"{API}/matters/{matter.code}/agreements"
    key = str(uuid4())
    first = seen(matter)
    made = post(browser, listed, WORDS | {"terms": [payment(matter)]}, key=key, **first)
    assert made.status_code == 200, made.content
    again = post(browser, listed, WORDS | {"terms": [payment(matter)]}, key=key, **first)
    stale = post(browser, listed, WORDS | {"terms": [payment(matter)]}, **first)
    assert broken(stale, 412) == [("", "stale")]
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (made.json(), "true")
    one = f"{API}/agreements/{made.json()['id']}"
    told = browser.get(one).json()
    assert (told["state"], told["effective_on"], [t["amount"] for t in told["terms"]]) == (
        "draft",
        None,
        ["500.00"],
    )
    assert [each["signer"] for each in told["lacking"]] == ["party", "party", "mediator", "organisation"]

    today = clock.today().isoformat()
    everybody = [str(party.pk) for party in parties_of(matter)]
    answers = {each.id: "no" for each in questions_on(clock.today())}
    steps = (
        ("check", {"answers": answers}),
        ("sign", {"signer": "party", "mark": "fingerprint", "on": today, "parties": everybody}),
        ("sign", {"signer": "mediator", "mark": "signature", "on": today, "name": "老陈"}),
        ("sign", {"signer": "organisation", "mark": "seal", "on": today, "name": "人民调解委员会"}),
    )
    for step, sent in steps:
        done = post(browser, f"{one}/{step}", sent, **seen(matter))
        assert done.status_code == 200, done.content
    told = browser.get(one).json()
    assert (told["state"], told["effective_on"], told["lacking"]) == ("effective", today, [])
    assert fresh(county, matter).state == "settled"

    term = told["terms"][0]["id"]
    owed = browser.get(f"{API}/performance").json()["items"]
    assert [(each["id"], each["matter"], each["state"]) for each in owed] == [(term, matter.code, "due")]
    assert browser.get(f"{API}/performance?until={today}").json()["items"] == []
    of_term = f"{API}/agreements/terms/{term}"
    reminded = post(browser, f"{of_term}/remind", {"on": today, "text": "电话催告。"}, **seen(matter))
    assert (reminded.status_code, reminded.json()["said"]) == (200, "remind")
    paid = {"on": today, "amount": "200.00", "text": "转账凭证已看。"}
    assert post(browser, f"{of_term}/perform", paid, **seen(matter)).status_code == 200
    rest = {"on": today, "text": "付清。", "terms": [{"term": term, "amount": "301.00"}]}
    assert broken(post(browser, f"{one}/performed", rest, **seen(matter)), 422) == [
        ("terms.0", "rows_refused")
    ]
    rest["terms"] = [{"term": term}]
    assert post(browser, f"{one}/performed", rest, **seen(matter)).json()["said"] == "perform_several"
    told = browser.get(listed).json()["items"][0]["terms"][0]
    assert (told["state"], [each["kind"] for each in told["notes"]]) == (
        "done",
        ["reminded", "performed", "performed"],
    )
    assert fresh(county, matter).performance == "performed"


def test_a_draft_is_typed_by_two_programs(county: SmallCounty):
    matter = mediating(county)
    mine, hers = at_the_desk(county, Role.MEDIATOR), at_the_desk(county, Role.DIRECTOR)
    address = f"{API}/matters/{matter.code}/agreements/sketch"
    empty = mine.get(address).json()
    assert (empty["version"], empty["base"], empty["terms"], empty["changed"]) == (0, "", [], [])

    def saves(browser: Any, known: int, **sent: Any) -> Any:
        return post(browser, address, sent, If_Match=f'"{known}"')

    term = {"key": "k1", "kind": "pay", "amount": "300"}
    assert saves(mine, 0, facts="屋檐的水", terms=[term]).json() == {"version": 1}
    assert saves(hers, 0, issues="修不修").json() == {"version": 2}
    clash = saves(mine, 1, issues="怎样修")
    assert broken(clash, 412) == [("", "sketch_changed")]
    assert (clash.json()["current"]["issues"], clash.headers["ETag"]) == ("修不修", '"2"')
    assert saves(mine, 2, issues="怎样修", terms=[{"key": "k1", "gone": True}]).json() == {"version": 3}
    told = hers.get(address).json()
    assert (told["facts"], told["issues"], told["terms"][0]["gone"]) == ("屋檐的水", "怎样修", True)
    assert [each["person"] for each in told["changed"]] == [county.person(Role.MEDIATOR).name]
    # As at the desk: what is only typed is for who writes it.
    window = at_the_desk(county, Role.REGISTRAR)
    assert (window.get(address).status_code, saves(window, 3, facts="x").status_code) == (403, 403)
    assert broken(saves(hers, 3, terms=[{"key": "k1", "state": "done"}]), 422)[0][0].startswith("terms.0")


def test_an_oral_agreement_and_what_is_refused(county: SmallCounty):
    matter, other = mediating(county), mediating(county)
    mediator, registrar = at_the_desk(county, Role.MEDIATOR), at_the_desk(county, Role.REGISTRAR)
    oral = WORDS | {"on": clock.today().isoformat(), "terms": [payment(matter)]}
    done = post(mediator, f"{API}/matters/{matter.code}/agreements/oral", oral, **seen(matter))
    assert done.status_code == 200, done.content
    one = f"{API}/agreements/{done.json()['id']}"
    before = traces()
    listed = f"{API}/matters/{other.code}/agreements"
    refused = (
        (registrar, listed, WORDS | {"terms": [payment(other)]}, 403, ("", "post_may_not")),
        (mediator, listed, WORDS | {"terms": [payment(other, None)]}, 422, ("terms.0.amount", AMISS)),
        (mediator, listed, WORDS | {"terms": []}, 422, ("terms", "too_short")),
        (mediator, f"{one}/drop", {"reason": "不想要了。"}, 409, ("", "not_mediating")),
        (
            mediator,
            f"{API}/agreements/{uuid4()}/drop",
            {"reason": "不要。"},
            404,
            ("", "agreement_not_found"),
        ),
    )
    for browser, address, sent, status, flaw in refused:
        about = matter if address.startswith(one) else other
        assert broken(post(browser, address, sent, **seen(about)), status) == [flaw]
    assert broken(post(mediator, f"{one}/drop", {"reason": "不要。"}), 428) == [("If-Match", "missing")]
    handler = at_the_desk(county, Role.HANDLER, "labour")
    assert handler.get(one).status_code == 403
    assert traces() == before
