"""What is open on the ladder: for the commission, and for those who direct a centre."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.exchange.domain.chasing_sheets import taken_out, workbook_of_supervision
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.reporting.queries.reports import unread_by
from fengqiao.supervision.enums import Rung, SupervisionState
from fengqiao.supervision.models import Supervision
from fengqiao.supervision.policies import check_may_oversee
from fengqiao.supervision.queries import cases
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.sheets import MOST_IN_A_SHEET, sheet_of

MOST = 100


@require_GET
def supervisions(request: HttpRequest) -> HttpResponse:
    """All that are open, those first that wait for the acting post, then the longest waiting."""
    actor = actor_of_request(request)
    check_may_oversee(actor)
    found = list(cases.open_ones(actor)[: MOST + 1])
    rows = [_row(actor, each) for each in found[:MOST]]
    mine = [row for row in rows if row["mine"]]
    context = {
        "mine": mine,
        "others": [row for row in rows if not row["mine"]],
        "more": len(found) > MOST,
        "number": len(rows),
        # The commission's desk opens here.
        "reports": list(unread_by(actor)[:MOST]) if actor.role is Role.COMMISSION else [],
    }
    return render(request, "supervision/supervisions.html", context)


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """What is open as xlsx, rung by rung; the longest waiting first."""
    actor = actor_of_request(request)
    check_may_oversee(actor)
    rows = list(cases.open_ones(actor)[: MOST_IN_A_SHEET + 1])
    if len(rows) > MOST_IN_A_SHEET:
        raise Refusal("too_many_rows", _("一次最多导出 5,000 条。"))
    taken_out(actor=actor, verb="supervision.export", matters=[each.matter for each in rows])
    return sheet_of(workbook_of_supervision(rows), name=f"督办-{clock.today().isoformat()}")


def _row(actor: Actor, supervision: Supervision) -> dict[str, Any]:
    last = list(supervision.measures.all())[-1]
    state = SupervisionState(supervision.state)
    due = {
        SupervisionState.PROPOSED: last.answer_by,
        SupervisionState.ORDERED: last.report_by,
    }.get(state)
    return {
        "supervision": supervision,
        "matter": supervision.matter,
        "rung": Rung(last.rung).label,
        "days": (clock.now() - supervision.since).days,
        "due": due,
        # Who may answer and does not is not late.
        "is_late": state == SupervisionState.ORDERED and due is not None and due < clock.today(),
        "mine": cases.waits_for(actor, supervision, last),
    }
