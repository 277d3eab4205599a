"""A county's own templates of forms: what is in force, uploading one, approving it, going back to the shipped one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dossier import forms as described
from fengqiao.dossier.enums import TemplateState
from fengqiao.dossier.forms import Form, field_names, required_fields
from fengqiao.dossier.own_templates import MOST_BYTES
from fengqiao.dossier.policies import (
    check_may_read_templates,
    may_approve_templates,
    may_draft_templates,
)
from fengqiao.dossier.queries import templates as query
from fengqiao.dossier.templates import place_of
from fengqiao.flows import templates as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.web.desk.papers.views import DOCX, _file
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import Day, show_refusal


class UploadForm(forms.Form):
    content = forms.FileField(
        label=_("模板文件（.docx）"),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        help_text=_("从随软件的模板改起：字段写作 {{ 名称 }}，最多 1 MB，不能带宏。"),
    )
    why = forms.CharField(label=_("为什么改用"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class DayForm(forms.Form):
    day = forms.DateField(label=_("日期"), widget=Day())


@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """Every form: by which template its .docx is made today, and what waits."""
    actor = actor_of_request(request)
    check_may_read_templates(actor)
    with scope(actor):
        own = {each.form: each for each in query.in_force(actor.county, clock.today()).defer("content")}
        waits = set(query.versions_of(actor).filter(state=TemplateState.DRAFT).values_list("form", flat=True))
    rows = [
        {"form": each, "own": own.get(each.code), "waits": each.code in waits} for each in described.forms()
    ]
    return render(request, "own_templates/templates.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, form: str) -> HttpResponse:
    """One form: its fields, the county's versions; a POST uploads a draft."""
    actor = actor_of_request(request)
    check_may_read_templates(actor)
    wanted = _form(form)
    upload, status = UploadForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        _check_may_upload(actor)
        status = 422
        if upload.is_valid():
            file = upload.cleaned_data["content"]
            try:
                flow.act(
                    actor=actor,
                    verb="upload",
                    form=wanted.code,
                    name=file.name,
                    # One byte more than is taken says that there are too many.
                    content=file.read(MOST_BYTES + 1),
                    why=upload.cleaned_data["why"],
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                show_refusal(upload, refusal)
                status = refusal.status
            else:
                messages.success(request, _("已上传，等待另一位领导批准。"))
                return redirect("own_template", form=wanted.code)
    with scope(actor):
        versions = list(query.versions_of(actor, wanted.code))
    names = {"number": _("编号")} | field_names()
    context = {
        "form": wanted,
        "upload": upload if may_draft_templates(actor) else None,
        "versions": [_version(actor, each) for each in versions],
        "needed": [(each, names[each]) for each in required_fields(wanted)],
        "names": list(names.items()),
        "day": DayForm(initial={"day": clock.today()}),
    }
    return render(request, "own_templates/template.html", context, status=status)


@require_POST
def act(request: HttpRequest, template_id: UUID, verb: str) -> HttpResponse:
    """Approves, drops or ends a version (POST)."""
    actor = actor_of_request(request)
    check_may_read_templates(actor)
    if verb not in ("approve", "drop", "end"):
        raise Http404
    with scope(actor):
        found = query.version_by_id(actor, template_id)
    form = DayForm(request.POST)
    values: dict[str, Any] = {"template_id": template_id}
    if verb != "drop":
        day: date = form.cleaned_data["day"] if form.is_valid() else clock.today()
        values |= {"valid_from" if verb == "approve" else "last_day": day}
    try:
        flow.act(actor=actor, verb=verb, **values)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("own_template", form=found.form)


@require_GET
def shipped(request: HttpRequest, form: str) -> HttpResponse:
    """The template that comes with the program, to begin from."""
    check_may_read_templates(actor_of_request(request))
    wanted = _form(form)
    return _file(place_of(wanted.code).read_bytes(), DOCX, f"{wanted.title}-模板.docx")


@require_GET
def version(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """One version of the county."""
    actor = actor_of_request(request)
    check_may_read_templates(actor)
    with scope(actor):
        found = query.version_by_id(actor, template_id)
        return _file(bytes(found.content), DOCX, f"{_form(found.form).title}-{found.number}.docx")


def _form(code: str) -> Form:
    found = next((each for each in described.forms() if each.code == code), None)
    if found is None:
        raise Http404
    return found


def _check_may_upload(actor: Actor) -> None:
    if not may_draft_templates(actor):
        raise NotAllowed("templates_not_allowed", _("文书模板由县、市中心的领导和调度岗上传。"))


def _version(actor: Actor, each: Any) -> dict[str, Any]:
    waits = each.state == TemplateState.DRAFT
    return {
        "version": each,
        "approve": waits and may_approve_templates(actor) and each.drafted_by_id != actor.person_id,
        "drop": waits and may_draft_templates(actor),
        "end": each.state == TemplateState.APPROVED
        and each.valid_until is None
        and may_approve_templates(actor),
    }
