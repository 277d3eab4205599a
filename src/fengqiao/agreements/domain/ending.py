"""A paper that nobody will sign any more: its matter has left mediation by another way."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fengqiao.agreements.enums import AgreementState
from fengqiao.agreements.models import Agreement
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.enums import Action, State
from fengqiao.matters.events import Moved


def end_with_mediation(moved: Moved) -> None:
    """Ends the draft of a mediation that ends (handler of ``Moved``).

    An agreement cannot be recorded beside one that is being signed: ``agreement_open``.
    """
    if moved.from_state != State.MEDIATING or moved.to_state == State.MEDIATING:
        return
    drafts = Agreement.objects.filter(matter_id=moved.matter_id, state=AgreementState.DRAFT)
    if moved.action == Action.RECORD_MEDIATION and moved.branch == "agreed":
        if drafts.exists():
            raise Refusal(
                "agreement_open", _("有一份协议正在签署：请签完，或先记录没有签成。"), field="result"
            )
        return
    drafts.update(state=AgreementState.DROPPED, ended_at=clock.now())
