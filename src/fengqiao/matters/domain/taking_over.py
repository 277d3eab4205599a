"""Rows of an old ledger that were settled before they came here: history, outside all visit rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.domain.move import move
from fengqiao.matters.domain.registration import register
from fengqiao.matters.enums import Action, Outcome
from fengqiao.matters.intake import NewMatter
from fengqiao.matters.models import Disposition, Matter
from fengqiao.matters.models.base import of
from fengqiao.matters.validators import NOT_KEPT


@dataclass(frozen=True)
class SettledBefore:
    """What the old ledger says of the result: the text and when it was given (both kept as they are)."""

    text: str
    at: datetime


def take_over(*, actor: Actor, new: NewMatter, settled: SettledBefore) -> Matter:
    """Registers a row that was settled before, with its result, and closes it as flagged history."""
    _check(new, settled)
    matter = register(actor=actor, new=new)
    matter = move(
        actor=actor,
        matter_id=matter.id,
        action=Action.TAKE_OVER,
        changes={
            "outcome": Outcome.HISTORY,
            "is_history": True,
            "settled_at": settled.at,
            "closed_at": settled.at,
        },
        parameters={"settled_at": settled.at, "source": [new.source, new.source_number]},
    )
    Disposition.objects.create(
        **of(matter),
        role=actor.role,
        outcome=Outcome.HISTORY,
        text=settled.text,
        by_id=actor.person_id,
        at=settled.at,
    )
    return matter


def _check(new: NewMatter, settled: SettledBefore) -> None:
    if NOT_KEPT.search(settled.text):
        raise Invalid({"settled.text": _("文字中有无法保存的字符。")})
    if settled.at > clock.now():
        raise Invalid({"settled.at": _("办结时间不能晚于现在。")})
    # By the day: many ledgers know the day of the result and not its hour.
    if new.received_at and _day(settled.at) < _day(new.received_at):
        raise Invalid({"settled.at": _("办结时间早于收到的时间。")})


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.SHANGHAI).date()
