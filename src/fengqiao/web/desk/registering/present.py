"""Who is there today, beside the registration: to whom the window can send somebody at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import WINDOW_POSTS, Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.policies import may_register
from fengqiao.mediation.enums import SittingState
from fengqiao.mediation.queries.days import busy_on
from fengqiao.places.enums import ResidenceMode
from fengqiao.places.queries.present import residing_at, stationed_at
from fengqiao.pool.models import Talent
from fengqiao.pool.queries.rooms import open_now
from fengqiao.pool.queries.roster import duty
from fengqiao.web.kit.acting import actor_of_request


@require_GET
def present(request: HttpRequest) -> HttpResponse:
    """Lawyers by roster, mediators with their next talk, officers of the window posts, departments, rooms."""
    actor = actor_of_request(request)
    if not may_register(actor) or actor.centre_id is None:
        raise NotAllowed("post_may_not_register", _("您的岗位不负责登记事项。"))
    with scope(actor):
        context = _people(actor, actor.centre_id) | {
            "lawyers": _lawyers(actor.centre_id),
            "rooms": open_now(actor.centre_id),
        }
        whole = "HX-Request" not in request.headers
        template = "registering/present_page.html" if whole else "registering/present.html"
        return render(request, template, context)


def _lawyers(centre_id: UUID) -> list[dict[str, Any]]:
    """Who sits there now or will today; the desk reads every name."""
    moment = clock.now().astimezone(clock.SHANGHAI)
    today = duty(moment.date(), centre_id=centre_id)[moment.date()]
    coming = [each for each in today if moment.time() < each.ends]
    found = Talent.objects.filter(pk__in={each.lawyer_id for each in coming})
    names = dict(found.values_list("pk", "name")) if coming else {}
    return [
        {"name": names.get(each.lawyer_id, ""), "hours": each, "now": each.covers(moment.time())}
        for each in coming
    ]


def _people(actor: Actor, centre_id: UUID) -> dict[str, Any]:
    today = clock.today()
    posts = stationed_at(centre_id, [Role.MEDIATOR, *WINDOW_POSTS], today)
    talks = busy_on(actor, today)
    mediators: list[dict[str, Any]] = [
        {"name": each.person.name, "talk": talks.get(each.person_id)}
        for each in posts
        if each.post.role == Role.MEDIATOR
    ]
    for each in mediators:
        talk = each["talk"]
        each["talking"] = talk is not None and talk.state == SittingState.RUNNING
        each["order"] = 2 if each["talking"] else 1 if talk else 0
    residing = residing_at(centre_id)
    return {
        # Who is free stands first: that is who one looks for.
        "mediators": sorted(mediators, key=lambda each: (each["order"], each["name"])),
        "officers": [each for each in posts if each.post.role != Role.MEDIATOR],
        "resident": residing.get(ResidenceMode.RESIDENT, []),
        "rotating": residing.get(ResidenceMode.ROTATING, []),
    }
