"""The security administrator issues and ends machine clients; a secret is shown once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import machines as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.places.enums import MachineScope
from fengqiao.places.models import MachineClient
from fengqiao.places.queries import machines as query
from fengqiao.places.queries.acting import place_label
from fengqiao.places.queries.people import is_running
from fengqiao.web.desk.administration import told_once
from fengqiao.web.desk.administration.forms import MachineForm
from fengqiao.web.desk.administration.people import administrator
from fengqiao.web.kit.forms import show_refusal

ISSUED = "issued"


@require_GET
def machines(request: HttpRequest) -> HttpResponse:
    """All clients of the administrator's division, newest first."""
    actor = administrator(request)
    page = query.page(actor, cursor=request.GET.get("cursor", ""))
    here = reverse("machines")
    context = {
        "rows": [_row(each) for each in page.rows],
        "next_href": f"{here}?{urlencode({'cursor': page.next_cursor})}" if page.next_cursor else "",
        "first_href": "" if page.is_first else here,
    }
    return render(request, "administration/machines.html", context)


@require_http_methods(["GET", "POST"])
def issue_machine(request: HttpRequest) -> HttpResponse:
    """A new client; its secret stands on the next page, once."""
    actor = administrator(request)
    form = MachineForm(actor, request.POST) if request.method == "POST" else MachineForm(actor)
    if form.is_bound and form.is_valid():
        try:
            made, secret = flow.issue(actor=actor, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            told_once.keep(request.session, about=made.pk, done=ISSUED, secret=secret)
            return redirect("machine", made.pk)
    with scope(actor):
        context = {"form": form, "has_posts": bool(form.posts)}
        return render(
            request, "administration/machine_issue.html", context, status=422 if form.is_bound else 200
        )


@require_GET
def machine(request: HttpRequest, machine_id: UUID) -> HttpResponse:
    """One client: its post, what it may do, and its end."""
    actor = administrator(request)
    _done, secret = told_once.take(request.session, about=machine_id)
    return _machine(request, actor, machine_id, secret=secret)


@require_POST
def end_machine(request: HttpRequest, machine_id: UUID) -> HttpResponse:
    """Ends it at once."""
    actor = administrator(request)
    try:
        flow.end(actor=actor, machine_id=machine_id)
    except NotAllowed:
        raise
    except Refusal as refusal:
        with scope(actor):
            return _machine(request, actor, machine_id, refusal=refusal)
    return redirect("machine", machine_id)


def _machine(
    request: HttpRequest,
    actor: Actor,
    machine_id: UUID,
    *,
    secret: str | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    found = query.machines_in_reach(actor).filter(pk=machine_id).first()
    if found is None:
        raise NotAllowed("machine_not_found", _("您管理的范围内没有这个系统对接。"))
    context = {
        "row": _row(found),
        "secret": secret,
        "refusal": refusal,
        "token_address": request.build_absolute_uri(reverse("machine_token")),
    }
    return render(request, "administration/machine.html", context, status=refusal.status if refusal else 200)


def _row(each: MachineClient) -> dict[str, Any]:
    held, granted = each.stationing, each.client.get_scopes()
    return {
        "machine": each,
        "place": place_label(held),
        "account": held.person,
        "scopes": [scope_ for scope_ in MachineScope if scope_ in granted],
        "last_token_at": getattr(each, "last_token_at", None),
        "is_over": each.ended_at is not None,
        "has_post": is_running(held, clock.today()),
    }
