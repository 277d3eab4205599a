"""What the chasing rooms keep, through the API: one matter that was given to the labour bureau, chased in every way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.api import limits
from fengqiao.kernel import clock
from fengqiao.leading.domain import instructing, listing, recommending
from fengqiao.matters.models import Matter
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.dispatch.hands import dispatched, part_of
from tests.matters.ground import EVERYWHERE, act, county, disk, laid, traces
from tests.reporting.hands import lie_there
from tests.small_county import SmallCounty
from tests.study.hands import HOUSING, convene, lie_open, named, with_file
from tests.supervision.hands import lie_before
from tests.web.desk import at_the_desk

__all__ = ["county", "disk", "laid"]
pytestmark = pytest.mark.django_db
API = "/api/v1"


@dataclass
class Chased:
    matter: Matter
    supervisions: Any
    key_matters: Any
    instructions: Any
    recommendations: Any
    direct_reports: Any
    studies: Any

    def address(self, name: str) -> str:
        return f"{API}/{name}/{getattr(self, name.replace('-', '_'))}"


@pytest.fixture(autouse=True)
def _unlimited() -> None:
    limits.forget()


@pytest.fixture
def chased(county: SmallCounty) -> Chased:
    return chase(county)


def chase(county: SmallCounty) -> Chased:
    """A letter proposed, listed as a key matter, an instruction, a recommendation, a report and a study."""
    matter = dispatched(county)
    dispatcher, part = county.actor(Role.DISPATCHER), part_of(matter)
    with scope(dispatcher):
        known = county.stationings
        supervision = lie_before(
            dispatcher, matter, part, county.department("commission"), proposer=dispatcher.person_id
        )
        report = lie_there(dispatcher, matter, known["commission", "county"])
        study = lie_open(dispatcher, matter, known["mediator", "county"], None)
    given = {"ground": "key.many", "why": "住户众多，反映强烈。"}
    key = act(county, Role.DIRECTOR, listing.list_matter, matter, **given)
    task = instructing.NewInstruction(
        asks="report",
        text="请报告办理情况。",
        due_on=clock.today(),
        department_id=county.department("labour").pk,
    )
    letter = recommending.NewRecommendation(
        department_id=county.department("housing").pk,
        found="宿舍多处漏雨。",
        advice="请排查同类宿舍。",
        reply_by=clock.today() + timedelta(days=30),
    )
    instruction = act(county, Role.DIRECTOR, instructing.give, matter, new=task)
    recommendation = act(county, Role.DIRECTOR, recommending.send, matter, new=letter)
    with scope(EVERYWHERE):
        matter.refresh_from_db()
    return Chased(
        matter, *(each.pk for each in (supervision, key, instruction, recommendation, report, study))
    )


# List → a filter that it fits, one that it does not fit, and what is told of it.
FITS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "supervisions": (
        {"state": "proposed", "open": True},
        {"rung": "letter"},
        {"state": "proposed", "rung": None, "ended_at": None},
    ),
    "key-matters": (
        {"kind": "key", "listed": True},
        {"listed": False},
        {"ground": "key.many", "in_charge": None, "light": "green"},
    ),
    "instructions": (
        {"state": "given", "open": True},
        {"state": "answered"},
        {"asks": "report", "answers": []},
    ),
    "recommendations": ({"replied": False}, {"replied": True}, {"found": "宿舍多处漏雨。", "reply": ""}),
    "direct-reports": (
        {"kind": "initial", "open": True},
        {"unread": True},
        {"kind": "initial", "receivers": ["commission"]},
    ),
    "studies": ({"state": "open"}, {"mine": True}, {"state": "open", "conclusion": "", "division": {}}),
}
# For a list, whatever its length: who asks, what they see, the rows and what belongs to them.
QUERIES = {
    "supervisions": 9,
    "key-matters": 9,
    "instructions": 9,
    "recommendations": 8,
    "direct-reports": 10,
    "studies": 9,
}


@pytest.mark.parametrize("name", FITS)
def test_lists_and_what_is_in_them(
    county: SmallCounty, chased: Chased, name: str, django_assert_num_queries: Any
) -> None:
    director = at_the_desk(county, Role.DIRECTOR)
    fits, fits_not, told = FITS[name]
    (only,) = director.get(f"{API}/{name}", {"matter": chased.matter.code, **fits}).json()["items"]
    assert only == only | told | {"matter": chased.matter.code}
    assert director.get(f"{API}/{name}", fits_not).json() == {"items": [], "next": None}
    assert broken(director.get(f"{API}/{name}", {"person": "张三"})) == [("person", "unknown_parameter")]
    one = director.get(chased.address(name))
    assert one.json() == one.json() | only
    (flaw,) = broken(director.get(f"{API}/{name}/{uuid4()}"), 404)
    assert flaw[1].endswith("_not_found")
    if tag := one.headers.get("ETag"):
        assert (tag, only["version"]) == (f'"{chased.matter.version}"', chased.matter.version)
        same = director.get(chased.address(name), headers={"If-None-Match": tag})
        assert (same.status_code, same.headers["ETag"], same.content) == (304, tag, b"")
    chase(county)
    with django_assert_num_queries(QUERIES[name]):
        page = director.get(f"{API}/{name}").json()
    assert len(page["items"]) == 2
    first = director.get(f"{API}/{name}", {"size": 1}).json()
    last = director.get(f"{API}/{name}", {"size": 1, "cursor": first["next"]}).json()
    assert [*first["items"], *last["items"]] == page["items"]


def test_who_is_invited_reads_the_opinions_and_a_department_its_own(
    county: SmallCounty, chased: Chased
) -> None:
    told = at_the_desk(county, Role.MEDIATOR).get(chased.address("studies")).json()
    assert [(each["stance"], each["person"]["name"]) for each in told["opinions"]] == [
        ("agree", county.person(Role.MEDIATOR).name)
    ]
    assert (told["hidden"], told["actions"]) == (0, [])
    labour = at_the_desk(county, Role.HANDLER, "labour")
    assert labour.get(chased.address("supervisions")).json()["actions"] == ["answer"]
    assert labour.get(chased.address("instructions")).json()["actions"] == ["answer"]
    housing = at_the_desk(county, Role.HANDLER, "housing")
    for name in ("supervisions", "instructions"):
        assert housing.get(f"{API}/{name}").json()["items"] == []
    assert broken(housing.get(f"{API}/key-matters"), 403) == [("", "post_may_not_list")]


def test_fetching_a_report_is_no_receipt(county: SmallCounty, chased: Chased) -> None:
    commission = at_the_desk(county, Role.COMMISSION)
    assert commission.get(chased.address("direct-reports")).json()["receipts"][0]["read_at"] is None
    (waiting,) = commission.get(f"{API}/direct-reports", {"unread": True}).json()["items"]
    assert waiting["id"] == str(chased.direct_reports)


# --- what departments and members answer ----------------------------------------------------------------------

DONE = "已经约谈厂方，月底前修好。"


def sent_twice(client: Any, address: str, sent: Any, *, version: int | None = None) -> dict[str, Any]:
    """What is answered, which is the same when the request is sent again."""
    tag = {} if version is None else {"If_Match": f'"{version}"'}
    first, again = (post(client, address, sent, key=address[-40:], **tag) for _n in range(2))
    assert (first.status_code, again.status_code) == (200, 200), first.content.decode()
    assert (first.json(), again.headers["Idempotency-Replayed"]) == (again.json(), "true")
    return dict(first.json())


def test_a_department_answers_what_it_was_asked(county: SmallCounty, chased: Chased) -> None:
    labour = at_the_desk(county, Role.HANDLER, "labour")
    answered = chased.address("supervisions") + "/answer"
    told = sent_twice(labour, answered, {"text": DONE}, version=chased.matter.version)
    assert (told["code"], told["version"]) == (chased.matter.code, chased.matter.version + 1)
    (measure,) = labour.get(chased.address("supervisions")).json()["measures"]
    assert (measure["answer"], measure["decision"]) == (DONE, "pending")
    done = chased.address("instructions") + "/answer"
    told = sent_twice(labour, done, {"text": DONE}, version=told["version"])
    (answer,) = labour.get(chased.address("instructions")).json()["answers"]
    assert (answer["text"], answer["verdict"]) == (DONE, "pending")
    director = at_the_desk(county, Role.DIRECTOR)
    letter = chased.address("recommendations")
    reply = {"text": "已经排查三十间。", "replied_on": str(clock.today())}
    sent_twice(director, f"{letter}/reply", reply, version=told["version"])
    assert director.get(letter).json() == director.get(letter).json() | {
        "reply": reply["text"],
        "replied_on": reply["replied_on"],
    }


def test_a_receipt_is_written_once_and_by_whom_it_was_sent_to(county: SmallCounty, chased: Chased) -> None:
    address = chased.address("direct-reports") + "/read"
    before = traces()
    (unread,) = post(at_the_desk(county, Role.DIRECTOR), address, {}, key=None).json()["receipts"]
    assert (unread["read_at"], traces()) == (None, before)
    commission = at_the_desk(county, Role.COMMISSION)
    first, again = (post(commission, address, {}, key=None).json()["receipts"][0] for _n in range(2))
    assert first["read_at"] is not None
    assert first == again
    assert commission.get(f"{API}/direct-reports", {"unread": True}).json()["items"] == []


def test_a_member_comes_and_gives_an_opinion(county: SmallCounty) -> None:
    study = convene(county, dispatched(county), [named(county, HOUSING)])
    member, address = at_the_desk(county, *HOUSING), f"{API}/studies/{study.pk}"
    opinion = {"stance": "amend", "text": "先垫付欠薪保障金，再向厂方追偿。"}
    before = traces()
    assert broken(post(member, f"{address}/opinion", opinion), 409) == [("", "not_coming")]
    assert broken(post(member, f"{address}/reply", {"answer": "cannot"})) == [("reason", "invalid")]
    assert traces() == before
    told = sent_twice(member, f"{address}/reply", {"answer": "comes"})
    assert told == {"id": str(study.pk), "said": "reply"}
    told = post(member, f"{address}/opinion", opinion)
    assert told.json() == {"id": str(study.pk), "said": "opine"}
    assert member.get(address).json()["opinions"][0]["stance"] == "amend"


def test_materials_are_laid_before_the_members_later(county: SmallCounty, disk: object) -> None:
    matter = dispatched(county)
    study = convene(county, matter, [named(county, HOUSING)])
    material = with_file(county, matter)
    address, sent = f"{API}/studies/{study.pk}/materials", {"materials": [str(material.pk)]}
    member, desk = at_the_desk(county, *HOUSING), at_the_desk(county, Role.DISPATCHER)
    before = traces()
    assert broken(post(member, address, sent), 404) == [("", "matter_not_found")]
    assert broken(post(desk, address, {"materials": []})) == [("materials", "too_short")]
    assert broken(post(desk, address, {"materials": [str(study.pk)]})) == [("materials", "invalid")]
    assert traces() == before
    assert sent_twice(desk, address, sent) == {"id": str(study.pk), "said": "add_materials"}
    laid = member.get(f"{API}/studies/{study.pk}").json()["materials"]
    assert [(each["id"], each["name"]) for each in laid] == [(str(material.pk), "工资表.txt")]


def test_what_is_refused_has_changed_nothing(county: SmallCounty, chased: Chased) -> None:
    labour, housing = (at_the_desk(county, Role.HANDLER, each) for each in ("labour", "housing"))
    director = at_the_desk(county, Role.DIRECTOR)
    version = f'"{chased.matter.version}"'
    text = {"text": DONE}
    today = str(clock.today())
    before = traces()
    # Who, what, with what, and the status, field and rule of the refusal.
    for client, name, act_, sent, flaw in (
        (labour, "supervisions", "report", text, (409, "", "not_in_this_state")),
        (labour, "supervisions", "answer", {"text": "无"}, (422, "text", "invalid")),
        (labour, "supervisions", "answer", {}, (422, "text", "missing")),
        (labour, "supervisions", "answer", {**text, "person": "张三"}, (422, "person", "extra_forbidden")),
        (director, "supervisions", "answer", text, (403, "", "post_may_not")),
        (housing, "supervisions", "answer", text, (404, "", "supervision_not_found")),
        (director, "instructions", "answer", text, (403, "", "post_may_not")),
        (housing, "instructions", "answer", text, (404, "", "instruction_not_found")),
        (housing, "recommendations", "reply", {**text, "replied_on": today}, (404, "", "recommendation_not_found")),
        (director, "recommendations", "reply", {**text, "replied_on": "2099-01-01"}, (422, "replied_on", "invalid")),
        (director, "studies", "reply", {"answer": "comes"}, (404, "", "study_not_found")),
        (director, "studies", "reply", {"answer": "pending"}, (422, "answer", "literal_error")),
    ):  # fmt: skip
        status, *which = flaw
        answer = post(client, f"{chased.address(name)}/{act_}", sent, If_Match=version)
        assert broken(answer, status) == [tuple(which)], (name, act_, sent)
    address = chased.address("supervisions") + "/answer"
    assert broken(post(labour, address, text), 428) == [("If-Match", "missing")]
    assert broken(post(labour, address, text, If_Match='"1"'), 412) == [("", "stale")]
    assert broken(post(labour, address, text, key=None, If_Match=version), 400) == [
        ("Idempotency-Key", "missing")
    ]
    assert traces() == before
