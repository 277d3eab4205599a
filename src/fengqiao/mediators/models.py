from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fengqiao.kernel.ids import new_id


class Mediator(models.Model):
    """Somebody in a mediator's post whom a centre has entered with what they can be asked about (人才库).

    ``fields`` are two-figure categories, ``languages`` codes (``Language``), ``places`` codes of divisions in which
    they go to people. ``certificate`` is the paper that a lawyer, a psychologist or an appraiser works by. Of
    ``valid_from`` and ``valid_until`` both days are included. Nothing here judges anybody.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("places.Post", on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    places = models.JSONField(default=list)
    certificate = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("county", "valid_from", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "person", "post"],
                condition=Q(valid_until__isnull=True),
                name="mediator_once_in_a_post",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="mediator_ends_after_it_begins",
            ),
        ]
