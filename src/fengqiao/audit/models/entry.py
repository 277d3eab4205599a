from __future__ import annotations

from django.db import models

from fengqiao.audit.enums import Result
from fengqiao.kernel.ids import new_id


class ChainHead(models.Model):
    """The end of one chain: county and hour. Locked while a link is added; proof rests on the links."""

    chain = models.CharField(max_length=24, primary_key=True)
    county = models.CharField(max_length=6)
    count = models.PositiveIntegerField(default=0)
    hash = models.BinaryField(default=bytes(32))


class Entry(models.Model):
    """One link: who did, tried or saw what, when, in which post. Codes and references, never personal data.

    ``content`` holds the exact bytes that were hashed; the columns beside it are for looking up and must
    say the same (``fengqiao audit verify`` compares them).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    chain = models.CharField(max_length=24)
    seq = models.PositiveIntegerField()
    county = models.CharField(max_length=6)
    at = models.DateTimeField()
    person_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    role = models.CharField(max_length=24, blank=True)
    verb = models.CharField(max_length=64)
    subject = models.CharField(max_length=96, blank=True)
    result = models.CharField(max_length=8, choices=Result.choices)
    content = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="entry_place")]
        indexes = [
            models.Index(fields=["county", "-at"], name="entry_newest"),
            models.Index(fields=["subject"], name="entry_subject"),
        ]
