"""What was promised was performed: no time for enforcement runs any more."""

from __future__ import annotations

from fengqiao.clocks.domain.facts import new_fact
from fengqiao.clocks.domain.keeping import recompute_rows
from fengqiao.clocks.enums import ClockState, FactKind
from fengqiao.clocks.models import Clock, Fact
from fengqiao.clocks.queries.facts import that_stand
from fengqiao.confirmation.limits import ENFORCE
from fengqiao.kernel import clock
from fengqiao.matters.enums import Action
from fengqiao.matters.events import Moved
from fengqiao.matters.models import Matter


def end_with_performance(moved: Moved) -> None:
    """Ends the time for enforcement of a matter whose agreement was performed (handler of ``Moved``).

    Where its start had come it is met; where the last instalment was paid before its day, nothing began.
    """
    if moved.action != Action.RECORD_PERFORMANCE or moved.branch != "performed":
        return
    running = Clock.objects.filter(matter_id=moved.matter_id, limit=ENFORCE, state=ClockState.RUNNING)
    if not running.exists():
        return
    now = clock.now()
    matter = Matter.objects.get(pk=moved.matter_id)
    due = that_stand(Fact.objects.filter(matter_id=matter.pk, kind=FactKind.PERFORMANCE_DUE))
    ahead = [each for each in due if each.occurred_at > now]
    facts = [
        new_fact(matter, moved.actor, each.kind, each.occurred_at, replaces_id=each.pk, withdrawn=True)
        for each in ahead
    ]
    if len(ahead) < len(due):
        facts.append(new_fact(matter, moved.actor, FactKind.DONE, now, limit=ENFORCE))
    Fact.objects.bulk_create(facts)
    recompute_rows([matter])
