"""Dialogs: refer, take in, and what became of one."""

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

from fengqiao.accounts.scope import scope
from fengqiao.flows import referrals as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.queries.matters import by_code
from fengqiao.referrals.domain.bearing import resting
from fengqiao.referrals.enums import ReferralAction
from fengqiao.referrals.policies import DANGER, check, check_may_read, may_send
from fengqiao.referrals.queries.referrals import referral_by_id
from fengqiao.rules.queries.limits import all_limits
from fengqiao.rules.queries.referral_kinds import ReferralKind, all_kinds, kinds_on
from fengqiao.web.desk.matter.materials import as_handed_in
from fengqiao.web.desk.referrals.forms import ActForm, NewForm
from fengqiao.web.desk.referrals.views import DOOR, actions_on
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG, ask_files_again, show_refusal

OFTEN_ASKED = {"department_id": "department", "party_id": "party", "paper_id": "paper"}


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """An office is asked for something, or handed something in."""
    actor = actor_of_request(request)
    chosen = next((each for each in kinds_on(clock.today()) if each.id == kind), None)
    if chosen is None:
        raise NotAllowed("no_such_kind", _("没有这种转介。"))
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        action = ReferralAction.SEND if chosen.is_out else ReferralAction.RECEIVE
        check(may_send(actor, matter, chosen), action.label)
        form = NewForm(chosen, matter, request.POST or None, request.FILES or None, auto_id=IN_DIALOG)
        valid = request.method == "POST" and form.is_valid()
        said = _said(chosen) + (_of_rests(matter, chosen) if chosen.pauses else "")

    def work() -> None:
        flow.begin(actor=actor, matter_id=matter.pk, **form.values())

    back = reverse("matter_referrals", args=[code])
    # On the matter's page, unless it stands alone.
    page = f"{reverse('matter', args=[code])}"
    return _dialog(request, form, title=chosen.name, said=said, work=work, valid=valid, back=back, page=page)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, referral_id: UUID, action: str) -> HttpResponse:
    """What became of one; an office on the platform sees the referral and not its matter."""
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        referral = referral_by_id(actor, referral_id)
        if action not in ReferralAction.values or ReferralAction(action) not in actions_on(actor, referral):
            raise NotAllowed("no_such_action", _("没有这个动作，或现在不能做。"))
        verb = ReferralAction(action)
        data, files = request.POST or None, request.FILES or None
        form = ActForm(actor, referral, verb, data, files, auto_id=IN_DIALOG)
        valid = request.method == "POST" and form.is_valid()
        sees = by_code(actor, referral.matter.code) is not None

    def work() -> None:
        flow.act(actor=actor, referral_id=referral_id, action=verb, **form.values())

    kind = all_kinds()[referral.kind]
    back = reverse("matter_referrals", args=[referral.matter.code]) if sees else reverse("referrals")
    page = reverse("matter", args=[referral.matter.code]) if sees else back
    title = f"{kind.name} · {verb.label}"
    return _dialog(
        request, form, title=title, said=referral.asked, work=work, valid=valid, back=back, page=page
    )


@require_GET
def paper(request: HttpRequest, referral_id: UUID, paper_id: UUID) -> HttpResponse:
    """A paper that went along, for the office that was asked and for who sees the matter."""
    actor = actor_of_request(request)
    check_may_read(actor)
    found, content = flow.fetch(actor=actor, referral_id=referral_id, paper_id=paper_id)
    return as_handed_in(found.file, content)


def _said(kind: ReferralKind) -> str:
    parts = [_("依据：") + kind.basis, kind.note]
    if kind.tells == DANGER:
        parts.append(_("危险会同时记在事项上。人身安全有危险的，先拨打 110。"))
    return "\n".join(each for each in parts if each)


def _of_rests(matter: Any, kind: ReferralKind) -> str:
    """Which limits rest meanwhile, and that the others run on."""
    known = all_limits()
    titles = [known[each.limit].title for each in resting(matter, kind.pauses)]
    if titles:
        return "\n" + _("这期间不计入：") + _("、").join(titles)
    return "\n" + _("本事项没有写明鉴定时间不计入的期限：期限照走。")


def _dialog(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    said: str,
    work: Callable[[], None],
    valid: bool,
    back: str,
    page: str,
) -> HttpResponse:
    in_page = "HX-Request" in request.headers
    status = 422 if request.method == "POST" else 200
    if valid:
        try:
            work()
        except Refusal as refusal:
            show_refusal(form, refusal, fields=OFTEN_ASKED)
            status = refusal.status
        else:
            messages.success(request, _("%(action)s：已完成。") % {"action": title})
            if not in_page:
                return redirect(back)
            response = HttpResponse(status=204)
            # Where it was opened: the list, or the matter's page.
            current = request.headers.get("HX-Current-URL", "")
            response.headers["HX-Redirect"] = (
                reverse("referrals")
                if current.rstrip("/").endswith("/referrals") and "/matters/" not in current
                else page
            )
            return response
    ask_files_again(form)
    context = {"title": title, "form": form, "target": request.path, "said": said, "back": back}
    template = "referrals/step.html" if in_page else "referrals/step_page.html"
    return render(request, template, context, status=status)
