from __future__ import annotations

from django.conf import settings
from django.db import models

from fengqiao.kernel.ids import new_id


class WrittenUnit(models.Model):
    """A body as the ledgers of a county write it, and the department that a person said it is.

    Without a department: a person said that it is none of those here.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    written = models.CharField(max_length=100)
    department = models.ForeignKey(
        "places.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "written"], name="written_unit_once")]

    def __str__(self) -> str:
        return self.written
