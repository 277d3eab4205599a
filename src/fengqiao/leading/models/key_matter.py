from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.leading import enums
from fengqiao.matters.models.base import MatterRecord


class KeyMatter(MatterRecord):
    """A matter on the list of key matters or of old petition matters: at most once at a time.

    ``ground`` names the row of rules/data/key-matters.csv by which it was listed, and with it the rhythm
    (``every``, ``unit``) as it was on that day; ``why`` is what was written to it. ``centre`` keeps the list it
    stands on. ``look_by`` is the last day for the next look, ``warn_on`` the day from which that presses: both
    follow from the last look. It is the matter that is listed; nothing here speaks of a person who brought it.
    """

    kind = models.CharField(max_length=16, choices=enums.KeyKind.choices)
    ground = models.CharField(max_length=48)
    ground_version = models.PositiveSmallIntegerField()
    every = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=12)
    warn = models.PositiveSmallIntegerField()
    why = models.TextField()
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="key_matters")
    listed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    listed_role = models.CharField(max_length=24)
    listed_at = models.DateTimeField()
    looked_on = models.DateField(null=True, blank=True)
    look_by = models.DateField()
    warn_on = models.DateField()
    # When the next rung of rules/data/chasing.csv is reached; empty where none is before it.
    chase_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=12, choices=enums.Ending.choices, blank=True)
    end_reason = models.TextField(blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("look_by", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="listed_once_at_a_time"
            )
        ]
        indexes = [
            models.Index(
                fields=["county", "look_by"], condition=Q(ended_at__isnull=True), name="key_matter_due"
            ),
            models.Index(
                fields=["centre", "look_by"], condition=Q(ended_at__isnull=True), name="key_matter_of_centre"
            ),
            models.Index(
                fields=["county", "chase_at"], condition=Q(chase_at__isnull=False), name="key_matter_chased"
            ),
        ]


class Charge(MatterRecord):
    """A leader is in charge of a listed matter (包案) from a day until a day.

    ``person`` and ``post`` where the leader has a post here; who leads a county often has none, and is written
    with ``name`` and ``office`` alone. Both are kept as they were, whatever becomes of the post.
    """

    key_matter = models.ForeignKey(KeyMatter, on_delete=models.PROTECT, related_name="charges")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    post = models.ForeignKey(
        "places.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="charges"
    )
    name = models.CharField(max_length=40)
    office = models.CharField(max_length=80)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        ordering = ("named_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["key_matter"], condition=Q(until__isnull=True), name="one_leader_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["person"], condition=Q(until__isnull=True), name="charge_of")]


class Look(MatterRecord):
    """A look at how a listed matter goes, or a visit with it (带案下访): day, place, who was met, what came of it."""

    key_matter = models.ForeignKey(KeyMatter, on_delete=models.PROTECT, related_name="looks")
    kind = models.CharField(max_length=8, choices=enums.LookKind.choices)
    day = models.DateField()
    place = models.CharField(max_length=100, blank=True)
    met = models.CharField(max_length=200, blank=True)
    outcome = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        ordering = ("day", "at", "id")
