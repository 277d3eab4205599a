"""Market mediation organisations: only kinds that may charge, by a published schedule, with signatures."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.mediation.models import Footing
from fengqiao.pool.domain import market
from fengqiao.pool.models import MarketBody
from fengqiao.pool.queries.market import fee_of
from tests.agreements.hands import mediating, parties_of
from tests.api.test_agreements import seen
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.matters.ground import act, refuses, told
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# Trade: quarrels over wages are not open to commercial mediation.
TRADE = "0603"


def body(county: SmallCounty, **changes: Any) -> MarketBody:
    given = {
        "name": "江门商事调解中心",
        "kind": "commercial",
        "licence": "粤商调证 1",
        "valid_from": clock.today(),
    }
    return act(county, Role.DIRECTOR, market.enter_body, **(given | changes))


def test_only_a_kind_that_may_charge_is_entered_and_its_schedule_has_a_first_day(county: SmallCounty):
    for kind in ("people", "industry", "administrative", "court_assigned", "court_entrusted", "centre"):
        with refuses("may_not_charge", field="kind"):
            body(county, kind=kind)
    for field, wrong in (("kind", {"kind": "some"}), ("name", {"name": ""}), ("licence", {"licence": " "})):
        with refuses("invalid", field=field):
            body(county, **wrong)
    with refuses("post_may_not_keep_pool"):
        given = {"name": "某某", "kind": "commercial", "licence": "证", "valid_from": clock.today()}
        act(county, Role.MEDIATOR, market.enter_body, **given)
    made = body(county)
    fees = {"body_id": made.pk, "valid_from": clock.today(), "text": "标的十万元以下，每件 500 元。"}
    for field, wrong in (("text", {"text": ""}), ("valid_from", {"valid_from": clock.today() - DAY})):
        with refuses("invalid", field=field):
            act(county, Role.DIRECTOR, market.publish_fees, **fees | wrong)
    for place, code in (("town", "post_may_not_keep_pool"), ("other", "body_not_found")):
        with refuses(code):
            act(county, (Role.DIRECTOR, place), market.publish_fees, **fees)
    act(county, Role.DIRECTOR, market.publish_fees, **fees)
    with refuses("scheduled_already", field="valid_from"):
        act(county, Role.DIRECTOR, market.publish_fees, **fees)
    with refuses("invalid", field="last"):
        act(county, Role.DIRECTOR, market.end_body, body_id=made.pk, last=clock.today() - DAY)
    act(county, Role.DIRECTOR, market.end_body, body_id=made.pk, last=clock.today())
    with refuses("body_ended"):
        act(county, Role.DIRECTOR, market.publish_fees, **fees)


def test_parties_sign_what_they_pay_and_the_footing_says_it(county: SmallCounty):
    made = body(county)
    wages, matter = mediating(county), mediating(county, category=TRADE)
    first, second = (party.pk for party in parties_of(matter)[:2])
    given = {
        "body_id": made.pk,
        "amount": Decimal(500),
        "signed_on": clock.today(),
        "parties": [first, second],
    }
    with refuses("not_for_this_kind", field="body_id"):
        worker = {"parties": [parties_of(wages)[0].pk]}
        act(county, Role.MEDIATOR, market.agree_fee, wages, **given | worker)
    with refuses("no_schedule", field="body_id"):
        act(county, Role.MEDIATOR, market.agree_fee, matter, **given)
    words = "标的十万元以下，每件 500 元。"
    fees = {"body_id": made.pk, "valid_from": clock.today(), "text": words}
    act(county, Role.DIRECTOR, market.publish_fees, **fees)
    for field, wrong in (
        ("amount", {"amount": Decimal(0)}),
        ("parties", {"parties": []}),
        ("parties", {"parties": [made.pk]}),
        ("signed_on", {"signed_on": clock.today() + DAY}),
        ("body_id", {"body_id": first}),
    ):
        with refuses("invalid", field=field):
            act(county, Role.MEDIATOR, market.agree_fee, matter, **given | wrong)
    with refuses("post_may_not"):
        act(county, Role.DISPATCHER, market.agree_fee, matter, **given)
    act(county, Role.MEDIATOR, market.agree_fee, matter, **given)
    assert told(matter)[-2:] == ["mediation.footing", "mediation.fee"]
    with scope(county.actor(Role.DIRECTOR)):
        footing = Footing.objects.filter(matter=matter).last()
        assert (footing.body, footing.name, footing.fee) == ("commercial", "江门商事调解中心", Decimal(500))
        agreed, names = fee_of(footing.mediation)
        assert (agreed.schedule.text, len(names)) == (words, 2)
    page = text_of(at_the_desk(county, Role.MEDIATOR).get(f"/matters/{matter.code}/mediation"))
    assert "约定费用 500.00 元" in page and "签字" in page and words in page


def test_by_the_pages_and_by_the_api(county: SmallCounty):
    desk, mediator = at_the_desk(county, Role.DIRECTOR), at_the_desk(county, Role.MEDIATOR)
    today = clock.today().isoformat()
    values = {"name": "江门商事调解中心", "kind": "people", "licence": "粤商调证 1", "valid_from": today}
    wrong = desk.post("/pool/market/new", values)
    assert (wrong.status_code, "这类调解不收取费用" in text_of(wrong)) == (409, True)
    assert desk.post("/pool/market/new", values | {"kind": "commercial"}).status_code == 302
    [row] = desk.get("/api/v1/market-bodies").json()["items"]
    fees = {"valid_from": today, "text": "每件 500 元"}
    one = f"/api/v1/market-bodies/{row['id']}"
    wrong = post(desk, "/api/v1/market-bodies", values)
    assert broken(wrong, 409) == [("kind", "may_not_charge")]
    assert post(desk, f"{one}/fees", fees).status_code == 201
    assert desk.post(f"/pool/market/{row['id']}/fees", fees).status_code == 409
    [row] = desk.get("/api/v1/market-bodies").json()["items"]
    assert [each["text"] for each in row["schedules"]] == ["每件 500 元"]
    matter = mediating(county, category=TRADE)
    party = str(parties_of(matter)[0].pk)
    sent = {"body_id": row["id"], "amount": "500.00", "signed_on": today, "parties": [party]}
    done = post(mediator, f"/api/v1/matters/{matter.code}/mediation/fee", sent, **seen(matter))
    assert done.status_code == 200, done.content
    assert mediator.get(f"/api/v1/matters/{matter.code}/mediation").json()["fee"] == "500.00"
    assert "每件 500 元" in text_of(mediator.get("/pool/market/"))
    assert post(desk, f"{one}/end", {"last": today}).status_code == 200
    assert desk.get("/api/v1/market-bodies").json()["items"][0]["valid_until"] == today
