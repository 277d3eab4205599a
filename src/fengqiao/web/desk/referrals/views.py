"""Referrals: of a matter, open at a centre or before an office, and what waits for a post."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES
from fengqiao.accounts.scope import scope
from fengqiao.clocks.models import Clock
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.matters.enums import Channel
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.lights import light_of
from fengqiao.referrals.domain.answering import OF_THE_OFFICE
from fengqiao.referrals.enums import OPEN, ReferralAction, ReferralState
from fengqiao.referrals.models import Referral
from fengqiao.referrals.policies import DANGER, check_may_read, is_of_office, may_keep, may_send
from fengqiao.referrals.queries.referrals import (
    ALARMED,
    clocks_of,
    is_late,
    not_reported,
    open_at,
    referrals_of,
    waiting_for,
)
from fengqiao.rules.queries.mediation_bodies import all_bodies
from fengqiao.rules.queries.referral_kinds import all_kinds, kinds_on
from fengqiao.web.kit.acting import actor_of_request

# What is opened, in the audit of restricted matters.
DOOR = "referrals"
MOST = 100


@require_GET
def referrals(request: HttpRequest) -> HttpResponse:
    """What is open at the acting centre, or before the acting office."""
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        found = list(open_at(actor)[: MOST + 1])
        context = {
            "rows": _rows(actor, found[:MOST]),
            "more": len(found) > MOST,
            "of_centre": actor.role in CENTRE_ROLES,
            "not_reported": list(not_reported(actor)[:MOST]),
        }
        return render(request, "referrals/referrals.html", context)


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """What is this post's turn, beside its other work."""
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        rows = _rows(actor, list(waiting_for(actor)[:MOST]))
        alarmed = list(not_reported(actor)[:MOST]) if actor.role in ALARMED else []
        context = {"rows": rows, "of_centre": actor.role in CENTRE_ROLES, "not_reported": alarmed}
        return render(request, "referrals/waiting.html", context)


@require_GET
def of_matter(request: HttpRequest, code: str) -> HttpResponse:
    """What a matter's page shows beside its mediations; a page of its own for whoever has no script."""
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        of_centre = actor.role in CENTRE_ROLES
        found = referrals_of(matter) if of_centre else list(open_at(actor).filter(matter_id=matter.pk))
        whole = "HX-Request" not in request.headers
        context = {"matter": matter, "rows": _rows(actor, found), "offered": _offered(actor, matter, found)}
        template = "referrals/of_matter_page.html" if whole else "referrals/of_matter.html"
        return render(request, template, context)


def _offered(actor: Actor, matter: Matter, known: list[Referral]) -> dict[str, list[Any]]:
    """The kinds that this post can begin at this matter: the report to the police first, then out, then in."""
    found: dict[str, list[Any]] = {"danger": [], "out": [], "in": []}
    kinds = all_kinds()
    of_court = matter.channel == Channel.COURT
    has_task = any(kinds[each.kind].body and each.state in OPEN for each in known)
    for each in kinds_on(clock.today()):
        if not may_send(actor, matter, each) or (each.body and (has_task or not of_court)):
            continue
        found["danger" if each.tells == DANGER else "out" if each.is_out else "in"].append(each)
    return found


def actions_on(actor: Actor, referral: Referral) -> list[ReferralAction]:
    """What this post can do with one now."""
    state, kind = referral.state, all_kinds()[referral.kind]
    if state not in OPEN:
        return []
    possible = [ReferralAction.REMIND, ReferralAction.SUPPLY] if kind.is_out else []
    if state == ReferralState.WAITING:
        possible.insert(0, ReferralAction.ACCEPT)
        if kind.tells != DANGER:
            possible.insert(1, ReferralAction.REFUSE)
    else:
        possible.insert(0, ReferralAction.GIVE_BACK)
    possible.append(ReferralAction.CALL_BACK)
    if may_keep(actor, referral.matter, referral):
        return possible
    return [each for each in possible if each in OF_THE_OFFICE] if is_of_office(actor, referral) else []


def _rows(actor: Actor, found: list[Referral]) -> list[dict[str, Any]]:
    running = clocks_of(found)
    return [_row(actor, each, running.get(each.pk)) for each in found]


def _row(actor: Actor, referral: Referral, limit: Clock | None) -> dict[str, Any]:
    kind = all_kinds()[referral.kind]
    return {
        "referral": referral,
        "kind": kind,
        "body": all_bodies().get(kind.body) if kind.body else None,
        "ours": not kind.is_out,
        "before_us": kind.is_out and is_of_office(actor, referral),
        "is_open": referral.state in OPEN,
        "late": is_late(referral, clock.today()),
        "no_receipt": kind.tells == DANGER and referral.state == ReferralState.WAITING,
        "light": light_of(limit.yellow_at, limit.due_at, clock.now()) if limit else None,
        # A limit ends with its last day: at the midnight after it.
        "until": limit.due_at - timedelta(seconds=1) if limit and limit.due_at else None,
        "actions": actions_on(actor, referral),
    }
