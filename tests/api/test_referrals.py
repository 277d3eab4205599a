"""Referrals through the API: a court's task out and back, an office that answers itself, what is refused."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.api import limits
from fengqiao.matters.enums import State
from fengqiao.mediation.domain.mediating import record_mediation
from fengqiao.mediation.enums import Result
from fengqiao.places.enums import DepartmentKind
from tests.api.test_agreements import seen
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.matters.ground import act, county, laid, traces
from tests.referrals.hands import COURT, from_court, mediate
from tests.small_county import SmallCounty, brought_to
from tests.web.desk import at_the_desk

__all__ = ["county", "laid"]
pytestmark = pytest.mark.django_db
API = "/api/v1"
ASKED = {"kind": "petition", "office": "信访局", "asked": "请依职责办理。"}


@pytest.fixture(autouse=True)
def _unlimited() -> None:
    limits.forget()


def sent(browser: Any, matter: Any, **said: Any) -> Any:
    return post(browser, f"{API}/matters/{matter.code}/referrals", said, **seen(matter))


def test_a_courts_task_and_an_office_that_answers_itself(county: SmallCounty):
    matter = from_court(county)
    browser = at_the_desk(county, Role.REGISTRAR)
    kinds = {each["id"]: each for each in browser.get(f"{API}/referral-kinds").json()["items"]}
    assert kinds["court_assigned"]["limits"] == ["mediation.court_assigned"]
    key, version = str(uuid4()), seen(matter)
    address = f"{API}/matters/{matter.code}/referrals"
    task = COURT | {"kind": "court_assigned"}
    made = post(browser, address, task, key=key, **version)
    again = post(browser, address, task, key=key, **version)
    assert (made.status_code, again.json()) == (200, made.json()), made.content
    mediate(county, matter)
    act(county, Role.MEDIATOR, record_mediation, matter, result=Result.EXPIRED, text="双方差距太大。")
    one = f"{API}/referrals/{made.json()['id']}"
    back = {"outcome": "failed", "result": "没有达成协议。", "received_by": "李法官"}
    assert post(browser, f"{one}/give_back", back, **seen(matter)).json()["said"] == "give_back"
    assert browser.get(one).json()["state"] == "returned"

    labour = county.departments[DepartmentKind.LABOUR]
    made = sent(browser, matter, **ASKED, department=str(labour.pk)).json()
    handler = at_the_desk(county, Role.HANDLER, DepartmentKind.LABOUR)
    [told] = handler.get(f"{API}/referrals?waiting=true").json()["items"]
    assert (told["id"], told["asked"]) == (made["id"], ASKED["asked"])
    assert handler.get(address).status_code == 404
    one = f"{API}/referrals/{made['id']}"
    accepted = post(handler, f"{one}/accept", {"contact": "张科"}, **seen(matter))
    assert accepted.status_code == 200, accepted.content
    assert post(browser, f"{one}/remind", {"text": "打了电话。"}, **seen(matter)).status_code == 200
    assert post(browser, f"{one}/call_back", {"reason": "不再需要。"}, **seen(matter)).status_code == 200
    assert [each["state"] for each in browser.get(address).json()["items"]] == ["called_back", "returned"]


def test_what_is_refused_changes_nothing(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    browser = at_the_desk(county, Role.REGISTRAR)
    made = sent(browser, matter, **ASKED).json()
    report = {"kind": "police_report", "office": "派出所", "asked": "要打人。", "danger": "violence"}
    reported = sent(browser, matter, **report, urgent=True).json()
    before = traces()
    assert broken(sent(browser, matter, **ASKED), 409) == [("kind", "already_open")]
    aid = ASKED | {"kind": "legal_aid"}
    lacking = {name for name, _code in broken(sent(browser, matter, **aid), 422)}
    assert lacking == {"party", "consent_on", "consent_method"}
    one = f"{API}/referrals/{reported['id']}"
    refusal = post(browser, f"{one}/refuse", {"reason": "不归我们管。"}, **seen(matter))
    assert broken(refusal, 409) == [("", "report_stands")]
    other = f"{API}/referrals/{made['id']}/refuse"
    assert broken(post(browser, other, {"reason": "不归我们。"}), 428) == [("If-Match", "missing")]
    nowhere = f"{API}/referrals/{uuid4()}/accept"
    assert broken(post(browser, nowhere, {"contact": "张科"}, **seen(matter)), 404)
    assert traces() == before
