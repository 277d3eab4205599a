from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from fengqiao.kernel.ids import new_id
from fengqiao.matters.enums import Restriction

if TYPE_CHECKING:
    from fengqiao.matters.models.matter import Matter


class MatterRecord(models.Model):
    """A record of a matter: it has the matter's county and restriction, which the database holds it to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    restriction = models.CharField(max_length=10, choices=Restriction.choices, default=Restriction.OPEN)
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


def of(matter: Matter) -> dict[str, Any]:
    """The fields by which a new record belongs to its matter."""
    return {"matter_id": matter.id, "county": matter.county, "restriction": matter.restriction}
