"""What a worker does with a ledger that was sent in: check it, take it in chunk by chunk, go on where it stopped."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import refused
from fengqiao.exchange.domain import bad_rows
from fengqiao.exchange.domain.importing import Known, Report, chunks, finished, rehearse_chunk, take_chunk
from fengqiao.exchange.domain.on_behalf import plain, post_of, tell_who_ordered
from fengqiao.exchange.enums import ImportState
from fengqiao.exchange.mapping import Given, Mapping, available, load, title_of
from fengqiao.exchange.models import BadRow, ImportRun
from fengqiao.exchange.queries.imports import taking_post
from fengqiao.exchange.queries.units import known_units
from fengqiao.exchange.reading import Row, Unreadable, read_as
from fengqiao.files.domain.storing import content_of, store
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.notices.enums import Kind

SAMPLE = 5
SAMPLE_PART = "sample"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Overtaken(Exception):
    """Another job has begun this run since, or a person has taken it away: nothing more is written."""


def check(*, run_id: UUID, county: str, person_id: UUID) -> None:
    """Reads the whole file and says what would come about; writes nothing but that. Begins anew each time."""
    _work(run_id, county, person_id, (ImportState.CHECKING,), _check)


def carry_out(*, run_id: UUID, county: str, person_id: UUID) -> None:
    """Takes a confirmed file in. Each chunk and the count of its rows are one transaction: a job that begins
    again goes on behind the last one, and nothing is taken twice."""
    _work(run_id, county, person_id, (ImportState.ORDERED, ImportState.RUNNING), _take)


def _work(run_id: UUID, county: str, person_id: UUID, states: tuple[ImportState, ...], job: Any) -> None:
    reader = plain(county, person_id)
    with scope(reader):
        # The number of this attempt: whoever has a smaller one has been overtaken.
        mine = ImportRun.objects.filter(pk=run_id, state__in=states)
        if not mine.update(attempt=F("attempt") + 1, touched_at=clock.now()):
            return
        run = ImportRun.objects.select_related("file").get(pk=run_id)
    with translation.override(run.language):
        _do(reader, run, states, job)


def _do(reader: Actor, run: ImportRun, states: tuple[ImportState, ...], job: Any) -> None:
    try:
        job(post_of(run.person_id, run.post_id), run)
    except Overtaken:
        return
    except NotAllowed as refusal:
        _end(reader, run, ImportState.ENDED, _("上传时的岗位已经结束，导入中止。已登记的行保留。"))
        refused(reader, verb="import.work", subject=f"import:{run.id}", refusal=refusal)
    except (Unreadable, Refusal) as wrong:
        # What was taken in before stays; a file that was only looked at is of no use.
        was_checked = states == (ImportState.CHECKING,)
        _end(reader, run, ImportState.UNUSABLE if was_checked else ImportState.ENDED, str(wrong))


def _check(actor: Actor, run: ImportRun) -> None:
    with _opened(run) as path:
        mapping, names, rows = _recognised(path, run)
        with scope(actor):
            given = Given(as_of=run.as_of, units=known_units(actor))
            held = _held(run)
            BadRow.objects.filter(run=held).delete()
            _count(held, mapping=mapping.name, columns=names, **dict.fromkeys(SUMS, 0), units={}, sample=None)
        hands = taking_post(actor)
        seen: dict[str, Known] = {}
        for number, chunk in enumerate(chunks(rows)):
            with scope(actor):
                held = _held(run)
                with scope(hands):
                    report = rehearse_chunk(
                        actor=hands, reader=actor, mapping=mapping, given=given, chunk=chunk, seen=seen
                    )
                first = {"sample": _sample(held, chunk)} if number == 0 else {}
                _add(held, report, **first)
        with scope(actor):
            held = _held(run)
            _count(held, state=ImportState.READY, total=held.rows, bad_file=_bad_file(held))
            tell_who_ordered(held, Kind.IMPORT_CHECKED)


def _take(actor: Actor, run: ImportRun) -> None:
    with _opened(run) as path:
        mapping, names, rows = _recognised(path, run)
        with scope(actor):
            given = Given(as_of=run.as_of, units=known_units(actor))
            held = _held(run)
            _count(held, state=ImportState.RUNNING, columns=names)
            done = held.rows
        for chunk in chunks(islice(rows, done, None)):
            # The posts as they are today: one that ended takes nothing more in.
            actor = post_of(run.person_id, run.post_id)
            hands = taking_post(actor)
            with scope(actor):
                held = _held(run)
                # One transaction, in which first the person acts, then the post that takes the rows in.
                with scope(hands):
                    report = take_chunk(actor=hands, reader=actor, mapping=mapping, given=given, chunk=chunk)
                _add(held, report)
        with scope(actor):
            held = _held(run)
            _count(
                held,
                state=ImportState.DONE,
                finished_at=clock.now(),
                total=held.rows,
                bad_file=_bad_file(held),
            )
            tell_who_ordered(held, Kind.IMPORT_DONE)
            sums = Report(held.rows, held.registered, held.already, held.rejected)
            finished(actor=actor, mapping=mapping, report=sums, subject=f"import:{held.id}")


SUMS = ("rows", "registered", "already", "rejected", "repeated")


def _held(run: ImportRun) -> ImportRun:
    """The run, its row locked until the transaction ends; raises ``Overtaken``."""
    held = ImportRun.objects.select_for_update().filter(pk=run.pk, attempt=run.attempt).first()
    if held is None or not held.is_in_hand:
        raise Overtaken
    return held


def _add(held: ImportRun, report: Report, **more: Any) -> None:
    bad_rows.keep(held, report.bad)
    units = dict(held.units)
    for name, rows in report.units.items():
        units[name] = units.get(name, 0) + rows
    sums = {
        "rows": held.rows + report.rows,
        "registered": held.registered + report.registered,
        "already": held.already + report.already,
        "rejected": held.rejected + report.rejected,
        "repeated": held.repeated + len(report.repeated),
    }
    _count(held, units=units, **sums, **more)


def _count(held: ImportRun, **values: Any) -> None:
    for name, value in (values | {"touched_at": clock.now()}).items():
        setattr(held, name, value)
    held.save(update_fields=[*values, "touched_at"])


def _end(reader: Actor, run: ImportRun, state: ImportState, reason: str) -> None:
    with scope(reader):
        ended = ImportRun.objects.filter(pk=run.pk, attempt=run.attempt).update(
            state=state, reason=reason, finished_at=clock.now()
        )
        if ended:
            tell_who_ordered(run, Kind.IMPORT_ENDED)


@contextmanager
def _opened(run: ImportRun) -> Iterator[Path]:
    """The file in a private folder for as long as it is read: its readers want one on the disk."""
    if run.file is None:
        raise Refusal("file_gone", _("文件已经不在了，请重新上传。"))
    with tempfile.TemporaryDirectory(prefix="fengqiao-import-") as folder:
        with scope(plain(run.county, run.person_id)):
            content = content_of(run.file)
        path = Path(folder) / f"ledger.{run.name.rsplit('.', 1)[-1].lower()}"
        path.write_bytes(content)
        yield path


def _recognised(path: Path, run: ImportRun) -> tuple[Mapping, list[str], Iterator[Row]]:
    """The mapping that was chosen, or the one that the columns fit; raises ``Unreadable``."""
    kinds = [load(name) for name in ([run.mapping] if run.mapping else available())]
    names, rows, place = read_as(path, [kind.needed for kind in kinds])
    mapping = kinds[place]
    missing = [column for column in mapping.needed if column not in names]
    if missing:
        there = _("、").join(name for name in names if name)[:200]
        sentence = _("按“%(title)s”检查，文件缺少列：%(missing)s。文件里有：%(there)s")
        said = {"title": title_of(mapping.name), "missing": _("、").join(missing), "there": there}
        raise Unreadable(sentence % said)
    return mapping, names, rows


def _sample(held: ImportRun, chunk: list[Row]) -> bytes:
    rows = [[row.line, bad_rows.cells_as_text(row)] for row in chunk[:SAMPLE]]
    return bad_rows.sealed(held, SAMPLE_PART, rows)


def _bad_file(held: ImportRun) -> Any:
    if not held.rejected:
        return None
    with tempfile.TemporaryDirectory(prefix="fengqiao-import-") as folder:
        path = bad_rows.write_workbook(held, Path(folder))
        try:
            return store(county=held.county, name=path.name, content=path.read_bytes(), kind=XLSX)
        except Invalid:
            # Larger than a file may be: the page shows the first problems, and they are those of the ledger.
            return None
