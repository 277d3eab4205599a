from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fengqiao.kernel.ids import new_id
from fengqiao.matters.models.base import MatterRecord


class BrandRoom(models.Model):
    """A brand room (品牌调解室) of a centre: where it is, when it is open, what it is known for.

    Everything here is written to be told to everybody, in Chinese and where it was translated in English; a visitor
    sees the row while it is ``public``. ``fields`` are two-figure categories, ``days`` of the week 1 to 7. Of
    ``valid_from`` (since when there is such a room) and ``valid_until`` both days are included.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=200)
    place_en = models.CharField(max_length=300, blank=True)
    way = models.CharField(max_length=500, blank=True)
    way_en = models.CharField(max_length=800, blank=True)
    days = models.JSONField(default=list)
    opens = models.TimeField()
    closes = models.TimeField()
    opens_again = models.TimeField(null=True, blank=True)
    closes_again = models.TimeField(null=True, blank=True)
    fields = models.JSONField(default=list)
    story = models.TextField(blank=True)
    story_en = models.TextField(blank=True)
    picture = models.BinaryField(null=True, blank=True)
    picture_type = models.CharField(max_length=20, blank=True)
    public = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("county", "valid_from", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="room_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AtWork(models.Model):
    """A mediator of the register who works in a brand room, from a day to a day.

    ``agreed_on``: the day on which they agreed to be named to everybody; without it only colleagues read the name.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    room = models.ForeignKey(BrandRoom, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreed_on = models.DateField(null=True, blank=True)
    public = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("valid_from", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["room", "person"],
                condition=Q(valid_until__isnull=True),
                name="once_at_work_in_a_room",
            ),
            models.CheckConstraint(
                condition=Q(public=False) | Q(agreed_on__isnull=False), name="named_with_consent_only"
            ),
        ]


class HeldAt(MatterRecord):
    """In which brand room a mediation is held. The newest row of a mediation counts; none of it is public."""

    mediation = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(BrandRoom, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")
