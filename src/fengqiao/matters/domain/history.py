"""The history of a matter: each event a link over the one before."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import chain, clock
from fengqiao.kernel.crypto import sm3
from fengqiao.kernel.events import publish
from fengqiao.matters.enums import WordKind
from fengqiao.matters.events import Link, Recorded
from fengqiao.matters.models import HistoryEvent, Matter, Word
from fengqiao.matters.models.base import of

VERSION = 1


def append(
    matter: Matter,
    *,
    actor: Actor,
    type: str,  # noqa: A002  the word of the field
    parameters: Mapping[str, Any] | None = None,
    words: Mapping[WordKind, str] | None = None,
) -> HistoryEvent:
    """Adds the next event to a matter whose row is locked (or new) and moves the head on the instance.

    ``parameters`` are codes and references; ``words`` are sentences: they are kept beside the chain, which
    holds their salted digest. The caller saves ``history_count`` and ``history_head`` with its own write.
    """
    event, written = link(matter, actor=actor, type=type, parameters=parameters, words=words)
    keep(event, written)
    return event


def keep(event: HistoryEvent, written: list[Word]) -> None:
    """Writes an event that ``link`` made, with its sentences."""
    event.save(force_insert=True)
    if written:
        Word.objects.bulk_create(written)


def link(
    matter: Matter,
    *,
    actor: Actor,
    type: str,  # noqa: A002  the word of the field
    parameters: Mapping[str, Any] | None = None,
    words: Mapping[WordKind, str] | None = None,
) -> tuple[HistoryEvent, list[Word]]:
    """The next event and its sentences as ``append`` writes them, for a caller that writes many at once."""
    seq, at = matter.history_count + 1, clock.now()
    written = [
        Word(**of(matter), seq=seq, kind=kind, text=text, salt=secrets.token_bytes(16))
        for kind, text in (words or {}).items()
        if text
    ]
    content = chain.exact_bytes(
        {
            "v": VERSION,
            "matter": matter.id,
            "county": matter.county,
            "seq": seq,
            "type": type,
            "at": at,
            "person": actor.person_id,
            "post": actor.post_id,
            "role": actor.role,
            "parameters": dict(parameters or {}),
            "words": {word.kind: sm3(bytes(word.salt), word.text.encode()) for word in written},
        }
    )
    previous = bytes(matter.history_head)
    event = HistoryEvent(
        **of(matter),
        seq=seq,
        type=type,
        at=at,
        person_id=actor.person_id,
        post_id=actor.post_id,
        content=content,
        previous=previous,
        hash=chain.link(previous, content),
    )
    matter.history_count, matter.history_head = seq, event.hash
    return event, written


def tell(actor: Actor, written: Iterable[tuple[Matter, HistoryEvent, str]]) -> None:
    """Publishes ``Recorded`` for links that are written, each with its matter and the step it came from."""
    publish(
        Recorded(
            actor=actor,
            links=tuple(
                Link(
                    id=event.id,
                    matter_id=matter.id,
                    county=matter.county,
                    restriction=matter.restriction,
                    holder_id=matter.holder_id,
                    type=event.type,
                    seq=event.seq,
                    at=event.at,
                    from_step=from_step,
                    step=matter.step,
                    state=matter.state,
                    content=bytes(event.content),
                )
                for matter, event, from_step in written
            ),
        )
    )
