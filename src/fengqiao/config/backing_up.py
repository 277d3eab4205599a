"""A backup: one encrypted file with the database, the files and the signed roots, all of one moment.

The archive is a tar inside age (X25519). It is encrypted to public keys, so the server that makes backups
cannot read them. The keyring is never inside; it goes to a second file of its own, to be kept elsewhere: who
finds one of the two reads no personal data and no attachment.

The rows are counted in the very snapshot that pg_dump reads. The files are copied after it, by the list that
this snapshot has: a file is written before its row commits and is never changed, so each row's file is there.
The roots are read before it: a root signed later names ends of chains that the snapshot does not have.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
import pyrage
from django.conf import settings
from django.core.files.storage import default_storage
from psycopg import sql

from fengqiao import __version__
from fengqiao.config import environment, server_programs
from fengqiao.config.environment import DatabaseAddress

FORMAT = 1
MANIFEST, DUMP, FILES, ROOTS = "manifest.json", "database.dump", "files", "roots"
BLOCK = 1024 * 1024
Tell = Callable[[str], None]


class BackupError(RuntimeError):
    """The backup or the restoring did not come about; the message says why. Nothing was left behind."""


def back_up(target: Path, recipients: list[str], *, keys_to: Path | None, tell: Tell) -> dict[str, Any]:
    """Writes the archive to ``target``, and the keyring to ``keys_to``; returns the manifest.

    :param recipients: public keys (``age1…``); the holder of any one of the private keys can restore.
    :raises BackupError: target there already, a key that is none, pg_dump failed, no room.
    """
    owner = environment.owner_address()
    if owner is None:
        raise BackupError("a backup reads as the tables' owner: set FENGQIAO_DATABASE_URL")
    readers = _recipients(recipients)
    for path in filter(None, (target, keys_to)):
        if path.exists():
            raise BackupError(f"{path} is there already; a backup never writes over another")
    if keys_to is not None and not settings.KEYRING.exists():
        raise BackupError(f"no keyring at {settings.KEYRING}: nothing to write to {keys_to}")
    if keys_to is not None and keys_to.absolute().parent == target.absolute().parent:
        raise BackupError("the keys would lie beside the backup: name another folder by --keys-to")
    try:
        with alone("backup"), tempfile.TemporaryDirectory(prefix=".backup-", dir=environment.home()) as place:
            _drop_parts(target.absolute().parent)
            roots = _roots()
            with _snapshot(owner) as (connection, snapshot):
                manifest = _manifest(connection)
                listed = _listed_files(connection)
                tell(f"database: {sum(manifest['rows'].values())} rows of {len(manifest['rows'])} tables")
                _dump(owner, snapshot, Path(place) / DUMP)
            with _whole(target) as part, _encrypting(part, readers) as sink:
                _fill(sink, Path(place) / DUMP, roots, listed, manifest, tell)
        if keys_to is not None:
            with _whole(keys_to) as part, part.open("wb") as out, settings.KEYRING.open("rb") as keyring:
                pyrage.encrypt_io(keyring, out, readers)
            tell(f"keys: {keys_to}")
        environment.write_private(_note(), json.dumps({"at": manifest["at"], "archive": target.name}))
    except OSError as trouble:
        raise BackupError(f"cannot be written: {trouble}") from trouble
    return manifest


@contextmanager
def alone(work: str) -> Iterator[None]:
    """One backup, or one restoring, in this home at a time; clears what a killed one has left.

    :raises BackupError: when another one is at work.
    """
    home = environment.home()
    with (home / f"{work}.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise BackupError(f"another {work} is at work in {home}") from taken
        for left in home.glob(f".{work}-*"):
            shutil.rmtree(left)
        yield


def _drop_parts(folder: Path) -> None:
    """Half-written archives of processes that are no more; several homes may write into one folder."""
    for part in folder.glob(".*.part"):
        pid = part.name.split(".")[-2]
        if pid.isdigit() and part.name.endswith(f".age.{pid}.part") and not Path(f"/proc/{pid}").exists():
            part.unlink()


def last_backup() -> datetime | None:
    """The moment of the last backup made from this home; none when there never was one."""
    try:
        return datetime.fromisoformat(json.loads(_note().read_text())["at"])
    except (OSError, ValueError, KeyError):
        return None


def _note() -> Path:
    return environment.home() / "last-backup.json"


def run_program(name: str, address: DatabaseAddress, *arguments: str) -> None:
    """Runs pg_dump or pg_restore on a database, the password by the environment, where ``ps`` shows none."""
    done = subprocess.run(  # noqa: S603
        [str(server_programs.programs() / name), *arguments, "--dbname", replace(address, password="").url()],
        env={**os.environ, "PGPASSWORD": address.password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{name}: {done.stderr.strip()[-2000:]}")


def row_counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table has, as this transaction sees them."""
    tables = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
        " AND relnamespace = 'public'::regnamespace ORDER BY relname"
    ).fetchall()
    counts = {}
    for (table,) in tables:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        counts[table] = row[0] if row else 0
    return counts


def chain_ends(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """Every audit chain's length and last hash, told in one digest, and how many there are."""
    digest, chains = hashlib.sha256(), 0
    for chain, seq, link in connection.execute(
        "SELECT DISTINCT ON (chain) chain, seq, hash FROM audit_entry ORDER BY chain, seq DESC"
    ):
        digest.update(f"{chain} {seq} {bytes(link).hex()}\n".encode())
        chains += 1
    return {"chains": chains, "sha256": digest.hexdigest()}


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def files_folder() -> Path:
    """Where the attachments lie."""
    return Path(default_storage.path(""))


# --- the parts of back_up -----------------------------------------------------------------------------------


def _recipients(recipients: list[str]) -> list[Any]:
    if not recipients:
        raise BackupError("name at least one public key by --recipient age1…")
    found = []
    for each in recipients:
        try:
            found.append(pyrage.x25519.Recipient.from_str(each))
        except pyrage.RecipientError as wrong:
            raise BackupError(f"{each[:80]} is not a public key of age ({wrong})") from wrong
    return found


@contextmanager
def _snapshot(owner: DatabaseAddress) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    with psycopg.connect(owner.url(), connect_timeout=10) as connection:
        # It stands open as long as pg_dump reads, whatever the server's limit for such is.
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield connection, row[0]


def _manifest(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": __version__,
        "postgresql": connection.info.server_version,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "app_role": environment.app_role(),
        "migrations": [list(row) for row in connection.execute("SELECT app, name FROM django_migrations")],
        "rows": row_counts(connection),
        "audit": chain_ends(connection),
        "files": {},
        "missing": [],
    }


def _listed_files(connection: psycopg.Connection[Any]) -> list[str]:
    rows = connection.execute("SELECT county, stored_as FROM files_storedfile ORDER BY 1, 2").fetchall()
    return [f"{county}/{name[:2]}/{name}" for county, name in rows]


def _dump(owner: DatabaseAddress, snapshot: str, path: Path) -> None:
    path.touch(mode=0o600)
    arguments = ("--format=custom", "--compress=6", "--no-owner", f"--snapshot={snapshot}", f"--file={path}")
    run_program("pg_dump", owner, *arguments)


def _roots() -> dict[str, bytes]:
    folder = Path(settings.AUDIT_ROOTS)
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*")) if path.is_file()}


def _fill(
    sink: BinaryIO,
    dump: Path,
    roots: dict[str, bytes],
    listed: list[str],
    manifest: dict[str, Any],
    tell: Tell,
) -> None:
    """The tar: dump, roots, files, and last the manifest, which has the digests of all before it."""
    with tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as tar:

        def pack(name: str, content: io.BufferedReader | io.BytesIO) -> None:
            with content:
                manifest["files"][name] = hashlib.file_digest(content, "sha256").hexdigest()
                size = content.seek(0, os.SEEK_END)
                content.seek(0)
                _add(tar, name, size, content)

        pack(DUMP, dump.open("rb"))
        for name, lines in roots.items():
            pack(f"{ROOTS}/{name}", io.BytesIO(lines))
        for number, name in enumerate(listed, 1):
            try:
                pack(f"{FILES}/{name}", (files_folder() / name).open("rb"))
            except FileNotFoundError:
                manifest["missing"].append(name)
            if number % 100 == 0 or number == len(listed):
                tell(f"files: {number} of {len(listed)}")
        last = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        _add(tar, MANIFEST, len(last), io.BytesIO(last))


def _add(tar: tarfile.TarFile, name: str, size: int, content: BinaryIO) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, content)


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A path to write to that becomes ``target`` only when all is written, and is gone otherwise."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.touch(mode=0o600, exist_ok=False)
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        # link() and not rename(): what another put there meanwhile is not written over.
        os.link(part, target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _encrypting(path: Path, readers: list[Any]) -> Iterator[BinaryIO]:
    """What is written into it is encrypted into ``path`` as it comes; no plain archive touches the disk."""
    reading, writing = os.pipe()
    trouble: list[BaseException] = []

    def encrypt() -> None:
        with os.fdopen(reading, "rb") as plain, path.open("wb") as out:
            try:
                pyrage.encrypt_io(plain, out, readers)
            except BaseException as wrong:  # noqa: BLE001  told by the thread that waits for this one
                trouble.append(wrong)
                while plain.read(BLOCK):  # the writer must not hang
                    pass

    worker = threading.Thread(target=encrypt)
    worker.start()
    try:
        with os.fdopen(writing, "wb") as sink:
            yield sink
    finally:
        worker.join()
    if trouble:
        raise BackupError(f"the archive could not be encrypted: {trouble[0]}") from trouble[0]
