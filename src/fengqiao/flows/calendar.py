"""What a county's system administrator does with the working-day calendar: refusals rolled back and audited."""

from __future__ import annotations

from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.clocks.domain import calendar
from fengqiao.clocks.domain.calendar import SaidClosure, SaidNotice
from fengqiao.clocks.models import CalendarEntry


def enter_notice(*, actor: Actor, said: SaidNotice, seen: int) -> CalendarEntry:
    """Enters the year's notice; the audit holds its paper and all of its days."""
    verb = "calendar.notice"
    with attempt(actor, verb=verb):
        made = calendar.enter_notice(actor=actor, said=said, seen=seen)
        days = [f"{each.kind} {each.first}..{each.last} {each.name}" for each in said.spans]
        record(
            actor=actor,
            verb=verb,
            subject=_subject(made),
            details=_paper(made) | {"year": said.year, "days": days},
        )
    return made


def enter_closure(
    *, actor: Actor, said: SaidClosure, seen: int, replaces: UUID | None = None
) -> CalendarEntry:
    """Enters or corrects a local closure."""
    verb = "calendar.closure"
    with attempt(actor, verb=verb):
        made = calendar.enter_closure(actor=actor, said=said, seen=seen, replaces=replaces)
        days = {"first": said.first.isoformat(), "last": said.last.isoformat()}
        record(actor=actor, verb=verb, subject=_subject(made), details=_paper(made) | days)
    return made


def withdraw(*, actor: Actor, entry_id: UUID, reason: str, seen: int) -> CalendarEntry:
    """Takes an entry back."""
    verb = "calendar.withdraw"
    with attempt(actor, verb=verb, subject=f"calendar_entry:{entry_id}"):
        made = calendar.withdraw(actor=actor, entry_id=entry_id, reason=reason, seen=seen)
        details = {"replaces": str(entry_id)}
        record(actor=actor, verb=verb, subject=_subject(made), details=details)
    return made


def _subject(entry: CalendarEntry) -> str:
    return f"calendar_entry:{entry.pk}"


def _paper(entry: CalendarEntry) -> dict[str, str | None]:
    return {
        "title": entry.title,
        "document": entry.document,
        "issued_on": entry.issued_on.isoformat() if entry.issued_on else None,
        "replaces": str(entry.replaces_id) if entry.replaces_id else None,
    }
