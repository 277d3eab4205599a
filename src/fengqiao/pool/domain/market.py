"""Market mediation organisations: who may charge, by which schedule, and what parties agreed to pay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.kernel import clock
from fengqiao.kernel.codes import county_of
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import note
from fengqiao.matters.models import Party
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain.running import begun
from fengqiao.mediation.domain.standing import check_may_mediate, set_footing
from fengqiao.mediation.enums import Initiative, MediationAction
from fengqiao.mediation.models import Footing
from fengqiao.places.models import Centre
from fengqiao.places.queries.divisions import in_force
from fengqiao.pool.models import FeeAgreement, FeeSchedule, MarketBody
from fengqiao.pool.policies import check_may_keep, check_may_read
from fengqiao.pool.queries.market import fees_on
from fengqiao.rules.queries.mediation_bodies import MediatingBody, bodies_on

MAY_CHARGE = "may_charge"


def enter_body(*, actor: Actor, name: str, kind: str, licence: str, valid_from: date) -> MarketBody:
    """A leader enters an organisation that works with the own centre.

    Refused: a kind that may not charge, with the article that says so (``may_not_charge``).
    """
    check_may_keep(actor, actor.centre_id)
    errors: dict[str, Any] = {}
    if not 2 <= len(name.strip()) <= 100:
        errors["name"] = _("请写明调解组织的名称。")
    if not 2 <= len(licence.strip()) <= 200:
        errors["licence"] = _("请写明登记证书或者执业许可和编号。")
    known = _kind(kind)
    if known is None:
        errors["kind"] = _("请选择调解组织的类型。")
    if errors or known is None:
        raise Invalid(errors)
    _check_may_charge(known, "kind")
    assert actor.centre_id is not None  # noqa: S101  said above
    centre = Centre.objects.get(pk=actor.centre_id)
    made = MarketBody.objects.create(
        county=county_of(centre.division_id),
        centre=centre,
        name=name.strip(),
        kind=kind,
        licence=licence.strip(),
        valid_from=valid_from,
        entered_by_id=actor.person_id,
        entered_at=clock.now(),
    )
    _record(actor, made, "market.enter")
    return made


def publish_fees(*, actor: Actor, body_id: UUID, valid_from: date, text: str) -> FeeSchedule:
    """What it charges from a day on, as it published it. An earlier schedule stays readable."""
    body = _kept(actor, body_id)
    if not 2 <= len(text.strip()) <= 4_000:
        raise Invalid({"text": _("请写明收费标准。")})
    if valid_from < body.valid_from:
        raise Invalid({"valid_from": _("早于登记的开始日期。")})
    if body.schedules.filter(valid_from=valid_from).exists():
        raise Refusal("scheduled_already", _("这一天已经有收费标准。"), field="valid_from")
    made = FeeSchedule.objects.create(
        county=body.county,
        body=body,
        valid_from=valid_from,
        text=text.strip(),
        entered_by_id=actor.person_id,
        entered_at=clock.now(),
    )
    _record(actor, body, "market.fees", since=valid_from)
    return made


def end_body(*, actor: Actor, body_id: UUID, last: date) -> MarketBody:
    """Its last day at the centre. What was agreed with it stays written."""
    body = _kept(actor, body_id)
    if last < body.valid_from:
        raise Invalid({"last": _("结束日期早于开始日期。")})
    body.valid_until = last
    body.save(update_fields=["valid_until"])
    _record(actor, body, "market.end", until=last)
    return body


def agree_fee(
    *,
    actor: Actor,
    matter_id: UUID,
    body_id: UUID,
    amount: Decimal,
    signed_on: date,
    parties: Sequence[UUID],
    version: int | None = None,
) -> FeeAgreement:
    """Parties signed that they pay a market organisation for the running mediation; it becomes its footing.

    Refused: a kind that may not charge on that day (``may_not_charge``), quarrels that it may not mediate
    (``not_for_this_kind``), an organisation without a published schedule (``no_schedule``); ``Invalid`` for no
    amount, nobody who signed, a day to come.
    """
    matter, running = begun(actor, matter_id, version, MediationAction.FEE)
    body = MarketBody.objects.filter(in_force(clock.today()), pk=body_id, centre_id=matter.holder_id).first()
    if body is None:
        raise Invalid({"body_id": _("请选择和本中心合作的调解组织。")})
    known = set(Party.objects.filter(matter_id=matter.pk, agent_of=None).values_list("pk", flat=True))
    errors: dict[str, Any] = {}
    if amount <= 0:
        errors["amount"] = _("请写明约定的费用。")
    if not parties or set(parties) - known:
        errors["parties"] = _("请选择签字的当事人。")
    if signed_on > clock.today():
        errors["signed_on"] = _("签字日期不能在今天以后。")
    if errors:
        raise Invalid(errors)
    kind = _kind(body.kind)
    if kind is None:
        raise Invalid({"body_id": _("请选择和本中心合作的调解组织。")})
    _check_may_charge(kind, "body_id")
    check_may_mediate(kind, matter, "body_id")
    schedule = fees_on(body, signed_on)
    if schedule is None:
        raise Refusal("no_schedule", _("这个组织在签字那天还没有公布收费标准。"), field="body_id")
    before = Footing.objects.filter(mediation=running).last()
    set_footing(
        actor=actor,
        matter_id=matter_id,
        body=body.kind,
        name=body.name,
        initiative=Initiative(before.initiative) if before else Initiative.APPLIED,
        fee=amount,
    )
    matter.refresh_from_db()
    made = FeeAgreement.objects.create(
        **of(matter),
        mediation=running,
        body=body,
        schedule=schedule,
        amount=amount,
        signed_on=signed_on,
        signed_by=[str(each) for each in parties],
        recorded_by=actor.person_id,
        recorded_at=clock.now(),
    )
    parameters = {"body": str(body.pk), "signed": [str(each) for each in parties]}
    note(matter, actor=actor, type=f"mediation.{MediationAction.FEE}", parameters=parameters)
    return made


def _kind(kind: str) -> MediatingBody | None:
    return next((each for each in bodies_on(clock.today()) if each.id == kind), None)


def _check_may_charge(kind: MediatingBody, field: str) -> None:
    if kind.fee != MAY_CHARGE:
        raise Refusal(
            "may_not_charge", _("这类调解不收取费用（%(basis)s）。") % {"basis": kind.basis}, field=field
        )


def _kept(actor: Actor, body_id: UUID) -> MarketBody:
    check_may_read(actor)
    body = MarketBody.objects.select_for_update(of=("self",)).filter(pk=body_id, county=actor.county).first()
    if body is None:
        raise NotAllowed("body_not_found", _("没有这个调解组织。"))
    check_may_keep(actor, body.centre_id)
    if body.valid_until is not None:
        raise Refusal("body_ended", _("和这个组织的合作已经结束。"))
    return body


def _record(actor: Actor, body: MarketBody, verb: str, **details: Any) -> None:
    record(actor=actor, verb=verb, subject=f"body:{body.pk}", county=body.county, details=details)
