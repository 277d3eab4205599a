from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value

from fengqiao.kernel.ids import new_id
from fengqiao.matters import enums
from fengqiao.matters.models.base import MatterRecord
from fengqiao.matters.queries.visibility import MatterQuerySet


class Matter(models.Model):
    """What someone brought: one matter, one code, one file.

    ``county`` is where it was registered and never changes; ``holder`` is the centre that pushes its
    procedure now and moves when the matter is raised or handed down. Nothing but ``domain.move`` writes
    ``state``, ``step`` and ``version``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    restriction = models.CharField(
        max_length=10, choices=enums.Restriction.choices, default=enums.Restriction.OPEN
    )
    code = models.CharField(max_length=32, unique=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=16, choices=enums.State.choices, default=enums.State.REGISTERED)
    step = models.CharField(max_length=10, choices=enums.Step.choices, default=enums.Step.REGISTER)
    state_since = models.DateTimeField()

    # When it came, apart from when it was typed; unknown for some rows of old ledgers, and never guessed.
    received_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField()
    registered_by = models.UUIDField()
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="registered_matters")
    holder = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="held_matters")
    channel = models.CharField(max_length=20, choices=enums.Channel.choices)

    title = models.CharField(max_length=200)
    account = models.TextField(blank=True)
    category = models.CharField(max_length=4, blank=True)
    scale = models.CharField(max_length=2, choices=enums.Scale.choices, default=enums.Scale.INDIVIDUAL)
    people = models.PositiveIntegerField(null=True, blank=True)
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    happened_on = models.DateField(null=True, blank=True)
    division = models.ForeignKey("places.Division", null=True, blank=True, on_delete=models.PROTECT)
    grid = models.ForeignKey("places.Grid", null=True, blank=True, on_delete=models.PROTECT)
    address = models.CharField(max_length=200, blank=True)
    place_key = models.CharField(max_length=200, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)

    danger = models.CharField(max_length=20, choices=enums.Danger.choices, default=enums.Danger.NONE)
    danger_since = models.DateTimeField(null=True, blank=True)
    # What is at stake, as far as anybody said: the first day on which harm may come, whether others are near,
    # and whether somebody has to be taken special care of, with what to heed. Of the matter, never of a person.
    harm_on = models.DateField(null=True, blank=True)
    public_place = models.BooleanField(null=True, blank=True)
    needs_care = models.BooleanField(null=True, blank=True)
    care = models.CharField(max_length=200, blank=True, default="", db_default="")
    confidential = models.BooleanField(default=False)
    anonymous = models.BooleanField(default=False)
    against_kind = models.CharField(
        max_length=16, choices=enums.AgainstKind.choices, default=enums.AgainstKind.NONE
    )
    against_name = models.CharField(max_length=100, blank=True)
    against_department = models.ForeignKey(
        "places.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="complaints"
    )

    track = models.CharField(max_length=14, choices=enums.Track.choices, blank=True)
    risk = models.CharField(max_length=8, choices=enums.Risk.choices, blank=True)
    lead_department = models.ForeignKey(
        "places.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="led_matters"
    )
    outcome = models.CharField(max_length=20, choices=enums.Outcome.choices, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    # The main matter that the same trouble is handled under, while the outcome is "merged".
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    performance = models.CharField(
        max_length=10, choices=enums.Performance.choices, default=enums.Performance.NONE
    )
    performance_due = models.DateField(null=True, blank=True)
    receipt_number = models.CharField(max_length=100, blank=True)
    remedies_told_at = models.DateTimeField(null=True, blank=True)
    visit_attempts = models.PositiveSmallIntegerField(default=0)
    satisfaction = models.CharField(max_length=12, choices=enums.Satisfaction.choices, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    raised = models.BooleanField(default=False)
    turned_criminal_at = models.DateTimeField(null=True, blank=True)
    criminal_reviewed_at = models.DateTimeField(null=True, blank=True)

    # Of the clock of a body that ends first; None where none runs. Written by ``domain.lighting`` alone, from the
    # rows of the clocks room: a list needs no join, and the light is a function of now and these two.
    yellow_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)

    # Rows that came settled from a ledger of the past: outside visit and timeliness rates.
    is_history = models.BooleanField(default=False)
    source = models.CharField(max_length=40, blank=True)
    source_number = models.CharField(max_length=80, blank=True)

    history_count = models.PositiveIntegerField(default=0)
    history_head = models.BinaryField(default=bytes(32))
    search = SearchVectorField(null=True, editable=False)

    objects = MatterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id", "restriction"], name="matter_identity"),
            models.UniqueConstraint(
                fields=["county", "source", "source_number"],
                condition=~Q(source_number=""),
                name="matter_source_once",
            ),
            # Nothing is merged into itself, and what is merged says so in its outcome, and the other way.
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="matter_merged_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=False, outcome="merged")
                | (Q(merged_into=None) & ~Q(outcome="merged")),
                name="matter_merged_by_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "-registered_at", "-code"], name="matter_newest"),
            models.Index(fields=["county", "state", "-registered_at"], name="matter_by_state"),
            models.Index(fields=["county", "step", "-registered_at"], name="matter_by_step"),
            models.Index(fields=["holder", "state", "state_since"], name="matter_waiting"),
            models.Index(fields=["county", "division", "-registered_at"], name="matter_by_division"),
            models.Index(fields=["county", "place_key"], name="matter_place"),
            models.Index(fields=["lead_department", "state"], name="matter_by_lead"),
            # Small: only matters on which a clock runs.
            models.Index(fields=["county", "due_at"], condition=Q(due_at__isnull=False), name="matter_due"),
            models.Index(
                fields=["holder", "due_at"], condition=Q(due_at__isnull=False), name="matter_held_due"
            ),
            GinIndex(fields=["search"], name="matter_search"),
            # What people say of a code is its end; asked through the function matter_numbered.
            models.Index(
                Func(F("code"), Value("-"), Value(3), function="split_part", output_field=models.TextField()),
                name="matter_by_number",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.state in enums.OPEN_STATES


class Claim(MatterRecord):
    """What is asked for, with its nature: the nature decides the track, not the category alone."""

    kind = models.CharField(max_length=8, choices=enums.ClaimKind.choices)
    text = models.TextField(blank=True)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("place",)


class Procedure(MatterRecord):
    """A procedure used before or running now (a suit, an arbitration, an earlier petition)."""

    kind = models.CharField(max_length=24, choices=enums.ProcedureKind.choices)
    stage = models.CharField(max_length=8, choices=enums.ProcedureStage.choices)
    number = models.CharField(max_length=80, blank=True)
    body = models.CharField(max_length=100, blank=True)


class OutsideNumber(MatterRecord):
    """The number another system knows this matter by."""

    system = models.CharField(max_length=12, choices=enums.OutsideSystem.choices)
    number = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["county", "number"], name="outside_number")]


class MatterLink(MatterRecord):
    """Two matters of the same party, place or quarrel, linked by an officer with a reason."""

    other = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="linked_from")
    reason = models.CharField(max_length=200)
    linked_by = models.UUIDField()
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "other"], name="link_once")]
