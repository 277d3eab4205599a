"""`fengqiao doctor --production`: one safe installation, and each thing that makes it unsafe."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.accounts.enums import ADMINISTRATORS
from fengqiao.accounts.models import Person
from fengqiao.audit.domain.roots import PUBLIC_KEY
from fengqiao.config import environment, production
from fengqiao.config.doctor import Level
from fengqiao.config.local_postgres import SUPERUSER, LocalServer
from fengqiao.kernel import clock
from fengqiao.simulate.county import PASSWORD
from tests import template_database
from tests.config.test_doctor import run
from tests.small_county import build


def lay() -> None:
    """People with their second factors, and a worker that was heard of; committed."""
    build()
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() + interval '1 hour')"
        )
        cursor.execute(
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at)"
            " SELECT id, 'totp', '{}', now() FROM accounts_person"
        )


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        lay()
        yield
        template_database.copy_template()


@pytest.fixture
def changed(county: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For tests that change what is in the database: it is laid anew after them."""
    with django_db_blocker.unblock():
        yield
        template_database.copy_template()
        lay()


@pytest.fixture
def safe(county: None, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Everything as it has to be; returns the home."""
    app = environment.app_address()
    assert app is not None
    monkeypatch.setenv("FENGQIAO_APP_DATABASE_URL", app.url())
    home = tmp_path / "home"
    monkeypatch.setenv("FENGQIAO_HOME", str(home))
    environment.home()
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["fengqiao.enping.gov.cn", "localhost", "127.0.0.1"]
    settings.AUDIT_ROOTS = tmp_path / "roots"
    settings.AUDIT_ROOTS.mkdir()
    (settings.AUDIT_ROOTS / PUBLIC_KEY).touch()
    settings.KEYRING = tmp_path / "keys" / "keyring.json"
    backed_up(home, hours=3)
    return home


def backed_up(home: Path, *, hours: float) -> None:
    at = clock.now() - timedelta(hours=hours)
    (home / "last-backup.json").write_text(json.dumps({"at": at.isoformat(), "archive": "a.age"}))


def levels() -> dict[str, Level]:
    return {finding.subject: finding.level for finding in production.look_over()}


def refused() -> list[str]:
    return [subject for subject, level in levels().items() if level is Level.FAIL]


def test_what_is_safe_is_not_refused(safe: Path) -> None:
    assert refused() == []


# --- settings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "subject"),
    [
        ("DEBUG", True, "debug"),
        ("SECRET_KEY", "k3yOf16Letters!!", "secret key"),
        ("SECRET_KEY", "ab" * 40, "secret key"),
        ("SECRET_KEY", "django-insecure-8f2kq0zn4vw7ytr1xbmcLpQ5sAdEoHuG", "secret key"),
        ("SECRET_KEY", "CHANGE-ME-8f2kq0zn4vw7ytr1xbmcLpQ5sAdEoHuG", "secret key"),
        ("HTTPS", False, "https"),
        ("SESSION_COOKIE_SECURE", False, "https"),
        ("CSRF_COOKIE_SECURE", False, "https"),
        ("SECURE_HSTS_SECONDS", 0, "hsts"),
        ("SECURE_HSTS_SECONDS", 3600, "hsts"),
        ("SECURE_PROXY_SSL_HEADER", None, "proxy"),
        ("ALLOWED_HOSTS", ["*"], "hosts"),
        ("ALLOWED_HOSTS", [".gov.cn"], "hosts"),
        ("ALLOWED_HOSTS", ["localhost", "127.0.0.1"], "hosts"),
        ("CSRF_TRUSTED_ORIGINS", ["http://fengqiao.enping.gov.cn"], "origins"),
        ("CSRF_TRUSTED_ORIGINS", ["https://*.gov.cn"], "origins"),
        ("METRICS_TOKEN", "7f3a", "metrics"),
    ],
)
def test_each_unsafe_setting_is_refused(
    safe: Path, settings: Any, name: str, value: object, subject: str
) -> None:
    setattr(settings, name, value)
    assert refused() == [subject]


@pytest.mark.parametrize("said", ["none", "director", "auditor,system_administrator"])
def test_administrators_without_the_duty_of_a_second_factor_are_refused(
    safe: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("FENGQIAO_SECOND_FACTOR", said)
    assert refused() == ["second factor"]


def test_a_web_server_that_believes_everybody_is_doubtful(safe: Path, monkeypatch) -> None:
    monkeypatch.setenv("FENGQIAO_HOST", "0.0.0.0")
    assert levels()["proxy"] is Level.WARN


# --- home, roots, keys, backup ------------------------------------------------------------------------------


def test_the_demos_home_is_refused(safe: Path) -> None:
    (safe / "county.json").write_text("{}")
    assert refused() == ["demo"]


def test_roots_that_stay_beside_the_rest_are_refused(safe: Path, settings: Any) -> None:
    settings.AUDIT_ROOTS = safe / "roots"
    assert refused() == ["roots"]


def test_roots_that_were_never_signed_are_refused(safe: Path, settings: Any) -> None:
    (settings.AUDIT_ROOTS / PUBLIC_KEY).unlink()
    assert refused() == ["roots"]


def test_keys_beside_the_rest_are_doubtful(safe: Path, settings: Any) -> None:
    settings.KEYRING = safe / "keys" / "keyring.json"
    assert levels()["keys"] is Level.WARN


@pytest.mark.parametrize("hours", [27, 24 * 30])
def test_an_old_backup_is_refused(safe: Path, hours: int) -> None:
    backed_up(safe, hours=hours)
    assert refused() == ["backup"]


@pytest.mark.parametrize("content", [None, "", "{}", '{"at": "yesterday"}'])
def test_no_backup_is_refused(safe: Path, content: str | None) -> None:
    (safe / "last-backup.json").unlink()
    if content is not None:
        (safe / "last-backup.json").write_text(content)
    assert refused() == ["backup"]


# --- the database -------------------------------------------------------------------------------------------


def test_rows_in_the_open_are_refused(safe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://fengqiao_app:8f2kq0zn4vw7ytr1@db.enping.gov.cn/matters"
    monkeypatch.setenv("FENGQIAO_APP_DATABASE_URL", url)
    monkeypatch.delenv("FENGQIAO_DATABASE_URL")
    assert refused() == ["database tls"]
    monkeypatch.setenv("FENGQIAO_APP_DATABASE_URL", f"{url}?sslmode=verify-full")
    assert refused() == []


@pytest.mark.parametrize("password", ["", "postgres", "fengqiao-fengqiao", "fengqiao_app"])
def test_a_password_easy_to_guess_is_refused(
    safe: Path, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setenv(
        "FENGQIAO_APP_DATABASE_URL", f"postgresql://fengqiao_app:{password}@127.0.0.1:1/matters"
    )
    assert refused() == ["app password"]


def test_an_owner_who_is_a_superuser_is_refused(safe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = environment.owner_address()
    assert owner is not None
    server = LocalServer(environment.PROJECT / ".fengqiao" / "test")
    if owner.host != str(server.socket_folder):
        pytest.skip("the superuser of a server that was named by its address is not ours")
    # The superuser's password lies in the home of the tests.
    known = json.loads((server.home / "secrets.json").read_text())["server_password"]
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", replace(owner, user=SUPERUSER, password=known).url())
    assert refused() == ["owner"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("log_statement", "all"),
        ("log_min_error_statement", "error"),
        ("log_min_duration_statement", "500"),
        ("log_error_verbosity", "default"),
    ],
)
def test_a_server_that_writes_down_what_was_typed_is_refused(safe: Path, setting: str, value: str) -> None:
    app = environment.app_address()
    server = LocalServer(environment.PROJECT / ".fengqiao" / "test")
    assert app is not None
    if app.host != str(server.socket_folder):
        pytest.skip("the superuser of a server that was named by its address is not ours")
    known = json.loads((server.home / "secrets.json").read_text())["server_password"]
    superuser = replace(app, user=SUPERUSER, password=known)
    with psycopg.connect(superuser.url(), autocommit=True) as connection:
        connection.execute(f'ALTER ROLE "{app.user}" IN DATABASE "{app.name}" SET {setting} = \'{value}\'')
        try:
            assert refused() == ["server log"]
        finally:
            connection.execute(f'ALTER ROLE "{app.user}" IN DATABASE "{app.name}" RESET {setting}')


def change(statement: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(statement)


def give_the_demo_password(person: Person) -> None:
    person.set_password(PASSWORD)
    person.save()


UNSAFE: dict[str, tuple[str, Callable[[], None]]] = {
    "a silent worker": (
        "at work",
        lambda: change("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'"),
    ),
    "no worker": ("at work", lambda: change("DELETE FROM procrastinate_workers")),
    "an administrator without a second factor": (
        "administrators",
        lambda: change(
            "DELETE FROM mfa_authenticator WHERE user_id ="
            " (SELECT id FROM accounts_person WHERE username = 'county-auditor')"
        ),
    ),
    "recovery codes are no second factor": (
        "administrators",
        lambda: change(
            "UPDATE mfa_authenticator SET type = 'recovery_codes' WHERE user_id ="
            " (SELECT id FROM accounts_person WHERE username = 'county-security_administrator')"
        ),
    ),
    "a leader with the demo's password": (
        "demo people",
        lambda: give_the_demo_password(Person.objects.get(username="county-director")),
    ),
    "a login of the demo": (
        "demo people",
        lambda: give_the_demo_password(Person.objects.create_user("registrar", name="演示")),
    ),
}


@pytest.mark.parametrize("case", UNSAFE)
def test_each_unsafe_thing_in_the_database_is_refused(safe: Path, changed: None, case: str) -> None:
    subject, make_unsafe = UNSAFE[case]
    make_unsafe()
    assert refused() == [subject]


def test_people_who_left_are_not_looked_at(safe: Path, changed: None) -> None:
    auditor = Person.objects.get(username="county-auditor")
    change(f"DELETE FROM mfa_authenticator WHERE user_id = '{auditor.id}'")
    assert refused() == ["administrators"]
    auditor.is_active = False
    auditor.save()
    assert refused() == []


def test_every_administrator_is_looked_at(safe: Path, changed: None) -> None:
    change("DELETE FROM mfa_authenticator")
    (finding,) = [each for each in production.look_over() if each.subject == "administrators"]
    assert finding.text.split()[0] == str(
        Person.objects.filter(stationings__post__role__in=ADMINISTRATORS).distinct().count()
    )


# --- the command --------------------------------------------------------------------------------------------


@pytest.fixture
def new(tmp_path: Path) -> Iterator[dict[str, str]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FENGQIAO_")}
    kept.pop("DJANGO_SETTINGS_MODULE")
    folder = f"/var/lib/fengqiao/production-{os.getpid()}"
    yield kept | {"FENGQIAO_HOME": str(tmp_path / "home"), "FENGQIAO_SERVER_FOLDER": folder}
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.prove
def test_the_command_refuses_and_then_lets_pass(new: dict[str, str], tmp_path: Path) -> None:
    assert run(new, "setup", "-v", "0").returncode == 0
    done = run(new, "doctor", "--production", "--json")
    assert done.returncode == 1
    wrong = {each["subject"]: each for each in json.loads(done.stdout) if each["level"] == "fail"}
    assert {"https", "hosts", "roots", "backup", "at work"} <= set(wrong)
    assert all(each["mend"] for each in wrong.values())

    safe = new | {
        "FENGQIAO_HTTPS": "1",
        "FENGQIAO_PROXY": "1",
        "FENGQIAO_HOSTS": "fengqiao.enping.gov.cn",
        "FENGQIAO_ROOTS": str(tmp_path / "roots"),
        "FENGQIAO_KEYRING": str(tmp_path / "keys" / "keyring.json"),
    }
    assert run(safe, "setup", "-v", "0").returncode == 0
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    made = run(safe, "backup", str(tmp_path / "one.age"), "--recipient", recipient)
    assert made.returncode == 0, made.stderr
    # What the worker does: its heartbeat, and the first root's key.
    beat = run(
        safe,
        "shell",
        "-c",
        "from django.db import connection; from fengqiao.audit.domain.roots import write_roots; write_roots();"
        "connection.cursor().execute('INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())')",
    )
    assert beat.returncode == 0, beat.stderr
    done = run(safe, "doctor", "--production", "--json")
    wrong = {each["subject"]: each["text"] for each in json.loads(done.stdout) if each["level"] == "fail"}
    # The pages' scripts are built where there is Node; that is not what is tried here.
    wrong.pop("assets", None)
    assert wrong == {}
