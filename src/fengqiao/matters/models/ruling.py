from __future__ import annotations

from django.db import models

from fengqiao.matters.models.base import MatterRecord


class Ruling(MatterRecord):
    """What a decision table proposed beside an officer's choice: table, version and row, and whether it was followed.

    ``row`` is empty where the table could not answer and a person decided unaided. ``proposed`` and ``chosen``
    are codes: of a risk, of a track, or of the kind of the department that leads. Counted by row; the reason for
    another choice stands with the act in the history.
    """

    action = models.CharField(max_length=24)
    table = models.CharField(max_length=12)
    table_version = models.CharField(max_length=32)
    row = models.CharField(max_length=20, blank=True)
    proposed = models.CharField(max_length=24, blank=True)
    chosen = models.CharField(max_length=24)
    overridden = models.BooleanField(default=False)
    by = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "id")
        indexes = [
            models.Index(fields=["county", "table", "table_version", "row"], name="ruling_by_row"),
        ]
