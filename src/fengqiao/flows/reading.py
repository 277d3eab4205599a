"""Opening a matter, from any door: a restricted one leaves a trace of each access (field/rights.md)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.enums import Restriction
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.matters import by_code


def opened(actor: Actor, code: str, *, door: str) -> Matter:
    """The matter with this code; raises ``NotAllowed`` alike for one that is not there and one not seen.

    Runs in the caller's scope; ``door`` names what is opened (page, file, paper) in the audit.
    """
    matter = by_code(actor, code)
    if matter is None:
        raise NotAllowed("matter_not_found", _("没有这件事项，或您的岗位看不到它。"))
    leave_trace(actor, matter, door=door)
    return matter


def leave_trace(actor: Actor, matter: Matter, *, door: str) -> None:
    """Writes into the audit that something of a restricted matter was opened; of others nothing."""
    if matter.restriction == Restriction.RESTRICTED:
        record(
            actor=actor,
            verb="matter.read_restricted",
            subject=f"matter:{matter.id}",
            county=matter.county,
            details={"door": door, "code": matter.code},
        )
