"""三人小组和工作专班: each kind by itself, its seats, the matters in its hands, and tasks with whose turn it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.counsel.enums import TaskState, TeamAction, TeamKind
from fengqiao.counsel.models import TeamTask
from fengqiao.counsel.policies import check_may_read_teams, check_may_set_up, may_read_teams, may_set_up
from fengqiao.counsel.queries import teams as queries
from fengqiao.flows import teams as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_prefix
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.matters import codes_open_to
from fengqiao.places.queries.divisions import below
from fengqiao.rules.queries.team_seats import all_seats
from fengqiao.web.desk.counsel.team_forms import (
    DissolveForm,
    EndForm,
    GiveForm,
    LeaveForm,
    SeatForm,
    SetUpForm,
    TaskForm,
)
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import show_refusal
from fengqiao.web.kit.paging import key_of, page_of

MOST = 100
NOT_FOUND = gettext_lazy("没有这个动作，或现在不能做。")
Forms = dict[str, forms.Form]


@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    """My turn first, then the teams of each kind by themselves."""
    actor = actor_of_request(request)
    check_may_read_teams(actor)
    kinds = [
        {
            "label": kind.label,
            "code": kind.value,
            "page": page_of(request, queries.listed(actor, kind), name=kind.value),
        }
        for kind in TeamKind
    ]
    mine = list(queries.waiting_for(actor)[:MOST])
    context = {"kinds": kinds, "team_tasks": task_rows(actor, mine), "sets_up": may_set_up(actor)}
    return render(request, "counsel/teams.html", context)


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """The work list of all teams: whose turn, until when, what came of it."""
    actor = actor_of_request(request)
    check_may_read_teams(actor)
    state = request.GET.get("state", TaskState.OPEN)
    found = queries.with_their_own(
        queries.tasks_of(
            actor,
            state=state if state in TaskState else TaskState.OPEN,
            team_id=key_of(request.GET.get("team", "")),
        )
    )
    page = page_of(request, found)
    context = {
        "team_tasks": task_rows(actor, page.rows),
        "page": page,
        "states": [(value, label, value == state) for value, label in TaskState.choices],
    }
    return render(request, "counsel/team_tasks.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A leader sets a team up."""
    actor = actor_of_request(request)
    check_may_set_up(actor)
    with scope(actor):
        found = below(division_prefix(actor.division), on=clock.today())[:500]
        form = SetUpForm(request.POST or None, divisions=[(each.code, each.name) for each in found])
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = flow.set_up(actor=actor, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已组建：%(name)s") % {"name": made.name})
            return redirect("team", made.pk)
    with scope(actor):
        title = _("组建小组或专班")
        return render(request, "counsel/entry.html", {"form": form, "title": title}, status=status)


@require_GET
def team(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """One team, with what this person may do in it now."""
    return _page(request, actor_of_request(request), team_id)


@require_http_methods(["POST"])
def act(request: HttpRequest, team_id: UUID, action: str) -> HttpResponse:
    """Seats, tasks, the end of a matter's time with it, and dissolving it."""
    actor = actor_of_request(request)
    with scope(actor):
        shown = queries.shown(actor, queries.team_by_id(actor, team_id))
        form = _forms(shown, request.POST, only=action).get(action)
    if form is None:
        raise NotAllowed("no_such_action", NOT_FOUND)
    status = 422
    verb = TeamAction(action)
    if form.is_valid():
        try:
            flow.act(actor=actor, team_id=team_id, action=verb, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("%(action)s：已完成。") % {"action": verb.label})
            return redirect("team", team_id)
    with scope(actor):
        return _page(request, actor, team_id, typed={action: form}, status=status)


@require_http_methods(["GET", "POST"])
def end_task(request: HttpRequest, task_id: UUID, action: str) -> HttpResponse:
    """What came of a task, or why it is not done."""
    actor = actor_of_request(request)
    with scope(actor):
        found = queries.tasks_of(actor).filter(pk=task_id, state=TaskState.OPEN).first()
        shown = queries.shown(actor, queries.team_by_id(actor, found.team_id)) if found else None
    may = {TeamAction.FINISH: shown and task_id in shown.finishes, TeamAction.DROP: shown and shown.keeps}
    if found is None or action not in may or not may[TeamAction(action)]:
        raise NotAllowed("no_such_action", NOT_FOUND)
    verb = TeamAction(action)
    form = EndForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            flow.on_task(actor=actor, task_id=task_id, action=verb, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("%(action)s：已完成。") % {"action": verb.label})
            return redirect("team", found.team_id)
    with scope(actor):
        context = {"form": form, "title": f"{verb.label} · {found.team.name}", "said": found.what}
        return render(request, "counsel/entry.html", context, status=status)


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, code: str) -> HttpResponse:
    """Gives a matter to a team that fits it."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door="team")
        check_may_set_up(actor)
        fitting = queries.fitting(actor, matter)
    form = GiveForm(request.POST or None, teams=fitting)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            flow.act(actor=actor, action=TeamAction.GIVE, matter_id=matter.pk, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已交小组办理。"))
            return redirect("team", form.cleaned_data["team_id"])
    with scope(actor):
        context = {
            "form": form if fitting else None,
            "title": _("交小组办理"),
            "matter": matter,
            "nothing": _("本中心没有适合这件事项的小组或专班。"),
        }
        return render(request, "counsel/entry.html", context, status=status)


def of_matter(actor: Actor, matter: Matter) -> dict[str, Any] | None:
    """What the matter's page says of teams; None where none has it and the post gives it to none."""
    found = queries.charges_of(actor, matter) if may_read_teams(actor) else []
    offers = may_set_up(actor) and matter.is_open and matter.holder_id == actor.centre_id
    if not found and not offers:
        return None
    return {"rows": found, "give": reverse("team_give", args=[matter.code]) if offers else ""}


def task_rows(actor: Actor, found: list[TeamTask]) -> list[dict[str, Any]]:
    """Tasks as rows: a matter is named only for whoever may open it."""
    codes = codes_open_to(actor, [each.matter_id for each in found if each.matter_id])
    return [
        {
            "task": each,
            "code": codes.get(each.matter_id) if each.matter_id else None,
            "late": queries.is_late(each),
        }
        for each in found
    ]


def _page(
    request: HttpRequest, actor: Actor, team_id: UUID, *, typed: Forms | None = None, status: int = 200
) -> HttpResponse:
    shown = queries.shown(actor, queries.team_by_id(actor, team_id))
    offered = _forms(shown, None) | (typed or {})
    rules = all_seats()
    rows = task_rows(actor, shown.tasks)
    for row in rows:
        row["finish"] = row["task"].pk in shown.finishes
        row["drop"] = shown.keeps and row["task"].state == TaskState.OPEN
    context = {
        "shown": shown,
        "team": shown.team,
        "members": [
            {"member": each, "seat": rules[shown.team.kind, each.seat].name} for each in shown.members
        ],
        "empty": [each.name for each in shown.free if not each.many],
        "team_tasks": rows,
        "forms": [
            {"action": name, "label": TeamAction(name).label, "form": form} for name, form in offered.items()
        ],
    }
    return render(request, "counsel/team.html", context, status=status)


def _forms(shown: queries.Shown, data: Any, *, only: str | None = None) -> Forms:
    """The forms that this person has now, each with its own ids."""
    team, running = shown.team, [each for each in shown.charges if each.ended_at is None]
    matters = [(str(each.matter_id), f"{each.matter.title} {each.matter.code}") for each in running]
    found: Forms = {}

    def wanted(action: TeamAction, allowed: bool) -> bool:
        return allowed and only in (None, action)

    if wanted(TeamAction.TASK, shown.gives_tasks and bool(shown.members)):
        found[TeamAction.TASK] = TaskForm(
            data, team=team, members=shown.members, matters=matters, auto_id="task_%s"
        )
    if wanted(TeamAction.SEAT, shown.keeps and bool(shown.free)):
        found[TeamAction.SEAT] = SeatForm(
            data, free=shown.free, held=queries.to_seat(team), auto_id="seat_%s"
        )
    if wanted(TeamAction.LEAVE, shown.keeps and bool(shown.members)):
        found[TeamAction.LEAVE] = LeaveForm(data, members=shown.members, auto_id="leave_%s")
    if wanted(TeamAction.TAKE_BACK, shown.keeps and bool(matters)):
        form = EndForm(data, auto_id="take_back_%s")
        form.fields["matter_id"] = forms.TypedChoiceField(
            label=gettext_lazy("哪件事项"), coerce=UUID, choices=matters
        )
        form.order_fields(["matter_id"])
        found[TeamAction.TAKE_BACK] = form
    if wanted(TeamAction.DISSOLVE, shown.keeps):
        found[TeamAction.DISSOLVE] = DissolveForm(data, auto_id="dissolve_%s")
    return found
