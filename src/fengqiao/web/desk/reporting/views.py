"""风险直报: what was sent to the acting person and waits to be read, what is not over, and each report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fengqiao.accounts.scope import scope
from fengqiao.flows import reporting as flow
from fengqiao.matters.models import Matter
from fengqiao.reporting.models import DirectReport
from fengqiao.reporting.policies import check_may_list
from fengqiao.reporting.queries import reports as queries
from fengqiao.web.kit.acting import actor_of_request

MOST = 100


@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """First what waits to be read, then every danger that is not over."""
    actor = actor_of_request(request)
    check_may_list(actor)
    found = list(queries.open_ones(actor)[: MOST + 1])
    context = {
        "reports": list(queries.unread_by(actor)[:MOST]),
        "rows": [_row(each) for each in found[:MOST]],
        "more": len(found) > MOST,
    }
    return render(request, "reporting/reports.html", context)


@require_GET
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One report. Whoever it was sent to has read it from now on, and the sender sees that."""
    actor = actor_of_request(request)
    found = flow.opened(actor=actor, report_id=report_id)
    with scope(actor):
        fresh = queries.report_by_id(actor, report_id)
        matter = Matter.objects.visible_to(actor).filter(pk=found.matter_id).first()
        first = fresh.first or fresh
        thread = queries.thread_of(actor, first.pk)
        context = {"report": fresh, "seen": matter, "receipts": list(fresh.receipts.all()), "thread": thread}
        return render(request, "reporting/report.html", context)


def _row(report: DirectReport) -> dict[str, Any]:
    receipts = list(report.receipts.all())
    read = [each for each in receipts if each.read_at]
    return {"report": report, "matter": report.matter, "read": len(read), "sent": len(receipts)}
