from __future__ import annotations

from django.db import models

from fengqiao.clocks.enums import CalendarEntryKind
from fengqiao.kernel.ids import new_id
from fengqiao.kernel.working_days import DayKind


class CalendarEntry(models.Model):
    """One paper that a county laid over the calendar that comes with the program: added, never changed.

    ``number`` counts the county's entries. A notice holds for its ``year`` in place of the one before; a closure
    for its days. What ``replaces`` names no longer holds.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=CalendarEntryKind.choices)
    year = models.PositiveSmallIntegerField(null=True)
    # The notice's title; what a closure is for.
    title = models.CharField(max_length=100, blank=True)
    document = models.CharField(max_length=64, blank=True)
    issued_on = models.DateField(null=True)
    # Why it was corrected or withdrawn.
    reason = models.CharField(max_length=200, blank=True)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("county", "number")
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="calendar_entry_number"),
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.number}"


class CalendarSpan(models.Model):
    """Days in a row of an entry: off (``holiday``, ``closure``) or worked though a weekend (``make_up``)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    entry = models.ForeignKey(CalendarEntry, on_delete=models.PROTECT, related_name="spans")
    kind = models.CharField(
        max_length=8,
        choices=[(kind.value, kind.value) for kind in (DayKind.HOLIDAY, DayKind.MAKE_UP, DayKind.CLOSURE)],
    )
    first = models.DateField()
    last = models.DateField()
    name = models.CharField(max_length=32)

    class Meta:
        ordering = ("first", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")), name="calendar_span_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} {self.name}"
