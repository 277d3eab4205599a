"""When lawyers sit at a centre: the weekly roster, and the days that differ from it."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.pool.enums import ChangeKind, Profession
from fengqiao.pool.models import Talent, Turn, TurnChange
from fengqiao.pool.policies import check_may_keep, check_may_read


def enter_turn(
    *,
    actor: Actor,
    lawyer_id: UUID,
    weekday: int,
    begins: time,
    ends: time,
    valid_from: date,
    named: bool = False,
) -> Turn:
    """A leader enters weekly hours of a lawyer of the pool at the own centre.

    ``named``: the lawyer agreed to be named to everybody. Refused: hours that the lawyer has already (``overlaps``).
    """
    lawyer = _lawyer(actor, lawyer_id, valid_from)
    assert actor.centre_id is not None  # noqa: S101  said above
    errors = _wrong_hours(begins, ends)
    if weekday not in range(1, 8):
        errors["weekday"] = _("请选择星期几。")
    if errors:
        raise Invalid(errors)
    held = Turn.objects.filter(lawyer=lawyer, weekday=weekday, begins__lt=ends, ends__gt=begins)
    if held.exclude(valid_until__lt=valid_from).exists():
        raise Refusal("overlaps", _("这位律师在这个时间已经有值班。"), field="begins")
    turn = Turn.objects.create(
        county=lawyer.county,
        centre_id=actor.centre_id,
        lawyer=lawyer,
        weekday=weekday,
        begins=begins,
        ends=ends,
        shown_as=lawyer.name if named else "",
        valid_from=valid_from,
        entered_by_id=actor.person_id,
        entered_at=clock.now(),
    )
    _record(actor, turn.county, "turn.enter", lawyer, weekday=weekday, named=named)
    return turn


def end_turn(*, actor: Actor, turn_id: UUID, last: date) -> Turn:
    """The last day of weekly hours. Appointments that were given stay, until somebody moves them."""
    check_may_read(actor)
    turn = (
        Turn.objects.select_for_update(of=("self",))
        .select_related("lawyer")
        .filter(pk=turn_id, county=actor.county)
        .first()
    )
    if turn is None:
        raise NotAllowed("turn_not_found", _("没有这个值班。"))
    check_may_keep(actor, turn.centre_id)
    if turn.valid_until is not None:
        raise Refusal("turn_ended", _("这个值班已经结束。"))
    if last < turn.valid_from:
        raise Invalid({"last": _("结束日期早于开始日期。")})
    turn.valid_until = last
    turn.save(update_fields=["valid_until"])
    _record(actor, turn.county, "turn.end", turn.lawyer, until=last)
    return turn


def change_day(
    *,
    actor: Actor,
    lawyer_id: UUID,
    day: date,
    kind: ChangeKind,
    begins: time | None = None,
    ends: time | None = None,
    why: str = "",
    named: bool = False,
) -> TurnChange:
    """On one day a lawyer does not come, or comes beside the weekly hours.

    Refused: a day that has passed, a second absence on the same day (``off_already``).
    """
    lawyer = _lawyer(actor, lawyer_id, day)
    assert actor.centre_id is not None  # noqa: S101  said above
    errors: dict[str, Any] = {}
    if day < clock.today():
        errors["day"] = _("这一天已经过去。")
    if kind == ChangeKind.EXTRA:
        if begins is None or ends is None:
            errors["begins"] = _("请写明从几点到几点。")
        else:
            errors |= _wrong_hours(begins, ends)
    if errors:
        raise Invalid(errors)
    before = TurnChange.objects.filter(centre_id=actor.centre_id, lawyer=lawyer, day=day)
    if kind == ChangeKind.OFF and before.filter(kind=kind).exists():
        raise Refusal("off_already", _("这一天已经登记不来。"), field="day")
    change = TurnChange.objects.create(
        county=lawyer.county,
        centre_id=actor.centre_id,
        lawyer=lawyer,
        day=day,
        kind=kind,
        begins=begins if kind == ChangeKind.EXTRA else None,
        ends=ends if kind == ChangeKind.EXTRA else None,
        shown_as=lawyer.name if named and kind == ChangeKind.EXTRA else "",
        why=why.strip()[:200],
        entered_by_id=actor.person_id,
        entered_at=clock.now(),
    )
    _record(actor, change.county, "turn.change", lawyer, day=day, kind=kind)
    return change


def _lawyer(actor: Actor, lawyer_id: UUID, day: date) -> Talent:
    """A lawyer of the pool who agreed to be listed on a day, for a leader of a centre of the county."""
    check_may_keep(actor, actor.centre_id)
    found = Talent.objects.filter(
        pk=lawyer_id, county=actor.county, profession=Profession.LAWYER, valid_until__gte=day
    ).first()
    if found is None:
        raise Invalid({"lawyer_id": _("请选择人才库里的律师。")})
    return found


def _wrong_hours(begins: time, ends: time) -> dict[str, Any]:
    if any((each.minute, each.second) not in ((0, 0), (30, 0)) for each in (begins, ends)):
        return {"begins": _("请用整点或者半点。")}
    if ends <= begins:
        return {"ends": _("结束要晚于开始。")}
    return {}


def _record(actor: Actor, county: str, verb: str, lawyer: Talent, **details: Any) -> None:
    record(actor=actor, verb=verb, subject=f"talent:{lawyer.pk}", county=county, details=details)
