"""How departments answered the calls, as those who called scored it; each number opens into its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch.domain.scoring import ENDED, SCORED_WITHIN
from fengqiao.dispatch.models import Call, CallScore
from fengqiao.dispatch.models.score import HIGHEST, LOWEST
from fengqiao.dispatch.policies import called_by, scores_visible_to, whistles_visible_to
from fengqiao.kernel import clock

SCORES = range(HIGHEST, LOWEST - 1, -1)
SHOWN = 100


@dataclass(frozen=True)
class Tally:
    """A number of scores and their sum; ``mean`` is None where there are none."""

    number: int = 0
    total: int = 0

    @property
    def mean(self) -> float | None:
        return self.total / self.number if self.number else None


@dataclass(frozen=True)
class OfDepartment:
    """One department: all its scores in the time, how many of each, and month by month."""

    department_id: UUID
    name: str
    all: Tally
    of_each: dict[int, int]
    by_month: dict[date, Tally] = field(default_factory=dict)


def scored(
    actor: Actor,
    *,
    since: date,
    until: date,
    department: UUID | None = None,
    score: int | None = None,
) -> QuerySet[CallScore]:
    """The scores of calls made from one day to another (Asia/Shanghai, inclusive) that the post sees."""
    found = scores_visible_to(actor).filter(
        call__called_at__gte=_start(since), call__called_at__lt=_start(until + timedelta(days=1))
    )
    if department is not None:
        found = found.filter(call__department_id=department)
    if score is not None:
        found = found.filter(score=score)
    return found


def rows(found: QuerySet[CallScore]) -> list[CallScore]:
    """The newest of them with all that a row shows."""
    with_all = found.select_related("by", "call__department", "call__whistle__centre", "matter")
    return list(with_all.order_by("-call__called_at", "-id")[:SHOWN])


def all_of(found: QuerySet[CallScore]) -> Tally:
    """How many there are, and their sum."""
    told = found.order_by().aggregate(number=Count("pk"), total=Sum("score"))
    return Tally(told["number"], told["total"] or 0)


def by_department(actor: Actor, *, since: date, until: date) -> list[OfDepartment]:
    """Every department that was scored in the time, by name (two statements)."""
    found = scored(actor, since=since, until=until).order_by()
    counted = {f"of_{n}": Count("pk", filter=Q(score=n)) for n in SCORES}
    sums: Any = found.values("call__department_id", "call__department__short_name").annotate(
        number=Count("pk"), total=Sum("score"), **counted
    )
    monthly = found.values(
        "call__department_id", month=TruncMonth("call__called_at", tzinfo=clock.SHANGHAI)
    ).annotate(number=Count("pk"), total=Sum("score"))
    months: dict[UUID, dict[date, Tally]] = {}
    for each in monthly:
        of = months.setdefault(each["call__department_id"], {})
        of[each["month"].date()] = Tally(each["number"], each["total"])
    return [
        OfDepartment(
            department_id=each["call__department_id"],
            name=each["call__department__short_name"],
            all=Tally(each["number"], each["total"]),
            of_each={n: each[f"of_{n}"] for n in SCORES},
            by_month=months.get(each["call__department_id"], {}),
        )
        for each in sums.order_by("call__department__short_name", "call__department_id")
    ]


def calls_to_score(actor: Actor) -> QuerySet[Call]:
    """The calls that this person made in this post, that have ended and may still be scored; oldest first."""
    if actor.centre_id is None:
        return Call.objects.none()
    scores = CallScore.objects.filter(call_id=OuterRef("pk"), replaced_at=None)
    return (
        Call.objects.filter(
            called_by(actor),
            ~Exists(scores),
            county__in=actor.counties,
            whistle__in=whistles_visible_to(actor).values("pk"),
            invitation=False,
            state__in=ENDED,
            done_at__gte=clock.now() - SCORED_WITHIN,
        )
        .select_related("department", "whistle")
        .order_by("done_at", "id")
    )


def months_between(since: date, until: date) -> Iterable[date]:
    """The first days of the months from one day to another."""
    month = since.replace(day=1)
    while month <= until:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.SHANGHAI)
