"""法律会诊: what waits for the acting person, each consultation as they may see it, and calling one for a matter."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES
from fengqiao.accounts.scope import scope
from fengqiao.counsel.enums import ConsultationAction, ConsultationState, Reply
from fengqiao.counsel.models import Consultation
from fengqiao.counsel.policies import check_may_list, consultations_visible_to, may_call, may_list
from fengqiao.counsel.queries import consultations as queries
from fengqiao.counsel.queries.advisers import in_force
from fengqiao.counsel.queries.invitable import to_chair, to_consult
from fengqiao.flows import counsel as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import Matter
from fengqiao.web.desk.counsel.forms import FOR_SOMEBODY, PLAIN, AskForm, CallForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import show_refusal
from fengqiao.web.kit.paging import page_of

MOST = 100
NOT_FOUND = gettext_lazy("没有这个动作，或现在不能做。")
# A refusal of one who is asked by name stands beside the name.
RENAMED = {"outsiders.0": "name_1", "outsiders.1": "name_2"}
Forms = dict[ConsultationAction, Any]


@require_GET
def consultations(request: HttpRequest) -> HttpResponse:
    """First those in which it is this person's turn, then every one that they see."""
    actor = actor_of_request(request)
    check_may_list(actor)
    found = queries.seen_by(actor).select_related("matter", "chair").order_by("-meets_at", "-id")
    context = {
        "consulting": list(queries.waiting_for(actor)[:MOST]),
        "page": page_of(request, found),
        "at_centre": actor.role in CENTRE_ROLES,
    }
    return render(request, "counsel/consultations.html", context)


@require_GET
def consultation(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    """One consultation, with what this person may do in it now."""
    return _page(request, actor_of_request(request), consultation_id)


@require_http_methods(["POST"])
def act(request: HttpRequest, consultation_id: UUID, action: str) -> HttpResponse:
    """Answers, gives an opinion, signs, follows, asks more people or calls off."""
    actor = actor_of_request(request)
    if action not in ConsultationAction:
        raise NotAllowed("no_such_action", NOT_FOUND)
    verb = ConsultationAction(action)
    with scope(actor):
        shown = queries.shown(actor, queries.consultation_by_id(actor, consultation_id))
        form = _forms(shown, request.POST, only=verb).get(verb)
    if form is None:
        raise NotAllowed("no_such_action", NOT_FOUND)
    status = 422
    if form.is_valid():
        try:
            flow.act(actor=actor, consultation_id=consultation_id, action=verb, **form.values())
        except Refusal as refusal:
            show_refusal(form, refusal, fields=RENAMED)
            status = refusal.status
        else:
            messages.success(request, _("%(action)s：已完成。") % {"action": verb.label})
            with scope(actor):
                still = consultations_visible_to(actor).filter(pk=consultation_id).exists()
            return redirect("consultation", consultation_id) if still else redirect("consultations")
    with scope(actor):
        return _page(request, actor, consultation_id, typed={verb: form}, status=status)


@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, code: str) -> HttpResponse:
    """A consultation for a matter: who is bound to step aside is not offered."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door="consultation")
        if not may_call(actor, matter):
            raise NotAllowed("post_may_not", _("法律会诊由本中心的领导或调解员召集。"))
        chairs = to_chair(matter.holder_id, matter)
        own = next((each.pk for each in chairs if each.person_id == actor.person_id), None)
        form = CallForm(
            request.POST or None,
            held=to_consult(matter),
            advisers=in_force(matter.county, clock.today()),
            chairs=chairs,
            initial={"way": "room", "place": matter.holder.name, "chair": own},
        )
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = flow.call(actor=actor, matter_id=matter.pk, **form.values())
        except Refusal as refusal:
            show_refusal(form, refusal, fields=RENAMED)
            status = refusal.status
        else:
            messages.success(request, _("已召集法律会诊，并通知了在岗的会诊人员。"))
            return redirect("consultation", made.pk)
    with scope(actor):
        context = {"matter": matter, "form": form}
        return render(request, "counsel/call.html", context, status=status)


def of_matter(actor: Actor, matter: Matter) -> dict[str, Any] | None:
    """What the matter's page says of consultations; None where there is none and the post calls none."""
    found = queries.of_matter(actor, matter) if may_list(actor) else []
    running = any(each.ended_at is None for each in found)
    offers = may_call(actor, matter) and matter.is_open and not running
    if not found and not offers:
        return None
    return {"rows": found, "call": reverse("consultation_call", args=[matter.code]) if offers else ""}


def _page(
    request: HttpRequest,
    actor: Actor,
    consultation_id: UUID,
    *,
    typed: Forms | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = queries.shown(actor, queries.consultation_by_id(actor, consultation_id))
    offered = _forms(shown, None) | (typed or {})
    found: Consultation = shown.consultation
    context = {
        "shown": shown,
        "consultation": found,
        "seen": Matter.objects.visible_to(actor).filter(pk=found.matter_id).first(),
        "questions": [line for line in found.question.splitlines() if line.strip()],
        "is_signed": found.state == ConsultationState.SIGNED,
        "forms": [
            {"action": action, "label": action.label, "form": form} for action, form in offered.items()
        ],
    }
    return render(request, "counsel/consultation.html", context, status=status)


def _forms(shown: queries.Shown, data: Any, *, only: ConsultationAction | None = None) -> Forms:
    """The forms that this person has now, each with its own ids."""
    found: Forms = {}
    mine, written = shown.mine, {each.invitee_id for each in shown.opinions}
    for action in [each for each in shown.actions if only in (None, each)]:
        auto_id = f"{action}_%s"
        if action in PLAIN:
            found[action] = PLAIN[action](data, auto_id=auto_id)
        elif action == ConsultationAction.INVITE:
            there = {each.person_id for each in shown.invitees}
            held = [each for each in to_consult(shown.consultation.matter) if each.person_id not in there]
            asked = [each.adviser_id for each in shown.invitees if each.adviser_id]
            left = in_force(shown.consultation.county, clock.today()).exclude(pk__in=asked)
            found[action] = AskForm(data, held=held, advisers=left, auto_id=auto_id)
        else:
            answered = action == ConsultationAction.OPINE
            own = mine is not None and mine.pk not in written and (not answered or mine.reply == Reply.COMES)
            absent = shown.absent if shown.directs else []
            if answered:
                absent = [each for each in absent if each.reply == Reply.COMES]
            found[action] = FOR_SOMEBODY[action](data, own=own, absent=absent, auto_id=auto_id)
    return found
