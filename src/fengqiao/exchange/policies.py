"""Who may bring whole ledgers in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS
from fengqiao.kernel.errors import NotAllowed


def may_import(actor: Actor) -> bool:
    """Whether the post sends ledgers in and confirms them: those who answer for the centre's ledger.

    The rows are taken in by the county's exchange post: no officer's cell of the step table closes a row of
    the past (matters/steps.py).
    """
    return actor.role in LEADERS and actor.centre_id is not None


def check_may_import(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_import(actor):
        raise NotAllowed("post_may_not_import", _("只有中心主任和副主任可以导入台账。"))
