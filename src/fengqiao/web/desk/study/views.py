"""研判委员会: what waits for the acting person, each study as they may see it, and convening one for a matter."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import materials as files
from fengqiao.flows import study as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import Matter, MatterFile
from fengqiao.study.domain.concluding import in_hand
from fengqiao.study.enums import Stance, StudyAction
from fengqiao.study.models import Study
from fengqiao.study.policies import check_may_list, may_convene, may_list, studies_visible_to
from fengqiao.study.queries import studies as queries
from fengqiao.study.queries.members import to_invite
from fengqiao.web.desk.matter.materials import SHOWN
from fengqiao.web.desk.study.forms import (
    FORMS,
    ConcludeForm,
    ConveneForm,
    InviteForm,
    MaterialsForm,
    fields_in_words,
)
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import show_refusal

MOST = 100
NOT_FOUND = gettext_lazy("没有这个动作，或现在不能做。")


@require_GET
def studies(request: HttpRequest) -> HttpResponse:
    """First the studies that wait for this person, then every one that is not over."""
    actor = actor_of_request(request)
    check_may_list(actor)
    context = {
        "invitations": list(queries.waiting_for(actor)[:MOST]),
        "rows": [_row(each) for each in queries.open_ones(actor)[:MOST]],
    }
    return render(request, "study/studies.html", context)


@require_GET
def study(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """One study, with what this person may do in it now."""
    return _page(request, actor_of_request(request), study_id)


@require_http_methods(["POST"])
def act(request: HttpRequest, study_id: UUID, action: str) -> HttpResponse:
    """Answers, writes an opinion, invites, concludes or calls off."""
    actor = actor_of_request(request)
    if action not in FORMS:
        raise NotAllowed("no_such_action", NOT_FOUND)
    verb = StudyAction(action)
    with scope(actor):
        shown = queries.shown(actor, queries.study_by_id(actor, study_id))
        form = _forms(shown, request.POST, only=verb).get(verb)
    if form is None:
        raise NotAllowed("no_such_action", NOT_FOUND)
    status = 422
    if form.is_valid():
        try:
            flow.act(actor=actor, study_id=study_id, action=verb, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("%(action)s：已完成。") % {"action": verb.label})
            with scope(actor):
                still = studies_visible_to(actor).filter(pk=study_id).exists()
            return redirect("study", study_id) if still else redirect("studies")
    with scope(actor):
        return _page(request, actor, study_id, typed={verb: form}, status=status)


@require_GET
def material(request: HttpRequest, study_id: UUID, material_id: UUID) -> HttpResponse:
    """One material of the pack; each opening is audited."""
    actor = actor_of_request(request)
    found = flow.material(actor=actor, study_id=study_id, material_id=material_id)
    with scope(actor):
        response = HttpResponse(files.opened(found), content_type=found.file.media_type)
    way = "inline" if found.file.media_type in SHOWN else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(found.name)}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_http_methods(["GET", "POST"])
def convene(request: HttpRequest, code: str) -> HttpResponse:
    """A study for a matter: who is bound to step aside is not offered."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door="study")
        if not may_convene(actor, matter):
            raise NotAllowed("post_may_not", _("召集研判不属于您的岗位。"))
        members = to_invite(matter, clock.today())
        materials = [
            (str(each.pk), each.name)
            for each in MatterFile.objects.filter(matter_id=matter.pk).order_by("added_at", "id")
        ]
    form = ConveneForm(request.POST or None, members=members, materials=materials)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = flow.convene(actor=actor, matter_id=matter.pk, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已召集研判，并通知了委员。"))
            return redirect("study", made.pk)
    with scope(actor):
        context = {"matter": matter, "form": form, "members": members}
        return render(request, "study/convene.html", context, status=status)


def of_matter(actor: Actor, matter: Matter) -> dict[str, Any] | None:
    """What the matter's page says of studies; None where there is none and the post convenes none."""
    found = queries.of_matter(actor, matter) if may_list(actor) else []
    running = any(each.ended_at is None for each in found)
    offers = may_convene(actor, matter) and matter.is_open and not running
    if not found and not offers:
        return None
    href = reverse("study_convene", args=[matter.code]) if offers else ""
    return {"rows": [_row(each) for each in found], "convene": href}


def _page(
    request: HttpRequest,
    actor: Actor,
    study_id: UUID,
    *,
    typed: dict[StudyAction, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = queries.shown(actor, queries.study_by_id(actor, study_id))
    matter = Matter.objects.visible_to(actor).filter(pk=shown.study.matter_id).first()
    offered = _forms(shown, None) | (typed or {})
    context = {
        "shown": shown,
        "study": shown.study,
        "seen": matter,
        "division": [(Stance(key).label, n) for key, n in shown.study.division.items()],
        "members": [
            {"invitation": each, "fields": fields_in_words(each.member.fields)}
            for each in shown.study.invitations.all()
        ],
        "forms": [
            {"action": action, "label": action.label, "form": form} for action, form in offered.items()
        ],
        "questions": [line for line in shown.study.questions.splitlines() if line.strip()],
    }
    return render(request, "study/study.html", context, status=status)


def _forms(
    shown: queries.Shown, data: Any, *, only: StudyAction | None = None
) -> dict[StudyAction, forms.Form]:
    """The forms that this person has now, each with its own ids."""
    may = {
        StudyAction.REPLY: shown.may_reply,
        StudyAction.OPINE: shown.may_opine,
        StudyAction.INVITE: shown.may_convene,
        StudyAction.ADD_MATERIALS: shown.may_convene,
        StudyAction.CONCLUDE: shown.may_conclude,
        StudyAction.CALL_OFF: shown.may_convene,
    }
    found: dict[StudyAction, forms.Form] = {}
    for action in [each for each, allowed in may.items() if allowed and only in (None, each)]:
        auto_id = f"{action}_%s"
        if action == StudyAction.CONCLUDE:
            departments = in_hand(shown.study.matter_id)
            found[action] = ConcludeForm(data, departments=departments, auto_id=auto_id)
        elif action == StudyAction.INVITE:
            there = {each.member_id for each in shown.study.invitations.all()}
            free = [each for each in to_invite(shown.study.matter, clock.today()) if each.pk not in there]
            if free:
                found[action] = InviteForm(data, members=free, auto_id=auto_id)
        elif action == StudyAction.ADD_MATERIALS:
            left = [(str(each.pk), each.name) for each in queries.to_lay(shown.study)]
            if left:
                found[action] = MaterialsForm(data, materials=left, auto_id=auto_id)
        else:
            found[action] = FORMS[action](data, auto_id=auto_id)
    return found


def _row(study: Study) -> dict[str, Any]:
    invitations = list(study.invitations.all())
    return {
        "study": study,
        "matter": study.matter,
        "invited": len(invitations),
        "opinions": len(study.opinions.all()),
        "late": study.ended_at is None and study.opinions_by < clock.today(),
    }
