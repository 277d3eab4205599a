"""Exports of the ledger: ordering one, the list of one's own, and the files."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain import exporting
from fengqiao.exchange.queries.exports import SHOWN, exports_of
from fengqiao.kernel import clock
from fengqiao.web.desk.ledger.forms import FilterForm
from fengqiao.web.desk.ledger.views import blank, in_words, reader

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
            with translation.override("zh-hans"):
                said = "；".join(f"{each['label']}：{each['value']}" for each in in_words(form, wanted))
        exporting.order(actor=actor, wanted=wanted, said=said, kind=request.POST.get("kind", ""))
        return redirect("exports")
    rows = list(exports_of(actor)[:SHOWN])
    lost = clock.now() - exporting.LOST_AFTER
    context = {
        "rows": [{"run": run, "is_lost": run.is_unfinished and run.ordered_at < lost} for run in rows],
        "is_running": any(run.is_unfinished and run.ordered_at >= lost for run in rows),
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
