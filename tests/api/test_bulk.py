"""Bulk work through the API: each matter goes or stays by itself, and once, however often it is sent."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.api import limits
from fengqiao.api.actions.bulk import SHAPES
from fengqiao.api.models import AnsweredRequest
from fengqiao.audit.models import Entry
from fengqiao.flows import bulk
from fengqiao.matters.domain import alarming
from fengqiao.matters.enums import Action, Danger, State
from fengqiao.matters.models import HistoryEvent, Matter
from fengqiao.places.models import Department
from tests.api.test_machines import machine
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.matters.ground import AUDITING, EVERYWHERE, act, fresh, traces
from tests.small_county import SmallCounty, brought_to, build, registered
from tests.web.desk import at_the_desk

DISPATCH = "/api/v1/bulk/dispatch"


@pytest.fixture
def county(db: None) -> SmallCounty:
    limits.forget()
    return build()


@pytest.fixture
def dispatcher(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.DISPATCHER)


def what(county: SmallCounty, **changes: Any) -> dict[str, Any]:
    return {"lead": str(county.department("labour").pk), "message": "请依法处理并答复"} | changes


def sent(county: SmallCounty, *matters: Matter, **changes: Any) -> dict[str, Any]:
    with scope(EVERYWHERE):
        now = [Matter.objects.get(pk=each.pk) for each in matters]
    chosen = [{"code": each.code, "version": each.version} for each in now]
    return {"matters": chosen, "what": what(county, **changes)}


def mixed(county: SmallCounty) -> dict[Matter, str]:
    """Matters with the rule that keeps each from being dispatched to the labour bureau."""
    return {
        brought_to(county, State.DISPATCHING): "",
        brought_to(county, State.ASSESSING): "not_in_this_state",
        registered(county, "other", division="", grid="", address=""): "matter_not_found",
        brought_to(county, State.DISPATCHING): "",
    }


def rules(answer: Any) -> dict[str, str]:
    assert answer.status_code == 200, answer.content.decode()
    told = answer.json()
    found = {each["code"]: each["problem"]["rule"] if each["problem"] else "" for each in told["items"]}
    assert told["through"] == list(found.values()).count("")
    assert told["through"] + told["kept_back"] == len(found)
    return found


def audited() -> int:
    with scope(AUDITING):
        return Entry.objects.count()


def test_the_preview_says_what_will_happen_and_writes_nothing(
    county: SmallCounty, dispatcher: Client
) -> None:
    wanted = mixed(county)
    before, links = traces(), audited()
    answer = post(dispatcher, f"{DISPATCH}/preview", sent(county, *wanted), key=None)
    assert rules(answer) == {matter.code: rule for matter, rule in wanted.items()}
    items = answer.json()["items"]
    assert [each["state"] for each in items] == ["dispatching", "assessing", None, "dispatching"]
    # One that is not seen is answered as one that never was.
    never = [{"code": "440785-20260101-999999", "version": 1}]
    nowhere = post(dispatcher, f"{DISPATCH}/preview", sent(county) | {"matters": never}, key=None)
    hidden = items[2] | {"code": never[0]["code"]}
    assert nowhere.json()["items"] == [hidden]
    assert hidden["problem"]["status"] == 404
    assert (traces(), audited()) == (before, links)


def test_each_goes_or_stays_as_the_preview_said(county: SmallCounty, dispatcher: Client) -> None:
    wanted = mixed(county)
    links = audited()
    answer = post(dispatcher, DISPATCH, sent(county, *wanted))
    assert rules(answer) == {matter.code: rule for matter, rule in wanted.items()}
    assert [each["state"] for each in answer.json()["items"]] == ["handling", "assessing", None, "handling"]
    for matter, told in zip(wanted, answer.json()["items"], strict=True):
        if told["state"]:
            now = fresh(county, matter)
            assert (told["version"], told["state"], told["step"]) == (now.version, now.state, now.step)
    # Done and refused alike are audited, one by one.
    assert audited() == links + len(wanted)


def test_what_has_changed_is_reported_and_not_forced(county: SmallCounty, dispatcher: Client) -> None:
    one, two = (brought_to(county, State.DISPATCHING) for _each in range(2))
    asked = sent(county, one, two)
    act(county, Role.DIRECTOR, alarming.danger, one, kind=Danger.VIOLENCE, summary="扬言要打人")
    preview = post(dispatcher, f"{DISPATCH}/preview", asked, key=None)
    answer = post(dispatcher, DISPATCH, asked)
    assert rules(preview) == rules(answer) == {one.code: "stale", two.code: ""}
    assert answer.json()["items"][0]["problem"]["status"] == 412
    assert fresh(county, one).state == State.DISPATCHING


def test_it_is_carried_out_once_and_what_was_kept_back_is_tried_again(
    county: SmallCounty, dispatcher: Client
) -> None:
    goes, stays = brought_to(county, State.DISPATCHING), brought_to(county, State.ROUTING)
    key, asked = str(uuid4()), sent(county, goes, stays)
    first = post(dispatcher, DISPATCH, asked, key=key)
    assert rules(first) == {goes.code: "", stays.code: "not_in_this_state"}
    before = traces()
    again = post(dispatcher, DISPATCH, asked, key=key)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert traces() == before
    # The answer of what went through is that of the first time, even where it has moved on, …
    act(county, Role.DIRECTOR, alarming.danger, goes, kind=Danger.VIOLENCE, summary="扬言要打人")
    assert post(dispatcher, DISPATCH, asked, key=key).json()["items"][0] == first.json()["items"][0]
    # … and where what was named is offered no more.
    Department.objects.filter(pk=county.department("labour").pk).update(division_id="440783000000")
    now = post(dispatcher, DISPATCH, asked, key=key)
    assert rules(now) == {goes.code: "", stays.code: "not_offered"}
    assert now.json()["items"][0] == first.json()["items"][0]


def test_a_line_that_broke_in_the_middle_is_taken_up_where_it_broke(
    county: SmallCounty, dispatcher: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (brought_to(county, State.DISPATCHING) for _each in range(2))
    key, asked = str(uuid4()), sent(county, one, two)
    plainly = bulk.carry_out_one

    def breaks(*, chosen: bulk.Chosen, **given: Any) -> bulk.Outcome:
        if chosen.code == two.code:
            raise MemoryError
        return plainly(chosen=chosen, **given)

    monkeypatch.setattr(bulk, "carry_out_one", breaks)
    assert post(dispatcher, DISPATCH, asked, key=key).status_code == 500
    monkeypatch.setattr(bulk, "carry_out_one", plainly)
    links = audited()
    assert rules(post(dispatcher, DISPATCH, asked, key=key)) == {one.code: "", two.code: ""}
    assert audited() == links + 1


def test_a_key_stands_for_one_request(county: SmallCounty, dispatcher: Client) -> None:
    one, two = (brought_to(county, State.DISPATCHING) for _each in range(2))
    key = str(uuid4())
    post(dispatcher, DISPATCH, sent(county, one), key=key)
    before = traces()
    answer = post(dispatcher, DISPATCH, sent(county, two), key=key)
    assert broken(answer) == [("Idempotency-Key", "key_used_otherwise")]
    assert traces() == before


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"matters": []}, ("matters", "too_short")),
        ({"matters": [{"code": "440785-20260101-999999"}]}, ("matters.0.version", "missing")),
        ({"matters": [{"code": "440785-20260101-999999", "version": 1}] * 2}, ("matters", "repeated")),
        ({"what": {"message": "请依法处理"}}, ("what.lead", "missing")),
        ({"what": {"lead": str(uuid4()), "message": "请依法处理"}}, ("what.lead", "not_offered")),
    ],
)
def test_what_is_wrong_is_named_and_no_matter_moves(
    county: SmallCounty, dispatcher: Client, changes: Any, flaw: tuple[str, str]
) -> None:
    asked = sent(county, brought_to(county, State.DISPATCHING)) | changes
    before = traces()
    assert broken(post(dispatcher, DISPATCH, asked)) == [flaw]
    assert broken(post(dispatcher, f"{DISPATCH}/preview", asked, key=None)) == [flaw]
    assert traces() == before
    with scope(county.actor(Role.DISPATCHER)):
        assert AnsweredRequest.objects.count() == 0


def test_more_than_are_looked_over_at_once_are_refused(county: SmallCounty, dispatcher: Client) -> None:
    many = [{"code": f"440785-20260101-{n:06d}", "version": 1} for n in range(bulk.MOST + 1)]
    assert broken(post(dispatcher, DISPATCH, sent(county) | {"matters": many})) == [("matters", "too_long")]


def test_who_may_not_do_it_to_one_may_not_do_it_to_many(county: SmallCounty) -> None:
    asked = sent(county, brought_to(county, State.DISPATCHING))
    before = traces()
    for client in (at_the_desk(county, Role.REGISTRAR), machine(county)):
        assert broken(post(client, DISPATCH, asked), 403) == [("", "post_may_not")]
        assert broken(post(client, f"{DISPATCH}/preview", asked, key=None), 403) == [("", "post_may_not")]
    assert traces() == before


def test_matters_are_handed_down_to_the_town(county: SmallCounty) -> None:
    matter = registered(county)
    asked = {
        "matters": [{"code": matter.code, "version": matter.version}],
        "what": {"centre_id": str(county.centres["town"].pk), "reason": "由镇里办理"},
    }
    director = at_the_desk(county, Role.DIRECTOR)
    assert rules(post(director, "/api/v1/bulk/hand_down/preview", asked, key=None)) == {matter.code: ""}
    assert rules(post(director, "/api/v1/bulk/hand_down", asked)) == {matter.code: ""}


def test_what_can_be_done_in_bulk_has_an_address() -> None:
    assert tuple(SHAPES) == bulk.IN_BULK


@pytest.mark.parametrize(("number", "statements"), [(1, 60), (2, 105)])
def test_the_statements_of_bulk_work(
    county: SmallCounty,
    dispatcher: Client,
    django_assert_num_queries: Any,
    number: int,
    statements: int,
) -> None:
    asked = sent(county, *(brought_to(county, State.DISPATCHING) for _each in range(number)))
    dispatcher.get("/api/v1/matters")
    with django_assert_num_queries(statements):
        assert post(dispatcher, DISPATCH, asked).json()["through"] == number


@pytest.mark.usefixtures("committed_db")
def test_sent_twice_at_once_each_matter_moves_once() -> None:
    limits.forget()
    county = build()
    matters = [brought_to(county, State.DISPATCHING) for _each in range(4)]
    key, asked = str(uuid4()), sent(county, *matters)
    answers: list[Any] = []

    def send(client: Client) -> None:
        try:
            answers.append(post(client, DISPATCH, asked, key=key))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=[at_the_desk(county, Role.DISPATCHER)]) for _n in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    came = [each.json() for each in answers if each.status_code == 200]
    # The others met the key in the moment in which it was taken.
    assert [broken(each, 409) for each in answers if each.status_code != 200] == [
        [("Idempotency-Key", "in_progress")]
    ] * (3 - len(came))
    for lines in zip(*(each["items"] for each in came), strict=True):
        # One of them moved it; the others give its answer, or met it being moved.
        went = [each for each in lines if each["problem"] is None]
        assert went == went[:1] * len(went) and went
        assert {each["problem"]["rule"] for each in lines if each["problem"]} <= {"in_progress"}
    assert set(rules(post(at_the_desk(county, Role.DISPATCHER), DISPATCH, asked, key=key)).values()) == {""}
    with scope(EVERYWHERE):
        done = HistoryEvent.objects.filter(type=f"matter.{Action.DISPATCH}")
        assert sorted(done.values_list("matter_id", flat=True)) == sorted(each.pk for each in matters)
