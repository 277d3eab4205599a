from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fengqiao.kernel.ids import new_id
from fengqiao.matters.models.base import MatterRecord


class MarketBody(models.Model):
    """A market mediation organisation (市场化调解) that works with a centre: one of a kind that may charge.

    ``kind`` is a row of mediation-bodies.csv; ``licence`` the paper by which it works.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=24)
    licence = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("county", "name", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="market_body_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FeeSchedule(models.Model):
    """What an organisation charges from a day on, as it published it. The newest that has begun holds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    body = models.ForeignKey(MarketBody, on_delete=models.PROTECT, related_name="schedules")
    valid_from = models.DateField()
    text = models.TextField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("valid_from", "id")
        constraints = [models.UniqueConstraint(fields=["body", "valid_from"], name="one_schedule_from_a_day")]


class FeeAgreement(MatterRecord):
    """That parties agreed to a fee in a mediation: with whom, how much, by which schedule, signed by whom.

    ``signed_by`` are the identities of the parties who signed. The newest of a mediation counts.
    """

    mediation = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(MarketBody, on_delete=models.PROTECT, related_name="+")
    schedule = models.ForeignKey(FeeSchedule, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    signed_on = models.DateField()
    signed_by = models.JSONField(default=list)
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="a_fee_is_more_than_nothing")]
