"""Ledgers through the API: the rules of the page, sent once, told by line and column, one's own alone."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.api import limits
from fengqiao.exchange.models import ImportRun
from fengqiao.exchange.tasks import check_import, take_import
from fengqiao.files.models import StoredFile
from tests.api.test_machines import machine
from tests.api.test_reading import broken
from tests.api.test_writing import post, there_are
from tests.exchange.files import LEDGER, ROWS_LEDGER, as_csv
from tests.exchange.test_import_runs import BAD, many, named
from tests.small_county import SmallCounty, build
from tests.web.desk import at_the_desk

IMPORTS = "/api/v1/imports"


@pytest.fixture
def county(db: None) -> SmallCounty:
    limits.forget()
    return build()


@pytest.fixture(autouse=True)
def disk(tmp_path: Path, settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "stored")},
        }
    }


@pytest.fixture
def director(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.DIRECTOR)


def sent(
    client: Client, rows: Any = ROWS_LEDGER, *, key: str = "", name: str = "台账.csv", **more: str
) -> Any:
    file = SimpleUploadedFile(name, as_csv(LEDGER, rows))
    headers = {"Idempotency-Key": key or str(uuid4())}
    return client.post(IMPORTS, {"file": file, "as_of": "2025-12-31"} | more, headers=headers)


def runs(county: SmallCounty) -> list[ImportRun]:
    with scope(county.actor(Role.DIRECTOR)):
        return list(ImportRun.objects.order_by("uploaded_at"))


def checked(county: SmallCounty, client: Client, rows: Any = ROWS_LEDGER) -> str:
    """The address of a ledger that was sent in and checked."""
    address = str(sent(client, rows).headers["Location"])
    check_import(**named(runs(county)[-1]))
    return address


def test_a_ledger_is_sent_checked_confirmed_and_told_by_cell(county: SmallCounty, director: Client) -> None:
    answer = sent(director, [*ROWS_LEDGER, BAD])
    assert answer.status_code == 201, answer.content.decode()
    address = answer.headers["Location"]
    assert answer.json() == {"id": address.rsplit("/", 1)[1], "state": "checking"}
    assert broken(director.get(f"{address}/problems"), 409) == [("", "import_in_hand")]
    (run,) = runs(county)
    check_import(**named(run))
    told = director.get(address).json()
    assert [told[n] for n in ("state", "mapping", "total", "registered", "rejected", "stalled", "needs_date")] == [
        "ready", "ledger", 4, 3, 1, False, False,
    ]  # fmt: skip
    (line,) = director.get(f"{address}/problems").json()["items"]
    assert line["line"] == 5
    wrong = {each["column"]: each for each in line["problems"]}
    assert (wrong["涉及人数"]["value"], "只写数字" in wrong["涉及人数"]["mend"]) == ("1 2", True)
    assert there_are(county) == 0
    confirmed = post(director, f"{address}/confirm", {})
    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "ordered")
    take_import(**named(run))
    told = director.get(address).json()
    assert [told[n] for n in ("state", "rows", "registered", "already", "rejected")] == ["done", 4, 3, 0, 1]
    assert there_are(county) == 3
    file = director.get(f"{address}/bad-rows")
    assert (file.status_code, file.headers["Cache-Control"]) == (200, "private, no-store")
    head, row = CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert (len(head) == len(row), row[0], "涉及人数" in row[-1]) == (True, "4", True)
    assert [each["id"] for each in director.get(IMPORTS).json()["items"]] == [told["id"]]


def test_the_same_file_under_the_same_key_makes_one_run(county: SmallCounty, director: Client) -> None:
    first, again = sent(director, key="k"), sent(director, key="k")
    assert (first.json(), first.headers["Location"]) == (again.json(), again.headers["Location"])
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    for changed in ({"rows": [*ROWS_LEDGER, BAD]}, {"as_of": "2025-12-30"}, {"name": "别的.csv"}):
        answer = sent(director, key="k", **changed)
        assert broken(answer, 422) == [("Idempotency-Key", "key_used_otherwise")], changed
    assert len(runs(county)) == 1


def test_a_confirmation_that_is_sent_again_orders_one_import(county: SmallCounty, director: Client) -> None:
    address = checked(county, director)
    first = post(director, f"{address}/confirm", {}, key="c")
    take_import(**named(runs(county)[0]))
    again = post(director, f"{address}/confirm", {}, key="c")
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    assert director.get(address).json()["state"] == "done"
    assert broken(post(director, f"{address}/confirm", {}), 409) == [("", "import_moved_on")]
    assert there_are(county) == 3


def test_what_is_refused_leaves_no_run_and_no_file(county: SmallCounty, director: Client) -> None:
    assert broken(sent(director, name="台账.pdf"), 422) == [("file", "invalid")]
    assert broken(sent(director, mapping="nothing"), 422) == [("mapping", "invalid")]
    assert broken(sent(director, as_of="2199-01-01"), 422) == [("as_of", "invalid")]
    assert broken(director.post(IMPORTS, {}, headers={"Idempotency-Key": "k"}), 422) == [("file", "missing")]
    file = SimpleUploadedFile("台账.csv", as_csv(LEDGER, ROWS_LEDGER))
    assert broken(director.post(IMPORTS, {"file": file}), 400) == [("Idempotency-Key", "missing")]
    assert broken(sent(at_the_desk(county, Role.REGISTRAR)), 403) == [("", "post_may_not_import")]
    assert runs(county) == []
    with scope(county.actor(Role.DIRECTOR)):
        assert not StoredFile.objects.exists()


def test_a_fourth_ledger_waits(county: SmallCounty, director: Client) -> None:
    for n in range(3):
        assert sent(director, many(n + 1)).status_code == 201
    assert broken(sent(director, many(9)), 409) == [("", "imports_waiting")]
    assert len(runs(county)) == 3


def test_a_dropped_ledger_is_gone_and_what_is_in_hand_is_not_resumed(
    county: SmallCounty, director: Client
) -> None:
    address = checked(county, director)
    assert broken(post(director, f"{address}/resume", {}), 409) == [("", "import_moved_on")]
    assert post(director, f"{address}/drop", {}).json()["state"] == "dropped"
    assert broken(post(director, f"{address}/confirm", {}), 409) == [("", "import_moved_on")]
    assert broken(director.get(f"{address}/bad-rows"), 409) == [("", "nothing_rejected")]
    assert there_are(county) == 0


def test_a_ledger_without_its_day_is_checked_again_with_it(county: SmallCounty, director: Client) -> None:
    file = SimpleUploadedFile("台账.csv", as_csv(LEDGER, ROWS_LEDGER))
    address = director.post(IMPORTS, {"file": file}, headers={"Idempotency-Key": "k"}).headers["Location"]
    check_import(**named(runs(county)[0]))
    assert director.get(address).json()["needs_date"] is True
    assert broken(post(director, f"{address}/confirm", {}), 409) == [("", "as_of_missing")]
    assert broken(post(director, f"{address}/recheck", {"mapping": "nothing"}), 422) == [
        ("mapping", "invalid")
    ]
    again = post(director, f"{address}/recheck", {"as_of": "2025-12-31"})
    assert again.json()["state"] == "checking"
    check_import(**named(runs(county)[0]))
    told = director.get(address).json()
    assert (told["needs_date"], told["as_of"], told["state"]) == (False, "2025-12-31", "ready")


def test_an_import_is_its_senders_alone(county: SmallCounty, director: Client) -> None:
    address = checked(county, director, [*ROWS_LEDGER, BAD])
    other = at_the_desk(county, Role.EXECUTIVE_DEPUTY)
    for path in ("", "/problems", "/bad-rows"):
        assert broken(other.get(address + path), 404) == [("", "import_not_found")]
    for act in ("recheck", "confirm", "drop", "resume"):
        assert broken(post(other, f"{address}/{act}", {}), 404) == [("", "import_not_found")]
    assert other.get(IMPORTS).json() == {"next": None, "items": []}
    assert director.get(address).json()["state"] == "ready"


def test_a_machine_sends_no_ledger_in(county: SmallCounty) -> None:
    program = machine(county)
    assert broken(sent(program), 403) == [("", "post_may_not_import")]
    assert broken(program.get(IMPORTS), 403) == [("", "post_may_not_import")]
    assert runs(county) == []


def test_the_mappings_and_the_template_are_there(county: SmallCounty, director: Client) -> None:
    told = {each["name"]: each for each in director.get(f"{IMPORTS}/mappings").json()["items"]}
    assert set(told) == {"export", "labelled", "ledger", "replied", "template"}
    assert (told["ledger"]["asks_date"], set(told["ledger"]["columns"]) <= set(LEDGER)) == (True, True)
    assert director.get(f"{IMPORTS}/template").content[:2] == b"PK"


def test_problems_come_in_pages(county: SmallCounty, director: Client) -> None:
    address = checked(county, director, [(str(n), *BAD[1:]) for n in range(5)])
    lines, cursor = [], ""
    for _page in range(3):
        page = director.get(
            f"{address}/problems", {"size": 2} | ({"cursor": cursor} if cursor else {})
        ).json()
        lines += [each["line"] for each in page["items"]]
        cursor = page["next"]
    assert (lines, cursor) == ([2, 3, 4, 5, 6], None)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_of_imports_asks_as_much_for_one_as_for_many(
    county: SmallCounty, director: Client, rows: int, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        sent(director, many(n + 1))
    with django_assert_num_queries(8):
        assert len(director.get(IMPORTS).json()["items"]) == rows
