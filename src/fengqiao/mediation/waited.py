"""What is waited for in a mediation: the talks that are planned."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from fengqiao.clocks.domain.agreed_days import Waited, When, at_a_time
from fengqiao.clocks.enums import AgreedDay
from fengqiao.matters.enums import State
from fengqiao.mediation.enums import SittingState
from fengqiao.mediation.models import Sitting


def _planned() -> QuerySet[Sitting, Any]:
    return Sitting.objects.filter(
        state=SittingState.PLANNED, mediation__ended_at=None, matter__state=State.MEDIATING
    )


def _when(talk: Any) -> When:
    return at_a_time(talk.planned_at, talk.recorded_at)


TALKS = Waited(kind=AgreedDay.TALK, where="mediation_days_due", field="planned_at", rows=_planned, when=_when)
