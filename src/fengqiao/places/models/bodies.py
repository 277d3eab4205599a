from __future__ import annotations

from django.db import models

from fengqiao.kernel.codes import county_of
from fengqiao.kernel.ids import new_id
from fengqiao.places.enums import INDEPENDENT, CentreLevel, DepartmentKind, ResidenceMode
from fengqiao.places.models.division import Division


class Body(models.Model):
    """What centres and departments share: how they are reached, and from which day to which they stand.

    ``valid_from`` empty: it stood before this program knew of it. ``valid_until`` is the last day; once it is
    written down nothing new is given to the body, and what it did before keeps its name.
    """

    telephone = models.CharField(max_length=32, blank=True, default="")
    address = models.CharField(max_length=100, blank=True, default="")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Centre(Body):
    """A centre (综治中心) of a city, county, town or village."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=64)
    level = models.CharField(max_length=8, choices=CentreLevel.choices)
    division = models.OneToOneField(Division, on_delete=models.PROTECT, related_name="centre")
    upper = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="lower")

    class Meta:
        ordering = ("division_id",)

    def __str__(self) -> str:
        return self.name

    @property
    def county(self) -> str:
        return county_of(self.division_id)


class Department(Body):
    """A body that handles substance: a bureau, a town's government, a police station."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=64)
    short_name = models.CharField(max_length=32)
    kind = models.CharField(max_length=24, choices=DepartmentKind.choices)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="departments")
    upper = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="lower")
    serves = models.ManyToManyField(Division, through="DepartmentService", related_name="served_by")

    class Meta:
        ordering = ("division_id", "kind", "name")
        constraints = [models.UniqueConstraint(fields=["division", "name"], name="department_once")]

    def __str__(self) -> str:
        return self.short_name

    @property
    def is_independent(self) -> bool:
        """A court or procuratorate: invited and informed, never commanded."""
        return self.kind in INDEPENDENT

    @property
    def county(self) -> str:
        return county_of(self.division_id)


class DepartmentService(models.Model):
    """A department serves a division with all that lies below it."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE)
    division = models.ForeignKey(Division, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["department", "division"], name="service_once")]


class Residence(models.Model):
    """A department's presence at a centre: the resident seven and the others in rotation ("7+N")."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="residences")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="residences")
    mode = models.CharField(max_length=12, choices=ResidenceMode.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "department"], name="residence_once")]
