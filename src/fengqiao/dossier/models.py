from __future__ import annotations

from django.conf import settings
from django.db import models

from fengqiao.dossier import enums
from fengqiao.matters.models.base import MatterRecord


class Service(MatterRecord):
    """Proof of service (送达回证): which paper reached whom, how and when. Periods run from this moment."""

    paper = models.CharField(max_length=10, choices=enums.PaperKind.choices)
    reference = models.UUIDField()
    addressee = models.CharField(max_length=100)
    method = models.CharField(max_length=12, choices=enums.ServiceMethod.choices)
    served_at = models.DateTimeField()
    remark = models.CharField(max_length=200, blank=True)
    proof = models.ForeignKey("matters.MatterFile", null=True, blank=True, on_delete=models.PROTECT)
    served_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("served_at",)


class Volume(MatterRecord):
    """One binding of a matter's dossier (卷宗): one PDF and a zip of its parts, written by a job.

    ``version`` is the matter's when it was read; ``contents`` what lies in it (title, page, remark), ``gaps``
    what must and does not. ``parts`` and ``done`` say how far the job is, ``touched_at`` when it last said so.
    ``is_final``: it was bound in the archive, and nothing takes its place. ``digest`` is the SM3 of the PDF.
    ``retention`` is a period of rules/data/retention.csv, ``keep_until`` its last day, of a final one.
    """

    state = models.CharField(
        max_length=8, choices=enums.VolumeState.choices, default=enums.VolumeState.ORDERED
    )
    is_final = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("places.Post", on_delete=models.PROTECT, related_name="+")
    parts = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    contents = models.JSONField(default=list)
    gaps = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    bundle = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    retention = models.CharField(max_length=10)
    keep_until = models.DateField(null=True)
    ordered_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("ordered_at", "id")

    @property
    def is_unfinished(self) -> bool:
        return self.state in enums.UNFINISHED
