"""How often the rows of a decision table were followed and overridden, as far as a post sees the matters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.matters.enums import Action
from fengqiao.matters.models import Matter, Ruling
from fengqiao.rules.enums import TableKind


@dataclass(frozen=True)
class Followed:
    """A row's proposals for one act: of ``total`` choices ``overridden`` were other ones."""

    action: Action
    total: int
    overridden: int


def followed_by_row(actor: Actor, kind: TableKind, version: str) -> dict[str, list[Followed]]:
    """By row, each act that it proposed for (one statement); the empty row: decided by hand."""
    counted = (
        _seen(actor, kind, version)
        .order_by()
        .values("row", "action")
        .annotate(total=Count("id"), others=Count("id", filter=Q(overridden=True)))
    )
    found: dict[str, list[Followed]] = {}
    for each in counted.order_by("row", "-action"):
        told = Followed(Action(each["action"]), each["total"], each["others"])
        found.setdefault(each["row"], []).append(told)
    return found


def rulings_of(
    actor: Actor,
    kind: TableKind,
    version: str,
    *,
    row: str,
    actions: Collection[Action] = (),
    overridden: bool = False,
) -> QuerySet[Ruling]:
    """What one row proposed, newest first, each with its matter."""
    found = _seen(actor, kind, version).filter(row=row).select_related("matter")
    if actions:
        found = found.filter(action__in=actions)
    return found.filter(overridden=True) if overridden else found


def _seen(actor: Actor, kind: TableKind, version: str) -> QuerySet[Ruling]:
    mine = Matter.objects.visible_to(actor).order_by().values("pk")
    return Ruling.objects.filter(county=actor.county, table=kind, table_version=version, matter__in=mine)
