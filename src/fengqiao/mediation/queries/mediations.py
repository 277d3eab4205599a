"""The mediations of a matter."""

from __future__ import annotations

from fengqiao.matters.models import Matter
from fengqiao.mediation.models import Mediation


def mediations_of(matter: Matter, *, within: slice = slice(None)) -> list[Mediation]:
    """Each mediation (or a slice of them) with its mediator and the parties' answers, oldest first."""
    return list(
        Mediation.objects.filter(matter_id=matter.id)
        .select_related("mediator")
        .prefetch_related("consents__party")
        .order_by("sent_at", "id")[within]
    )
