"""Key rotation: what old keys protect is protected anew, batch by batch, while everybody goes on working.

Done as the tables' owner, like migrations and backups: the walls let the application read no restricted or
sealed matter, and these rotate too. Values pass through memory and are shown to nobody. Each batch is a
transaction of its own and what was done is known by the key that a value names, so that a rotation that was
killed goes on where it was. Look-ups ask under every index key that the keyring holds
(``crypto.blind_indexes``). Why so: docs/adr/0013.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import OperationalError, connections, transaction
from psycopg import sql

from fengqiao.accounts.adapters import SecondFactorAdapter
from fengqiao.files.domain.storing import path_of, write_whole
from fengqiao.files.models import StoredFile
from fengqiao.kernel import crypto, identity
from fengqiao.kernel.crypto import Keyring
from fengqiao.matters.domain.protection import plain_contact

OWNER = "owner"
BATCH = 500
# Somebody who read the keyring just before the change may still be writing with the old key.
GRACE = timedelta(minutes=10)
LONGEST_TRANSACTION = timedelta(minutes=1)
TRIES = 5
# Long enough for the longest identifier of a key.
HEAD_BYTES = 32


class NotNow(RuntimeError):
    """The keys cannot be rotated or retired at this moment; the message says why."""


@dataclass(frozen=True)
class Place:
    """A column of protected values. ``county``, ``row`` and ``field`` are what they are bound to, in SQL."""

    table: str
    key: str
    value: str
    county: str
    row: str
    field: str
    index: str = ""
    kind: str = "''"
    plain: Callable[[str, str], str] = lambda kind, value: value

    def __str__(self) -> str:
        return f"{self.table}.{self.value}"


PLACES = (
    Place(
        table="matters_party",
        key="id",
        value="identity",
        county="county",
        row="id::text",
        field="'identity'",
        index="identity_index",
        kind="'identity'",
        plain=lambda kind, value: identity.normalise(value),
    ),
    Place(
        table="matters_partycontact",
        key="id",
        value="value",
        county="county",
        row="id::text",
        field="kind",
        index="index",
        kind="kind",
        plain=plain_contact,
    ),
    Place(
        table="places_enrolment",
        key="person_id",
        value="telephone",
        county="left(division_id, 6)",
        row="person_id::text",
        field="'telephone'",
    ),
    Place(
        table="pool_talent",
        key="id",
        value="telephone",
        county="county",
        row="id::text",
        field="'telephone'",
    ),
    Place(
        table="exchange_subscription",
        key="id",
        value="secret",
        county="county",
        row="id::text",
        field="'secret'",
    ),
    *(
        Place(
            table="notices_reaching",
            key="id",
            value=name,
            county="county",
            row="id::text",
            field=f"'{name}'",
        )
        for name in ("mail", "service")
    ),
    Place(
        table="exchange_importrun",
        key="id",
        value="sample",
        county="county",
        row="id || '/sample'",
        field="'import'",
    ),
    Place(
        table="exchange_badrow",
        key="id",
        value="sealed",
        county="county",
        row="run_id || '/' || line",
        field="'import'",
    ),
)
# Digests of what nobody keeps: they cannot be made anew, and are removed a day after they were written.
FADING = (Place(table="api_answeredrequest", key="id", value="digest", county="county", row="", field=""),)
BY_KEY = "SELECT {key_of}, count(*) FROM {table} WHERE {value} IS NOT NULL GROUP BY 1"
BY_INDEX = "SELECT get_byte({index}, 0), count(*) FROM {table} WHERE {index} IS NOT NULL GROUP BY 1"
OLD_ROWS = """
    SELECT {key}, {county} AS c, {row} AS r, {field} AS f, {kind} AS k, {value} FROM {table}
    WHERE {value} IS NOT NULL AND ({key_of} <> %(current)s OR {has_old_index})
      AND (%(last)s::uuid IS NULL OR {key} > %(last)s)
    ORDER BY {key} LIMIT %(batch)s FOR UPDATE
"""
CHANGE = "UPDATE {table} SET {changes} WHERE {key} = %s"
SECOND_FACTORS, FILES = "mfa_authenticator.data", "files"


@dataclass(frozen=True)
class Progress:
    """``done`` of ``place`` since the rotation was started."""

    place: str
    done: int


def use_by_place() -> dict[str, dict[str, int]]:
    """How many values each key protects: by place, then by data key, or by "index 1" for a blind index."""
    found: dict[str, dict[str, int]] = {}
    with connections[OWNER].cursor() as cursor:
        for place in PLACES:
            cursor.execute(_sql(BY_KEY, place))
            found[str(place)] = dict(cursor.fetchall())
            if place.index:
                cursor.execute(
                    _sql(
                        "SELECT get_byte({index}, 0), count(*) FROM {table} WHERE {index} IS NOT NULL GROUP BY 1",
                        place,
                    )
                )
                found[str(place)] |= {f"index {version}": number for version, number in cursor.fetchall()}
        for place in FADING:
            cursor.execute(_sql(BY_INDEX, place))
            found[str(place)] = {f"index {version}": number for version, number in cursor.fetchall()}
    found[SECOND_FACTORS], found[FILES] = {}, {}
    for authenticator in Authenticator.objects.using(OWNER).iterator():
        for sealed in _secrets(authenticator.data):
            _count(found[SECOND_FACTORS], crypto.key_of(base64.b64decode(sealed)))
    for stored in StoredFile.objects.using(OWNER).iterator():
        key = _key_of_file(Path(default_storage.path(path_of(stored.county, stored.stored_as))))
        if key:
            _count(found[FILES], key)
    return found


def protect_anew(*, batch: int = BATCH) -> Iterator[Progress]:
    """Protects with the current keys what is protected with others; tells after each batch.

    May be stopped anywhere and begun again. Two at once are refused. What is written meanwhile with an old
    key by somebody who had read the keyring before is found by going round until nothing is left.
    """
    with _alone():
        keys = Keyring.load(settings.KEYRING)
        while True:
            changed = 0
            for step in (*(_rows(keys, place, batch) for place in PLACES), _factors(keys), _files(keys)):
                for progress in step:
                    changed += 1
                    yield progress
            if not changed:
                return


def in_the_way() -> list[str]:
    """Why the old keys cannot be retired yet; empty when they can."""
    keys = Keyring.load(settings.KEYRING)
    reasons = [
        f"{place}: {number} with {key}"
        for place, by_key in use_by_place().items()
        for key, number in by_key.items()
        if key not in (keys.current, f"index {keys.index_version}")
    ]
    began = keys.since.get(keys.current, "")
    if began and datetime.now(UTC) - datetime.fromisoformat(began) < GRACE:
        reasons.append(f"{keys.current} came into use less than {GRACE.seconds // 60} minutes ago: wait")
    for alias in (OWNER, "default"):
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND xact_start < now() - make_interval(secs => %s)",
                [LONGEST_TRANSACTION.total_seconds()],
            )
            if cursor.fetchone()[0]:
                reasons.append("a long transaction is running (a backup, an import): wait for its end")
    return reasons


def _rows(keys: Keyring, place: Place, batch: int) -> Iterator[Progress]:
    last, done = None, 0
    while True:
        last, changed = _tried(partial(_rows_after, keys, place, last, batch))
        if last is None:
            return
        done += changed
        yield Progress(str(place), done)


def _rows_after(keys: Keyring, place: Place, last: Any, batch: int) -> tuple[Any, int]:
    """One batch in the order of the key; returns where it ended, and how many it changed."""
    asked = {"version": keys.index_version, "current": keys.current, "last": last, "batch": batch}
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute(_sql(OLD_ROWS, place), asked)
        rows = cursor.fetchall()
        if not rows:
            return None, 0
        cursor.executemany(_sql(CHANGE, place), [_anew(keys, place, *row) for row in rows])
    return rows[-1][0], len(rows)


def _anew(
    keys: Keyring, place: Place, key: Any, county: str, row: str, field: str, kind: str, value: bytes
) -> list[Any]:
    bound = {"county": county, "row": row, "field": field}
    plain = crypto.reveal_bytes(keys, **bound, protected=bytes(value))
    sealed: list[Any] = [crypto.protect_bytes(keys, **bound, value=plain)]
    if place.index:
        indexed = place.plain(kind, plain.decode())
        sealed.append(crypto.blind_index(keys, county=county, kind=kind, value=indexed))
    return [*sealed, key]


def _factors(keys: Keyring) -> Iterator[Progress]:
    adapter, done = SecondFactorAdapter(), 0
    for pk in list(Authenticator.objects.using(OWNER).values_list("pk", flat=True)):
        with transaction.atomic(using=OWNER):
            found = Authenticator.objects.using(OWNER).select_for_update().filter(pk=pk).first()
            if found is None or all(
                crypto.key_of(base64.b64decode(sealed)) == keys.current for sealed in _secrets(found.data)
            ):
                continue
            for name, value in found.data.items():
                if name in ("secret", "seed"):
                    found.data[name] = adapter.encrypt(adapter.decrypt(value))
                elif name == "migrated_codes":
                    found.data[name] = [adapter.encrypt(adapter.decrypt(each)) for each in value]
            found.save(using=OWNER, update_fields=["data"])
        done += 1
        yield Progress(SECOND_FACTORS, done)


def _files(keys: Keyring) -> Iterator[Progress]:
    done = 0
    for stored in StoredFile.objects.using(OWNER).order_by("pk").iterator():
        path = Path(default_storage.path(path_of(stored.county, stored.stored_as)))
        if _key_of_file(path) in ("", keys.current):
            continue
        bound = {"county": stored.county, "row": stored.stored_as, "field": "file"}
        try:
            plain = crypto.reveal_bytes(keys, **bound, protected=path.read_bytes())
            write_whole(path, crypto.protect_bytes(keys, **bound, value=plain))
        except FileNotFoundError:
            # Swept at this moment: nothing referred to it.
            continue
        done += 1
        yield Progress(FILES, done)


def _key_of_file(path: Path) -> str:
    """The key of a stored file; empty where there is none on the disk (the doctor tells of these)."""
    try:
        with path.open("rb") as handle:
            head = handle.read(HEAD_BYTES)
    except FileNotFoundError:
        return ""
    return crypto.key_of(head) if head else ""


def _secrets(data: dict[str, Any]) -> list[str]:
    """What allauth had us encrypt: the secret of a TOTP, the seed of recovery codes."""
    return [data[name] for name in ("secret", "seed") if name in data] + list(
        data.get("migrated_codes") or []
    )


def _tried(act: Callable[[], tuple[Any, int]]) -> tuple[Any, int]:
    """Whoever registers goes first: a batch that met a lock for long, or a deadlock, is tried again."""
    for left in range(TRIES, 0, -1):
        try:
            return act()
        except OperationalError:
            if left == 1:
                raise
    raise AssertionError


@contextmanager
def _alone() -> Iterator[None]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('fengqiao.keys'))")
        if not cursor.fetchone()[0]:
            raise NotNow("another process is rotating the keys")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('fengqiao.keys'))")


def _count(by_key: dict[str, int], key: str) -> None:
    by_key[key] = by_key.get(key, 0) + 1


def _sql(statement: str, place: Place) -> sql.Composed:
    value, index = sql.Identifier(place.value), sql.Identifier(place.index or place.value)
    return sql.SQL(statement).format(
        table=sql.Identifier(place.table),
        key=sql.Identifier(place.key),
        value=value,
        index=index,
        has_old_index=sql.SQL("get_byte({}, 0) <> %(version)s" if place.index else "FALSE").format(index),
        changes=sql.SQL("{} = %s, {} = %s" if place.index else "{} = %s").format(value, index),
        county=sql.SQL(place.county),
        row=sql.SQL(place.row),
        field=sql.SQL(place.field),
        kind=sql.SQL(place.kind),
        key_of=sql.SQL("convert_from(substr({value}, 2, get_byte({value}, 0)), 'UTF8')").format(value=value),
    )
