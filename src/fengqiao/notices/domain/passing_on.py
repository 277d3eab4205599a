"""Passing notices on outside the program: by mail or messenger, at least once, each with an id that stays the same.

A message has the kind in words, the code of the matter and the way to it: no title, no name, nothing that was
written. No transaction is open while a server is waited for; a worker that dies between sending and writing down
sends again, with the same id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.enums import Restriction
from fengqiao.matters.models import Matter
from fengqiao.notices import sending
from fengqiao.notices.models import Notice, Reaching
from fengqiao.notices.queries.inbox import matters_of, notices_of
from fengqiao.notices.queries.reaching import (
    Choices,
    choices_of,
    digest_after,
    quiet_until,
    reaching_of,
    to_pass_on,
)
from fengqiao.notices.sending import Message, NotSent
from fengqiao.places.queries.acting import actor_of, posts_held

MOST_PEOPLE = 1000
MOST_AT_A_TIME = 100
# What is older is not worth a message: the inbox has it.
WORTH_TELLING = timedelta(days=3)
TRIED_AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Waiting:
    """A notice with whose post it is for, and the code that may be named (empty for none)."""

    actor: Actor
    notice: Notice
    code: str


def whose() -> list[tuple[UUID, str]]:
    """Whose notices are to be looked at now, with the county."""
    return to_pass_on(clock.now(), MOST_PEOPLE)


def pass_on(*, person_id: UUID, county: str) -> int:
    """Sends what this person wants to hear now, and says how many notices that were."""
    actors = [actor for held in posts_held(person_id) if (actor := actor_of(held)).county == county]
    if not actors:
        return 0
    now = clock.now()
    with scope(actors[0]) as actor:
        row = reaching_of(actor)
        language = Person.objects.values_list("language", flat=True).get(pk=person_id)
    choices = choices_of(row)
    if row is None or not (choices.mail or choices.service):
        return 0
    waiting = [each for actor in actors for each in _waiting_of(actor, row, now)]
    # Somebody is needed now: nobody chooses not to hear of that.
    unwanted = [w for w in waiting if w.notice.kind in choices.unwanted and not w.notice.is_urgent]
    wanted = [each for each in waiting if each not in unwanted]
    _mark(unwanted, now)
    until = quiet_until(choices, now) or digest_after(choices, row, now)
    calm = [] if until else [each for each in wanted if not each.notice.is_urgent]
    urgent = [each for each in wanted if each.notice.is_urgent]
    with translation.override(language or settings.LANGUAGE_CODE):
        try:
            sent = _send_each(urgent, choices, now)
            if choices.digest_at is None:
                sent += _send_each(calm, choices, now)
            elif calm:
                sent += _send_digest(calm, choices, row, now)
        except NotSent:
            _look_again(actors[0], row, now + TRIED_AGAIN_AFTER, failed_at=now)
            return 0
    digested = row.digest_on if not calm or choices.digest_at is None else _day(now)
    _look_again(actors[0], row, until or now, digest_on=digested)
    return sent


def _waiting_of(actor: Actor, row: Reaching, now: datetime) -> list[Waiting]:
    """What waits in a post, oldest first; what is restricted is named by no code."""
    since = max(row.since, now - WORTH_TELLING)
    with scope(actor):
        found = notices_of(actor).filter(read_at=None, passed_on_at=None, created_at__gte=since)
        rows = list(found.order_by("pk")[:MOST_AT_A_TIME])
        matters = matters_of(actor, rows)
    return [Waiting(actor, each, _code(each, matters)) for each in rows]


def _code(notice: Notice, matters: dict[UUID, Matter]) -> str:
    matter = matters.get(notice.matter_id) if notice.matter_id else None
    return matter.code if matter and notice.restriction == Restriction.OPEN else ""


def _send_each(waiting: Sequence[Waiting], choices: Choices, now: datetime) -> int:
    for each in waiting:
        text = "\n".join(_lines(each))
        _send(choices, Message(f"notice-{each.notice.pk}", _subject(each.notice.words), text))
        _mark([each], now)
    return len(waiting)


def _send_digest(waiting: Sequence[Waiting], choices: Choices, row: Reaching, now: datetime) -> int:
    text = "\n\n".join("\n".join(_lines(each)) for each in waiting)
    subject = _subject(_("今天的通知：%(n)d 条") % {"n": len(waiting)})
    _send(choices, Message(f"digest-{row.pk}-{_day(now).isoformat()}", subject, text))
    _mark(waiting, now)
    return len(waiting)


def _lines(each: Waiting) -> list[str]:
    way = f"{settings.ADDRESS}/notices/{each.notice.pk}"
    return [line for line in (each.notice.words, each.code, way) if line]


def _subject(words: str) -> str:
    return _("枫桥：%(words)s") % {"words": words}


def _send(choices: Choices, message: Message) -> None:
    if choices.mail and settings.MAIL:
        sending.mail(choices.mail, message)
    if choices.service:
        sending.service(choices.service, message)


def _mark(waiting: Sequence[Waiting], now: datetime) -> None:
    for actor in {each.actor for each in waiting}:
        with scope(actor):
            keys = [each.notice.pk for each in waiting if each.actor == actor]
            Notice.objects.filter(pk__in=keys, passed_on_at=None).update(passed_on_at=now)


def _look_again(actor: Actor, row: Reaching, at: datetime, **changes: object) -> None:
    with scope(actor):
        values = {"next_look_at": at, "failed_at": None} | changes
        Reaching.objects.filter(pk=row.pk).update(**values)


def _day(now: datetime) -> date:
    return now.astimezone(clock.SHANGHAI).date()
