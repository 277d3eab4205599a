from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fengqiao.kernel.ids import new_id
from fengqiao.matters.models.base import MatterRecord
from fengqiao.pool.enums import Profession, Reply


class Talent(models.Model):
    """Somebody who can be asked to help (人才库), inside or outside the centre, listed with their consent.

    ``fields`` are ids of key-fields.csv, ``languages`` codes as in the register of mediators. ``person`` is given
    where they work on the platform. ``telephone`` is encrypted for county, row and field. Listed from ``agreed_on``
    (their consent) to ``valid_until``, both days included. Nothing here judges anybody.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=64)
    profession = models.CharField(max_length=12, choices=Profession.choices)
    origin = models.CharField(max_length=100)
    certificate = models.CharField(max_length=200, blank=True)
    fields = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    telephone = models.BinaryField(null=True)
    agreed_on = models.DateField()
    valid_until = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("county", "name", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("agreed_on")), name="talent_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Asked(MatterRecord):
    """Somebody of the pool is asked to help in a mediation, and what they answered."""

    mediation = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="+")
    talent = models.ForeignKey(Talent, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=500)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    reply = models.CharField(max_length=8, choices=Reply.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("asked_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["mediation", "talent"], condition=Q(reply=""), name="asked_once_until_answered"
            )
        ]
