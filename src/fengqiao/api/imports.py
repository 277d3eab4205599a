"""Ledgers that come in: sent, checked, confirmed, taken in by a job; what is wrong is told by line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, Query, Router, UploadedFile
from ninja.responses import Status
from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.api.doors import READS, WRITES, actor_of, reader_of, reading
from fengqiao.api.paging import Listed, newest_first, sliced
from fengqiao.api.shapes import KEPT, Day, PageOf, Shape, Told
from fengqiao.api.uploads import as_download, same_file, taken
from fengqiao.api.writing import answered, once_of
from fengqiao.exchange.domain import bad_rows, import_runs
from fengqiao.exchange.domain.template import NAME, template_workbook
from fengqiao.exchange.enums import ImportState
from fengqiao.exchange.mapping import available, load, title_of
from fengqiao.exchange.models import ImportRun
from fengqiao.exchange.policies import check_may_import
from fengqiao.exchange.queries.imports import import_by_id, imports_of
from fengqiao.kernel.errors import Refusal

router = Router(tags=["imports"])


class MappingTold(Told):
    """A way to read a ledger: the columns that the file must have, and those that it may have besides."""

    name: str
    title: str
    columns: list[str]
    optional: list[str]
    asks_date: Annotated[bool, Field(description="A settled row has no day of its own: send `as_of`.")]


class MappingPage(PageOf):
    items: list[MappingTold]


class HowToRead(Shape):
    mapping: Annotated[
        str,
        Field(
            max_length=40, pattern=KEPT, description="A name of `GET /imports/mappings`; empty: by columns."
        ),
    ] = ""
    as_of: Annotated[Day | None, Field(description="The day of a ledger that does not say when.")] = None


class ImportReceipt(Told):
    """Where the import stands after what was asked; its address tells the rest."""

    id: UUID
    state: ImportState


class UnknownUnit(Told):
    """A body of which nobody has said yet which department it is."""

    name: str
    rows: int


class ImportTold(Told):
    """An import. `rows` = `registered` + `already` + `rejected`: of the check until it is confirmed, then of
    the import itself. A job has it in hand while `state` is `checking`, `ordered` or `running`: ask again."""

    id: UUID
    name: str
    mapping: Annotated[str, Field(description="Empty until the check has found which one fits.")]
    as_of: date | None
    state: ImportState
    stalled: Annotated[bool, Field(description="Nobody goes on with it: resume it.")]
    needs_date: Annotated[bool, Field(description="It is confirmed only after a recheck with `as_of`.")]
    total: Annotated[int, Field(description="Rows of the file; 0 until they are counted.")]
    rows: int
    registered: int
    already: int
    rejected: int
    repeated: Annotated[int, Field(description="Of `already`: the same row stands above in the file.")]
    columns: list[str]
    unknown_units: list[UnknownUnit]
    reason: Annotated[str, Field(description="Why it can not be imported, or ended.")]
    uploaded_at: datetime
    touched_at: Annotated[datetime, Field(description="When somebody last worked at it.")]
    finished_at: datetime | None
    expires_at: Annotated[datetime, Field(description="When file and bad rows are taken away.")]


class ImportPage(PageOf):
    items: list[ImportTold]


class CellProblem(Told):
    column: str
    value: Annotated[str, Field(description="The cell, cut to 60 characters; a phone masked.")]
    reason: str
    mend: Annotated[str, Field(description="How to put it right, where that is known.")]


class BadLine(Told):
    line: Annotated[int, Field(description="Of the file, its header included.")]
    problems: list[CellProblem]


class BadLinePage(PageOf):
    items: list[BadLine]


@contextmanager
def _importing(request: HttpRequest) -> Iterator[Actor]:
    """The scope of whoever may import; raises ``NotAllowed`` for every other post."""
    with reading(request) as actor:
        check_may_import(actor)
        yield actor


@router.get(
    "/imports/mappings",
    response=MappingPage,
    auth=READS,
    operation_id="listMappings",
    summary="Mappings of ledgers · 表格种类",
    url_name="api_mappings",
)
def mappings(request: HttpRequest, asked: Query[Listed]) -> MappingPage:
    """The kinds of ledgers that can be read."""
    with _importing(request):
        names, after = sliced(
            lambda within: available()[within], of=("mappings",), cursor=asked.cursor, size=asked.size
        )
        return MappingPage(items=[_mapping(each) for each in names], next=after)


@router.get(
    "/imports/template",
    response={200: Any},
    auth=READS,
    operation_id="getTemplate",
    summary="The template · 导入模板",
    url_name="api_import_template",
    openapi_extra={"x-answers": "a file"},
)
def template(request: HttpRequest) -> HttpResponse:
    """The program's own template as Excel, in the language of the request."""
    check_may_import(reader_of(request))
    return as_download(f"{title_of(NAME)}.xlsx", template_workbook())


@router.get(
    "/imports",
    response=ImportPage,
    auth=READS,
    operation_id="listImports",
    summary="Imports · 我的导入",
    url_name="api_imports",
)
def list_imports(request: HttpRequest, asked: Query[Listed]) -> ImportPage:
    """What the caller sent in from this post, newest first."""
    with _importing(request) as actor:
        rows, after = newest_first(
            imports_of(actor), of=("imports", actor.post_id), cursor=asked.cursor, size=asked.size
        )
        return ImportPage(items=[told_of(each) for each in rows], next=after)


@router.post(
    "/imports",
    response={201: ImportReceipt},
    auth=WRITES,
    operation_id="sendLedger",
    summary="Send a ledger in · 导入台账",
    url_name="api_imports",
    openapi_extra={"x-writes": "once"},
)
def send_ledger(
    request: HttpRequest, response: HttpResponse, file: File[UploadedFile], given: Form[HowToRead]
) -> Any:
    """Keeps an xlsx, xls or csv and has it checked. Nothing is registered before it is confirmed."""
    actor, upload = actor_of(request), taken(file)
    once = once_of(request, same_file(upload) | given.model_dump(mode="json"))

    def work() -> None:
        import_runs.upload(
            actor=actor,
            name=upload.name,
            content=upload.content,
            mapping=given.mapping,
            as_of=given.as_of,
            once=once,
        )

    receipt = ImportReceipt(**answered(once, response, work))
    response.headers["Location"] = f"/api/v1/imports/{receipt.id}"
    return Status(201, receipt)


@router.get(
    "/imports/{import_id}",
    response=ImportTold,
    auth=READS,
    operation_id="getImport",
    summary="One import · 一次导入",
    url_name="api_import",
)
def get_import(request: HttpRequest, import_id: UUID) -> ImportTold:
    """How far an import is, its sums, and the bodies that nobody has mapped yet."""
    with _importing(request) as actor:
        return told_of(import_by_id(actor, import_id))


@router.get(
    "/imports/{import_id}/problems",
    response=BadLinePage,
    auth=READS,
    operation_id="listImportProblems",
    summary="Problems by line and column · 有问题的格子",
    url_name="api_import_problems",
    openapi_extra={"x-also": ["409"]},
)
def problems(request: HttpRequest, import_id: UUID, asked: Query[Listed]) -> BadLinePage:
    """The lines that are not taken, with what is wrong in each. 409 while a job has the import in hand."""
    with _importing(request) as actor:
        run = import_by_id(actor, import_id)
        if run.is_in_hand:
            raise Refusal("import_in_hand", _("这次导入正在进行。"))
        cell = bad_rows.shown(run)
        lines, after = sliced(
            lambda within: bad_rows.revealed(run, within=within),
            of=("problems", import_id, run.attempt),
            cursor=asked.cursor,
            size=asked.size,
        )
        return BadLinePage(
            items=[
                BadLine(
                    line=line,
                    problems=[
                        CellProblem(
                            column=p.column,
                            value=cell(p.column, cells.get(p.column, "")),
                            reason=p.reason,
                            mend=p.mend,
                        )
                        for p in wrong
                    ],
                )
                for line, cells, wrong in lines
            ],
            next=after,
        )


@router.get(
    "/imports/{import_id}/bad-rows",
    response={200: Any},
    auth=READS,
    operation_id="getBadRows",
    summary="The rows that were not taken · 未导入的行",
    url_name="api_import_bad_rows",
    openapi_extra={"x-also": ["409"], "x-answers": "a file"},
)
def bad_rows_file(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The same as Excel, to be mended and sent in again as it is. Fetching it is written into the audit."""
    _run, content = import_runs.download_bad(actor=reader_of(request), run_id=import_id)
    return as_download(f"{import_id}.xlsx", content)


@router.post(
    "/imports/{import_id}/recheck",
    response=ImportReceipt,
    auth=WRITES,
    operation_id="recheckImport",
    summary="Check again · 重新检查",
    url_name="api_import_recheck",
    openapi_extra={"x-writes": "once"},
)
def recheck(request: HttpRequest, response: HttpResponse, import_id: UUID, sent: HowToRead) -> ImportReceipt:
    """Checks the file again: read another way, of another day, or after bodies were mapped."""
    actor, once = actor_of(request), once_of(request, sent)

    def work() -> None:
        import_runs.recheck(actor=actor, run_id=import_id, mapping=sent.mapping, as_of=sent.as_of, once=once)

    return ImportReceipt(**answered(once, response, work))


def _act(verb: Callable[..., Any], doc: str) -> Callable[..., ImportReceipt]:
    def act(request: HttpRequest, response: HttpResponse, import_id: UUID) -> ImportReceipt:
        actor, once = actor_of(request), once_of(request, {})
        done = answered(once, response, lambda: verb(actor=actor, run_id=import_id, once=once))
        return ImportReceipt(**done)

    act.__doc__ = doc
    return act


ACTS: dict[str, tuple[Callable[..., Any], str, str]] = {
    "confirm": (import_runs.confirm, "确认导入", "Orders the import of a file that was checked."),
    "drop": (
        import_runs.drop,
        "撤下",
        "Takes away a file that is not to be imported; nothing is registered.",
    ),
    "resume": (import_runs.resume, "接着导入", "Orders a stalled job again: it goes on where it stopped."),
}


def _open() -> None:
    for name, (verb, label, says) in ACTS.items():
        router.post(
            f"/imports/{{import_id}}/{name}",
            response=ImportReceipt,
            auth=WRITES,
            operation_id=f"{name}Import",
            url_name=f"api_import_{name}",
            summary=f"{name.capitalize()} · {label}",
            openapi_extra={"x-writes": "once"},
        )(_act(verb, says))


_open()


def told_of(run: ImportRun) -> ImportTold:
    """An import as its sender reads it."""
    plain = (
        "id", "name", "mapping", "as_of", "total", "rows", "registered", "already", "rejected", "repeated",
        "reason", "uploaded_at", "touched_at", "finished_at", "expires_at",
    )  # fmt: skip
    return ImportTold(
        state=ImportState(run.state),
        stalled=import_runs.is_lost(run),
        needs_date=import_runs.needs_date(run),
        columns=[each for each in run.columns if each],
        unknown_units=[
            UnknownUnit(name=name, rows=rows)
            for name, rows in sorted(run.units.items(), key=lambda pair: -pair[1])
        ],
        **{name: getattr(run, name) for name in plain},
    )


def _mapping(name: str) -> MappingTold:
    mapping = load(name)
    return MappingTold(
        name=name,
        title=title_of(name),
        columns=mapping.needed,
        optional=[each for each in mapping.columns if each not in mapping.needed],
        asks_date=mapping.asks_date,
    )
