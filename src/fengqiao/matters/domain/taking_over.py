"""Rows of an old ledger that were settled before they came here: history, outside all visit rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.writing_many import insert_many
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.domain.move import move, move_many
from fengqiao.matters.domain.registration import register
from fengqiao.matters.enums import Action, Outcome
from fengqiao.matters.intake import NewMatter
from fengqiao.matters.models import Disposition, Matter
from fengqiao.matters.models.base import of
from fengqiao.matters.validators import NOT_KEPT


@dataclass(frozen=True)
class SettledBefore:
    """What the old ledger says of the result: the text, when it was given, and by which department if known."""

    text: str
    at: datetime
    department: UUID | None = None


def take_over(*, actor: Actor, new: NewMatter, settled: SettledBefore) -> Matter:
    """Registers a row that was settled before, with its result, and closes it as flagged history."""
    check(new, settled)
    matter = register(actor=actor, new=new)
    matter = move(
        actor=actor,
        matter_id=matter.id,
        action=Action.TAKE_OVER,
        changes=_changes(settled),
        parameters=_parameters(matter, settled),
    )
    _result(actor, matter, settled).save(force_insert=True)
    return matter


def close_as_history(*, actor: Actor, settled: Sequence[tuple[Matter, SettledBefore]]) -> None:
    """Closes matters that were registered just now, in this transaction, as ``take_over`` does: set-wise.

    What the ledger says was checked (``check``) before they were registered.
    """
    move_many(
        actor=actor,
        matters=[matter for matter, _ in settled],
        action=Action.TAKE_OVER,
        changes=[_changes(said) for _, said in settled],
        parameters=[_parameters(matter, said) for matter, said in settled],
    )
    insert_many([_result(actor, matter, said) for matter, said in settled])


def _changes(settled: SettledBefore) -> dict[str, Any]:
    return {
        "outcome": Outcome.HISTORY,
        "is_history": True,
        "settled_at": settled.at,
        "closed_at": settled.at,
        "lead_department_id": settled.department,
    }


def _parameters(matter: Matter, settled: SettledBefore) -> dict[str, Any]:
    return {"settled_at": settled.at, "source": [matter.source, matter.source_number]}


def _result(actor: Actor, matter: Matter, settled: SettledBefore) -> Disposition:
    return Disposition(
        **of(matter),
        department_id=settled.department,
        role=actor.role,
        outcome=Outcome.HISTORY,
        text=settled.text,
        by_id=actor.person_id,
        at=settled.at,
    )


def check(new: NewMatter, settled: SettledBefore) -> None:
    """Raises ``Invalid`` for a result that cannot be kept or that lies before the matter or after now."""
    if NOT_KEPT.search(settled.text):
        raise Invalid({"settled.text": _("文字中有无法保存的字符。")})
    if settled.at > clock.now():
        raise Invalid({"settled.at": _("办结时间不能晚于现在。")})
    # By the day: many ledgers know the day of the result and not its hour.
    if new.received_at and _day(settled.at) < _day(new.received_at):
        raise Invalid({"settled.at": _("办结时间早于收到的时间。")})


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.SHANGHAI).date()
