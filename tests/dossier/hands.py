"""A dossier that lies bound, for tests that ask who may open it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dossier.domain.settling import whose
from fengqiao.dossier.enums import PageState, PaperKind, StackState, VolumeState
from fengqiao.dossier.models import (
    DisposalBatch,
    DisposalItem,
    ScanPage,
    ScanSource,
    ScanStack,
    SignedPage,
    Volume,
)
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.rules.queries.dossier import USUAL


def lie_bound(actor: Actor, matter_id: UUID, stored: UUID | None = None) -> Volume:
    """The row of a binding, with what stands for its file."""
    with scope(actor):
        return Volume.objects.create(
            **of(Matter.objects.get(pk=matter_id)),
            state=VolumeState.DONE,
            person_id=actor.person_id,
            post_id=actor.post_id,
            retention=USUAL,
            ordered_at=clock.now(),
            touched_at=clock.now(),
            file_id=stored,
            bundle_id=stored,
        )


def lie_listed(actor: Actor, volume: Volume) -> DisposalItem:
    """The row of a list of disposal, and of the batch that it is in."""
    with scope(actor):
        batch = DisposalBatch.objects.create(
            county=volume.county,
            centre_id=actor.centre_id,
            year=clock.today().year,
            number=80_000 + DisposalBatch.objects.count(),
            grounds="保管期限已满。",
            proposed_by_id=actor.person_id,
            proposed_at=clock.now(),
        )
        return DisposalItem.objects.create(
            **of(volume.matter),
            batch=batch,
            volume=volume,
            pages=1,
            digest="0" * 64,
            keep_until=clock.today(),
        )


def lie_in_one_stack(actor: Actor, signed: Iterable[SignedPage]) -> ScanStack:
    """The rows of a stack of the window's day: one file, of which each page was filed in another matter."""
    with scope(actor):
        pages, now = list(signed), clock.now()
        own = whose(actor, None)
        stack = ScanStack.objects.create(
            **own,
            post_id=actor.post_id,
            state=StackState.DONE,
            total=len(pages),
            done=len(pages),
            handed_at=now,
            touched_at=now,
            finished_at=now,
        )
        source = ScanSource.objects.create(
            **own,
            stack=stack,
            place=0,
            name="一天.pdf",
            file_id=pages[0].file_id,
            digest="1" * 64,
            pages=len(pages),
        )
        for place, page in enumerate(pages):
            ScanPage.objects.create(
                **whose(actor, page.matter),
                stack=stack,
                source=source,
                place=place,
                leaf=place + 1,
                state=PageState.FILED,
                number=page.matter.code,
                page=1,
                pages=1,
                signed=page,
            )
        return stack


def lie_signed(actor: Actor, matter_id: UUID, stored: UUID | None = None) -> tuple[ScanPage, SignedPage]:
    """The rows of a stack handed in in a matter: the page that waits in it, and one that was filed."""
    with scope(actor):
        matter, now = Matter.objects.get(pk=matter_id), clock.now()
        own = whose(actor, matter)
        stack = ScanStack.objects.create(
            **own,
            post_id=actor.post_id,
            state=StackState.DONE,
            total=2,
            done=2,
            handed_at=now,
            touched_at=now,
            finished_at=now,
        )
        source = ScanSource.objects.create(
            **own, stack=stack, place=0, name="扫描.pdf", file_id=stored, digest="0" * 64, pages=2
        )
        signed = SignedPage.objects.create(
            **of(matter),
            paper=PaperKind.RECEIPT,
            reference=matter.pk,
            title="登记回执",
            page=1,
            pages=1,
            file_id=stored,
            picture_id=stored,
            digest="0" * 64,
            source_name="扫描.pdf",
            source_digest="0" * 64,
            leaf=1,
            added_by_id=actor.person_id,
            added_at=now,
        )
        page = {**own, "stack": stack, "source": source}
        ScanPage.objects.create(**page, place=0, leaf=1, state=PageState.FILED, signed=signed)
        waiting = ScanPage.objects.create(
            **page, place=1, leaf=2, state=PageState.UNREAD, file_id=stored, picture_id=stored
        )
        return waiting, signed
