from __future__ import annotations

from django.conf import settings
from django.db import models

from fengqiao.kernel.ids import new_id
from fengqiao.matters.models.base import MatterRecord
from fengqiao.reviews import enums


class Sample(models.Model):
    """A draw of a centre's closed files of a period: what was drawn follows from ``seed`` and the files alone.

    ``population`` is how many there were, ``digest`` names which (of their codes in order), so that a later draw
    from the same seed can say whether it stands before the same files. Restricted files are never drawn.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="samples")
    first = models.DateField()
    last = models.DateField()
    wanted = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=32)
    population = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ("-drawn_at", "-id")
        indexes = [models.Index(fields=["centre", "-drawn_at"], name="sample_of_centre")]

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"


class SampledFile(MatterRecord):
    """One closed matter of a draw, at its place; checked once, by somebody who did not close it."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="files")
    place = models.PositiveSmallIntegerField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("place",)
        constraints = [models.UniqueConstraint(fields=["sample", "matter"], name="sampled_once")]


class CheckedItem(MatterRecord):
    """The answer to one question of rules/data/checklist.csv about one file; a "no" has what to mend until when."""

    file = models.ForeignKey(SampledFile, on_delete=models.PROTECT, related_name="items")
    item = models.CharField(max_length=32)
    item_version = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=4, choices=enums.Answer.choices)
    remark = models.TextField(blank=True)
    mend_by = models.DateField(null=True, blank=True)
    mended = models.TextField(blank=True)
    mended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    mended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "item"], name="item_checked_once")]
