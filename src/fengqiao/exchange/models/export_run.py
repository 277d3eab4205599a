from __future__ import annotations

from django.db import models

from fengqiao.exchange.enums import UNFINISHED, ExportFormat, ExportState
from fengqiao.kernel.ids import new_id


class ExportRun(models.Model):
    """One ordered export of the ledger. Only the person who ordered it sees the row: the wall says so.

    ``schedule`` and ``due_at`` are set where a schedule ordered it, once for each moment that was due.
    ``touched_at`` is when the job last said that it is alive. ``asked`` is the filter as it stands in an
    address, ``said`` the same in words, as the person read it; ``left_out`` counts the restricted matters
    that were not written. ``cover`` is the sheet of a csv, which has no second sheet of its own.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("places.Post", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=ExportFormat.choices)
    asked = models.JSONField(default=dict)
    said = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=ExportState.choices, default=ExportState.ORDERED)
    rows = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    schedule = models.ForeignKey(
        "exchange.ExportSchedule", null=True, on_delete=models.PROTECT, related_name="runs"
    )
    due_at = models.DateTimeField(null=True)
    ordered_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    cover = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["person", "-ordered_at"], name="export_newest")]
        constraints = [models.UniqueConstraint(fields=["schedule", "due_at"], name="export_once_when_due")]

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED
