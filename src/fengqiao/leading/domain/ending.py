"""What ends with its matter (handlers: config/wiring.py)."""

from __future__ import annotations

from fengqiao.kernel import clock
from fengqiao.leading.enums import OPEN_INSTRUCTIONS, Ending, InstructionState, Verdict
from fengqiao.leading.models import Charge, Instruction, InstructionAnswer, KeyMatter
from fengqiao.matters.enums import Action
from fengqiao.matters.events import Moved

ENDING = (Action.CLOSE, Action.WITHDRAW, Action.MERGE)


def end_with_matter(moved: Moved) -> None:
    """A matter that is closed, withdrawn or merged is on no list any more, and nobody has to answer what was
    instructed on it (handler of ``Moved``).

    The history says already what ended it.
    """
    if moved.action not in ENDING:
        return
    listed = KeyMatter.objects.filter(matter_id=moved.matter_id, ended_at=None)
    if listed.update(ended_at=clock.now(), ending=Ending.WITH_MATTER):
        Charge.objects.filter(matter_id=moved.matter_id, until=None).update(until=clock.today())
    now = clock.now()
    given = Instruction.objects.filter(matter_id=moved.matter_id, state__in=OPEN_INSTRUCTIONS)
    if given.update(state=InstructionState.ENDED, since=now, ended_at=now, chase_at=None):
        pending = InstructionAnswer.objects.filter(matter_id=moved.matter_id, verdict=Verdict.PENDING)
        pending.update(verdict=Verdict.LAPSED)
