"""Adding a link to the audit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.accounts.writing_many import insert_many
from fengqiao.audit.enums import Result
from fengqiao.audit.models import ChainHead, Entry
from fengqiao.kernel import chain, clock
from fengqiao.kernel.errors import Refusal

LOCK_HEAD = """
    INSERT INTO audit_chainhead (chain, county, count, hash) VALUES (%s, %s, 0, %s)
    ON CONFLICT (chain) DO UPDATE SET chain = excluded.chain RETURNING count, hash
"""


def record(
    *,
    actor: Actor,
    verb: str,
    subject: str = "",
    county: str | None = None,
    result: Result = Result.DONE,
    details: Mapping[str, Any] | None = None,
) -> Entry:
    """Appends a link to the chain of the county and hour, in the running transaction and scope.

    Locks the end of the chain until the transaction ends: call it as the last write. ``details`` holds
    codes, references and digests, never personal data. The chain's hour is real time, the moment inside
    the content is the domain's clock beside the real one, so that a simulated past cannot be mistaken.
    """
    (entry,) = record_many(
        actor=actor, verb=verb, about=[(subject, details or {})], county=county, result=result
    )
    return entry


def record_many(
    *,
    actor: Actor,
    verb: str,
    about: Sequence[tuple[str, Mapping[str, Any]]],
    county: str | None = None,
    result: Result = Result.DONE,
) -> list[Entry]:
    """Appends one link for each subject and its details, in order, under one lock and in one statement."""
    if not about:
        return []
    written, at = datetime.now(UTC), clock.now()
    where = county or actor.county
    name = f"{where}/{written:%Y%m%d%H}"
    with connection.cursor() as cursor:
        cursor.execute(LOCK_HEAD, [name, where, chain.START])
        count, head = cursor.fetchone()
    previous, entries = bytes(head), []
    for seq, (subject, details) in enumerate(about, count + 1):
        content = chain.exact_bytes(
            {
                "v": 1,
                "chain": name,
                "seq": seq,
                "written": written,
                "at": at,
                "person": actor.person_id,
                "post": actor.post_id,
                "role": actor.role,
                "verb": verb,
                "subject": subject,
                "result": result,
                "details": dict(details),
            }
        )
        entry = Entry(
            chain=name,
            seq=seq,
            county=where,
            at=at,
            person_id=actor.person_id,
            post_id=actor.post_id,
            role=actor.role,
            verb=verb,
            subject=subject,
            result=result,
            content=content,
            previous=previous,
            hash=chain.link(previous, content),
        )
        entries.append(entry)
        previous = bytes(entry.hash)
    insert_many(entries)
    ChainHead.objects.filter(pk=name).update(count=entries[-1].seq, hash=previous)
    return entries


@contextmanager
def attempt(actor: Actor, *, verb: str, subject: str = "") -> Iterator[None]:
    """A scope for one act: what is refused is rolled back, audited in a transaction of its own, and raised.

    Every door that writes goes through here, so that no refusal leaves a trace in the data or none in the
    audit.
    """
    try:
        with scope(actor):
            yield
    except Refusal as refusal:
        refused(actor, verb=verb, subject=subject, refusal=refusal)
        refusal.audited = True
        raise


def refused(actor: Actor, *, verb: str, subject: str = "", refusal: Refusal) -> None:
    """Audits a refusal in a transaction of its own."""
    with scope(actor):
        record(
            actor=actor,
            verb=verb,
            subject=subject,
            result=Result.REFUSED,
            details={"code": refusal.code, "field": refusal.field},
        )
