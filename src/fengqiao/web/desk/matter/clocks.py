"""One clock of a matter, explained: the limit, its start, each day that did not count, and what moved it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fengqiao.clocks.queries.telling import told_of
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed
from fengqiao.web.kit.acting import actor_of_request


@require_GET
def clock(request: HttpRequest, code: str, clock_id: UUID) -> HttpResponse:
    """The explanation alone for the section that opens it, a page of its own for whoever has no script."""
    matter = opened(actor_of_request(request), code, door="clock")
    told = told_of(matter, clock_id)
    if told is None:
        raise NotAllowed("clock_not_found", _("本事项没有这个时限。"))
    whole = "HX-Request" not in request.headers
    template = "matter/clock_page.html" if whole else "matter/clock.html"
    return render(request, template, {"matter": matter, "told": told})
