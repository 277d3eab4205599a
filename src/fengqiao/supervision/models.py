from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.matters.models.base import MatterRecord
from fengqiao.supervision import enums


class Supervision(MatterRecord):
    """The supervision of one department's part of a matter: at most one that is open, on one rung of the ladder.

    ``rung`` is the highest that was decided (empty before the first decision); what is proposed or was decided on
    each is a ``Measure``. ``commission`` is the body before which it is laid. It speaks of a department, never of
    a person.
    """

    assignment = models.ForeignKey(
        "dispatch.Assignment", on_delete=models.PROTECT, related_name="supervisions"
    )
    department = models.ForeignKey("places.Department", on_delete=models.PROTECT, related_name="supervisions")
    commission = models.ForeignKey(
        "places.Department", on_delete=models.PROTECT, related_name="supervisions_to_decide"
    )
    state = models.CharField(max_length=12, choices=enums.SupervisionState.choices)
    rung = models.CharField(max_length=16, choices=enums.Rung.choices, blank=True)
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("opened_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(ended_at__isnull=True), name="one_supervision_at_a_time"
            )
        ]
        indexes = [
            models.Index(
                fields=["county", "state", "since"],
                condition=Q(ended_at__isnull=True),
                name="supervision_open",
            )
        ]


class Measure(MatterRecord):
    """One rung: proposed with its facts, answered by the department, decided by the commission, reported on.

    ``facts`` are what was seen when it was proposed: codes, references and dates, no words of anybody.
    ``rule`` names the row of the table of supervision by which it could be proposed, ``table_version`` the version
    of that table; ``basis`` and ``report_days`` are what the row said. The three are empty in what was proposed
    before the table had versions (``queries/terms.py``). ``number`` is of the county and year of the decision.
    """

    supervision = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="measures")
    rung = models.CharField(max_length=16, choices=enums.Rung.choices)
    rule = models.CharField(max_length=48)
    # Of the rows before the table had versions; 0 since then.
    rule_version = models.PositiveSmallIntegerField()
    table_version = models.CharField(max_length=32, blank=True, default="", db_default="")
    basis = models.CharField(max_length=300, blank=True, default="", db_default="")
    report_days = models.PositiveSmallIntegerField(null=True, blank=True)
    facts = models.JSONField(default=list)
    grounds = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_role = models.CharField(max_length=24)
    proposed_at = models.DateTimeField()
    # Before the end of this day nothing is decided against a department that has not been heard.
    answer_by = models.DateField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=8, choices=enums.Decision.choices, default=enums.Decision.PENDING)
    reasons = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    report_by = models.DateField(null=True, blank=True)
    report = models.TextField(blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reported_at = models.DateTimeField(null=True, blank=True)
    handed_to = models.CharField(max_length=16, choices=enums.HandedTo.choices, blank=True)
    outcome = models.TextField(blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("proposed_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["supervision"], condition=Q(decision="pending"), name="one_measure_to_decide"
            ),
            models.UniqueConstraint(
                fields=["county", "year", "number"], condition=Q(number__isnull=False), name="measure_number"
            ),
        ]


class LetterNumber(models.Model):
    """The last number of the commission's papers of a county and year: counted here, not by looking at rows that
    some reader's wall hides."""

    # The county and the year, as in "440785-2026".
    key = models.CharField(primary_key=True, max_length=11)
    county = models.CharField(max_length=6)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.last}"
