from __future__ import annotations

from django.db import models

from fengqiao.kernel.ids import new_id
from fengqiao.matters.enums import DueTurn, ReplayState
from fengqiao.matters.models.base import MatterRecord


class Replay(models.Model):
    """One asking of the ledger under a draft, beside the table in force; nothing of the matters is changed.

    ``base`` is the label of the table that it is held against; ``draft_version`` the state of the draft that was
    asked, so that what was changed since is told. ``done`` of ``total`` matters are asked so far.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    draft = models.ForeignKey("rules.TableVersion", on_delete=models.PROTECT, related_name="replays")
    draft_version = models.PositiveIntegerField()
    base = models.CharField(max_length=32)
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=8, choices=ReplayState.choices, default=ReplayState.RUNNING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("places.Post", on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-ordered_at",)


class Replayed(MatterRecord):
    """What the table in force and the draft say of one matter. An empty row: a person would decide by hand.

    ``before`` and ``after`` are the proposed risk or track; the leads are kinds of departments. The limits are those
    of bodies that would end first on an open matter if it were followed, kept only where ``due_turn`` says that this
    would move.
    """

    replay = models.ForeignKey(Replay, on_delete=models.PROTECT, related_name="answers")
    before_row = models.CharField(max_length=20, blank=True)
    after_row = models.CharField(max_length=20, blank=True)
    before = models.CharField(max_length=24, blank=True)
    after = models.CharField(max_length=24, blank=True)
    before_lead = models.CharField(max_length=24, blank=True)
    after_lead = models.CharField(max_length=24, blank=True)
    moved = models.BooleanField()
    # With defaults of the database: a version that runs beside this one does not know these columns.
    due_turn = models.CharField(max_length=8, choices=DueTurn.choices, blank=True, default="", db_default="")
    before_limit = models.CharField(max_length=48, blank=True, default="", db_default="")
    after_limit = models.CharField(max_length=48, blank=True, default="", db_default="")
    before_due = models.DateTimeField(null=True, blank=True)
    after_due = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["replay", "moved", "before_row"], name="replayed_by_row")]
