from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fengqiao.kernel.ids import new_id
from fengqiao.matters.enums import Restriction
from fengqiao.notices.enums import OPENS, Kind, Opens, Urgency


class Notice(models.Model):
    """One person in one post is told of something. Nobody else sees the row: the wall says so.

    It names its matter by reference alone: the code is looked up for whoever may see the matter when it is
    read. ``about`` is the body it speaks of, ``subject_id`` the whistle, export or import. A matter that is
    restricted or sealed later takes its notices with it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    restriction = models.CharField(max_length=10, choices=Restriction.choices, default=Restriction.OPEN)
    matter = models.ForeignKey("matters.Matter", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    post = models.ForeignKey("places.Post", on_delete=models.PROTECT, related_name="+", db_index=False)
    # A value of Kind: rooms below add their own, and no migration says so.
    kind = models.CharField(max_length=24)
    urgency = models.CharField(max_length=8, choices=Urgency.choices, default=Urgency.ROUTINE)
    about = models.ForeignKey(
        "places.Department", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    subject_id = models.UUIDField(null=True)
    due_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # When it was sent outside, or was found not to be wanted there (domain.passing_on).
    passed_on_at = models.DateTimeField(null=True)

    class Meta:
        # The identifiers are in order of time (UUIDv7).
        ordering = ("-id",)
        indexes = [
            models.Index(
                F("person_id"),
                F("post_id"),
                F("id").desc(),
                name="notice_unread",
                condition=Q(read_at__isnull=True),
            ),
            models.Index(
                F("person_id"),
                F("post_id"),
                F("id").desc(),
                name="notice_read",
                condition=Q(read_at__isnull=False),
            ),
            # Small: what nobody has read and nothing has passed on.
            models.Index(
                fields=["person", "created_at"],
                name="notice_waits_outside",
                condition=Q(read_at__isnull=True, passed_on_at__isnull=True),
            ),
        ]

    @property
    def words(self) -> str:
        """What it says, in the reader's language."""
        return str(Kind(self.kind).label)

    @property
    def opens(self) -> Opens:
        return OPENS.get(Kind(self.kind), Opens.MATTER)

    @property
    def is_urgent(self) -> bool:
        return self.urgency == Urgency.URGENT


class Reaching(models.Model):
    """How a person wants to hear of notices outside the program: in the posts of one county, read by them alone.

    ``mail`` and ``service`` (an Apprise address, which is as good as a password) are encrypted, bound to the row.
    What is routine waits while it is quiet, and where there is a digest until ``digest_at``; what is urgent never
    waits. ``next_look_at`` spares the sweep whoever has to wait.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mail = models.BinaryField(null=True)
    service = models.BinaryField(null=True)
    unwanted = models.JSONField(default=list)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    digest_at = models.TimeField(null=True)
    digest_on = models.DateField(null=True)
    # What was told before is not passed on.
    since = models.DateTimeField()
    next_look_at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "county"], name="reaching_once")]
