"""Exports of the ledger: ordering one, the list of one's own with its schedules, and the files."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain import exporting
from fengqiao.exchange.enums import ExportState
from fengqiao.exchange.models import ExportRun
from fengqiao.exchange.queries.exports import SHOWN, exports_of, schedules_of
from fengqiao.kernel import clock
from fengqiao.matters.queries.filter_words import words_of
from fengqiao.matters.queries.saved_views import views_of
from fengqiao.web.desk.ledger.forms import FilterForm
from fengqiao.web.desk.ledger.schedules import rhythm_in_words
from fengqiao.web.desk.ledger.views import blank, reader

MEDIA = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """One's own exports with their progress; a POST with the ledger's filter in the address orders one."""
    actor = reader(request)
    if request.method == "POST":
        with scope(actor):
            form = FilterForm({**blank(), **request.GET.dict()}, actor=actor)
            if not form.is_valid():
                # A filter that is not offered would export more than was meant.
                messages.error(request, _("筛选条件有误，没有导出。请改正后再导出。"))
                return redirect(f"{reverse('ledger')}?{request.GET.urlencode()}")
            wanted = form.wanted()
            said = words_of(wanted)
        exporting.order(actor=actor, wanted=wanted, said=said, kind=request.POST.get("kind", ""))
        return redirect("exports")
    schedules = list(schedules_of(actor).order_by("-made_at"))
    there = set(
        views_of(actor).filter(pk__in=[each.view_id for each in schedules]).values_list("pk", flat=True)
    )
    rows = list(exports_of(actor).select_related("schedule")[:SHOWN])
    context = {
        "rows": [{"run": run, "trouble": _trouble(run)} for run in rows],
        "is_running": any(run.is_unfinished and not exporting.is_lost(run) for run in rows),
        "schedules": [
            {"schedule": each, "rhythm": rhythm_in_words(each), "is_removed": each.view_id not in there}
            for each in schedules
        ],
        "most_rows": f"{exporting.MOST_ROWS:,}",
        "most_mb": settings.ATTACHMENT_MAX_BYTES >> 20,
    }
    return render(request, "exports/exports.html", context)


@require_GET
def download(request: HttpRequest, run: UUID, part: str) -> HttpResponse:
    """The table, or the sheet that says what it is."""
    actor = reader(request)
    part = "cover" if part == "cover" else "file"
    found, _stored, content = exporting.download(actor=actor, run_id=run, part=part)
    ending = "txt" if part == "cover" else found.kind
    response = HttpResponse(content, content_type=MEDIA.get(ending, "text/plain; charset=utf-8"))
    day = found.ordered_at.astimezone(clock.SHANGHAI).strftime("%Y%m%d-%H%M%S")
    name = quote(f"台账-{day}{'-说明' if part == 'cover' else ''}.{ending}")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _trouble(run: ExportRun) -> str:
    """Why an unfinished export does not go on; empty while it does."""
    if not run.is_unfinished:
        return ""
    if exporting.is_lost(run):
        if run.state == ExportState.ORDERED:
            return _("排队太久，后台可能没有运行。请告诉系统管理员，或重新导出。")
        return _("没有写完，请重新导出。")
    if run.state == ExportState.WRITING and run.touched_at < clock.now() - exporting.SILENT_AFTER:
        return _("写的时候中断了，马上自动重来。")
    return ""
