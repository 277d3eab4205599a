"""研判委员: whom the county has named for which fields; kept by the security administrator."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import study as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.study.policies import check_may_name_members
from fengqiao.study.queries.members import members_of, nameable
from fengqiao.web.desk.study.forms import EndMemberForm, MemberForm, fields_in_words
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import show_refusal

RENAMED = {"fields": "fields_of"}


def _administrator(request: HttpRequest) -> Actor:
    actor = actor_of_request(request)
    check_may_name_members(actor)
    return actor


@require_GET
def committee(request: HttpRequest) -> HttpResponse:
    """All who are or were members, those in force first."""
    actor = _administrator(request)
    rows = [
        {
            "member": each,
            "place": each.post.centre or each.post.department,
            "fields": fields_in_words(each.fields),
            "over": each.valid_until is not None and each.valid_until < clock.today(),
        }
        for each in members_of(actor.county)
    ]
    rows.sort(key=lambda row: bool(row["over"]))
    return render(request, "study/committee.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Names a member by a paper of the county."""
    actor = _administrator(request)
    with scope(actor):
        held = nameable(actor)
    form = MemberForm(request.POST or None, held=held)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = flow.name_member(
                actor=actor,
                stationing_id=values["stationing"],
                fields=values["fields_of"],
                basis=values["basis"],
                valid_from=values["valid_from"],
            )
        except Refusal as refusal:
            show_refusal(form, refusal, fields=RENAMED)
            status = refusal.status
        else:
            messages.success(request, _("已登记研判委员：%(name)s") % {"name": made.person.name})
            return redirect("committee")
    with scope(actor):
        context = {"form": form, "title": _("登记研判委员")}
        return render(request, "study/member.html", context, status=status)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """The last day of a membership."""
    actor = _administrator(request)
    with scope(actor):
        member = members_of(actor.county).filter(pk=member_id).first()
    if member is None:
        raise NotAllowed("member_not_found", _("本县没有这位研判委员。"))
    form = EndMemberForm(request.POST or None, initial={"last": clock.today()})
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            flow.end_member(actor=actor, member_id=member_id, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已停任研判委员：%(name)s") % {"name": member.person.name})
            return redirect("committee")
    with scope(actor):
        context = {"form": form, "title": _("停任研判委员 · %(name)s") % {"name": member.person.name}}
        return render(request, "study/member.html", context, status=status)
