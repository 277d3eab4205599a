"""What the acting post can do with a matter now: the next action first, the others behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch import steps as assignment_steps
from fengqiao.dispatch.domain import handling
from fengqiao.dispatch.enums import AssignmentAction, AssignmentState, Decision, Part
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.matters import policies, steps
from fengqiao.matters.enums import Action, Danger, Outcome, Performance, Satisfaction, State
from fengqiao.matters.guards import has_result, main_of
from fengqiao.matters.models import Matter
from fengqiao.web.desk.matter.amend_form import Amend
from fengqiao.web.desk.matter.assignment_forms import FORMS as ASSIGNMENT_FORMS
from fengqiao.web.desk.matter.forms import FORMS as MATTER_FORMS
from fengqiao.web.desk.matter.ruled_forms import FORMS as RULED_FORMS

FORMS = MATTER_FORMS | RULED_FORMS | {Action.AMEND: Amend}

# What usually comes next, by state; the first that the post may do is opened on the page.
NEXT: dict[State, tuple[Action, ...]] = {
    State.REGISTERED: (Action.ACCEPT,),
    State.ACCEPTED: (Action.SEND_TO_MEDIATION, Action.SKIP_MEDIATION, Action.SETTLE_ON_SPOT, Action.GUIDE),
    State.MEDIATING: (Action.RECORD_MEDIATION,),
    State.ASSESSING: (Action.ASSESS,),
    State.ROUTING: (Action.ROUTE,),
    State.DISPATCHING: (Action.DISPATCH, Action.SETTLE_ON_SPOT),
    State.HANDLING: (Action.SETTLE,),
    State.SETTLED: (Action.RETURN_VISIT, Action.RECORD_RECEIPT),
    State.VISITED: (Action.EVALUATE,),
    State.EVALUATED: (Action.CLOSE,),
    State.CLOSED: (Action.ARCHIVE,),
    State.ARCHIVED: (),
}
# Never in the way, never opened by themselves.
ALWAYS_LAST = (
    Action.ATTACH,
    Action.AMEND,
    Action.LINK,
    Action.HAND_OVER,
    Action.MERGE,
    Action.RECUSE,
    Action.RAISE,
    Action.HAND_DOWN,
    Action.WITHDRAW,
    Action.TURNED_CRIMINAL,
)


@dataclass(frozen=True)
class Offer:
    """One action on the page; ``key`` names it in the address."""

    key: str
    label: Any
    action: Action | AssignmentAction
    assignment: Assignment | None = None
    is_next: bool = False
    is_danger: bool = False


def offers(actor: Actor, matter: Matter, assignments: Sequence[Assignment]) -> list[Offer]:
    """Everything that the post may do now, in the order in which it is likely to be wanted."""
    found = [*_of_assignments(actor, matter, assignments), *_of_matter(actor, matter, assignments)]
    return sorted(found, key=lambda offer: not offer.is_next)


def offer_of(actor: Actor, matter: Matter, assignments: Sequence[Assignment], key: str) -> Offer | None:
    """The offer with this key, even where the matter has moved on since the page was opened: the domain
    then says why it is too late, and what was typed is shown again."""
    name, _colon, raw = key.partition(":")
    if raw:
        assignment = next((a for a in assignments if str(a.pk) == raw), None)
        if assignment is None or name not in AssignmentAction.values:
            return None
        return _offer(AssignmentAction(name), assignment=assignment)
    return _offer(Action(name)) if name in FORMS else None


def _of_matter(actor: Actor, matter: Matter, assignments: Sequence[Assignment]) -> list[Offer]:
    state = State(matter.state)
    possible = [
        action
        for action, cells in steps.actions_from(state).items()
        if action in FORMS
        and any(policies.may_move(actor, matter, cell) for cell in cells)
        and _makes_sense(action, matter, assignments)
    ]
    ranked = [a for a in (*_usual(matter, state), *_after_discontent(matter)) if a in possible]
    middle = [a for a in possible if a not in ranked and a not in ALWAYS_LAST]
    last = [a for a in ALWAYS_LAST if a in possible]
    return [_offer(a, is_next=a in ranked) for a in [*ranked, *middle, *last]]


def _usual(matter: Matter, state: State) -> tuple[Action, ...]:
    """What comes next in this state; what was led elsewhere waits for a receipt, what was withdrawn for the end."""
    if state in (State.SETTLED, State.VISITED, State.EVALUATED):
        if matter.outcome in (Outcome.GUIDED, Outcome.REDIRECTED):
            return (Action.CLOSE,) if matter.receipt_number else (Action.RECORD_RECEIPT,)
        if matter.outcome == Outcome.WITHDRAWN or (
            matter.outcome == Outcome.MERGED and state != State.SETTLED
        ):
            return (Action.CLOSE,)
    if state == State.ACCEPTED and matter.anonymous:
        return (Action.SKIP_MEDIATION, Action.SETTLE_ON_SPOT, Action.GUIDE)
    return NEXT[state]


def _after_discontent(matter: Matter) -> tuple[Action, ...]:
    """Who was declined or is not content is told the remedies in writing; what was not done opens again."""
    if matter.remedies_told_at is not None:
        return ()
    if matter.satisfaction == Satisfaction.DISSATISFIED:
        return (Action.TELL_REMEDIES, Action.REOPEN)
    return (Action.TELL_REMEDIES,) if matter.outcome == Outcome.DECLINED else ()


def _makes_sense(action: Action, matter: Matter, assignments: Sequence[Assignment]) -> bool:
    """Leaves out what the domain would refuse anyway; it still has the last word."""
    if action == Action.SETTLE:
        return any(a.part == Part.LEAD and a.state == AssignmentState.DISPOSED for a in assignments)
    if action in (Action.DANGER_OVER, Action.DANGER):
        return (matter.danger != Danger.NONE) == (action == Action.DANGER_OVER)
    if action == Action.REVIEW_CRIMINAL:
        return matter.turned_criminal_at is not None and matter.criminal_reviewed_at is None
    if action == Action.TURNED_CRIMINAL:
        return matter.turned_criminal_at is None
    if action == Action.RECORD_RECEIPT:
        return matter.outcome in (Outcome.GUIDED, Outcome.REDIRECTED) and not matter.receipt_number
    if action == Action.RECORD_PERFORMANCE:
        return matter.performance == Performance.RUNNING
    if action == Action.RETURN_VISIT and matter.outcome == Outcome.MERGED:
        return has_result(main_of(matter))
    if action == Action.RAISE:
        return matter.holder.upper_id is not None
    return True


def _of_assignments(actor: Actor, matter: Matter, assignments: Sequence[Assignment]) -> list[Offer]:
    found: list[Offer] = []
    for assignment in assignments:
        for cell in assignment_steps.ROWS:
            if cell.state != assignment.state or assignment.part not in cell.parts:
                continue
            if not handling.may(actor, matter, assignment, cell) or not _timely(cell.action, assignment):
                continue
            offer = _offer(cell.action, assignment=assignment, is_next=_is_next(cell.action, assignment))
            if offer.key not in {each.key for each in found}:
                found.append(offer)
    return found


def _timely(action: AssignmentAction, assignment: Assignment) -> bool:
    if action == AssignmentAction.SIGN_OFF:
        return assignment.sign_off_due is not None
    if action == AssignmentAction.OVERRIDE:
        return assignment.sign_off_due is not None and clock.now() >= assignment.sign_off_due
    pending = any(e.decision == Decision.PENDING for e in assignment.extensions.all())
    if action == AssignmentAction.DECIDE_EXTENSION:
        return pending
    if action == AssignmentAction.ASK_EXTENSION:
        return not pending
    return True


def _is_next(action: AssignmentAction, assignment: Assignment) -> bool:
    if action in (
        AssignmentAction.CHECK_IN,
        AssignmentAction.ARBITRATE,
        AssignmentAction.DECIDE_EXTENSION,
        AssignmentAction.SIGN_OFF,
        AssignmentAction.OVERRIDE,
    ):
        return True
    return action in (AssignmentAction.DISPOSE, AssignmentAction.PROGRESS)


def _offer(
    action: Action | AssignmentAction, *, assignment: Assignment | None = None, is_next: bool = False
) -> Offer:
    return Offer(
        key=f"{action}:{assignment.pk}" if assignment else str(action),
        label=action.label,
        action=action,
        assignment=assignment,
        is_next=is_next,
        is_danger=action == Action.DANGER,
    )


def form_of(offer: Offer, *, actor: Actor, matter: Matter, data: Any = None, files: Any = None) -> Any:
    """The form of an offer, bound where something was sent."""
    if offer.assignment is not None:
        kind = ASSIGNMENT_FORMS[AssignmentAction(offer.action)]
        return kind(data, files, actor=actor, matter=matter, assignment=offer.assignment)
    return FORMS[Action(offer.action)](data, files, actor=actor, matter=matter)
