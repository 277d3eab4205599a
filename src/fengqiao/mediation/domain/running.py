"""What every act beside the steps begins with."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.domain.move import locked
from fengqiao.matters.models import Matter
from fengqiao.mediation.enums import MediationAction
from fengqiao.mediation.models import Mediation
from fengqiao.mediation.policies import check_may_tell


def begun(
    actor: Actor, matter_id: UUID, version: int | None, action: MediationAction
) -> tuple[Matter, Mediation]:
    """The matter, locked, and its running mediation; refused where the post may not or none is running."""
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    check_may_tell(actor, matter, action)
    running = Mediation.objects.filter(matter_id=matter.pk, ended_at__isnull=True).first()
    if running is None:
        raise Refusal("no_mediation", _("没有正在进行的调解。"))
    return matter, running
