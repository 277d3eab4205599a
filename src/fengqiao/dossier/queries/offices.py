"""What passed between the centre and other offices, as papers tell it. Of a party's own need no paper tells."""

from __future__ import annotations

from django.db.models import QuerySet

from fengqiao.dossier.paper import day, said
from fengqiao.matters.enums import ProcedureKind, ProcedureStage
from fengqiao.matters.models import Matter, Procedure
from fengqiao.referrals.enums import Outcome, ReferralState
from fengqiao.referrals.models import Referral
from fengqiao.rules.queries.referral_kinds import ReferralKind, all_kinds


def of_offices(matter: Matter, holds: set[str]) -> dict[str, str]:
    """Who handed the matter in, what was asked of whom with the answer, and to whom materials go over."""
    referrals = [each for each in _of_the_matter(matter) if _is_told(all_kinds()[each.kind])]
    came = [each for each in referrals if not all_kinds()[each.kind].is_out]
    went = [each for each in referrals if all_kinds()[each.kind].is_out]
    values = {
        "handed_in": "\n".join(_came(each) for each in came) or "无",
        "referred": "\n".join(_went(each) for each in went) or "无",
    }
    returned = [each for each in came if each.state == ReferralState.RETURNED]
    if returned:
        holds.add("returned")
        values |= _returned(returned[-1])
    # Nothing is handed over to a procedure that has ended.
    running = Procedure.objects.filter(matter_id=matter.id, stage=ProcedureStage.RUNNING)
    procedure = running.order_by("id").last()
    if procedure:
        handed = said(ProcedureKind, procedure.kind), procedure.body, procedure.number
    elif went:
        handed = all_kinds()[went[-1].kind].name_zh, went[-1].office, went[-1].number
    else:
        return values
    holds.add("procedure")
    return values | dict(zip(("handed_kind", "handed_to", "handed_number"), handed, strict=True))


def _of_the_matter(matter: Matter) -> QuerySet[Referral]:
    gone = (ReferralState.CALLED_BACK, ReferralState.REFUSED)
    return Referral.objects.filter(matter_id=matter.pk).exclude(state__in=gone)


def _is_told(kind: ReferralKind) -> bool:
    """What one party needs (aid, counselling, relief) and what was reported as a danger stand in no paper."""
    return not kind.consent and kind.tells != "danger"


def _number(referral: Referral) -> str:
    return f"，编号{referral.number}" if referral.number else ""


def _came(referral: Referral) -> str:
    kind = all_kinds()[referral.kind]
    came = f"{day(referral.sent_at)}{'签收' if referral.signed_by else '移交'}"
    return f"{kind.name_zh}：{referral.office}{_number(referral)}，{came}"


def _went(referral: Referral) -> str:
    answer = ""
    if referral.state == ReferralState.RETURNED:
        answer = (
            f"；{day(referral.ended_at)}{said(Outcome, referral.outcome)}：{referral.result.rstrip('。；')}"
        )
    name = all_kinds()[referral.kind].name_zh
    return f"{day(referral.sent_at)}{name}：{referral.office}{_number(referral)}{answer}。"


def _returned(referral: Referral) -> dict[str, str]:
    return {
        "returned_kind": all_kinds()[referral.kind].name_zh,
        "returned_to": referral.office,
        "returned_number": referral.number,
        "returned_signed": day(referral.sent_at),
        "returned_on": day(referral.ended_at),
        "returned_result": f"{said(Outcome, referral.outcome)}。{referral.result}",
    }
