"""Bulk work: ticked rows → what is to be done → what will and will not happen, and why → done, one by one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import bulk
from fengqiao.flows.bulk import Chosen, Outcome
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.enums import Action
from fengqiao.matters.models import Matter
from fengqiao.web.desk.matter.offers import FORMS
from fengqiao.web.kit.acting import actor_of_request


@require_http_methods(["GET", "POST"])
def bulk_work(request: HttpRequest, name: str) -> HttpResponse:
    """``stage`` says how far it is: nothing yet, ``preview`` (a rehearsal), ``confirm``."""
    actor = actor_of_request(request)
    if name not in Action.values:
        raise NotAllowed("no_such_action", _("没有这个动作。"))
    action = Action(name)
    bulk.check_may(actor, action)
    if request.method == "GET":
        # The address of a preview, opened again: what was ticked stands in no address.
        return redirect("my_work")
    chosen = _chosen(request)
    stage = request.POST.get("stage", "")
    if not chosen or len(chosen) > bulk.MOST:
        problem = (
            _("还没有选中事项。请先在列表里勾选。")
            if not chosen
            else _("一次最多 %(most)d 件，请分几次办理。") % {"most": bulk.MOST}
        )
        return _page(request, actor, action, chosen[: bulk.MOST], problem=problem, status=422)
    if not stage:
        return _page(request, actor, action, chosen)
    with scope(actor):
        form = _form(actor, action, request.POST)
        valid = form.is_valid()
    if not valid:
        return _page(request, actor, action, chosen, form=form, status=422)
    values = form.values()
    if stage == "confirm":
        done = bulk.carry_out(actor=actor, action=action, chosen=chosen, values=values)
        with scope(actor):
            return render(request, "bulk/report.html", {"action": action} | _told(done))
    # As they stand now: the versions that were looked at are asked when it is carried out.
    now = [Chosen(each.code) for each in chosen]
    outlook = bulk.preview(actor=actor, action=action, chosen=now, values=values)
    return _page(request, actor, action, chosen, form=form, outlook=outlook)


def _page(
    request: HttpRequest,
    actor: Actor,
    action: Action,
    chosen: list[Chosen],
    *,
    form: Any = None,
    outlook: list[Outcome] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    with scope(actor):
        if outlook is not None:
            _show_common(form, outlook)
        codes = [each.code for each in chosen]
        context: dict[str, Any] = {
            "action": action,
            "form": form or _form(actor, action, None),
            "codes": codes,
            "matters": list(Matter.objects.visible_to(actor).filter(code__in=codes).order_by("code")),
            "problem": problem,
            "previewed": outlook is not None,
        }
        if outlook is not None:
            # With the version that was rehearsed: what changes after it is reported and not forced.
            context |= _told(outlook)
            context["going"] = [f"{each.code}:{each.matter.version}" for each in context["through"]]
        return render(request, "bulk/bulk.html", context, status=status)


def _show_common(form: Any, outlook: list[Outcome]) -> None:
    """What is wrong with the words and not with a matter is said once, beside its field."""
    for each in outlook:
        if isinstance(each.refusal, Invalid):
            for field, sentence in each.refusal.errors.items():
                if not form.has_error(field if field in form.fields else None):
                    form.add_error(field if field in form.fields else None, str(sentence))


def _told(outcomes: list[Outcome]) -> dict[str, list[Outcome]]:
    return {
        "through": [each for each in outcomes if each.refusal is None],
        "kept_back": [each for each in outcomes if isinstance(each.refusal, Refusal)],
    }


def _form(actor: Actor, action: Action, data: Any) -> Any:
    """The form of the action for no matter in particular: one that the post's centre holds."""
    matter = Matter()
    if actor.centre_id is not None:
        matter.holder_id = actor.centre_id
    return FORMS[action](data, actor=actor, matter=matter)


def _chosen(request: HttpRequest) -> list[Chosen]:
    """The ticked codes, each once, in order; after a preview with the version that was looked at."""
    found: dict[str, Chosen] = {}
    for each in request.POST.getlist("chosen"):
        code, _colon, version = each.replace("\x00", "").partition(":")
        found[code] = Chosen(code, int(version) if version.isdecimal() and len(version) < 10 else None)
    return list(found.values())
