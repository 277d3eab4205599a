"""A mediation through the API: told, footed, stood for, talked over, recused, with its results."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.api import limits
from fengqiao.kernel import clock
from fengqiao.matters.models import Claim
from fengqiao.places.models import Stationing
from tests.agreements.hands import mediating, parties_of
from tests.api.test_agreements import seen
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.matters.ground import county, laid, rows, sees, told, traces
from tests.mediation.test_who_mediates import colleague
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk

__all__ = ["county", "laid"]
pytestmark = pytest.mark.django_db
NOW = clock.now().isoformat()
TALK = {"kind": "joint", "way": "video", "planned_at": NOW, "place": "腾讯会议"}
SECRET = "底线是两千元"


@pytest.fixture(autouse=True)
def _unlimited() -> None:
    limits.forget()


def test_from_telling_to_the_result_of_each_claim(county: SmallCounty):
    matter = mediating(county)
    first, second = (str(party.pk) for party in parties_of(matter)[:2])
    helper = colleague(county)
    mediator, registrar = at_the_desk(county, Role.MEDIATOR), at_the_desk(county, Role.REGISTRAR)
    at = f"/api/v1/matters/{matter.code}/mediation"
    today = clock.today().isoformat()

    def writes(place: str, sent: Any, who: Any = mediator) -> dict[str, Any]:
        done = post(who, f"{at}/{place}", sent, **seen(matter))
        assert done.status_code == 200, done.content
        assert done.headers["ETag"] == f'"{done.json()["version"]}"'
        return done.json()

    tell = {"parties": [first, second], "method": "in_person", "told_on": today}
    before, key = seen(matter), str(uuid4())
    once = post(registrar, f"{at}/tell", tell, key=key, **before)
    again = post(registrar, f"{at}/tell", tell, key=key, **before)
    assert (once.json(), again.headers["Idempotency-Replayed"]) == (again.json(), "true")
    writes("footing", {"body": "people", "name": "东门社区人民调解委员会", "initiative": "applied"})
    writes("standing", {"party_id": first, "kind": "minor"})
    beside = writes("helpers", {"kind": "mediator", "person_id": str(helper.person_id)})["id"]
    writes(f"helpers/{beside}/leave", {})
    talk = writes("talks", TALK | {"parties": [first, second]})["id"]
    later = (clock.now() + timedelta(days=2)).isoformat()
    writes(f"talks/{talk}/adjourn", {"why": "一方生病", "again_at": later})
    talk = mediator.get(at).json()["talks"][-1]["id"]
    writes(f"talks/{talk}/begin", {})
    noted = post(mediator, f"{at}/talks/{talk}/note", {"text": "先付一半", "issues": "数额"}, If_Match='"0"')
    assert (noted.json(), noted.headers["ETag"]) == ({"version": 1}, '"1"')
    writes(f"talks/{talk}/end", {"parties": [first, second]})
    result = {"of_party_id": first, "against_party_id": second, "came": "partly", "text": "先付一半"}
    writes("results", result | {"claim_id": str(rows(Claim, matter, "pk")[0][0])})
    whole = mediator.get(at).json()
    assert whole["organisation"]["kind"] == "people"
    assert [(p["to_be_told"], bool(p["missing"])) for p in whole["parties"]] == [
        (False, True),
        (False, False),
    ]
    assert [(t["state"], t["note"] and t["note"]["text"]) for t in whole["talks"]] == [
        ("adjourned", None), ("held", "先付一半"),
    ]  # fmt: skip
    assert [(h["name"], bool(h["ended_at"])) for h in whole["helpers"]] == [(helper.name, True)]
    assert [each["came"] for each in whole["results"]] == ["partly"]
    assert whole["version"] == int(seen(matter)["If_Match"].strip('"'))
    assert told(matter)[-10:] == [
        "mediation.tell", "mediation.footing", "mediation.stand", "mediation.help", "mediation.leave",
        "mediation.plan", "mediation.adjourn", "mediation.begin", "mediation.end", "mediation.result",
    ]  # fmt: skip


def test_what_is_refused_changes_nothing_and_says_where(county: SmallCounty):
    matter = mediating(county)
    first, second = (str(party.pk) for party in parties_of(matter)[:2])
    mediator, dispatcher = at_the_desk(county, Role.MEDIATOR), at_the_desk(county, Role.DISPATCHER)
    at = f"/api/v1/matters/{matter.code}/mediation"
    today = clock.today().isoformat()
    tell = {"parties": [first], "method": "phone", "told_on": today}
    assert post(mediator, f"{at}/tell", tell, **seen(matter)).status_code == 200
    fee = {"body": "people", "name": "某调委会", "initiative": "own", "fee": "9.00"}
    no_body = {"body": "guild", "name": "某行会", "initiative": "own"}
    pair = {"of_party_id": first, "against_party_id": second, "came": "failed", "text": "谈不拢"}
    before = traces()
    for who, place, sent, status, flaw in (
        (mediator, "tell", tell, 409, ("parties", "told_already")),
        (
            mediator,
            "tell",
            tell | {"parties": [second], "told_on": "2001-01-01"},
            422,
            ("told_on", "invalid"),
        ),
        (mediator, "footing", fee, 409, ("fee", "free_of_charge")),
        (mediator, "footing", no_body, 422, ("body", "invalid")),
        (mediator, "standing", {"party_id": first, "kind": "special"}, 422, ("name", "invalid")),
        (mediator, "helpers", {"kind": "mediator"}, 422, ("person_id", "invalid")),
        (
            mediator,
            "talks",
            TALK | {"kind": "separate", "parties": [first, second]},
            422,
            ("parties", "invalid"),
        ),
        (mediator, f"talks/{uuid4()}/begin", {}, 409, ("sitting_id", "no_such_sitting")),
        (mediator, "results", pair, 422, ("advised", "invalid")),
        (
            mediator,
            f"recusals/{uuid4()}/decide",
            {"granted": True, "answer": "同意"},
            403,
            ("", "post_may_not"),
        ),
        (dispatcher, "talks", TALK | {"parties": [first]}, 403, ("", "post_may_not")),
    ):
        assert broken(post(who, f"{at}/{place}", sent, **seen(matter)), status) == [flaw], place
    assert broken(post(mediator, f"{at}/footing", no_body), 428) == [("If-Match", "missing")]
    assert broken(post(mediator, f"{at}/footing", fee, If_Match='"1"'), 412) == [("", "stale")]
    assert traces() == before


def test_two_who_write_one_record_and_one_who_steps_aside(county: SmallCounty):
    matter = mediating(county)
    first = str(parties_of(matter)[0].pk)
    second = colleague(county)
    county.stationings[(Role.MEDIATOR, "second")] = Stationing.objects.get(person_id=second.person_id)
    mediator, other = at_the_desk(county, Role.MEDIATOR), at_the_desk(county, Role.MEDIATOR, "second")
    del county.stationings[(Role.MEDIATOR, "second")]
    registrar, director = at_the_desk(county, Role.REGISTRAR), at_the_desk(county, Role.DIRECTOR)
    at = f"/api/v1/matters/{matter.code}/mediation"
    post(mediator, f"{at}/helpers", {"kind": "mediator", "person_id": str(second.person_id)}, **seen(matter))
    sealed = TALK | {"kind": "separate", "parties": [first]}
    talk = post(mediator, f"{at}/talks", sealed, **seen(matter)).json()["id"]
    assert post(mediator, f"{at}/talks/{talk}/begin", {}, **seen(matter)).status_code == 200
    [coming] = registrar.get("/api/v1/mediation/today").json()["items"]
    assert (coming["id"], coming["matter"], coming["state"]) == (talk, matter.code, "running")
    assert coming["untold"] == [party.name for party in parties_of(matter)]
    assert mediator.get("/api/v1/mediation/today").json()["items"] == [coming]
    note = f"{at}/talks/{talk}/note"
    assert post(mediator, note, {"text": SECRET}, If_Match='"0"').status_code == 200
    before = traces()
    clash = post(other, note, {"text": "底线是三千元"}, If_Match='"0"')
    assert broken(clash, 412) == [("", "note_changed")]
    assert (clash.json()["current"]["text"], clash.headers["ETag"]) == (SECRET, '"1"')
    hidden = post(registrar, note, {"text": "看一眼"}, If_Match='"0"')
    assert broken(hidden, 403) == [("", "sealed_talk")] and SECRET not in hidden.content.decode()
    assert traces() == before
    shown = [who.get(at).json()["talks"][0]["note"] for who in (mediator, other, director, registrar)]
    assert [bool(each) for each in shown] == [True, True, True, False]

    ask = {
        "party_id": first,
        "person_id": str(county.actor(Role.MEDIATOR).person_id),
        "reason": "是对方的表哥",
    }
    asked = post(registrar, f"{at}/recusals", ask, **seen(matter)).json()["id"]
    decision = {"granted": True, "answer": "应当回避", "successor_id": str(second.person_id)}
    decided = post(director, f"{at}/recusals/{asked}/decide", decision, **seen(matter))
    assert decided.status_code == 200, decided.content
    assert mediator.get(at).status_code == 404 and not sees(county, Role.MEDIATOR, matter)
    whole = other.get(at).json()
    assert whole["mediator"]["name"] == second.name and [r["granted"] for r in whole["recusals"]] == [True]
