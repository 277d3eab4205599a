"""The page of one talk, usable while talking: its timer, its notes that save themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.agreements.policies import may_write
from fengqiao.agreements.queries.agreements import current_terms
from fengqiao.agreements.wording import term_in_words
from fengqiao.flows import mediating as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import Refusal, Stale
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.mediation.enums import MediationAction, SittingState
from fengqiao.mediation.models import PromisedEvidence
from fengqiao.mediation.policies import may_read_sealed, may_tell
from fengqiao.mediation.queries.days import Coming, before_talk
from fengqiao.mediation.queries.evidence import evidence_of
from fengqiao.mediation.queries.sittings import Talk, earlier_notes, talk_of
from fengqiao.web.desk.agreements.writing import pane_of
from fengqiao.web.desk.mediation.telling import DOOR
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.keeping import kept_header

LONGEST = 50_000
# One key each: 1 to 9.
MOST_SPEAKERS = 9


class NoteForm(forms.Form):
    known = forms.IntegerField(min_value=0)
    text = forms.CharField(required=False, max_length=LONGEST, strip=False)
    issues = forms.CharField(required=False, max_length=5_000, strip=False)


@require_GET
def sitting(request: HttpRequest, code: str, sitting_id: UUID) -> HttpResponse:
    """One talk with its notes; those of a separate talk for who mediates and their leaders."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        talk = talk_of(matter, sitting_id)
        context = {
            "matter": matter,
            "talk": talk,
            "closed": _is_closed(actor, matter, talk),
            "writes": _writes(actor, matter, talk),
            "earlier": earlier_notes(talk.sitting),
            "known": talk.note.version if talk.note else 0,
            "evidence": _evidence(talk),
            "acts": _acts(actor, matter, talk),
            "needs": _needs(talk) if _is_to_come(actor, matter, talk) else None,
        }
        if context["writes"]:
            promise = reverse("mediation_act", args=[code, MediationAction.PROMISE])
            context |= {"speakers": _speakers(talk), "promise": f"{promise}?sitting={sitting_id}"}
            context |= _beside(actor, matter, talk)
        return render(request, "mediation/sitting.html", context)


@require_POST
def save(request: HttpRequest, code: str, sitting_id: UUID) -> HttpResponse:
    """Keeps what was typed; where somebody else saved meanwhile, shows theirs beside and keeps both."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return render(request, "mediation/saved.html", {"errors": form.errors}, status=422)
    try:
        note = flow.save_note(actor=actor, matter_id=matter.pk, sitting_id=sitting_id, **form.cleaned_data)
    except Stale as stale:
        with scope(actor):
            theirs = talk_of(matter, sitting_id).note
            context = {"refused": stale.message, "theirs": theirs, "known": theirs.version if theirs else 0}
            return render(request, "mediation/saved.html", context, status=409)
    except Refusal as refusal:
        return render(request, "mediation/saved.html", {"refused": refusal.message}, status=refusal.status)
    if "HX-Request" not in request.headers:
        return redirect("mediation_sitting", code, sitting_id)
    saved = render(request, "mediation/saved.html", {"note": note, "known": note.version})
    return kept_header(saved, note.version)


def _is_closed(actor: Actor, matter: Matter, talk: Talk) -> bool:
    """Whether its notes are sealed from this reader."""
    return talk.sitting.is_sealed and not may_read_sealed(actor, matter, talk.sitting.mediation)


def _writes(actor: Actor, matter: Matter, talk: Talk) -> bool:
    return (
        may_tell(actor, matter)
        and not _is_closed(actor, matter, talk)
        and talk.sitting.began_at is not None
        and talk.sitting.mediation.ended_at is None
        and talk.sitting.state in (SittingState.RUNNING, SittingState.HELD, SittingState.ADJOURNED)
    )


def _is_to_come(actor: Actor, matter: Matter, talk: Talk) -> bool:
    """Planned or running in a mediation that runs, for who writes there."""
    is_open = talk.sitting.state in (SittingState.PLANNED, SittingState.RUNNING)
    return is_open and talk.sitting.mediation.ended_at is None and may_tell(actor, matter)


def _needs(talk: Talk) -> Coming:
    """What is still to be done, but for what parties bring: that has a place of its own on the page."""
    return replace(before_talk(talk.sitting), awaited=[])


def _acts(actor: Actor, matter: Matter, talk: Talk) -> list[dict[str, Any]]:
    """To begin, to end, to put off: where one is."""
    if not _is_to_come(actor, matter, talk):
        return []
    planned = talk.sitting.state == SittingState.PLANNED
    these = [MediationAction.BEGIN if planned else MediationAction.END, MediationAction.ADJOURN]
    return [
        {
            "label": each.label,
            "href": reverse("mediation_act", args=[matter.code, each]) + f"?sitting={talk.sitting.pk}",
        }
        for each in these
    ]


def _evidence(talk: Talk) -> list[PromisedEvidence]:
    """What is still waited for, and what was promised in this talk."""
    everything = evidence_of(talk.sitting.mediation)
    return [each for each in everything if each.is_waited_for or each.sitting_id == talk.sitting.pk]


def _speakers(talk: Talk) -> list[str]:
    """Who takes part, each to be named with one key: who mediates first. Nothing is kept of it but the text."""
    mediator = talk.sitting.mediation.mediator
    return [*([mediator.name] if mediator else []), *talk.names][:MOST_SPEAKERS]


def _beside(actor: Actor, matter: Matter, talk: Talk) -> dict[str, Any]:
    """The draft of the agreement beside the notes, for who may write it while they mediate."""
    if matter.state != State.MEDIATING or not may_write(actor, matter):
        return {}
    pane = pane_of(actor, matter, talk.sitting.mediation, talk.sitting.pk)
    terms = [term_in_words(each) for each in current_terms(pane["paper"])] if pane["signed"] else []
    # What was said apart with one party goes into no paper by itself.
    return pane | {"beside": True, "terms": terms, "copies": not talk.sitting.is_sealed}
