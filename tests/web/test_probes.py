"""The pages for machines: who gets an answer, and what it tells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.config import environment, readiness
from fengqiao.exchange.domain import exporting
from fengqiao.matters.queries.ledger import LedgerFilter
from tests.small_county import build
from tests.web.desk import at_the_desk
from tests.web.test_registering import typed

NOBODY_LISTENS = "postgresql://fengqiao_app:a-secret-word@127.0.0.1:1/fengqiao"
NO_WORKER = "no worker is heard of: nothing is done in the background"


@pytest.fixture(autouse=True)
def _look_anew() -> None:
    readiness._last = None


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGQIAO_APP_DATABASE_URL", NOBODY_LISTENS)


def ready() -> tuple[int, dict[str, object]]:
    answer = Client().get(reverse("ready"))
    return answer.status_code, answer.json()


def not_ready(*reasons: str) -> tuple[int, dict[str, object]]:
    return 503, {"status": "not ready", "reasons": list(reasons), "warnings": []}


# --- alive, ready -------------------------------------------------------------------------------------------


def test_alive_asks_nothing(django_assert_num_queries, db) -> None:
    with django_assert_num_queries(0):
        answer = Client().get(reverse("alive"))
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_alive_and_figures_ask_nobody_who_they_are(django_assert_num_queries, db) -> None:
    desk = at_the_desk(build(), Role.REGISTRAR)
    with django_assert_num_queries(0):
        assert desk.get(reverse("alive")).status_code == 200
        assert desk.get(reverse("metrics")).status_code == 200


def test_ready_with_a_worker_missing_says_so_and_takes_requests(db) -> None:
    assert ready() == (200, {"status": "ready", "reasons": [], "warnings": [NO_WORKER]})


def test_ready_with_a_worker_heard_of(committed_db) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert ready() == (200, {"status": "ready", "reasons": [], "warnings": []})


def test_not_ready_without_a_database(no_database: None) -> None:
    assert ready() == not_ready("the database does not answer")


def test_not_ready_before_the_migrations(committed_db, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE (app, name) = ('files', '0001_initial')")
    assert ready() == not_ready("1 migrations are not applied")


def test_not_ready_without_the_queue(committed_db) -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_jobs RENAME TO gone")
    assert ready() == not_ready("the job queue does not answer")


def test_not_ready_with_a_storage_that_cannot_be_written(db, settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "file")},
        }
    }
    status, told = ready()
    assert (status, told["reasons"]) == (
        503,
        ["the storage of the files cannot be written (File exists)"],
    )


@pytest.mark.parametrize("content", [None, "", "not json", '{"current": "k1"}'])
def test_not_ready_with_a_keyring_that_cannot_be_read(
    db, settings, tmp_path: Path, content: str | None
) -> None:
    settings.KEYRING = tmp_path / "keyring.json"
    if content is not None:
        settings.KEYRING.write_text(content)
    status, told = ready()
    assert (status, told["reasons"]) == (503, ["the keyring cannot be read"])


def test_no_secret_and_no_address_is_told(no_database: None, settings, tmp_path: Path) -> None:
    settings.KEYRING = tmp_path / "keyring.json"
    text = Client().get(reverse("ready")).content.decode()
    assert [word for word in ("a-secret-word", "127.0.0.1", str(tmp_path)) if word in text] == []


def test_one_look_a_second_whoever_asks(db, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ready()
    monkeypatch.setenv("FENGQIAO_APP_DATABASE_URL", NOBODY_LISTENS)
    assert ready() == first


# --- figures ------------------------------------------------------------------------------------------------


def figures(**headers: str) -> tuple[int, str]:
    answer = Client().get(reverse("metrics"), headers=headers)
    return answer.status_code, answer.content.decode()


def value(text: str, line: str) -> float:
    found = re.search(rf"^{re.escape(line)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 403),
        ("", {}, 403),
        # A proxy on this machine, and who knows who behind it.
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 403),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 403),
        ("192.0.2.7", {"Authorization": "Bearer anything"}, 403),
    ],
)
def test_without_a_token_this_machine_alone_may_scrape(db, address, headers, status) -> None:
    answer = Client(REMOTE_ADDR=address).get(reverse("metrics"), headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("given", "status"),
    [("Bearer 7f3a", 200), ("Bearer 7f3", 403), ("7f3a", 403), ("Bearer 密钥", 403), (None, 403)],
)
def test_with_a_token_its_holder_alone_may_scrape(db, settings, given, status) -> None:
    settings.METRICS_TOKEN = "7f3a"
    headers = {"Authorization": given} if given else {}
    answer = Client(REMOTE_ADDR="127.0.0.1").get(reverse("metrics"), headers=headers)
    assert answer.status_code == status


def test_requests_are_counted_by_route_method_and_status(db) -> None:
    lines = {
        'fengqiao_requests_total{method="GET",route="alive",status="200"}': 2,
        'fengqiao_requests_total{method="GET",route="none",status="404"}': 1,
        'fengqiao_requests_total{method="POST",route="register",status="302"}': 1,
        'fengqiao_requests_total{method="other",route="alive",status="200"}': 1,
        'fengqiao_request_seconds_count{route="alive"}': 3,
    }
    before = figures()[1]
    browser = Client()
    for address in (reverse("alive"), reverse("alive"), "/nothing-here"):
        browser.get(address)
    browser.post(reverse("register"), typed())
    browser.generic("BREW", reverse("alive"))
    after = figures()[1]
    assert {line: value(after, line) - value(before, line) for line in lines} == lines


def test_no_label_has_anything_of_a_matter_or_a_person(db) -> None:
    county = build()
    desk = at_the_desk(county, Role.REGISTRAR)
    form = typed()
    there = desk.post("/register/?q=13800000001", form).headers["Location"]
    desk.get(there)
    text = figures()[1]
    assert value(text, 'fengqiao_requests_total{method="GET",route="matter",status="200"}') >= 1
    code = there.strip("/").rpartition("/")[2]
    told = [word for word in (code, "13800000001", form["parties-0-identity"], "registrar") if word in text]
    assert told == []
    labels = set(re.findall(r'(\w+)="', text))
    assert labels <= {"route", "method", "status", "le", "task", "state", "queue"}


def test_jobs_are_counted_by_task_and_state(committed_db) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args)"
            " SELECT 'default', task, status::procrastinate_job_status, '{\"who\": \"黄某某\"}' FROM (VALUES"
            " ('exchange.write_export', 'todo'), ('exchange.write_export', 'todo'),"
            " ('exchange.write_export', 'failed'), ('audit.write_roots', 'doing'),"
            " ('audit.write_roots', 'succeeded')) AS jobs (task, status)"
        )
    text = figures()[1]
    jobs = dict(re.findall(r"^fengqiao_jobs\{(.*)\} (\S+)$", text, re.MULTILINE))
    assert jobs == {
        'task="audit.write_roots",state="doing"': "1.0",
        'task="exchange.write_export",state="failed"': "1.0",
        'task="exchange.write_export",state="waiting"': "2.0",
    } or jobs == {
        'state="doing",task="audit.write_roots"': "1.0",
        'state="failed",task="exchange.write_export"': "1.0",
        'state="waiting",task="exchange.write_export"': "2.0",
    }
    assert value(text, "fengqiao_database_up") == 1
    assert "黄某某" not in text


def test_what_is_in_hand_between_machines_is_counted_over_all_counties(committed_db) -> None:
    county = build()
    for place in ("county", "other"):
        actor = county.actor(Role.DISPATCHER, place)
        exporting.order(actor=actor, wanted=LedgerFilter(), said="", kind="csv")
    text = figures()[1]
    found = re.findall(r"^fengqiao_exchange\{(.*)\} (\S+)$", text, re.MULTILINE)
    assert {tuple(sorted(labels.split(","))): number for labels, number in found} == {
        ('queue="export"', 'state="ordered"'): "2.0",
    }


def test_figures_are_there_when_the_database_is_not(no_database: None) -> None:
    status, text = figures()
    assert (status, "fengqiao_database_up 0.0" in text) == (200, True)


def test_the_tests_settings_name_the_same_database() -> None:
    """The probes ask on a connection of their own: it must lead where the pages' does."""
    from django.conf import settings

    address = environment.app_address()
    assert address is not None
    assert address.name == settings.DATABASES["default"]["NAME"]
