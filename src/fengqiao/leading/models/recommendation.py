from __future__ import annotations

from django.conf import settings
from django.db import models

from fengqiao.matters.models.base import MatterRecord


class Recommendation(MatterRecord):
    """A numbered letter to a unit (源头治理建议): what several quarrels have in common, and what would prevent more.

    ``matter`` is the one from whose page it was written; all that it is drawn from are ``RecommendationSource``
    rows. It commands nobody: the unit replies or does not, and the reply is written down.
    """

    department = models.ForeignKey(
        "places.Department", on_delete=models.PROTECT, related_name="recommendations"
    )
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="recommendations")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    found = models.TextField()
    advice = models.TextField()
    reply_by = models.DateField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    reply = models.TextField(blank=True)
    replied_on = models.DateField(null=True, blank=True)
    reply_by_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("sent_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="recommendation_number")
        ]


class RecommendationSource(MatterRecord):
    """A matter from which a recommendation is drawn."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="sources")


class RecommendationNumber(models.Model):
    """The last number of a county and year: counted here, not by looking at rows that some wall hides."""

    # The county and the year, as in "440785-2026".
    key = models.CharField(primary_key=True, max_length=11)
    county = models.CharField(max_length=6)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.last}"
