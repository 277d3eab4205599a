from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fengqiao.counsel import enums
from fengqiao.kernel.ids import new_id


class Adviser(models.Model):
    """Somebody whom a county can ask about the law: of the law society, a chief legal adviser, of the advisory group.

    ``appointed_by`` and ``basis`` say who named them by which paper, ``what_for`` what they are asked about. Of
    ``valid_from`` and ``valid_until`` both days are included. Nothing here judges anybody.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    kind = models.CharField(max_length=16, choices=enums.ADVISER_KINDS)
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=120, blank=True)
    what_for = models.CharField(max_length=200)
    appointed_by = models.CharField(max_length=120)
    basis = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("kind", "name", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="adviser_ends_after_it_begins",
            ),
        ]
