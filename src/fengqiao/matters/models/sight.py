from __future__ import annotations

from django.db import models

from fengqiao.kernel.ids import new_id
from fengqiao.matters.models.base import MatterRecord


class NamedReader(models.Model):
    """Someone who may read a restricted matter until a day. Written by the owner's functions alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    matter_id = models.UUIDField()
    person_id = models.UUIDField()
    until = models.DateField()
    named_by = models.UUIDField()
    named_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter_id", "person_id"], name="reader_once")]


class Recusal(MatterRecord):
    """An officer who steps aside (信访工作条例: 工作人员回避): they do not see the matter any more."""

    person_id = models.UUIDField()
    reason = models.CharField(max_length=200)
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "person_id"], name="recusal_once")]


class Handed(MatterRecord):
    """A department to which the matter was handed: from then on its handlers see it, until taken back."""

    department = models.ForeignKey("places.Department", on_delete=models.PROTECT, related_name="handed")
    since = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "department"], name="handed_once")]
        indexes = [models.Index(fields=["department", "matter"], name="handed_to")]


class LaidBefore(MatterRecord):
    """A body before which the matter was laid for a decision: it sees the matter until that is over."""

    department = models.ForeignKey("places.Department", on_delete=models.PROTECT, related_name="laid_before")
    since = models.DateTimeField()
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "department"], name="laid_before_once")]
        indexes = [models.Index(fields=["department", "matter"], name="laid_before")]


class Informed(MatterRecord):
    """A centre from which the matter was raised (提级): it goes on seeing it and is told of what becomes of it."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="informed")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "centre"], name="informed_once")]
        indexes = [models.Index(fields=["centre", "matter"], name="informed_centre")]
