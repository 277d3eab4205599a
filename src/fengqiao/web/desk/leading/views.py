"""The list of key matters and old petition matters: what is to be looked at first, and by whom."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fengqiao.accounts.actor import Actor
from fengqiao.leading.enums import KeyKind
from fengqiao.leading.models import KeyMatter
from fengqiao.leading.policies import check_may_read_the_list
from fengqiao.leading.queries import key_matters as query
from fengqiao.rules.queries.key_matters import all_grounds
from fengqiao.web.kit.acting import actor_of_request

MOST = 100


@require_GET
def key_matters(request: HttpRequest) -> HttpResponse:
    """All that are listed, of one list or of both; those first whose next look is due first."""
    actor = actor_of_request(request)
    check_may_read_the_list(actor)
    kind = request.GET.get("kind", "")
    found = query.on_the_list(actor)
    if kind in KeyKind.values:
        found = found.filter(kind=kind)
    rows = list(found[: MOST + 1])
    shown = [row(actor, each) for each in rows[:MOST]]
    context = {
        "kinds": [("", "", not kind), *((each.value, each.label, each == kind) for each in KeyKind)],
        "mine": [each for each in shown if each["mine"]],
        "others": [each for each in shown if not each["mine"]],
        "more": len(rows) > MOST,
    }
    return render(request, "leading/key_matters.html", context)


def row(actor: Actor, key: KeyMatter) -> dict[str, Any]:
    """One listed matter as a row of a list."""
    ground = all_grounds().get(key.ground)
    charge = next(iter(key.now_in_charge), None)  # type: ignore[attr-defined]
    return {
        "key": key,
        "matter": key.matter,
        "ground": ground.name if ground else key.ground,
        "light": query.look_light(key),
        "charge": charge,
        "mine": charge is not None and charge.person_id == actor.person_id,
    }
