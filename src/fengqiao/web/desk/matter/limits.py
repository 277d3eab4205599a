"""What an officer does to a matter's limits: each a dialog that shows the new end before it is confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.clocks import policies
from fengqiao.clocks.enums import ABOUT_EXTENSION, ClockState
from fengqiao.clocks.models import Fact
from fengqiao.clocks.queries.extending import asked_of, key_of, most_of
from fengqiao.clocks.queries.facts import that_stand
from fengqiao.clocks.queries.telling import Shown, shown_of
from fengqiao.clocks.queries.written import written_of
from fengqiao.flows import time_limits
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock as present
from fengqiao.kernel.crypto import sm3
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.running import all_running
from fengqiao.web.desk.matter.limit_forms import FORMS, TITLES, Of
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG, show_refusal


@dataclass(frozen=True)
class Offered:
    """A verb that the post may carry out on a clock now."""

    verb: str
    label: Any
    href: str


@dataclass(frozen=True)
class Line:
    """A clock in the section, with what may be done to it and the request that waits."""

    shown: Shown
    offers: list[Offered]
    asked: Fact | None


def lines_of(actor: Actor, matter: Matter) -> list[Line]:
    """The section of a matter's page: its clocks, and what this post may do to each (two statements)."""
    clocks = shown_of(matter)
    known = all_running()
    extensible = any(each.limit and known[each.limit.id].extended_by for each in clocks)
    asked = asked_of(matter) if extensible else {}
    lines = []
    for shown in clocks:
        waits = asked.get(key_of(shown.clock))
        lines.append(Line(shown, _offers(actor, matter, shown, waits), waits))
    return lines


def may_record(actor: Actor, matter: Matter) -> bool:
    """Whether the post writes facts down on this matter."""
    return matter.state != State.ARCHIVED and policies.may_record(actor, matter)


def _offers(actor: Actor, matter: Matter, shown: Shown, asked: Fact | None) -> list[Offered]:
    limit, clock = shown.limit, shown.clock
    if limit is None or matter.state == State.ARCHIVED or clock.state == ClockState.STOPPED:
        return []
    verbs = []
    if policies.may_move(actor, matter):
        if clock.state == ClockState.PAUSED:
            verbs.append("resume")
        else:
            verbs += ["pause"] if limit.pauses_on else []
            verbs += ["restart"] if limit.restarts_on else []
        verbs.append("fulfil")
    running = all_running()[limit.id]
    if asked is None:
        # What has ended is not extended any more: the verb refuses it, and nobody should find that out by asking.
        in_time = clock.due_at is None or clock.due_at > present.now()
        if in_time and most_of(limit, running) and policies.may_ask_extension(actor, matter, clock):
            verbs.append("ask_extension")
    elif asked.recorded_by == actor.person_id:
        href = reverse("matter_fact_act", args=[matter.code, asked.pk, "take_back"])
        return [*_of_clock(matter, shown, verbs), Offered("take_back", _("撤回申请"), href)]
    elif policies.may_decide_extension(actor, matter, running):
        verbs.append("decide_extension")
    return _of_clock(matter, shown, verbs)


def _of_clock(matter: Matter, shown: Shown, verbs: Sequence[str]) -> list[Offered]:
    return [
        Offered(verb, TITLES[verb], reverse("matter_clock_act", args=[matter.code, shown.clock.pk, verb]))
        for verb in verbs
    ]


@require_GET
def facts(request: HttpRequest, code: str) -> HttpResponse:
    """Every fact that the matter's limits are computed from, with who wrote it down; what was put right stays."""
    actor = actor_of_request(request)
    matter = opened(actor, code, door="facts")
    may_write = matter.state != State.ARCHIVED
    rows = [
        {
            "written": each,
            "may_correct": may_write
            and each.stands
            and each.fact.kind not in ABOUT_EXTENSION
            and policies.may_correct(actor, matter, each.fact),
            "may_take_back": may_write and each.stands and policies.may_take_back(actor, matter, each.fact),
        }
        for each in written_of(matter)
    ]
    context = {"matter": matter, "rows": rows, "may_record": may_record(actor, matter)}
    return render(request, "matter/limit_facts.html", context)


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, code: str) -> HttpResponse:
    """Writing down that something happened."""
    return _dialog(request, code, "record")


@require_http_methods(["GET", "POST"])
def on_clock(request: HttpRequest, code: str, clock_id: UUID, verb: str) -> HttpResponse:
    """A verb on one clock."""
    if verb not in time_limits.ON_A_CLOCK:
        raise NotAllowed("no_such_action", _("没有这个动作。"))
    return _dialog(request, code, verb, clock_id=clock_id)


@require_http_methods(["GET", "POST"])
def on_fact(request: HttpRequest, code: str, fact_id: UUID, verb: str) -> HttpResponse:
    """Putting a fact right, or taking it back."""
    if verb not in time_limits.ON_A_FACT:
        raise NotAllowed("no_such_action", _("没有这个动作。"))
    return _dialog(request, code, verb, fact_id=fact_id)


def _dialog(
    request: HttpRequest,
    code: str,
    verb: str,
    *,
    clock_id: UUID | None = None,
    fact_id: UUID | None = None,
) -> HttpResponse:
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door="action")
        of = _of(matter, clock_id, fact_id)
        form = FORMS[verb](request.POST or None, actor=actor, matter=matter, of=of, auto_id=IN_DIALOG)
        valid = request.method == "POST" and form.is_valid()
    status = 422 if request.method == "POST" else 200
    changes: list[time_limits.Change] | None = None
    if valid:
        values, version = form.values(), form.cleaned_data["version"]
        digest = _digest(verb, values)
        act = {"actor": actor, "matter_id": matter.pk, "verb": verb, "values": values, "version": version}
        try:
            if "confirm" in request.POST and form.cleaned_data["previewed"] == digest:
                time_limits.carry_out(**act)
                return _done(request, code, verb)
            changes, status = time_limits.rehearsed(**act), 200
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        _renew(form, actor, code, digest if changes is not None else "")
    with scope(actor):
        context = {
            "matter": matter,
            "title": TITLES[verb],
            "of": of,
            "form": form,
            "target": request.path,
            "changes": changes,
        }
        return render(request, "matter/limit_dialog.html", context, status=status)


def _of(matter: Matter, clock_id: UUID | None, fact_id: UUID | None) -> Of:
    if clock_id is not None:
        shown = next((each for each in shown_of(matter) if each.clock.pk == clock_id), None)
        if shown is None:
            raise NotAllowed("clock_not_found", _("本事项没有这个时限。"))
        return Of(shown=shown, asked=asked_of(matter).get(key_of(shown.clock)))
    if fact_id is not None:
        rows = that_stand(Fact.objects.filter(matter_id=matter.pk))
        fact = next((row for row in rows if row.pk == fact_id), None)
        if fact is None:
            raise NotAllowed("fact_not_found", _("本事项没有这条事实，或它已经更正、撤回。"))
        return Of(fact=fact)
    return Of()


def _digest(verb: str, values: dict[str, Any]) -> str:
    return sm3(repr((verb, sorted(values.items()))).encode()).hex()


def _renew(form: Any, actor: Actor, code: str, digest: str) -> None:
    """What is sent from the dialog next is not stale any more, and confirms what was shown and nothing else."""
    with scope(actor):
        version = opened(actor, code, door="action").version
    form.data = form.data.copy()
    form.data["version"], form.data["previewed"] = str(version), digest


def _done(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    messages.success(request, _("%(action)s：已完成。%(code)s") % {"action": TITLES[verb], "code": code})
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = reverse("matter", args=[code]) + "#clocks"
    # To where one is already a browser only scrolls: the page must come anew.
    response.headers["HX-Refresh"] = "true"
    return response
