"""Registration: one screen for one breath."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import WINDOW_POSTS
from fengqiao.accounts.scope import scope
from fengqiao.flows.registering import AtOnce, at_the_window
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.policies import may_register
from fengqiao.matters.queries.similar import similar_to
from fengqiao.matters.steps import DESK, DIRECTING
from fengqiao.web.desk.registering.forms import Registration
from fengqiao.web.kit import choices
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import ask_files_again, uploads_of


def register(request: HttpRequest) -> HttpResponse:
    """The empty screen, and the taking in of what was typed on it."""
    actor = actor_of_request(request)
    if not may_register(actor):
        raise NotAllowed("post_may_not_register", _("您的岗位不负责登记事项。"))
    if request.method != "POST":
        return _screen(request, actor, Registration(actor))
    with scope(actor):
        typed = Registration(actor, request.POST, request.FILES)
        valid = typed.is_valid()
        at_once = _at_once(request, typed) if valid else AtOnce()
        valid = valid and not typed.form.errors
    if valid:
        try:
            matter = at_the_window(
                actor=actor,
                new=typed.new_matter(),
                form_token=typed.form.cleaned_data["token"],
                links=_links(request),
                uploads=uploads_of(typed.form),
                at_once=at_once,
            )
        except Refusal as refusal:
            typed.show(refusal)
        else:
            messages.success(request, _("已登记，编号 %(code)s。") % {"code": matter.code})
            return redirect("matter", code=matter.code)
    ask_files_again(typed.form)
    with scope(actor):
        return _screen(request, actor, typed, status=422)


@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """Open matters of the same party or place, while the form is being filled. Sent in the body: the numbers
    that are looked up stand in no address and no log."""
    actor = actor_of_request(request)
    given = request.POST
    rows = range(min(int(given.get("parties-TOTAL_FORMS") or 0), 20))
    with scope(actor):
        found = similar_to(
            actor,
            identities=[given.get(f"parties-{n}-identity", "") for n in rows],
            phones=[given.get(f"parties-{n}-{name}", "") for n in rows for name in ("phone", "phone2")],
            division=given.get("division", ""),
            address=given.get("address", ""),
        )
        return render(
            request, "registering/similar.html", {"found": found, "chosen": {str(i) for i in _links(request)}}
        )


@require_GET
def grids(request: HttpRequest) -> HttpResponse:
    """The grids of the village that was chosen."""
    offered = choices.grid_choices(request.GET.get("division", ""))
    return render(request, "registering/grids.html", {"offered": offered})


def _screen(request: HttpRequest, actor: Actor, typed: Registration, status: int = 200) -> HttpResponse:
    context = {
        "typed": typed,
        "form": typed.form,
        "may_accept": actor.role in DESK | DIRECTING,
        "may_settle": actor.role in WINDOW_POSTS,
        "chosen": {str(each) for each in _links(request)},
    }
    return render(request, "registering/register.html", context, status=status)


def _at_once(request: HttpRequest, typed: Registration) -> AtOnce:
    data, then = typed.form.cleaned_data, request.POST.get("then", "")
    if then == "settle":
        if not data["result"]:
            typed.form.add_error("result", _("请写明当场处理的结果。"))
            return AtOnce()
        return AtOnce(
            accept=True, result=data["result"], performance_due=data["performance_due"], basis=data["basis"]
        )
    return AtOnce(accept=then == "accept")


def _links(request: HttpRequest) -> list[UUID]:
    found = []
    for raw in request.POST.getlist("links")[:10]:
        try:
            found.append(UUID(raw))
        except ValueError:
            continue
    return found
