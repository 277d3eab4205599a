from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.counsel import enums
from fengqiao.matters.models.base import MatterRecord


class Consultation(MatterRecord):
    """A question of law of one matter before several who know the law (法律会诊), until an opinion is signed.

    ``facts`` and ``question`` are all that those who are invited read of the matter. ``place`` is a room, or what
    leads into the video meeting. ``chair`` signs the ``opinion``, which rests on ``articles``. ``followed`` says what
    the centre then did with it.
    """

    facts = models.TextField()
    question = models.TextField()
    way = models.CharField(max_length=8, choices=enums.Way.choices)
    place = models.CharField(max_length=300)
    meets_at = models.DateTimeField()
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chair_post = models.ForeignKey("places.Post", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=12, choices=enums.ConsultationState.choices, default=enums.ConsultationState.CALLED
    )
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    called_role = models.CharField(max_length=24)
    called_at = models.DateTimeField()
    opinion = models.TextField(blank=True)
    articles = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    followed = models.CharField(max_length=8, choices=enums.Followed.choices, blank=True)
    follow_reason = models.TextField(blank=True)
    followed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    followed_at = models.DateTimeField(null=True, blank=True)
    # When somebody is to be told of the day next; empty while no sweep has looked (clocks.domain.agreed_days).
    chase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("called_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="one_consultation_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(followed="") | Q(state="signed"), name="only_a_signed_opinion_is_followed"
            ),
        ]
        indexes = [models.Index(fields=["chase_at"], condition=Q(state="called"), name="consultation_chased")]


class Invitee(MatterRecord):
    """Somebody asked to one consultation: in a post of the program, or by name from outside it."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="invitees")
    capacity = models.CharField(max_length=16, choices=enums.Capacity.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    post = models.ForeignKey("places.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Whom of the roster of advisers.
    adviser = models.ForeignKey(
        "counsel.Adviser", null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=120, blank=True)
    reply = models.CharField(max_length=8, choices=enums.Reply.choices, default=enums.Reply.PENDING)
    reason = models.TextField(blank=True)
    invited_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("invited_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "person"], condition=Q(person__isnull=False), name="consulted_once"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True, post__isnull=True)
                | Q(person__isnull=False, post__isnull=False),
                name="consulted_in_a_post_or_by_name",
            ),
        ]


class GivenOpinion(MatterRecord):
    """What one of them said: written by themselves, or for somebody outside written down by the centre."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="opinions")
    invitee = models.OneToOneField(Invitee, on_delete=models.PROTECT, related_name="opinion")
    text = models.TextField()
    given_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("given_at", "id")
