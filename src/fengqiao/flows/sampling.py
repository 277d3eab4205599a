"""Draws of closed files, from any door."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.reviews.domain import sampling
from fengqiao.reviews.domain.sampling import Said
from fengqiao.reviews.models import CheckedItem, Sample, SampledFile


def draw(*, actor: Actor, first: date, last: date, wanted: int) -> Sample:
    """Draws closed files of the acting post's centre; the audit keeps the seed."""
    with attempt(actor, verb="sample.draw"):
        sample = sampling.draw(actor=actor, first=first, last=last, wanted=wanted)
        details = {"seed": sample.seed, "population": sample.population, "digest": sample.digest}
        record(actor=actor, verb="sample.draw", subject=f"sample:{sample.pk}", details=details)
        return sample


def check(*, actor: Actor, file_id: UUID, answers: Mapping[str, Said]) -> SampledFile:
    """Holds one file against the checklist."""
    with attempt(actor, verb="sample.check", subject=f"file:{file_id}"):
        return sampling.check(actor=actor, file_id=file_id, answers=answers)


def mend(*, actor: Actor, item_id: UUID, text: str) -> CheckedItem:
    """Says how the centre put right what was found."""
    with attempt(actor, verb="sample.mend", subject=f"item:{item_id}"):
        return sampling.mend(actor=actor, item_id=item_id, text=text)
