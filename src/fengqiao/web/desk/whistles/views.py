"""吹哨报到: who was called, who is on the way, who is there; in minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain.scoring import AMENDED_WITHIN, ENDED, SCORED_WITHIN
from fengqiao.dispatch.domain.whistling import NEXT
from fengqiao.dispatch.enums import CallState
from fengqiao.dispatch.models import Call, CallScore, Whistle
from fengqiao.dispatch.policies import check_may_blow, check_takes_part, may_blow
from fengqiao.dispatch.queries.scores import calls_to_score
from fengqiao.dispatch.queries.whistles import whistles_of
from fengqiao.dispatch.queries.work import calls_answerable_by
from fengqiao.flows import procedure
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import Matter
from fengqiao.web.desk.whistles.forms import AnswerForm, WhistleForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import show_refusal

ANSWER_WORDS = {
    CallState.ON_THE_WAY: gettext_lazy("在路上了"),
    CallState.THERE: gettext_lazy("已经到场"),
    CallState.DONE: gettext_lazy("处置完了"),
    CallState.STOOD_DOWN: gettext_lazy("取消这次吹哨"),
}
# What has to be written with an answer.
ASKS = {CallState.DONE: gettext_lazy("处置的结果"), CallState.STOOD_DOWN: gettext_lazy("为什么取消")}
MOST_TO_SCORE = 20


def whistles(request: HttpRequest) -> HttpResponse:
    """The list, and blowing a new one; ``?matter=`` blows it for a matter."""
    actor = reader(request)
    if request.method == "POST":
        check_may_blow(actor)
    with scope(actor):
        matter = _matter(request, actor)
        form = WhistleForm(request.POST or None, actor=actor, matter=matter) if may_blow(actor) else None
        valid = form is not None and request.method == "POST" and form.is_valid()
    status = 422 if request.method == "POST" else 200
    if valid and form is not None:
        try:
            procedure.blow(actor=actor, new=form.to_whistle())
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已吹哨，等对方应哨。"))
            return redirect("whistles")
    with scope(actor):
        return _page(request, actor, form=form, matter=matter, status=status)


def reader(request: HttpRequest) -> Actor:
    """Who takes part in whistles; raises ``NotAllowed`` for everybody else."""
    actor = actor_of_request(request)
    check_takes_part(actor)
    return actor


@require_POST
def answer(request: HttpRequest, call_id: UUID, to: str) -> HttpResponse:
    """The called department says where it is; the caller stands a call down."""
    actor = actor_of_request(request)
    form = AnswerForm(request.POST)
    if to not in CallState.values or not form.is_valid():
        raise NotAllowed("no_such_action", _("没有这个动作。"))
    try:
        procedure.answer(
            actor=actor, call_id=call_id, to=CallState(to), result=form.cleaned_data["result"].strip()
        )
    except Refusal as refusal:
        show_refusal(form, refusal)
        with scope(actor):
            new = WhistleForm(actor=actor, matter=None) if may_blow(actor) else None
            return _page(request, actor, form=new, matter=None, wrong={call_id: form}, status=refusal.status)
    messages.success(request, _("已记录：%(state)s。") % {"state": CallState(to).label})
    return redirect("whistles")


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """The strip over every page of a department that is being called: a whistle is not overlooked."""
    calls = calls_answerable_by(actor_of_request(request)).filter(state=CallState.CALLED)[:3]
    return render(request, "whistles/waiting.html", {"calls": calls})


def _page(
    request: HttpRequest,
    actor: Actor,
    *,
    form: WhistleForm | None,
    matter: Matter | None,
    wrong: dict[UUID, AnswerForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = whistles_of(actor)
    context = {
        "running": [_shown(actor, w, found.openable, wrong or {}) for w in found.running],
        "ended": [_shown(actor, w, found.openable, {}) for w in found.ended],
        "to_score": list(calls_to_score(actor)[:MOST_TO_SCORE]),
        "form": form,
        "matter": matter,
        "is_blowing": matter is not None or (form is not None and form.is_bound),
    }
    return render(request, "whistles/whistles.html", context, status=status)


def _shown(
    actor: Actor, whistle: Whistle, openable: dict[object, str], wrong: dict[UUID, AnswerForm]
) -> dict[str, Any]:
    return {
        "whistle": whistle,
        "code": openable.get(whistle.matter_id, ""),
        "calls": [_call(actor, whistle, call, wrong.get(call.pk)) for call in whistle.calls.all()],
    }


def _call(actor: Actor, whistle: Whistle, call: Call, wrong: AnswerForm | None) -> dict[str, Any]:
    state = CallState(call.state)
    mine = actor.role is Role.HANDLER and actor.department_id == call.department_id
    caller = actor.centre_id is not None and actor.centre_id == whistle.centre_id
    called = caller and whistle.called_by_id == actor.person_id and whistle.called_role == actor.role
    answers = [
        {"to": to, "label": ANSWER_WORDS[to], "asks": ASKS.get(to)}
        for to in NEXT[state]
        if (caller if to == CallState.STOOD_DOWN else mine)
    ]
    arrived = call.there_at or call.on_the_way_at
    colour = {CallState.CALLED: "red", CallState.ON_THE_WAY: "yellow", CallState.THERE: "green"}.get(
        state, "grey"
    )
    return {
        "call": call,
        "answers": answers,
        "minutes": int((arrived - call.called_at).total_seconds() // 60) if arrived else None,
        "colour": colour,
        "is_waiting": state == CallState.CALLED,
        "scores": called and not call.invitation and state in ENDED and _is_open_for_scores(call),
        "wrong": wrong,
    }


def _is_open_for_scores(call: Call) -> bool:
    """Whether a score can still be given or amended, as far as the list tells; the form says it exactly."""
    standing: list[CallScore] = getattr(call, "standing", [])
    if standing:
        return standing[0].at >= clock.now() - AMENDED_WITHIN
    return call.done_at is not None and call.done_at >= clock.now() - SCORED_WITHIN


def _matter(request: HttpRequest, actor: Actor) -> Matter | None:
    code = request.GET.get("matter", "")
    return opened(actor, code, door="whistle") if code else None
