"""The county's own limits: what holds today and why, its versions, what differs, and a draft cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.clocks.enums import FactKind, OwedBy
from fengqiao.exchange.domain.limit_sheets import WRITTEN, as_typed
from fengqiao.flows import rule_tables as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.kernel.working_days import ONE_DAY
from fengqiao.rules.deciding import Problem, Row, row_from
from fengqiao.rules.domain.drafting import problems
from fengqiao.rules.enums import OwnTable, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.rules.own_limits import problems_of_limits
from fengqiao.rules.policies import check_may_draft, may_approve, may_draft
from fengqiao.rules.queries.county_limits import Item, items, proposed_rows, version_in_force
from fengqiao.rules.queries.limits import all_limits, binds
from fengqiao.rules.queries.running import all_running
from fengqiao.rules.queries.versions import row_changes, version_by_id, versions_of
from fengqiao.rules.queries.words import in_readers_language
from fengqiao.rules.wording import length_in_words, units
from fengqiao.web.desk.rules.acting import ACTS
from fengqiao.web.desk.rules.editing import own_draft
from fengqiao.web.desk.rules.forms import ApproveForm, EndForm, SendBackForm, VersionForm
from fengqiao.web.desk.rules.typed import Cell, Column
from fengqiao.web.desk.rules.views import MOST_SHOWN, described, reader
from fengqiao.web.kit.forms import show_refusal


@require_GET
def limits(request: HttpRequest) -> HttpResponse:
    """What holds today, or is proposed where nothing does; all versions."""
    actor = reader(request)
    found = version_in_force(actor.county, clock.today())
    versions = list(versions_of(actor, OwnTable.LIMITS)[:MOST_SHOWN])
    rows = [row_from(each) for each in found.rows] if found else proposed_rows()
    context = {
        "table": OwnTable.LIMITS,
        "version": found,
        "rows": _told(actor.county, rows),
        "missing": [all_limits()[name].name for name in items() if name not in {row.id for row in rows}],
        "versions": [described(each) for each in versions],
        "open": next((each for each in versions if each.is_open), None),
        "may_draft": may_draft(actor),
    }
    return render(request, "rules/limits.html", context)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A draft from what holds today, else from the proposal."""
    made = flow.begin(actor=reader(request), kind=OwnTable.LIMITS)
    return redirect("own_limits_edit", made.pk)


@require_GET
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One version with what it changes, and what can be done with it."""
    actor = reader(request)
    return _version_page(request, actor, found_limits(actor, version_id))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The draft cell by cell; what is wrong stands beside its cell, and may be put right later."""
    actor = reader(request)
    check_may_draft(actor)
    with scope(actor):
        draft = own_draft(actor, found_limits(actor, version_id))
    if request.method != "POST":
        rows = [row_from(each) for each in draft.rows]
        return editor(request, actor, draft, as_typed(rows), note=draft.note)
    typed = {name: {c: request.POST.get(f"{name}-{c}", "").strip() for c in WRITTEN} for name in items()}
    said, note = request.POST.get("version", ""), request.POST.get("note", "").strip()
    seen = int(said) if said.isdecimal() and len(said) < 10 else 0
    try:
        saved = flow.rewrite(
            actor=actor, version_id=draft.pk, version=seen, rows=rows_of(typed), examples=[], note=note
        )
        seen = saved.version
        if request.POST.get("op") == "submit":
            flow.submit(actor=actor, version_id=draft.pk, version=seen)
            messages.success(request, ACTS["submit"][2])
            return redirect("own_limits_version", draft.pk)
    except NotAllowed:
        raise
    except Refusal as refusal:
        problem = " ".join(map(str, getattr(refusal, "errors", {}).values())) or str(refusal.message)
        return editor(
            request, actor, draft, typed, note=note, seen=seen, problem=problem, status=refusal.status
        )
    messages.success(request, _("草案已保存。"))
    return redirect("own_limits_edit", draft.pk)


@require_POST
def act(request: HttpRequest, version_id: UUID, act: str) -> HttpResponse:
    """One act on a version; what is refused comes back on its page."""
    actor = reader(request)
    if act not in ACTS:
        raise Http404
    with scope(actor):
        found = found_limits(actor, version_id)
    kind, verb, said = ACTS[act]
    form, status = kind(request.POST), 422
    problem = "" if form.is_valid() or kind is not VersionForm else _("请重新打开这一页再试。")
    if form.is_valid():
        try:
            verb(actor=actor, version_id=found.pk, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
            problem, status = "" if len(form.fields) > 1 else str(refusal), refusal.status
        else:
            messages.success(request, said)
            return redirect("own_limits_version", found.pk)
    with scope(actor):
        typed = {act: form} if len(form.fields) > 1 else {}
        return _version_page(
            request, actor, found_limits(actor, version_id), typed=typed, problem=problem, status=status
        )


def found_limits(actor: Actor, version_id: UUID) -> TableVersion:
    found = version_by_id(actor, version_id, OwnTable.values)
    if found is None:
        raise NotAllowed("table_version_not_found", _("本县没有这一版规则表。"))
    return found


def _version_page(
    request: HttpRequest,
    actor: Actor,
    found: TableVersion,
    *,
    typed: Mapping[str, forms.Form] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    typed = typed or {}
    rows = [row_from(each) for each in found.rows]
    others = versions_of(actor, OwnTable.LIMITS).exclude(pk=found.pk)
    base = others.filter(number=int(found.base)).first() if found.base.isdecimal() else None
    is_author = found.author_id == actor.person_id
    waiting = found.state == VersionState.SUBMITTED
    standing = {"version": found.version}
    tomorrow = clock.today() + ONE_DAY
    context: dict[str, Any] = {
        "table": OwnTable.LIMITS,
        "version": found,
        "described": described(found),
        "rows": _told(actor.county, rows),
        "base": base,
        "differences": differences([row_from(r) for r in base.rows] if base else proposed_rows(), rows),
        "problems": problems(found) if found.is_open else [],
        "problem": problem,
        "may_edit": is_author and found.state == VersionState.DRAFT and may_draft(actor),
        "may_take_back": is_author and waiting and may_draft(actor),
        "may_drop": found.is_open and may_draft(actor),
        "may_decide": waiting and may_approve(actor) and not is_author,
        "own_draft": waiting and may_approve(actor) and is_author,
        "may_end": found.state == VersionState.PUBLISHED
        and found.effective_until is None
        and may_approve(actor),
        "approve_form": typed.get("approve") or ApproveForm(initial=standing | {"effective_from": tomorrow}),
        "send_back_form": typed.get("send_back") or SendBackForm(initial=standing),
        "end_form": typed.get("end") or EndForm(initial=standing | {"until": clock.today()}),
    }
    # What the forms of the decision tables say is otherwise here.
    context["approve_form"].fields["effective_from"].help_text = _("最早从明天起；前一版到这天的前一天为止。")
    context["end_form"].fields["until"].help_text = _("之后没有新的一版时，本县就没有自设时限。")
    return render(request, "rules/limits_version.html", context, status=status)


def editor(
    request: HttpRequest,
    actor: Actor,
    draft: TableVersion,
    typed: Mapping[str, Mapping[str, str]],
    *,
    note: str,
    seen: int = 0,
    problem: str = "",
    status: int = 200,
    proposed: Sequence[dict[str, Any]] | None = None,
) -> HttpResponse:
    """The draft as it is typed. ``proposed``: what a workbook would change of it; it is not saved by that."""
    rows = rows_of(typed)
    found = problems_of_limits(actor.county, rows)
    wrong = {
        f"{rows[int(place)].id}-{column}": each
        for each in found
        if each.key
        for _part, place, column in [each.key.split(".")]
    }
    context = {
        "table": OwnTable.LIMITS,
        "draft": draft,
        "seen": seen or draft.version,
        "lines": [_line(actor.county, item, typed[item.id], wrong) for item in items().values()],
        "whole": [each.sentence for each in found if not each.key],
        "wrong": len(wrong),
        "note": note,
        "problem": problem,
        "from_workbook": proposed is not None,
        "differences": proposed,
    }
    with scope(actor):
        return render(request, "rules/limits_edit.html", context, status=status)


def _line(county: str, item: Item, typed: Mapping[str, str], wrong: Mapping[str, Problem]) -> dict[str, Any]:
    offered = [(unit, units()[unit]) for unit in item.units]
    if (said := typed["unit"]) not in item.units:
        # A workbook may say any other: it is shown as it was written, so that it is put right by its author.
        offered.insert(0, (said, units().get(said, said or "——")))
    columns = [
        Column("n", _("多长")),
        Column("unit", pgettext("时限", "单位"), choices=offered),
        Column("reason", _("理由"), wide=True),
        Column("basis", _("依据"), wide=True),
    ]
    cells = []
    for column in columns:
        name = f"{item.id}-{column.name}"
        errors = [wrong[name].sentence] if name in wrong else []
        cells.append(Cell(column, name, typed[column.name], errors))
    return of_limit(county, item.id) | {"cells": cells}


def of_limit(county: str, name: str) -> dict[str, Any]:
    """A limit as it is read: what has to be done, from when, by whom, and within what the law says."""
    limit, running, item = all_limits()[name], all_running()[name], items()[name]
    return {
        "step": limit.title,
        "starts": [FactKind(each).label for each in sorted(running.starts_with)],
        "owes": OwedBy(running.owed_by).label,
        "proposed": length_in_words(limit.n, limit.unit),
        "taken_from": in_readers_language(item.taken_from),
        "within": [
            _("%(basis)s：%(length)s")
            % {"basis": statute.basis, "length": length_in_words(statute.n, statute.unit)}
            for statute in (all_limits()[each] for each in item.within)
            if binds(statute, county, clock.today())[0]
        ],
    }


def _told(county: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        of_limit(county, row.id) | {"row": row, "length": _length(row)} for row in rows if row.id in items()
    ]


def differences(before: Sequence[Row], after: Sequence[Row]) -> list[dict[str, Any]]:
    """What is different, limit by limit: how long it was and is, and the words."""
    return [
        {
            "step": all_limits()[each.id].name if each.id in all_limits() else each.id,
            "before": _length(each.before) if each.before else "",
            "after": _length(each.after) if each.after else "",
            "words": [
                (label, getattr(each.before, name), getattr(each.after, name))
                for name, label in (("reason", _("理由")), ("basis", _("依据")))
                if name in each.changed
            ],
        }
        for each in row_changes(list(before), list(after))
        if not each.moved or each.changed
    ]


def _length(row: Row) -> str:
    n, unit = row.then.get("n", ""), row.then.get("unit", "")
    if n.isascii() and n.isdecimal() and len(n) < 4 and unit in units():
        return length_in_words(int(n), unit)
    return f"{n} {units().get(unit, unit)}".strip()


def rows_of(typed: Mapping[str, Mapping[str, str]]) -> list[Row]:
    """What was typed: a limit without a number is one that the county does not set."""
    return [
        Row(id=name, then={"n": said["n"], "unit": said["unit"]}, reason=said["reason"], basis=said["basis"])
        for name, said in typed.items()
        if said["n"]
    ]
