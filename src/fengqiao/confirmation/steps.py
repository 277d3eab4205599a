"""What can be written of a case, in which state it is then: one table, as the step table of matters is one."""

from __future__ import annotations

from dataclasses import dataclass

from fengqiao.confirmation.enums import AT_COURT, CaseKind, CaseState, CourtAction


@dataclass(frozen=True)
class Step:
    """From which states, to which state (None: as it was)."""

    before: frozenset[CaseState]
    after: CaseState | None


_FILED = frozenset({CaseState.FILED, CaseState.ASKED})
_ASKABLE = frozenset({CaseState.FILED, CaseState.DOCKETED})
_DOCKETED = frozenset({CaseState.DOCKETED, CaseState.ASKED})
_PREPARED = frozenset({CaseState.PREPARED})
_OF_EVERY_CASE = {
    CourtAction.DOCKET: Step(_FILED, CaseState.DOCKETED),
    CourtAction.ASK_MORE: Step(_ASKABLE, CaseState.ASKED),
    # Where it goes on from is where it was before the court asked: ``domain.tracking`` looks.
    CourtAction.SUPPLY: Step(frozenset({CaseState.ASKED}), None),
    CourtAction.WITHDRAW: Step(AT_COURT, CaseState.WITHDRAWN),
    CourtAction.REFUSE: Step(AT_COURT, CaseState.REFUSED),
}
STEPS: dict[CaseKind, dict[CourtAction, Step]] = {
    CaseKind.CONFIRMATION: {
        CourtAction.AMEND: Step(_PREPARED, None),
        CourtAction.FILE: Step(_PREPARED, CaseState.FILED),
        CourtAction.DROP: Step(_PREPARED, CaseState.DROPPED),
        **_OF_EVERY_CASE,
        CourtAction.HEAR: Step(_DOCKETED, None),
        CourtAction.CONFIRM: Step(_DOCKETED, CaseState.CONFIRMED),
    },
    CaseKind.ENFORCEMENT: {
        **_OF_EVERY_CASE,
        CourtAction.FULFIL: Step(_DOCKETED, CaseState.ENFORCED),
        CourtAction.END_ENFORCING: Step(_DOCKETED, CaseState.UNENFORCED),
    },
    CaseKind.LAWSUIT: {
        **_OF_EVERY_CASE,
        CourtAction.HEAR: Step(_DOCKETED, None),
        CourtAction.JUDGE: Step(_DOCKETED, CaseState.JUDGED),
        CourtAction.SETTLE: Step(_DOCKETED, CaseState.SETTLED),
    },
}


def step_of(kind: str, state: str, action: CourtAction) -> Step | None:
    """What the action does to a case of this kind in this state; None where it cannot be."""
    step = STEPS[CaseKind(kind)].get(action)
    return step if step is not None and state in step.before else None


def possible(kind: str, state: str) -> list[CourtAction]:
    """What can be written of a case now, in the order of the table."""
    return [action for action, step in STEPS[CaseKind(kind)].items() if state in step.before]
