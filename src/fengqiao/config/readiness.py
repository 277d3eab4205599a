"""Whether this process can do its work: what ``/ready`` says, in words that name no address and no secret.

It asks on a connection of its own with short limits: the pool of the pages waits for up to twenty seconds,
and a probe that waits says nothing. One look a second at most, whoever asks.
"""

from __future__ import annotations

import tempfile
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.files.storage import default_storage

from fengqiao.config import environment
from fengqiao.kernel.crypto import Keyring

CONNECT_SECONDS = 2
STATEMENT_MILLISECONDS = 2000
LOOK_AGAIN_SECONDS = 1.0
# Procrastinate's workers report every ten seconds and are given up after thirty.
WORKER_SECONDS = 30
PROBE = b"\0" * 4096


@dataclass(frozen=True)
class Report:
    """``reasons``: why no request should come here. ``warnings``: what an operator should see to."""

    reasons: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def ready(self) -> bool:
        return not self.reasons


_lock = threading.Lock()
_last: tuple[float, Report] | None = None


def report() -> Report:
    """The look of the last second, or a new one."""
    global _last
    with _lock:
        now = time.monotonic()
        if _last is None or now - _last[0] > LOOK_AGAIN_SECONDS:
            _last = (now, look())
        return _last[1]


def look() -> Report:
    """Looks at the database, its tables, the queue, the storage and the keys."""
    reasons, warnings = _database()
    return Report((*reasons, *_storage(), *_keys()), tuple(warnings))


def short_connection() -> psycopg.Connection[Any]:
    """A connection as the application's role that gives up soon.

    :raises psycopg.Error: when there is no database to be had.
    """
    address = environment.app_address()
    if address is None:
        raise psycopg.OperationalError("no database is set up")
    return psycopg.connect(
        address.url(),
        connect_timeout=CONNECT_SECONDS,
        autocommit=True,
        options=f"-c statement_timeout={STATEMENT_MILLISECONDS}",
    )


def worker_silence(connection: psycopg.Connection[Any]) -> float | None:
    """Seconds since any worker was heard of; none when there never was one."""
    row = connection.execute(
        "SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat)) FROM procrastinate_workers"
    ).fetchone()
    return None if row is None or row[0] is None else float(row[0])


def _database() -> tuple[list[str], list[str]]:
    try:
        connection = short_connection()
    except psycopg.Error:
        return ["the database does not answer"], []
    with connection:
        try:
            applied = set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
        except psycopg.Error:
            return ["the database has no tables yet, or does not let this process read them"], []
        # More than known is well: the next version migrates while this one still runs.
        pending = len(known_migrations() - applied)
        if pending:
            return [f"{pending} migrations are not applied"], []
        try:
            silence = worker_silence(connection)
            connection.execute("SELECT 1 FROM procrastinate_jobs LIMIT 1")
        except psycopg.Error:
            return ["the job queue does not answer"], []
    # Pages work without a worker: taking them away as well would help nobody.
    if silence is None or silence > WORKER_SECONDS:
        return [], ["no worker is heard of: nothing is done in the background"]
    return [], []


@cache
def known_migrations() -> set[tuple[str, str]]:
    """App and name of every migration that this version of the program has."""
    from django.db.migrations.loader import MigrationLoader

    return set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _storage() -> list[str]:
    try:
        folder = Path(default_storage.path(""))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(PROBE)
            probe.flush()
    except OSError as trouble:
        return [f"the storage of the files cannot be written ({trouble.strerror})"]
    return []


def _keys() -> list[str]:
    try:
        Keyring.load(Path(settings.KEYRING))
    except Exception:  # noqa: BLE001  whatever is wrong with it, none of it may be told here
        return ["the keyring cannot be read"]
    return []
