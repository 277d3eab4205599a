"""The agreements of a matter, and one with its terms, its marks and what can be done with it now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain.writing import NO
from fengqiao.agreements.drawing import paper_digest
from fengqiao.agreements.enums import OWED, AgreementAction, AgreementState, NoteKind
from fengqiao.agreements.models import Term, TermNote
from fengqiao.agreements.policies import check_may_read, may_keep, may_write
from fengqiao.agreements.queries.agreements import Shown, agreement_by_id, agreements_of, next_step
from fengqiao.agreements.wording import number_in_words, term_in_words
from fengqiao.clocks.models import Clock
from fengqiao.flows import agreements as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.enums import State
from fengqiao.mediation.queries.process import body_of, footing_of
from fengqiao.rules.queries.agreements import all_advice, all_questions
from fengqiao.web.desk.agreements.forms import CheckForm, DropForm, SignForm
from fengqiao.web.desk.agreements.sketching import DOOR
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import show_refusal

STEPS = {
    NoteKind.REMINDED: pgettext_lazy("按钮", "催告"),
    NoteKind.VISITED: pgettext_lazy("按钮", "上门"),
    NoteKind.ADVISED: pgettext_lazy("按钮", "告知救济途径"),
}
# Of a term that falls due within so many days it is said.
SOON = 7
CONFIRMATION_LIMIT = "mediation.confirm_apply"
NO_SUCH = gettext_lazy("没有这个动作，或现在不能做。")


@require_GET
def of_matter(request: HttpRequest, code: str) -> HttpResponse:
    """What a matter's page shows beside its mediations; a page of its own for whoever has no script."""
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        found = agreements_of(matter)
        drafting = any(each.agreement.state == AgreementState.DRAFT for each in found)
        context = {
            "matter": matter,
            "rows": [_described(each) for each in found],
            "may_begin": matter.state == State.MEDIATING and not drafting and may_write(actor, matter),
            "may_keep": may_keep(actor, matter),
        }
        whole = "HX-Request" not in request.headers
        template = "agreements/of_matter_page.html" if whole else "agreements/of_matter.html"
        return render(request, template, context)


@require_GET
def agreement(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """One agreement."""
    actor = actor_of_request(request)
    check_may_read(actor)
    return _page(request, actor, agreement_id)


@require_POST
def act(request: HttpRequest, agreement_id: UUID, action: str) -> HttpResponse:
    """Answers the questions, writes down marks, or gives the paper up."""
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        shown = agreement_by_id(actor, agreement_id)
        offered = _forms(actor, shown, request.POST)
        form = offered.get(AgreementAction(action)) if action in AgreementAction.values else None
        valid = form is not None and form.is_valid()
    if form is None:
        raise NotAllowed("no_such_action", NO_SUCH)
    verb, status = AgreementAction(action), 422
    if valid:
        try:
            flow.act(actor=actor, agreement_id=agreement_id, action=verb, **form.values())
        except Refusal as refusal:
            show_refusal(form, refusal, fields={f"answers.{name}": name for name in all_questions()})
            status = refusal.status
        else:
            messages.success(request, _("%(action)s：已完成。") % {"action": verb.label})
            return redirect("agreement", agreement_id)
    return _page(request, actor, agreement_id, typed={verb: form}, status=status)


def _page(
    request: HttpRequest,
    actor: Actor,
    agreement_id: UUID,
    *,
    typed: dict[AgreementAction, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    with scope(actor):
        shown = agreement_by_id(actor, agreement_id)
        matter = opened(actor, shown.agreement.matter.code, door=DOOR)
        offered = _forms(actor, shown, None) | (typed or {})
        context = {
            "matter": matter,
            "row": _described(shown),
            "answers": [
                (each.question, each.basis, shown.agreement.answers[each.id], NO)
                for each in all_questions().values()
                if each.id in shown.agreement.answers
            ],
            "forms": [
                {"action": action, "label": action.label, "form": form} for action, form in offered.items()
            ],
            "confirming": _confirming(shown),
            "may_edit": bool(offered) and not shown.signatures,
            "may_sign": AgreementAction.SIGN in offered,
            "may_keep": may_keep(actor, matter),
        }
        return render(request, "agreements/agreement.html", context, status=status)


def _forms(actor: Actor, shown: Shown, data: Any) -> dict[AgreementAction, Any]:
    """The forms that this person has now, each with its own ids; nobody signs before the questions are answered."""
    agreement, matter = shown.agreement, shown.agreement.matter
    if agreement.state != AgreementState.DRAFT or not may_write(actor, matter):
        return {}
    found: dict[AgreementAction, Any] = {}
    if agreement.checked_at is not None:
        footing = footing_of(agreement.mediation)
        found[AgreementAction.SIGN] = SignForm(
            data,
            lacking=shown.lacking,
            name=actor.name,
            organisation=footing.name if footing else "",
            auto_id="sign_%s",
        )
    else:
        found[AgreementAction.CHECK] = CheckForm(data, agreement=agreement, auto_id="check_%s")
    found[AgreementAction.DROP] = DropForm(data, auto_id="drop_%s")
    return found


def _confirming(shown: Shown) -> dict[str, Any] | None:
    """Whether an agreement can be brought to a court for confirmation, until when, and why not.

    While it is being signed only what stands in the way: then it can still be put right.
    """
    agreement = shown.agreement
    footing = footing_of(agreement.mediation)
    body = body_of(footing)
    drafted = agreement.state == AgreementState.DRAFT
    if agreement.state == AgreementState.DROPPED or (drafted and body and body.confirms):
        return None
    limit = Clock.objects.filter(matter_id=agreement.matter_id, limit=CONFIRMATION_LIMIT).first()
    # A limit ends with its last day: at the midnight after it.
    until = limit.due_at - timedelta(seconds=1) if limit and limit.due_at else None
    return {"footing": footing, "body": body, "until": until}


def _described(shown: Shown) -> dict[str, Any]:
    agreement = shown.agreement
    return {
        "shown": shown,
        "agreement": agreement,
        "number": number_in_words(agreement.year, agreement.number),
        "paper": paper_digest(agreement, shown.terms),
        "terms": [described(term) for term in shown.terms],
        # Worth a form of its own where one would open it again and again.
        "several": agreement.pk if sum(each.state in OWED for each in shown.terms) > 1 else None,
        "lacking": lacking_in_words(shown),
    }


def lacking_in_words(shown: Shown) -> list[Any]:
    """Whose mark a paper lacks still: the parties by name."""
    return [party.name if party else signer.label for signer, party in shown.lacking]


def _next(term: Term, notes: list[TermNote]) -> str:
    """What is to be done next about a term that is overdue; empty when all was."""
    step = next_step(term.due, [(each.kind, each.on) for each in notes])
    return str(STEPS[step]) if step else ""


def described(term: Term) -> dict[str, Any]:
    """One term as lists show it: its sentence, how it stands, what happened to it."""
    today, notes = clock.today(), list(term.notes.all())
    owed = term.due is not None and term.state in OWED
    days = (term.due - today).days if owed and term.due else None
    return {
        "term": term,
        "text": term_in_words(term),
        "owed": term.state in OWED,
        "late": days is not None and days < 0,
        # So many days are left, where that is soon; and what is to be done next where none is.
        "soon": days if days is not None and 0 <= days <= SOON else None,
        "next": _next(term, notes) if days is not None and days < 0 else "",
        "left": term.amount - term.paid if term.amount is not None else None,
        "notes": [
            {"note": note, "ways": [all_advice()[name] for name in note.advice if name in all_advice()]}
            for note in notes
        ],
    }
