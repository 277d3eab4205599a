"""Restoring a backup into an empty place, and proving that what is there is what was backed up.

Everything is decrypted and compared with the manifest before the first thing is put in its place: a wrong
key or a cut archive changes nothing.
"""

from __future__ import annotations

import json
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import psycopg
import pyrage
from django.conf import settings

from fengqiao.audit.queries.verification import verify
from fengqiao.config import database, environment
from fengqiao.config.backing_up import (
    DUMP,
    FILES,
    FORMAT,
    MANIFEST,
    ROOTS,
    BackupError,
    Tell,
    chain_ends,
    digest_of,
    files_folder,
    row_counts,
    run_program,
)
from fengqiao.config.environment import DatabaseAddress


def restore(source: Path, identity: Path, *, keys: Path | None, tell: Tell) -> dict[str, Any]:
    """Puts the backup ``source`` into this installation, which must be empty; returns what was proved.

    :param identity: file with the private key (``AGE-SECRET-KEY-1…``).
    :param keys: the file that ``--keys-to`` wrote; without it the keyring has to be there already.
    :raises BackupError: not empty, a wrong key, a damaged archive, or what came out is not what went in.
    """
    owner = environment.owner_address()
    if owner is None:
        raise BackupError("restoring works as the tables' owner: set FENGQIAO_DATABASE_URL")
    readers = _identities(identity)
    _refuse_unless_empty(owner, keys)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=environment.home()) as name:
        place = Path(name)
        keyring = _decrypted(keys, place / "keyring", readers).read_bytes() if keys else None
        tell("decrypting")
        manifest = _unpacked(_decrypted(source, place / "archive", readers), place / "content")
        tell(f"archive of {manifest['at']}: {len(manifest['files'])} files hold")
        if manifest["app_role"] != environment.app_role():
            raise BackupError(
                f"the backup grants to the role {manifest['app_role']}, this installation uses "
                f"{environment.app_role()}: set FENGQIAO_APP_ROLE={manifest['app_role']}"
            )
        database.prepare(owner)
        # All or nothing: a broken restoring leaves the database as empty as it was.
        arguments = ("--no-owner", "--no-comments", "--exit-on-error", "--single-transaction")
        run_program("pg_restore", owner, *arguments, str(place / "content" / DUMP))
        tell("database restored")
        _place(place / "content" / FILES, files_folder())
        _place(place / "content" / ROOTS, Path(settings.AUDIT_ROOTS))
        if keyring is not None:
            settings.KEYRING.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            environment.write_private(settings.KEYRING, keyring.decode())
    return _proved(owner, manifest, tell)


# --- the parts of restore -----------------------------------------------------------------------------------


def _identities(path: Path) -> list[Any]:
    try:
        lines = path.read_text().splitlines()
        return [pyrage.x25519.Identity.from_str(each) for each in lines if each and not each.startswith("#")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as wrong:
        raise BackupError(f"{path} holds no private key of age ({wrong})") from wrong


def _refuse_unless_empty(owner: DatabaseAddress, keys: Path | None) -> None:
    with psycopg.connect(owner.url(), connect_timeout=10) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        ).fetchone()
    if row and row[0]:
        raise BackupError(f"the database {owner.name} is not empty ({row[0]} tables): name an empty one")
    for folder in (files_folder(), Path(settings.AUDIT_ROOTS)):
        if folder.is_dir() and any(folder.iterdir()):
            raise BackupError(f"{folder} is not empty: name an empty FENGQIAO_HOME")
    if keys and settings.KEYRING.exists():
        raise BackupError(f"there is a keyring at {settings.KEYRING}: keys are never written over")


def _decrypted(source: Path, target: Path, readers: list[Any]) -> Path:
    target.touch(mode=0o600)
    try:
        with source.open("rb") as sealed, target.open("wb") as plain:
            pyrage.decrypt_io(sealed, plain, readers)
    except (OSError, pyrage.DecryptError) as wrong:
        raise BackupError(f"{source} cannot be decrypted: wrong key, or damaged ({wrong})") from wrong
    return target


def _unpacked(archive: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, tarfile.TarError, ValueError) as wrong:
        raise BackupError(f"the archive is damaged ({wrong})") from wrong
    archive.unlink()
    if manifest.get("format") != FORMAT:
        raise BackupError(f"an archive of format {manifest.get('format')}: this version reads {FORMAT}")
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    if there != set(manifest["files"]):
        raise BackupError("the archive does not hold the files that its manifest names")
    for name, digest in manifest["files"].items():
        if digest_of(folder / name) != digest:
            raise BackupError(f"{name} in the archive is not what was backed up")
    return manifest


def _place(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        if path.is_file():
            end = target / path.relative_to(source)
            end.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(path, end)
            end.chmod(0o600)


def _proved(owner: DatabaseAddress, manifest: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Compares what is there now with the manifest, row counts, chains and digests."""
    with psycopg.connect(owner.url(), connect_timeout=10) as connection:
        rows, ends = row_counts(connection), chain_ends(connection)
    wrong = [f"{t}: {rows.get(t)} of {n} rows" for t, n in manifest["rows"].items() if rows.get(t) != n]
    if ends != manifest["audit"]:
        wrong.append("the ends of the audit's chains differ")
    places = {FILES: files_folder(), ROOTS: Path(settings.AUDIT_ROOTS)}
    for name, digest in manifest["files"].items():
        kind, _, rest = name.partition("/")
        if kind in places and digest_of(places[kind] / rest) != digest:
            wrong.append(f"{name} differs")
    tell("verifying the chains")
    report = verify(roots=settings.AUDIT_ROOTS)
    wrong += [f"{each.where}: {each.what}" for each in report.broken or []]
    if wrong:
        raise BackupError("restored, but not what was backed up: " + "; ".join(wrong[:10]))
    return {
        "at": manifest["at"],
        "rows": sum(rows.values()),
        "files": len(manifest["files"]),
        "missing": manifest["missing"],
        "audit_entries": report.entries,
        "history_events": report.events,
        "keyring": settings.KEYRING.exists(),
    }
