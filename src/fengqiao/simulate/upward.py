"""Told upward: what has to be reported at once when a matter is assessed, and those above who read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of
from fengqiao.places.queries.divisions import in_force
from fengqiao.reporting.domain import receipts, sending
from fengqiao.reporting.enums import ReportReceiver
from fengqiao.reporting.models import Receipt
from fengqiao.reporting.policies import may_write
from fengqiao.reporting.queries.reports import is_due

if TYPE_CHECKING:
    from fengqiao.simulate.playing import Play

# So many of a hundred reports lie unread by somebody for a while.
UNREAD = 4


def report_if_due(play: Play, actor: Actor, matter: Matter, grounds: str) -> Matter:
    """The matter as it is after whoever assessed it has reported it, where the table asks for that."""
    if not is_due(matter.pk) or not may_write(actor, matter):
        return matter
    report = sending.write(
        actor=actor,
        matter_id=matter.pk,
        situation=f"{matter.title}。{grounds}",
        measures="已通知派出所和镇街到场，网格员陪同，中心派人到现场调解。",
        request="请协调主管部门派人到场。",
        receivers=[str(each) for each in ReportReceiver],
    )
    if play.rng.randrange(100) >= UNREAD:
        sent = list(Receipt.objects.filter(report=report).values_list("person_id", "post_id"))
        for person, post in sent:
            held = Stationing.objects.filter(in_force(clock.today()), person_id=person, post_id=post)
            reader = held.select_related("person", "post", "post__centre", "post__department").first()
            if reader is not None:
                with scope(actor_of(reader)) as above:
                    receipts.read(actor=above, report_id=report.pk)
    return Matter.objects.get(pk=matter.pk)
