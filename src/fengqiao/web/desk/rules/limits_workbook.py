"""The county's own limits by workbook: downloaded, changed, and sent in; what it would change is shown first."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain.limit_sheets import limits_workbook, read_limits_workbook
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.rules.deciding import Row, row_from
from fengqiao.rules.enums import OwnTable
from fengqiao.rules.models import TableVersion
from fengqiao.rules.policies import check_may_draft
from fengqiao.rules.queries.county_limits import items, proposed_rows, version_in_force
from fengqiao.web.desk.rules.editing import own_draft
from fengqiao.web.desk.rules.forms import UploadForm
from fengqiao.web.desk.rules.own_limits import differences, editor, found_limits, of_limit, rows_of
from fengqiao.web.desk.rules.views import as_file, reader
from fengqiao.web.kit.forms import show_refusal


@require_GET
def workbook_in_force(request: HttpRequest) -> HttpResponse:
    """What holds today as xlsx; the proposal where nothing does."""
    actor = reader(request)
    found = version_in_force(actor.county, clock.today())
    rows = [row_from(each) for each in found.rows] if found else proposed_rows()
    return _as_file(actor, rows, _version_in_words(found.number) if found else _("建议的时限"))


@require_GET
def workbook(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A version as xlsx."""
    actor = reader(request)
    found = found_limits(actor, version_id)
    return _as_file(actor, [row_from(each) for each in found.rows], _version_in_words(found.number))


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """What a workbook would make of the draft, limit by limit; it is saved by the form that shows it."""
    actor = reader(request)
    check_may_draft(actor)
    with scope(actor):
        draft = own_draft(actor, found_limits(actor, version_id))
    if request.method != "POST":
        return _upload_page(request, actor, draft, UploadForm(initial={"version": draft.version}))
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            typed = read_limits_workbook(form.cleaned_data["file"].read())
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            changes = differences([row_from(each) for each in draft.rows], rows_of(typed))
            return editor(request, actor, draft, typed, note=draft.note, proposed=changes)
    return _upload_page(request, actor, draft, form, status=422)


def _upload_page(
    request: HttpRequest, actor: Actor, draft: TableVersion, form: forms.Form, *, status: int = 200
) -> HttpResponse:
    # What the form of the decision tables says is otherwise here: nothing is replaced yet.
    form.fields["file"].help_text = _("从这里下载、改好的 xlsx；先看会改什么，再保存。")
    context = {"draft": draft, "table": OwnTable.LIMITS, "form": form}
    with scope(actor):
        return render(request, "rules/limits_upload.html", context, status=status)


def _as_file(actor: Actor, rows: Sequence[Row], version: str) -> HttpResponse:
    limits = {name: of_limit(actor.county, name) for name in items()}
    told = {
        name: {"name": each["step"], "law": "\n".join(each["within"]) or _("没有规定")}
        for name, each in limits.items()
    }
    return as_file(limits_workbook(rows, told), f"{OwnTable.LIMITS.label} {version}.xlsx")


def _version_in_words(number: int) -> str:
    return _("第 %(number)s 版") % {"number": number}
