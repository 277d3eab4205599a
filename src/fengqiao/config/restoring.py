"""Restoring a backup into an empty place, and proving that what is there is what was backed up.

Everything is decrypted and compared with the manifest before the first thing is put in its place: a wrong
key, a cut archive, an archive of a newer version changes nothing. What is put in its place is written down
first (``restore-unfinished.json``): a restoring that fails takes all of it away again, and one that was killed
is cleared by the next. The database comes last and whole.
"""

from __future__ import annotations

import json
import shutil
import tarfile
import tempfile
from dataclasses import replace
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
    alone,
    chain_ends,
    digest_of,
    files_folder,
    row_counts,
    run_program,
)
from fengqiao.config.environment import DatabaseAddress
from fengqiao.config.readiness import known_migrations


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
    with alone("restore"):
        if unfinished().exists():
            tell("clearing what an interrupted restoring has left")
            _undo(owner)
        _refuse_unless_empty(owner, keys)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=environment.home()) as name:
            place = Path(name)
            keyring = _decrypted(keys, place / "keyring", readers).read_bytes() if keys else None
            tell("decrypting")
            manifest = _unpacked(_decrypted(source, place / "archive", readers), place / "content")
            tell(f"archive of {manifest['at']}: {len(manifest['files'])} files hold")
            _refuse_unless_ours(manifest)
            _note_what_comes(owner, manifest, with_keys=keyring is not None)
            try:
                _put_in_place(owner, place / "content", keyring, tell)
            except BaseException:
                tell("that failed: taking everything away again")
                _undo(owner)
                raise
        # From here on everything is there. What does not hold is told, and kept to be looked at.
        wrong = _compared(owner, manifest)
        migrated = _migrated(tell)
        unfinished().unlink()
    return _proved(manifest, wrong, migrated, tell)


def unfinished() -> Path:
    """The note of a restoring that is at work, or was killed at it: nobody may work in this home meanwhile."""
    return environment.home() / "restore-unfinished.json"


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


def _refuse_unless_ours(manifest: dict[str, Any]) -> None:
    """An archive of this version or an older one, with grants to the role that is used here."""
    unknown = {tuple(each) for each in manifest.get("migrations", [])} - known_migrations()
    if unknown:
        first = ", ".join(".".join(each) for each in sorted(unknown)[:3])
        raise BackupError(
            f"the backup is of a newer version ({manifest['version']}; {len(unknown)} migrations that this "
            f"program does not know: {first}): restore it with that version"
        )
    if manifest["app_role"] != environment.app_role():
        raise BackupError(
            f"the backup grants to the role {manifest['app_role']}, this installation uses "
            f"{environment.app_role()}: set FENGQIAO_APP_ROLE={manifest['app_role']}"
        )


def _note_what_comes(owner: DatabaseAddress, manifest: dict[str, Any], *, with_keys: bool) -> None:
    noted = {
        "database": replace(owner, password="").url(),
        "audit": manifest["audit"],
        "folders": [str(files_folder()), str(settings.AUDIT_ROOTS)],
        "keyring": str(settings.KEYRING) if with_keys else None,
    }
    environment.write_private(unfinished(), json.dumps(noted))


def _put_in_place(owner: DatabaseAddress, content: Path, keyring: bytes | None, tell: Tell) -> None:
    _place(content / FILES, files_folder())
    _place(content / ROOTS, Path(settings.AUDIT_ROOTS))
    if keyring is not None:
        settings.KEYRING.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        environment.write_private(settings.KEYRING, keyring.decode())
    database.prepare(owner)
    arguments = ("--no-owner", "--no-comments", "--exit-on-error", "--single-transaction")
    run_program("pg_restore", owner, *arguments, str(content / DUMP))
    tell("database restored")


def _undo(owner: DatabaseAddress) -> None:
    """Everything was empty before: it is again.

    :raises BackupError: when that was another database, or people have worked in it since.
    """
    noted = json.loads(unfinished().read_text())
    if noted["database"] != replace(owner, password="").url():
        raise BackupError(
            f"a restoring into {noted['database']} was interrupted in this home: finish that one first, or "
            f"name another FENGQIAO_HOME"
        )
    with psycopg.connect(owner.url(), connect_timeout=10) as connection:
        there = connection.execute("SELECT to_regclass('public.audit_entry') IS NOT NULL").fetchone()
        if there == (True,) and chain_ends(connection) != noted["audit"]:
            raise BackupError(
                f"a restoring was interrupted here, but the database {owner.name} has been worked in since: "
                f"nothing was touched. When it is as it should be, remove {unfinished()}"
            )
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    for folder in map(Path, noted["folders"]):
        for path in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if noted["keyring"]:
        Path(noted["keyring"]).unlink(missing_ok=True)
    unfinished().unlink()


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


def _compared(owner: DatabaseAddress, manifest: dict[str, Any]) -> list[str]:
    """What is there now beside the manifest: row counts, ends of the chains, digests; in plain SQL, since an
    older version's tables need not fit this one's models yet."""
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
    return wrong


def _migrated(tell: Tell) -> int:
    """Brings an older version's tables up to this one's; returns how many migrations that took."""
    pending = database.pending_migrations()
    if pending:
        tell(f"the backup is of an older version: {len(pending)} migrations")
        database.migrate(verbosity=0)
    return len(pending)


def _proved(manifest: dict[str, Any], wrong: list[str], migrated: int, tell: Tell) -> dict[str, Any]:
    tell("verifying the chains")
    report = verify(roots=settings.AUDIT_ROOTS)
    wrong = wrong + [f"{each.where}: {each.what}" for each in report.broken or []]
    if wrong:
        raise BackupError("restored, but not what was backed up: " + "; ".join(wrong[:10]))
    return {
        "at": manifest["at"],
        "rows": sum(manifest["rows"].values()),
        "files": len(manifest["files"]),
        "missing": manifest["missing"],
        "migrated": migrated,
        "audit_entries": report.entries,
        "history_events": report.events,
        "keyring": settings.KEYRING.exists(),
    }
