"""When lawyers sit at the centres, for everybody: hours, and the names of those who agreed. No telephone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fengqiao.accounts.marks import without_post
from fengqiao.accounts.scope import visiting
from fengqiao.kernel import clock
from fengqiao.kernel.clock import SHANGHAI
from fengqiao.places.models import Centre
from fengqiao.pool.queries.roster import duty
from fengqiao.web.kit.hours import DAYS

WEEK = 7


@without_post
@require_GET
def lawyers(request: HttpRequest) -> HttpResponse:
    """Who sits where now, and in the seven days that follow."""
    moment = clock.now().astimezone(SHANGHAI)
    today = moment.date()
    with visiting():
        week = duty(today, until=today + timedelta(days=WEEK - 1))
        wanted = {each.centre_id for sitting in week.values() for each in sitting}
        centres = list(Centre.objects.filter(pk__in=wanted).order_by("division_id"))
    names = dict(DAYS)
    rows: list[dict[str, Any]] = [
        {
            "centre": centre.name,
            "now": [
                each for each in week[today] if each.centre_id == centre.pk and each.covers(moment.time())
            ],
            "days": [
                {
                    "day": day,
                    "weekday": names[str(day.isoweekday())],
                    "hours": [each for each in sitting if each.centre_id == centre.pk],
                }
                for day, sitting in week.items()
                if any(each.centre_id == centre.pk for each in sitting)
            ],
        }
        for centre in centres
    ]
    return render(request, "portal/lawyers.html", {"rows": rows})
