from __future__ import annotations

from django.db import models

from fengqiao.matters.models.base import MatterRecord


class Reminder(MatterRecord):
    """A clock reached a rung of rules/data/chasing.csv, and whoever that names was told in the same transaction.

    The key is what makes it once: a clock, a rung, and the instant from which the rung is counted (``counted_from``:
    when the limit turned yellow, or ended). A limit that is extended ends at another instant and is told of again;
    back at the old one it is not.
    """

    clock = models.ForeignKey(
        "clocks.Clock", on_delete=models.PROTECT, related_name="reminders", db_index=False
    )
    rung = models.CharField(max_length=48)
    counted_from = models.DateTimeField()
    reached_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        ordering = ("reached_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["clock", "rung", "counted_from"], name="reminder_once")
        ]
