"""Market mediation organisations, what they charge, and what was agreed in a mediation."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter, Party
from fengqiao.mediation.models import Mediation
from fengqiao.places.queries.divisions import in_force
from fengqiao.pool.models import FeeAgreement, FeeSchedule, MarketBody
from fengqiao.pool.policies import check_may_read, may_read


def visible_to(actor: Actor) -> QuerySet[MarketBody]:
    """Every organisation that the actor's counties ever worked with, with what it charged."""
    if not may_read(actor):
        return MarketBody.objects.none()
    found = MarketBody.objects.filter(county__in=actor.counties).select_related("centre")
    return found.prefetch_related("schedules").order_by("-valid_until", "name", "id")


def body_by_id(actor: Actor, body_id: UUID) -> MarketBody:
    """An organisation of the actor's counties.

    :raises NotAllowed: for a post that reads none, and any other organisation.
    """
    check_may_read(actor)
    found = visible_to(actor).filter(pk=body_id).first()
    if found is None:
        raise NotAllowed("body_not_found", _("没有这个调解组织。"))
    return found


def working_with(matter: Matter, day: date) -> list[MarketBody]:
    """The organisations that work with the centre that holds the matter."""
    found = MarketBody.objects.filter(in_force(day), centre_id=matter.holder_id)
    return list(found.order_by("name", "id")) if matter.holder_id else []


def fees_on(body: MarketBody, day: date) -> FeeSchedule | None:
    """The schedule by which it charges on a day; None where it has published none by then."""
    return body.schedules.filter(valid_from__lte=day).order_by("-valid_from").first()


def fee_of(mediation: Mediation) -> tuple[FeeAgreement, list[str]] | None:
    """The fee that counts in a mediation, and the names of the parties who signed it."""
    last = FeeAgreement.objects.filter(mediation=mediation).select_related("body", "schedule").last()
    if last is None:
        return None
    names = Party.objects.filter(matter_id=last.matter_id, pk__in=last.signed_by).values_list(
        "name", flat=True
    )
    return last, list(names)
