"""The local server, started and stopped for real in a folder of its own."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fengqiao.config import database, environment
from fengqiao.config.environment import DatabaseAddress
from fengqiao.config.local_postgres import LONGEST_SOCKET_PATH, LocalServer, local_server
from fengqiao.config.server_programs import LocalServerError, programs, version


@pytest.fixture(scope="module")
def root_folder() -> Iterator[Path | None]:
    """Where root's servers run: pytest's temporary folders are closed to the user that they run as."""
    if os.geteuid() != 0:
        yield None
        return
    folder = Path(f"/var/lib/fengqiao/test-{os.getpid()}")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, root_folder: Path | None
) -> Iterator[LocalServer]:
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("FENGQIAO_DATABASE_URL")
    if root_folder:
        monkeypatch.setenv("FENGQIAO_SERVER_FOLDER", str(root_folder))
    found = local_server(for_tests=True)
    yield found
    found.stop()


def test_it_is_the_server_of_the_named_programs(server: LocalServer) -> None:
    with psycopg.connect(server.start().url()) as connection:
        assert connection.info.server_version // 10_000 == version(programs())
        # Letters are letters in any script, and the order is that of the bytes.
        assert connection.execute("SELECT lower('ÄΣ'), '枫' ~ '\\w', 'a' > 'B'").fetchone() == (
            "äσ",
            True,
            True,
        )


def test_a_folder_without_a_server_is_named(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGQIAO_PG_BIN", "/nowhere")
    with pytest.raises(LocalServerError, match="no postgres in /nowhere"):
        server.start()


def test_it_starts_empty_stops_and_keeps_its_data(server: LocalServer) -> None:
    assert server.pid() is None
    address = server.start()
    first = server.pid()
    assert first is not None
    assert server.start() == address
    assert server.pid() == first
    with psycopg.connect(address.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT '枫桥' AS word")
        row = connection.execute(
            "SELECT current_user, current_database(), rolsuper, rolbypassrls FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
    assert row == ("fengqiao_owner", "fengqiao", False, False)
    assert json.loads(server.note.read_text()) == {"url": address.url()}
    assert environment.owner_address() == address
    assert server.stop() is True
    assert server.stop() is False
    with psycopg.connect(server.start().url()) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("枫桥",)]


def test_nobody_else_gets_in(server: LocalServer) -> None:
    address = server.start()
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.note.stat().st_mode) == 0o600
    with psycopg.connect(address.url()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    wrong = DatabaseAddress(**{**vars(address), "password": "guessed"})
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong.url())


def test_a_kill_loses_nothing_that_was_committed(server: LocalServer) -> None:
    # Not as the tests run it: that server may forget a commit, to be fast.
    server = local_server()
    address = server.start()
    with psycopg.connect(address.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    killed = server.pid()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    with psycopg.connect(server.start().url()) as connection:
        assert connection.execute("SELECT one FROM kept").fetchall() == [(1,)]
    assert server.pid() != killed


def test_a_pid_file_that_names_another_program_is_stale(server: LocalServer) -> None:
    server.start()
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert server.pid() is None
    server.start()
    assert server.pid() not in (None, os.getpid())


def test_processes_that_start_it_at_once_get_the_same(server: LocalServer) -> None:
    start = (
        "from fengqiao.config.local_postgres import local_server;"
        "server = local_server(for_tests=True); server.start(); print(server.pid())"
    )
    starters = [
        subprocess.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert {starter.communicate()[0] for starter in starters} == {f"{server.pid()}\n"}


def test_the_last_borrower_stops_it(server: LocalServer) -> None:
    with server.borrowed():
        with server.borrowed():
            pass
        assert server.pid() is not None
    assert server.pid() is None


def test_a_long_path_gets_a_short_socket(server: LocalServer) -> None:
    far = LocalServer(server.home / ("長" * 40), for_tests=True)
    object.__setattr__(far, "folder", far.home / "postgres")
    assert len(os.fsencode(far.socket_folder / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET_PATH
    assert server.home not in far.socket_folder.parents


def test_lost_secrets_are_named_as_the_cause(server: LocalServer) -> None:
    server.start()
    server.stop()
    (server.home / "secrets.json").unlink()
    with pytest.raises(LocalServerError, match="other secrets"):
        server.start()


def test_the_application_role_is_made_once_and_is_let_no_further(server: LocalServer) -> None:
    owner = server.start()
    database.prepare(owner)
    database.prepare(owner)
    app = environment.app_address()
    assert app is not None
    with psycopg.connect(app.url()) as connection:
        assert database.role_facts(connection, app.user) == {
            "rolcanlogin": True,
            "rolsuper": False,
            "rolbypassrls": False,
            "rolcreatedb": False,
            "rolcreaterole": False,
            "owns": 0,
        }
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine ()")


def test_another_installations_password_is_not_overwritten(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = server.start()
    database.prepare(owner)
    first = environment.app_address()
    assert first is not None
    monkeypatch.setenv("FENGQIAO_APP_PASSWORD", "another")
    with pytest.raises(database.DatabaseNotReady, match="--new-password"):
        database.prepare(owner)
    psycopg.connect(first.url()).close()
    database.prepare(owner, new_password=True)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(first.url())


def test_an_owner_that_may_not_make_roles_is_told_what_to_ask_for(server: LocalServer) -> None:
    owner = server.start()
    with psycopg.connect(owner.url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE modest LOGIN PASSWORD 'm'")
        connection.execute("GRANT CREATE ON SCHEMA public TO modest")
        connection.execute("GRANT CREATE ON DATABASE fengqiao TO modest")
    modest = DatabaseAddress(**{**vars(owner), "user": "modest", "password": "m"})
    with pytest.raises(database.DatabaseNotReady, match='CREATE ROLE "fengqiao_app_test" LOGIN'):
        database.prepare(modest)


def test_the_owner_cannot_be_the_application(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = server.start()
    monkeypatch.setenv("FENGQIAO_APP_ROLE", owner.user)
    with pytest.raises(database.DatabaseNotReady, match="must not be the owner"):
        database.prepare(owner)
