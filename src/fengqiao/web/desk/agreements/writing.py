"""The page on which an agreement is written: words and terms, in writing or as the record of an oral one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.agreements.enums import AgreementAction, AgreementState, Way
from fengqiao.agreements.policies import check_may_write
from fengqiao.agreements.queries.agreements import agreement_by_id, parties_to_sign
from fengqiao.flows import agreements as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.enums import ClaimKind
from fengqiao.matters.models import Matter
from fengqiao.mediation.queries.sittings import issues_of
from fengqiao.web.desk.agreements.forms import AgreementForms
from fengqiao.web.kit.acting import actor_of_request

# What is opened, in the audit of restricted matters.
DOOR = "agreement"
TITLES = {Way.WRITTEN: gettext_lazy("写书面协议"), Way.ORAL: gettext_lazy("记口头协议")}


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, code: str, way: str) -> HttpResponse:
    """A draft to be signed, or what was agreed orally, which is effective at once."""
    actor = actor_of_request(request)
    if way not in Way.values:
        raise NotAllowed("no_such_way", _("协议只有书面和口头两种。"))
    chosen = Way(way)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        check_may_write(actor, matter)
        talk = _talk_of(request)
        typed = AgreementForms(
            chosen, parties_to_sign(matter.pk), request.POST or None, words=_known(matter, talk)
        )
        valid = request.method == "POST" and typed.is_valid()
    action = AgreementAction.AGREE if chosen == Way.ORAL else AgreementAction.DRAFT
    if valid:
        try:
            made = flow.begin(actor=actor, matter_id=matter.pk, action=action, **typed.values())
        except Refusal as refusal:
            typed.show(refusal)
        else:
            messages.success(request, _("%(action)s：已完成。") % {"action": action.label})
            return redirect(_after(code, talk) or reverse("agreement", args=[made.pk]))
    return _page(
        request, actor, matter, typed, TITLES[chosen], _after(code, talk) or reverse("matter", args=[code])
    )


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """A draft under which nobody has signed yet."""
    actor = actor_of_request(request)
    with scope(actor):
        shown = agreement_by_id(actor, agreement_id)
        matter = opened(actor, shown.agreement.matter.code, door=DOOR)
        check_may_write(actor, matter)
        if shown.agreement.state != AgreementState.DRAFT or shown.signatures:
            raise NotAllowed("signed_already", _("已经有人签了或已经结束，不能再改。"))
        known = {name: getattr(shown.agreement, name) for name in ("facts", "issues", "responsibility")}
        known["version"] = matter.version
        typed = AgreementForms(
            Way.WRITTEN,
            parties_to_sign(matter.pk),
            request.POST or None,
            words=known,
            terms=shown.terms,
        )
        valid = request.method == "POST" and typed.is_valid()
    back = _after(matter.code, _talk_of(request)) or reverse("agreement", args=[agreement_id])
    if valid:
        try:
            flow.act(actor=actor, agreement_id=agreement_id, action=AgreementAction.AMEND, **typed.values())
        except Refusal as refusal:
            typed.show(refusal)
        else:
            messages.success(request, _("%(action)s：已完成。") % {"action": AgreementAction.AMEND.label})
            return redirect(back)
    return _page(request, actor, matter, typed, AgreementAction.AMEND.label, back)


def _page(
    request: HttpRequest, actor: Actor, matter: Matter, typed: AgreementForms, title: Any, back: str
) -> HttpResponse:
    with scope(actor):
        if request.method == "POST":
            # The page that is shown now is the latest: what is sent from it next is not stale any more.
            matter = opened(actor, matter.code, door=DOOR)
            typed.renew(matter.version)
        context = {"matter": matter, "typed": typed, "title": title, "back": back}
        status = 422 if request.method == "POST" else 200
        return render(request, "agreements/write.html", context, status=status)


def _talk_of(request: HttpRequest) -> UUID | None:
    """From which talk one came here (``?talk=``), to take over its issues and to go back there."""
    try:
        return UUID(request.GET.get("talk", ""))
    except ValueError:
        return None


def _after(code: str, talk: UUID | None) -> str:
    return reverse("mediation_sitting", args=[code, talk]) + "#draft" if talk else ""


def _known(matter: Matter, talk: UUID | None = None) -> dict[str, Any]:
    """What the matter says already, to be put into the parties' words; the issues as they were noted in a talk."""
    claims = [claim.text or str(ClaimKind(claim.kind).label) for claim in matter.claims.all()]
    return {
        "version": matter.version,
        "facts": matter.account,
        "issues": (issues_of(matter, talk) if talk else "") or "；".join(claims),
        "on": clock.today(),
    }
