"""Whistles through the API: blown, answered and scored by the rules of the desk, each request once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.api import limits
from fengqiao.dispatch.models import Call, CallScore, Whistle
from tests.api.test_machines import machine
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.matters.ground import EVERYWHERE, told
from tests.small_county import SmallCounty, build, registered
from tests.web.desk import at_the_desk

WHISTLES = "/api/v1/whistles"
REASON = "十分钟就到，把人劝住了"


@pytest.fixture
def county(db: None) -> SmallCounty:
    limits.forget()
    return build()


@pytest.fixture
def registrar(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.REGISTRAR)


@pytest.fixture
def labour(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.HANDLER, "labour")


def new(county: SmallCounty, *kinds: str, **more: Any) -> dict[str, Any]:
    return {
        "departments": [str(county.department(kind).pk) for kind in kinds or ("labour",)],
        "place_kind": "window",
        "place": "三号窗口",
        "message": "工人聚集在窗口，请到场",
    } | more


def blown(county: SmallCounty, client: Client, *kinds: str, **more: Any) -> str:
    """The address of a new whistle."""
    answer = post(client, WHISTLES, new(county, *kinds, **more))
    assert answer.status_code == 201, answer.content.decode()
    return str(answer.headers["Location"])


def call_at(client: Client, whistle: str, place: int = 0) -> str:
    """The address of a call of a whistle."""
    return f"{whistle}/calls/{client.get(whistle).json()['calls'][place]['id']}"


def ended(county: SmallCounty, registrar: Client, labour: Client, **more: Any) -> tuple[str, str]:
    """A whistle that was answered to its end, and its call."""
    whistle = blown(county, registrar, **more)
    call = call_at(registrar, whistle)
    assert post(labour, f"{call}/there", {}).status_code == 200
    assert post(labour, f"{call}/done", {"result": "已经劝开"}).status_code == 200
    return whistle, call


def kept() -> tuple[int, list[str], int]:
    """How many whistles, the states of their calls, how many scores."""
    with scope(EVERYWHERE):
        states = list(Call.objects.order_by("called_at", "id").values_list("state", flat=True))
        return Whistle.objects.count(), states, CallScore.objects.count()


def test_a_whistle_is_blown_for_a_matter_answered_and_scored(
    county: SmallCounty, registrar: Client, labour: Client
) -> None:
    matter = registered(county)
    whistle = blown(county, registrar, matter=matter.code, division="440785102201")
    call = call_at(registrar, whistle)
    assert labour.get(WHISTLES, {"state": "running"}).json()["items"][0]["id"] == whistle.rsplit("/", 1)[1]
    # Called to a matter that it was not given: its code is not told.
    assert labour.get(whistle).json()["matter"] is None
    for said, sent in (("on_the_way", {}), ("there", {}), ("done", {"result": "已经劝开"})):
        answer = post(labour, f"{call}/{said}", sent)
        assert (answer.status_code, answer.json()["state"]) == (200, said), answer.content.decode()
    answer = post(registrar, f"{call}/score", {"score": 4, "reason": REASON})
    assert answer.json() == {"id": call.rsplit("/", 1)[1], "state": "done"}
    read = registrar.get(whistle).json()
    assert [read[n] for n in ("matter", "division", "place_kind", "place", "message")] == [
        matter.code, "440785102201", "window", "三号窗口", "工人聚集在窗口，请到场",
    ]  # fmt: skip
    assert read["called_by"]["name"] == county.person(Role.REGISTRAR).name
    (line,) = read["calls"]
    assert [line[n] for n in ("state", "result", "invitation")] == ["done", "已经劝开", False]
    assert line["answered_by"]["name"] == county.person(Role.HANDLER, "labour").name
    assert (line["score"]["score"], line["score"]["reason"]) == (4, REASON)
    assert labour.get(whistle).json()["calls"][0]["score"]["score"] == 4
    assert read["ended_at"] is not None and labour.get(WHISTLES, {"state": "running"}).json()["items"] == []
    assert told(matter)[-5:] == [
        "whistle.called", "whistle.on_the_way", "whistle.there", "whistle.done", "whistle.scored",
    ]  # fmt: skip


def test_the_same_request_under_the_same_key_is_carried_out_once(
    county: SmallCounty, registrar: Client, labour: Client
) -> None:
    first, again = (post(registrar, WHISTLES, new(county), key="b") for _ in range(2))
    assert (first.json(), first.headers["Location"]) == (again.json(), again.headers["Location"])
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    changed = post(registrar, WHISTLES, new(county, "police"), key="b")
    assert broken(changed) == [("Idempotency-Key", "key_used_otherwise")]
    call = call_at(registrar, first.headers["Location"])
    for client, said, sent in (
        (labour, "there", {}),
        (labour, "done", {"result": "已经劝开"}),
        (registrar, "score", {"score": 5, "reason": REASON}),
    ):
        once, twice = (post(client, f"{call}/{said}", sent, key=said) for _ in range(2))
        assert (once.status_code, twice.json()) == (200, once.json())
        assert twice.headers["Idempotency-Replayed"] == "true"
    assert kept() == (1, ["done"], 1)


def test_what_is_refused_calls_nobody(county: SmallCounty, registrar: Client, labour: Client) -> None:
    def refused(client: Client = registrar, *kinds: str, status: int = 422, **more: Any) -> Any:
        return broken(post(client, WHISTLES, new(county, *kinds, **more)), status)

    assert refused(labour, status=403) == [("", "may_not_whistle")]
    assert refused(at_the_desk(county, Role.SUPERVISOR), status=403) == [("", "may_not_whistle")]
    assert refused(departments=[str(uuid4())]) == [("departments.0", "not_offered")]
    assert refused(registrar, "labour", "other") == [("departments.1", "not_offered")]
    assert refused(departments=[]) == [("departments", "too_short")]
    assert refused(place_kind="moon") == [("place_kind", "enum")]
    assert refused(place=" ") == [("place", "invalid")]
    assert refused(division="440785999999") == [("division", "invalid")]
    assert refused(division="440784000000") == [("division", "not_offered")]
    unseen = registered(county, place="other")
    assert refused(matter=unseen.code) == [("matter", "matter_not_found")]
    against = registered(county, against_department=county.department("labour").pk)
    assert refused(matter=against.code, status=409) == [("departments", "complained_of")]
    assert broken(post(registrar, WHISTLES, new(county), key=None), 400) == [("Idempotency-Key", "missing")]
    assert kept() == (0, [], 0)


def test_only_who_was_called_answers_and_only_who_called_stands_down(
    county: SmallCounty, registrar: Client, labour: Client
) -> None:
    call = call_at(registrar, whistle := blown(county, registrar))
    police = at_the_desk(county, Role.HANDLER, "police")
    assert broken(post(police, f"{call}/there", {}), 404) == [("", "whistle_not_found")]
    assert broken(post(registrar, f"{call}/there", {}), 403) == [("", "may_not_answer")]
    assert broken(post(labour, f"{call}/stood_down", {"result": "不去"}), 403) == [("", "may_not_answer")]
    assert broken(post(labour, f"{call}/done", {"result": "已经劝开"}), 409) == [("", "not_in_this_state")]
    assert broken(post(labour, f"{call}/done", {})) == [("result", "missing")]
    nobodys = f"{whistle}/calls/{uuid4()}"
    assert broken(post(labour, f"{nobodys}/there", {}), 404) == [("", "call_not_found")]
    another = call_at(registrar, blown(county, registrar))
    mixed = f"{whistle}/calls/{another.rsplit('/', 1)[1]}"
    assert broken(post(labour, f"{mixed}/there", {}), 404) == [("", "call_not_found")]
    assert kept() == (2, ["called", "called"], 0)
    assert post(registrar, f"{call}/stood_down", {"result": "人已经散了"}).json()["state"] == "stood_down"
    assert kept()[1] == ["stood_down", "called"]


def test_a_score_that_is_refused_is_none(county: SmallCounty, registrar: Client, labour: Client) -> None:
    running = call_at(registrar, blown(county, registrar))
    good = {"score": 5, "reason": REASON}
    assert broken(post(registrar, f"{running}/score", good), 409) == [("", "not_ended")]
    _whistle, call = ended(county, registrar, labour)
    for sent, flaw in (
        ({"score": 0, "reason": REASON}, ("score", "greater_than_equal")),
        ({"score": 6, "reason": REASON}, ("score", "less_than_equal")),
        ({"score": 5, "reason": "好"}, ("reason", "invalid")),
        ({"score": 5}, ("reason", "missing")),
        ({**good, "person": "张三"}, ("person", "extra_forbidden")),
    ):
        assert broken(post(registrar, f"{call}/score", sent)) == [flaw]
    # Others of the same centre see the whistle and did not blow it; the department does not score itself.
    for client in (at_the_desk(county, Role.DIRECTOR), labour):
        assert broken(post(client, f"{call}/score", good), 403) == [("", "may_not_score")]
    assert kept()[2] == 0
    assert post(registrar, f"{call}/score", good).status_code == 200
    assert broken(post(registrar, f"{call}/score", good), 409) == [("", "same_score")]
    assert kept()[2] == 1


def test_a_score_is_amended_and_the_earlier_one_kept(
    county: SmallCounty, registrar: Client, labour: Client
) -> None:
    whistle, call = ended(county, registrar, labour)
    for score in (3, 5):
        assert post(registrar, f"{call}/score", {"score": score, "reason": REASON}).status_code == 200
    assert registrar.get(whistle).json()["calls"][0]["score"]["score"] == 5
    assert kept()[2] == 2


def test_a_court_is_invited_and_never_scored(county: SmallCounty, registrar: Client) -> None:
    whistle = blown(county, registrar, "court")
    call = call_at(registrar, whistle)
    assert registrar.get(whistle).json()["calls"][0]["invitation"] is True
    assert post(registrar, f"{call}/stood_down", {"result": "不用来了"}).status_code == 200
    refused = post(registrar, f"{call}/score", {"score": 1, "reason": "没有来人"})
    assert broken(refused, 409) == [("", "not_scored")]
    assert kept()[2] == 0


def test_a_machine_neither_blows_nor_reads_whistles(county: SmallCounty, registrar: Client) -> None:
    whistle = blown(county, registrar)
    program = machine(county)
    for answer in (program.get(WHISTLES), program.get(whistle), post(program, WHISTLES, new(county))):
        assert broken(answer, 403) == [("", "may_not_whistle")]
    assert kept()[0] == 1


def test_whistles_come_in_pages(county: SmallCounty, registrar: Client) -> None:
    made = [blown(county, registrar, place=f"{n} 号窗口") for n in range(5)]
    places, cursor = [], ""
    for _page in range(3):
        asked = {"size": 2} | ({"cursor": cursor} if cursor else {})
        page = registrar.get(WHISTLES, asked).json()
        places += [f"{WHISTLES}/{each['id']}" for each in page["items"]]
        cursor = page["next"]
    assert (places, cursor) == (made[::-1], None)
    first = registrar.get(WHISTLES, {"size": 2}).json()["next"]
    other = registrar.get(WHISTLES, {"size": 2, "cursor": first, "state": "running"})
    assert broken(other) == [("cursor", "foreign_cursor")]


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_asks_as_much_for_one_as_for_many(
    county: SmallCounty, registrar: Client, number: int, django_assert_num_queries: Any
) -> None:
    matter = registered(county)
    for _n in range(number):
        blown(county, registrar, "labour", "police", matter=matter.code)
    with django_assert_num_queries(11):
        assert len(registrar.get(WHISTLES).json()["items"]) == number
