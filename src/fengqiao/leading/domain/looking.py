"""Looking at a listed matter, and visiting with it: each counts the next look anew."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.leading.domain import chasing
from fengqiao.leading.domain.keeping import next_look, opened, written
from fengqiao.leading.enums import KeyAction, LookKind
from fengqiao.leading.models import KeyMatter, Look
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import WordKind
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of


def look(*, actor: Actor, key_matter_id: UUID, day: date, outcome: str, version: int | None = None) -> Look:
    """过问: somebody who watches over the matter, or the leader in charge, looked at how it goes."""
    outcome = needed("outcome", outcome, _("请写明过问的情况和要求。"), shortest=4)
    matter, key, _charge = opened(
        actor=actor, key_matter_id=key_matter_id, action=KeyAction.LOOK, version=version
    )
    return _write(actor, matter, key, Look(kind=LookKind.LOOK, day=day, outcome=outcome))


def visit(
    *,
    actor: Actor,
    key_matter_id: UUID,
    day: date,
    place: str,
    met: str,
    outcome: str,
    version: int | None = None,
) -> Look:
    """带案下访: on which day, where, who was met, and what came of it."""
    place = needed("place", place, _("请写明下访的地点。"))
    met = needed("met", met, _("请写明见了哪些人。"))
    outcome = needed("outcome", outcome, _("请写明下访的结果。"), shortest=4)
    if len(place) > 100 or len(met) > 200:
        raise Invalid({"met": _("地点最多 100 字，见了谁最多 200 字。")})
    matter, key, _charge = opened(
        actor=actor, key_matter_id=key_matter_id, action=KeyAction.VISIT, version=version
    )
    return _write(
        actor, matter, key, Look(kind=LookKind.VISIT, day=day, place=place, met=met, outcome=outcome)
    )


def _write(actor: Actor, matter: Matter, key: KeyMatter, new: Look) -> Look:
    if new.day > clock.today():
        raise Invalid({"day": _("还没有到这一天：只记录已经做过的。")}, code="in_the_future")
    if new.day < key.listed_at.astimezone(clock.SHANGHAI).date():
        raise Invalid({"day": _("早于列入清单的日期。")}, code="before_it_was_listed")
    for name, value in of(matter).items():
        setattr(new, name, value)
    new.key_matter, new.by_id, new.role, new.at = key, actor.person_id, actor.role, clock.now()
    new.save(force_insert=True)
    # What is written down late does not put off what a later look has counted already.
    if key.looked_on is None or new.day > key.looked_on:
        key.looked_on = new.day
        key.look_by, key.warn_on = next_look(key, new.day)
        chasing.begin(key)
        key.save(update_fields=["looked_on", "look_by", "warn_on", "chase_at"])
    action = KeyAction.VISIT if new.kind == LookKind.VISIT else KeyAction.LOOK
    written(
        matter,
        actor=actor,
        action=action,
        key=key,
        parameters={"look": new.pk, "day": new.day, "look_by": key.look_by},
        words={WordKind.SUMMARY: new.outcome},
    )
    return new
