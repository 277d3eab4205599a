"""品牌调解室 at the desk: which there are, who works there, what is mediated there; kept by the leaders of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import pool as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.mediation.enums import Result
from fengqiao.mediators.domain.register import fields_in_force
from fengqiao.pool.enums import PoolAction
from fengqiao.pool.models import BrandRoom
from fengqiao.pool.policies import check_may_keep, check_may_read, may_keep
from fengqiao.pool.queries.rooms import RUNNING, counts_of, held_in, room_by_id, visible_to
from fengqiao.web.desk.pool.forms import AmendRoomForm, EndForm, EndWorkForm, NewRoomForm, WorkForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import show_refusal
from fengqiao.web.kit.hours import days_in_words, hours_in_words

RENAMED = {"fields": "fields_of"}
FORMS: dict[str, tuple[PoolAction, type[Any]]] = {
    "amend": (PoolAction.AMEND_ROOM, AmendRoomForm),
    "end": (PoolAction.END_ROOM, EndForm),
    "work": (PoolAction.PUT_TO_WORK, WorkForm),
    "end-work": (PoolAction.END_WORK, EndWorkForm),
}


@require_GET
def rooms(request: HttpRequest) -> HttpResponse:
    """Every room of the county, those that are open first."""
    actor = actor_of_request(request)
    check_may_read(actor)
    rows = [told(each) for each in visible_to(actor)]
    return render(request, "pool/rooms.html", {"rows": rows, "keeps": may_keep(actor, actor.centre_id)})


@require_GET
def room(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """One room; the counts open into the mediations behind them."""
    actor = actor_of_request(request)
    found = room_by_id(actor, room_id)
    held = held_in(actor, found)
    asked = request.GET.get("result", "")
    keeps = found.valid_until is None and may_keep(actor, found.centre_id)
    names = {RUNNING: _("正在调解"), **{each.value: each.label for each in Result}}
    context = {
        "row": told(found),
        "keeps": keeps,
        "actions": [(key, action.label) for key, (action, _form) in FORMS.items()] if keeps else [],
        "counts": [(key, names[key], n) for key, n in sorted(counts_of(held).items())],
        "total": len(held),
        "asked": asked,
        "held": [each for each in held if asked in ("", each.mediation.result or RUNNING)],
    }
    return render(request, "pool/room.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A room of the own centre comes into being."""
    actor = actor_of_request(request)
    check_may_keep(actor, actor.centre_id)
    form = NewRoomForm(request.POST or None, request.FILES or None, initial={"valid_from": clock.today()})
    return _answered(request, actor, form, PoolAction.OPEN_ROOM)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, room_id: UUID, action: str) -> HttpResponse:
    """One small form about a room of the own centre."""
    if action not in FORMS:
        raise Http404
    doing, form_of = FORMS[action]
    actor = actor_of_request(request)
    with scope(actor):
        found = room_by_id(actor, room_id)
        check_may_keep(actor, found.centre_id)
        form = form_of(found, request.POST or None, request.FILES or None)
    known: dict[str, Any] = {} if doing is PoolAction.END_WORK else {"room_id": room_id}
    return _answered(request, actor, form, doing, room=found, **known)


def _answered(
    request: HttpRequest,
    actor: Actor,
    form: forms.Form,
    action: PoolAction,
    *,
    room: BrandRoom | None = None,
    **known: Any,
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            values = form.values()  # type: ignore[attr-defined]
            made = flow.keep(actor=actor, action=action, subject=_subject(room), **known, **values)
        except Refusal as refusal:
            show_refusal(form, refusal, fields=RENAMED)
            status = refusal.status
        else:
            messages.success(request, _("%(action)s：已完成。") % {"action": action.label})
            return redirect("room", room.pk if room else made.pk)
    with scope(actor):
        context = {"form": form, "title": action.label, "room": room}
        return render(request, "pool/room_entry.html", context, status=status)


def _subject(room: BrandRoom | None) -> str:
    return f"room:{room.pk}" if room else ""


def told(row: BrandRoom) -> dict[str, Any]:
    """A room with its codes in words."""
    names = fields_in_force(clock.today())
    today = clock.today()
    return {
        "room": row,
        "fields": _("、").join(names.get(code, code) for code in row.fields),
        "days": days_in_words(row.days),
        "hours": hours_in_words((row.opens, row.closes), (row.opens_again, row.closes_again)),
        "people": [each for each in row.at_work if each.valid_until is None or each.valid_until >= today],  # type: ignore[attr-defined]
        "over": row.valid_until is not None and row.valid_until < today,
    }
