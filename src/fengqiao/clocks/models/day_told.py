from __future__ import annotations

from django.db import models

from fengqiao.matters.models.base import MatterRecord


class DayTold(MatterRecord):
    """A day that people agreed on came near, came or passed: a rung of rules/data/chasing.csv that was reached.

    ``subject_id`` is the row on which the day stands (a term, a talk, a referral …). The key is what makes it once:
    that row, the rung, and the instant from which the rung is counted. ``told_at`` is empty where nobody was to hear of
    it: of several that were reached while no worker ran only the last is told, and whoever writes a day down knows it.
    """

    subject_id = models.UUIDField()
    rung = models.CharField(max_length=48)
    counted_from = models.DateTimeField()
    reached_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("reached_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "rung", "counted_from"], name="day_told_once")
        ]
