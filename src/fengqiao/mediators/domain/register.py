"""Entering mediators in the register of a centre, and ending that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.audit.domain.record import record
from fengqiao.kernel import clock
from fengqiao.kernel.codes import county_of
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.mediators.enums import Language
from fengqiao.mediators.models import Mediator
from fengqiao.mediators.policies import check_may_keep, check_may_read
from fengqiao.places.models import Division, Stationing
from fengqiao.places.queries.divisions import in_force
from fengqiao.rules.queries import categories

LONGEST = 200


def enter(
    *,
    actor: Actor,
    stationing_id: UUID,
    fields: Sequence[str],
    valid_from: date,
    languages: Sequence[str] = (),
    places: Sequence[str] = (),
    certificate: str = "",
) -> Mediator:
    """A mediator of the own centre comes into the register, with what they can be asked about.

    Refused: ``entered_already``; ``Invalid`` for no field, an unknown code or a post that nobody holds.
    """
    check_may_read(actor)
    held = (
        Stationing.objects.filter(
            in_force(clock.today()), pk=stationing_id, post__role=Role.MEDIATOR, person__is_active=True
        )
        .select_related("post")
        .first()
    )
    if held is None:
        raise Invalid({"stationing": _("没有这位在任的调解员。")})
    check_may_keep(actor, held.post.centre_id)
    errors = {}
    if not fields or set(fields) - set(fields_in_force(clock.today())):
        errors["fields"] = _("请选择擅长的纠纷类别。")
    if set(languages) - set(Language.values):
        errors["languages"] = _("没有这种语言。")
    if len(certificate.strip()) > LONGEST:
        errors["certificate"] = _("最多二百个字。")
    county = county_of(held.post.division_id)
    known = Division.objects.filter(in_force(clock.today()), code__in=places).values_list("code", flat=True)
    if set(places) - {each for each in known if county_of(each) == county}:
        errors["places"] = _("请选择本县的镇街或者村居。")
    if errors:
        raise Invalid(errors)
    entered = Mediator.objects.filter(person_id=held.person_id, post_id=held.post_id, valid_until=None)
    if entered.exists():
        raise Refusal("entered_already", _("这位调解员已在名册里，要改请先停用再登记。"))
    mediator = Mediator.objects.create(
        county=county,
        person_id=held.person_id,
        post_id=held.post_id,
        fields=sorted(set(fields)),
        languages=[each for each in Language.values if each in languages],
        places=sorted(set(places)),
        certificate=certificate.strip(),
        valid_from=valid_from,
        entered_by_id=actor.person_id,
        entered_at=clock.now(),
    )
    _record(actor, mediator, "mediators.enter")
    return mediator


def end(*, actor: Actor, mediator_id: UUID, last: date) -> Mediator:
    """The last day in the register. Mediations that run go on."""
    check_may_read(actor)
    mediator = (
        Mediator.objects.select_for_update(of=("self",)).select_related("post").filter(pk=mediator_id).first()
    )
    if mediator is None:
        raise NotAllowed("mediator_not_found", _("名册里没有这位调解员。"))
    check_may_keep(actor, mediator.post.centre_id)
    if mediator.valid_until is not None:
        raise Refusal("mediator_ended", _("这位调解员已经停用。"))
    if last < mediator.valid_from:
        raise Invalid({"last": _("停用日期早于登记的开始日期。")})
    mediator.valid_until = last
    mediator.save(update_fields=["valid_until"])
    _record(actor, mediator, "mediators.end")
    return mediator


def fields_in_force(day: date) -> dict[str, str]:
    """The fields of mediators by code: the first level of the list of categories."""
    return {each.code: each.name for each in categories.in_force(day) if len(each.code) == 2}


def _record(actor: Actor, mediator: Mediator, verb: str) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=f"person:{mediator.person_id}",
        county=mediator.county,
        details={"fields": mediator.fields, "from": mediator.valid_from, "until": mediator.valid_until},
    )
