"""On a matter's page: whether it is listed, who is in charge, what was looked at; and the forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import leading as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.leading.enums import KeyAction
from fengqiao.leading.models import KeyMatter
from fengqiao.leading.policies import check_may, may_recommend
from fengqiao.leading.queries import instructions as given
from fengqiao.leading.queries import key_matters, recommendations
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.key_matters import all_grounds
from fengqiao.web.desk.leading import instructions
from fengqiao.web.desk.leading.dialogs import DOOR, dialog
from fengqiao.web.desk.leading.forms import KEY_FORMS, ListForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG


@require_GET
def section(request: HttpRequest, code: str) -> HttpResponse:
    """The section alone for the page that asks for it, a page of its own for whoever has no script."""
    actor = actor_of_request(request)
    matter = opened(actor, code, door=DOOR)
    listed = key_matters.of_matter(actor, matter)
    context = {
        "matter": matter,
        "keys": [_shown(actor, matter, each) for each in listed],
        "list_href": reverse("key_list", args=[code]) if key_matters.may_list(actor, matter, listed) else "",
    }
    may_send = may_recommend(actor, matter)
    context |= {
        "instructions": [instructions.shown(actor, matter, each) for each in given.of_matter(actor, matter)],
        "give_href": reverse("instruction_give", args=[code]) if given.may_give(actor, matter) else "",
        "recommendations": recommendations.of_matter(actor, matter),
        "may_recommend": may_send,
        "send_href": reverse("recommendation_send", args=[code])
        if may_send and matter.state != State.ARCHIVED
        else "",
    }
    whole = "HX-Request" not in request.headers
    return render(request, "leading/of_matter_page.html" if whole else "leading/of_matter.html", context)


@require_http_methods(["GET", "POST"])
def list_matter(request: HttpRequest, code: str) -> HttpResponse:
    """A leader puts the matter on the list."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        check_may(actor, KeyAction.LIST, matter)
        form = ListForm(matter, request.POST or None, auto_id=IN_DIALOG)

    def act(values: dict[str, Any]) -> None:
        flow.list_matter(actor=actor, matter_id=matter.pk, **values)

    return dialog(request, actor, matter, form=form, title=_("列为重点案件或信访积案"), act=act)


@require_http_methods(["GET", "POST"])
def key_step(request: HttpRequest, code: str, key_id: UUID, action: str) -> HttpResponse:
    """Who is in charge is named; somebody looked, visited, or takes it off the list."""
    actor = actor_of_request(request)
    if action not in KEY_FORMS:
        raise NotAllowed("no_such_action", _("没有这个动作。"))
    verb = KeyAction(action)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        key = next((each for each in key_matters.of_matter(actor, matter) if each.pk == key_id), None)
        if key is None:
            raise NotAllowed("key_matter_not_found", _("清单上没有这件事项，或您的岗位看不到它。"))
        charge = next((each for each in key.charges.all() if each.until is None), None)
        check_may(actor, verb, matter, key, charge)
        form = KEY_FORMS[verb](
            matter, request.POST or None, auto_id=IN_DIALOG, initial={"day": clock.today()}
        )

    def act(values: dict[str, Any]) -> None:
        flow.act_on_key(actor=actor, matter_id=matter.pk, key_matter_id=key_id, action=verb, **values)

    return dialog(request, actor, matter, form=form, title=str(verb.label), act=act)


def _shown(actor: Actor, matter: Matter, key: KeyMatter) -> dict[str, Any]:
    """One listing: why and since when, who is and was in charge, each look, and what the post may do now."""
    ground = all_grounds().get(key.ground)
    charges = list(key.charges.all())
    return {
        "key": key,
        "ground": ground,
        "light": key_matters.look_light(key),
        "in_charge": next((each for each in charges if each.until is None), None),
        "before": [each for each in charges if each.until is not None],
        "looks": list(key.looks.all()),
        "actions": [
            {"label": action.label, "href": reverse("key_step", args=[matter.code, key.pk, action])}
            for action in key_matters.actions_of(actor, matter, key)
        ],
    }
