"""What is waited for of lawyers in residence: the half hours that parties were given."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from fengqiao.clocks.domain.agreed_days import Waited, When, at_a_time
from fengqiao.clocks.enums import AgreedDay
from fengqiao.clocks.queries.going_on import GOES_ON
from fengqiao.pool.enums import AppointmentState
from fengqiao.pool.models import Appointment


def _booked() -> QuerySet[Appointment, Any]:
    return Appointment.objects.filter(GOES_ON, state=AppointmentState.BOOKED)


def _when(appointment: Any) -> When:
    return at_a_time(appointment.starts_at, appointment.booked_at)


APPOINTMENTS = Waited(
    kind=AgreedDay.LAWYER, where="pool_days_due", field="starts_at", rows=_booked, when=_when
)
