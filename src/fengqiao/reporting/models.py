from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.matters.models.base import MatterRecord
from fengqiao.reporting import enums


class DirectReport(MatterRecord):
    """One report as it was sent: the first (``first`` empty), a later one on the same danger, or the last.

    What was sent never changes. ``receivers`` are codes (``ReportReceiver``); who held those posts then has a
    ``Receipt``. ``number`` is of the county and year and belongs to the first; ``table_version`` and ``row`` say by
    which row of the table it was due, empty where an officer reported without being asked to. ``ended_at`` of the
    first: the last report was sent, or the matter is over.
    """

    first = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="later")
    kind = models.CharField(max_length=12, choices=enums.ReportKind.choices)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    # How many reports there were before it on the same danger.
    place = models.PositiveSmallIntegerField(default=0)
    situation = models.TextField()
    measures = models.TextField()
    request = models.TextField(blank=True)
    receivers = models.JSONField(default=list)
    table_version = models.CharField(max_length=32, blank=True)
    row = models.CharField(max_length=20, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_role = models.CharField(max_length=24)
    written_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("written_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["matter"],
                condition=Q(first__isnull=True, ended_at__isnull=True),
                name="one_direct_report_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["county", "year", "number", "place"], name="direct_report_number"
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "written_at"],
                condition=Q(first__isnull=True, ended_at__isnull=True),
                name="direct_report_open",
            )
        ]


class Receipt(MatterRecord):
    """One person in one post to whom a report was sent, and when they opened it."""

    report = models.ForeignKey(DirectReport, on_delete=models.PROTECT, related_name="receipts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    post = models.ForeignKey("places.Post", on_delete=models.PROTECT, related_name="+")
    receiver = models.CharField(max_length=16, choices=enums.ReportReceiver.choices)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("receiver", "id")
        constraints = [models.UniqueConstraint(fields=["report", "person", "post"], name="receipt_once")]
        indexes = [
            models.Index(
                fields=["person", "report"], condition=Q(read_at__isnull=True), name="receipt_unread"
            ),
            models.Index(fields=["person", "report"], name="receipt_of_person"),
        ]


class ReportNumber(models.Model):
    """The last number of direct reports of a county and year: counted here, not by looking at rows that some
    writer's wall hides."""

    # The county and the year, as in "440785-2026".
    key = models.CharField(primary_key=True, max_length=11)
    county = models.CharField(max_length=6)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.last}"
