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
