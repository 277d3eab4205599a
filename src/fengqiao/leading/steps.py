"""Who may do what with listed matters. Data, like the tables of the other rooms."""

from __future__ import annotations

from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS, Role
from fengqiao.leading.enums import WAITS_FOR_ANSWER, InstructionAction, InstructionState, KeyAction

WATCHERS = LEADERS | {Role.DISPATCHER, Role.DUTY_COMMANDER, Role.PETITION_INSPECTOR}
# Posts by action, at the centre that holds the matter, the one above it or the one that keeps the list.
MAY: dict[KeyAction, frozenset[Role]] = {
    KeyAction.LIST: LEADERS,
    KeyAction.CHARGE: LEADERS,
    KeyAction.LOOK: WATCHERS,
    KeyAction.VISIT: WATCHERS,
    KeyAction.UNLIST: LEADERS,
}
# Who opens the list itself.
READ_THE_LIST = WATCHERS | {Role.SUPERVISOR}
# Whoever sees the matter sees that it is listed; a department too, for it works on it.
READERS = CENTRE_ROLES | {Role.SUPERVISOR, Role.HANDLER, Role.COMMISSION}

# Who gives and accepts instructions: the leader, and who writes a leader's down.
INSTRUCTORS = LEADERS | {Role.DISPATCHER}
INSTRUCTION_STEPS: dict[InstructionAction, tuple[InstructionState, ...]] = {
    InstructionAction.ANSWER: WAITS_FOR_ANSWER,
    InstructionAction.ACCEPT: (InstructionState.ANSWERED,),
    InstructionAction.SEND_BACK: (InstructionState.ANSWERED,),
}

# Who sends recommendations and writes down the replies; who reads them.
RECOMMENDERS = LEADERS
READ_RECOMMENDATIONS = CENTRE_ROLES | {Role.SUPERVISOR}
