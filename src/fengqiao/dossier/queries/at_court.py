"""What papers for a court say: which court on which ground, who applies, where each is served."""

from __future__ import annotations

from collections.abc import Sequence

from fengqiao.confirmation.enums import CaseKind, CaseState
from fengqiao.confirmation.models import CourtCase
from fengqiao.confirmation.queries.contacts import addresses_for_service
from fengqiao.matters.enums import PartyKind
from fengqiao.matters.models import Matter, Party
from fengqiao.rules.queries.confirmation import all_venues


def of_a_confirmation(matter: Matter, holds: set[str]) -> dict[str, str]:
    """The facts of the last application that was not given up. A written agreement comes with one of two forms: between
    persons, or with a body among the parties."""
    parties = list(Party.objects.filter(matter_id=matter.pk, agent_of=None))
    bodies = [party for party in parties if party.kind == PartyKind.ORGANISATION]
    if "written" in holds:
        holds.add("written_body" if bodies else "written_persons")
    values = {
        "persons": _named([party for party in parties if party.kind != PartyKind.ORGANISATION]) or "无",
        "bodies": _named(bodies),
    }
    cases = CourtCase.objects.filter(matter_id=matter.pk, kind=CaseKind.CONFIRMATION)
    case = cases.exclude(state=CaseState.DROPPED).last()
    if case is None:
        return values
    venue = all_venues().get(case.ground)
    return values | {
        "court": case.court,
        "venue": f"{venue.said.name_zh}（{venue.said.basis}）" if venue else case.why,
        "delivery": "\n".join(addresses_for_service(matter.pk, case.serves)) if case.serves else "",
    }


def _named(parties: Sequence[Party]) -> str:
    return "、".join(
        f"{party.name}（法定代表人：{party.legal_representative}）"
        if party.legal_representative
        else party.name
        for party in parties
        if party.name
    )
