"""What ends with its matter (handlers: config/wiring.py)."""

from __future__ import annotations

from fengqiao.kernel import clock
from fengqiao.leading.enums import Ending
from fengqiao.leading.models import Charge, KeyMatter
from fengqiao.matters.enums import Action
from fengqiao.matters.events import Moved

ENDING = (Action.CLOSE, Action.WITHDRAW, Action.MERGE)


def end_with_matter(moved: Moved) -> None:
    """A matter that is closed, withdrawn or merged is on no list any more (handler of ``Moved``).

    The history says already what ended it.
    """
    if moved.action not in ENDING:
        return
    listed = KeyMatter.objects.filter(matter_id=moved.matter_id, ended_at=None)
    if listed.update(ended_at=clock.now(), ending=Ending.WITH_MATTER):
        Charge.objects.filter(matter_id=moved.matter_id, until=None).update(until=clock.today())
