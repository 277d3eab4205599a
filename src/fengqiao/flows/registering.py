"""Taking a matter in at the window: registration, what goes with it, and what may follow at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt
from fengqiao.flows.materials import Upload, attach_all
from fengqiao.flows.once import Once
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.domain import accepting, amending
from fengqiao.matters.domain.registration import register
from fengqiao.matters.intake import NewMatter
from fengqiao.matters.models import Matter

DESK = "desk"


@dataclass(frozen=True)
class AtOnce:
    """What the officer does with it while the person sits there."""

    accept: bool = False
    result: str = ""
    performance_due: date | None = None
    basis: str = ""


def at_the_window(
    *,
    actor: Actor,
    new: NewMatter,
    form_token: UUID,
    links: Sequence[UUID] = (),
    uploads: Iterable[Upload] = (),
    at_once: AtOnce | None = None,
) -> Matter:
    """Registers, links, attaches and, where asked, accepts or settles on the spot: all or nothing.

    ``form_token`` belongs to the opened form: sent twice (a double click, a repeated request) it gives the
    matter of the first time and writes nothing.
    """
    new = replace(new, source=DESK, source_number=str(form_token))
    try:
        with attempt(actor, verb="matter.register"):
            matter = register(actor=actor, new=new)
            attach_all(actor=actor, matter_id=matter.id, uploads=uploads)
            for other in links:
                amending.link(
                    actor=actor,
                    matter_id=matter.id,
                    other_id=other,
                    reason=_("登记时关联的同一当事人或同一地点事项"),
                )
            _follow(actor, matter, at_once or AtOnce())
        return matter
    except Refusal as refusal:
        if refusal.code != "already_registered":
            raise
        known = _of_form(actor, form_token)
        if known is None:
            raise
        return known


def from_a_program(*, actor: Actor, new: NewMatter, links: Sequence[UUID] = (), once: Once) -> Matter:
    """Registers what another system hands in, and links it: all or nothing, and once.

    Raises ``already_registered`` where its source and source number are there already.
    """
    with attempt(actor, verb="matter.register"):
        once.begin()
        matter = register(actor=actor, new=new)
        for other in links:
            amending.link(actor=actor, matter_id=matter.id, other_id=other, reason=_("登记时关联的事项"))
        if links:
            matter.refresh_from_db(fields=["version"])
        once.end(matter)
    return matter


def _follow(actor: Actor, matter: Matter, at_once: AtOnce) -> None:
    if at_once.accept or at_once.result:
        accepting.accept(actor=actor, matter_id=matter.id)
    if at_once.result:
        accepting.settle_on_spot(
            actor=actor,
            matter_id=matter.id,
            result=at_once.result,
            performance_due=at_once.performance_due,
            basis=at_once.basis,
        )


def _of_form(actor: Actor, form_token: UUID) -> Matter | None:
    wanted: dict[str, Any] = {
        "source": DESK,
        "source_number": str(form_token),
        "registered_by": actor.person_id,
    }
    with scope(actor):
        found: Matter | None = Matter.objects.visible_to(actor).filter(**wanted).first()
        return found
