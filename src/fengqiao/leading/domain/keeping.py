"""A listed matter under its matter's lock, and what the verbs on it share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.leading.enums import KeyAction
from fengqiao.leading.models import Charge, KeyMatter
from fengqiao.leading.policies import check_may
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.enums import WordKind
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.key_matters import WORKING_DAY


def opened(
    *, actor: Actor, key_matter_id: UUID, action: KeyAction, version: int | None = None
) -> tuple[Matter, KeyMatter, Charge | None]:
    """The matter, then what is listed, locked in this order as the actor sees them, and who is in charge now."""
    known = KeyMatter.objects.filter(pk=key_matter_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("key_matter_not_found", _("清单上没有这件事项，或您的岗位看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    key = KeyMatter.objects.select_for_update(of=("self",)).get(pk=key_matter_id)
    charge = in_charge(key)
    check_may(actor, action, matter, key, charge)
    if key.ended_at is not None:
        raise Refusal("listed_no_more", _("这件事项已经移出清单。"))
    return matter, key, charge


def in_charge(key: KeyMatter) -> Charge | None:
    """The leader who is in charge of it now."""
    return Charge.objects.filter(key_matter=key, until=None).first()


def next_look(key: KeyMatter, after: date) -> tuple[date, date]:
    """The last day for the next look after a day, and the day from which that presses.

    Counted in working days, or in days of the calendar: then what ends on a day off ends on the next worked one.
    """
    calendar = county_calendar(key.county)
    if key.unit == WORKING_DAY:
        last = calendar.nth_worked(after, key.every)
    else:
        last = calendar.worked_on_or_after(after + timedelta(days=key.every))
    return last, max(calendar.nth_worked_back(last, key.warn), min(last, after + timedelta(days=1)))


def written(
    matter: Matter,
    *,
    actor: Actor,
    action: KeyAction,
    key: KeyMatter,
    parameters: Mapping[str, Any] | None = None,
    words: Mapping[WordKind, str] | None = None,
) -> None:
    """Puts what was done into the matter's history and the audit."""
    said = {"key": key.pk, "kind": key.kind, **(parameters or {})}
    note(matter, actor=actor, type=f"key.{action}", parameters=said, words=words)
