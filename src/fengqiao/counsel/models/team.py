from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fengqiao.counsel import enums
from fengqiao.kernel.ids import new_id
from fengqiao.matters.enums import Restriction
from fengqiao.matters.models.base import MatterRecord


class Team(models.Model):
    """A three-person group of either kind, or a task force, that a leader of a centre has set up for an area.

    ``category`` narrows a task force to matters of a kind; of ``valid_from`` and ``valid_until`` both days are
    included. Matters and tasks are a team's work; there is no list of people.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    kind = models.CharField(max_length=8, choices=enums.TeamKind.choices)
    name = models.CharField(max_length=60)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="+")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=4, blank=True)
    mandate = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    set_up_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_up_at = models.DateTimeField()
    dissolved_at = models.DateTimeField(null=True, blank=True)
    summary = models.TextField(blank=True)

    class Meta:
        ordering = ("set_up_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "name"], condition=Q(dissolved_at__isnull=True), name="team_named_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="team_ends_after_it_begins",
            ),
        ]


class Member(models.Model):
    """Somebody in one seat of a team, in a post of the program or by name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    seat = models.CharField(max_length=16)
    # Of some seats there is one at a time: then this is true.
    alone = models.BooleanField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    post = models.ForeignKey("places.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("since", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "seat"], condition=Q(until__isnull=True, alone=True), name="seat_filled_once"
            ),
            models.UniqueConstraint(
                fields=["team", "person"],
                condition=Q(until__isnull=True, person__isnull=False),
                name="member_once_of_a_team",
            ),
        ]


class TeamMatter(MatterRecord):
    """A matter that was given to a team, and what came of it."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="charges")
    words = models.TextField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    came_of = models.TextField(blank=True)

    class Meta:
        ordering = ("given_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "matter"], condition=Q(ended_at__isnull=True), name="given_once_to_a_team"
            )
        ]


class TeamTask(models.Model):
    """What one member of a team does until a day, of a matter or of none; in a village for one of the four links."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    restriction = models.CharField(max_length=10, choices=Restriction.choices, default=Restriction.OPEN)
    matter = models.ForeignKey(
        "matters.Matter", null=True, blank=True, on_delete=models.PROTECT, related_name="teamtasks"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="tasks")
    link = models.CharField(max_length=8, choices=enums.FourLink.choices, blank=True)
    what = models.TextField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tasks")
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=enums.TaskState.choices, default=enums.TaskState.OPEN)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    came_of = models.TextField(blank=True)

    class Meta:
        ordering = ("due_on", "id")
