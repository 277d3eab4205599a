"""What is waited for of a legal consultation: its meeting, and then the opinions."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from fengqiao.clocks.domain.agreed_days import Waited, When, at_a_time
from fengqiao.clocks.enums import AgreedDay
from fengqiao.clocks.queries.going_on import NOT_SETTLED
from fengqiao.counsel.enums import ConsultationState
from fengqiao.counsel.models import Consultation


def _called() -> QuerySet[Consultation, Any]:
    return Consultation.objects.filter(NOT_SETTLED, state=ConsultationState.CALLED)


def _when(consultation: Any) -> When:
    return at_a_time(consultation.meets_at, consultation.called_at)


OPINIONS = Waited(
    kind=AgreedDay.OPINION, where="counsel_days_due", field="meets_at", rows=_called, when=_when
)
