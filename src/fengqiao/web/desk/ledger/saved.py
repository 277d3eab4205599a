"""Saved views of the ledger: the list, saving what is on the screen, opening, changing, removing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import saved_views as flow
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.domain.saving_views import LONGEST_NAME
from fengqiao.matters.models import SavedView
from fengqiao.matters.policies import may_change_view, may_share_views
from fengqiao.matters.queries.filter_words import words_of
from fengqiao.matters.queries.ledger import wanted_of
from fengqiao.matters.queries.saved_views import no_longer_there, views_of
from fengqiao.web.desk.ledger.forms import FilterForm
from fengqiao.web.desk.ledger.views import blank, in_words, reader
from fengqiao.web.kit.forms import show_refusal


class ViewForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("名字"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("条件连同关键词原样保存，请不要写姓名。号码和按当事人查找的结果不会保存。"),
    )
    shared = forms.BooleanField(label=gettext_lazy("本中心的人都能用"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share_views(actor):
            del self.fields["shared"]


@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """All views of the post; with ``save`` in the address the ledger's filter there can be saved."""
    actor = reader(request)
    if request.method != "POST":
        form = ViewForm(actor=actor) if "save" in request.GET else None
        return _page(request, actor, form)
    with scope(actor):
        asked = _filter_of(actor, request.GET.dict())
        if not asked.is_valid():
            # What is not offered would be saved as something wider than was meant.
            messages.error(request, _("筛选条件有误，没有保存。请改正后再保存。"))
            return redirect(f"{reverse('ledger')}?{request.GET.urlencode()}")
        wanted = asked.wanted()
        said = words_of(wanted)
    form = ViewForm(request.POST, actor=actor)
    if form.is_valid():
        try:
            flow.save(
                actor=actor,
                wanted=wanted,
                said=said,
                name=form.cleaned_data["name"],
                shared=form.cleaned_data.get("shared", False),
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("saved_views")
    with scope(actor):
        return _page(request, actor, form)


@require_GET
def opened(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Leads to the ledger with the filter of the view."""
    view = _found(reader(request), view_id)
    return redirect(address_of(view))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Renaming a view, sharing it or taking it back."""
    actor = reader(request)
    if request.method != "POST":
        view = _found(actor, view_id, changeable=True)
        form = ViewForm(actor=actor, initial={"name": view.name, "shared": view.is_shared})
        return render(request, "ledger/view.html", {"form": form, "view": view})
    form = ViewForm(request.POST, actor=actor)
    if form.is_valid():
        try:
            flow.change(
                actor=actor,
                view_id=view_id,
                name=form.cleaned_data["name"],
                shared=form.cleaned_data.get("shared", False),
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("saved_views")
    with scope(actor):
        view = _found(actor, view_id, changeable=True)
        return render(request, "ledger/view.html", {"form": form, "view": view}, status=422)


@require_POST
def remove(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Takes a view away."""
    flow.remove(actor=reader(request), view_id=view_id)
    messages.success(request, _("已删除。"))
    return redirect("saved_views")


def address_of(view: SavedView) -> str:
    """The ledger's address of a view; ``view`` in it lets the page say its name."""
    return f"{reverse('ledger')}?{urlencode({**view.asked, 'view': str(view.pk)})}"


def _page(request: HttpRequest, actor: Actor, form: ViewForm | None) -> HttpResponse:
    offered = _filter_of(actor, request.GET.dict())
    offered.is_valid()
    asked = {name: value for name, value in request.GET.items() if name in offered.fields and value}
    context = {
        "form": form,
        "query": urlencode(asked),
        "asked": in_words(offered, offered.wanted()) if form else [],
        "rows": [_row(actor, offered, view) for view in views_of(actor).select_related("person")],
    }
    return render(request, "ledger/views.html", context, status=422 if form and form.is_bound else 200)


def _row(actor: Actor, offered: FilterForm, view: SavedView) -> dict[str, Any]:
    gone = no_longer_there(view.asked)
    return {
        "view": view,
        "href": address_of(view),
        "words": [] if gone else in_words(offered, wanted_of(view.asked)),
        "gone": [offered.fields[name].label for name in gone if name in offered.fields],
        "may_change": may_change_view(actor, view),
        "is_mine": view.person_id == actor.person_id,
    }


def _filter_of(actor: Actor, asked: dict[str, str]) -> FilterForm:
    return FilterForm({**blank(), **asked}, actor=actor)


def _found(actor: Actor, view_id: UUID, *, changeable: bool = False) -> SavedView:
    view = views_of(actor).filter(pk=view_id).first()
    if view is None or (changeable and not may_change_view(actor, view)):
        raise NotAllowed("view_not_found", _("没有这个视图，或不是给您现在的岗位用的。"))
    return view
