"""The system administrator's screen: divisions, centres, departments."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.policies import may_keep_places
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.places.queries import overview as query
from fengqiao.web.desk.administration.forms import PlacesForm
from fengqiao.web.kit.acting import actor_of_request


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Divisions: counties and towns, each town opening into its villages; or what was looked for."""
    actor = administrator(request)
    today = clock.today()
    form = asked_for(request)
    text = form.cleaned_data["q"]
    context: dict[str, Any] = {"part": "divisions"}
    if text:
        context["hits"], context["more"] = query.search(actor, text, today)
    else:
        context["tree"] = query.tree(actor, today)
    return screen(request, actor, form, "administration/divisions.html", context)


@require_GET
def villages(request: HttpRequest, code: str) -> HttpResponse:
    """The villages of one town: a part of the page, fetched when the town is opened."""
    actor = administrator(request)
    town = query.town(actor, code)
    if town is None:
        raise Http404
    rows = query.villages(actor, code, clock.today())
    template = (
        "administration/villages.html" if request.headers.get("HX-Request") else "administration/town.html"
    )
    return render(request, template, {"town": town, "rows": rows, "today": clock.today()})


@require_GET
def centres(request: HttpRequest) -> HttpResponse:
    """Centres with their level, the centre above, and who is present (7+N)."""
    actor = administrator(request)
    form = asked_for(request)
    found, more = query.centres(actor, form.cleaned_data["q"])
    rows = [{"centre": centre, "present": query.residents(centre)} for centre in found]
    context = {"part": "centres", "rows": rows, "more": more}
    return screen(request, actor, form, "administration/centres.html", context)


@require_GET
def departments(request: HttpRequest) -> HttpResponse:
    """Departments with their kind and the divisions that they serve."""
    actor = administrator(request)
    form = asked_for(request)
    rows, more = query.departments(actor, form.cleaned_data["q"], form.cleaned_data.get("kind", ""))
    context = {"part": "departments", "rows": rows, "more": more}
    return screen(request, actor, form, "administration/departments.html", context)


def administrator(request: HttpRequest) -> Actor:
    actor = actor_of_request(request)
    if not may_keep_places(actor):
        raise NotAllowed("post_may_not_keep_places", _("区划与机构由系统管理员管理。"))
    return actor


def asked_for(request: HttpRequest) -> PlacesForm:
    form = PlacesForm({"q": request.GET.get("q", "").strip(), "kind": request.GET.get("kind", "")})
    form.is_valid()
    form.cleaned_data.setdefault("q", "")
    return form


def screen(
    request: HttpRequest, actor: Actor, form: PlacesForm, template: str, context: dict[str, Any]
) -> HttpResponse:
    totals = query.totals(actor, clock.today())
    asked = {"q": form.cleaned_data["q"]} if form.cleaned_data["q"] else {}
    context |= {
        "form": form,
        "asked": bool(asked or form.cleaned_data.get("kind")),
        "most": query.MOST,
        "today": clock.today(),
        "numbers": [
            {"value": value, "label": label, "href": reverse(name)}
            for value, label, name in (
                (totals.towns, pgettext("几个", "镇街"), "places"),
                (totals.villages, pgettext("几个", "村居"), "places"),
                (totals.grids, _("网格"), "places"),
                (totals.centres, _("综治中心"), "places_centres"),
                (totals.departments, _("部门"), "places_departments"),
            )
        ],
        "parts": [
            {
                "name": name,
                "label": label,
                "href": f"{reverse(url)}?{urlencode(asked)}" if asked else reverse(url),
            }
            for name, label, url in (
                ("divisions", _("区划与网格"), "places"),
                ("centres", _("综治中心"), "places_centres"),
                ("departments", _("部门"), "places_departments"),
                ("people", _("人员"), "places_people"),
            )
        ],
        "here": reverse({"divisions": "places"}.get(context["part"], f"places_{context['part']}")),
    }
    return render(request, template, context)
