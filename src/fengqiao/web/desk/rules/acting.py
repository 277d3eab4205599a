"""What is done with a version beside its cells: begun, submitted, taken back, given up, decided, ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fengqiao.accounts.scope import scope
from fengqiao.flows import rule_tables as flow
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.web.desk.rules.forms import ApproveForm, EndForm, SendBackForm, VersionForm
from fengqiao.web.desk.rules.views import found_version, kind_of, page, reader
from fengqiao.web.kit.forms import show_refusal

# Act → its form, what it calls, and what it says when it is done.
ACTS: dict[str, tuple[type[VersionForm], Any, Any]] = {
    "submit": (VersionForm, flow.submit, gettext_lazy("已提交，等另一位主任或常务副主任批准。")),
    "take_back": (VersionForm, flow.take_back, gettext_lazy("已收回，可以接着改。")),
    "drop": (VersionForm, flow.drop, gettext_lazy("已撤下这份草案。")),
    "approve": (ApproveForm, flow.approve, gettext_lazy("已批准发布。")),
    "send_back": (SendBackForm, flow.send_back, gettext_lazy("已退回起草人。")),
    "end": (EndForm, flow.end, gettext_lazy("已写明最后一天。")),
}


@require_POST
def begin(request: HttpRequest, kind: str) -> HttpResponse:
    """A draft from the table in force."""
    actor = reader(request)
    made = flow.begin(actor=actor, kind=kind_of(kind))
    return redirect("rule_edit", made.pk)


@require_POST
def act(request: HttpRequest, version_id: UUID, act: str) -> HttpResponse:
    """One act on a version; what is refused comes back on its page."""
    actor = reader(request)
    if act not in ACTS:
        raise Http404
    kind, verb, said = ACTS[act]
    form = kind(request.POST)
    problem, status = "", 422
    if form.is_valid():
        try:
            verb(actor=actor, version_id=version_id, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
            # A form without fields has no place of its own for what is wrong.
            problem = "" if len(form.fields) > 1 else str(refusal)
            status = refusal.status
        else:
            messages.success(request, said)
            return redirect("rule_version", version_id)
    elif kind is VersionForm:
        problem = _("请重新打开这一页再试。")
    with scope(actor):
        return page(
            request,
            actor,
            found_version(actor, version_id),
            form=form if len(form.fields) > 1 else None,
            act=act,
            problem=problem,
            status=status,
        )
