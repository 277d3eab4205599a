"""Naming members of the committee, and ending that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.kernel import clock
from fengqiao.kernel.codes import county_of
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.places.models import Stationing
from fengqiao.places.queries.divisions import in_force as held_on
from fengqiao.study.enums import Expertise
from fengqiao.study.models import Member
from fengqiao.study.policies import check_may_name_members


def name_member(
    *,
    actor: Actor,
    stationing_id: UUID,
    fields: Sequence[str],
    basis: str,
    valid_from: date,
) -> Member:
    """A person in a post of the actor's county becomes a member for some fields, by a paper of the county.

    Refused: ``member_already``; ``Invalid`` for no field, no basis or a post that nobody holds.
    """
    check_may_name_members(actor)
    errors = {}
    if not fields or set(fields) - set(Expertise.values):
        errors["fields"] = _("请选择研判领域。")
    if not 4 <= len(basis.strip()) <= 200:
        errors["basis"] = _("请写明县里的文件（四到二百个字）。")
    held = (
        Stationing.objects.filter(held_on(clock.today()), pk=stationing_id, person__is_active=True)
        .select_related("post")
        .first()
    )
    if held is None or county_of(held.post.division_id) != actor.county:
        errors["stationing"] = _("本县没有这位在任的人。")
    if errors:
        raise Invalid(errors)
    assert held is not None  # noqa: S101  said above
    if Member.objects.filter(county=actor.county, person_id=held.person_id, valid_until=None).exists():
        raise Refusal("member_already", _("这位已经是研判委员，要改领域请先停任再登记。"))
    member = Member.objects.create(
        county=actor.county,
        person_id=held.person_id,
        post_id=held.post_id,
        fields=[each for each in Expertise.values if each in fields],
        basis=basis.strip(),
        valid_from=valid_from,
        named_by_id=actor.person_id,
        named_at=clock.now(),
    )
    _record(actor, member, "study.name_member")
    return member


def end_member(*, actor: Actor, member_id: UUID, last: date) -> Member:
    """The last day as a member. A study to which they were invited goes on with them."""
    check_may_name_members(actor)
    member = Member.objects.select_for_update(of=("self",)).filter(pk=member_id, county=actor.county).first()
    if member is None:
        raise NotAllowed("member_not_found", _("本县没有这位研判委员。"))
    if member.valid_until is not None:
        raise Refusal("member_ended", _("这位已经停任。"))
    if last < member.valid_from:
        raise Invalid({"last": _("停任日期早于任期开始。")})
    member.valid_until = last
    member.save(update_fields=["valid_until"])
    _record(actor, member, "study.end_member")
    return member


def _record(actor: Actor, member: Member, verb: str) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=f"person:{member.person_id}",
        county=member.county,
        details={"fields": member.fields, "from": member.valid_from, "until": member.valid_until},
    )
