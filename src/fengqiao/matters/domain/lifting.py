"""Raise to the upper centre, hand down to a lower one: the other stays informed."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.domain.move import move
from fengqiao.matters.domain.sight import keep_informed, name_directors
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Action, WordKind
from fengqiao.matters.models import Matter
from fengqiao.places.models import Centre
from fengqiao.places.queries.bodies import does_take_work, held_open


def raise_up(*, actor: Actor, matter_id: UUID, reason: str, version: int | None = None) -> Matter:
    """提级: the upper centre handles it from now on; the lower one goes on seeing it and is told of its milestones."""
    reason = needed("reason", reason, _("请写明为什么要提级。"), shortest=4)
    holder = Centre.objects.filter(held_matters__id=matter_id).first()
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.RAISE,
        version=version,
        changes={"holder_id": holder.upper_id if holder else None, "raised": True},
        parameters={"centre": holder.upper_id if holder else None, "lower": holder.pk if holder else None},
        words={WordKind.REASON: reason},
    )
    if holder is not None:
        keep_informed(matter, holder.pk)
    name_directors(actor=actor, matter=matter, reason=reason)
    return matter


def hand_down(
    *, actor: Actor, matter_id: UUID, centre_id: UUID, reason: str, version: int | None = None
) -> Matter:
    """A lower centre holds it from now on."""
    reason = needed("reason", reason, _("请写明为什么下交。"), shortest=4)
    centre = next(iter(held_open(Centre, [centre_id])), None)
    if centre is None:
        raise Invalid({"centre": _("请选择下级中心。")})
    if not does_take_work(centre, clock.today()):
        raise Invalid({"centre": _("这个中心已撤销或还没有设立。")})
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.HAND_DOWN,
        version=version,
        changes={"holder_id": centre.id},
        parameters={"centre": centre.id},
        words={WordKind.REASON: reason},
        facts={"centre": centre},
    )
    name_directors(actor=actor, matter=matter, reason=reason)
    return matter
