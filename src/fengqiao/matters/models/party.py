from __future__ import annotations

from django.db import models

from fengqiao.matters import enums
from fengqiao.matters.models.base import MatterRecord


class Party(MatterRecord):
    """Someone in this matter. A party belongs to one matter: there is no file of persons.

    ``identity`` is the encrypted number, ``identity_index`` its blind index; ``agent_of`` is the party
    that an agent acts for, with the power that says so.
    """

    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=10, choices=enums.PartyRole.choices)
    kind = models.CharField(max_length=12, choices=enums.PartyKind.choices)
    name = models.CharField(max_length=100, blank=True)
    identity_kind = models.CharField(
        max_length=20, choices=enums.IdentityKind.choices, default=enums.IdentityKind.NONE
    )
    identity = models.BinaryField(null=True)
    identity_index = models.BinaryField(null=True)
    is_representative = models.BooleanField(default=False)
    agent_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="agents"
    )
    agent_power = models.CharField(max_length=200, blank=True)
    legal_representative = models.CharField(max_length=64, blank=True)
    wish = models.TextField(blank=True)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("place", "id")
        indexes = [models.Index(fields=["county", "identity_index"], name="party_identity")]


class PartyContact(MatterRecord):
    """A phone or an address of a party, encrypted; ``index`` finds equal ones in the same county."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=8, choices=enums.ContactKind.choices)
    value = models.BinaryField()
    index = models.BinaryField()

    class Meta:
        ordering = ("kind", "id")
        indexes = [models.Index(fields=["county", "index"], name="contact_value")]
