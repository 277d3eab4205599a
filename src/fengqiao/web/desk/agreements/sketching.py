"""The draft of an agreement as it is typed: kept every few seconds, by one or by several at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain.sketching import Conflict, Kept
from fengqiao.agreements.domain.writing import running_mediation
from fengqiao.agreements.enums import TermKind, Way
from fengqiao.agreements.policies import check_may_write
from fengqiao.agreements.queries.agreements import parties_to_sign
from fengqiao.agreements.queries.sketches import Begun, Changed, begun_of, changes_of
from fengqiao.agreements.sketches import IN_A_TERM, WORDS, Typed
from fengqiao.flows import agreements as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import Refusal
from fengqiao.kernel.ids import new_id
from fengqiao.matters.models import Matter, Party
from fengqiao.web.desk.agreements.forms import OralForm, TermForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.keeping import kept_header

# What is opened, in the audit of restricted matters.
DOOR = "agreement"
MOST_ROWS = 100


@require_http_methods(["GET", "POST"])
def sketch(request: HttpRequest, code: str) -> HttpResponse:
    """POST keeps what was typed; GET tells what others changed since the version that a page knows."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        check_may_write(actor, matter)
        begun = begun_of(running_mediation(matter))
    if request.method == "GET":
        return _told(request, actor, matter, begun)
    try:
        kept = keep(request, actor, matter, begun)
    except Refusal as refusal:
        context = refused(actor, matter, begun, refusal)
        return render(request, "agreements/kept.html", context, status=refusal.status)
    if "HX-Request" not in request.headers:
        return redirect(request.headers.get("Referer") or reverse("matter", args=[code]))
    with scope(actor):
        context = {"kept": kept, "known": kept.version} | taken_over(actor, matter, kept)
        return kept_header(render(request, "agreements/kept.html", context), kept.version)


def keep(request: HttpRequest, actor: Actor, matter: Matter, begun: Begun) -> Kept:
    """What the request's form says, kept; refused as the domain refuses."""
    data = request.POST
    touched = data["touched"].split(",") if "touched" in data else None
    known = data.get("known", "")
    return flow.keep_sketch(
        actor=actor,
        matter_id=matter.pk,
        typed=typed_of(data, begun.typed, whole=touched is None),
        known=int(known) if known.isdigit() else 0,
        base=data.get("base", begun.base),
        touched=touched,
    )


def typed_of(data: Mapping[str, Any], before: Typed, *, whole: bool) -> Typed:
    """The form's fields as cells. Without script a term has the key that stood at its place; ``whole``: a term that is
    not sent was taken out."""
    cells = {name: str(data[name]).replace("\r\n", "\n") for name in WORDS if name in data}
    order: list[str] = []
    total = str(data.get("terms-TOTAL_FORMS", ""))
    for row in range(min(int(total) if total.isdigit() else 0, MOST_ROWS)):
        place = before.order[row] if row < len(before.order) else ""
        key = str(data.get(f"terms-{row}-key") or place)
        if not key or key in order:
            key = str(new_id())[-8:]
        order.append(key)
        for name in IN_A_TERM:
            cells[f"{key}.{name}"] = str(data.get(f"terms-{row}-{'DELETE' if name == 'gone' else name}", ""))
    if whole:
        cells |= {f"{key}.gone": "on" for key in before.order if key not in order}
    return Typed(cells, order)


def taken_over(actor: Actor, matter: Matter, kept: Kept) -> dict[str, Any]:
    """What others changed, for a page that goes on: the cells to be filled in, and the sentences that say so."""
    if kept.sketch is None or not kept.theirs:
        return {}
    now = Typed(kept.sketch.cells, kept.sketch.order)
    return {
        "over": json.dumps(
            [[name, now.cells[name]] for name in in_order(kept.theirs, now)], ensure_ascii=False
        ),
        "changed": in_words(changes_of(kept.sketch, kept.theirs, but=actor.person_id), now),
    }


def refused(actor: Actor, matter: Matter, begun: Begun, refusal: Refusal) -> dict[str, Any]:
    """What a page shows that could not be kept: for two who changed the same, whose words stand against whose."""
    context: dict[str, Any] = {"refused": refusal.message, "again": refusal.code == "sketch_taken"}
    if not isinstance(refusal, Conflict):
        return context
    with scope(actor):
        theirs, laid = refusal.sketch, refusal.overlaid
        now = Typed(theirs.cells, theirs.order)
        parties = parties_to_sign(matter.pk)
        by_cell = {name: each for each in changes_of(theirs, laid.conflicts) for name in each.cells}
        return (
            context
            | taken_over(actor, matter, Kept(theirs, theirs.version, laid.theirs))
            | {
                "known": theirs.version,
                "cells": json.dumps(sorted(laid.conflicts)),
                "conflicts": [
                    {
                        "label": label_of(name, now),
                        "by": by_cell.get(name),
                        "value": value_of(name, now.cells.get(name, ""), parties),
                        "over": json.dumps([[name, now.cells.get(name, "")]], ensure_ascii=False),
                    }
                    for name in in_order(laid.conflicts, now)
                ],
            }
        )


def _told(request: HttpRequest, actor: Actor, matter: Matter, begun: Begun) -> HttpResponse:
    known = request.GET.get("known", "")
    version = int(known) if known.isdigit() else 0
    if request.GET.get("base", begun.base) != begun.base:
        context: dict[str, Any] = {"refused": _("草稿刚刚写成了协议。请重新打开本页。"), "again": True}
        return render(request, "agreements/kept.html", context)
    if begun.last is None or version >= begun.version:
        return HttpResponse(status=204)
    marks = begun.last.marks
    theirs = frozenset(name for name in begun.typed.cells if name in marks and int(marks[name][0]) > version)
    context = {"known": begun.version} | taken_over(actor, matter, Kept(begun.last, begun.version, theirs))
    return render(request, "agreements/kept.html", context)


def in_words(changes: Collection[Changed], typed: Typed) -> list[dict[str, Any]]:
    """Who changed what, by the labels of the form; a term that is new or was taken out is one change."""
    return [{"person": each.person, "at": each.at, "what": _whats(each.cells, typed)} for each in changes]


def _whats(cells: Collection[str], typed: Typed) -> list[str]:
    found: dict[str, str] = {}
    for name in in_order(cells, typed):
        key = name.rpartition(".")[0]
        if key and typed.is_gone(key):
            found[key] = _("去掉了一项约定")
        elif key and {f"{key}.{each}" for each in IN_A_TERM} <= set(cells):
            found[key] = _("加了%(term)s") % {"term": _numbered(key, typed)}
        else:
            found[name] = label_of(name, typed)
    return list(found.values())


def in_order(cells: Collection[str], typed: Typed) -> list[str]:
    """Cells as they stand in the form, from above."""
    order = [*WORDS, *(f"{key}.{name}" for key in typed.order for name in IN_A_TERM)]
    return [name for name in order if name in cells]


def label_of(cell: str, typed: Typed) -> str:
    """A cell by its label: of a term with the number of the term."""
    key, _dot, name = cell.rpartition(".")
    if not key:
        return str(OralForm.base_fields[name].label)
    what = _("去掉这一项") if name == "gone" else str(TermForm.base_fields[name].label)
    place = _numbered(key, typed)
    return f"{place} · {what}" if place else what


def _numbered(key: str, typed: Typed) -> str:
    there = [each for each in typed.order if not typed.is_gone(each)]
    return _("约定第%(n)d项") % {"n": there.index(key) + 1} if key in there else ""


def value_of(cell: str, value: str, parties: Collection[Party]) -> str:
    """What stands in a cell, as a reader reads it."""
    name = cell.rpartition(".")[2]
    if name in ("debtor", "creditor"):
        return next((each.name for each in parties if str(each.pk) == value), "——")
    if name == "kind" and value in TermKind.values:
        return str(TermKind(value).label)
    if name == "gone":
        return _("去掉了") if value else _("没有去掉")
    return value or "——"


def write_address(matter: Matter, paper: Any, way: Way, talk: UUID | None) -> str:
    """Where what is typed becomes the draft of an agreement: a new one, or the one that nobody has signed."""
    if paper is not None and way == Way.WRITTEN:
        address = reverse("agreement_edit", args=[paper.pk])
    else:
        address = reverse("agreement_new", args=[matter.code, way])
    return f"{address}?talk={talk}" if talk else address
