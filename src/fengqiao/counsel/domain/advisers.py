"""Whom the county has named to be asked about the law (法学会、首席法律咨询专家、法治顾问团), and ending that."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.counsel.enums import ADVISERS, AdviserAction
from fengqiao.counsel.models import Adviser
from fengqiao.counsel.policies import check_may_keep_advisers
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal


def enter(
    *,
    actor: Actor,
    kind: str,
    name: str,
    what_for: str,
    appointed_by: str,
    basis: str,
    valid_from: date,
    valid_until: date | None = None,
    unit: str = "",
) -> Adviser:
    """登记法律顾问: who, named by whom and by which paper, from when to when, and what they are asked about."""
    check_may_keep_advisers(actor)
    errors: dict[str, Any] = {}
    if kind not in ADVISERS:
        errors["kind"] = _("请选择法学会会员、首席法律咨询专家还是法治顾问团成员。")
    for field, text, most in (
        ("name", name, 60),
        ("what_for", what_for, 200),
        ("appointed_by", appointed_by, 120),
        ("basis", basis, 200),
    ):
        if not 2 <= len(text.strip()) <= most:
            errors[field] = _("请填写（至少两个字）。")
    if len(unit) > 120:
        errors["unit"] = _("太长了。")
    if valid_until is not None and valid_until < valid_from:
        errors["valid_until"] = _("截止日期早于开始日期。")
    if errors:
        raise Invalid(errors)
    adviser = Adviser.objects.create(
        county=actor.county,
        kind=kind,
        name=name.strip(),
        unit=unit.strip(),
        what_for=what_for.strip(),
        appointed_by=appointed_by.strip(),
        basis=basis.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        entered_by_id=actor.person_id,
        entered_at=clock.now(),
    )
    _record(actor, adviser, AdviserAction.ENTER)
    return adviser


def end(*, actor: Actor, adviser_id: UUID, last: date) -> Adviser:
    """停任法律顾问: the last day; what they were asked stays."""
    check_may_keep_advisers(actor)
    adviser = Adviser.objects.select_for_update().filter(pk=adviser_id, county=actor.county).first()
    if adviser is None:
        raise NotAllowed("adviser_not_found", _("名册里没有这位法律顾问。"))
    if adviser.valid_until is not None and adviser.valid_until < clock.today():
        raise Refusal("adviser_ended", _("这位已经停任。"))
    if last < adviser.valid_from:
        raise Invalid({"last": _("停任日期早于任期开始。")})
    adviser.valid_until = last
    adviser.save(update_fields=["valid_until"])
    _record(actor, adviser, AdviserAction.END)
    return adviser


def _record(actor: Actor, adviser: Adviser, action: AdviserAction) -> None:
    record(
        actor=actor,
        verb=f"adviser.{action}",
        subject=f"adviser:{adviser.pk}",
        county=adviser.county,
        details={"kind": adviser.kind, "from": adviser.valid_from, "until": adviser.valid_until},
    )
