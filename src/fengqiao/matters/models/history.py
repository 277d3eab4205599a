from __future__ import annotations

from django.db import models

from fengqiao.matters import enums
from fengqiao.matters.models.base import MatterRecord


class HistoryEvent(MatterRecord):
    """One link of a matter's history. ``content`` holds the exact bytes that were hashed.

    It holds codes, references and salted digests, never personal data, so that erasure, correction and
    key rotation leave the chain whole; the sentence on the screen is made in the reader's language.
    """

    seq = models.PositiveIntegerField()
    type = models.CharField(max_length=48)
    at = models.DateTimeField()
    person_id = models.UUIDField()
    post_id = models.UUIDField(null=True)
    content = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        ordering = ("seq",)
        constraints = [models.UniqueConstraint(fields=["matter", "seq"], name="history_place")]


class Word(MatterRecord):
    """What was written with an event: the sentence itself, apart from the chain that holds its digest."""

    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=enums.WordKind.choices)
    text = models.TextField()
    salt = models.BinaryField()

    class Meta:
        ordering = ("seq",)
        indexes = [models.Index(fields=["matter", "seq"], name="word_of_event")]
