"""One division on a page of the system administrator: its villages, its grids, and what notices changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import divisions as flow
from fengqiao.kernel import clock
from fengqiao.places.models import Division
from fengqiao.places.queries import divisions as query
from fengqiao.places.queries.overview import villages
from fengqiao.web.desk.administration.division_forms import (
    EndDivisionForm,
    NewDivisionForm,
    RenameDivisionForm,
)
from fengqiao.web.desk.administration.grids import division_in_reach, done, version_of
from fengqiao.web.desk.administration.places import administrator
from fengqiao.web.kit.acting import actor_of_request

COUNTY, TOWN, VILLAGE = 3, 4, 5


@require_GET
def division(request: HttpRequest, code: str) -> HttpResponse:
    """A county, town or village with the grids that lie in it, page by page, and its changes."""
    actor = administrator(request)
    found = division_in_reach(actor, code)
    page = query.grids_of(found, after=request.GET.get("after", "")[:15])
    here = reverse("division", args=[code])
    context = {
        "division": found,
        "is_village": found.level == VILLAGE,
        "takes_lower": found.level in (COUNTY, TOWN) and found.valid_until is None,
        "is_kept": _is_kept(actor, found),
        "new_label": _new_label(found),
        "villages": villages(actor, code, clock.today()) if found.level == TOWN else None,
        "changes": query.changes_of(found),
        "rows": page.rows,
        "today": clock.today(),
        "next_href": f"{here}?{urlencode({'after': page.next_after})}" if page.next_after else "",
        "first_href": "" if page.is_first else here,
    }
    return render(request, "administration/division.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A town of a county or a village of a town that came into being."""
    actor = administrator(request)
    upper = division_in_reach(actor, code)
    form = NewDivisionForm(upper, request.POST if request.method == "POST" else None)
    if done(
        form,
        lambda: flow.add(
            actor=actor,
            upper=code,
            code=form.cleaned_data["code"],
            name=form.cleaned_data["name"],
            notice=form.to_notice(),
        ),
    ):
        messages.success(request, _("已新增：%(name)s。") % {"name": form.cleaned_data["name"]})
        return redirect("division", form.cleaned_data["code"].ljust(12, "0"))
    with scope(actor):
        return _page(request, "division_new", form, upper, title=_new_label(upper))


@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Another name, as the notice gives it."""
    actor = administrator(request)
    found = division_in_reach(actor, code)
    standing = {"version": found.version, "name": found.name}
    form = (
        RenameDivisionForm(request.POST) if request.method == "POST" else RenameDivisionForm(initial=standing)
    )
    if done(
        form,
        lambda: flow.rename(
            actor=actor,
            code=code,
            name=form.cleaned_data["name"],
            notice=form.to_notice(),
            version=form.cleaned_data["version"],
        ),
    ):
        messages.success(request, _("已改名。以前的名称留在变更记录里。"))
        return redirect("division", code)
    with scope(actor):
        return _page(request, "division_rename", form, found)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, code: str) -> HttpResponse:
    """The end of a division, merged into another or not."""
    actor = administrator(request)
    found = division_in_reach(actor, code)
    form = EndDivisionForm(
        actor,
        found,
        request.POST if request.method == "POST" else None,
        initial={"version": found.version},
    )
    if done(
        form,
        lambda: flow.end(
            actor=actor,
            code=code,
            into=form.cleaned_data["into"],
            notice=form.to_notice(),
            version=form.cleaned_data["version"],
        ),
    ):
        messages.success(request, _("已写明最后一天。以前的事项里仍看得到它。"))
        return redirect("division", code)
    with scope(actor):
        return _page(request, "division_end", form, found)


@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Takes the last day back, also of the grids that ended with it."""
    actor = actor_of_request(request)
    flow.reopen(actor=actor, code=code, version=version_of(request))
    messages.success(request, _("已恢复，可以再把事项登记在这里。"))
    return redirect("division", code)


def _is_kept(actor: Actor, division: Division) -> bool:
    """Counties come by command; an administrator's own division is changed by those above it."""
    return division.level >= TOWN and division.code != actor.division


def _new_label(upper: Division) -> str:
    return _("新增镇街") if upper.level == COUNTY else _("新增村居")


def _page(request: HttpRequest, name: str, form: forms.Form, division: Division, **more: Any) -> HttpResponse:
    context = {"form": form, "division": division} | more
    return render(request, f"administration/{name}.html", context, status=422 if form.is_bound else 200)
