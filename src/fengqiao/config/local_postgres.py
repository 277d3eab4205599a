"""The PostgreSQL server that an installation without a database starts for itself.

The data folder is readable by the server's user alone, the server listens on a socket only, and every
connection gives a password (scram-sha-256). Where its programs come from, and who runs them, is known to
config/server_programs.py.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from fengqiao.config import environment
from fengqiao.config.environment import DatabaseAddress, locked, write_private
from fengqiao.config.server_programs import (
    LocalServerError,
    give,
    give_file,
    is_postgres,
    programs,
    root_folder,
    server_user,
    version,
)

SUPERUSER = "fengqiao_server"
OWNER = "fengqiao_owner"
DATABASE = "fengqiao"
# The name of the socket carries a port even where no port is opened.
PORT = "5432"
# A socket's path is kept in 108 bytes by the kernel, with a zero at its end.
LONGEST_SOCKET_PATH = 107
START_SECONDS = 30
OWN_LOCALE_SINCE = 17

SETTINGS = {
    "listen_addresses": "''",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "'log'",
    # One file a weekday, written over after a week: a forgotten demo does not fill the disk.
    "log_filename": "'postgresql-%a.log'",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    # A failed statement holds what somebody typed, and its detail the values of a row.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "jit": "off",
    # A ledger that was imported a moment ago is planned by what is known of it: a minute is long at a desk.
    "autovacuum_naptime": "15s",
}
# A test's data may be lost with the machine; that makes a test run several times as fast.
FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "5min",
    "log_min_messages": "fatal",
}


@dataclass(frozen=True)
class LocalServer:
    """The server of one installation (of one home folder)."""

    home: Path
    for_tests: bool = False

    # --- where things are ---------------------------------------------------------------------------------

    @cached_property
    def folder(self) -> Path:
        """Data, socket and log. Below the home, for root below /var/lib/fengqiao."""
        return self._folder_of_root() if os.geteuid() == 0 else self.home / "postgres"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @cached_property
    def socket_folder(self) -> Path:
        """Inside the folder; a short one among temporary files where that path is too long for a socket."""
        inside = self.folder / "socket"
        if len(os.fsencode(inside / f".s.PGSQL.{PORT}.lock")) <= LONGEST_SOCKET_PATH:
            return inside
        key = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"fengqiao-{key}"

    @property
    def note(self) -> Path:
        """The file by which the rest of the program finds the server (environment.owner_address)."""
        return self.home / "local-server.json"

    def _folder_of_root(self) -> Path:
        """The name is drawn once and kept in the home: a new home never meets an old one's data, whose keys
        it does not have."""
        kept = self.home / "server-folder"
        if kept.exists():
            return Path(kept.read_text().strip())
        with locked(self.home / "secrets.lock"):
            if not kept.exists():
                folder = root_folder() / f"{environment.PROJECT.name}-{secrets.token_hex(6)}"
                write_private(kept, str(folder))
        return Path(kept.read_text().strip())

    def as_superuser(self, name: str = "postgres") -> DatabaseAddress:
        """The server's own superuser, for making roles and for measuring; no process of the product uses it."""
        password = environment.secret("server_password")
        return DatabaseAddress(name, SUPERUSER, password, str(self.socket_folder), PORT, {})

    def owner_address(self) -> DatabaseAddress:
        """The address of the owner of the installation's database."""
        password = environment.secret("owner_password")
        return DatabaseAddress(DATABASE, OWNER, password, str(self.socket_folder), PORT, {})

    # --- start and stop -----------------------------------------------------------------------------------

    def pid(self) -> int | None:
        """The running server's process, or none (also when only a stale pid file is left of it)."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        return pid if is_postgres(pid) else None

    def start(self) -> DatabaseAddress:
        """Starts the server when it is not running, the first time with an empty database of the owner.

        Any number of processes may call it at once. Returns the owner's address.

        :raises LocalServerError: with the reason, the end of the server's log among it.
        """
        self._refuse_anothers_home()
        with locked(self.home / "local-server.lock"):
            self._ensure_runs()
            try:
                self._make_owner()
            except psycopg.OperationalError:
                # It answered and is gone: killed just now. Anything lasting fails again, with its reason.
                self._ensure_runs()
                self._make_owner()
            write_private(self.note, json.dumps({"url": self.owner_address().url()}))
        return self.owner_address()

    def stop(self) -> bool:
        """Stops the server: running transactions are rolled back, nothing committed is lost.

        Returns whether there was one to stop.
        """
        with locked(self.home / "local-server.lock"):
            pid = self.pid()
            if pid is None:
                return False
            os.kill(pid, signal.SIGINT)  # "fast shutdown" in PostgreSQL's words
            if not _wait(lambda: self.pid() is None, START_SECONDS):
                raise LocalServerError(f"PostgreSQL (process {pid}) does not stop; see {self.data / 'log'}")
            return True

    @contextmanager
    def borrowed(self) -> Iterator[DatabaseAddress]:
        """Runs the server as long as anyone uses it: the last borrower of all processes stops it."""
        users = self.home / "local-server.users"
        with os.fdopen(os.open(users, os.O_RDWR | os.O_CREAT, 0o600), "w") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH)
            try:
                yield self.start()
            finally:
                fcntl.flock(handle, fcntl.LOCK_UN)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return  # someone still uses it
                self.stop()

    def _ensure_runs(self) -> None:
        # One that another process started a moment ago may be there without answering yet.
        _wait(lambda: self.pid() is None or self._answers(), START_SECONDS)
        if self.pid() is None:
            self._lay_out()
            self._run()

    def _refuse_anothers_home(self) -> None:
        elsewhere = self.home / "postgres" / "data"
        if os.geteuid() == 0 and elsewhere.exists() and elsewhere.stat().st_uid != 0:
            owner = pwd.getpwuid(elsewhere.stat().st_uid).pw_name
            raise LocalServerError(
                f"{self.home} belongs to {owner}: run this as {owner}, or name another folder by "
                "FENGQIAO_HOME"
            )

    def _lay_out(self) -> None:
        """Folders, data and settings (these at each start, so that a new version's apply)."""
        user = server_user()
        for folder in (self.folder, self.socket_folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            give(folder, user)
            if folder.stat().st_uid != user.pw_uid or stat.S_IMODE(folder.stat().st_mode) != 0o700:
                raise LocalServerError(f"{folder} must belong to {user.pw_name}, with mode 0700")
        if not self.data.exists():
            self._initialise(user)
        # Both are stale: pid() found no such server. PostgreSQL would take any process of that number for it.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.socket_folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
        settings = {
            **SETTINGS,
            "unix_socket_directories": f"'{str(self.socket_folder).replace(chr(39), chr(39) * 2)}'",
            **(FOR_TESTS if self.for_tests else {}),
        }
        lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
        self._write_for_server(self.data / "fengqiao.conf", lines, user)
        self._write_for_server(self.data / "pg_hba.conf", "local all all scram-sha-256\n", user)

    def _initialise(self, user: pwd.struct_passwd) -> None:
        # Made beside its place and moved there whole: a start that was killed midway leaves no half of one.
        part, password = self.folder / "data.part", self.folder / "password"
        shutil.rmtree(part, ignore_errors=True)
        self._write_for_server(password, environment.secret("server_password") + "\n", user)
        try:
            done = self._call(
                ["initdb", "-D", str(part), "-U", SUPERUSER, f"--pwfile={password}", "-A", "scram-sha-256"]
                + ["-E", "UTF8", *_locale()]
                + ["--no-instructions", *(["--no-sync"] if self.for_tests else [])]
            )
        finally:
            password.unlink(missing_ok=True)
        if done.returncode:
            raise LocalServerError(f"PostgreSQL's initdb failed:\n{done.stdout.strip()}")
        with (part / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude 'fengqiao.conf'\n")
        part.rename(self.data)

    def _run(self) -> None:
        startup_log = self.folder / "startup.log"
        for attempt in range(3):
            give_file(startup_log, server_user())
            # A session of its own: Ctrl-C in the terminal goes to the supervisor, which stops it last.
            with startup_log.open("w") as log:
                process = subprocess.Popen(  # noqa: S603
                    [str(programs() / "postgres"), "-D", str(self.data)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    **self._circumstances(),
                )
            try:
                answered = _wait(partial(self._came_or_ended, process), START_SECONDS)
            except LocalServerError:
                os.kill(process.pid, signal.SIGINT)
                raise
            finally:
                ended = process.poll() is not None
                # The server outlives this program: it is not this program's to wait for.
                process.returncode = 0
            if answered and not ended:
                return
            if ended and attempt < 2 and "shared memory block" in startup_log.read_text():
                # The children of a killed server need a moment to notice that it is gone.
                time.sleep(1)
                continue
            raise LocalServerError(f"PostgreSQL does not start from {self.data}:\n{self._last_words()}")

    def _came_or_ended(self, process: subprocess.Popen[bytes]) -> bool:
        return process.poll() is not None or self._answers()

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.as_superuser().url(), connect_timeout=2):
                return True
        except psycopg.OperationalError as refusal:
            if "password authentication failed" in str(refusal):
                raise LocalServerError(
                    f"the server in {self.folder} was made with other secrets than those in "
                    f"{self.home / 'secrets.json'}: put those back, or remove the folder and its data"
                ) from refusal
            return False

    def _make_owner(self) -> None:
        """The role that owns the database: it may make roles and databases, and is not a superuser."""
        owner = self.owner_address()
        with psycopg.connect(self.as_superuser().url(), autocommit=True) as connection:
            made = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone()
            if not made:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE NOSUPERUSER PASSWORD {}").format(
                        sql.Identifier(OWNER), sql.Literal(owner.password)
                    )
                )
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not there:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )

    # --- the server's user --------------------------------------------------------------------------------

    def _circumstances(self) -> dict[str, Any]:
        """User, folder and environment of a server process: nothing of the caller's leaks into it."""
        circumstances: dict[str, Any] = {
            "cwd": "/",
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(self.folder)},
        }
        if os.geteuid() == 0:
            user = server_user()
            circumstances |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        return circumstances

    def _call(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [str(programs() / command[0]), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            check=False,
            **self._circumstances(),
        )

    def _write_for_server(self, path: Path, text: str, user: pwd.struct_passwd) -> None:
        write_private(path, text)
        give(path, user)

    def _last_words(self) -> str:
        logs = [self.folder / "startup.log", *(self.data / "log").glob("*.log")]
        newest = sorted((log for log in logs if log.exists()), key=lambda log: log.stat().st_mtime)[-2:]
        return "\n".join(line for log in newest for line in log.read_text().splitlines()[-8:])


def _locale() -> list[str]:
    """Byte order, and letters as Unicode has them: PostgreSQL's own since 17, the system's before."""
    if version(programs()) >= OWN_LOCALE_SINCE:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def local_server(*, for_tests: bool = False) -> LocalServer:
    """The server of this installation."""
    return LocalServer(environment.home().resolve(), for_tests=for_tests)


def _wait(holds: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False
