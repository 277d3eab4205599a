from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.matters.models.base import MatterRecord
from fengqiao.reviews import enums


class ListedFact(MatterRecord):
    """One fact on the accountability list: how a department, or a centre, handled one matter. Never a person.

    ``source`` and ``source_id`` name the row of the ledger in which it is seen; ``facts`` are what it said when the
    fact was entered: codes, references and dates, no words of anybody. ``department`` is empty where the centre
    itself is meant. The body was told when the fact was entered, and replies until ``reply_by``; the reply stands
    beside the fact wherever it is shown. Nothing is removed: what was shown wrong is withdrawn with the reason.
    """

    kind = models.CharField(max_length=24, choices=enums.HeldKind.choices)
    rule = models.CharField(max_length=48)
    rule_version = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=12, choices=enums.Source.choices)
    source_id = models.UUIDField()
    due_at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    department = models.ForeignKey(
        "places.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="held_facts"
    )
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="held_facts")
    commission = models.ForeignKey(
        "places.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    remark = models.TextField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_role = models.CharField(max_length=24)
    entered_at = models.DateTimeField()
    reply_by = models.DateField()
    reply = models.TextField(blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    replied_at = models.DateTimeField(null=True, blank=True)
    withdrawal = models.TextField(blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-entered_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "kind", "source_id"],
                condition=Q(withdrawn_at__isnull=True),
                name="fact_listed_once",
            )
        ]
        indexes = [models.Index(fields=["county", "-entered_at"], name="listed_newest")]

    def standing(self, today: date) -> enums.Standing:
        """How it stands on a day."""
        if self.withdrawn_at is not None:
            return enums.Standing.WITHDRAWN
        if self.replied_at is not None:
            return enums.Standing.REPLIED
        return enums.Standing.TO_REPLY if today <= self.reply_by else enums.Standing.UNANSWERED
