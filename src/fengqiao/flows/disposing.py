"""Disposal of dossiers whose time is over, from any door."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.dossier.domain import disposing
from fengqiao.dossier.models import DisposalBatch
from fengqiao.flows.once import Once
from fengqiao.reviews.enums import ReviewState
from fengqiao.reviews.models import Review


def propose(
    *, actor: Actor, volumes: Sequence[UUID], grounds: str, once: Once | None = None
) -> DisposalBatch:
    """Puts a batch together; a refusal is rolled back and audited."""
    with attempt(actor, verb="dossier.list_for_disposal"):
        if once:
            once.begin()
        batch = disposing.propose(actor=actor, volumes=volumes, grounds=grounds, under_review=_under_review)
        if once:
            once.keep({"id": str(batch.pk)})
        return batch


def decide(
    *, actor: Actor, batch_id: UUID, approved: bool, decision: str, once: Once | None = None
) -> DisposalBatch:
    """A leader decides; a refusal is rolled back and audited."""
    with attempt(actor, verb="dossier.decide_disposal", subject=f"batch:{batch_id}"):
        if once:
            once.begin()
        batch = disposing.decide(
            actor=actor, batch_id=batch_id, approved=approved, decision=decision, under_review=_under_review
        )
        if once:
            once.keep({"id": str(batch.pk)})
        return batch


def taken_out(*, actor: Actor, batch: DisposalBatch) -> None:
    """Writes into the audit that a list left the program as a file."""
    record(actor=actor, verb="dossier.disposal_sheet", subject=f"batch:{batch.pk}", county=batch.county)


def _under_review(matters: Collection[UUID]) -> set[UUID]:
    found = Review.objects.filter(matter_id__in=matters).exclude(state=ReviewState.OVER)
    return set(found.values_list("matter_id", flat=True))
