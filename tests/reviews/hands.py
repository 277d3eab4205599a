"""Facts on the accountability list, and reviews, as they lie on other grounds."""

from __future__ import annotations

from datetime import timedelta

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.places.models import Department
from fengqiao.reviews.enums import HeldKind, Source
from fengqiao.reviews.models import ListedFact


def put_on_list(actor: Actor, matter: Matter, part: Assignment, commission: Department) -> ListedFact:
    """A department's part stands on the list: the row alone, for grounds on which nobody waits for days to pass."""
    now = clock.now()
    return ListedFact.objects.create(
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
        reply_by=(now + timedelta(days=7)).date(),
    )
