"""Exports through the API: the rules of the desk, ordered once, one's own alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.api import limits
from fengqiao.audit.models import Entry
from fengqiao.exchange.domain import exporting
from fengqiao.exchange.models import ExportRun
from fengqiao.kernel import clock
from tests.api.test_machines import machine
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.small_county import SmallCounty, build, registered
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db
EXPORTS = "/api/v1/exports"


@pytest.fixture
def county(db: None) -> SmallCounty:
    limits.forget()
    return build()


@pytest.fixture
def director(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.DIRECTOR)


def ordered(client: Client, **sent: Any) -> str:
    """The address of an export that was ordered."""
    answer = post(client, EXPORTS, sent)
    assert answer.status_code == 201, answer.content.decode()
    assert answer.headers["Location"] == f"{EXPORTS}/{answer.json()['id']}"
    return str(answer.headers["Location"])


def write(actor: Actor, address: str) -> None:
    """What the job does."""
    exporting.write(run_id=UUID(address.rsplit("/", 1)[1]), county=actor.county, person_id=actor.person_id)


def there_are(actor: Actor) -> int:
    with scope(actor):
        return ExportRun.objects.count()


def test_an_export_is_ordered_watched_and_fetched(county: SmallCounty, director: Client) -> None:
    matter = registered(county, title="陶瓷厂欠薪")
    registered(county, title="来自热线", channel="hotline_12345")
    address = ordered(director, kind="csv", filter={"channel": "visit", "q": "陶瓷厂"})
    told = director.get(address).json()
    assert (told["state"], told["kind"], told["rows"], told["stalled"]) == ("ordered", "csv", 0, False)
    assert told["filter"] == {"channel": "visit", "q": "陶瓷厂"}
    assert told["said"] == "编号、关键词：陶瓷厂；来源渠道：来访"
    assert broken(director.get(f"{address}/file"), 409) == [("", "export_not_there")]
    write(county.actor(Role.DIRECTOR), address)
    told = director.get(address).json()
    assert (told["state"], told["rows"], told["left_out"], told["has_cover"]) == ("done", 1, 0, True)
    answer = director.get(f"{address}/file")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    text = answer.content.decode("utf-8-sig")
    assert matter.code in text and "来自热线" not in text
    assert "来源渠道：来访" in director.get(f"{address}/cover").content.decode("utf-8-sig")
    with scope(county.actor(Role.AUDITOR)):
        verbs = Entry.objects.filter(verb__startswith="export").order_by("seq").values_list("verb", "result")
        assert list(verbs) == [
            ("export.order", "done"),
            ("export.download", "refused"),
            ("export.written", "done"),
            ("export.download", "done"),
            ("export.download", "done"),
        ]


def test_an_excel_file_has_no_cover_of_its_own(county: SmallCounty, director: Client) -> None:
    address = ordered(director)
    write(county.actor(Role.DIRECTOR), address)
    assert director.get(f"{address}/file").content.startswith(b"PK")
    assert broken(director.get(f"{address}/cover"), 409) == [("", "export_not_there")]


def test_a_restricted_matter_is_left_out_and_counted(county: SmallCounty, director: Client) -> None:
    hidden = registered(county, title="只由主任查阅", confidential=True)
    address = ordered(director, kind="csv")
    write(county.actor(Role.DIRECTOR), address)
    told = director.get(address).json()
    assert (told["rows"], told["left_out"]) == (0, 1)
    assert hidden.code not in director.get(f"{address}/file").content.decode("utf-8-sig")


def test_it_is_ordered_once_however_often_it_is_sent(county: SmallCounty, director: Client) -> None:
    key = str(uuid4())
    answers = [post(director, EXPORTS, {"kind": "csv"}, key=key) for _n in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert there_are(county.actor(Role.DIRECTOR)) == 1
    other = post(director, EXPORTS, {"kind": "xlsx"}, key=key)
    assert broken(other) == [("Idempotency-Key", "key_used_otherwise")]


@pytest.mark.parametrize(
    ("sent", "status", "flaw"),
    [
        ({"kind": "pdf"}, 422, ("kind", "enum")),
        ({"filter": {"state": "nonsense"}}, 422, ("filter.state", "enum")),
        ({"filter": {"colour": "red"}}, 422, ("filter.colour", "extra_forbidden")),
        ({"filter": {"division": "110101001001"}}, 422, ("filter.division", "not_offered")),
        ({"filter": {"department": str(uuid4())}}, 422, ("filter.department", "not_offered")),
        (
            {"filter": {"registered_from": "2026-02-01", "registered_until": "2026-01-01"}},
            422,
            ("filter.registered_until", "before_its_beginning"),
        ),
        ({"filter": {"q": "13800000001"}}, 409, ("", "party_not_exported")),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_ordered(
    county: SmallCounty, director: Client, sent: Any, status: int, flaw: tuple[str, str]
) -> None:
    assert broken(post(director, EXPORTS, sent), status) == [flaw]
    assert there_are(county.actor(Role.DIRECTOR)) == 0


def test_the_fourth_order_waits_for_the_first(county: SmallCounty, director: Client) -> None:
    for _n in range(3):
        ordered(director)
    assert broken(post(director, EXPORTS, {}), 409) == [("", "exports_waiting")]
    assert there_are(county.actor(Role.DIRECTOR)) == 3


def test_nobody_but_who_ordered_it_learns_that_it_is_there(county: SmallCounty, director: Client) -> None:
    address = ordered(director, kind="csv")
    write(county.actor(Role.DIRECTOR), address)
    other = at_the_desk(county, Role.DISPATCHER)
    for each in (address, f"{address}/file", f"{address}/cover", f"{EXPORTS}/{uuid4()}"):
        assert broken(other.get(each), 404) == [("", "export_not_found")]
    assert other.get(EXPORTS).json() == {"next": None, "items": []}


def test_the_list_is_read_to_its_end_while_others_are_ordered(county: SmallCounty, director: Client) -> None:
    actor = county.actor(Role.DIRECTOR)
    first = []
    for _n in range(3):
        first.append(ordered(director, kind="csv"))
        write(actor, first[-1])
    page = director.get(EXPORTS, {"size": 2}).json()
    later = ordered(director, kind="csv")
    rest = director.get(EXPORTS, {"size": 2, "cursor": page["next"]}).json()
    read = [f"{EXPORTS}/{each['id']}" for each in page["items"] + rest["items"]]
    assert (read, rest["next"]) == (list(reversed(first)), None)
    assert director.get(EXPORTS).json()["items"][0]["id"] == later.rsplit("/", 1)[1]
    other = at_the_desk(county, Role.DISPATCHER)
    assert broken(other.get(EXPORTS, {"cursor": page["next"]})) == [("cursor", "foreign_cursor")]


def test_one_that_nobody_goes_on_with_says_so(county: SmallCounty, director: Client) -> None:
    address = ordered(director)
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert director.get(address).json()["stalled"] is True


def test_a_machine_exports_what_its_post_sees(county: SmallCounty) -> None:
    matter = registered(county, title="陶瓷厂欠薪")
    registered(county, "other", title="别县的", division="440783000000", grid="")
    program = machine(county)
    address = ordered(program, kind="csv")
    write(county.actor(Role.EXCHANGE), address)
    assert program.get(address).json()["rows"] == 1
    assert matter.code in program.get(f"{address}/file").content.decode("utf-8-sig")


def test_a_token_that_only_reads_orders_nothing(county: SmallCounty) -> None:
    program = machine(county, scope="matters:read")
    assert broken(post(program, EXPORTS, {}), 403) == [("", "scope_missing")]
    assert there_are(county.actor(Role.EXCHANGE)) == 0


def test_the_statements_of_an_export(
    county: SmallCounty, director: Client, django_assert_num_queries: Any
) -> None:
    address = ordered(director)
    with django_assert_num_queries(21):
        assert post(director, EXPORTS, {"kind": "csv"}).status_code == 201
    with django_assert_num_queries(8):
        assert director.get(address).status_code == 200
    with django_assert_num_queries(8):
        assert len(director.get(EXPORTS).json()["items"]) == 2
