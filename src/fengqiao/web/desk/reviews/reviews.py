"""评查与复盘: the commission's case reviews, and what turned criminal; each with what was known when."""

from __future__ import annotations

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
from fengqiao.flows import reviewing as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.places.enums import INDEPENDENT
from fengqiao.places.models import Department
from fengqiao.places.queries.bodies import in_reach
from fengqiao.reviews.enums import CaseAction, ReviewKind, ReviewState
from fengqiao.reviews.models import Review
from fengqiao.reviews.policies import check_may_read_reviews, may_open_review
from fengqiao.reviews.queries import reviews as query
from fengqiao.web.desk.matter import telling
from fengqiao.web.desk.reviews.forms import REVIEW_FORMS, OpenCaseForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG, show_refusal
from fengqiao.web.kit.paging import key_of

MOST = 100


@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """All that the post sees: those first that are not over."""
    actor = actor_of_request(request)
    check_may_read_reviews(actor)
    kind = request.GET.get("kind", "")
    found = query.reviews_of(actor)
    if kind in ReviewKind.values:
        found = found.filter(kind=kind)
    rows = list(found[: MOST + 1])
    here = reverse("reviews")
    context = {
        "rows": [{"review": each, "mine": list(query.actions_of(actor, each))} for each in rows[:MOST]],
        "more": len(rows) > MOST,
        "kinds": [
            {"label": label, "href": f"{here}?kind={value}" if value else here, "on": value == kind}
            for value, label in (("", _("全部")), *ReviewKind.choices)
        ],
        "open_way": reverse("review_open") if may_open_review(actor) else "",
    }
    return render(request, "reviews/reviews.html", context)


@require_http_methods(["GET", "POST"])
def open_case(request: HttpRequest) -> HttpResponse:
    """The commission opens a review by the code of a matter, with its ground."""
    actor = actor_of_request(request)
    if not may_open_review(actor):
        raise NotAllowed("post_may_not", _("案件评查由政法委启动。"))
    with scope(actor):
        courts = in_reach(Department, actor).filter(kind__in=INDEPENDENT)
        offered = [(str(each.pk), each.name) for each in courts.order_by("name")]
    form = OpenCaseForm(request.POST or None, courts=offered)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = flow.open_case(
                actor=actor,
                code=said["code"].strip(),
                ground=said["ground"],
                reviewer_id=key_of(said["reviewer"]),
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("评查已经启动，中心已被告知。"))
            return redirect("review", review_id=made.pk)
    return render(request, "reviews/open_case.html", {"form": form}, status=status)


@require_GET
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """One review: why, what was known when, what was found, what follows."""
    actor = actor_of_request(request)
    found = _review(actor, review_id)
    matter = opened(actor, found.matter.code, door="review")
    events, words = query.known_then(found)
    context = {
        "review": found,
        "matter": matter,
        "is_criminal": found.kind == ReviewKind.CRIMINAL,
        "is_over": found.state == ReviewState.OVER,
        "known": telling.history(events, words)[::-1],
        "actions": [
            {"label": each.label, "href": reverse("review_act", args=[found.pk, each])}
            for each in query.actions_of(actor, found)
        ],
    }
    return render(request, "reviews/review.html", context)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, review_id: UUID, action: str) -> HttpResponse:
    """Reviewers write what they found, the commission concludes, the centre answers or writes up."""
    actor = actor_of_request(request)
    if action not in REVIEW_FORMS:
        raise NotAllowed("no_such_action", _("没有这个动作。"))
    verb = CaseAction(action)
    with scope(actor):
        found = _review(actor, review_id)
        matter = opened(actor, found.matter.code, door="review")
    form: forms.Form = REVIEW_FORMS[verb](request.POST or None, auto_id=IN_DIALOG)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            flow.act(actor=actor, review_id=review_id, action=verb, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal, fields={"review": "conclusion"})
            status = refusal.status
        else:
            done = _("%(action)s：已完成。%(code)s") % {"action": verb.label, "code": matter.code}
            messages.success(request, done)
            return _go(request, actor, found)
    with scope(actor):
        context: dict[str, Any] = {
            "title": str(verb.label),
            "facts": [found.ground] if found.ground else [],
            "form": form,
            "target": request.path,
            "matter": matter,
        }
        whole = "HX-Request" not in request.headers
        template = "supervision/step_page.html" if whole else "supervision/step.html"
        return render(request, template, context, status=status)


def _review(actor: Actor, review_id: UUID) -> Review:
    check_may_read_reviews(actor)
    found = query.reviews_of(actor).filter(pk=review_id).first()
    if found is None:
        raise NotAllowed("review_not_found", _("没有这项评查，或您的岗位看不到它。"))
    return found


def _go(request: HttpRequest, actor: Actor, found: Review) -> HttpResponse:
    """Back to the review; whoever sees it no more, to the list."""
    with scope(actor):
        still = query.reviews_of(actor).filter(pk=found.pk).exists()
    url = reverse("review", args=[found.pk]) if still else reverse("reviews")
    if "HX-Request" not in request.headers:
        return redirect(url)
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = url
    return response
