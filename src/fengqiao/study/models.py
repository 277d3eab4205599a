from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fengqiao.kernel.ids import new_id
from fengqiao.matters.models.base import MatterRecord
from fengqiao.study import enums


class Member(models.Model):
    """Somebody whom a county has named for fields of expertise, in the post in which they take part.

    ``fields`` are codes (``Expertise``). Of ``valid_from`` and ``valid_until`` both days are included. It says what
    somebody can be asked about, nothing else of them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("places.Post", on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(default=list)
    basis = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        ordering = ("county", "valid_from", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "person"], condition=Q(valid_until__isnull=True), name="member_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="member_ends_after_it_begins",
            ),
        ]


class Study(MatterRecord):
    """A hard matter before members of the committee: the questions, the way that the centre proposes, the advice.

    ``division`` says by stance how many opinions there were. ``advised`` is the department to which the conclusion
    was sent; what it does in substance stays its own.
    """

    questions = models.TextField()
    proposal = models.TextField()
    opinions_by = models.DateField()
    state = models.CharField(max_length=12, choices=enums.StudyState.choices, default=enums.StudyState.OPEN)
    convened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    convened_role = models.CharField(max_length=24)
    convened_at = models.DateTimeField()
    conclusion = models.TextField(blank=True)
    division = models.JSONField(default=dict)
    advised = models.ForeignKey(
        "places.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("convened_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="one_study_at_a_time"
            )
        ]


class Invitation(MatterRecord):
    """A member asked to take part in one study, and what they answered."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="invitations")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("places.Post", on_delete=models.PROTECT, related_name="+")
    reply = models.CharField(max_length=8, choices=enums.Reply.choices, default=enums.Reply.PENDING)
    reason = models.TextField(blank=True)
    invited_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("invited_at", "id")
        constraints = [models.UniqueConstraint(fields=["study", "person"], name="invited_once")]


class PackItem(MatterRecord):
    """A material of the matter that was laid before the members of one study."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="pack")
    material = models.ForeignKey("matters.MatterFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("added_at", "id")
        constraints = [models.UniqueConstraint(fields=["study", "material"], name="in_the_pack_once")]


class Opinion(MatterRecord):
    """One member's own written opinion. It never changes."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="opinions")
    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="opinion")
    stance = models.CharField(max_length=12, choices=enums.Stance.choices)
    text = models.TextField()
    given_at = models.DateTimeField()

    class Meta:
        ordering = ("given_at", "id")
