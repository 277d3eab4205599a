"""The page of a mediation: on what footing, who stands for whom, who mediates; and its small forms."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import mediating as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.models import Matter
from fengqiao.mediation.enums import MediationAction, SittingState
from fengqiao.mediation.policies import check_may_tell, may_decide, may_tell
from fengqiao.mediation.queries.process import Process, process_of
from fengqiao.pool.queries.market import fee_of, working_with
from fengqiao.pool.queries.rooms import open_at, room_of
from fengqiao.pool.queries.talents import asked_in
from fengqiao.web.desk.leading.dialogs import dialog
from fengqiao.web.desk.mediation.acts import FORMS
from fengqiao.web.desk.mediation.opened_from import back_to
from fengqiao.web.desk.mediation.telling import DOOR
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG


@require_GET
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The last mediation of a matter, for whoever sees the matter."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        process = process_of(actor, matter)
        if process is None:
            raise Refusal("no_mediation", _("这件事项还没有转入调解。"))
        context = {
            "matter": matter,
            "process": process,
            "room": room_of(process.mediation),
            "asked": asked_in(process.mediation),
            "fee": fee_of(process.mediation),
            "actions": actions_of(actor, matter, process),
        }
        return render(request, "mediation/page.html", context)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """One small form: shown, and what it says written down."""
    if action not in FORMS:
        raise Http404
    doing = MediationAction(action)
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        check_may_tell(actor, matter, doing)
        process = process_of(actor, matter)
        running = process.mediation if process and process.is_running else None
        started = {
            "sitting_id": request.GET.get("sitting", ""),
            "evidence_id": request.GET.get("evidence", ""),
        }
        data, files = request.POST or None, request.FILES or None
        form = FORMS[doing](matter, running, data, files, auto_id=IN_DIALOG, initial=started)

    def work(values: dict[str, Any]) -> str | None:
        written = flow.act_on_mediation(actor=actor, matter_id=matter.pk, action=doing, **values)
        begins = doing == MediationAction.BEGIN or values.get("begin_now")
        # Who begins a talk goes on with it.
        return reverse("mediation_sitting", args=[code, written.pk]) if begins else None

    back = back_to(request, code, else_to=reverse("mediation", args=[code]))
    return dialog(request, actor, matter, form=form, title=str(doing.label), act=work, back=back)


def actions_of(actor: Actor, matter: Matter, process: Process) -> dict[str, list[dict[str, Any]]]:
    """What the post can write down now, by the section of the page where it stands."""
    if not may_tell(actor, matter):
        return {}
    offered = {"results": [MediationAction.RESULT]} | (
        _running(actor, matter, process) if process.is_running else {}
    )
    return {
        place: [
            {"label": each.label, "href": reverse("mediation_act", args=[matter.code, each])}
            for each in these
        ]
        for place, these in offered.items()
    }


def _running(actor: Actor, matter: Matter, process: Process) -> dict[str, list[MediationAction]]:
    """What is offered only while they still mediate."""
    helping = any(each.ended_at is None for each in process.helpers)
    waiting = any(each.granted is None for each in process.recusals)
    offered = {
        "footing": [MediationAction.FOOTING, *_of_the_centre(matter)],
        "parties": [MediationAction.STAND],
        "people": [
            MediationAction.HELP,
            *([MediationAction.LEAVE] if helping else []),
            *_of_the_pool(process),
        ],
        "recusal": [MediationAction.ASK_RECUSAL],
        "talks": [MediationAction.PLAN, *_of_talks(process)],
        "evidence": [MediationAction.PROMISE],
    }
    if waiting and may_decide(actor, matter):
        offered["recusal"].append(MediationAction.DECIDE_RECUSAL)
    return offered


def _of_the_centre(matter: Matter) -> list[MediationAction]:
    """What the centre has beside its mediators: brand rooms, organisations that may charge."""
    today = clock.today()
    rooms = [MediationAction.ROOM] if open_at(matter.holder_id, today) else []
    return [*rooms, *([MediationAction.FEE] if working_with(matter, today) else [])]


def _of_the_pool(process: Process) -> list[MediationAction]:
    """Asking somebody of the pool, and what those answered who were."""
    waits = any(not each.reply for each in asked_in(process.mediation))
    return [MediationAction.ASK_HELP, *([MediationAction.ANSWER_HELP] if waits else [])]


def _of_talks(process: Process) -> list[MediationAction]:
    """What can be done with the talks that are planned or running."""
    states = {each.sitting.state for each in process.talks}
    offered = {
        SittingState.PLANNED: [MediationAction.BEGIN, MediationAction.ADJOURN],
        SittingState.RUNNING: [MediationAction.END, MediationAction.ADJOURN],
    }
    return list(dict.fromkeys(each for state, these in offered.items() if state in states for each in these))
