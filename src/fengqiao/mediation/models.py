from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.matters.models.base import MatterRecord
from fengqiao.mediation import enums


class Mediation(MatterRecord):
    """One mediation of a matter, from the parties' consent to its result."""

    mediator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_by = models.UUIDField()
    sent_at = models.DateTimeField()
    result = models.CharField(max_length=10, choices=enums.Result.choices, blank=True)
    text = models.TextField(blank=True)
    performance_due = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("sent_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="one_mediation_at_a_time"
            )
        ]


class Consent(MatterRecord):
    """A party's recorded answer to being asked whether they agree to mediation (人民调解法 第17条)."""

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="consents")
    party = models.ForeignKey("matters.Party", on_delete=models.PROTECT, related_name="consents")
    agreed = models.BooleanField()
    method = models.CharField(max_length=10, choices=enums.ConsentMethod.choices)
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()


class RightsTold(MatterRecord):
    """That a party was told what mediation is, its principles and effect, their rights and duties, and how.

    Of the answer that the party gave: a party of a mediation is told once, and what was told stays. What was said
    are the rows of rules/data/mediation-telling.csv that held on ``told_on``.
    """

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="told")
    method = models.CharField(max_length=10, choices=enums.ConsentMethod.choices)
    told_on = models.DateField()
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()
