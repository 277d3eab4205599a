"""Of which matters agreed days are still waited for: conditions on rows that have a ``matter``."""

from __future__ import annotations

from django.db.models import Q

from fengqiao.matters.enums import OPEN_STATES, Outcome
from fengqiao.matters.steps import BEFORE_SETTLED

# For what outlives the settlement (a term, a court), and for what does not (an answer).
GOES_ON = Q(matter__state__in=OPEN_STATES) & ~Q(matter__outcome__in=(Outcome.WITHDRAWN, Outcome.MERGED))
NOT_SETTLED = Q(matter__state__in=BEFORE_SETTLED)
