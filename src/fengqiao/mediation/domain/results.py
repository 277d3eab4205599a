"""What came of a mediation, between which parties, on which claim; and what was advised where it failed."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.models import Claim, Party
from fengqiao.matters.models.base import of
from fengqiao.mediation.enums import AGREED, Came, MediationAction
from fengqiao.mediation.models import ClaimResult, Mediation
from fengqiao.mediation.policies import check_may_tell
from fengqiao.rules.queries.mediation_bodies import advice_on

NOT_AGREED = frozenset({Came.FAILED, Came.REFUSED})


def write_claim_result(
    *,
    actor: Actor,
    matter_id: UUID,
    claim_id: UUID | None,
    of_party_id: UUID,
    against_party_id: UUID,
    came: Came,
    text: str,
    advised: Collection[str] = (),
    version: int | None = None,
) -> ClaimResult:
    """Writes down what came of one claim between two parties, in the last mediation; a later one corrects it.

    ``claim_id`` None: of everything between the two. ``advised``: the ways that the parties were told of
    (mediation-advice.csv). Refused: where the matter was never mediated, an unknown claim or party, a party against
    itself, an agreement in a mediation that ended without one, and a failure or refusal of which the parties were
    not told the ways of arbitration, administration and court (人民调解法 第26条).
    """
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    check_may_tell(actor, matter, MediationAction.RESULT)
    last = Mediation.objects.filter(matter_id=matter.pk).order_by("sent_at", "id").last()
    if last is None:
        raise Refusal("no_mediation", _("这件事项还没有转入调解。"))
    if claim_id is not None and not Claim.objects.filter(matter_id=matter.pk, pk=claim_id).exists():
        raise Invalid({"claim_id": _("请选择本事项的诉求。")})
    pair = {of_party_id, against_party_id}
    known = Party.objects.filter(matter_id=matter.pk, pk__in=pair, agent_of=None).count()
    if len(pair) != 2 or known != 2:
        raise Invalid({"against_party_id": _("请选择本事项的两位不同的当事人。")})
    if came == Came.AGREED and last.ended_at is not None and last.result not in AGREED:
        raise Refusal("ended_without", _("这次调解没有达成协议，不能写成全部达成。"), field="came")
    if len(text.strip()) < 2:
        raise Invalid({"text": _("请写明达成了什么，或者为什么没有达成。")})
    ways = {each.id for each in advice_on(clock.today())}
    if not set(advised) <= ways or (came in NOT_AGREED and not advised):
        raise Invalid(
            {"advised": _("调解不成的，应当告知仲裁、行政、司法途径（人民调解法 第26条）：请勾选已告知的。")}
        )
    written = ClaimResult.objects.create(
        **of(matter),
        mediation=last,
        claim_id=claim_id,
        of_party_id=of_party_id,
        against_party_id=against_party_id,
        came=came,
        text=text.strip(),
        advised=sorted(set(advised)),
        by=actor.person_id,
        at=clock.now(),
    )
    note(
        matter,
        actor=actor,
        type=f"mediation.{MediationAction.RESULT}",
        parameters={"came": came, "claim": str(claim_id or ""), "advised": sorted(set(advised))},
    )
    return written
