"""Facts on the accountability list, and reviews, as they lie on other grounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.places.models import Department
from fengqiao.reviews.enums import Answer, HeldKind, ReviewKind, ReviewState, Source
from fengqiao.reviews.models import CheckedItem, ListedFact, Review, Sample, SampledFile


@dataclass(frozen=True)
class Reviewed:
    """What the room has of one matter."""

    listed: ListedFact
    sample: Sample
    file: SampledFile
    item: CheckedItem
    review: Review


def reviewed(actor: Actor, matter: Matter, part: Assignment, commission: Department) -> Reviewed:
    """A row of every table of the room, for grounds on which nobody waits for days to pass."""
    now, today = clock.now(), clock.today()
    listed = ListedFact.objects.create(
        **of(matter),
        kind=HeldKind.NOT_ACCEPTED,
        rule="dispatch.check_in",
        rule_version=1,
        source=Source.ASSIGNMENT,
        source_id=part.pk,
        due_at=now,
        facts={"due_at": now.isoformat(), "days": 3},
        department_id=part.department_id,
        centre_id=matter.holder_id,
        commission=commission,
        remark="交办后三个工作日没有报到。",
        entered_by_id=actor.person_id,
        entered_role=actor.role,
        entered_at=now,
        reply_by=today + timedelta(days=7),
    )
    sample = Sample.objects.create(
        county=matter.county,
        centre_id=matter.holder_id,
        first=today,
        last=today,
        wanted=1,
        seed="7",
        population=1,
        digest="",
        drawn_by_id=actor.person_id,
        drawn_at=now,
    )
    file = SampledFile.objects.create(
        **of(matter), sample=sample, place=1, checked_by_id=actor.person_id, checked_at=now
    )
    item = CheckedItem.objects.create(
        **of(matter),
        file=file,
        item="registered",
        item_version=1,
        answer=Answer.NO,
        remark="登记表没有入卷",
        mend_by=today + timedelta(days=7),
    )
    review = Review.objects.create(
        **of(matter),
        kind=ReviewKind.CASE,
        state=ReviewState.OPENED,
        ground="当事人反映办理拖延",
        known_until=1,
        centre_id=matter.holder_id,
        commission=commission,
        opened_by_id=actor.person_id,
        opened_at=now,
    )
    return Reviewed(listed, sample, file, item, review)
