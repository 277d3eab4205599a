"""A stack of scans: handed in, read (at once or by a job), its pages sorted by their marks into the matters."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import record, refused
from fengqiao.dossier.domain.settling import KEPT, settle, settle_stack, whose
from fengqiao.dossier.enums import UNREAD_STACKS, SourceTrouble, StackState
from fengqiao.dossier.models import ScanPage, ScanSource, ScanStack
from fengqiao.dossier.policies import check_may_scan
from fengqiao.dossier.scan_reading import Reading, TooLong, read_pages
from fengqiao.files.domain.kinds import media_type
from fengqiao.files.domain.storing import content_of, store
from fengqiao.files.domain.sweeping import let_go
from fengqiao.kernel import clock
from fengqiao.kernel.crypto import Tampered, sm3
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.places.queries.acting import actor_of, stationings

# What a scanner or a camera makes.
ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
MOST_FILES = 100
MOST_BYTES = 200 << 20
MOST_PAGES = 300
# So many pages are read while one waits; more by a job.
AT_ONCE = 4
AT_ONCE_BYTES = 12 << 20
# The workers belong to everybody.
MOST_WAITING = 5
LOST_AFTER = timedelta(minutes=5)
TOLD_EVERY = 2.0
# A web process reads one stack while somebody waits; of who comes meanwhile the job takes care.
_one_at_a_time = threading.Semaphore(1)


def hand_in(*, actor: Actor, files: Sequence[tuple[str, bytes]], matter_id: UUID | None = None) -> ScanStack:
    """Keeps the files (name, content) of a stack byte for byte; nothing of it is read yet.

    ``matter_id``: in a matter, pages of others wait there for a word. Raises ``NotAllowed``, ``Invalid``
    (``files``) and ``Refusal``.
    """
    check_may_scan(actor)
    matter = _door(actor, matter_id)
    kinds = [_kind(name, content) for name, content in files]
    if not kinds or len(kinds) > MOST_FILES:
        raise Invalid({"files": _("请选择扫描件，一次最多一百个文件。")})
    if sum(len(content) for _name, content in files) > MOST_BYTES:
        raise Invalid({"files": _("这一叠超过 200 MB，请分几次交。")})
    now = clock.now()
    waiting = ScanStack.objects.filter(person_id=actor.person_id, state__in=UNREAD_STACKS)
    if waiting.filter(touched_at__gt=now - LOST_AFTER).count() >= MOST_WAITING:
        raise Refusal("scans_waiting", _("您已有几叠扫描件正在识别，请等一叠完成再交。"))
    assert actor.post_id is not None  # noqa: S101  whoever may scan has a post
    stack = ScanStack.objects.create(
        **whose(actor, matter), post_id=actor.post_id, handed_at=now, touched_at=now
    )
    seen: set[str] = set()
    for place, ((name, content), kind) in enumerate(zip(files, kinds, strict=True)):
        digest = sm3(content).hex()
        ScanSource.objects.create(
            **whose(actor, matter),
            stack=stack,
            place=place,
            name=name[-200:],
            file=store(county=stack.county, name=name, content=content, kind=kind),
            digest=digest,
            trouble=SourceTrouble.REPEATED if digest in seen else "",
        )
        seen.add(digest)
    record(
        actor=actor,
        verb="scans.hand_in",
        subject=f"scans:{stack.pk}",
        county=stack.county,
        details={"files": len(kinds), "sm3": sorted(seen), "matter": matter.pk if matter else None},
    )
    return stack


def order(stack: ScanStack) -> None:
    """Puts the reading of a stack into the queue, in the running transaction."""
    from fengqiao.dossier.tasks import read_scans

    read_scans.defer(stack=str(stack.pk), county=stack.county, person=str(stack.person_id))


def is_small(files: Sequence[tuple[str, bytes]]) -> bool:
    """Whether a stack may be read while somebody waits."""
    return len(files) <= AT_ONCE and sum(len(content) for _name, content in files) <= AT_ONCE_BYTES


def read_at_once(stack: ScanStack) -> bool:
    """Reads a small stack now; whether it could be. To be called outside a transaction."""
    if not _one_at_a_time.acquire(blocking=False):
        return False
    try:
        _read(stack, _post_of(stack), most=AT_ONCE)
    except (TooLong, OSError):
        return False
    finally:
        _one_at_a_time.release()
    return True


def read(*, stack_id: UUID, county: str, person_id: UUID) -> None:
    """Reads what was handed in; a second call of the same job begins anew, a finished one is let alone.

    The post is looked up again: one that has ended reads nothing, and what was handed in stays.
    """
    reader = _plain(county, person_id)
    with scope(reader):
        stack = ScanStack.objects.filter(pk=stack_id, state__in=UNREAD_STACKS).first()
    if stack is None:
        return
    try:
        _read(stack, _post_of(stack), most=MOST_PAGES)
    except TooLong:
        _refuse(stack, reader, Refusal("too_many_pages", _("这一叠超过三百页，请分几次交。")))
    except Refusal as refusal:
        _refuse(stack, reader, refusal)


def resume(*, actor: Actor, stack: ScanStack) -> None:
    """Orders the reading again that nobody goes on with, or that was refused."""
    check_may_scan(actor)
    if not is_lost(stack) and stack.state != StackState.REFUSED:
        raise Refusal("scans_in_hand", _("这一叠正在识别，或者已经识别完。"))
    _change(stack, state=StackState.ORDERED, reason="", finished_at=None)
    order(stack)


def is_lost(stack: ScanStack) -> bool:
    """Whether nobody has worked at it for so long that nobody will."""
    return stack.is_unread and stack.touched_at < clock.now() - LOST_AFTER


def expire(*, stack_id: UUID, county: str, person_id: UUID) -> None:
    """Takes what was handed in away when its time is over; filed pages are the matter's, the rest of it goes."""
    with scope(_plain(county, person_id)):
        stack = ScanStack.objects.select_for_update().filter(pk=stack_id).first()
        over = clock.now() - KEPT
        if stack is None or stack.settled_at is None or stack.settled_at > over or stack.cleared_at:
            return
        pages = stack.pages.select_related("file", "picture")
        files = [each.file for each in stack.sources.select_related("file")]
        held = [
            stored for stored in [*files, *(f for page in pages for f in (page.file, page.picture))] if stored
        ]
        stack.sources.update(file=None)
        stack.pages.update(file=None, picture=None)
        _change(stack, cleared_at=clock.now())
        for stored in held:
            let_go(stored)


def _refuse(stack: ScanStack, reader: Actor, refusal: Refusal) -> None:
    with scope(reader):
        _change(stack, state=StackState.REFUSED, reason=str(refusal), finished_at=clock.now())
    refused(reader, verb="scans.read", subject=f"scans:{stack.pk}", refusal=refusal)


def _door(actor: Actor, matter_id: UUID | None) -> Matter | None:
    if matter_id is None:
        return None
    matter: Matter | None = Matter.objects.visible_to(actor).filter(pk=matter_id).first()
    if matter is None:
        raise NotAllowed("matter_not_found", _("没有这件事项，或您的岗位看不到它。"))
    if matter.state == State.ARCHIVED:
        raise Refusal("archived", _("事项已经归档，不能再改动。"))
    return matter


def _kind(name: str, content: bytes) -> str:
    try:
        kind = media_type(name, content)
    except Invalid as wrong:
        raise Invalid({"files": wrong.message}) from wrong
    if kind not in ENDINGS:
        raise Invalid({"files": _("“%(name)s”不是扫描件：请交 PDF、JPG 或 PNG。") % {"name": name[:80]}})
    return kind


def _read(stack: ScanStack, actor: Actor, *, most: int) -> None:
    with scope(actor):
        sources = list(ScanSource.objects.filter(stack=stack, trouble="").select_related("file"))
        _change(stack, state=StackState.READING, total=0, done=0)
    with tempfile.TemporaryDirectory(prefix="fengqiao-scans-") as folder:
        names: list[str] = []
        kept: list[ScanSource] = []
        for source in sources:
            if _laid_out(source, Path(folder), len(names)):
                names.append(f"{len(names)}{ENDINGS[source.file.media_type]}")  # type: ignore[union-attr]
                kept.append(source)
        reading = read_pages(Path(folder), names, most=most, tell=_Telling(stack, actor))
        # Whoever lost the post meanwhile files nothing.
        with scope(_post_of(stack)):
            _keep(stack, actor, kept, reading)


def _keep(stack: ScanStack, actor: Actor, sources: list[ScanSource], reading: Reading) -> None:
    now = ScanStack.objects.select_for_update().get(pk=stack.pk)
    if not now.is_unread:
        # A job that was taken for dead has finished it.
        return
    for number, source in enumerate(sources):
        source.pages, source.trouble = reading.pages.get(number, 0), reading.troubles.get(number, "")
        source.save(update_fields=["pages", "trouble"])
    read = [(sources[each.source], each) for each in reading.read]
    settle(actor, stack, read)
    total = ScanPage.objects.filter(stack=stack).count()
    _change(stack, state=StackState.DONE, total=total, done=total, finished_at=clock.now())
    settle_stack(stack)
    record(
        actor=actor,
        verb="scans.read",
        subject=f"scans:{stack.pk}",
        county=stack.county,
        details={"pages": total},
    )


def _laid_out(source: ScanSource, folder: Path, number: int) -> bool:
    """Puts the file where the child reads it; one that cannot be had is told as damaged."""
    if source.file is None:
        return False
    try:
        content = content_of(source.file)
    except (Tampered, OSError):
        ScanSource.objects.filter(pk=source.pk).update(trouble=SourceTrouble.DAMAGED)
        return False
    (folder / f"{number}{ENDINGS[source.file.media_type]}").write_bytes(content)
    return True


class _Telling:
    """Writes down how far the reading is, not oftener than anybody looks."""

    def __init__(self, stack: ScanStack, actor: Actor) -> None:
        self.stack, self.actor, self.told = stack, actor, time.monotonic()

    def __call__(self, reading: Reading) -> None:
        if time.monotonic() - self.told < TOLD_EVERY:
            return
        self.told = time.monotonic()
        with scope(self.actor):
            _change(self.stack, total=sum(reading.pages.values()), done=len(reading.read))


def _post_of(stack: ScanStack) -> Actor:
    held = stationings(person_id=stack.person_id, on=clock.today()).filter(post_id=stack.post_id)
    stationing = held.filter(person__is_active=True).first()
    if stationing is None:
        raise NotAllowed("post_ended", _("交扫描件时的岗位已经结束，没有识别。"))
    return actor_of(stationing)


def _plain(county: str, person_id: UUID) -> Actor:
    return Actor(
        person_id=person_id, name="", role=Role.SYSTEM_ADMINISTRATOR, county=county, counties=(county,)
    )


def _change(stack: ScanStack, **values: Any) -> None:
    for name, value in ({"touched_at": clock.now()} | values).items():
        setattr(stack, name, value)
    stack.save(update_fields=["touched_at", *values])
