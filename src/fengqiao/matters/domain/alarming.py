"""Danger at any step, and quarrels that turned criminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.domain.move import locked, move
from fengqiao.matters.domain.stakes import named, said_of
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Action, Danger, WordKind
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.ruled import facts_of, report_of


def danger(
    *,
    actor: Actor,
    matter_id: UUID,
    kind: Danger,
    summary: str,
    stakes: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Matter:
    """Someone may be hurt: an action at any step, by whoever is in front, never waiting for step three.

    The table of direct reports is asked at once. ``stakes``: what else is known to be at stake.
    """
    if kind == Danger.NONE:
        raise Invalid({"kind": _("请选择是哪一种危险。")})
    summary = needed("summary", summary, _("请写明看到或听到了什么。"))
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    changed = said_of(matter, stakes)
    report = report_of(matter, {**facts_of(actor, matter), "danger": kind})
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.DANGER,
        version=version,
        changes={"danger": kind, "danger_since": clock.now(), **changed},
        parameters={"danger": kind, "report": report, **named(changed)},
        words={WordKind.SUMMARY: summary},
    )


def danger_over(*, actor: Actor, matter_id: UUID, summary: str, version: int | None = None) -> Matter:
    """The danger has passed, and it is written down why one may say so."""
    summary = needed("summary", summary, _("请写明危险是怎样解除的。"), shortest=4)
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.DANGER_OVER,
        version=version,
        changes={"danger": Danger.NONE, "danger_since": None},
        words={WordKind.SUMMARY: summary},
    )


def turned_criminal(*, actor: Actor, matter_id: UUID, summary: str, version: int | None = None) -> Matter:
    """民转刑: a quarrel became a crime. An outcome that is always reviewed."""
    summary = needed("summary", summary, _("请写明发生了什么、公安机关立案情况。"), shortest=4)
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.TURNED_CRIMINAL,
        version=version,
        changes={"turned_criminal_at": clock.now(), "criminal_reviewed_at": None},
        words={WordKind.SUMMARY: summary},
    )


def review_criminal(*, actor: Actor, matter_id: UUID, review: str, version: int | None = None) -> Matter:
    """The leaders' review: what was known when, what was missed, what changes."""
    review = needed("review", review, _("请写明复盘结论（至少十个字）。"), shortest=10)
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.REVIEW_CRIMINAL,
        version=version,
        changes={"criminal_reviewed_at": clock.now()},
        words={WordKind.SUMMARY: review},
    )
