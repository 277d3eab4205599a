"""The table of a supervision: state × action × branch → next state, with the posts that may. Data, like dispatch/steps.

No post has both "propose" and "decide", and no cell decides without a person: the program proposes by showing
facts, the centre asks, the department is heard, the commission decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.supervision.enums import Branch, SupervisionAction, SupervisionState

PROPOSERS = frozenset({Role.DISPATCHER}) | LEADERS
DEPARTMENT = frozenset({Role.HANDLER})
COMMISSION = frozenset({Role.COMMISSION})


@dataclass(frozen=True)
class Cell:
    """``state`` is None for the first proposal: there is no supervision yet."""

    state: SupervisionState | None
    action: SupervisionAction
    branch: str
    to: SupervisionState
    roles: frozenset[Role]


def _cells(
    action: SupervisionAction,
    states: Iterable[SupervisionState | None],
    to: SupervisionState,
    roles: frozenset[Role],
    *,
    branch: str = "",
) -> list[Cell]:
    return [Cell(state, action, branch, to, roles) for state in states]


S, A = SupervisionState, SupervisionAction
TO_DECIDE = (S.PROPOSED, S.ANSWERED)

ROWS: list[Cell] = [
    *_cells(A.PROPOSE, [None, S.ORDERED, S.REPORTED], S.PROPOSED, PROPOSERS),
    *_cells(A.ANSWER, [S.PROPOSED], S.ANSWERED, DEPARTMENT),
    *_cells(A.DECIDE, TO_DECIDE, S.ORDERED, COMMISSION, branch=Branch.ORDERED),
    *_cells(A.DECIDE, TO_DECIDE, S.HANDED_OVER, COMMISSION, branch=Branch.HANDED_OVER),
    *_cells(A.DECIDE, TO_DECIDE, S.DECLINED, COMMISSION, branch=Branch.DECLINED),
    *_cells(A.DECIDE, TO_DECIDE, S.ORDERED, COMMISSION, branch=Branch.KEPT),
    *_cells(A.DECIDE, TO_DECIDE, S.REPORTED, COMMISSION, branch=Branch.KEPT_REPORTED),
    *_cells(A.REPORT, [S.ORDERED], S.REPORTED, DEPARTMENT),
    *_cells(A.LIFT, [S.ORDERED, S.REPORTED], S.LIFTED, COMMISSION),
    *_cells(A.RECORD_OUTCOME, [S.HANDED_OVER], S.CONCLUDED, COMMISSION),
]

TABLE: dict[tuple[SupervisionState | None, SupervisionAction, str], Cell] = {
    (c.state, c.action, c.branch): c for c in ROWS
}


def cell(state: SupervisionState | None, action: SupervisionAction, branch: str = "") -> Cell | None:
    """The cell, or None where the action is not possible in this state."""
    return TABLE.get((state, action, branch))
