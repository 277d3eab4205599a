"""What ends with its matter (handler: config/wiring.py)."""

from __future__ import annotations

from fengqiao.kernel import clock
from fengqiao.matters.enums import Action
from fengqiao.matters.events import Moved
from fengqiao.reporting.domain.sending import let_go
from fengqiao.reporting.models import DirectReport

ENDING = (Action.CLOSE, Action.WITHDRAW, Action.MERGE)


def end_with_matter(moved: Moved) -> None:
    """A matter that is closed, withdrawn or merged has no danger that is still reported on (handler of ``Moved``)."""
    if moved.action not in ENDING:
        return
    running = DirectReport.objects.filter(matter_id=moved.matter_id, first=None, ended_at=None)
    first = running.values_list("pk", flat=True).first()
    if first is None:
        return
    running.update(ended_at=clock.now())
    let_go(moved.matter_id, first)
