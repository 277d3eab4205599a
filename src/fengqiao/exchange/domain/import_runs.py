"""A ledger sent in at the desk: kept, checked again, confirmed, dropped, begun again, its bad rows fetched."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt, record
from fengqiao.exchange.domain.on_behalf import ordering_post, plain
from fengqiao.exchange.enums import IN_HAND, ImportState
from fengqiao.exchange.mapping import available, load
from fengqiao.exchange.models import BadRow, ImportRun
from fengqiao.exchange.policies import check_may_import
from fengqiao.exchange.queries.imports import import_by_id, taking_post
from fengqiao.exchange.unpacking import content_kind
from fengqiao.files.domain.storing import content_of, store
from fengqiao.files.domain.sweeping import let_go
from fengqiao.flows.once import Once
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, Refusal

KEPT = timedelta(days=30)
# The workers belong to everybody.
MOST_AT_ONCE = 3
# A job whose worker died begins anew by itself (config/tasks.py); after this time a person may say so.
LOST_AFTER = timedelta(minutes=5)
NOTHING_YET: dict[str, Any] = {
    "rows": 0, "registered": 0, "already": 0, "rejected": 0, "repeated": 0, "units": {}, "bad_file": None,
}  # fmt: skip


def upload(
    *,
    actor: Actor,
    name: str,
    content: bytes,
    mapping: str = "",
    as_of: date | None = None,
    once: Once | None = None,
) -> ImportRun:
    """Keeps the file and orders its check; row, file and job come about in one transaction, or none.

    ``mapping`` is empty where the columns shall say it. Raises ``Invalid`` (fields ``file``, ``mapping``,
    ``as_of``), ``NotAllowed`` and ``Refusal``.
    """
    from fengqiao.exchange.tasks import expire_import

    with attempt(actor, verb="import.upload"):
        if once:
            once.begin()
        check_may_import(actor)
        taking_post(actor)
        _check_given(mapping, as_of)
        kind, wrong = content_kind(name, content)
        if wrong:
            raise Invalid({"file": wrong})
        now = clock.now()
        waiting = ImportRun.objects.filter(
            person_id=actor.person_id, state__in=IN_HAND, touched_at__gt=now - LOST_AFTER
        )
        if waiting.count() >= MOST_AT_ONCE:
            raise Refusal("imports_waiting", _("您已有几份台账正在检查或导入。请等一份完成再上传。"))
        try:
            stored = store(county=actor.county, name=name, content=content, kind=kind)
        except Invalid as refusal:
            raise Invalid({"file": refusal.message}) from refusal
        run = ImportRun.objects.create(
            county=actor.county,
            person_id=actor.person_id,
            post_id=ordering_post(actor),
            name=name[-200:],
            file=stored,
            mapping=mapping,
            as_of=as_of,
            language=_spoken(),
            uploaded_at=now,
            touched_at=now,
            expires_at=now + KEPT,
        )
        _order(run)
        expire_import.configure(schedule_in={"seconds": int(KEPT.total_seconds())}).defer(**_named(run))
        _keep(run, once)
        record(actor=actor, verb="import.upload", subject=_subject(run), details={"size": len(content)})
    return run


def recheck(
    *, actor: Actor, run_id: UUID, mapping: str, as_of: date | None, once: Once | None = None
) -> ImportRun:
    """Checks the file again, by another mapping or day, or after bodies were mapped."""
    with attempt(actor, verb="import.recheck", subject=f"import:{run_id}"):
        run = _locked(actor, run_id, ImportState.READY, ImportState.UNUSABLE, ImportState.ENDED, once=once)
        _check_given(mapping, as_of)
        _forget_check(run)
        told = {"reason": "", "language": _spoken()} | NOTHING_YET
        _change(run, state=ImportState.CHECKING, mapping=mapping, as_of=as_of, **told)
        _order(run)
        _keep(run, once)
    return run


def confirm(*, actor: Actor, run_id: UUID, once: Once | None = None) -> ImportRun:
    """Orders the import of a checked file."""
    with attempt(actor, verb="import.confirm", subject=f"import:{run_id}"):
        run = _locked(actor, run_id, ImportState.READY, once=once)
        if load(run.mapping).asks_date and run.as_of is None:
            raise Refusal("as_of_missing", _("这种台账没有办结日期：请先填写台账日期，重新检查。"))
        if not run.registered:
            raise Refusal("nothing_to_import", _("没有可以登记的新行。"))
        total = run.rows
        _forget_check(run)
        _change(run, state=ImportState.ORDERED, total=total, language=_spoken(), **NOTHING_YET)
        _order(run)
        _keep(run, once)
        record(actor=actor, verb="import.confirm", subject=_subject(run), details={"mapping": run.mapping})
    return run


def drop(*, actor: Actor, run_id: UUID, once: Once | None = None) -> None:
    """Takes a file away that is not to be imported."""
    with attempt(actor, verb="import.drop", subject=f"import:{run_id}"):
        run = _locked(actor, run_id, ImportState.READY, ImportState.UNUSABLE, once=once)
        _take_away(run)
        _change(run, state=ImportState.DROPPED)
        _keep(run, once)
        record(actor=actor, verb="import.drop", subject=_subject(run))


def resume(*, actor: Actor, run_id: UUID, once: Once | None = None) -> None:
    """Orders the job again that nobody has in hand any more; it goes on behind the last committed chunk."""
    with attempt(actor, verb="import.resume", subject=f"import:{run_id}"):
        run = _locked(actor, run_id, *IN_HAND, once=once)
        if not is_lost(run):
            raise Refusal("import_in_hand", _("这次导入正在进行。"))
        _change(run)
        _order(run)
        _keep(run, once)
        record(actor=actor, verb="import.resume", subject=_subject(run), details={"rows": run.rows})


def download_bad(*, actor: Actor, run_id: UUID) -> tuple[ImportRun, bytes]:
    """The workbook of the rows that were not taken, audited before it is given."""
    with attempt(actor, verb="import.download", subject=f"import:{run_id}"):
        check_may_import(actor)
        run = import_by_id(actor, run_id)
        if run.bad_file is None:
            raise Refusal("nothing_rejected", _("这次导入没有未导入的行可以下载。"))
        content = content_of(run.bad_file)
        record(actor=actor, verb="import.download", subject=_subject(run), details={"rows": run.rejected})
    return run, content


def expire(*, run_id: UUID, county: str, person_id: UUID) -> None:
    """Takes file and bad rows away when their month is over; the sums stay written down."""
    with scope(plain(county, person_id)):
        run = ImportRun.objects.filter(pk=run_id).first()
        if run is not None and run.expires_at <= clock.now() and not run.is_in_hand:
            _take_away(run)


def is_lost(run: ImportRun) -> bool:
    """Whether nobody has worked at it for so long that nobody will."""
    return run.is_in_hand and run.touched_at < clock.now() - LOST_AFTER


def needs_date(run: ImportRun) -> bool:
    """Whether a checked file still waits for the day of its ledger: its settled rows have none."""
    known = run.state == ImportState.READY and run.mapping in available()
    return known and run.as_of is None and load(run.mapping).asks_date


def _locked(actor: Actor, run_id: UUID, *states: ImportState, once: Once | None) -> ImportRun:
    if once:
        once.begin()
    check_may_import(actor)
    run = import_by_id(actor, run_id)
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state not in states:
        raise Refusal("import_moved_on", _("这次导入已经不在这一步了。请看过最新情况再办。"))
    return run


def _spoken() -> str:
    """The language of who asks: what the job says of the cells is written down in it."""
    return get_language() or "zh-hans"


def _keep(run: ImportRun, once: Once | None) -> None:
    """Keeps what a request that is sent again is told."""
    if once:
        once.keep({"id": str(run.pk), "state": str(run.state)})


def _check_given(mapping: str, as_of: date | None) -> None:
    if mapping and mapping not in available():
        raise Invalid({"mapping": _("没有这种映射，请从列表中选择。")})
    if as_of is not None and as_of > clock.today():
        raise Invalid({"as_of": _("台账日期不能晚于今天。")})


def _order(run: ImportRun) -> None:
    from fengqiao.exchange.tasks import check_import, take_import

    (check_import if run.state == ImportState.CHECKING else take_import).defer(**_named(run))


def _named(run: ImportRun) -> dict[str, Any]:
    return {"run": str(run.id), "county": run.county, "person": str(run.person_id)}


def _subject(run: ImportRun) -> str:
    return f"import:{run.id}"


def _change(run: ImportRun, **values: Any) -> None:
    for name, value in ({"touched_at": clock.now()} | values).items():
        setattr(run, name, value)
    run.save(update_fields=["touched_at", *values])


def _forget_check(run: ImportRun) -> None:
    """Takes away what the last check found: the next one, or the import, finds it anew."""
    BadRow.objects.filter(run=run).delete()
    stored = run.bad_file
    if stored is not None:
        _change(run, bad_file=None)
        let_go(stored)


def _take_away(run: ImportRun) -> None:
    held = [stored for stored in (run.file, run.bad_file) if stored is not None]
    BadRow.objects.filter(run=run).delete()
    _change(run, file=None, bad_file=None, sample=None)
    for stored in held:
        let_go(stored)
