from __future__ import annotations

from django.conf import settings
from django.db import models

from fengqiao.matters import enums
from fengqiao.matters.models.base import MatterRecord


class Assessment(MatterRecord):
    """How dangerous the quarrel is, with written grounds. The matter is assessed, never a person."""

    level = models.CharField(max_length=8, choices=enums.Risk.choices)
    # Empty where nothing was said of it.
    tier = models.CharField(max_length=8, choices=enums.Tier.choices, blank=True, default="", db_default="")
    grounds = models.TextField()
    by = models.UUIDField()
    at = models.DateTimeField()


class Disposition(MatterRecord):
    """The result in substance, written by the body (or window post) that is competent for it."""

    department = models.ForeignKey(
        "places.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="dispositions"
    )
    role = models.CharField(max_length=24)
    outcome = models.CharField(max_length=20, choices=enums.Outcome.choices)
    text = models.TextField()
    basis = models.CharField(max_length=300, blank=True)
    performance_due = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)


class Visit(MatterRecord):
    """A return visit, or an attempt at one, by someone other than who handled the matter."""

    method = models.CharField(max_length=8, choices=enums.VisitMethod.choices)
    reached = models.BooleanField()
    performance = models.CharField(max_length=10, choices=enums.Performance.choices, blank=True)
    satisfaction = models.CharField(max_length=12, choices=enums.Satisfaction.choices, blank=True)
    hidden_trouble = models.TextField(blank=True)
    remark = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)


class Evaluation(MatterRecord):
    """The centre's look back at how the matter was handled: the work, not the people."""

    lawful = models.BooleanField()
    complete = models.BooleanField()
    remark = models.TextField(blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()


class MatterFile(MatterRecord):
    """A material of the matter: a stored file under the name it was handed in with."""

    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="used_in")
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=32, blank=True)
    added_by = models.UUIDField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("added_at",)
