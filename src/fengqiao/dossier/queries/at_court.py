"""What papers for a court say: which court on which ground, who applies, where each is served."""

from __future__ import annotations

from fengqiao.confirmation.enums import CaseKind, CaseState
from fengqiao.confirmation.models import CourtCase
from fengqiao.confirmation.queries.contacts import addresses_for_service
from fengqiao.dossier.queries.people import People
from fengqiao.matters.enums import PartyKind
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.confirmation import all_venues


def of_a_confirmation(matter: Matter, people: People, holds: set[str]) -> dict[str, str]:
    """The facts of the last application that was not given up. A written agreement comes with one of two forms: between
    persons, or with a body among the parties."""
    bodies = [party for party in people.principals if party.kind == PartyKind.ORGANISATION]
    if "written" in holds:
        holds.add("written_body" if bodies else "written_persons")
    values = {
        "persons": people.named(each for each in people.principals if each not in bodies) or "无",
        "bodies": people.named(bodies),
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
