from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.dispatch import enums
from fengqiao.matters.models.base import MatterRecord


class Dispatch(MatterRecord):
    """A matter handed over (交办): one at a time; a reopened matter gets a new round."""

    round = models.PositiveSmallIntegerField(default=1)
    message = models.TextField(blank=True)
    reply_by = models.DateField(null=True, blank=True)
    issued_by = models.UUIDField()
    issued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="one_dispatch_at_a_time"
            )
        ]


class Assignment(MatterRecord):
    """One department's part in a dispatch: who has it, in which state, since when."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="assignments")
    department = models.ForeignKey("places.Department", on_delete=models.PROTECT, related_name="assignments")
    part = models.CharField(max_length=6, choices=enums.Part.choices)
    responsibility = models.CharField(max_length=16, choices=enums.Responsibility.choices, blank=True)
    state = models.CharField(
        max_length=14, choices=enums.AssignmentState.choices, default=enums.AssignmentState.ISSUED
    )
    since = models.DateTimeField()
    issued_at = models.DateTimeField()
    reply_by = models.DateField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sign_off_due = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-part", "issued_at", "id")
        indexes = [
            models.Index(fields=["department", "state", "since"], name="assignment_waiting"),
            models.Index(fields=["county", "state", "since"], name="assignment_by_state"),
        ]


class ReturnRequest(MatterRecord):
    """A department says that it is not competent, with reason and evidence; somebody decides."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="returns")
    reason = models.TextField()
    basis = models.CharField(max_length=300)
    file = models.ForeignKey("matters.MatterFile", null=True, blank=True, on_delete=models.PROTECT)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=enums.Decision.choices, default=enums.Decision.PENDING)
    grounds = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_role = models.CharField(max_length=24, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    given_to = models.ForeignKey(
        "places.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("asked_at",)


class Progress(MatterRecord):
    """What a department has done so far."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="progress")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)


class Extension(MatterRecord):
    """More time asked for, until a day, and what was decided."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateField()
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=enums.Decision.choices, default=enums.Decision.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ("asked_at",)


class SignOff(MatterRecord):
    """An assisting department's opinion on the result (会签), or the director's override with its reason."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="sign_offs")
    opinion = models.CharField(max_length=8, choices=enums.Opinion.choices, blank=True)
    text = models.TextField(blank=True)
    overridden = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)
