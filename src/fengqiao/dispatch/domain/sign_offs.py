"""Asking assisting departments to sign the result off, and how long they have."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch.enums import AssignmentState, Part
from fengqiao.dispatch.events import SignOffsAsked
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.kernel.events import publish
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.county_limits import Binding
from fengqiao.rules.queries.limits import all_limits

# How long an assisting department may take before the director may go on without it: as the county's table says,
# else as its proposal does.
SIGN_OFF = "centre.sign_off"


def ask_sign_offs(actor: Actor, matter: Matter, dispatch_id: UUID) -> None:
    """From now on the assisting departments that have not been asked yet are waited for."""
    asked = list(
        Assignment.objects.filter(
            dispatch_id=dispatch_id,
            part=Part.ASSIST,
            sign_off_due=None,
            state__in=[AssignmentState.ISSUED, AssignmentState.WORKING],
        )
    )
    if not asked:
        return
    due = _sign_off_due(matter)
    Assignment.objects.filter(pk__in=[each.pk for each in asked]).update(sign_off_due=due)
    publish(SignOffsAsked(actor, matter, tuple(asked)))


def _sign_off_due(matter: Matter) -> datetime:
    """By the county's own limit as its clock runs: from the next full hour. By the proposal from now."""
    now = clock.now()
    own = Binding()(matter.county, clock.today()).get(SIGN_OFF)
    if own is None:
        return now + timedelta(hours=all_limits()[SIGN_OFF].n)
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=own.n + 1)
