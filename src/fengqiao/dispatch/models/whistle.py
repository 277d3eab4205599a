from __future__ import annotations

from django.conf import settings
from django.db import models

from fengqiao.dispatch import enums
from fengqiao.kernel.ids import new_id
from fengqiao.matters.enums import Restriction
from fengqiao.matters.models.base import MatterRecord


class Whistle(models.Model):
    """A call to come, now: to a window, a village, an event; with or without a matter."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    restriction = models.CharField(max_length=10, choices=Restriction.choices, default=Restriction.OPEN)
    matter = models.ForeignKey(
        "matters.Matter", null=True, blank=True, on_delete=models.PROTECT, related_name="whistles"
    )
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="whistles")
    place_kind = models.CharField(max_length=8, choices=enums.WhistlePlace.choices)
    place = models.CharField(max_length=100)
    division = models.ForeignKey("places.Division", null=True, blank=True, on_delete=models.PROTECT)
    message = models.TextField()
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    called_role = models.CharField(max_length=24)
    called_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["county", "-called_at"], name="whistle_newest")]


class Call(models.Model):
    """One department called by a whistle: called, on the way, there, what came of it; in minutes.

    A court or procuratorate is invited, not called: it has no clock and may say no.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    restriction = models.CharField(max_length=10, choices=Restriction.choices, default=Restriction.OPEN)
    matter = models.ForeignKey(
        "matters.Matter", null=True, blank=True, on_delete=models.PROTECT, related_name="calls"
    )
    whistle = models.ForeignKey(Whistle, on_delete=models.PROTECT, related_name="calls")
    department = models.ForeignKey("places.Department", on_delete=models.PROTECT, related_name="calls")
    invitation = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=enums.CallState.choices, default=enums.CallState.CALLED)
    called_at = models.DateTimeField()
    on_the_way_at = models.DateTimeField(null=True, blank=True)
    there_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    result = models.TextField(blank=True)

    class Meta:
        ordering = ("called_at", "id")
        constraints = [models.UniqueConstraint(fields=["whistle", "department"], name="called_once")]
        indexes = [models.Index(fields=["department", "state", "called_at"], name="call_waiting")]


class Notice(MatterRecord):
    """A body is informed of a matter, without being given it (a court, a leader's office)."""

    department = models.ForeignKey("places.Department", on_delete=models.PROTECT, related_name="notices")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
