from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import guards
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.models import Matter
from fengqiao.mediation.models import Mediation


def not_the_mediator(*, actor: Actor, matter: Matter, facts: dict[str, Any]) -> Refusal | None:
    """Who mediated the quarrel does not visit its parties back."""
    if Mediation.objects.filter(matter_id=matter.id, mediator_id=actor.person_id).exists():
        return Refusal("own_work", _("调解员不能回访自己调解的事项，请由他人回访。"))
    return None


def supply_own() -> None:
    """Makes mediation's answer known (at start)."""
    guards.supply("not_the_mediator", not_the_mediator)
