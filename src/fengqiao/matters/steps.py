"""The step table: state × action (× branch) → next state, with the posts that may and the guards that ask.

This is data. ``domain.move`` is the one function that reads it to write; the diagram in docs/ is drawn
from it (``fengqiao steps``); tests walk every cell. What an action needs written, and what it records, is
in the verb of the same name in domain/.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS, WINDOW_POSTS, Role
from fengqiao.matters.enums import OPEN_STATES, Action, State

DESK = frozenset({Role.REGISTRAR, Role.DUTY_COMMANDER}) | WINDOW_POSTS
DIRECTING = frozenset({Role.DISPATCHER}) | LEADERS
VISITING = (
    frozenset({Role.REGISTRAR, Role.PETITION_INSPECTOR, Role.DUTY_COMMANDER, Role.DISPATCHER}) | LEADERS
)
ANY_CENTRE = CENTRE_ROLES
ANYONE = CENTRE_ROLES | {Role.HANDLER}

BEFORE_HANDLING = (State.REGISTERED, State.ACCEPTED, State.MEDIATING, State.ASSESSING, State.ROUTING)
BEFORE_SETTLED = (*BEFORE_HANDLING, State.DISPATCHING, State.HANDLING)
AFTER_SETTLED = (State.SETTLED, State.VISITED, State.EVALUATED)


@dataclass(frozen=True)
class Cell:
    """One cell of the table. ``to`` is None where the action keeps the state."""

    state: State
    action: Action
    branch: str
    to: State | None
    roles: frozenset[Role]
    guards: tuple[str, ...] = ()

    @property
    def next_state(self) -> State:
        return self.to or self.state


def _cells(
    action: Action,
    states: Iterable[State],
    to: State | None,
    roles: Iterable[Role],
    *guards: str,
    branch: str = "",
) -> list[Cell]:
    return [Cell(state, action, branch, to, frozenset(roles), guards) for state in states]


_ROWS: list[Cell] = [
    # 登记受理
    *_cells(Action.ACCEPT, [State.REGISTERED], State.ACCEPTED, DESK | DIRECTING),
    *_cells(Action.GUIDE, [State.REGISTERED, State.ACCEPTED], State.SETTLED, DESK | LEADERS),
    *_cells(
        Action.SETTLE_ON_SPOT,
        [State.ACCEPTED, State.DISPATCHING],
        State.SETTLED,
        WINDOW_POSTS,
        "competent_post",
    ),
    # 先行调解
    *_cells(
        Action.SEND_TO_MEDIATION,
        [State.ACCEPTED, State.ASSESSING, State.ROUTING],
        State.MEDIATING,
        DESK | DIRECTING,
        "all_consent",
        "mediable",
    ),
    *_cells(Action.SKIP_MEDIATION, [State.ACCEPTED], State.ASSESSING, DESK | DIRECTING, branch="refused"),
    *_cells(Action.SKIP_MEDIATION, [State.ACCEPTED], State.ASSESSING, DESK | DIRECTING, branch="not_fit"),
    *_cells(
        Action.RECORD_MEDIATION,
        [State.MEDIATING],
        State.SETTLED,
        {Role.MEDIATOR} | LEADERS,
        branch="agreed",
    ),
    *_cells(
        Action.RECORD_MEDIATION,
        [State.MEDIATING],
        State.ASSESSING,
        {Role.MEDIATOR} | LEADERS,
        branch="failed",
    ),
    *_cells(Action.HAND_OVER, [State.MEDIATING], None, DIRECTING | {Role.MEDIATOR}),
    # 风险研判
    *_cells(
        Action.ASSESS,
        [State.ASSESSING],
        State.ROUTING,
        DIRECTING | {Role.PETITION_INSPECTOR, Role.DUTY_COMMANDER},
    ),
    # 分类流转
    *_cells(Action.ROUTE, [State.ROUTING], State.DISPATCHING, DIRECTING),
    *_cells(
        Action.DISPATCH, [State.DISPATCHING], State.HANDLING, DIRECTING | {Role.DUTY_COMMANDER}, "may_receive"
    ),
    *_cells(
        Action.REDIRECT,
        [State.ACCEPTED, State.MEDIATING, State.ASSESSING, State.ROUTING, State.DISPATCHING],
        State.SETTLED,
        DESK | DIRECTING,
    ),
    # 跟踪督办
    *_cells(
        Action.SETTLE, [State.HANDLING], State.SETTLED, DIRECTING, "disposition_written", "all_signed_off"
    ),
    # 案结事了
    *_cells(
        Action.RETURN_VISIT,
        [State.SETTLED, State.VISITED],
        State.VISITED,
        VISITING,
        "not_the_handler",
        "not_the_mediator",
        "main_has_result",
        branch="reached",
    ),
    *_cells(
        Action.RETURN_VISIT,
        [State.SETTLED],
        None,
        VISITING,
        "not_the_handler",
        "not_the_mediator",
        "main_has_result",
        branch="unreached",
    ),
    *_cells(Action.EVALUATE, [State.VISITED], State.EVALUATED, DIRECTING | {Role.PETITION_INSPECTOR}),
    *_cells(Action.RECORD_PERFORMANCE, AFTER_SETTLED, None, VISITING | {Role.MEDIATOR}, branch="performed"),
    *_cells(
        Action.RECORD_PERFORMANCE,
        (*AFTER_SETTLED, State.CLOSED),
        State.ASSESSING,
        VISITING | {Role.MEDIATOR},
        branch="defaulted",
    ),
    *_cells(Action.RECORD_RECEIPT, AFTER_SETTLED, None, DESK | DIRECTING, "guided_or_redirected"),
    *_cells(Action.TELL_REMEDIES, AFTER_SETTLED, None, DESK | DIRECTING | {Role.PETITION_INSPECTOR}),
    *_cells(Action.CLOSE, AFTER_SETTLED, State.CLOSED, DIRECTING, "closing_evidence", "criminal_reviewed"),
    *_cells(Action.ARCHIVE, [State.CLOSED], State.ARCHIVED, LEADERS | {Role.DISPATCHER}),
    *_cells(
        Action.REOPEN,
        (*AFTER_SETTLED, State.CLOSED),
        State.ASSESSING,
        DIRECTING | {Role.PETITION_INSPECTOR},
        "not_final",
    ),
    # Rows of an old ledger that were settled before: no officer has this action.
    *_cells(Action.TAKE_OVER, [State.REGISTERED], State.CLOSED, {Role.EXCHANGE}),
    # At any step
    *_cells(Action.WITHDRAW, BEFORE_SETTLED, State.SETTLED, DESK | DIRECTING | {Role.MEDIATOR}),
    *_cells(Action.MERGE, BEFORE_SETTLED, State.SETTLED, DIRECTING, "mergeable"),
    *_cells(Action.RAISE, BEFORE_SETTLED, None, DIRECTING | {Role.DUTY_COMMANDER}, "has_upper"),
    *_cells(Action.HAND_DOWN, BEFORE_SETTLED, None, DIRECTING, "is_lower"),
    *_cells(Action.DANGER, OPEN_STATES, None, ANYONE),
    *_cells(Action.DANGER_OVER, OPEN_STATES, None, LEADERS | {Role.DUTY_COMMANDER}),
    *_cells(Action.TURNED_CRIMINAL, (*OPEN_STATES, State.CLOSED), None, DIRECTING | {Role.LEGAL_OFFICER}),
    *_cells(Action.REVIEW_CRIMINAL, (*OPEN_STATES, State.CLOSED), None, LEADERS, "is_criminal"),
    *_cells(Action.RECUSE, OPEN_STATES, None, DESK | DIRECTING),
    *_cells(Action.AMEND, OPEN_STATES, None, DESK | DIRECTING | {Role.MEDIATOR}),
    *_cells(Action.LINK, OPEN_STATES, None, DESK | DIRECTING | {Role.MEDIATOR}),
    *_cells(Action.ATTACH, OPEN_STATES, None, ANYONE),
]

TABLE: dict[tuple[State, Action, str], Cell] = {(c.state, c.action, c.branch): c for c in _ROWS}
if len(TABLE) != len(_ROWS):
    raise RuntimeError("two cells of the step table answer the same question")

# Whose turn it is: the posts for which a state is work that waits.
TURN: dict[State, frozenset[Role]] = {
    State.REGISTERED: frozenset({Role.REGISTRAR}) | WINDOW_POSTS,
    State.ACCEPTED: frozenset({Role.REGISTRAR}) | WINDOW_POSTS,
    State.MEDIATING: frozenset({Role.MEDIATOR}),
    State.ASSESSING: frozenset(
        {Role.DISPATCHER, Role.DIRECTOR, Role.EXECUTIVE_DEPUTY, Role.PETITION_INSPECTOR}
    ),
    State.ROUTING: frozenset({Role.DISPATCHER}),
    State.DISPATCHING: frozenset({Role.DISPATCHER}),
    State.HANDLING: frozenset({Role.HANDLER}),
    State.SETTLED: frozenset({Role.REGISTRAR, Role.PETITION_INSPECTOR}),
    State.VISITED: frozenset({Role.DISPATCHER, Role.PETITION_INSPECTOR}),
    State.EVALUATED: frozenset({Role.DIRECTOR, Role.EXECUTIVE_DEPUTY, Role.STANDING_DEPUTY, Role.DISPATCHER}),
    State.CLOSED: frozenset(),
    State.ARCHIVED: frozenset(),
}


def cell(state: State, action: Action, branch: str = "") -> Cell | None:
    """The cell, or None where the action is not possible in this state."""
    return TABLE.get((state, action, branch))


def actions_from(state: State) -> dict[Action, list[Cell]]:
    """The actions possible in a state with their branches, in the order of the table."""
    found: dict[Action, list[Cell]] = {}
    for each in _ROWS:
        if each.state == state:
            found.setdefault(each.action, []).append(each)
    return found
