"""A mediator's day: talks up to the next working day, what to prepare, what to sign, what falls due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.queries.agreements import drafts_of, owed_at
from fengqiao.clocks.enums import AgreedDay
from fengqiao.clocks.queries.agreed_days import coming, next_worked
from fengqiao.clocks.queries.due import DueFilter, clocks_due, whose_limits
from fengqiao.clocks.queries.going_on import GOES_ON
from fengqiao.clocks.queries.telling import Shown, as_shown
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.mediation.policies import check_may_see_days
from fengqiao.mediation.queries.days import Coming, mediations_at, talks_to_come
from fengqiao.mediation.queries.evidence import awaited
from fengqiao.web.desk.agreements.views import described, lacking_in_words
from fengqiao.web.kit.acting import actor_of_request

MOST = 50
SOON = timedelta(days=7)
# Terms and talks have sections of their own.
ELSEWHERE = (AgreedDay.TERM, AgreedDay.TALK)


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The mediator's own day; for who leads or plans at the centre, the day of each of its mediators."""
    actor = actor_of_request(request)
    check_may_see_days(actor)
    own = actor.role is Role.MEDIATOR
    person = actor.person_id if own else None
    day = clock.today()
    with scope(actor):
        mediations = mediations_at(actor, person)
        matters = Matter.objects.filter(pk__in=mediations.values("matter_id"))
        # Before days off the next working day is to be prepared too, as the notice of its talks says.
        talks = talks_to_come(actor, next_worked(day, actor.county), person)
        owed = owed_at(actor, until=day + SOON).filter(GOES_ON, agreement__mediation__in=mediations)
        drafts = drafts_of(mediations, most=MOST)
        context = {
            "own": own,
            "day": day,
            "groups": _groups(talks, own=own),
            "awaited": list(awaited(mediations, until=day + SOON)[:MOST]),
            "drafts": [{"shown": each, "lacking": lacking_in_words(each)} for each in drafts],
            "terms": [described(each) for each in owed.prefetch_related("notes")[:MOST]],
            "clocks": _limits(actor, mediations.values("matter_id")),
            "agreed": coming(matters, day + SOON, without=ELSEWHERE, most=MOST),
        }
        return render(request, "mediation/today.html", context)


def _limits(actor: Actor, matters: Any) -> list[Shown]:
    """Limits of the mediated matters that end within the week or have ended, what ends first being first."""
    wanted = DueFilter(whose=whose_limits(actor, ""), last=clock.today() + SOON)
    found = clocks_due(actor, wanted).filter(matter_id__in=matters)
    rows = found.select_related("matter", "centre", "department", "party").order_by("due_at", "pk")
    return [as_shown(each) for each in rows[:MOST]]


def _groups(talks: Iterable[Coming], *, own: bool) -> list[dict[str, Any]]:
    """By mediator where it is a centre's day, and then by day; who is not decided yet stands last."""
    found: dict[UUID | None, dict[str, Any]] = {}
    for each in talks:
        mediator = each.sitting.mediation.mediator
        key = None if own or mediator is None else mediator.pk
        name = "" if own else mediator.name if mediator else _("还没有确定调解员")
        group = found.setdefault(key, {"name": name, "days": {}})
        group["days"].setdefault(_day_of(each), []).append(each)
    named = sorted((key is None, group["name"], group["days"]) for key, group in found.items())
    return [{"name": name, "days": list(days.items())} for _last, name, days in named]


def _day_of(talk: Coming) -> str:
    """Under which heading a talk stands."""
    if talk.is_late:
        return _("先前安排、还没有谈的")
    day = localdate(talk.sitting.planned_at, clock.SHANGHAI)
    if day <= clock.today() + timedelta(days=1):
        return _("今天") if day == clock.today() else _("明天")
    return date_format(day)
