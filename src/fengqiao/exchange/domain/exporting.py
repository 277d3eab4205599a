"""Exports of the ledger: ordered at the desk, written by a job as the person's post, kept for a week."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt, record, refused
from fengqiao.exchange.columns import COLUMNS
from fengqiao.exchange.domain.sheets import Cover, Csv, Sheet, Workbook
from fengqiao.exchange.enums import UNFINISHED, ExportFormat, ExportState
from fengqiao.exchange.models import ExportRun
from fengqiao.exchange.queries.exports import exports_of
from fengqiao.files.domain.storing import content_of, store
from fengqiao.files.models import StoredFile
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.enums import Restriction
from fengqiao.matters.queries import ledger
from fengqiao.matters.queries.ledger import LedgerFilter
from fengqiao.places.queries.acting import actor_of, stationings

CHUNK = 500
KEPT = timedelta(days=7)
# One who orders again and again waits for the first: the workers belong to everybody.
MOST_AT_ONCE = 3
MOST_ROWS = 200_000
LOST_AFTER = timedelta(hours=2)


def order(*, actor: Actor, wanted: LedgerFilter, said: str, kind: str) -> ExportRun:
    """Puts an export into the queue; the job and its row come about in one transaction, or neither.

    ``said`` is the filter in the words that the person read. Raises ``NotAllowed`` and ``Refusal``.
    """
    from fengqiao.exchange.tasks import expire_export, write_export

    with attempt(actor, verb="export.order"):
        if actor.is_administrator or actor.post_id is None:
            raise NotAllowed("administrators_read_no_matter", _("管理员岗位不能查看事项。"))
        if kind not in ExportFormat.values:
            raise Refusal("unknown_format", _("只能导出为 Excel 或 CSV。"))
        if wanted.party:
            raise Refusal("party_not_exported", _("按当事人号码查找的结果不能导出。"))
        now = clock.now()
        waiting = ExportRun.objects.filter(
            person_id=actor.person_id, state__in=UNFINISHED, ordered_at__gt=now - LOST_AFTER
        )
        if waiting.count() >= MOST_AT_ONCE:
            raise Refusal("exports_waiting", _("您已有几份导出正在写。请等一份写完再导出。"))
        run = ExportRun.objects.create(
            county=actor.county,
            person_id=actor.person_id,
            post_id=actor.post_id,
            kind=kind,
            asked=wanted.as_query(),
            said=said,
            ordered_at=now,
            expires_at=now + KEPT,
        )
        named = {"run": str(run.id), "county": run.county, "person": str(run.person_id)}
        write_export.defer(**named)
        expire_export.configure(schedule_in={"seconds": int(KEPT.total_seconds())}).defer(**named)
        record(actor=actor, verb="export.order", subject=f"export:{run.id}", details={"kind": kind})
    return run


def write(*, run_id: UUID, county: str, person_id: UUID) -> None:
    """Writes an ordered export; a second call of the same job begins anew, a finished one is let alone.

    The post is looked up again for each chunk: one that ended meanwhile gets no further row and no file.
    """
    reader = _plain(county, person_id)
    with scope(reader):
        run = ExportRun.objects.filter(pk=run_id, state__in=UNFINISHED).first()
    if run is None:
        return
    try:
        _write(run)
    except Refusal as refusal:
        _change(run, state=ExportState.REFUSED, reason=str(refusal), finished_at=clock.now())
        refused(reader, verb="export.write", subject=f"export:{run.id}", refusal=refusal)


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
    with scope(_plain(county, person_id)):
        run = ExportRun.objects.filter(pk=run_id).select_related("file", "cover").first()
        if run is None or run.expires_at > clock.now():
            return
        held = [stored for stored in (run.file, run.cover) if stored is not None]
        ExportRun.objects.filter(pk=run.pk).update(state=ExportState.EXPIRED, file=None, cover=None)
        for stored in held:
            try:
                with transaction.atomic():
                    # The content on the disk goes with the nightly sweep, once no record names it.
                    stored.delete()
                    connection.check_constraints()
            except IntegrityError:
                # The same content belongs to something else too.
                continue


def _write(run: ExportRun) -> None:
    with tempfile.TemporaryDirectory(prefix="fengqiao-export-") as name, translation.override("zh-hans"):
        sheet: Sheet = (Workbook if run.kind == ExportFormat.XLSX else Csv)(Path(name), list(COLUMNS))
        try:
            actor, rows, left_out = _fill(run, sheet)
        except BaseException:
            sheet.close([])
            raise
        files = sheet.close(_cover(run, actor, rows, left_out))
        # Whoever lost the post during the last chunk gets no file either.
        actor = _post_of(run)
        with scope(actor):
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


def _fill(run: ExportRun, sheet: Sheet) -> tuple[Actor, int, int]:
    """Writes chunk after chunk, each in a transaction of its own, so that the progress can be seen."""
    wanted = wanted_of(run.asked)
    rows = left_out = 0
    cursor, more = "", True
    while more:
        actor = _post_of(run)
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
        _change(run, state=ExportState.WRITING, rows=rows, left_out=left_out)
        cursor, more = page.next_cursor, bool(page.next_cursor)
    return actor, rows, left_out


def _cover(run: ExportRun, actor: Actor, rows: int, left_out: int) -> Cover:
    return [
        ("条件", run.said or "全部"),
        ("导出时间", clock.now().astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")),
        ("导出人", actor.name),
        ("岗位", f"{actor.place_label} {actor.role.label}"),
        ("行数", str(rows)),
        ("未列入的限阅事项", str(left_out)),
        ("编号", str(run.id)),
        ("说明", "证件号码、电话和事项经过不在导出之内。文件保存七天，只有导出人能下载。"),
    ]


def wanted_of(asked: dict[str, Any]) -> LedgerFilter:
    """The filter again from what stands in an address; what it does not know is left out."""
    known = {name: value for name, value in asked.items() if name in LedgerFilter.__dataclass_fields__}
    for name in ("registered_from", "registered_until"):
        if name in known:
            known[name] = date.fromisoformat(known[name])
    return LedgerFilter(**known | {"party": ""})


def _post_of(run: ExportRun) -> Actor:
    """The post of the order as it is today; raises ``NotAllowed`` where the person holds it no more."""
    held = stationings(person_id=run.person_id, on=clock.today()).filter(post_id=run.post_id)
    stationing = held.filter(person__is_active=True).first()
    if stationing is None:
        raise NotAllowed("post_ended", _("导出时的岗位已经结束，没有导出。"))
    return actor_of(stationing)


def _change(run: ExportRun, **values: Any) -> None:
    with scope(_plain(run.county, run.person_id)):
        ExportRun.objects.filter(pk=run.pk).update(**values)


def _plain(county: str, person_id: UUID) -> Actor:
    """The person without a post, who reaches their own rows and no matter."""
    return Actor(
        person_id=person_id, name="", role=Role.SYSTEM_ADMINISTRATOR, county=county, counties=(county,)
    )
