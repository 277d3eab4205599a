"""责任清单: what the ledger shows of how bodies handled matters, what was entered of it, and what they replied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain.accountability_sheet import workbook_of
from fengqiao.flows import accounting as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import Matter
from fengqiao.reviews.enums import HeldAction, HeldKind, Source
from fengqiao.reviews.policies import check_may_read_list, may_enter
from fengqiao.reviews.queries import listed as query
from fengqiao.reviews.queries import seen as ledger
from fengqiao.reviews.queries.listed import ListFilter, Shown
from fengqiao.reviews.queries.seen import Seen, SeenFilter, said
from fengqiao.web.desk.reviews.forms import FORMS, EnterForm, ListFilterForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG, show_refusal
from fengqiao.web.kit.paging import filled, key_of
from fengqiao.web.kit.sheets import MOST_IN_A_SHEET, sheet_of

MOST = 100
# What the ledger is asked for where no day is given.
USUAL = timedelta(days=92)
LISTED, LEDGER = "listed", "ledger"


@require_GET
def accountability(request: HttpRequest) -> HttpResponse:
    """The list with its filter; with ``view=ledger`` what the ledger shows and nobody entered."""
    actor = actor_of_request(request)
    check_may_read_list(actor)
    form = ListFilterForm(filled(ListFilterForm, request.GET), actor=actor)
    view = LEDGER if request.GET.get("view") == LEDGER else LISTED
    wanted = _wanted(form)
    asked = {name: value for name, value in request.GET.dict().items() if name in form.fields and value}
    here = reverse("accountability")
    views = ((LISTED, _("责任清单")), (LEDGER, _("台账上没有列入的")))
    context: dict[str, Any] = {
        "form": form,
        "view": view,
        "is_department": actor.role is Role.HANDLER,
        "views": [
            {"label": label, "href": f"{here}?{urlencode(asked | {'view': key})}", "on": key == view}
            for key, label in views
        ],
        "sheet": f"{reverse('accountability_sheet')}?{urlencode(asked)}",
        "today": clock.today(),
    }
    if view == LISTED:
        found = list(query.entries(actor, wanted)[: MOST + 1])
        context |= {"rows": query.shown(actor, found[:MOST]), "more": len(found) > MOST}
    else:
        first = wanted.first or clock.today() - USUAL
        asking = SeenFilter(wanted.kind, wanted.department, first, wanted.last)
        facts = query.not_entered(actor, asking, most=MOST + 1)
        context |= {
            "facts": [_fact(actor, each) for each in facts[:MOST]],
            "more": len(facts) > MOST,
            "since": first,
        }
    return render(request, "reviews/accountability.html", context)


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The list as xlsx, as it is filtered: each fact with its reply beside it."""
    actor = actor_of_request(request)
    check_may_read_list(actor)
    form = ListFilterForm(filled(ListFilterForm, request.GET), actor=actor)
    found = list(query.entries(actor, _wanted(form))[: MOST_IN_A_SHEET + 1])
    if len(found) > MOST_IN_A_SHEET:
        raise Refusal("too_many_rows", _("一次最多导出 5,000 条，请用日期缩小范围。"))
    flow.taken_out(actor=actor, number=len(found))
    return sheet_of(workbook_of(query.shown(actor, found)), name=f"责任清单-{clock.today().isoformat()}")


@require_GET
def entry(request: HttpRequest, listed_id: UUID) -> HttpResponse:
    """One entry as a sheet to print: the fact, where the ledger shows it, the reply, the withdrawal."""
    actor = actor_of_request(request)
    found = _entry(actor, listed_id)
    opened(actor, found.listed.matter.code, door="accountability")
    return render(
        request,
        "reviews/entry.html",
        {
            "each": found,
            "matter": found.listed.matter,
            "evidence": _evidence(found.listed.matter, found.listed.source, found.listed.source_id),
            "actions": _actions(found),
        },
    )


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, code: str, rule: str, source_id: UUID) -> HttpResponse:
    """Puts a fact of the ledger on the list; the fact is looked up, not typed."""
    actor = actor_of_request(request)
    with scope(actor):
        check_may_read_list(actor)
        matter = opened(actor, code, door="accountability")
        fact = ledger.one(actor, matter, rule, source_id)
    form = EnterForm(request.POST or None, auto_id=IN_DIALOG)

    def work(values: dict[str, Any]) -> None:
        flow.enter(actor=actor, matter_id=matter.pk, rule=rule, source_id=source_id, **values)

    facts = [said(fact.kind, fact.kept())] if fact else []
    title = _("列入责任清单")
    if fact:
        title = f"{title} · {fact.body}"
    way = f"{reverse('accountability')}?view={LISTED}"
    return _dialog(request, actor, matter, form=form, title=title, facts=facts, act=work, way=way)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, listed_id: UUID, action: str) -> HttpResponse:
    """The body replies; whoever entered it, or the commission, withdraws it."""
    actor = actor_of_request(request)
    if action not in FORMS:
        raise NotAllowed("no_such_action", _("没有这个动作。"))
    verb = HeldAction(action)
    with scope(actor):
        found = _entry(actor, listed_id)
        matter = opened(actor, found.listed.matter.code, door="accountability")
    form = FORMS[verb](request.POST or None, auto_id=IN_DIALOG)

    def work(values: dict[str, Any]) -> None:
        flow.act(actor=actor, listed_id=listed_id, action=verb, **values)

    return _dialog(
        request,
        actor,
        matter,
        form=form,
        title=f"{verb.label} · {found.body}",
        facts=[found.sentence],
        act=work,
        way=reverse("accountability"),
    )


def _dialog(
    request: HttpRequest,
    actor: Actor,
    matter: Matter,
    *,
    form: forms.Form,
    title: str,
    facts: list[str],
    act: Callable[[dict[str, Any]], None],
    way: str,
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            done = _("%(action)s：已完成。%(code)s") % {"action": title, "code": matter.code}
            messages.success(request, done)
            if "HX-Request" not in request.headers:
                return redirect(way)
            response = HttpResponse(status=204)
            response.headers["HX-Redirect"] = way
            return response
    with scope(actor):
        context = {"title": title, "facts": facts, "form": form, "target": request.path, "matter": matter}
        whole = "HX-Request" not in request.headers
        template = "supervision/step_page.html" if whole else "supervision/step.html"
        return render(request, template, context, status=status)


def _wanted(form: ListFilterForm) -> ListFilter:
    """What the address asks for; what it does not know is left out."""
    form.is_valid()
    said_ = form.cleaned_data
    return ListFilter(
        kind=said_.get("kind") or "",
        standing=said_.get("standing") or "",
        department=key_of(said_.get("department") or ""),
        first=said_.get("first"),
        last=said_.get("last"),
    )


def _entry(actor: Actor, listed_id: UUID) -> Shown:
    check_may_read_list(actor)
    found = query.entries(actor, ListFilter()).filter(pk=listed_id).first()
    if found is None:
        raise NotAllowed("listed_not_found", _("责任清单上没有这一条，或您的岗位看不到它。"))
    return query.shown(actor, [found])[0]


def _actions(found: Shown) -> list[dict[str, Any]]:
    return [
        {"label": each.label, "href": reverse("accountability_act", args=[found.listed.pk, each])}
        for each in found.actions
    ]


def _fact(actor: Actor, fact: Seen) -> dict[str, Any]:
    return {
        "kind": HeldKind(fact.kind).label,
        "sentence": said(fact.kind, fact.kept()),
        "basis": fact.rule.basis,
        "matter": fact.matter,
        "body": fact.body,
        "evidence": _evidence(fact.matter, fact.source, fact.source_id),
        "enter": reverse("accountability_enter", args=[fact.matter.code, fact.rule.id, fact.source_id])
        if may_enter(actor, fact.matter)
        else "",
    }


def _evidence(matter: Matter, source: str, source_id: UUID) -> str:
    """Where the fact opens into what shows it: the clock with its explanation, else the matter's history."""
    if source == Source.CLOCK:
        return reverse("matter_clock", args=[matter.code, source_id])
    return f"{reverse('matter', args=[matter.code])}#history"
