"""My work: what waits for the acting post, with the next action on the row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.counsel.queries.consultations import waiting_for as consulting
from fengqiao.counsel.queries.teams import waiting_for as tasks_waiting_for
from fengqiao.dispatch.enums import AssignmentAction, AssignmentState, Part
from fengqiao.dispatch.models import Assignment
from fengqiao.dispatch.queries import scores
from fengqiao.dispatch.queries import work as handed
from fengqiao.kernel import clock
from fengqiao.leading.queries import instructions
from fengqiao.leading.queries.key_matters import to_look_at
from fengqiao.matters import steps
from fengqiao.matters.enums import Action, State
from fengqiao.matters.models import Matter
from fengqiao.matters.queries import work
from fengqiao.matters.queries.by_hand import ASKED, ByHand, Found, by_hand
from fengqiao.matters.queries.figures import settled_at_own_level
from fengqiao.matters.queries.lights import light_of
from fengqiao.reporting.policies import may_list
from fengqiao.reporting.queries.reports import unread_by
from fengqiao.rules.queries.categories import label as category_label
from fengqiao.study.queries.studies import waiting_for
from fengqiao.web.desk.bulk.offers import offered_in_bulk
from fengqiao.web.desk.leading.instructions import row as instruction_row
from fengqiao.web.desk.leading.views import row as key_row
from fengqiao.web.desk.matter.offers import NEXT
from fengqiao.web.kit.acting import actor_of_request

# Lists that hold what somebody else waits for are short by nature; beyond this the ledger shows the rest.
MOST = 100
OWN_LEVEL_DAYS = 30

HOME_OF = {
    Role.AUDITOR: "audit",
    Role.SYSTEM_ADMINISTRATOR: "places",
    Role.SECURITY_ADMINISTRATOR: "people",
    Role.SUPERVISOR: "ledger",
    Role.EXCHANGE: "ledger",
    Role.COMMISSION: "supervision",
}


@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    """The desk opens here; posts without a turn of their own go where their work is."""
    actor = actor_of_request(request)
    if actor.role in HOME_OF:
        return redirect(HOME_OF[actor.role])
    context = _department(actor) if actor.role is Role.HANDLER else _centre(request, actor)
    return render(request, "work/work.html", context | {"today": clock.today()})


def _department(actor: Actor) -> dict[str, Any]:
    waiting = list(handed.assignments_waiting_for(actor)[: MOST + 1])
    calls = list(handed.calls_answerable_by(actor)[:MOST])
    instructed = [instruction_row(actor, each) for each in instructions.waiting_for(actor)[:MOST]]
    return {
        "is_department": True,
        "invitations": list(waiting_for(actor)[:MOST]),
        "consulting": list(consulting(actor)[:MOST]),
        "team_tasks": [{"task": each} for each in tasks_waiting_for(actor)[:MOST]],
        "calls": calls,
        "instructed": instructed,
        "assignments": [_assigned(a) for a in waiting[:MOST]],
        "more": len(waiting) > MOST,
        "total": len(waiting[:MOST]) + len(calls) + len(instructed),
    }


def _assigned(assignment: Assignment) -> dict[str, Any]:
    if assignment.state == AssignmentState.ISSUED:
        action = AssignmentAction.CHECK_IN
    elif assignment.part == Part.LEAD:
        action = AssignmentAction.DISPOSE
    else:
        action = AssignmentAction.SIGN_OFF
    return {
        "assignment": assignment,
        "matter": assignment.matter,
        "category": category_label(assignment.matter.category) if assignment.matter.category else "",
        "action": action.label,
        "href": f"{reverse('matter', args=[assignment.matter.code])}?do={action}:{assignment.pk}#next",
        "days": (clock.now() - assignment.since).days,
        "light": light_of(assignment.matter.yellow_at, assignment.matter.due_at, clock.now()),
    }


def _centre(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    state = request.GET.get("state", "")
    counts = work.counts(actor)
    shown = work.page(actor, state=state, cursor=request.GET.get("cursor", ""))
    returns = list(handed.to_arbitrate(actor)[:MOST])
    extensions = list(handed.extensions_to_decide(actor)[:MOST])
    settling = list(handed.to_settle(actor)[:MOST])
    instructed = [instruction_row(actor, each) for each in instructions.waiting_for(actor)[:MOST]]
    looks = [key_row(actor, each) for each in to_look_at(actor)[:MOST]]
    # Asked only where something waits for a table.
    unanswered = by_hand(actor) if any(w.number and w.state in ASKED for w in counts) else Found([])
    here = reverse("my_work")
    numbers = [
        {
            "label": State(w.state).label,
            "value": w.number,
            "href": f"{here}?{urlencode({'state': w.state})}",
            "on": w.state == state,
        }
        for w in counts
    ]
    query = {"state": state} if state else {}
    return {
        "numbers": numbers,
        "state": state,
        "state_label": State(state).label if state in State.values else "",
        "invitations": list(waiting_for(actor)[:MOST]),
        "consulting": list(consulting(actor)[:MOST]),
        "team_tasks": [{"task": each} for each in tasks_waiting_for(actor)[:MOST]],
        "reports": list(unread_by(actor)[:MOST]) if may_list(actor) else [],
        "urgent": [_row(actor, m) for m in shown.urgent],
        "rows": [_row(actor, m) for m in shown.rows],
        "by_hand": [_by_hand(actor, each) for each in unanswered.rows[:MOST]],
        "by_hand_total": len(unanswered.rows),
        "by_hand_is_part": unanswered.is_part or len(unanswered.rows) > MOST,
        "returns": returns,
        "extensions": extensions,
        "settling": settling,
        "looks": looks,
        "instructed": instructed,
        "next_href": f"{here}?{urlencode(query | {'cursor': shown.next_cursor})}"
        if shown.next_cursor
        else "",
        "first_href": "" if shown.is_first else f"{here}?{urlencode(query)}",
        "bulk": offered_in_bulk(actor),
        "total": sum(w.number for w in counts)
        + len(returns)
        + len(extensions)
        + len(settling)
        + len(looks)
        + len(instructed),
        "own_level": _own_level(actor) if actor.role in LEADERS else None,
        "scores": _scores(actor) if actor.role in LEADERS else None,
    }


def _by_hand(actor: Actor, each: ByHand) -> dict[str, Any]:
    return _row(actor, each.matter) | {"table": each.kind.label, "error": each.error}


def _own_level(actor: Actor) -> dict[str, Any] | None:
    """本级完结 of the last thirty days: both numbers open into their rows."""
    today = clock.today()
    figure = settled_at_own_level(actor, today - timedelta(days=OWN_LEVEL_DAYS), today)
    if figure is None:
        return None
    here = reverse("ledger")
    return {
        "figure": figure,
        "percent": None if figure.share is None else round(100 * figure.share),
        "of_which": f"{here}?{urlencode(figure.of_which.as_query())}",
        "among": f"{here}?{urlencode(figure.among.as_query())}",
    }


def _scores(actor: Actor) -> dict[str, Any]:
    """How departments answered the whistles of the last thirty days, as those who called scored it."""
    until = clock.today()
    since = until - timedelta(days=OWN_LEVEL_DAYS)
    tally = scores.all_of(scores.scored(actor, since=since, until=until))
    return {
        "number": tally.number,
        "mean": "" if tally.mean is None else f"{tally.mean:.1f}",
        "href": f"{reverse('call_scores')}?{urlencode({'since': since, 'until': until})}",
    }


def _row(actor: Actor, matter: Matter) -> dict[str, Any]:
    action = _next_action(actor, matter)
    return {
        "matter": matter,
        "category": category_label(matter.category) if matter.category else "",
        "days": (clock.now() - matter.state_since).days,
        "light": light_of(matter.yellow_at, matter.due_at, clock.now()),
        "action": Action(action).label if action else "",
        "href": reverse("matter", args=[matter.code]) + (f"?do={action}#next" if action else ""),
    }


def _next_action(actor: Actor, matter: Matter) -> str:
    """What usually comes next and this post may do: the word on the row."""
    state = State(matter.state)
    possible = steps.actions_from(state)
    for action in NEXT[state]:
        if any(actor.role in cell.roles for cell in possible.get(action, [])):
            return str(action)
    return ""
