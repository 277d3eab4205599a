"""One's own imports."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.exchange.models import ImportRun
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.places.queries.acting import exchange_of

SHOWN = 50


def imports_of(actor: Actor) -> QuerySet[ImportRun]:
    """What the person sent in from this post, newest first."""
    if actor.post_id is None:
        return ImportRun.objects.none()
    own = ImportRun.objects.filter(person_id=actor.person_id, post_id=actor.post_id)
    return own.order_by("-uploaded_at")


def import_by_id(actor: Actor, run_id: UUID) -> ImportRun:
    """One of them; raises ``NotAllowed``."""
    run = imports_of(actor).filter(pk=run_id).first()
    if run is None:
        raise NotAllowed("import_not_found", _("没有这次导入，或不是您用现在的岗位上传的。"))
    return run


def taking_post(actor: Actor) -> Actor:
    """The exchange post that takes in what this post sends: the county's, at the same centre.

    Raises ``Refusal`` where there is none: a ledger would else be registered at a centre that nobody meant.
    """
    hands = exchange_of(actor.county)
    if hands.centre_id != actor.centre_id:
        raise Refusal(
            "no_exchange_post_here", _("本中心没有在任的数据交换岗位，台账请交给有这个岗位的中心导入。")
        )
    return hands


def unknown_units(actor: Actor) -> dict[str, int]:
    """The names of bodies for which rows of one's newest imports still wait, with how many rows."""
    found: dict[str, int] = {}
    for units in imports_of(actor).values_list("units", flat=True)[:SHOWN]:
        for name, rows in units.items():
            found[name] = max(found.get(name, 0), rows)
    return found
