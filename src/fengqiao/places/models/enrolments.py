from __future__ import annotations

from django.conf import settings
from django.db import models

from fengqiao.places.models.bodies import Department
from fengqiao.places.models.division import Division


class Enrolment(models.Model):
    """What a system administrator has entered of somebody who works here: where, and how they are reached.

    It gives no right: a person acts as the posts that a security administrator gives them. ``telephone`` is
    encrypted for the division's county, the person and this field.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.PROTECT, related_name="enrolment"
    )
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    home_department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT)
    telephone = models.BinaryField(null=True)
    entered_by = models.UUIDField()
    entered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
