"""What parties bring to a court: the cases of a matter, one of them, and what is written down of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.agreements.enums import AgreementState
from fengqiao.agreements.models import Agreement
from fengqiao.agreements.queries.agreements import agreement_by_id
from fengqiao.confirmation.domain.preparing import NO
from fengqiao.confirmation.enums import RUNNING, CaseKind, CaseState, CourtAction
from fengqiao.confirmation.models import CourtCase
from fengqiao.confirmation.policies import check_may_read, check_may_write, may_write
from fengqiao.confirmation.queries.cases import Shown, case_by_id, cases_of
from fengqiao.confirmation.queries.findings import Findings, agreed_in, findings_of
from fengqiao.confirmation.queries.packet import packet_of
from fengqiao.confirmation.steps import possible
from fengqiao.flows import court as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.mediation.models import Mediation
from fengqiao.rules.queries.confirmation import all_bars
from fengqiao.web.desk.court.forms import FORMS, NewCaseForm, PrepareForm
from fengqiao.web.desk.leading.dialogs import dialog
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG, show_refusal

# What is opened, in the audit of restricted matters.
DOOR = "court"
NO_SUCH = gettext_lazy("没有这个动作，或现在不能做。")


@require_GET
def of_matter(request: HttpRequest, code: str) -> HttpResponse:
    """What a matter's page shows beside its agreements; a page of its own for whoever has no script."""
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        found = cases_of(matter)
        may = may_write(actor, matter)
        context = {
            "matter": matter,
            "rows": found,
            "to_confirm": _to_confirm(matter, found) if may else [],
            "may_sue": may and _may_sue(matter, found),
        }
        whole = "HX-Request" not in request.headers
        return render(request, "court/of_matter_page.html" if whole else "court/of_matter.html", context)


@require_GET
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: court and ground, what lacks in its packet, what happened, what can be written down now."""
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        shown = case_by_id(actor, case_id)
        row = shown.case
        matter = opened(actor, row.matter.code, door=DOOR)
        names = {str(party.pk): party.name for party in matter.parties.all()}
        prepared = row.state == CaseState.PREPARED
        context = {
            "matter": matter,
            "shown": shown,
            "case": row,
            "found": findings_of(agreed_in(row)) if prepared else None,
            "packet": packet_of(row) if row.state in RUNNING else [],
            "answers": [
                (asked, row.answers[name], row.answers[name] == NO)
                for name, asked in all_bars().items()
                if name in row.answers
            ],
            "applicants": [names.get(each, "") for each in row.applicants],
            "actions": _actions(row) if may_write(actor, matter) else [],
        }
        return render(request, "court/case.html", context)


@require_GET
def packet(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What the court is given, as a zip."""
    actor = actor_of_request(request)
    check_may_read(actor)
    code, content = flow.packet(actor=actor, case_id=case_id)
    response = HttpResponse(content, content_type="application/zip")
    name = quote(f"法院材料-{code}.zip")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """An application for confirmation of an agreement that took effect."""
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        agreement = agreement_by_id(actor, agreement_id).agreement
        matter = opened(actor, agreement.matter.code, door=DOOR)
        check_may_write(actor, matter)
        found = findings_of(agreement)
        form = PrepareForm(request.POST or None, matter=matter, venues=found.venues)
        valid = request.method == "POST" and form.is_valid()
    if valid:
        try:
            made = flow.prepare(actor=actor, agreement_id=agreement_id, **form.values())
        except Refusal as refusal:
            _show(form, refusal)
        else:
            return _done(request, CourtAction.PREPARE, made)
    return _write_page(request, actor, matter, form, found, CourtAction.PREPARE)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Another court, ground, answer or address, as long as it was not filed."""
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        row = case_by_id(actor, case_id).case
        matter = opened(actor, row.matter.code, door=DOOR)
        check_may_write(actor, matter)
        if CourtAction.AMEND not in possible(row.kind, row.state):
            raise NotAllowed("not_in_this_state", NO_SUCH)
        found = findings_of(agreed_in(row))
        form = PrepareForm(request.POST or None, matter=matter, venues=found.venues, case=row)
        valid = request.method == "POST" and form.is_valid()
    if valid:
        try:
            made = flow.act(actor=actor, case_id=case_id, action=CourtAction.AMEND, **form.values())
        except Refusal as refusal:
            _show(form, refusal)
        else:
            return _done(request, CourtAction.AMEND, made)
    return _write_page(request, actor, matter, form, found, CourtAction.AMEND)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, case_id: UUID, action: str) -> HttpResponse:
    """A dialog: what the court or the parties did on which day."""
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        row = case_by_id(actor, case_id).case
        matter = opened(actor, row.matter.code, door=DOOR)
        check_may_write(actor, matter)
        if action not in [str(each) for each in _actions(row)] or CourtAction(action) not in FORMS:
            raise NotAllowed("no_such_action", NO_SUCH)
        verb = CourtAction(action)
        form = FORMS[verb](request.POST or None, matter=matter, case=row, auto_id=IN_DIALOG)
        late = findings_of(agreed_in(row)) if verb == CourtAction.FILE else None
        said = (
            "\n".join(f"{each.text}（{each.basis}）" for each in late.rows if each.said == "late")
            if late
            else ""
        )

    def do(values: dict[str, Any]) -> None:
        flow.act(actor=actor, case_id=case_id, action=verb, **values)

    back = reverse("court_case", args=[case_id])
    return dialog(request, actor, matter, form=form, title=str(verb.label), act=do, said=said, back=back)


@require_http_methods(["GET", "POST"])
def sue(request: HttpRequest, code: str) -> HttpResponse:
    """A dialog: one side brought a suit, where mediation failed or an agreement is not kept."""
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        check_may_write(actor, matter)
        form = NewCaseForm(request.POST or None, matter=matter, auto_id=IN_DIALOG)

    def do(values: dict[str, Any]) -> None:
        flow.sue(actor=actor, matter_id=matter.pk, **values)

    title = str(CourtAction.SUE.label)
    return dialog(request, actor, matter, form=form, title=title, act=do, part="court")


def _write_page(
    request: HttpRequest,
    actor: Actor,
    matter: Matter,
    form: PrepareForm,
    found: Findings,
    action: CourtAction,
) -> HttpResponse:
    with scope(actor):
        context = {"matter": matter, "form": form, "found": found, "title": action.label}
        status = 422 if request.method == "POST" else 200
        return render(request, "court/prepare.html", context, status=status)


def _show(form: PrepareForm, refusal: Refusal) -> None:
    show_refusal(form, refusal, fields={f"answers.{name}": name for name in all_bars()})


def _done(request: HttpRequest, action: CourtAction, made: CourtCase) -> HttpResponse:
    messages.success(request, _("%(action)s：已完成。") % {"action": action.label})
    return redirect("court_case", made.pk)


def _actions(row: CourtCase) -> list[CourtAction]:
    """What can be written down now; enforcement where the court has confirmed."""
    found = possible(row.kind, row.state)
    return [CourtAction.ENFORCE] if row.state == CaseState.CONFIRMED else found


def _to_confirm(matter: Matter, found: list[Shown]) -> list[Agreement]:
    """Agreements in effect of which no court was asked, or which it did not confirm."""
    asked = {
        each.case.agreement_id
        for each in found
        if each.case.kind == CaseKind.CONFIRMATION
        and (each.turn is not None or each.case.state == CaseState.CONFIRMED)
    }
    agreed = Agreement.objects.filter(matter_id=matter.pk, state=AgreementState.EFFECTIVE)
    return [each for each in agreed if each.pk not in asked]


def _may_sue(matter: Matter, found: list[Shown]) -> bool:
    """Once mediated, not while it goes on, and one suit at a time."""
    if matter.state == State.MEDIATING or not matter.is_open:
        return False
    if any(each.case.kind == CaseKind.LAWSUIT and each.turn is not None for each in found):
        return False
    return Mediation.objects.filter(matter_id=matter.pk, ended_at__isnull=False).exists()
