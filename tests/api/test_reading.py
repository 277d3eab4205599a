"""Reading through the API: the same sight as the desk, pages that end, and problems that say what is wrong."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.api import limits
from fengqiao.api.filters import Filter
from fengqiao.audit.models import Entry
from fengqiao.flows.materials import Upload, add
from fengqiao.matters.enums import State
from fengqiao.matters.queries.ledger import LedgerFilter
from tests.files.samples import PDF
from tests.small_county import RESIDENT_IDS, SmallCounty, brought_to, build, registered
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db
MATTERS = "/api/v1/matters"


@pytest.fixture
def county(db: None) -> SmallCounty:
    limits.forget()
    return build()


@pytest.fixture
def registrar(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.REGISTRAR)


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem document of an answer that must be one."""
    assert response.status_code == status, response.content.decode()
    assert response.headers["Content-Type"] == "application/problem+json"
    told = response.json()
    assert set(told) - {"current"} == {"type", "title", "status", "detail", "errors"}
    assert (told["status"], told["type"]) == (status, f"/api/v1/docs#problem-{status}")
    return dict(told)


def broken(response: Any, status: int = 422) -> list[tuple[str, str]]:
    """(field, rule) of each flaw."""
    return [(each["field"], each["rule"]) for each in problem(response, status)["errors"]]


def test_a_list_is_read_page_by_page_to_its_end(county: SmallCounty, registrar: Client) -> None:
    codes = [registered(county, title=f"第 {n} 件").code for n in range(5)]
    seen: list[str] = []
    asked: dict[str, Any] = {"size": 2, "channel": "visit"}
    while True:
        page = registrar.get(MATTERS, asked).json()
        seen += [each["code"] for each in page["items"]]
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]
    assert seen == codes[::-1]


def test_a_cursor_of_another_question_is_refused(county: SmallCounty, registrar: Client) -> None:
    for n in range(3):
        registered(county, title=f"第 {n} 件")
    cursor = registrar.get(MATTERS, {"size": 1}).json()["next"]
    assert cursor
    foreign = ("cursor", "foreign_cursor")
    assert broken(registrar.get(MATTERS, {"size": 1, "cursor": cursor, "step": "register"})) == [foreign]
    assert broken(registrar.get(MATTERS, {"cursor": cursor + "x"})) == [foreign]
    assert broken(registrar.get(MATTERS, {"cursor": "\0"})) == [("cursor", "string_pattern_mismatch")]
    # Another post of the same county may not go on reading where this one stopped.
    director = at_the_desk(county, Role.DIRECTOR)
    assert broken(director.get(MATTERS, {"size": 1, "cursor": cursor})) == [foreign]


@pytest.mark.parametrize(
    ("asked", "flaw"),
    [
        ({"flag": "nonsense"}, ("flag", "enum")),
        ({"centre": "not-a-uuid"}, ("centre", "uuid_parsing")),
        ({"department": "1"}, ("department", "uuid_parsing")),
        ({"state": ""}, ("state", "enum")),
        ({"category": "7"}, ("category", "string_pattern_mismatch")),
        ({"division": "440785"}, ("division", "string_pattern_mismatch")),
        ({"registered_from": "2024-13-05"}, ("registered_from", "date_from_datetime_parsing")),
        ({"registered_until": "9999-12-31"}, ("registered_until", "date_out_of_range")),
        ({"registered_from": "2026-02-01", "registered_until": "2026-01-01"},
         ("registered_until", "before_its_beginning")),
        ({"size": "0"}, ("size", "greater_than_equal")),
        ({"size": "1" * 5000}, ("size", "int_parsing_size")),
        ({"q": "a\0b"}, ("q", "string_pattern_mismatch")),
        ({"q": "x" * 201}, ("q", "string_too_long")),
        ({"q": RESIDENT_IDS[0]}, ("q", "number_in_address")),
        ({"q": "13800000001"}, ("q", "number_in_address")),
        ({"party": "13800000001"}, ("party", "unknown_parameter")),
        ({"sort": "code"}, ("sort", "unknown_parameter")),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_is_named(registrar: Client, asked: dict[str, str], flaw: Any) -> None:
    assert broken(registrar.get(MATTERS, asked)) == [flaw]


def test_a_parameter_stands_once(registrar: Client) -> None:
    assert broken(registrar.get(f"{MATTERS}?step=track&step=register")) == [("step", "repeated_parameter")]


def test_bad_utf8_is_an_ordinary_question(registrar: Client) -> None:
    assert registrar.get(f"{MATTERS}?q=%ff%fe").json() == {"items": [], "next": None}


def test_the_filters_are_those_of_the_ledger(county: SmallCounty, registrar: Client) -> None:
    mine = registered(county)
    there = brought_to(county, State.HANDLING)
    centre = str(county.centres["county"].id)

    def found(**asked: str) -> set[str]:
        return {each["code"] for each in registrar.get(MATTERS, asked).json()["items"]}

    both = {mine.code, there.code}
    assert found(centre=centre) == found(flag="open") == found(q="陶瓷厂") == found(category="07") == both
    assert found(step="track") == found(risk="medium") == found(track="departmental") == {there.code}
    assert found(department=str(county.department("labour").id)) == {there.code}
    assert found(q=mine.code) == {mine.code}
    assert found(centre=str(uuid4())) == found(danger="violence") == set()


def test_no_filter_of_the_ledger_is_missing() -> None:
    assert set(Filter.model_fields) == {each.name for each in fields(LedgerFilter)} - {"party"}


def test_oldest_first(county: SmallCounty, registrar: Client) -> None:
    codes = [registered(county, title=f"第 {n} 件").code for n in range(3)]
    page = registrar.get(MATTERS, {"order": "oldest", "size": 2}).json()
    rest = registrar.get(MATTERS, {"order": "oldest", "size": 2, "cursor": page["next"]}).json()
    assert [each["code"] for each in [*page["items"], *rest["items"]]] == codes


def test_a_number_is_looked_for_in_the_body(county: SmallCounty, registrar: Client) -> None:
    matter = registered(county)

    def found(number: str) -> list[str]:
        answer = registrar.post(f"{MATTERS}/search", {"number": number}, content_type="application/json")
        return [each["code"] for each in answer.json()["items"]]

    assert found(RESIDENT_IDS[0]) == found("13800000001") == [matter.code]
    assert found(RESIDENT_IDS[1]) == []


def test_a_matter_and_its_version(county: SmallCounty, registrar: Client) -> None:
    matter = brought_to(county, State.ACCEPTED)
    answer = registrar.get(f"{MATTERS}/{matter.code}")
    told = answer.json()
    assert (answer.headers["ETag"], told["version"], told["state"]) == ('"2"', 2, "accepted")
    assert told["claims"] == [{"kind": "resolve", "text": "支付两个月工资"}]
    assert "skip_mediation" in told["actions"]
    again = registrar.get(f"{MATTERS}/{matter.code}", headers={"If-None-Match": '"2"'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", '"2"')
    for told, status in (('"1"', 200), ('"1", W/"2"', 304), ("*", 304), ("b=b", 200), ("", 200)):
        asked = registrar.get(f"{MATTERS}/{matter.code}", headers={"If-None-Match": told})
        assert asked.status_code == status, told


def test_the_parts_of_a_matter(county: SmallCounty, registrar: Client) -> None:
    matter = brought_to(county, State.HANDLING)
    actor = county.actor(Role.REGISTRAR)
    add(actor=actor, matter_id=matter.id, uploads=[Upload("工资条.pdf", PDF)])

    def part(name: str, **asked: Any) -> dict[str, Any]:
        answer = registrar.get(f"{MATTERS}/{matter.code}/{name}", asked)
        assert answer.status_code == 200, answer.content.decode()
        return dict(answer.json())

    first, second = part("parties")["items"]
    assert (first["name"], second["role"]) == ("黄某某", "respondent")
    assert first["identity"] == {"kind": "resident_id", "masked": "4407*************4"}
    assert [each["masked"] for each in first["contacts"]] == ["恩平市沙湖*****", "138******01"]
    assert part("sessions")["items"] == []
    (given,) = part("dispatches")["items"]
    assert (given["department"]["name"], given["part"], given["state"]) == ("恩平市人社局", "lead", "issued")
    assert [each["kind"] for each in part("clocks")["items"]] == ["state"]
    (file,) = part("files")["items"]
    assert (file["name"], file["media_type"], file["size"]) == ("工资条.pdf", "application/pdf", len(PDF))
    content = registrar.get(f"{MATTERS}/{matter.code}/files/{file['id']}")
    assert (content.content, content.headers["Content-Type"]) == (PDF, "application/octet-stream")
    events = part("history", size=100)["items"]
    assert [each["seq"] for each in events] == list(range(1, len(events) + 1))
    assert events[0]["type"] == "matter.registered"
    said = {each["type"]: each["words"] for each in events}
    assert said["matter.route"] == [{"kind": "reason", "text": "属人社部门职责"}]


def test_a_part_is_read_page_by_page(county: SmallCounty, registrar: Client) -> None:
    matter = brought_to(county, State.ROUTING)
    address, asked, seen = f"{MATTERS}/{matter.code}/history", {"size": 3}, []
    while True:
        page = registrar.get(address, asked).json()
        seen += [each["seq"] for each in page["items"]]
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]
    assert seen == [1, 2, 3, 4]
    other = registered(county)
    cursor = registrar.get(address, {"size": 1}).json()["next"]
    foreign = [("cursor", "foreign_cursor")]
    assert broken(registrar.get(f"{MATTERS}/{other.code}/history", {"cursor": cursor})) == foreign
    assert broken(registrar.get(f"{MATTERS}/{matter.code}/files", {"cursor": cursor})) == foreign


PARTS = ("", "/parties", "/sessions", "/dispatches", "/clocks", "/files", "/history")


@pytest.mark.parametrize("part", [*PARTS, "/files/00000000-0000-4000-8000-000000000000"])
def test_what_is_not_seen_is_not_there(county: SmallCounty, registrar: Client, part: str) -> None:
    foreign = registered(county, place="other", division="", grid="")
    answers = [
        problem(registrar.get(f"{MATTERS}/{code}{part}"), 404)
        for code in (foreign.code, "440785-20260101-999999")
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("code", ["nonsense", "%00", "440785-20260101-" + "9" * 400, "%F0%9F", "..", "４"])
def test_what_is_no_code_is_refused(registrar: Client, code: str) -> None:
    assert registrar.get(f"{MATTERS}/{code}").status_code in (404, 422)


def test_reading_a_restricted_matter_leaves_a_trace(county: SmallCounty, registrar: Client) -> None:
    matter = registered(county, confidential=True)
    assert registrar.get(f"{MATTERS}/{matter.code}/parties").status_code == 200
    other = at_the_desk(county, Role.LEGAL_OFFICER)
    assert other.get(f"{MATTERS}/{matter.code}/parties").status_code == 404
    with scope(county.actor(Role.AUDITOR)):
        read = Entry.objects.filter(verb="matter.read_restricted").values_list("person_id", "subject")
        refused = Entry.objects.filter(verb="api.get", result="refused").values_list("person_id", "subject")
        assert list(read) == [(county.person(Role.REGISTRAR).pk, f"matter:{matter.id}")]
        assert list(refused) == [(county.person(Role.LEGAL_OFFICER).pk, f"{MATTERS}/{matter.code}/parties")]


@pytest.mark.parametrize("part", PARTS)
def test_administrators_read_no_matter(county: SmallCounty, part: str) -> None:
    matter = registered(county)
    auditor = at_the_desk(county, Role.AUDITOR)
    for address in (MATTERS, f"{MATTERS}/{matter.code}{part}"):
        assert broken(auditor.get(address), 403) == [("", "administrators_read_no_matter")]


# --- who calls -----------------------------------------------------------------------------------------------


def test_who_is_not_signed_in_is_told_how(db: None) -> None:
    answer = Client().get(MATTERS)
    assert broken(answer, 401) == [("", "not_signed_in")]
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_password_that_somebody_else_set_opens_nothing(county: SmallCounty, registrar: Client) -> None:
    person = county.person(Role.REGISTRAR)
    person.must_change_password = True
    person.save(update_fields=["must_change_password"])
    assert broken(registrar.get(MATTERS), 403) == [("", "own_password")]


def test_a_post_that_needs_a_second_factor_needs_it_here(county: SmallCounty) -> None:
    director = Client()
    director.force_login(county.person(Role.DIRECTOR))
    assert broken(director.get(MATTERS), 403) == [("", "second_factor")]


def test_a_person_without_a_post_reads_nothing(county: SmallCounty, registrar: Client) -> None:
    stationing = county.stationings[(str(Role.REGISTRAR), "county")]
    stationing.valid_until = stationing.valid_from
    stationing.save(update_fields=["valid_until"])
    assert broken(registrar.get(MATTERS), 403) == [("", "post")]


def test_writing_with_a_session_needs_the_token_against_forged_requests(county: SmallCounty) -> None:
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(county.person(Role.REGISTRAR))
    answer = forged.post(f"{MATTERS}/search", {"number": "13800000001"}, content_type="application/json")
    assert broken(answer, 403) == [("", "csrf")]


def test_the_problem_is_told_in_the_language_of_the_request(county: SmallCounty) -> None:
    director = Client()
    director.force_login(county.person(Role.DIRECTOR))
    chinese = problem(director.get(MATTERS), 403)
    assert chinese["title"] == "不允许"


def test_too_many_requests_are_told_when_to_come_again(
    county: SmallCounty, registrar: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGQIAO_API_RATE", "2")
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_000.0))
    first, second, third = (registrar.get(MATTERS) for _n in range(3))
    assert [r.headers["RateLimit-Remaining"] for r in (first, second, third)] == ["1", "0", "0"]
    assert (first.headers["RateLimit-Limit"], second.status_code) == ("2", 200)
    assert broken(third, 429) == [("", "too_many_requests")]
    assert 0 < int(third.headers["Retry-After"]) <= 60
    # Another person's requests are counted apart.
    assert at_the_desk(county, Role.DISPATCHER).get(MATTERS).status_code == 200


# --- the address ---------------------------------------------------------------------------------------------


def test_another_address_and_another_method(registrar: Client) -> None:
    assert broken(registrar.get("/api/v1/persons"), 404) == [("", "no_such_address")]
    answer = registrar.delete(MATTERS)
    assert broken(answer, 405) == [("", "method")]
    assert answer.headers["Allow"] == "GET, POST"


def test_a_body_that_is_no_json(registrar: Client) -> None:
    for body in (b"{", b"\xff\xfe", b"[" * 100_000, b'{"number": ' + b"9" * 5000 + b"}"):
        answer = registrar.post(f"{MATTERS}/search", body, content_type="application/json")
        assert broken(answer, 400) == [("", "unreadable")]
    half = registrar.post(f"{MATTERS}/search", b'{"number": "\\ud83d12345"}', content_type="application/json")
    assert broken(half) == [("number", "string_unicode")]
    nul = registrar.post(f"{MATTERS}/search", b'{"number": "\\u000012345"}', content_type="application/json")
    assert broken(nul) == [("number", "string_pattern_mismatch")]


# --- what it costs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 8])
def test_the_statements_of_a_page_do_not_grow_with_its_rows(
    county: SmallCounty, registrar: Client, rows: int, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        registered(county, title=f"第 {n} 件")
    registrar.get(MATTERS)
    with django_assert_num_queries(8):
        assert len(registrar.get(MATTERS).json()["items"]) == rows


def test_the_statements_of_a_matter(
    county: SmallCounty, registrar: Client, django_assert_num_queries: Any
) -> None:
    matter = registered(county)
    registrar.get(MATTERS)
    with django_assert_num_queries(11):
        registrar.get(f"{MATTERS}/{matter.code}")
