"""The system administrator adds, amends, ends and reopens grids; a division's page lists them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import grids as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.places.models import Division, Grid
from fengqiao.places.queries import divisions as query
from fengqiao.web.desk.administration.grid_forms import GridForm, LastDayForm, NewGridForm
from fengqiao.web.desk.administration.places import administrator
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import show_refusal


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A grid of a village that there was not; its number is offered."""
    actor = administrator(request)
    village = division_in_reach(actor, code)
    if request.method == "POST":
        form = NewGridForm(request.POST)
    else:
        offered = {"number": query.next_number(code), "since": max(clock.today(), village.valid_from)}
        form = NewGridForm(initial=offered)
    if done(form, lambda: flow.add(actor=actor, village=code, new=form.to_details())):
        messages.success(request, _("已新增：%(name)s。") % {"name": form.cleaned_data["name"]})
        return redirect("division", code)
    with scope(actor):
        return _page(request, "grid_new", form, village=village)


@require_http_methods(["GET", "POST"])
def grid(request: HttpRequest, code: str) -> HttpResponse:
    """One grid, to read and to amend."""
    actor = administrator(request)
    found = _found(actor, code)
    standing = {"version": found.version, "name": found.name, "since": found.valid_from}
    form = GridForm(request.POST) if request.method == "POST" else GridForm(initial=standing)
    if done(
        form,
        lambda: flow.amend(
            actor=actor, code=code, new=form.to_details(), version=form.cleaned_data["version"]
        ),
    ):
        messages.success(request, _("已保存。"))
        return redirect("grid", code)
    with scope(actor):
        return _page(request, "grid", form, grid=found, village=found.division)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, code: str) -> HttpResponse:
    """The last day of a grid."""
    actor = administrator(request)
    found = _found(actor, code)
    standing = {"version": found.version, "until": clock.today()}
    form = LastDayForm(request.POST) if request.method == "POST" else LastDayForm(initial=standing)
    if done(form, lambda: flow.end(actor=actor, code=code, **form.cleaned_data)):
        messages.success(request, _("已写明最后一天。以前的事项里仍看得到它。"))
        return redirect("grid", code)
    with scope(actor):
        return _page(request, "grid_end", form, grid=found, village=found.division)


@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Takes the last day back."""
    actor = actor_of_request(request)
    flow.reopen(actor=actor, code=code, version=version_of(request))
    messages.success(request, _("已恢复，可以再把事项登记在这里。"))
    return redirect("grid", code)


def done(form: forms.Form, write: Callable[[], Any]) -> bool:
    """Whether a form that was sent is written; a refusal stands beside its field."""
    if not (form.is_bound and form.is_valid()):
        return False
    try:
        write()
    except NotAllowed:
        raise
    except Refusal as refusal:
        show_refusal(form, refusal)
        return False
    return True


def version_of(request: HttpRequest) -> int:
    """The version that a button was drawn for."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def division_in_reach(actor: Actor, code: str) -> Division:
    """A division that the administrator keeps, also one that ended; raises ``NotAllowed``."""
    found = query.divisions_in_reach(actor).select_related("parent").filter(pk=code).first()
    if found is None:
        raise NotAllowed("division_not_found", _("您管理的范围内没有这个区划。"))
    return found


def _found(actor: Actor, code: str) -> Grid:
    found = query.grids_in_reach(actor).select_related("division").filter(pk=code).first()
    if found is None:
        raise NotAllowed("grid_not_found", _("您管理的范围内没有这个网格。"))
    return found


def _page(request: HttpRequest, name: str, form: forms.Form, **more: Any) -> HttpResponse:
    context = {"form": form, "today": clock.today()} | more
    return render(request, f"administration/{name}.html", context, status=422 if form.is_bound else 200)
