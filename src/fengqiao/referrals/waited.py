"""What is waited for of referrals: answers by the day that both agreed on, and results that go back by such a day.

What a court hands in has a limit of its own, which the clocks chase: it is none of these.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from fengqiao.clocks.domain.agreed_days import Waited, When, whole_day
from fengqiao.clocks.enums import AgreedDay
from fengqiao.clocks.queries.going_on import GOES_ON, NOT_SETTLED
from fengqiao.referrals.enums import OPEN
from fengqiao.referrals.models import Referral
from fengqiao.rules.queries.referral_kinds import all_kinds

WHERE = "referrals_days_due"


def _open() -> QuerySet[Referral, Any]:
    return Referral.objects.filter(state__in=OPEN, answer_by__isnull=False)


def _asked() -> QuerySet[Referral, Any]:
    return _open().filter(NOT_SETTLED, kind__in=[each.id for each in all_kinds().values() if each.is_out])


def _handed_in() -> QuerySet[Referral, Any]:
    kinds = [each.id for each in all_kinds().values() if not each.is_out and not each.limits]
    return _open().filter(GOES_ON, kind__in=kinds)


def _when(referral: Any) -> When:
    return whole_day(referral.answer_by, referral.recorded_at)


ANSWERS = Waited(kind=AgreedDay.ANSWER, where=WHERE, field="answer_by", rows=_asked, when=_when)
HANDED_IN = Waited(kind=AgreedDay.HANDED_IN, where=WHERE, field="answer_by", rows=_handed_in, when=_when)
