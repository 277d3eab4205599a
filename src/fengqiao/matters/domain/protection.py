"""Identity numbers, phones and addresses: encrypted on the way in, masked on the way out."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from fengqiao.kernel import crypto, identity
from fengqiao.matters.enums import ContactKind, IdentityKind


def keys() -> crypto.Keyring:
    """The keyring of this installation."""
    return crypto.Keyring.load(settings.KEYRING)


def protect(*, county: str, row: UUID, field: str, value: str) -> bytes:
    """The encrypted value, bound to its county, row and field."""
    return crypto.protect(keys(), county=county, row=str(row), field=field, value=value)


def reveal(*, county: str, row: UUID, field: str, protected: bytes) -> str:
    """The value again. Showing it whole needs an audited reason: ``domain.unmasking``."""
    return crypto.reveal(keys(), county=county, row=str(row), field=field, protected=protected)


def identity_index(*, county: str, number: str) -> bytes:
    """The blind index, to be written, of an identity number or credit code, whatever its kind of document."""
    return crypto.blind_index(keys(), county=county, kind="identity", value=identity.normalise(number))


def identity_indexes(*, county: str, number: str) -> list[bytes]:
    """All indexes under which an identity number may stand while keys rotate: to look it up."""
    return crypto.blind_indexes(keys(), county=county, kind="identity", value=identity.normalise(number))


def contact_index(*, county: str, kind: str, value: str) -> bytes:
    """The blind index, to be written, of a phone or an address."""
    return crypto.blind_index(keys(), county=county, kind=kind, value=plain_contact(kind, value))


def contact_indexes(*, county: str, kind: str, value: str) -> list[bytes]:
    """All indexes under which a phone or an address may stand while keys rotate: to look it up."""
    return crypto.blind_indexes(keys(), county=county, kind=kind, value=plain_contact(kind, value))


def plain_contact(kind: str, value: str) -> str:
    """What is indexed of a phone or an address."""
    return identity.normalise_phone(value) if kind == ContactKind.PHONE else identity.normalise(value)


def masked_identity(kind: str, number: str) -> str:
    """What the screen shows: of a resident ID the region and the check digit, of others less."""
    if kind == IdentityKind.RESIDENT_ID:
        return identity.masked(number, head=4, tail=1)
    if kind == IdentityKind.CREDIT_CODE:
        return identity.masked(number, head=8, tail=2)
    return identity.masked(number, head=1, tail=2)


def masked_contact(kind: str, value: str) -> str:
    """What the screen shows of a phone (first three, last two) or an address (its beginning)."""
    if kind == ContactKind.PHONE:
        return identity.masked(value, head=3, tail=2)
    return identity.masked(value, head=min(6, len(value) // 2), tail=0)
