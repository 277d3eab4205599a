"""Writing through the API: once for each key, for the version that was seen, by the rules of the desk."""

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
from fengqiao.api.actions.shapes import SHAPES
from fengqiao.api.domain.once import forget_old_answers
from fengqiao.api.models import AnsweredRequest
from fengqiao.audit.models import Entry
from fengqiao.flows.procedure import VERBS
from fengqiao.matters.enums import State
from fengqiao.matters.models import HistoryEvent, Matter, Party
from tests.api.samples import SAMPLES
from tests.api.test_reading import MATTERS, broken
from tests.small_county import RESIDENT_IDS, SmallCounty, brought_to, build, registered
from tests.web.desk import at_the_desk


@pytest.fixture
def county(db: None) -> SmallCounty:
    limits.forget()
    return build()


@pytest.fixture
def registrar(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.REGISTRAR)


def wages(**changes: Any) -> dict[str, Any]:
    """An ordinary matter as another system sends it."""
    sent = {
        "title": "陶瓷厂拖欠十二名工人工资",
        "channel": "hotline_12345",
        "received_at": "2026-11-20T09:30:00+08:00",
        "account": "十二名工人来电反映，厂里两个月没有发工资。",
        "category": "0703",
        "claims": [{"kind": "resolve", "text": "支付两个月工资"}],
        "people": 12,
        "amount": "96000.50",
        "division": "440785102201",
        "grid": "440785102201001",
        "parties": [
            {
                "name": "黄某某",
                "identity_kind": "resident_id",
                "identity": RESIDENT_IDS[0],
                "phones": ["13800000001"],
                "addresses": ["恩平市沙湖镇某村1号"],
            },
            {"role": "respondent", "kind": "organisation", "name": "某陶瓷厂"},
        ],
        "outside_numbers": [{"system": "12345", "number": "SPT-2026-0001"}],
        "source": "hotline",
        "source_number": "SPT-2026-0001",
    }
    return sent | changes


def post(client: Client, address: str, sent: Any, *, key: str | None = "", **headers: str) -> Any:
    """Sends JSON with a key of its own (``key=None``: without one)."""
    if key is not None:
        headers["Idempotency-Key"] = key or str(uuid4())
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(address, sent, content_type="application/json", headers=named)


def act(
    client: Client, matter: Matter, action: str, sent: Any, *, version: int | None = None, **more: Any
) -> Any:
    tag = f'"{matter.version if version is None else version}"'
    return post(client, f"{MATTERS}/{matter.code}/actions/{action}", sent, If_Match=tag, **more)


def there_are(county: SmallCounty) -> int:
    with scope(county.actor(Role.DIRECTOR, "city")):
        return Matter.objects.count()


def now(county: SmallCounty, matter: Matter) -> Matter:
    with scope(county.actor(Role.DISPATCHER)):
        return Matter.objects.get(pk=matter.pk)


def test_a_matter_is_handed_in_and_read_again(county: SmallCounty, registrar: Client) -> None:
    answer = post(registrar, MATTERS, wages())
    assert answer.status_code == 201, answer.content.decode()
    told = answer.json()
    assert told == {"code": told["code"], "version": 1, "state": "registered", "step": "register"}
    assert (answer.headers["Location"], answer.headers["ETag"]) == (f"{MATTERS}/{told['code']}", '"1"')
    matter = registrar.get(answer.headers["Location"]).json()
    sent = wages()
    for name in ("title", "channel", "account", "category", "people", "amount", "division", "grid", "source"):
        assert matter[name] == sent[name], name
    assert matter["outside_numbers"] == sent["outside_numbers"]
    assert matter["received_at"] == "2026-11-20T01:30:00Z"
    parties = registrar.get(f"{MATTERS}/{told['code']}/parties").json()["items"]
    assert [each["name"] for each in parties] == ["黄某某", "某陶瓷厂"]
    assert RESIDENT_IDS[0] not in str(parties)
    assert len(parties[0]["contacts"]) == 2


def test_the_same_request_again_gets_the_same_answer(county: SmallCounty, registrar: Client) -> None:
    key = str(uuid4())
    first = post(registrar, MATTERS, wages(), key=key)
    # The same values in another order are the same request.
    again = post(registrar, MATTERS, dict(reversed(wages().items())), key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    assert there_are(county) == 1


def test_the_same_key_for_something_else_is_refused(county: SmallCounty, registrar: Client) -> None:
    key = str(uuid4())
    post(registrar, MATTERS, wages(), key=key)
    reused = [("Idempotency-Key", "key_used_otherwise")]
    assert broken(post(registrar, MATTERS, wages(people=13), key=key)) == reused
    matter = registered(county)
    assert broken(act(registrar, matter, "accept", {}, key=key)) == reused
    assert (there_are(county), now(county, matter).state) == (2, "registered")
    # Another person's key is another key.
    officer = at_the_desk(county, Role.LEGAL_OFFICER)
    assert post(officer, MATTERS, wages(source_number="2"), key=key).status_code == 201


def test_what_was_refused_is_not_remembered(county: SmallCounty, registrar: Client) -> None:
    key = str(uuid4())
    assert broken(post(registrar, MATTERS, wages(category="0001"), key=key)) == [("category", "invalid")]
    assert post(registrar, MATTERS, wages(), key=key).status_code == 201


def test_answers_hold_nothing_of_what_was_sent_and_go_after_a_day(
    county: SmallCounty, registrar: Client
) -> None:
    post(registrar, MATTERS, wages())
    with scope(county.actor(Role.REGISTRAR)):
        kept = AnsweredRequest.objects.get()
        assert set(kept.answer) == {"code", "version", "state", "step"}
    with scope(county.actor(Role.LEGAL_OFFICER)):
        assert not AnsweredRequest.objects.exists()
    assert forget_old_answers() == 0
    with scope(county.actor(Role.REGISTRAR)):
        AnsweredRequest(
            county=kept.county, person_id=kept.person_id, key="old", digest=b"", answer={},
            answered_at="2026-01-01T00:00:00Z",
        ).save(force_insert=True)  # fmt: skip
    assert forget_old_answers() == 1
    with scope(county.actor(Role.REGISTRAR)):
        assert [each.pk for each in AnsweredRequest.objects.all()] == [kept.pk]


@pytest.mark.parametrize(
    ("key", "status", "rule"), [(None, 400, "missing"), ("", 422, "invalid"), ("k" * 81, 422, "invalid")]
)
def test_every_request_that_writes_has_a_key(
    county: SmallCounty, registrar: Client, key: str | None, status: int, rule: str
) -> None:
    headers = {} if key is None else {"Idempotency_Key": key}
    matter = registered(county)
    for address in (MATTERS, f"{MATTERS}/{matter.code}/actions/accept"):
        answer = post(registrar, address, wages() if address == MATTERS else {}, key=None, **headers)
        assert broken(answer, status) == [("Idempotency-Key", rule)]
    assert there_are(county) == 1


def test_a_number_of_another_system_is_taken_once(county: SmallCounty, registrar: Client) -> None:
    first = post(registrar, MATTERS, wages()).json()["code"]
    again = post(registrar, MATTERS, wages(title="改了标题再送一次"))
    assert broken(again, 409) == [("source_number", "already_registered")]
    assert again.headers["Location"] == f"{MATTERS}/{first}"
    assert there_are(county) == 1
    with scope(county.actor(Role.AUDITOR)):
        assert Entry.objects.filter(verb="matter.register", result="refused").count() == 1


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"title": ""}, ("title", "string_too_short")),
        ({"title": "  "}, ("title", "invalid")),
        ({"title": "字" * 201}, ("title", "string_too_long")),
        ({"title": "a\0"}, ("title", "string_pattern_mismatch")),
        ({"channel": "carrier pigeon"}, ("channel", "enum")),
        ({"received_at": "2026-11-20T09:30:00"}, ("received_at", "timezone_aware")),
        ({"received_at": "2199-01-01T00:00:00Z"}, ("received_at", "invalid")),
        ({"received_at": "0001-01-01T00:00:00Z"}, ("received_at", "date_out_of_range")),
        ({"happened_on": "2024.13.5"}, ("happened_on", "date_from_datetime_parsing")),
        ({"category": "07"}, ("category", "string_pattern_mismatch")),
        ({"people": 10**30}, ("people", "less_than_equal")),
        ({"amount": "1e999999"}, ("amount", "decimal_max_digits")),
        ({"amount": "NaN"}, ("amount", "finite_number")),
        ({"division": "440783000000"}, ("division", "not_offered")),
        ({"division": "440785999999"}, ("division", "invalid")),
        ({"against_department": str(uuid4())}, ("against_department", "not_offered")),
        ({"confidential": True, "against_kind": "official"}, ("against_department", "missing")),
        ({"source": "desk"}, ("source", "source")),
        ({"source_number": ""}, ("source", "source")),
        ({"links": ["440785-20260101-999999"]}, ("links", "matter_not_found")),
        ({"colour": "red"}, ("colour", "extra_forbidden")),
        ({"parties": [{"name": "黄某某", "identity_kind": "resident_id", "identity": "440785193001010015"}]},
         ("parties.0.identity", "invalid")),
        ({"parties": [{"name": "黄某某", "phones": ["不详"]}]}, ("parties.0.phone", "invalid")),
        ({"parties": [{"name": "代理人", "agent_for": 7, "agent_power": "委托"}]},
         ("parties.0.agent_for", "invalid")),
        ({"parties": [{}] * 51}, ("parties", "too_long")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_written(
    county: SmallCounty, registrar: Client, changes: dict[str, Any], flaw: Any
) -> None:
    assert broken(post(registrar, MATTERS, wages(**changes))) == [flaw]
    assert there_are(county) == 0


def test_who_takes_nothing_in_may_not_here_either(county: SmallCounty) -> None:
    supervisor = at_the_desk(county, Role.SUPERVISOR)
    assert broken(post(supervisor, MATTERS, wages()), 403) == [("", "post_may_not_register")]
    assert there_are(county) == 0


def test_an_action_moves_the_matter_once(county: SmallCounty, registrar: Client) -> None:
    matter, key = registered(county), str(uuid4())
    answers = [act(registrar, matter, "accept", {}, key=key) for _n in range(2)]
    receipt = {"code": matter.code, "version": 2, "state": "accepted", "step": "register"}
    assert [(each.status_code, each.json()) for each in answers] == [(200, receipt)] * 2
    assert answers[1].headers["ETag"] == '"2"'
    with scope(county.actor(Role.DISPATCHER)):
        events = HistoryEvent.objects.filter(matter_id=matter.id).values_list("type", flat=True)
        assert list(events) == ["matter.registered", "matter.accept"]


def test_a_change_needs_the_version_that_was_seen(county: SmallCounty, registrar: Client) -> None:
    matter = brought_to(county, State.ACCEPTED)
    missing = post(
        registrar, f"{MATTERS}/{matter.code}/actions/guide", {"body": "法院", "explanation": "解释过"}
    )
    assert broken(missing, 428) == [("If-Match", "missing")]
    sent = {"refused": True, "reason": "对方明确拒绝"}
    assert broken(act(registrar, matter, "skip_mediation", sent, version=1), 412) == [("", "stale")]
    for tag in ("*", 'W/"2"', "2", '"x"'):
        answer = post(registrar, f"{MATTERS}/{matter.code}/actions/skip_mediation", sent, If_Match=tag)
        assert broken(answer, 412) == [("If-Match", "stale")]
    assert now(county, matter).version == matter.version
    assert act(registrar, matter, "skip_mediation", sent).json()["state"] == "assessing"


def test_what_the_table_or_the_post_does_not_allow(county: SmallCounty, registrar: Client) -> None:
    matter = registered(county)
    close = act(at_the_desk(county, Role.DIRECTOR), matter, "close", {})
    assert broken(close, 409) == [("", "not_in_this_state")]
    accept = act(at_the_desk(county, Role.MEDIATOR), matter, "accept", {})
    assert broken(accept, 403) == [("", "post_may_not")]
    foreign = act(at_the_desk(county, Role.REGISTRAR, "other"), matter, "accept", {})
    assert broken(foreign, 404) == [("", "matter_not_found")]
    assert broken(act(registrar, matter, "take_over", {}), 404) == [("", "no_such_address")]
    assert now(county, matter).version == 1


def test_a_matter_goes_its_whole_way(county: SmallCounty, registrar: Client) -> None:
    dispatcher, director = at_the_desk(county, Role.DISPATCHER), at_the_desk(county, Role.DIRECTOR)
    code = post(registrar, MATTERS, wages()).json()["code"]
    labour = str(county.department("labour").id)
    way: list[tuple[Client, str, dict[str, Any]]] = [
        (registrar, "accept", {}),
        (registrar, "skip_mediation", {"refused": True, "reason": "对方明确拒绝"}),
        (dispatcher, "assess", {"level": "low", "grounds": "人数不多，情绪平稳，没有过激的话。"}),
        (dispatcher, "route", {"track": "departmental", "reason": "属人社部门职责"}),
        (dispatcher, "dispatch", {"lead": labour, "message": "请依法处理", "reply_by": "2099-01-01"}),
        (dispatcher, "danger", {"kind": "violence", "summary": "有人说要砸门"}),
        (director, "danger_over", {"summary": "已经劝离"}),
    ]
    state = ""
    for client, action, sent in way:
        tag = client.get(f"{MATTERS}/{code}").headers["ETag"]
        answer = post(client, f"{MATTERS}/{code}/actions/{action}", sent, If_Match=tag)
        assert answer.status_code == 200, answer.content.decode()
        state = answer.json()["state"]
    assert state == "handling"
    clocks = dispatcher.get(f"{MATTERS}/{code}/clocks").json()["items"]
    of_steps = [(each["kind"], each["due"]) for each in clocks if each["kind"] != "limit"]
    assert of_steps == [("state", None), ("reply", "2099-01-01")]
    # A danger was written down: it has to be reported, also when it is over.
    assert len(clocks) == len(of_steps) + 1


@pytest.mark.parametrize(
    ("state", "role", "action", "sent", "flaw"),
    [
        ("accepted", "registrar", "send_to_mediation",
         {"method": "phone", "consents": [{"party": str(uuid4()), "agreed": True}]}, (409, "consents", "no_consent")),
        ("accepted", "registrar", "send_to_mediation",
         {"method": "phone", "consents": [{"party": str(uuid4()), "agreed": True}], "mediator_id": str(uuid4())},
         (422, "mediator_id", "not_offered")),
        ("registered", "registrar", "recuse", {"person_id": str(uuid4()), "reason": "亲属"},
         (422, "person_id", "not_offered")),
        ("dispatching", "dispatcher", "dispatch", {"lead": str(uuid4()), "message": "请办"},
         (422, "lead", "not_offered")),
        ("registered", "dispatcher", "hand_down", {"centre_id": str(uuid4()), "reason": "由镇里办理"},
         (422, "centre", "invalid")),
        ("registered", "registrar", "link", {"other": "440785-20260101-999999", "reason": "同一家人"},
         (422, "other", "matter_not_found")),
        ("registered", "dispatcher", "merge", {"main": "440785-20260101-999999", "reason": "同一件事"},
         (422, "main", "matter_not_found")),
        ("registered", "registrar", "danger", {"kind": "none", "summary": "没有"}, (422, "kind", "enum")),
        ("registered", "registrar", "amend", {"against_department": str(uuid4())},
         (422, "against_department", "not_offered")),
        ("registered", "registrar", "amend", {"title": None}, (422, "title", "missing")),
        ("registered", "registrar", "amend", {}, (422, "title", "invalid")),
        ("assessing", "dispatcher", "assess", {"level": "low", "grounds": "短"}, (422, "grounds", "invalid")),
    ],
)  # fmt: skip
def test_an_action_names_what_is_wrong(
    county: SmallCounty, state: str, role: str, action: str, sent: dict[str, Any], flaw: tuple[int, str, str]
) -> None:
    matter = brought_to(county, State(state))
    assert broken(act(at_the_desk(county, role), matter, action, sent), flaw[0]) == [flaw[1:]]
    assert now(county, matter).version == matter.version


def test_a_registration_is_put_right(county: SmallCounty, registrar: Client) -> None:
    matter = registered(county)
    sent = {"people": None, "address": "工业三路1号", "parties": [{"role": "third", "name": "工会"}]}
    answer = act(registrar, matter, "amend", sent)
    assert answer.status_code == 200, answer.content.decode()
    told = registrar.get(f"{MATTERS}/{matter.code}").json()
    assert (told["people"], told["address"], told["title"]) == (None, "工业三路1号", matter.title)
    with scope(county.actor(Role.DISPATCHER)):
        assert Party.objects.filter(matter_id=matter.id).count() == 3


def test_every_verb_has_its_address() -> None:
    assert set(SHAPES) == set(VERBS) == set(SAMPLES)


def test_who_stepped_aside_gets_the_same_answer_again(county: SmallCounty, registrar: Client) -> None:
    """What a request needs is asked only the first time: afterwards it may not be seen any more."""
    matter, key = registered(county), str(uuid4())
    sent = {"person_id": str(county.person(Role.REGISTRAR).pk), "reason": "当事人是亲属"}
    answers = [act(registrar, matter, "recuse", sent, key=key) for _n in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert registrar.get(f"{MATTERS}/{matter.code}").status_code == 404


def test_a_linked_matter_is_named_by_its_code(county: SmallCounty, registrar: Client) -> None:
    other = registered(county)
    answer = post(registrar, MATTERS, wages(links=[other.code]))
    assert (answer.status_code, answer.json()["version"]) == (201, 2)
    assert registrar.get(answer.headers["Location"]).headers["ETag"] == answer.headers["ETag"] == '"2"'


# --- at the same time ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("committed_db")
class TestAtOnce:
    def test_one_key_sent_at_once_is_carried_out_once(self) -> None:
        limits.forget()
        county, key = build(), str(uuid4())
        clients = [at_the_desk(county, Role.REGISTRAR) for _n in range(4)]
        answers: list[Any] = []

        def send(client: Client) -> None:
            try:
                answers.append(post(client, MATTERS, wages(), key=key))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=send, args=[each]) for each in clients]
        for each in threads:
            each.start()
        for each in threads:
            each.join(30)
        assert there_are(county) == 1
        assert {each.status_code for each in answers} <= {201, 409}
        assert len({each.json()["code"] for each in answers if each.status_code == 201}) == 1
        for each in answers:
            if each.status_code == 409:
                assert broken(each, 409) == [("Idempotency-Key", "in_progress")]

    def test_one_number_sent_at_once_under_two_keys_is_taken_once(self) -> None:
        limits.forget()
        county = build()
        answers: list[Any] = []

        def send(client: Client) -> None:
            try:
                answers.append(post(client, MATTERS, wages()))
            finally:
                connections.close_all()

        threads = [
            threading.Thread(target=send, args=[at_the_desk(county, Role.REGISTRAR)]) for _n in range(4)
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
        assert there_are(county) == 1
        assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
        address = next(each.headers["Location"] for each in answers if each.status_code == 201)
        for each in answers:
            if each.status_code == 409:
                assert broken(each, 409) == [("source_number", "already_registered")]
                assert each.headers["Location"] == address

    def test_a_key_that_is_being_worked_on_is_told_so(self) -> None:
        limits.forget()
        county, key = build(), str(uuid4())
        registrar = at_the_desk(county, Role.REGISTRAR)
        first = post(registrar, MATTERS, wages(), key=key)
        other = str(uuid4())
        held, leave = threading.Event(), threading.Event()

        def hold() -> None:
            """Another process that is carrying out a request with this key."""
            from fengqiao.api.domain.once import OnceByKey

            actor = county.actor(Role.REGISTRAR)
            with scope(actor):
                OnceByKey(actor, "", other, []).begin()
                held.set()
                leave.wait(20)
            connections.close_all()

        holding = threading.Thread(target=hold)
        holding.start()
        assert held.wait(20)
        try:
            answer = post(registrar, MATTERS, wages(source_number="2"), key=other)
            assert broken(answer, 409) == [("Idempotency-Key", "in_progress")]
        finally:
            leave.set()
            holding.join(20)
        assert first.status_code == 201
        assert post(registrar, MATTERS, wages(source_number="2"), key=other).status_code == 201
        assert there_are(county) == 2


# --- what it costs -------------------------------------------------------------------------------------------


def test_the_statements_of_a_registration(
    county: SmallCounty, registrar: Client, django_assert_num_queries: Any
) -> None:
    registrar.get(MATTERS)
    with django_assert_num_queries(22):
        assert post(registrar, MATTERS, wages()).status_code == 201
