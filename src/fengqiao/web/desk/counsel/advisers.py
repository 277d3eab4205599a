"""法律顾问名册: law society, chief legal advisers, advisory group; who named them, and what they were asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.scope import scope
from fengqiao.counsel.enums import ADVISER_KINDS
from fengqiao.counsel.policies import check_may_keep_advisers, check_may_read_advisers, may_keep_advisers
from fengqiao.counsel.queries.advisers import listed, visible_to
from fengqiao.flows import advisers as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import Day, show_refusal
from fengqiao.web.kit.paging import page_of


class AdviserForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("身份"), choices=ADVISER_KINDS, widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    unit = forms.CharField(label=gettext_lazy("所在单位"), max_length=120, required=False)
    what_for = forms.CharField(label=gettext_lazy("请教哪方面的法律问题"), max_length=200)
    appointed_by = forms.CharField(label=gettext_lazy("由谁聘任"), max_length=120)
    basis = forms.CharField(label=gettext_lazy("聘任的文件"), max_length=200)
    valid_from = forms.DateField(label=gettext_lazy("任期从"), widget=Day(), initial=clock.today)
    valid_until = forms.DateField(label=gettext_lazy("任期到"), widget=Day(), required=False)


class EndForm(forms.Form):
    last = forms.DateField(label=gettext_lazy("最后一天"), widget=Day(), initial=clock.today)


@require_GET
def advisers(request: HttpRequest) -> HttpResponse:
    """The roster, those in force first, with the rows of what each was asked."""
    actor = actor_of_request(request)
    check_may_read_advisers(actor)
    today = clock.today()
    page = page_of(request, listed(actor, today))
    rows = [
        {"adviser": each, "over": each.valid_until is not None and each.valid_until < today}
        for each in page.rows
    ]
    context = {"rows": rows, "page": page, "keeps": may_keep_advisers(actor)}
    return render(request, "counsel/advisers.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enters somebody whom the county has named."""
    actor = actor_of_request(request)
    check_may_keep_advisers(actor)
    form = AdviserForm(request.POST or None)
    title = _("登记法律顾问")
    if request.method == "POST" and form.is_valid():
        try:
            made = flow.enter(actor=actor, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已登记法律顾问：%(name)s") % {"name": made.name})
            return redirect("advisers")
    return _entry(request, actor, form, title)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, adviser_id: UUID) -> HttpResponse:
    """The last day of somebody on the roster."""
    actor = actor_of_request(request)
    check_may_keep_advisers(actor)
    with scope(actor):
        found = visible_to(actor).filter(pk=adviser_id, county=actor.county).first()
    if found is None:
        raise NotAllowed("adviser_not_found", _("名册里没有这位法律顾问。"))
    form = EndForm(request.POST or None)
    title = _("停任法律顾问 · %(name)s") % {"name": found.name}
    if request.method == "POST" and form.is_valid():
        try:
            flow.end(actor=actor, adviser_id=adviser_id, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已停任法律顾问：%(name)s") % {"name": found.name})
            return redirect("advisers")
    return _entry(request, actor, form, title)


def _entry(request: HttpRequest, actor: Any, form: forms.Form, title: str) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    with scope(actor):
        return render(
            request, "counsel/entry.html", {"form": form, "title": title, "roster": True}, status=status
        )
