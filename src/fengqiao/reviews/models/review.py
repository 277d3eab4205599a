from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.matters.models.base import MatterRecord
from fengqiao.reviews import enums


class Review(MatterRecord):
    """A look back at how one matter was handled: opened by the commission, or because it turned criminal.

    ``reviewer`` is the court or procuratorate whose own reviewers write the findings; empty where the commission, or
    of a criminal turn those who direct the centre, write them. ``known_until`` is the place in the matter's history
    up to which things were known when it opened. It speaks of the handling, never of a person.
    """

    kind = models.CharField(max_length=8, choices=enums.ReviewKind.choices)
    state = models.CharField(max_length=10, choices=enums.ReviewState.choices)
    ground = models.TextField(blank=True)
    known_until = models.PositiveIntegerField()
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="reviews")
    commission = models.ForeignKey(
        "places.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewer = models.ForeignKey(
        "places.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The reviewers see the matter for the review alone, and no longer than it.
    reviewer_sees_for_it = models.BooleanField(default=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    findings = models.TextField(blank=True)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    found_at = models.DateTimeField(null=True, blank=True)
    conclusion = models.TextField(blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    concluded_at = models.DateTimeField(null=True, blank=True)
    to_mend = models.TextField(blank=True)
    mend_by = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "kind"], condition=~Q(state="over"), name="one_review_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["county", "state", "-opened_at"], name="review_open")]
