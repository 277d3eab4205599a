"""Signed scans from any door: a stack handed in and read, its pages placed, pages of the matter opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.dossier.domain import filing, scanning, settling
from fengqiao.dossier.enums import UNSHOWN
from fengqiao.dossier.models import ScanPage, ScanSource, ScanStack, SignedPage
from fengqiao.dossier.policies import check_may_scan
from fengqiao.dossier.queries.scans import page_by_id, pages_of, shows_source, stack_by_id
from fengqiao.files.domain.storing import content_of
from fengqiao.flows.materials import Upload
from fengqiao.flows.once import Once
from fengqiao.flows.reading import leave_trace
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter


def hand_in(
    *,
    actor: Actor,
    uploads: Sequence[Upload],
    matter_id: UUID | None = None,
    once: Once | None = None,
) -> ScanStack:
    """Keeps a stack and has it read: a few pages at once, more by a job.

    The stack and its job come about together or not at all; so small a one that no job is needed is read after that.
    """
    with attempt(actor, verb="scans.hand_in", subject=f"matter:{matter_id}" if matter_id else ""):
        if once:
            once.begin()
        files = [(each.name, each.content) for each in uploads]
        stack = scanning.hand_in(actor=actor, files=files, matter_id=matter_id)
        small = scanning.is_small(files)
        if not small:
            scanning.order(stack)
        if once:
            once.keep({"id": str(stack.pk)})
    if small and not scanning.read_at_once(stack):
        with attempt(actor, verb="scans.hand_in", subject=f"scans:{stack.pk}"):
            scanning.order(stack)
    return stack


def resume(*, actor: Actor, stack_id: UUID, once: Once | None = None) -> ScanStack:
    """Has a stack read again whose reading nobody goes on with."""
    with attempt(actor, verb="scans.resume", subject=f"scans:{stack_id}"):
        if once:
            once.begin()
        check_may_scan(actor)
        stack = stack_by_id(actor, stack_id)
        scanning.resume(actor=actor, stack=stack)
        if once:
            once.keep({"id": str(stack.pk)})
    return stack


def place(
    *,
    actor: Actor,
    page_id: UUID,
    target: settling.Target,
    replaces: bool = False,
    once: Once | None = None,
) -> SignedPage:
    """Puts a page by hand."""
    with attempt(actor, verb="scans.place", subject=f"scan:{page_id}"):
        if once:
            once.begin()
        signed = settling.place(actor=actor, page_id=page_id, target=target, replaces=replaces)
        if once:
            once.keep({"id": str(signed.pk)})
    return signed


def take(
    *, actor: Actor, pages: Collection[UUID], replaces: bool = False, once: Once | None = None
) -> list[SignedPage]:
    """Puts pages where their marks say although they waited, all or none."""
    with attempt(actor, verb="scans.place", subject=f"scan:{next(iter(pages), '')}"):
        if once:
            once.begin()
        signed = [settling.take(actor=actor, page_id=page, replaces=replaces) for page in pages]
        if once:
            once.keep({"id": str(signed[0].pk)})
    return signed


def set_aside(*, actor: Actor, page_id: UUID, note: str = "", once: Once | None = None) -> ScanPage:
    """Says that a page belongs to no paper."""
    with attempt(actor, verb="scans.set_aside", subject=f"scan:{page_id}"):
        if once:
            once.begin()
        page = settling.set_aside(actor=actor, page_id=page_id, note=note)
        if once:
            once.keep({"id": str(page.pk)})
    return page


def take_out(
    *,
    actor: Actor,
    matter_id: UUID,
    page_id: UUID,
    reason: str,
    version: int | None = None,
    once: Once | None = None,
) -> SignedPage:
    """Takes a page out of a matter; it waits in its stack again."""
    with attempt(actor, verb="paper.taken_out", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        signed = filing.take_out(
            actor=actor, matter_id=matter_id, page_id=page_id, reason=reason, version=version
        )
        settling.given_back(signed)
        if once:
            once.end(Matter.objects.get(pk=matter_id))
    return signed


def picture_of(*, actor: Actor, page_id: UUID) -> bytes:
    """The likeness of a page that waits or lies in a matter the post sees. Runs in the caller's scope."""
    page = page_by_id(actor, page_id)
    stored = page.picture or (page.signed.picture if page.signed else None)
    if stored is None or page.state in UNSHOWN:
        raise NotAllowed("scan_not_shown", _("这一页没有图可看。"))
    _leave_traces(actor, [page])
    return content_of(stored)


def original_of(*, actor: Actor, stack_id: UUID, source_id: UUID) -> tuple[ScanSource, bytes]:
    """A file as it was handed in, audited before it is given, where the post may see every page of it."""
    with attempt(actor, verb="scans.download", subject=f"scans:{stack_id}"):
        check_may_scan(actor)
        stack = stack_by_id(actor, stack_id)
        source = stack.sources.select_related("file", "stack").filter(pk=source_id).first()
        if source is None or source.file is None or not shows_source(actor, source):
            raise NotAllowed(
                "source_not_shown", _("原始文件不能打开：已经过了保留期，或者其中有您看不到的页。")
            )
        content = content_of(source.file)
        _leave_traces(actor, pages_of(actor, stack).filter(source=source))
        record(
            actor=actor,
            verb="scans.download",
            subject=f"scans:{stack.pk}",
            county=stack.county,
            details={"source": source.pk, "sm3": source.digest},
        )
    return source, content


def _leave_traces(actor: Actor, pages: Iterable[ScanPage]) -> None:
    """Whoever looks at sheets of a restricted matter has opened it."""
    shown = [page.signed.matter if page.signed else page.matter for page in pages]
    for matter in {each.pk: each for each in shown if each}.values():
        leave_trace(actor, matter, door="paper")
