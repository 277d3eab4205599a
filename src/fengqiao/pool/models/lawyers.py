from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fengqiao.kernel.ids import new_id
from fengqiao.matters.models.base import MatterRecord
from fengqiao.pool.enums import AppointmentState, ChangeKind


class Turn(models.Model):
    """The hours of a day of the week in which a lawyer of the pool sits at a centre, from a day to a day.

    The hours are told to everybody; ``shown_as`` is the name under which, empty where the lawyer did not agree to
    be named. Hours begin and end at the full or half hour, as appointments do.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="+")
    lawyer = models.ForeignKey("pool.Talent", on_delete=models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    begins = models.TimeField()
    ends = models.TimeField()
    shown_as = models.CharField(max_length=64, blank=True)
    public = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("weekday", "begins", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=7, ends__gt=F("begins")), name="turn_is_of_a_day"
            ),
        ]


class TurnChange(models.Model):
    """An exception: on one day a lawyer does not come (``off``), or comes beside the weekly hours (``extra``)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="+")
    lawyer = models.ForeignKey("pool.Talent", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    kind = models.CharField(max_length=6, choices=ChangeKind.choices)
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    shown_as = models.CharField(max_length=64, blank=True)
    why = models.CharField(max_length=200, blank=True)
    public = models.BooleanField(default=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("day", "begins", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "lawyer", "day"], condition=Q(kind="off"), name="off_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(kind="off") | Q(ends__gt=F("begins")), name="extra_hours_have_an_end"
            ),
        ]


class Appointment(MatterRecord):
    """Half an hour of a lawyer in residence for a party of a matter (约访). Free of charge.

    ``advised``: what the lawyer advised, a note on the matter behind its wall. No hour of a lawyer is given twice:
    the database holds that, also where the other appointment is of a matter that one does not see.
    """

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="+")
    lawyer = models.ForeignKey("pool.Talent", on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("matters.Party", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=AppointmentState.choices, default=AppointmentState.BOOKED)
    moved_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    advised = models.TextField(blank=True)
    why = models.CharField(max_length=500, blank=True)
    booked_by = models.UUIDField()
    booked_at = models.DateTimeField()
    ended_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # When somebody is to be told of the day next; empty while no sweep has looked (clocks.domain.agreed_days).
    chase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("starts_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["lawyer", "starts_at"],
                condition=~Q(state__in=["moved", "cancelled"]),
                name="an_hour_of_a_lawyer_once",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__minute__in=[0, 30], starts_at__second=0),
                name="appointments_begin_at_the_half_hour",
            ),
        ]
        indexes = [models.Index(fields=["chase_at"], condition=Q(state="booked"), name="appointment_chased")]


class Following(MatterRecord):
    """The lawyer who follows a matter to its end (全程跟进): one at a time."""

    lawyer = models.ForeignKey("pool.Talent", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    recorded_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("since", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="one_lawyer_follows_a_matter"
            )
        ]
