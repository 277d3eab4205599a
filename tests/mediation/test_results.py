"""What came of each claim between each two parties, and what they were told of where it failed."""

from __future__ import annotations

from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dossier.queries.facts import facts_of
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.enums import State
from fengqiao.matters.models import Claim, Party
from fengqiao.mediation.domain.results import write_claim_result
from fengqiao.mediation.enums import Result
from fengqiao.mediation.models import ClaimResult
from fengqiao.rules.queries.mediation_bodies import advice_on
from tests.matters.ground import act, fresh, refuses, rows, told
from tests.mediation.test_mediating import recorded
from tests.mediation.test_who_mediates import mediating
from tests.small_county import SmallCounty, brought_to
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db

WAYS = ["arbitration", "administrative", "court"]


def came(county: SmallCounty, matter: Any, who: Any = Role.MEDIATOR, **values: Any) -> Any:
    return act(county, who, write_claim_result, matter, **values)


def test_each_claim_between_each_two_has_its_result(county: SmallCounty):
    matter = mediating(county)
    child, firm, agent = (row[0] for row in rows(Party, matter, "pk"))
    claim = rows(Claim, matter, "pk")[0][0]
    given = {"claim_id": claim, "of_party_id": child, "against_party_id": firm, "came": "failed",
             "text": "只肯付一半", "advised": WAYS}  # fmt: skip
    for who, changes, code, field in (
        (Role.DISPATCHER, {}, "post_may_not", None),
        (Role.MEDIATOR, {"claim_id": new_id()}, "invalid", "claim_id"),
        (Role.MEDIATOR, {"against_party_id": child}, "invalid", "against_party_id"),
        (Role.MEDIATOR, {"against_party_id": agent}, "invalid", "against_party_id"),
        (Role.MEDIATOR, {"text": ""}, "invalid", "text"),
        (Role.MEDIATOR, {"advised": []}, "invalid", "advised"),
        (Role.MEDIATOR, {"came": "refused", "advised": ["police"]}, "invalid", "advised"),
    ):
        with refuses(code, field=field):
            came(county, matter, who, **(given | changes))
    came(county, matter, **(given | {"came": "partly", "advised": []}))
    desk = at_the_desk(county, Role.MEDIATOR)
    address = f"/matters/{matter.code}/mediation"
    sent = {name: str(value) for name, value in given.items() if name != "advised"} | {"advised": WAYS}
    assert desk.post(f"{address}/result", sent).status_code == 302
    came(county, matter, **(given | {"claim_id": None, "came": "withdrawn", "advised": []}))
    page = desk.get(address).content.decode()
    assert page.count("人民调解法 第26条") == len(WAYS)
    assert "只肯付一半" in page
    assert [row[0] for row in rows(ClaimResult, matter, "came")] == ["partly", "failed", "withdrawn"]
    recorded(county, matter, Result.REFUSED)
    with refuses("ended_without", field="came"):
        came(county, matter, **(given | {"came": "agreed"}))
    came(county, matter, **(given | {"text": "仍然只肯付一半"}))
    with scope(county.actor(Role.MEDIATOR)):
        facts = facts_of(fresh(county, matter)).values
    assert "小黄与陶瓷公司（法定代表人：李某某）：全部诉求：已撤回。" in facts["claim_results"]
    assert "没有达成。仍然只肯付一半" in facts["claim_results"]
    assert facts["advised"].count("\n") == len(WAYS) - 1
    assert told(matter)[-1] == "mediation.result"


def test_nothing_came_of_what_was_never_mediated(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    with refuses("no_mediation"):
        came(
            county,
            matter,
            claim_id=None,
            of_party_id=new_id(),
            against_party_id=new_id(),
            came="agreed",
            text="好",
        )


def test_the_ways_name_their_article():
    assert {each.id: each.basis for each in advice_on(clock.today())} == dict.fromkeys(
        WAYS, "人民调解法 第26条"
    )
