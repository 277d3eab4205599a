"""The read receipt: who opened a report, and when."""

from __future__ import annotations

from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters.domain.move import note
from fengqiao.matters.models import Matter
from fengqiao.reporting.enums import ReportAction
from fengqiao.reporting.models import Receipt


def read(*, actor: Actor, report_id: UUID) -> bool:
    """Writes down that this person has opened a report that was sent to them; whether it was the first time.

    Stands in the matter's history. Nothing for anybody to whom it was not sent. The receiver need not see the
    matter any more: it may have been closed to them when the danger was over.
    """
    mine = Receipt.objects.filter(report_id=report_id, person_id=actor.person_id, read_at=None)
    waiting = mine.values_list("matter_id", flat=True).first()
    if waiting is None:
        return False
    matter = Matter.objects.select_for_update(of=("self",), no_key=True).get(pk=waiting)
    if not mine.update(read_at=clock.now()):
        return False
    left = Receipt.objects.filter(matter_id=matter.pk, read_at=None).exists()
    note(
        matter,
        actor=actor,
        type=f"report.{ReportAction.READ}" + ("" if left else ".all"),
        parameters={"report": report_id, "post": actor.post_id},
        # What others have open is as it was.
        raises_version=False,
    )
    return True
