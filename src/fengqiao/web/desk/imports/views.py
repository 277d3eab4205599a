"""Ledgers that come in: upload → what would come about, cell by cell → confirm → progress → report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain import bad_rows, import_runs
from fengqiao.exchange.domain.carrying_out import SAMPLE_PART
from fengqiao.exchange.domain.template import NAME, template_workbook
from fengqiao.exchange.enums import ImportState
from fengqiao.exchange.mapping import title_of
from fengqiao.exchange.models import ImportRun
from fengqiao.exchange.policies import check_may_import
from fengqiao.exchange.queries.imports import SHOWN, import_by_id, imports_of
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.web.desk.imports.forms import CheckForm, UploadForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import ask_files_again, show_refusal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Rows whose problems the page shows; the workbook of bad rows has all of them.
BAD_SHOWN = 100
TO_CHECK = (ImportState.READY, ImportState.UNUSABLE, ImportState.ENDED)


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """One's own imports, and the form that sends a file in."""
    actor = importer(request)
    if request.method != "POST":
        return _list(request, actor, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        mapping, as_of = form.values()
        try:
            run = import_runs.upload(
                actor=actor, name=file.name or "", content=file.read(), mapping=mapping, as_of=as_of
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            return redirect("import_run", run.pk)
    ask_files_again(form, "file")
    with scope(actor):
        return _list(request, actor, form, status=422)


@require_GET
def import_run(request: HttpRequest, run: UUID) -> HttpResponse:
    """One import as far as it is; the part that changes is fetched again while a worker has it in hand."""
    actor = importer(request)
    return _page(request, import_by_id(actor, run))


@require_POST
def import_act(request: HttpRequest, run: UUID, act: str) -> HttpResponse:
    """``confirm``, ``recheck``, ``drop`` or ``resume``."""
    actor = importer(request)
    if act == "recheck":
        return _recheck(request, actor, run)
    acts = {
        "confirm": (import_runs.confirm, _("已确认导入。")),
        "drop": (import_runs.drop, _("已撤下，没有登记任何一行。")),
        "resume": (import_runs.resume, _("已重新排队，从上次登记的地方接着导入。")),
    }
    if act not in acts:
        raise NotAllowed("no_such_action", _("没有这个动作。"))
    verb, said = acts[act]
    try:
        verb(actor=actor, run_id=run)
    except NotAllowed:
        raise
    except Refusal as refusal:
        with scope(actor):
            return _page(request, import_by_id(actor, run), problem=str(refusal), status=refusal.status)
    messages.success(request, said)
    return redirect("import_run", run)


@require_GET
def bad_rows_file(request: HttpRequest, run: UUID) -> HttpResponse:
    """The rows that were not taken, with what is wrong with each."""
    found, content = import_runs.download_bad(actor=importer(request), run_id=run)
    return as_file(f"{found.name.rsplit('.', 1)[0]}-{bad_rows.sheet_name()}.xlsx", content)


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The program's own template."""
    importer(request)
    return as_file(f"{title_of(NAME)}.xlsx", template_workbook())


def importer(request: HttpRequest) -> Actor:
    """Who imports; raises ``NotAllowed`` for any other post."""
    actor = actor_of_request(request)
    check_may_import(actor)
    return actor


def as_file(name: str, content: bytes) -> HttpResponse:
    """A workbook to keep, never kept by a cache."""
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _recheck(request: HttpRequest, actor: Actor, run_id: UUID) -> HttpResponse:
    form = CheckForm(request.POST)
    if form.is_valid():
        mapping, as_of = form.values()
        try:
            import_runs.recheck(actor=actor, run_id=run_id, mapping=mapping, as_of=as_of)
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            return redirect("import_run", run_id)
    with scope(actor):
        return _page(request, import_by_id(actor, run_id), form=form, status=422)


def _list(request: HttpRequest, actor: Actor, form: UploadForm, *, status: int = 200) -> HttpResponse:
    rows = list(imports_of(actor)[:SHOWN])
    context = {
        "form": form,
        "rows": [
            {"run": run, "title": title_of(run.mapping), "is_lost": import_runs.is_lost(run)} for run in rows
        ],
        "is_running": any(run.is_in_hand and not import_runs.is_lost(run) for run in rows),
    }
    return render(request, "imports/imports.html", context, status=status)


def _page(
    request: HttpRequest,
    run: ImportRun,
    *,
    form: CheckForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    lost = import_runs.is_lost(run)
    cell = bad_rows.shown(run)
    initial = {"mapping": run.mapping, "as_of": run.as_of}
    context: dict[str, Any] = {
        "run": run,
        "title": title_of(run.mapping),
        "problem": problem,
        "is_lost": lost,
        "is_moving": run.is_in_hand and not lost,
        "to_confirm": run.state == ImportState.READY,
        "shows_sums": run.state not in (ImportState.CHECKING, ImportState.UNUSABLE),
        "asks_date": import_runs.needs_date(run),
        "bad": [] if run.is_in_hand else _bad(run, cell),
        "more_bad": max(0, run.rejected - BAD_SHOWN),
        "sample": _sample(run, cell) if run.state == ImportState.READY else [],
        "columns": [name for name in run.columns if name],
        "units": sorted(run.units.items(), key=lambda pair: -pair[1]),
    }
    if run.state in TO_CHECK and run.file_id:
        context["form"] = form or CheckForm(initial=initial)
    return render(request, "imports/run.html", context, status=status)


def _bad(run: ImportRun, cell: Callable[[str, str], str]) -> list[dict[str, Any]]:
    return [
        {
            "line": line,
            "problems": [{"problem": p, "value": cell(p.column, cells.get(p.column, ""))} for p in problems],
        }
        for line, cells, problems in bad_rows.revealed(run, within=slice(BAD_SHOWN))
    ]


def _sample(run: ImportRun, cell: Callable[[str, str], str]) -> list[tuple[int, list[str]]]:
    if run.sample is None:
        return []
    rows = bad_rows.opened(run, SAMPLE_PART, bytes(run.sample))
    names = [name for name in run.columns if name]
    return [(line, [cell(name, cells.get(name, "")) for name in names]) for line, cells in rows]
