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
