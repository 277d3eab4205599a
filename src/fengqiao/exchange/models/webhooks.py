from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fengqiao.exchange.enums import TEST_EVENT, DeliveryState, EventType, Problem
from fengqiao.kernel.ids import new_id


class Subscription(models.Model):
    """Where events of a county's open matters are sent, as far as an exchange post sees them.

    ``secret`` signs what is sent and is encrypted, bound to this row. ``busy_until`` is the lease of the job
    that is sending; after failures the receiver is left alone until ``resting_until``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    stationing = models.ForeignKey("places.Stationing", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=64)
    address = models.CharField(max_length=500)
    types = ArrayField(models.CharField(max_length=40, choices=EventType.choices))
    secret = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    # Empty when the receiver itself ended it (410 Gone).
    ended_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    failures = models.PositiveIntegerField(default=0)
    resting_until = models.DateTimeField(null=True)
    busy_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["county"], condition=Q(ended_at=None), name="subscription_listening"),
        ]


class Delivery(models.Model):
    """One event for one subscription, written with the work it tells of: the outbox, and the dead letters.

    Its id is the event's id at every try. It names no matter but by the history's link (``link``), which has
    the matter's wall; a test has none. ``step``, ``state`` and ``place`` are those of the moment, so that each
    try says the same.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="deliveries")
    link = models.ForeignKey("matters.HistoryEvent", null=True, on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=40, choices=[*EventType.choices, (TEST_EVENT, TEST_EVENT)])
    at = models.DateTimeField()
    step = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=16, blank=True)
    place = models.ForeignKey("places.Centre", null=True, on_delete=models.PROTECT, related_name="+")

    status = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    written_at = models.DateTimeField()
    due_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    answer = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=20, choices=Problem.choices, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["subscription", "due_at"], condition=Q(status="waiting"), name="delivery_due"
            ),
            models.Index(fields=["subscription", "-written_at", "-id"], name="delivery_newest"),
            models.Index(fields=["done_at"], name="delivery_done"),
            models.Index(fields=["subscription"], condition=Q(status="dead"), name="delivery_dead"),
        ]
