"""Direct reports on a matter's page: whether one is due, what was sent, who has read it, and the forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import reporting as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import Matter
from fengqiao.reporting.enums import ReportAction
from fengqiao.reporting.queries import reports
from fengqiao.web.desk.reporting.forms import DeclineForm, LaterForm, WriteForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG, show_refusal


def context(actor: Actor, matter: Matter) -> dict[str, Any] | None:
    """What the section shows; None where nothing was reported, nothing is due and the post does not write."""
    found = reports.of_matter(actor, matter)
    if not found.reports and not found.due and not found.may_write:
        return None
    return {
        "found": found,
        # Else the way to write one stands among the other actions.
        "is_shown": bool(found.reports) or found.due,
        "reports": found.reports,
        "actions": _actions(matter, found),
        "row": found.proposal.answer.row if found.proposal and found.due else None,
        "version": found.proposal.table.version_in_words if found.proposal else "",
    }


def _actions(matter: Matter, found: reports.OfMatter) -> list[dict[str, str]]:
    if not found.may_write:
        return []
    if found.running is not None:
        return [
            {
                "label": str(action.label),
                "href": reverse("report_go_on", args=[matter.code, found.running.pk, action]),
            }
            for action in (ReportAction.FOLLOW_UP, ReportAction.END)
        ]
    offered = [ReportAction.WRITE, *([ReportAction.DECLINE] if found.due else [])]
    return [
        {"label": str(each.label), "href": reverse(f"report_{each}", args=[matter.code])} for each in offered
    ]


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, code: str) -> HttpResponse:
    """The first report; whom the row of the table names is chosen already."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door="report")
        initial = {"receivers": reports.receivers_of(reports.proposed(actor, matter))}
    form = WriteForm(request.POST or None, auto_id=IN_DIALOG, initial=initial)
    return _dialog(
        request,
        actor,
        matter,
        form,
        ReportAction.WRITE,
        lambda values: flow.write(actor=actor, matter_id=matter.pk, **values),
    )


@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """Why nothing is reported although the table says so."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door="report")
    form = DeclineForm(request.POST or None, auto_id=IN_DIALOG)
    return _dialog(
        request,
        actor,
        matter,
        form,
        ReportAction.DECLINE,
        lambda values: flow.decline(actor=actor, matter_id=matter.pk, **values),
    )


@require_http_methods(["GET", "POST"])
def go_on(request: HttpRequest, code: str, report_id: UUID, action: str) -> HttpResponse:
    """A follow-up or the last report."""
    actor = actor_of_request(request)
    if action not in flow.LATER:
        raise NotAllowed("no_such_action", _("没有这个动作。"))
    verb = ReportAction(action)
    with scope(actor):
        matter = opened(actor, code, door="report")
        if report_id not in {each.pk for each in reports.of_matter(actor, matter).reports}:
            raise NotAllowed("report_not_found", _("没有这份直报，或您的岗位看不到它。"))
    form = LaterForm(request.POST or None, auto_id=IN_DIALOG)
    return _dialog(
        request,
        actor,
        matter,
        form,
        verb,
        lambda values: flow.go_on(
            actor=actor, matter_id=matter.pk, report_id=report_id, action=verb, **values
        ),
    )


def _dialog(
    request: HttpRequest,
    actor: Actor,
    matter: Matter,
    form: forms.Form,
    action: ReportAction,
    act: Callable[[dict[str, Any]], Any],
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            done = _("%(action)s：已完成。%(code)s") % {"action": action.label, "code": matter.code}
            messages.success(request, done)
            return _back(request, matter)
    with scope(actor):
        shown = {"title": action.label, "form": form, "target": request.path, "matter": matter}
        whole = "HX-Request" not in request.headers
        template = "reporting/step_page.html" if whole else "reporting/step.html"
        return render(request, template, shown, status=status)


def _back(request: HttpRequest, matter: Matter) -> HttpResponse:
    url = reverse("matter", args=[matter.code])
    if "HX-Request" not in request.headers:
        return redirect(f"{url}#reports")
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = url
    return response
