"""Exports of the ledger: ordered at the desk, written by a job as the person's post, kept for a week."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt, record, refused
from fengqiao.exchange.columns import COLUMNS
from fengqiao.exchange.domain.on_behalf import ordering_post, plain, post_of, tell_who_ordered
from fengqiao.exchange.domain.sheets import Cover, Csv, Sheet, Workbook
from fengqiao.exchange.enums import UNFINISHED, ExportFormat, ExportState
from fengqiao.exchange.models import ExportRun
from fengqiao.exchange.queries.exports import exports_of
from fengqiao.files.domain.storing import content_of, store
from fengqiao.files.domain.sweeping import let_go
from fengqiao.files.models import StoredFile
from fengqiao.flows.once import Once
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.enums import Restriction
from fengqiao.matters.queries import ledger
from fengqiao.matters.queries.ledger import LedgerFilter, is_somebodys_number, wanted_of
from fengqiao.notices.enums import Kind

CHUNK = 500
KEPT = timedelta(days=7)
# One who orders again and again waits for the first: the workers belong to everybody.
MOST_AT_ONCE = 3
MOST_ROWS = 200_000
# A job says every chunk that it is alive. One that is silent for so long was interrupted and is begun anew
# (config/tasks.py); after the longer time nobody has begun it anew.
SILENT_AFTER = timedelta(minutes=2)
LOST_AFTER = timedelta(minutes=15)


def order(*, actor: Actor, wanted: LedgerFilter, said: str, kind: str, once: Once | None = None) -> ExportRun:
    """Puts an export into the queue; the job and its row come about in one transaction, or neither.

    ``said`` is the filter in words (``matters.queries.filter_words``). Raises ``NotAllowed`` and ``Refusal``.
    """
    with attempt(actor, verb="export.order"):
        if once:
            once.begin()
        ordering_post(actor)
        if kind not in ExportFormat.values:
            raise Refusal("unknown_format", _("只能导出为 Excel 或 CSV。"))
        if wanted.party or is_somebodys_number(wanted.q):
            raise Refusal("party_not_exported", _("按当事人号码查找的结果不能导出。"))
        waiting = ExportRun.objects.filter(
            person_id=actor.person_id,
            schedule=None,
            state__in=UNFINISHED,
            touched_at__gt=clock.now() - LOST_AFTER,
        )
        if waiting.count() >= MOST_AT_ONCE:
            raise Refusal("exports_waiting", _("您已有几份导出正在写。请等一份写完再导出。"))
        run = put_into_queue(actor=actor, asked=wanted.as_query(), said=said, kind=kind)
        if once:
            once.keep({"id": str(run.id)})
        record(actor=actor, verb="export.order", subject=f"export:{run.id}", details={"kind": kind})
    return run


def put_into_queue(
    *,
    actor: Actor,
    asked: dict[str, str],
    said: str,
    kind: str,
    schedule_id: UUID | None = None,
    due_at: datetime | None = None,
) -> ExportRun:
    """The order, its job and the job that takes the file away, in the running transaction and scope."""
    from fengqiao.exchange.tasks import expire_export, write_export

    now = clock.now()
    run = ExportRun.objects.create(
        county=actor.county,
        person_id=actor.person_id,
        post_id=ordering_post(actor),
        kind=kind,
        asked=asked,
        said=said,
        schedule_id=schedule_id,
        due_at=due_at,
        ordered_at=now,
        touched_at=now,
        expires_at=now + KEPT,
    )
    named = {"run": str(run.id), "county": run.county, "person": str(run.person_id)}
    write_export.defer(**named)
    expire_export.configure(schedule_in={"seconds": int(KEPT.total_seconds())}).defer(**named)
    return run


def write(*, run_id: UUID, county: str, person_id: UUID) -> None:
    """Writes an ordered export; a second call of the same job begins anew, a finished one is let alone.

    The post is looked up again for each chunk: one that ended meanwhile gets no further row and no file.
    """
    reader = plain(county, person_id)
    with scope(reader):
        run = ExportRun.objects.filter(pk=run_id, state__in=UNFINISHED).first()
    if run is None:
        return
    try:
        _write(run)
    except Refusal as refusal:
        with scope(reader):
            _change(run, state=ExportState.REFUSED, reason=str(refusal), finished_at=clock.now())
            tell_who_ordered(run, Kind.EXPORT_REFUSED)
        refused(reader, verb="export.write", subject=f"export:{run.id}", refusal=refusal)


def is_lost(run: ExportRun) -> bool:
    """Whether nobody will go on writing it: it has to be ordered anew."""
    return run.is_unfinished and run.touched_at < clock.now() - LOST_AFTER


def download(*, actor: Actor, run_id: UUID, part: str = "file") -> tuple[ExportRun, StoredFile, bytes]:
    """The file of one's own export, audited before it is given; ``part`` is ``file`` or ``cover``."""
    with attempt(actor, verb="export.download", subject=f"export:{run_id}"):
        run = exports_of(actor).filter(pk=run_id).first()
        if run is None:
            raise NotAllowed("export_not_found", _("没有这份导出，或不是您用现在的岗位导出的。"))
        stored = run.cover if part == "cover" else run.file
        if run.state != ExportState.DONE or stored is None or run.expires_at <= clock.now():
            raise Refusal("export_not_there", _("这份导出没有可以下载的文件。请重新导出。"))
        content = content_of(stored)
        record(
            actor=actor,
            verb="export.download",
            subject=f"export:{run.id}",
            details={"part": part, "rows": run.rows},
        )
    return run, stored, content


def expire(*, run_id: UUID, county: str, person_id: UUID) -> None:
    """Takes the files of an export away when its week is over; what was exported stays written down."""
    with scope(plain(county, person_id)):
        run = ExportRun.objects.filter(pk=run_id).select_related("file", "cover").first()
        if run is None or run.expires_at > clock.now():
            return
        held = [stored for stored in (run.file, run.cover) if stored is not None]
        ExportRun.objects.filter(pk=run.pk).update(state=ExportState.EXPIRED, file=None, cover=None)
        for stored in held:
            let_go(stored)


def _write(run: ExportRun) -> None:
    with tempfile.TemporaryDirectory(prefix="fengqiao-export-") as name, translation.override("zh-hans"):
        sheet: Sheet = (Workbook if run.kind == ExportFormat.XLSX else Csv)(Path(name), list(COLUMNS))
        try:
            actor, rows, left_out = _fill(run, sheet)
        except BaseException:
            sheet.close([])
            raise
        files = sheet.close(_cover(run, actor, rows, left_out))
        _check_size(files[0])
        # Whoever lost the post during the last chunk gets no file either.
        actor = post_of(run.person_id, run.post_id)
        with scope(actor):
            if not ExportRun.objects.select_for_update().filter(pk=run.pk, state__in=UNFINISHED).exists():
                # A job that was taken for dead has finished it.
                return
            stored = [store(county=run.county, name=each.name, content=each.read_bytes()) for each in files]
            ExportRun.objects.filter(pk=run.pk).update(
                state=ExportState.DONE,
                finished_at=clock.now(),
                file=stored[0],
                cover=stored[1] if len(stored) > 1 else None,
            )
            record(
                actor=actor,
                verb="export.written",
                subject=f"export:{run.id}",
                details={"rows": rows, "left_out": left_out},
            )
            tell_who_ordered(run, Kind.EXPORT_READY)


def _fill(run: ExportRun, sheet: Sheet) -> tuple[Actor, int, int]:
    """Writes chunk after chunk, each in a transaction of its own, so that the progress can be seen."""
    wanted = wanted_of(run.asked)
    rows = left_out = 0
    cursor, more = "", True
    _change(run, state=ExportState.WRITING, rows=0, left_out=0, touched_at=clock.now())
    while more:
        actor = post_of(run.person_id, run.post_id)
        with scope(actor):
            page = ledger.page(actor, wanted, cursor=cursor, size=CHUNK)
            for matter in page.rows:
                if matter.restriction != Restriction.OPEN:
                    left_out += 1
                    continue
                sheet.add([cell(matter) for cell in COLUMNS.values()])
                rows += 1
        if rows > MOST_ROWS:
            raise Refusal("too_many_rows", _("超过 20 万行，请加条件分几次导出。"))
        _change(run, rows=rows, left_out=left_out, touched_at=clock.now())
        cursor, more = page.next_cursor, bool(page.next_cursor)
    return actor, rows, left_out


def _check_size(path: Path) -> None:
    most = settings.ATTACHMENT_MAX_BYTES
    if path.stat().st_size > most:
        raise Refusal(
            "export_too_large", _("文件超过 %(most)d MB，请加条件分几次导出。") % {"most": most >> 20}
        )


def _cover(run: ExportRun, actor: Actor, rows: int, left_out: int) -> Cover:
    due = run.due_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M") if run.due_at else ""
    return [
        ("条件", run.said or "全部"),
        *([("定时导出", due)] if due else []),
        ("导出时间", clock.now().astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")),
        ("导出人", actor.name),
        ("岗位", f"{actor.place_label} {actor.role.label}"),
        ("行数", str(rows)),
        ("未列入的限阅事项", str(left_out)),
        ("编号", str(run.id)),
        ("说明", "证件号码、电话和事项经过不在导出之内。文件保存七天，只有导出人能下载。"),
    ]


def _change(run: ExportRun, **values: Any) -> None:
    with scope(plain(run.county, run.person_id)):
        ExportRun.objects.filter(pk=run.pk).update(**values)
