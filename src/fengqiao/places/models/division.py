from __future__ import annotations

from django.db import models

from fengqiao.kernel.codes import division_level, division_prefix
from fengqiao.kernel.ids import new_id
from fengqiao.places.enums import DivisionChangeKind


class Division(models.Model):
    """An administrative division by its 12-digit code, valid from and until a day.

    Statistical and civil-affairs codes differ in places and over the years: hence dates and source.
    """

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=64)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=128)
    # Rises with each change: of two who amend it at once the second is told.
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def level(self) -> int:
        return division_level(self.code)

    @property
    def prefix(self) -> str:
        return division_prefix(self.code)


class Grid(models.Model):
    """A grid below a village: the village's 12 digits and a 3-digit sequence of its own."""

    code = models.CharField(max_length=15, primary_key=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="grids")
    name = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class DivisionChange(models.Model):
    """One change of a division that somebody entered: what a notice says, and from which day.

    ``name``: what the division was called before a new name, else what it was called then. ``into``: the
    division that it was merged into. Rows are added and never changed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=DivisionChangeKind.choices)
    day = models.DateField()
    source = models.CharField(max_length=128, blank=True)
    name = models.CharField(max_length=64)
    into = models.ForeignKey(
        Division, null=True, blank=True, on_delete=models.PROTECT, related_name="merged_in"
    )
    entered_by = models.UUIDField()
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("entered_at", "id")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"
