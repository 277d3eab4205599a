"""Who must show a second factor, and which administrator keeps what."""

from __future__ import annotations

import os

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import ADMINISTRATORS, LEADERS, Role

# 等保三级: administrators, who directs others and who decides on them sign in with two factors. An operator widens or
# narrows this by FENGQIAO_SECOND_FACTOR ("role,role", "all" or "none"); `fengqiao doctor` warns of "none".
DEFAULT = ADMINISTRATORS | LEADERS | {Role.COMMISSION}


def second_factor_roles() -> frozenset[Role]:
    """The roles that cannot act before their second factor is set up."""
    said = os.environ.get("FENGQIAO_SECOND_FACTOR", "")
    if not said:
        return frozenset(DEFAULT)
    if said == "all":
        return frozenset(Role)
    if said == "none":
        return frozenset()
    return frozenset(Role(name.strip()) for name in said.split(","))


def may_read_audit(actor: Actor) -> bool:
    """The auditor alone, so that nobody judges the trace of their own acts."""
    return actor.role is Role.AUDITOR


def may_keep_places(actor: Actor) -> bool:
    """The system administrator: divisions, centres and departments, never people's access."""
    return actor.role is Role.SYSTEM_ADMINISTRATOR


def may_enter_people(actor: Actor) -> bool:
    """The system administrator: who works here, never what they may do."""
    return actor.role is Role.SYSTEM_ADMINISTRATOR


def may_keep_people(actor: Actor) -> bool:
    """The security administrator: who can sign in, never what is done with it."""
    return actor.role is Role.SECURITY_ADMINISTRATOR
