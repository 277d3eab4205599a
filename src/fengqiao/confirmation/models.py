from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.confirmation import enums
from fengqiao.matters.models.base import MatterRecord


class CourtCase(MatterRecord):
    """What a court is asked in a matter: to confirm an agreement, to enforce it, or to decide.

    ``ground`` is a row of confirmation-venues.csv, empty for a court outside of them; then ``why`` says why it was
    chosen. ``answers`` hold by the bar's id "no", or how it stands; ``serves`` are the contacts of the parties that
    are their addresses for service. ``applicants`` are the parties who filed. ``reason`` is a row of
    confirmation-refusals.csv where the court refused.
    """

    kind = models.CharField(max_length=14, choices=enums.CaseKind.choices)
    state = models.CharField(max_length=10, choices=enums.CaseState.choices)
    agreement = models.ForeignKey(
        "agreements.Agreement", null=True, blank=True, on_delete=models.PROTECT, related_name="court_cases"
    )
    confirmed = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="enforced_by"
    )
    court = models.CharField(max_length=100)
    level = models.CharField(max_length=14, choices=enums.CourtLevel.choices)
    ground = models.CharField(max_length=24, blank=True)
    why = models.TextField(blank=True)
    answers = models.JSONField(default=dict)
    serves = models.JSONField(default=list)
    applicants = models.JSONField(default=list)
    number = models.CharField(max_length=80, blank=True)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filed_on = models.DateField(null=True, blank=True)
    late = models.BooleanField(default=False)
    docketed_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=24, blank=True)
    result = models.TextField(blank=True)
    ruling = models.ForeignKey(
        "matters.MatterFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("begun_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind"],
                condition=Q(state__in=("prepared", "filed", "docketed", "asked")),
                name="one_running_case_of_an_agreement",
            ),
            models.CheckConstraint(
                condition=Q(kind="lawsuit") | Q(agreement__isnull=False), name="court_case_of_an_agreement"
            ),
        ]


class CourtNote(MatterRecord):
    """One thing that happened in a case, on the day on which it happened; ``until``: by when, or the day heard on."""

    case = models.ForeignKey(CourtCase, on_delete=models.PROTECT, related_name="notes")
    action = models.CharField(max_length=14, choices=enums.CourtAction.choices)
    on = models.DateField()
    until = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # When somebody is to be told of the day next; empty while no sweep has looked (clocks.domain.agreed_days).
    chase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("recorded_at", "id")
        indexes = [
            models.Index(fields=["chase_at"], condition=Q(until__isnull=False), name="court_day_chased")
        ]
