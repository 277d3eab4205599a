"""Who may do what to a matter they see."""

from __future__ import annotations

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS, Role
from fengqiao.matters.enums import Action
from fengqiao.matters.models import Matter, SavedView
from fengqiao.matters.steps import DESK, DIRECTING, Cell

# Done by whoever is in front, wherever the matter is held.
NOT_BOUND_TO_HOLDER = frozenset({Action.DANGER, Action.ATTACH, Action.LINK})

MAY_REGISTER = frozenset(
    {
        Role.REGISTRAR,
        Role.PETITION_OFFICER,
        Role.LEGAL_OFFICER,
        Role.INDUSTRY_OFFICER,
        Role.DUTY_COMMANDER,
        Role.MEDIATOR,
        Role.DISPATCHER,
        Role.EXCHANGE,
    }
    | LEADERS
)
MAY_UNMASK = CENTRE_ROLES | {Role.HANDLER}
MAY_NAME_READERS = frozenset({Role.DIRECTOR, Role.EXECUTIVE_DEPUTY})
MAY_RESTRICT = MAY_NAME_READERS | DESK | DIRECTING


def may_register(actor: Actor) -> bool:
    """Whether the post takes matters in."""
    return actor.role in MAY_REGISTER and actor.centre_id is not None


def may_move(actor: Actor, matter: Matter, cell: Cell) -> bool:
    """Whether the post may carry out this cell on this matter: the role, at the centre that holds it."""
    if actor.role not in cell.roles:
        return False
    if actor.role is Role.HANDLER or cell.action in NOT_BOUND_TO_HOLDER:
        return True
    return matter.holder_id == actor.centre_id


def may_unmask(actor: Actor) -> bool:
    """Whether the post may ask to see an identity number, phone or address, with a reason."""
    return actor.role in MAY_UNMASK


def may_read_narrative(actor: Actor) -> bool:
    """Administrators maintain the machine; they never read a matter."""
    return not actor.is_administrator


def may_share_views(actor: Actor) -> bool:
    """Whether the post gives views of the ledger to everybody of its centre."""
    return actor.role in LEADERS and actor.centre_id is not None


def may_change_view(actor: Actor, view: SavedView) -> bool:
    """One's own views oneself, those of a centre its leaders."""
    if view.is_shared:
        return may_share_views(actor) and view.centre_id == actor.centre_id
    return view.person_id == actor.person_id
