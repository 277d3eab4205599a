"""The system administrator adds, amends, ends and reopens centres and departments, each on a page of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import bodies as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.places.models import Centre, Department
from fengqiao.places.queries import bodies as query
from fengqiao.places.queries.overview import residents as residents_of
from fengqiao.web.desk.administration.body_forms import (
    CentreForm,
    DepartmentForm,
    EndBodyForm,
    NewCentreForm,
    NewDepartmentForm,
    ResidentsForm,
)
from fengqiao.web.desk.administration.places import administrator
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import show_refusal

MODELS: dict[str, type[Centre] | type[Department]] = {"centre": Centre, "department": Department}
NEW_FORMS = {"centre": NewCentreForm, "department": NewDepartmentForm}
FORMS = {"centre": CentreForm, "department": DepartmentForm}


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, noun: str) -> HttpResponse:
    """A centre or department that there was not."""
    actor = administrator(request)
    form = NEW_FORMS[noun](actor, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = flow.add(actor=actor, model=MODELS[noun], new=form.to_details())
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已新增：%(name)s。") % {"name": made.name})
            return redirect(noun, made.pk)
    with scope(actor):
        return _page(request, noun, "body_new", form, title=_title(noun))


@require_http_methods(["GET", "POST"])
def body(request: HttpRequest, body_id: UUID, noun: str) -> HttpResponse:
    """One body: what it is called and how it is reached, to read and to amend."""
    actor = administrator(request)
    found = _found(noun, actor, body_id)
    form = FORMS[noun](actor, request.POST if request.method == "POST" else None, body=found)
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"] or 0
        details = form.to_details()
        try:
            flow.amend(actor=actor, model=MODELS[noun], body_id=body_id, new=details, version=version)
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect(noun, body_id)
    with scope(actor):
        today = clock.today()
        return _page(
            request,
            noun,
            "body",
            form,
            body=found,
            is_over=found.valid_until is not None and found.valid_until < today,
            present=residents_of(_with_residents(found)) if noun == "centre" else None,
            stationed=query.staying_after(found, today - timedelta(days=1)),
        )


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, body_id: UUID, noun: str) -> HttpResponse:
    """The last day of a body."""
    actor = administrator(request)
    found = _found(noun, actor, body_id)
    form = (
        EndBodyForm(request.POST)
        if request.method == "POST"
        else EndBodyForm(initial={"until": clock.today(), "version": found.version})
    )
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            flow.end(
                actor=actor,
                model=MODELS[noun],
                body_id=body_id,
                until=said["until"],
                version=said["version"],
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已写明最后一天。以前的事项里仍看得到它。"))
            return redirect(noun, body_id)
    with scope(actor):
        return _page(request, noun, "body_end", form, body=found)


@require_http_methods(["GET", "POST"])
def residents(request: HttpRequest, body_id: UUID) -> HttpResponse:
    """Who is present at a centre: the resident seven and the others in rotation."""
    actor = administrator(request)
    found = _found("centre", actor, body_id)
    form = ResidentsForm(actor, _with_residents(found), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            flow.set_residents(actor=actor, centre_id=body_id, present=form.to_present(), version=version)
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("centre", body_id)
    with scope(actor):
        return _page(request, "centre", "residents", form, body=found)


@require_POST
def reopen(request: HttpRequest, body_id: UUID, noun: str) -> HttpResponse:
    """Takes the last day back."""
    actor = actor_of_request(request)
    version = request.POST.get("version", "")
    flow.reopen(
        actor=actor,
        model=MODELS[noun],
        body_id=body_id,
        version=int(version) if version.isdigit() else 0,
    )
    messages.success(request, _("已恢复，可以再派给它事项、安排岗位。"))
    return redirect(noun, body_id)


def _found(noun: str, actor: Actor, body_id: UUID) -> Centre | Department:
    reach = query.in_reach(Centre, actor) if noun == "centre" else query.in_reach(Department, actor)
    found: Centre | Department | None = reach.select_related("division", "upper").filter(pk=body_id).first()
    if found is None:
        raise NotAllowed("body_not_found", _("您管理的范围内没有这个机构。"))
    return found


def _with_residents(centre: Centre | Department) -> Centre:
    return Centre.objects.prefetch_related("residences__department").get(pk=centre.pk)


def _title(noun: str) -> str:
    return _("新增综治中心") if noun == "centre" else _("新增部门")


def _page(request: HttpRequest, noun: str, name: str, form: forms.Form, **more: Any) -> HttpResponse:
    listed = "places_centres" if noun == "centre" else "places_departments"
    context = {
        "noun": noun,
        "form": form,
        "list_href": reverse(listed),
        "list_label": _("综治中心") if noun == "centre" else _("部门"),
    }
    template = f"administration/{name}.html"
    return render(request, template, context | more, status=422 if form.is_bound else 200)
