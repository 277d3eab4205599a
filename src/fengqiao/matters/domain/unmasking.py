"""Showing a protected value whole: with a reason, written down and audited before it is shown."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters import policies
from fengqiao.matters.domain import protection
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import WordKind
from fengqiao.matters.models import Party, PartyContact

SHORTEST_REASON = 4


def unmask_identity(*, actor: Actor, party_id: UUID, reason: str) -> str:
    """The whole identity number of a party; the caller shows it only after the transaction has ended well."""
    reason = _allowed(actor, reason)
    party = Party.objects.filter(pk=party_id).first()
    if party is None or party.identity is None:
        raise _not_there()
    _write_down(actor, party, "identity", reason)
    return protection.reveal(
        county=party.county, row=party.id, field="identity", protected=bytes(party.identity)
    )


def unmask_contact(*, actor: Actor, contact_id: UUID, reason: str) -> str:
    """The whole phone or address of a party."""
    reason = _allowed(actor, reason)
    contact = PartyContact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise _not_there()
    _write_down(actor, contact, contact.kind, reason)
    return protection.reveal(
        county=contact.county, row=contact.id, field=contact.kind, protected=bytes(contact.value)
    )


def _allowed(actor: Actor, reason: str) -> str:
    plain = needed(
        "reason",
        reason,
        _("请写明为什么需要查看，这会记入审计。"),
        shortest=SHORTEST_REASON,
    )
    if not policies.may_unmask(actor):
        raise NotAllowed("may_not_unmask", _("您的岗位不能查看完整号码。"))
    return plain


def _not_there() -> NotAllowed:
    return NotAllowed("matter_not_found", _("没有这件事项，或您的岗位看不到它。"))


def _write_down(actor: Actor, row: Party | PartyContact, field: str, reason: str) -> None:
    # Refuses where the actor does not see the matter. The version stays: the matter is as it was.
    matter = locked(actor=actor, matter_id=row.matter_id)
    shown = {"row": row.pk, "field": field}
    note(
        matter,
        actor=actor,
        type="party.unmasked",
        parameters=shown,
        words={WordKind.REASON: reason},
        details=shown,
        raises_version=False,
    )
