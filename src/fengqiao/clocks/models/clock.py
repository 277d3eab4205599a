from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from fengqiao.clocks import enums
from fengqiao.matters.models.base import MatterRecord

RUNS_AND_LIGHTS = Q(state=enums.ClockState.RUNNING, acts=enums.Acts.LIGHTS)
# When a sweep has to look at a clock next. A database works this out, so that a clock that is new or was counted
# anew needs no more than an empty ``chase_at``.
NEXT_LOOK = Coalesce("chase_at", "yellow_at", "due_at")
# Parties' own time of which whoever keeps the matter reminds them (domain.agreed_days).
RUNS_FOR_PARTIES = Q(
    state=enums.ClockState.RUNNING, limit__in=("mediation.confirm_apply", "mediation.enforce_apply")
)


class Clock(MatterRecord):
    """A limit that runs on a matter, as it follows from the matter's facts: nothing here is known of itself.

    ``started_by`` is the fact that started it (for what stands on the matter's own row, the matter), so that a
    limit started twice has two clocks. ``due_at`` is the first instant after the limit, None while a pause lasts;
    ``yellow_at`` the instant from which it presses. Only clocks whose ``acts`` is "lights" light a matter, count
    or are chased: ``chase_at`` is when the next rung of rules/data/chasing.csv is reached, as far as a sweep has
    seen; empty where none has looked since the clock was last counted.
    """

    limit = models.CharField(max_length=48)
    limit_version = models.PositiveSmallIntegerField()
    acts = models.CharField(max_length=8, choices=enums.Acts.choices)
    owed_by = models.CharField(max_length=10, choices=enums.OwedBy.choices)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="clocks")
    department = models.ForeignKey(
        "places.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="clocks"
    )
    assignment = models.ForeignKey(
        "dispatch.Assignment", null=True, blank=True, on_delete=models.PROTECT, related_name="clocks"
    )
    party = models.ForeignKey(
        "matters.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="clocks"
    )
    started_by = models.UUIDField()
    started_at = models.DateTimeField()
    yellow_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=enums.ClockState.choices)
    stopped_at = models.DateTimeField(null=True, blank=True)
    chase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["matter", "limit", "started_by"], name="clock_of_a_start")
        ]
        # What a sweep reads: its cost follows what is due and not what is open.
        indexes = [
            models.Index(fields=["county", "yellow_at"], condition=RUNS_AND_LIGHTS, name="clock_yellow"),
            models.Index(fields=["county", "due_at"], condition=RUNS_AND_LIGHTS, name="clock_due"),
            models.Index(
                fields=["department", "due_at"], condition=RUNS_AND_LIGHTS, name="clock_of_department"
            ),
            models.Index("county", "restriction", NEXT_LOOK, condition=RUNS_AND_LIGHTS, name="clock_chased"),
            models.Index(fields=["chase_at"], condition=RUNS_FOR_PARTIES, name="clock_of_parties"),
        ]
