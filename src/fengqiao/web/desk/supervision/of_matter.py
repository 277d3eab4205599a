"""Supervision on a matter's page: the ladder, what may be proposed because of which facts, and the forms."""

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
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.models import Assignment
from fengqiao.flows import supervising as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.matters import by_code
from fengqiao.supervision.enums import LADDER, Decision, Rung, SupervisionAction
from fengqiao.supervision.models import Measure, Supervision
from fengqiao.supervision.policies import may_oversee
from fengqiao.supervision.queries import cases
from fengqiao.supervision.queries.facts import Offer, said
from fengqiao.web.desk.supervision.forms import FORMS, DecideForm, HandOverForm, ProposeForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG, show_refusal


@require_GET
def section(request: HttpRequest, code: str) -> HttpResponse:
    """The section alone for the page that asks for it, a page of its own for whoever has no script."""
    actor = actor_of_request(request)
    matter = opened(actor, code, door="supervision")
    found = cases.of_matter(actor, matter)
    context = {
        "matter": matter,
        "cases": [shown(actor, matter, each) for each in found.supervisions],
        "offers": [_offered(matter, part, offer) for part, offer in found.offers],
        "errors": found.errors,
    }
    whole = "HX-Request" not in request.headers
    return render(
        request, "supervision/of_matter_page.html" if whole else "supervision/of_matter.html", context
    )


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, code: str, assignment_id: UUID, rule: str) -> HttpResponse:
    """The centre proposes a rung by a row of the rules; the facts are looked up, not typed."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door="supervision")
        offers = cases.of_matter(actor, matter).offers
    found = next(
        ((part, offer) for part, offer in offers if (part.pk, offer.row.id) == (assignment_id, rule)), None
    )
    form = ProposeForm(request.POST or None, auto_id=IN_DIALOG)

    def act(values: dict[str, Any]) -> None:
        flow.propose(actor=actor, matter_id=matter.pk, assignment_id=assignment_id, rule=rule, **values)

    title = _("提请督办")
    facts: list[str] = []
    if found is not None:
        part, offer = found
        title = _("提请%(rung)s · %(name)s") % {
            "rung": offer.rung.label,
            "name": part.department.short_name,
        }
        facts = [said(each.kept()) for each in offer.facts]
    return _dialog(request, actor, matter, form=form, title=title, facts=facts, act=act)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, code: str, supervision_id: UUID, action: str) -> HttpResponse:
    """The department answers or reports; the commission decides, lifts or records."""
    actor = actor_of_request(request)
    if action not in FORMS:
        raise NotAllowed("no_such_action", _("没有这个动作。"))
    verb = SupervisionAction(action)
    with scope(actor):
        matter = opened(actor, code, door="supervision")
        found = next(
            (each for each in cases.of_matter(actor, matter).supervisions if each.pk == supervision_id), None
        )
        if found is None:
            raise NotAllowed("supervision_not_found", _("没有这项督办，或您的岗位看不到它。"))
        measures = list(found.measures.all())
    last = measures[-1]
    kind = HandOverForm if verb == SupervisionAction.DECIDE and last.rung == Rung.HAND_OVER else FORMS[verb]
    form = kind(request.POST or None, auto_id=IN_DIALOG)

    def act(values: dict[str, Any]) -> None:
        flow.act(actor=actor, matter_id=matter.pk, supervision_id=supervision_id, action=verb, **values)

    title = f"{verb.label} · {Rung(last.rung).label} · {found.department.short_name}"
    facts = [said(each) for each in last.facts]
    return _dialog(request, actor, matter, form=form, title=title, facts=facts, act=act)


def _dialog(
    request: HttpRequest,
    actor: Actor,
    matter: Matter,
    *,
    form: forms.Form,
    title: str,
    facts: list[str],
    act: Callable[[dict[str, Any]], None],
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            act(form.values() if isinstance(form, DecideForm) else form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(
                request, _("%(action)s：已完成。%(code)s") % {"action": title, "code": matter.code}
            )
            return _go(request, actor, matter)
    with scope(actor):
        context = {
            "title": title,
            "facts": facts,
            "form": form,
            "target": request.path,
            "matter": matter,
        }
        whole = "HX-Request" not in request.headers
        template = "supervision/step_page.html" if whole else "supervision/step.html"
        return render(request, template, context, status=status)


def _go(request: HttpRequest, actor: Actor, matter: Matter) -> HttpResponse:
    """Back to the matter; the commission, once nothing of it is before it, to its list."""
    with scope(actor):
        still = by_code(actor, matter.code) is not None
    home = "supervision" if may_oversee(actor) else "my_work"
    url = f"{reverse('matter', args=[matter.code])}#supervision" if still else reverse(home)
    if "HX-Request" not in request.headers:
        return redirect(url)
    response = HttpResponse(status=204)
    # The same page with another fragment would not be asked for anew.
    response.headers["HX-Redirect"] = url.partition("#")[0]
    return response


def shown(actor: Actor, matter: Matter, supervision: Supervision) -> dict[str, Any]:
    """One supervision: the ladder with what happened on each rung, and what the post may do now."""
    measures = list(supervision.measures.all())
    return {
        "supervision": supervision,
        "ladder": ladder(supervision, measures),
        "measures": [_measure(each) for each in measures][::-1],
        "actions": [
            {
                "label": action.label,
                "href": reverse("supervision_step", args=[matter.code, supervision.pk, action]),
            }
            for action in cases.actions_of(actor, matter, supervision)
        ],
    }


def ladder(supervision: Supervision, measures: list[Measure]) -> list[dict[str, Any]]:
    """The six rungs: done, now, or still above."""
    reached = LADDER.index(Rung(supervision.rung)) if supervision.rung else -1
    waits = next((LADDER.index(Rung(m.rung)) for m in measures if m.decision == Decision.PENDING), None)
    rungs = []
    for place, rung in enumerate(LADDER):
        if place == waits:
            state, note = "now", _("已提请")
        elif place == reached:
            state = "now" if waits is None and supervision.ended_at is None else "done"
            note = next((f"{m.year}-{m.number}" for m in measures if m.rung == rung and m.number), "")
        else:
            state, note = ("done" if place < reached else "todo"), ""
        rungs.append({"label": rung.label, "state": state, "note": note})
    return rungs


def _measure(measure: Measure) -> dict[str, Any]:
    return {"measure": measure, "facts": [said(each) for each in measure.facts]}


def _offered(matter: Matter, part: Assignment, offer: Offer) -> dict[str, Any]:
    return {
        "part": part,
        "rung": offer.rung.label,
        "reason": offer.row.reason,
        "basis": offer.row.basis,
        "row": offer.row.id,
        "version": offer.table.version_in_words,
        "facts": [said(each.kept()) for each in offer.facts],
        "href": reverse("supervision_propose", args=[matter.code, part.pk, offer.row.id]),
    }
