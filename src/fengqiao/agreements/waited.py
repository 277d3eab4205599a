"""What is waited for under agreements: the day of each term that is still owed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from fengqiao.agreements.enums import OWED
from fengqiao.agreements.models import Term
from fengqiao.clocks.counting import midnight_after
from fengqiao.clocks.domain.agreed_days import Waited, When, whole_day
from fengqiao.clocks.enums import AgreedDay
from fengqiao.clocks.queries.going_on import GOES_ON


def _owed() -> QuerySet[Term, Any]:
    return Term.objects.filter(GOES_ON, state__in=OWED, due__isnull=False).select_related("agreement")


def _when(term: Any) -> When:
    """Who lets an agreement take effect knows what falls due on that day."""
    effective = term.agreement.effective_on
    return whole_day(term.due, midnight_after(effective) if effective else None)


TERMS = Waited(kind=AgreedDay.TERM, where="agreements_days_due", field="due", rows=_owed, when=_when)
