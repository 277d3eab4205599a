"""Writing an agreement, in writing or as the record of an oral one: on a page of its own, or beside a talk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain.writing import running_mediation
from fengqiao.agreements.enums import AgreementAction, AgreementState, Way
from fengqiao.agreements.models import Agreement
from fengqiao.agreements.policies import check_may_write
from fengqiao.agreements.queries.agreements import agreement_by_id, parties_to_sign
from fengqiao.agreements.queries.sketches import Begun, begun_of, changes_of, given_up_before, typed_in
from fengqiao.agreements.sketches import Typed
from fengqiao.flows import agreements as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal, Stale
from fengqiao.matters.enums import ClaimKind, PartyRole
from fengqiao.matters.models import Matter, Party
from fengqiao.mediation.models import Mediation
from fengqiao.mediation.queries.sittings import issues_of
from fengqiao.web.desk.agreements.forms import AgreementForms
from fengqiao.web.desk.agreements.sketching import (
    DOOR,
    in_words,
    keep,
    refused,
    taken_over,
    write_address,
)
from fengqiao.web.kit.acting import actor_of_request

TITLES = {Way.WRITTEN: gettext_lazy("写书面协议"), Way.ORAL: gettext_lazy("记口头协议")}


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, code: str, way: str) -> HttpResponse:
    """A draft to be signed, or what was agreed orally, which is effective at once."""
    actor = actor_of_request(request)
    if way not in Way.values:
        raise NotAllowed("no_such_way", _("协议只有书面和口头两种。"))
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        check_may_write(actor, matter)
    return _writing(request, actor, matter, Way(way), None)


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
    return _writing(request, actor, matter, Way.WRITTEN, shown.agreement)


def _writing(
    request: HttpRequest, actor: Actor, matter: Matter, way: Way, paper: Agreement | None
) -> HttpResponse:
    """Shows the form, or keeps what was typed and writes it down: nothing is written that its writer has not seen."""
    with scope(actor):
        talk, mediation = talk_of(request), running_mediation(matter)
        begun = begun_of(mediation)
    if request.method == "GET":
        return _shown(request, actor, matter, way, paper, {})
    action = _action(way, paper)
    try:
        kept = keep(request, actor, matter, begun)
    except Stale as stale:
        return _shown(request, actor, matter, way, paper, refused(actor, matter, begun, stale), 409)
    except Refusal as refusal:
        with scope(actor):
            typed = AgreementForms(way, parties_to_sign(matter.pk), request.POST)
        typed.is_valid()
        typed.show(refusal)
        return _shown(request, actor, matter, way, paper, {}, refusal.status, typed)
    if kept.theirs:
        with scope(actor):
            told = taken_over(actor, matter, kept) | {"look": True}
        return _shown(request, actor, matter, way, paper, told, 409)
    with scope(actor):
        typed = AgreementForms(way, parties_to_sign(matter.pk), request.POST)
        valid = typed.is_valid()
    if valid:
        values = typed.values() | {"sketch": kept.version}
        try:
            if paper is None:
                made = flow.begin(actor=actor, matter_id=matter.pk, action=action, **values)
            else:
                made = flow.act(actor=actor, agreement_id=paper.pk, action=action, **values)
        except Refusal as refusal:
            typed.show(refusal)
        else:
            return _done(request, actor, matter, action, made, talk)
    return _shown(request, actor, matter, way, paper, {}, 422, typed)


def _action(way: Way, paper: Agreement | None) -> AgreementAction:
    if way == Way.ORAL:
        return AgreementAction.AGREE
    return AgreementAction.DRAFT if paper is None else AgreementAction.AMEND


def _done(
    request: HttpRequest,
    actor: Actor,
    matter: Matter,
    action: AgreementAction,
    made: Agreement,
    talk: UUID | None,
) -> HttpResponse:
    said = _("%(action)s：已完成。") % {"action": action.label}
    if "HX-Request" in request.headers and action != AgreementAction.AGREE:
        with scope(actor):
            context = pane_of(actor, matter, made.mediation, talk) | {"said": said}
            return render(request, "agreements/pane.html", context)
    messages.success(request, said)
    # An oral agreement ends the talk: what was agreed is shown.
    back = after(matter.code, talk) if action != AgreementAction.AGREE else ""
    address = back or reverse("agreement", args=[made.pk])
    return HttpResponseClientRedirect(address) if "HX-Request" in request.headers else redirect(address)


def _shown(
    request: HttpRequest,
    actor: Actor,
    matter: Matter,
    way: Way,
    paper: Agreement | None,
    told: dict[str, Any],
    status: int = 200,
    typed: AgreementForms | None = None,
) -> HttpResponse:
    with scope(actor):
        talk, mediation = talk_of(request), running_mediation(matter)
        context = form_of(actor, matter, mediation, way, talk, typed) | told
        if request.method == "POST" and status != 200:
            context |= {"failed": True}
            if told.get("refused"):
                # As it was typed: what stands against it is shown beside.
                context["typed"] = AgreementForms(way, parties_to_sign(matter.pk), request.POST)
                context["known_now"] = request.POST.get("known", "")
        if "HX-Request" in request.headers:
            # The pane offers both ways, whichever was tried.
            address = write_address(matter, context["paper"], Way.WRITTEN, talk)
            context |= {"matter": matter, "address": address}
            return render(request, "agreements/pane.html", context, status=status)
        context |= {
            "matter": matter,
            "title": TITLES[way] if paper is None else AgreementAction.AMEND.label,
            "back": after(matter.code, talk) or _back(matter, paper),
        }
        return render(request, "agreements/write.html", context, status=status)


def pane_of(actor: Actor, matter: Matter, mediation: Mediation, talk: UUID | None) -> dict[str, Any]:
    """The draft beside the notes of a talk: what is being typed, or the paper that somebody has signed already."""
    return form_of(actor, matter, mediation, Way.WRITTEN, talk) | {"matter": matter}


def form_of(
    actor: Actor,
    matter: Matter,
    mediation: Mediation,
    way: Way,
    talk: UUID | None,
    typed: AgreementForms | None = None,
) -> dict[str, Any]:
    """The form with what is kept of it, or what the matter says already; and who else wrote there."""
    begun = begun_of(mediation)
    parties = parties_to_sign(matter.pk)
    sketch = begun.open_sketch
    return {
        "mediation": mediation,
        "begun": begun,
        "paper": begun.paper,
        "signed": begun.paper is not None and begun.paper.signatures.exists(),
        "typed": typed or _forms(matter, mediation, begun, way, parties, talk),
        "others": in_words(changes_of(sketch, but=actor.person_id), begun.typed) if sketch else [],
        "address": write_address(matter, begun.paper, way, talk),
        "oral": write_address(matter, begun.paper, Way.ORAL, talk),
        "today": clock.today(),
        "each_of": _owed_to(parties),
    }


def _owed_to(parties: Sequence[Party]) -> str:
    """Whom the other side mostly owes, where they are several: a term for each is one click."""
    found = [str(each.pk) for each in parties if each.role == PartyRole.PETITIONER]
    return json.dumps(found) if len(found) > 1 else ""


def _forms(
    matter: Matter, mediation: Mediation, begun: Begun, way: Way, parties: Sequence[Party], talk: UUID | None
) -> AgreementForms:
    before = begun.typed
    if not before.cells:
        given_up = given_up_before(mediation)
        before = typed_in(given_up) if given_up else Typed()
    words = _known(matter, talk) | {name: before.cells[name] for name in _words_in(before)}
    return AgreementForms(way, parties, words=words, typed=before)


def _words_in(typed: Typed) -> list[str]:
    return [name for name in ("facts", "issues", "responsibility", "on") if name in typed.cells]


def talk_of(request: HttpRequest) -> UUID | None:
    """From which talk one came here (``?talk=``), to take over its issues and to go back there."""
    try:
        return UUID(request.GET.get("talk", ""))
    except ValueError:
        return None


def after(code: str, talk: UUID | None) -> str:
    """Back to the talk, with the draft in front."""
    return reverse("mediation_sitting", args=[code, talk]) + "#draft" if talk else ""


def _back(matter: Matter, paper: Agreement | None) -> str:
    return reverse("matter", args=[matter.code]) if paper is None else reverse("agreement", args=[paper.pk])


def _known(matter: Matter, talk: UUID | None = None) -> dict[str, Any]:
    """What the matter says already, to be put into the parties' words; the issues as they were noted in a talk."""
    claims = [claim.text or str(ClaimKind(claim.kind).label) for claim in matter.claims.all()]
    return {
        "facts": matter.account,
        "issues": (issues_of(matter, talk) if talk else "") or "；".join(claims),
        "on": clock.today(),
    }
