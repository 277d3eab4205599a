"""How a person wants to hear of notices outside, with the addresses in the clear for themselves alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock, crypto
from fengqiao.notices.models import Reaching


@dataclass(frozen=True)
class Choices:
    """What a person chose. Times are those of Asia/Shanghai; ``quiet_from`` may be later than ``quiet_until``."""

    mail: str = ""
    service: str = ""
    unwanted: tuple[str, ...] = ()
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_at: time | None = None


def reaching_of(actor: Actor) -> Reaching | None:
    """The row of the acting person in the county of their post."""
    return Reaching.objects.filter(person_id=actor.person_id, county=actor.county).first()


def choices_of(row: Reaching | None) -> Choices:
    """What the row says; nothing chosen where there is none."""
    if row is None:
        return Choices()
    return Choices(
        mail=_in_the_clear(row, "mail"),
        service=_in_the_clear(row, "service"),
        unwanted=tuple(row.unwanted),
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        digest_at=row.digest_at,
    )


def to_pass_on(moment: datetime, most: int) -> list[tuple[UUID, str]]:
    """Whose notices wait to be passed on at a moment, with the county (one statement)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, county FROM notices_to_pass_on(%s, %s)", [moment, most])
        return [(person, county) for person, county in cursor.fetchall()]


def quiet_until(choices: Choices, now: datetime) -> datetime | None:
    """When the quiet hours end that it is in; None where it is not quiet."""
    begins, ends = choices.quiet_from, choices.quiet_until
    if begins is None or ends is None or begins == ends:
        return None
    local = now.astimezone(clock.SHANGHAI)
    at = local.time()
    overnight = begins > ends
    is_quiet = (at >= begins or at < ends) if overnight else begins <= at < ends
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=1 if overnight and at >= begins else 0)
    return datetime.combine(day, ends, clock.SHANGHAI)


def digest_after(choices: Choices, row: Reaching, now: datetime) -> datetime | None:
    """When the next digest is due; None where it is due now, or there is none."""
    if choices.digest_at is None:
        return None
    local = now.astimezone(clock.SHANGHAI)
    today = datetime.combine(local.date(), choices.digest_at, clock.SHANGHAI)
    if row.digest_on == local.date():
        return today + timedelta(days=1)
    return today if now < today else None


def _in_the_clear(row: Reaching, field: str) -> str:
    kept = getattr(row, field)
    if kept is None:
        return ""
    keys = crypto.Keyring.load(settings.KEYRING)
    return crypto.reveal(keys, county=row.county, row=str(row.pk), field=field, protected=bytes(kept))
