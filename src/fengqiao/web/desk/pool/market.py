"""市场化调解组织 at the desk: who may charge, and by which schedule."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import pool as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.pool.enums import PoolAction
from fengqiao.pool.policies import check_may_keep, check_may_read, may_keep
from fengqiao.pool.queries.market import body_by_id, visible_to
from fengqiao.rules.queries.mediation_bodies import all_bodies, bodies_on
from fengqiao.web.desk.pool.forms import text
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.choices import NOTHING
from fengqiao.web.kit.forms import Day, show_refusal
from fengqiao.web.kit.paging import page_of


class BodyForm(forms.Form):
    name = text(gettext_lazy("调解组织的名称"), 100)
    kind = forms.ChoiceField(
        label=gettext_lazy("调解组织的类型"),
        help_text=gettext_lazy("依法可以收费的才能登记；人民调解不收取任何费用。"),
    )
    licence = text(gettext_lazy("登记证书或者执业许可"), 200)
    valid_from = forms.DateField(label=gettext_lazy("从哪天起"), widget=Day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(each.id, each.name) for each in bodies_on(clock.today())]
        self.fields["kind"].choices = [NOTHING, *kinds]  # type: ignore[attr-defined]


class FeesForm(forms.Form):
    valid_from = forms.DateField(label=gettext_lazy("从哪天起"), widget=Day())
    text = text(gettext_lazy("收费标准"), 4_000, rows=6, help_text=gettext_lazy("照公布的写，逐项写明金额。"))


class EndForm(forms.Form):
    last = forms.DateField(label=gettext_lazy("最后一天"), widget=Day())


FORMS: dict[str, tuple[PoolAction, type[forms.Form]]] = {
    "fees": (PoolAction.PUBLISH_FEES, FeesForm),
    "end": (PoolAction.END_BODY, EndForm),
}


@require_GET
def bodies(request: HttpRequest) -> HttpResponse:
    """Every organisation of the county, with what it charges."""
    actor = actor_of_request(request)
    check_may_read(actor)
    kinds = all_bodies()
    page = page_of(request, visible_to(actor))
    rows = [
        {
            "body": each,
            "kind": kinds[each.kind].name if each.kind in kinds else each.kind,
            "schedules": list(each.schedules.all())[::-1],
            "keeps": each.valid_until is None and may_keep(actor, each.centre_id),
            "over": each.valid_until is not None and each.valid_until < clock.today(),
        }
        for each in page.rows
    ]
    context = {"rows": rows, "page": page, "keeps": may_keep(actor, actor.centre_id)}
    return render(request, "pool/market.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An organisation that works with the own centre."""
    actor = actor_of_request(request)
    check_may_keep(actor, actor.centre_id)
    form = BodyForm(request.POST or None, initial={"valid_from": clock.today()})
    return _answered(request, actor, form, PoolAction.ENTER_BODY)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, body_id: UUID, action: str) -> HttpResponse:
    """One small form about an organisation of the own centre."""
    if action not in FORMS:
        raise Http404
    doing, form_of = FORMS[action]
    actor = actor_of_request(request)
    with scope(actor):
        body = body_by_id(actor, body_id)
        check_may_keep(actor, body.centre_id)
    today = clock.today()
    form = form_of(request.POST or None, initial={"last": today, "valid_from": today})
    return _answered(request, actor, form, doing, of=body.name, body_id=body_id)


def _answered(
    request: HttpRequest, actor: Actor, form: forms.Form, action: PoolAction, of: str = "", **known: Any
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            flow.keep(actor=actor, action=action, **known, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("%(action)s：已完成。") % {"action": action.label})
            return redirect("market")
    with scope(actor):
        context = {"form": form, "title": action.label, "of": of}
        return render(request, "pool/market_entry.html", context, status=status)
