"""Showing a protected value whole: with a reason, audited before it is shown."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.kernel.crypto import sm3
from fengqiao.kernel.errors import Invalid, NotAllowed
from fengqiao.matters import policies
from fengqiao.matters.domain import protection
from fengqiao.matters.models import Matter, Party, PartyContact

SHORTEST_REASON = 4


def unmask_identity(*, actor: Actor, party_id: UUID, reason: str) -> str:
    """The whole identity number of a party; the caller shows it only after the transaction has ended well."""
    party = Party.objects.filter(pk=party_id, identity__isnull=False).first()
    _check(actor, party, reason)
    assert party is not None and party.identity is not None  # noqa: S101  _check raised otherwise
    _audit(actor, party, "identity", reason)
    return protection.reveal(
        county=party.county, row=party.id, field="identity", protected=bytes(party.identity)
    )


def unmask_contact(*, actor: Actor, contact_id: UUID, reason: str) -> str:
    """The whole phone or address of a party."""
    contact = PartyContact.objects.filter(pk=contact_id).first()
    _check(actor, contact, reason)
    assert contact is not None  # noqa: S101  _check raised otherwise
    _audit(actor, contact, contact.kind, reason)
    return protection.reveal(
        county=contact.county, row=contact.id, field=contact.kind, protected=bytes(contact.value)
    )


def _check(actor: Actor, row: Party | PartyContact | None, reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid({"reason": _("请写明为什么需要查看（至少四个字），这会记入审计。")})
    if not policies.may_unmask(actor):
        raise NotAllowed("may_not_unmask", _("您的岗位不能查看完整号码。"))
    if row is None or not Matter.objects.visible_to(actor).filter(pk=row.matter_id).exists():
        raise NotAllowed("matter_not_found", _("没有这件事项，或您的岗位看不到它。"))


def _audit(actor: Actor, row: Party | PartyContact, field: str, reason: str) -> None:
    # The reason is somebody's sentence and may name people: the chain holds its digest, the words stay
    # beside the matter's other words.
    record(
        actor=actor,
        verb="party.unmasked",
        subject=f"matter:{row.matter_id}",
        county=row.county,
        details={"row": row.pk, "field": field, "reason_digest": sm3(reason.encode())},
    )
