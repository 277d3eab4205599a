from __future__ import annotations

from django.db import models
from django.db.models import Q

from fengqiao.exchange.enums import Every, ExportFormat
from fengqiao.kernel.ids import new_id


class ExportSchedule(models.Model):
    """A saved view exported again and again, for one person in one post. Only that person sees the row.

    Hours and days are those of Asia/Shanghai; ``weekday`` is 1 (Monday) to 7, ``day`` 1 to 31, where a month
    without that day takes its last. ``next_due_at`` moves on in the transaction that orders the export.
    ``name`` is the view's when it was scheduled: it may go out of sight. What has stopped says why.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("places.Post", on_delete=models.PROTECT, related_name="+")
    view = models.ForeignKey("matters.SavedView", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=4, choices=ExportFormat.choices)
    every = models.CharField(max_length=5, choices=Every.choices)
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    day = models.PositiveSmallIntegerField(null=True, blank=True)
    hour = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    next_due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("made_at", "id")
        indexes = [
            models.Index(
                fields=["next_due_at"], condition=Q(stopped_at__isnull=True), name="export_schedule_due"
            ),
            models.Index(fields=["person"], name="export_schedule_own"),
        ]

    def __str__(self) -> str:
        return self.name
