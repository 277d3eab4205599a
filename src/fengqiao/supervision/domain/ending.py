"""What ends with its matter or with the department's part of it (handlers: config/wiring.py)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from fengqiao.dispatch.enums import AssignmentAction
from fengqiao.dispatch.events import Acted
from fengqiao.kernel import clock
from fengqiao.matters.enums import Action
from fengqiao.matters.events import Moved
from fengqiao.supervision.domain.turning import let_go
from fengqiao.supervision.enums import ENDS_WITH_MATTER, Decision, SupervisionState
from fengqiao.supervision.models import Measure, Supervision

# Settling does not end it: that the department was late stays true, and the commission says that it is over.
ENDING = (Action.CLOSE, Action.WITHDRAW, Action.MERGE)


def end_with_matter(moved: Moved) -> None:
    """A matter that is closed, withdrawn or merged ends what is open (handler of ``Moved``)."""
    if moved.action in ENDING:
        _end(Q(matter_id=moved.matter_id), moved.matter_id)


def end_with_part(acted: Acted) -> None:
    """A part that was rightly returned is not the department's any more (handler of ``Acted``)."""
    if (acted.action, acted.branch) == (AssignmentAction.ARBITRATE, "upheld"):
        _end(Q(assignment_id=acted.assignment.pk), acted.matter.pk)


def _end(which: Q, matter_id: UUID) -> None:
    """The history says already what ended it."""
    found = Supervision.objects.filter(which, state__in=ENDS_WITH_MATTER).select_for_update(of=("self",))
    ending = list(found.values_list("pk", "commission_id"))
    if not ending:
        return
    now = clock.now()
    ids = [each for each, _commission in ending]
    Measure.objects.filter(supervision_id__in=ids, decision=Decision.PENDING).update(decision=Decision.LAPSED)
    Supervision.objects.filter(pk__in=ids).update(state=SupervisionState.ENDED, since=now, ended_at=now)
    for commission in {each for _pk, each in ending}:
        let_go(matter_id, commission)
