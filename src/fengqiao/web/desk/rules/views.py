"""The county's decision tables to read: which are in force, their rows in words, their versions, what differs."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fengqiao.accounts.actor import Actor
from fengqiao.exchange.domain.rule_sheets import workbook_of
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.enums import Action
from fengqiao.matters.queries.replays import latest_of
from fengqiao.matters.queries.rulings import followed_by_row, rulings_of
from fengqiao.rules import vocabulary
from fengqiao.rules.domain.drafting import problems
from fengqiao.rules.enums import OwnTable, TableKind, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.rules.policies import check_may_read, may_approve, may_draft
from fengqiao.rules.queries.county_limits import version_in_force
from fengqiao.rules.queries.tables import Table, in_force, shipped, table_of, version_in_words
from fengqiao.rules.queries.versions import version_by_id, versions_of
from fengqiao.web.desk.rules import shown
from fengqiao.web.desk.rules.forms import ApproveForm, EndForm, SendBackForm
from fengqiao.web.kit.acting import actor_of_request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 50
# The address of what no row answered.
BY_HAND = "-"
STANDING_TONES = {"in_force": "green", "upcoming": "amber"}
STATE_TONES = {VersionState.DRAFT: "", VersionState.SUBMITTED: "amber"}


@require_GET
def tables(request: HttpRequest) -> HttpResponse:
    """All tables: what answers today, since when, and what waits to follow it."""
    actor = reader(request)
    rows = []
    for kind in TableKind:
        versions = list(versions_of(actor, kind)[:MOST_SHOWN])
        table = in_force(kind, county=actor.county, on=clock.today())
        rows.append(
            {
                "kind": kind,
                "table": table,
                "version": next((each for each in versions if each.pk == table.id), None),
                "open": next((each for each in versions if each.is_open), None),
            }
        )
    limits = {
        "table": OwnTable.LIMITS,
        "version": version_in_force(actor.county, clock.today()),
        "open": next(
            (each for each in versions_of(actor, OwnTable.LIMITS)[:MOST_SHOWN] if each.is_open), None
        ),
    }
    return render(request, "rules/tables.html", {"rows": rows, "limits": limits})


@require_GET
def table(request: HttpRequest, kind: str) -> HttpResponse:
    """One table: the rows that answer today, and all its versions."""
    actor = reader(request)
    which = kind_of(kind)
    found = in_force(which, county=actor.county, on=clock.today())
    versions = list(versions_of(actor, which)[:MOST_SHOWN])
    context = {
        "kind": which,
        "table": found,
        "rows": shown.page_of_rows(which, found.rows, request.GET.dict()),
        "examples": shown.examples_in_words(which, found.examples),
        "followed": followed_by_row(actor, which, found.version),
        "version": next((each for each in versions if each.pk == found.id), None),
        "versions": [described(each) for each in versions],
        "open": next((each for each in versions if each.is_open), None),
        "may_draft": may_draft(actor),
    }
    return render(request, "rules/table.html", context)


@require_GET
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One version with what it changes, and what can be done with it."""
    actor = reader(request)
    return page(request, actor, found_version(actor, version_id))


@require_GET
def row(request: HttpRequest, kind: str, row_id: str) -> HttpResponse:
    """The matters for which a row proposed something, and what was chosen; ``-`` for those decided by hand."""
    actor = reader(request)
    which = kind_of(kind)
    table = in_force(which, county=actor.county, on=clock.today())
    version = request.GET.get("version", "") or table.version
    act = request.GET.get("action", "")
    overridden = request.GET.get("overridden", "") == "1"
    found = rulings_of(
        actor,
        which,
        version,
        row="" if row_id == BY_HAND else row_id,
        actions=[Action(act)] if act in Action.values else [],
        overridden=overridden,
    )
    rulings = list(found[: MOST_SHOWN + 1])
    context = {
        "kind": which,
        "row_id": row_id,
        "by_hand": row_id == BY_HAND,
        "version": version_in_words(version),
        "overridden": overridden,
        "rulings": [
            {
                "ruling": each,
                "action": Action(each.action).label,
                "proposed": choice_in_words(each.proposed),
                "chosen": choice_in_words(each.chosen),
            }
            for each in rulings[:MOST_SHOWN]
        ],
        "more": len(rulings) > MOST_SHOWN,
        "most": MOST_SHOWN,
    }
    return render(request, "rules/row.html", context)


@require_GET
def workbook(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A version as xlsx."""
    found = table_of(found_version(reader(request), version_id))
    return _table_as_file(found)


@require_GET
def workbook_in_force(request: HttpRequest, kind: str) -> HttpResponse:
    """The table in force as xlsx."""
    actor = reader(request)
    found = in_force(kind_of(kind), county=actor.county, on=clock.today())
    return _table_as_file(found)


def page(
    request: HttpRequest,
    actor: Actor,
    found: TableVersion,
    *,
    form: forms.Form | None = None,
    act: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """A version's page inside the running scope; ``form`` brings back what was typed for ``act``."""
    this, other = table_of(found), _against(actor, found, request.GET.get("against", ""))
    is_author = found.author_id == actor.person_id
    waiting = found.state == VersionState.SUBMITTED
    standing = {"version": found.version}
    typed = {act: form} if form is not None else {}
    context: dict[str, Any] = {
        "version": found,
        "described": described(found),
        "kind": TableKind(found.kind),
        "table": this,
        "followed": {} if found.is_open else followed_by_row(actor, TableKind(found.kind), this.version),
        "rows": shown.page_of_rows(found.kind, this.rows, request.GET.dict()),
        "examples": shown.examples_in_words(found.kind, this.examples),
        "other": other,
        "differences": shown.page_of_differences(found.kind, other, this, request.GET.dict()),
        "others": [
            each for each in versions_of(actor, TableKind(found.kind))[:MOST_SHOWN] if each.pk != found.pk
        ],
        "problems": problems(found) if found.is_open else [],
        "problem": problem,
        "may_edit": is_author and found.state == VersionState.DRAFT and may_draft(actor),
        "may_take_back": is_author and waiting and may_draft(actor),
        "may_drop": found.is_open and may_draft(actor),
        "may_decide": waiting and may_approve(actor) and not is_author,
        "own_draft": waiting and may_approve(actor) and is_author,
        "latest_replay": latest_of(actor, found.pk),
        "may_replay": found.is_open and vocabulary.shape_of(found.kind).of_matter,
        "may_end": found.state == VersionState.PUBLISHED
        and found.effective_until is None
        and may_approve(actor),
        "approve_form": typed.get("approve")
        or ApproveForm(initial=standing | {"effective_from": clock.today()}),
        "send_back_form": typed.get("send_back") or SendBackForm(initial=standing),
        "end_form": typed.get("end") or EndForm(initial=standing | {"until": clock.today()}),
    }
    return render(request, "rules/version.html", context, status=status)


def reader(request: HttpRequest) -> Actor:
    """Who reads; raises ``NotAllowed`` for a post outside the centres."""
    actor = actor_of_request(request)
    check_may_read(actor)
    return actor


def kind_of(kind: str) -> TableKind:
    """The table of an address."""
    if kind not in TableKind.values:
        raise Http404
    return TableKind(kind)


def found_version(actor: Actor, version_id: UUID) -> TableVersion:
    """A version of the actor's county; raises ``NotAllowed``."""
    found = version_by_id(actor, version_id)
    if found is None:
        raise NotAllowed("table_version_not_found", _("本县没有这一版规则表。"))
    return found


def choice_in_words(code: str) -> str:
    """A risk, a track, a tier or a kind of department in words."""
    for words in ("risk", "track", "tier", "department"):
        if code in vocabulary.codes(words):
            return str(vocabulary.codes(words)[code])
    return code


def described(version: TableVersion) -> dict[str, Any]:
    """A version with how far it has come, in one chip."""
    standing = version.standing(clock.today())
    if standing is not None:
        return {"version": version, "label": standing.label, "tone": STANDING_TONES.get(standing.value, "")}
    return {
        "version": version,
        "label": version.get_state_display(),
        "tone": STATE_TONES.get(VersionState(version.state), ""),
    }


def _against(actor: Actor, found: TableVersion, asked: str) -> Table | None:
    """What a version is held against: the asked one, else the one that it began from."""
    others = versions_of(actor, TableKind(found.kind)).exclude(pk=found.pk)
    if asked == "shipped":
        return shipped(TableKind(found.kind))
    if asked.isdecimal() and len(asked) < 6:
        other = others.filter(number=int(asked)).first()
        return table_of(other) if other else None
    if found.base.isdecimal():
        other = others.filter(number=int(found.base)).first()
        return table_of(other) if other else None
    table = shipped(TableKind(found.kind))
    return table if table.version == found.base or not found.base else None


def as_file(content: bytes, name: str) -> HttpResponse:
    """A workbook to keep."""
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _table_as_file(table: Table) -> HttpResponse:
    name = f"{table.kind.label} {version_in_words(table.version)}.xlsx"
    return as_file(workbook_of(table.kind, table.rows, table.examples), name)
