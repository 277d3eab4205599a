"""Recording that a paper reached somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.dossier.enums import PaperKind, ServiceMethod
from fengqiao.dossier.models import Service
from fengqiao.dossier.queries.papers import paper_of
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import State
from fengqiao.matters.models import MatterFile
from fengqiao.matters.models.base import of


@dataclass(frozen=True)
class NewService:
    """``proof`` is a material of the matter (a signed receipt, a postal slip)."""

    kind: PaperKind
    reference: UUID
    addressee: str
    method: ServiceMethod
    served_at: datetime
    remark: str = ""
    proof: UUID | None = None


def serve(*, actor: Actor, matter_id: UUID, new: NewService, version: int | None = None) -> Service:
    """Writes the proof of service of one paper. Periods that run from service start at ``served_at``."""
    addressee = needed("addressee", new.addressee, _("请写明送给了谁。"))[:100]
    if new.served_at > clock.now():
        raise Invalid({"served_at": _("送达时间不能晚于现在。")})
    if new.method == ServiceMethod.LEFT and len(new.remark.strip()) < 4:
        raise Invalid({"remark": _("留置送达须写明见证人和经过。")})
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    if matter.state == State.ARCHIVED:
        raise Refusal("archived", _("事项已经归档，不能再改动。"))
    if paper_of(actor, matter, new.kind, new.reference) is None:
        raise Invalid({"reference": _("本事项没有这份文书。")})
    if new.proof and not MatterFile.objects.filter(pk=new.proof, matter_id=matter.id).exists():
        raise Invalid({"proof": _("请先把送达凭证添加到本事项。")})
    note(
        matter,
        actor=actor,
        type="paper.served",
        parameters={
            "paper": new.kind,
            "reference": new.reference,
            "method": new.method,
            "served_at": new.served_at,
        },
        # The matter is as it was: what stands half-filled on somebody's page is not stale.
        raises_version=False,
    )
    return Service.objects.create(
        **of(matter),
        paper=new.kind,
        reference=new.reference,
        addressee=addressee,
        method=new.method,
        served_at=new.served_at,
        remark=new.remark.strip()[:200],
        proof_id=new.proof,
        served_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
