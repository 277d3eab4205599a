"""A dossier that lies bound, for tests that ask who may open it."""

from __future__ import annotations

from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dossier.enums import VolumeState
from fengqiao.dossier.models import DisposalBatch, DisposalItem, Volume
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
