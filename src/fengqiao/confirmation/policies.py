"""Who writes what happens at court: whoever keeps the performance of agreements at the centre of the matter."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.policies import may_keep, may_read
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter


def may_write(actor: Actor, matter: Matter) -> bool:
    """Who helps the parties to the court and writes down what came of it."""
    return may_keep(actor, matter)


def check_may_write(actor: Actor, matter: Matter) -> None:
    """Raises ``NotAllowed`` where ``may_write`` says no."""
    if not may_write(actor, matter):
        raise NotAllowed("post_may_not", _("到法院的情况由本中心记录。"))


def check_may_read(actor: Actor) -> None:
    """What parties bring to a court is for the centre that helps them."""
    if not may_read(actor):
        raise NotAllowed("post_may_not_read", _("您的岗位不看到法院的情况。"))
