from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fengqiao.kernel.ids import new_id
from fengqiao.rules.enums import OwnTable, Standing, TableKind, VersionState

OPEN = (VersionState.DRAFT, VersionState.SUBMITTED)


class TableVersion(models.Model):
    """One version of a table that a county keeps: a decision table, or its own limits.

    A draft is changed; what is published never is, only ended.

    ``rows`` and ``examples`` are kept as ``deciding.kept`` writes them. ``effective_from`` and
    ``effective_until`` are whole days, the last one included; no two published versions share a day.
    ``version`` grows with each change, so that two windows on one draft do not overwrite each other.
    ``base`` is the label of the version that the draft began from; ``note`` is what the author says of the
    change, ``remark`` what the approver says who sends it back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    kind = models.CharField(max_length=12, choices=[*TableKind.choices, *OwnTable.choices])
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    rows = models.JSONField(default=list)
    examples = models.JSONField(default=list)
    base = models.CharField(max_length=32, blank=True)
    note = models.CharField(max_length=300, blank=True)
    remark = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    effective_from = models.DateField(null=True)
    effective_until = models.DateField(null=True)

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["county", "kind", "number"], name="table_numbered_once"),
            models.UniqueConstraint(
                fields=["county", "kind"], condition=Q(state__in=OPEN), name="table_drafted_once"
            ),
            models.UniqueConstraint(
                fields=["county", "kind", "effective_from"],
                condition=Q(state="published"),
                name="table_begins_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(
                    approver__isnull=False,
                    approved_at__isnull=False,
                    submitted_at__isnull=False,
                    effective_from__isnull=False,
                ),
                name="table_published_whole",
            ),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("author")), name="table_two_people"
            ),
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True) | Q(effective_until__gte=F("effective_from")),
                name="table_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it is still drafted or waits for its approver."""
        return self.state in OPEN

    def standing(self, on: date) -> Standing | None:
        """Where a published version stands on a day; ``None`` before it is published."""
        if self.state != VersionState.PUBLISHED or self.effective_from is None:
            return None
        if self.effective_until is not None and self.effective_until < on:
            return Standing.ENDED
        return Standing.UPCOMING if on < self.effective_from else Standing.IN_FORCE
