from __future__ import annotations

from django.db import models

from fengqiao.kernel.codes import division_level, division_prefix


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

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name
