from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.dispatch.models.whistle import Call
from fengqiao.kernel.ids import new_id
from fengqiao.matters.enums import Restriction

LOWEST, HIGHEST = 1, 5


class CallScore(models.Model):
    """What the caller thinks of a department's answer to one call: 1 to 5, with the reason. Never of a person.

    An amended score is a new row; the old one keeps its words and says when it was replaced.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    restriction = models.CharField(max_length=10, choices=Restriction.choices, default=Restriction.OPEN)
    matter = models.ForeignKey(
        "matters.Matter", null=True, blank=True, on_delete=models.PROTECT, related_name="call_scores"
    )
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="scores")
    score = models.PositiveSmallIntegerField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["call"], condition=Q(replaced_at__isnull=True), name="one_score_of_a_call"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=LOWEST, score__lte=HIGHEST), name="score_between_1_and_5"
            ),
        ]
