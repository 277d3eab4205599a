"""鉴定销毁: dossiers whose time is over, the batches put together of them, the decision, the list that stays."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dossier.domain.disposing import MOST
from fengqiao.dossier.enums import BatchState
from fengqiao.dossier.policies import check_may_list_for_disposal, may_decide_disposal
from fengqiao.dossier.queries import disposal as query
from fengqiao.exchange.domain.disposal_sheet import workbook_of
from fengqiao.flows import disposing as flow
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.rules.queries.dossier import retentions
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import show_refusal
from fengqiao.web.kit.paging import key_of, page_of
from fengqiao.web.kit.sheets import sheet_of


class ProposeForm(forms.Form):
    grounds = forms.CharField(
        label=_("鉴定意见"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("为什么可以销毁：保管期满、没有继续保存的价值。"),
    )


class DecideForm(forms.Form):
    approved = forms.ChoiceField(
        label=_("审批"),
        choices=[("yes", _("批准销毁")), ("no", _("不批准"))],
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(label=_("审批意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


@require_http_methods(["GET", "POST"])
def disposals(request: HttpRequest) -> HttpResponse:
    """What could be disposed of, and the batches of the centre; a POST puts one together."""
    actor = actor_of_request(request)
    check_may_list_for_disposal(actor)
    form, status = ProposeForm(request.POST or None), 200
    chosen = [key for each in request.POST.getlist("volumes") if (key := key_of(each))]
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                batch = flow.propose(actor=actor, volumes=chosen, **form.cleaned_data)
            except NotAllowed:
                raise
            except Refusal as refusal:
                show_refusal(form, refusal)
                status = refusal.status
            else:
                return redirect("disposal", batch_id=batch.pk)
    with scope(actor):
        over = list(query.over_at(actor)[: MOST + 1])
        context = {
            "rows": [
                {"volume": each, "period": retentions()[each.retention].title, "on": each.pk in chosen}
                for each in over[:MOST]
            ],
            "more": len(over) > MOST,
            "batches": page_of(request, query.batches_of(actor)),
            "form": form,
        }
        return render(request, "disposal/disposals.html", context, status=status)


@require_http_methods(["GET", "POST"])
def disposal(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One list; a leader who did not put it together decides (POST)."""
    actor = actor_of_request(request)
    check_may_list_for_disposal(actor)
    form, status = DecideForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                flow.decide(
                    actor=actor,
                    batch_id=batch_id,
                    approved=said["approved"] == "yes",
                    decision=said["decision"],
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                show_refusal(form, refusal)
                status = refusal.status
            else:
                return redirect("disposal", batch_id=batch_id)
    with scope(actor):
        context = _whole(actor, batch_id)
        batch = context["batch"]
        waits = batch.state == BatchState.PROPOSED
        context |= {
            "form": form if waits and may_decide_disposal(actor, batch) else None,
            "own": waits and batch.proposed_by_id == actor.person_id,
        }
        return render(request, "disposal/disposal.html", context, status=status)


@require_GET
def sheet(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The list (销毁清册) as xlsx."""
    actor = actor_of_request(request)
    check_may_list_for_disposal(actor)
    with scope(actor):
        found = _whole(actor, batch_id)
    flow.taken_out(actor=actor, batch=found["batch"])
    content = workbook_of(found["batch"], found["items"])
    return sheet_of(content, name=f"卷宗销毁清册-{found['batch']}")


def _whole(actor: Actor, batch_id: UUID) -> dict[str, Any]:
    batch = query.batch_by_id(actor, batch_id)
    items = query.items_of(actor, batch)
    return {"batch": batch, "items": items, "unseen": batch.listed - len(items)}  # type: ignore[attr-defined]
