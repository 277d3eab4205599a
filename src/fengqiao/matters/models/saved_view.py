from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.kernel.ids import new_id


class SavedView(models.Model):
    """A filter and order of the ledger under a name: one person's own, or shared with a centre.

    ``asked`` is the filter as it stands in an address; a party's number is never in it. ``said`` is the same in
    words, as they were read when it was saved. What was removed stays as a row, because what was built on it
    has to say why it stopped.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey(
        "places.Centre", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=40)
    asked = models.JSONField(default=dict)
    said = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name"],
                condition=Q(centre__isnull=True, removed_at__isnull=True),
                name="own_view_once",
            ),
            models.UniqueConstraint(
                fields=["centre", "name"],
                condition=Q(centre__isnull=False, removed_at__isnull=True),
                name="shared_view_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        return self.centre_id is not None
