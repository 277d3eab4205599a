from __future__ import annotations

from django.db import models

from fengqiao.kernel.ids import new_id


class StoredFile(models.Model):
    """One content in one county. Who may open it is decided by the records that refer to it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    stored_as = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "stored_as"], name="content_once")]
