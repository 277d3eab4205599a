"""The security administrator puts people into posts and ends posts, each on a page of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.flows import people as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.mediation.queries.in_hand import in_hand_of
from fengqiao.places.queries import people as query
from fengqiao.places.queries.acting import place_label
from fengqiao.web.desk.administration.forms import EndPostForm, OpenPostForm
from fengqiao.web.desk.administration.people import administrator
from fengqiao.web.kit.forms import show_refusal


@require_http_methods(["GET", "POST"])
def open_post(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A new post for a person of the administrator's division."""
    actor = administrator(request)
    if request.method == "GET":
        form = OpenPostForm(actor, initial={"since": clock.today()})
        return _page(request, "post_open", _person(actor, person_id), form)
    form = OpenPostForm(actor, request.POST)
    if form.is_valid():
        try:
            flow.open_post(actor=actor, person_id=person_id, new=form.to_post())
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已派任。本人下次打开页面就可以选这个岗位。"))
            return redirect("person", person_id)
    with scope(actor):
        return _page(request, "post_open", _person(actor, person_id), form)


@require_http_methods(["GET", "POST"])
def end_post(request: HttpRequest, person_id: UUID, stationing_id: UUID) -> HttpResponse:
    """The last day of a post."""
    actor = administrator(request)
    form = (
        EndPostForm(request.POST)
        if request.method == "POST"
        else EndPostForm(initial={"until": clock.today()})
    )
    if form.is_bound and form.is_valid():
        try:
            flow.end_post(
                actor=actor,
                person_id=person_id,
                stationing_id=stationing_id,
                until=form.cleaned_data["until"],
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已记下最后一天。办过的事留在记录里。"))
            return redirect("person", person_id)
    with scope(actor):
        person = _person(actor, person_id)
        held = next((s for s in person.stationings.all() if s.pk == stationing_id), None)
        if held is None:
            raise NotAllowed("post_not_found", _("这个人没有这个岗位。"))
        post = {
            "role": Role(held.post.role).label,
            "place": place_label(held),
            "held": held,
            "in_hand": in_hand_of(person_id) if held.post.role in (Role.HANDLER, Role.MEDIATOR) else None,
            "is_handler": held.post.role == Role.HANDLER,
            "others": query.others_at(held.post, person_id),
        }
        return _page(request, "post_end", person, form, post=post)


def _person(actor: Actor, person_id: UUID) -> Person:
    found = query.with_posts(query.in_reach(actor)).filter(pk=person_id).first()
    if found is None:
        raise NotAllowed("person_not_found", _("您管理的范围内没有这个人。"))
    return found


def _page(request: HttpRequest, name: str, person: Person, form: forms.Form, **more: Any) -> HttpResponse:
    context = {"person": person, "form": form, "name": name} | more
    return render(request, f"administration/{name}.html", context, status=422 if form.is_bound else 200)
