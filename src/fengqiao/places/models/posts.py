from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.accounts.enums import Role
from fengqiao.kernel.ids import new_id
from fengqiao.places.models.bodies import Centre, Department
from fengqiao.places.models.division import Division


class Post(models.Model):
    """A place to work at: a role at a centre, at a department, or (administrators) for a division."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    role = models.CharField(max_length=24, choices=Role.choices)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="posts")
    centre = models.ForeignKey(Centre, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="posts"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(centre__isnull=True) | Q(department__isnull=True), name="post_at_one_place"
            ),
            models.UniqueConstraint(
                fields=["role", "division", "centre", "department"],
                name="post_once",
                nulls_distinct=False,
            ),
        ]


class Stationing(models.Model):
    """A person holds a post from a day until a day; ``home_department`` is the body that sent them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stationings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="stationings")
    home_department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "valid_from"], name="stationing_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "post"], condition=Q(valid_until__isnull=True), name="stationing_once"
            ),
            # Who comes back to a post holds it a second time; the first time keeps its own dates.
            models.UniqueConstraint(fields=["person", "post", "valid_from"], name="stationing_begun_once"),
        ]
