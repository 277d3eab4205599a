"""超期与临期: what is late or nearly so, and who owes it; each number opens into its rows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fengqiao.accounts.actor import Actor
from fengqiao.clocks.enums import OwedBy, Whose
from fengqiao.clocks.policies import check_may_ask_who_is_late, whose_offered
from fengqiao.clocks.queries import due as query
from fengqiao.clocks.queries.due import DueFilter, Owing, whose_limits
from fengqiao.exchange.domain.chasing_sheets import taken_out, workbook_of_due
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.queries.lights import Colour, left_in_words
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.paging import key_of
from fengqiao.web.kit.sheets import MOST_IN_A_SHEET, sheet_of


@require_GET
def late(request: HttpRequest) -> HttpResponse:
    """By who owes it, and below it the rows that the address asks for: all, or of one body, or of one colour."""
    actor = actor_of_request(request)
    check_may_ask_who_is_late(actor)
    wanted = _wanted(request, actor)
    owing = query.by_who_owes(actor, wanted.whose)
    page = query.page(actor, wanted, cursor=request.GET.get("cursor", ""))
    chosen = next((each for each in owing if _owes(each) == _asked_of(wanted)), None)
    here, asked = reverse("late"), {"whose": str(wanted.whose)}
    now = clock.now()
    narrowed = asked | _asked_of(wanted) | ({"light": wanted.light} if wanted.light else {})
    return render(
        request,
        "due/late.html",
        {
            "whose": whose_chips(actor, wanted.whose, here),
            "is_department": actor.department_id is not None,
            "owing": [
                {
                    "of": each,
                    "longest": left_in_words(each.oldest_due_at, now) if each.red else "",
                    "href": _href(here, asked | _owes(each)),
                    "red_href": _href(here, asked | _owes(each) | {"light": Colour.RED.value}),
                    "yellow_href": _href(here, asked | _owes(each) | {"light": Colour.YELLOW.value}),
                }
                for each in owing
            ],
            "red": sum(each.red for each in owing),
            "yellow": sum(each.yellow for each in owing),
            "red_href": _href(here, asked | {"light": Colour.RED.value}),
            "yellow_href": _href(here, asked | {"light": Colour.YELLOW.value}),
            "chosen": chosen.name if chosen else "",
            "light": Colour(wanted.light).label if wanted.light else "",
            "without": _href(here, asked) if narrowed != asked else "",
            "sheet": f"{reverse('late_sheet')}?{urlencode(narrowed)}",
            "rows": page.rows,
            "next_href": _href(here, narrowed | {"cursor": page.next_cursor}) if page.next_cursor else "",
            "first_href": "" if page.is_first else _href(here, narrowed),
        },
    )


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The rows below as xlsx, with the filter of the address."""
    actor = actor_of_request(request)
    check_may_ask_who_is_late(actor)
    wanted = _wanted(request, actor)
    rows = query.in_order(actor, wanted, most=MOST_IN_A_SHEET + 1)
    if len(rows) > MOST_IN_A_SHEET:
        raise Refusal("too_many_rows", _("一次最多导出 5,000 条，请先按由谁办或灯缩小范围。"))
    taken_out(actor=actor, verb="due.export", matters=[each.clock.matter for each in rows])
    owing = query.by_who_owes(actor, wanted.whose)
    chosen = next((each.name for each in owing if _owes(each) == _asked_of(wanted)), "")
    asked = [wanted.whose.label, chosen, Colour(wanted.light).label if wanted.light else ""]
    said = " · ".join(str(each) for each in asked if each)
    return sheet_of(workbook_of_due(rows, asked=said), name=f"超期与临期-{clock.today().isoformat()}")


def whose_chips(actor: Actor, chosen: Whose, address: str, **more: str) -> list[dict[str, Any]]:
    """The choices of whose limits are shown; none where there is nothing to choose."""
    offered = whose_offered(actor)
    if len(offered) == 1:
        return []
    return [
        {
            "label": each.label,
            "href": f"{address}?{urlencode({'whose': each.value} | more)}",
            "on": each == chosen,
        }
        for each in offered
    ]


def _wanted(request: HttpRequest, actor: Actor) -> DueFilter:
    """What the address asks for; what it does not know is left out."""
    asked = request.GET
    light, by = asked.get("light", ""), asked.get("by", "")
    return DueFilter(
        whose=whose_limits(actor, asked.get("whose", "")),
        light=light if light in query.PRESSING else "",
        department=key_of(asked.get("department", "")),
        centre=key_of(asked.get("centre", "")),
        owed_by=by if by in OwedBy.values else "",
        pressing=True,
    )


def _owes(each: Owing) -> dict[str, str]:
    """Who owes it, as the address says it."""
    if each.department_id:
        return {"department": str(each.department_id), "by": each.owed_by.value}
    return {"centre": str(each.centre_id), "by": each.owed_by.value}


def _asked_of(wanted: DueFilter) -> dict[str, str]:
    named: dict[str, UUID | str | None] = {
        "department": wanted.department,
        "centre": wanted.centre,
        "by": wanted.owed_by,
    }
    return {name: str(value) for name, value in named.items() if value}


def _href(here: str, asked: dict[str, str]) -> str:
    rows = "#rows" if set(asked) - {"whose", "cursor"} else ""
    return f"{here}?{urlencode(asked)}{rows}"
