from __future__ import annotations

from django.db import models
from django.db.models import Q

from fengqiao.matters.models.base import MatterRecord


class Fact(MatterRecord):
    """Something dated that happened to a matter and that some limit looks at.

    Clocks are computed from these rows and the matter's own, and from nothing else. Nothing is overwritten:
    ``replaces`` names the row that this one puts right, or takes back (``withdrawn``). ``limit`` is empty where
    every limit may look at the fact; ``assignment`` and ``party`` say for whom it holds where that differs.
    ``ground`` is the limit's own word for a pause or a restart, ``reason`` what the officer wrote to it. A request
    for more time is a fact too; the decision takes its place (``replaces``), so that there is one at most.
    ``occurred_at`` is when it happened as it is said, ``recorded_at`` when it was written down.
    """

    # Of ``enums.FactKind``; no choices of the column, for the list grows with the limits.
    kind = models.CharField(max_length=32)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    limit = models.CharField(max_length=48, blank=True)
    assignment = models.ForeignKey(
        "dispatch.Assignment", null=True, blank=True, on_delete=models.PROTECT, related_name="clock_facts"
    )
    party = models.ForeignKey(
        "matters.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="clock_facts"
    )
    ground = models.TextField(blank=True)
    reason = models.TextField(blank=True, default="", db_default="")
    # Of an extension: so much more, who approved it, and the consent where the limit needs one.
    n = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=12, blank=True)
    approved_by = models.UUIDField(null=True, blank=True)
    consent = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(replaces__isnull=False), name="fact_replaced_once"
            )
        ]
