"""What parties promised to bring, as far as the walls show it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fengqiao.mediation.enums import EvidenceState
from fengqiao.mediation.models import Mediation, PromisedEvidence


def evidence_of(mediation: Mediation) -> list[PromisedEvidence]:
    """Everything that was promised in a mediation, what is waited for first, the earliest day first."""
    found = PromisedEvidence.objects.filter(mediation=mediation).select_related("party", "paper")
    return sorted(found, key=lambda each: (not each.is_waited_for, each.by_day, each.promised_at))


def awaited(mediations: QuerySet[Mediation], *, until: date | None = None) -> QuerySet[PromisedEvidence]:
    """What is waited for in these mediations as long as they run, up to a day, the earliest first."""
    running: Any = mediations.filter(ended_at=None)
    found = PromisedEvidence.objects.filter(mediation__in=running, state=EvidenceState.WAITING)
    if until is not None:
        found = found.filter(by_day__lte=until)
    return found.select_related("party", "matter").order_by("by_day", "id")


def awaited_by_mediation(
    mediations: QuerySet[Mediation] | list[Mediation],
) -> dict[UUID, list[PromisedEvidence]]:
    """The same by mediation, in one statement: what to have an eye on before a talk."""
    found = PromisedEvidence.objects.filter(mediation__in=mediations, state=EvidenceState.WAITING)
    told: dict[UUID, list[PromisedEvidence]] = {}
    for each in found.select_related("party").order_by("by_day", "id"):
        told.setdefault(each.mediation_id, []).append(each)
    return told
