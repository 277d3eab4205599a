from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.leading import enums
from fengqiao.matters.models.base import MatterRecord


class Instruction(MatterRecord):
    """A leader's written instruction on a matter (批示): a task for one department or one post of the centre.

    ``asks`` is a thing of procedure; what the department finds and decides is its own. ``name`` and ``office`` are
    the leader's, ``leader`` the person where they have a post here; ``recorded_by`` wrote it down. ``centre`` is
    the side that instructs and accepts the answer. Each answer is an ``InstructionAnswer``.
    """

    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=40)
    office = models.CharField(max_length=80)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="instructions")
    asks = models.CharField(max_length=12, choices=enums.Ask.choices)
    text = models.TextField()
    given_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_role = models.CharField(max_length=24)
    recorded_at = models.DateTimeField()
    department = models.ForeignKey(
        "places.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="instructions"
    )
    post = models.ForeignKey(
        "places.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="instructions"
    )
    due_on = models.DateField()
    warn_on = models.DateField()
    state = models.CharField(max_length=12, choices=enums.InstructionState.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # When the next rung of rules/data/chasing.csv is reached; empty once nobody is to be reminded any more.
    chase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(department__isnull=True) ^ Q(post__isnull=True), name="instruction_to_one"
            )
        ]
        indexes = [
            models.Index(
                fields=["department", "due_on"],
                condition=Q(ended_at__isnull=True),
                name="instruction_of_body",
            ),
            models.Index(
                fields=["centre", "due_on"], condition=Q(ended_at__isnull=True), name="instruction_of_centre"
            ),
            models.Index(
                fields=["post", "due_on"], condition=Q(ended_at__isnull=True), name="instruction_of_post"
            ),
            models.Index(
                fields=["county", "chase_at"], condition=Q(chase_at__isnull=False), name="instruction_chased"
            ),
        ]


class InstructionAnswer(MatterRecord):
    """What was done upon an instruction, and whether the side that instructs accepted it or sent it back."""

    instruction = models.ForeignKey(Instruction, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=enums.Verdict.choices, default=enums.Verdict.PENDING)
    reasons = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["instruction"], condition=Q(verdict="pending"), name="one_answer_to_look_at"
            )
        ]
