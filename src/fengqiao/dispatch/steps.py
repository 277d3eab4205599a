"""The table of an assignment: state × action → next state, with the posts that may. Data, like matters/steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.dispatch.enums import AssignmentAction, AssignmentState, Part

HANDLERS = frozenset({Role.HANDLER})
ARBITERS = frozenset({Role.DISPATCHER}) | LEADERS
BOTH = frozenset(Part)


@dataclass(frozen=True)
class Cell:
    state: AssignmentState
    action: AssignmentAction
    branch: str
    to: AssignmentState | None
    roles: frozenset[Role]
    parts: frozenset[Part]


def _cells(
    action: AssignmentAction,
    states: Iterable[AssignmentState],
    to: AssignmentState | None,
    roles: frozenset[Role],
    *,
    branch: str = "",
    parts: frozenset[Part] = BOTH,
) -> list[Cell]:
    return [Cell(state, action, branch, to, roles, parts) for state in states]


LEAD, ASSIST = frozenset({Part.LEAD}), frozenset({Part.ASSIST})
S, A = AssignmentState, AssignmentAction

ROWS: list[Cell] = [
    *_cells(A.CHECK_IN, [S.ISSUED], S.WORKING, HANDLERS),
    *_cells(A.PROGRESS, [S.WORKING], None, HANDLERS),
    *_cells(A.ASK_RETURN, [S.ISSUED, S.WORKING], S.RETURN_ASKED, HANDLERS),
    *_cells(A.ARBITRATE, [S.RETURN_ASKED], S.RETURNED, ARBITERS, branch="upheld"),
    *_cells(A.ARBITRATE, [S.RETURN_ASKED], S.WORKING, ARBITERS, branch="refused"),
    *_cells(A.ASK_EXTENSION, [S.WORKING], None, HANDLERS),
    *_cells(A.DECIDE_EXTENSION, [S.WORKING], None, ARBITERS),
    *_cells(A.DISPOSE, [S.WORKING], S.DISPOSED, HANDLERS, parts=LEAD),
    *_cells(A.SIGN_OFF, [S.WORKING], S.SIGNED_OFF, HANDLERS, parts=ASSIST),
    *_cells(A.OVERRIDE, [S.ISSUED, S.WORKING], S.OVERRIDDEN, LEADERS, parts=ASSIST),
]

TABLE: dict[tuple[AssignmentState, AssignmentAction, str], Cell] = {
    (c.state, c.action, c.branch): c for c in ROWS
}


def cell(state: AssignmentState, action: AssignmentAction, branch: str = "") -> Cell | None:
    """The cell, or None where the action is not possible in this state."""
    return TABLE.get((state, action, branch))
