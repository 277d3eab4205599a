"""What papers for a court say: which court on which ground, who applies, where each is served."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from fengqiao.confirmation.enums import CaseKind, CaseState
from fengqiao.confirmation.models import CourtCase
from fengqiao.confirmation.queries.contacts import addresses_for_service
from fengqiao.dossier.paper import chinese_date, cited
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
    case = _cases(matter).filter(kind=CaseKind.CONFIRMATION).last()
    if case is None:
        return values
    venue = all_venues().get(case.ground)
    return values | {
        "court": case.court,
        "venue": f"{venue.said.name_zh}（{cited(venue.said.basis)}）" if venue else case.why,
        "delivery": "\n".join(addresses_for_service(matter.pk, case.serves)) if case.serves else "",
    }


def cases_on(matter: Matter, on: date) -> list[str]:
    """What the courts had before them by a day, and what had come of it."""
    return [_stood(case, on) for case in _cases(matter) if case.filed_on and case.filed_on <= on]


def _cases(matter: Matter) -> QuerySet[CourtCase]:
    return CourtCase.objects.filter(matter_id=matter.pk).exclude(state=CaseState.DROPPED)


def _stood(case: CourtCase, on: date) -> str:
    asked = f"{chinese_date(case.filed_on)}向{case.court}申请{CaseKind(case.kind).label}"
    if case.kind == CaseKind.LAWSUIT:
        asked = f"{chinese_date(case.filed_on)}向{case.court}起诉"
    number = f"，案号{case.number}" if case.number and case.docketed_on and case.docketed_on <= on else ""
    ended = case.ended_on is not None and case.ended_on <= on
    return f"{asked}{number}" + (
        f"，{chinese_date(case.ended_on)}{CaseState(case.state).label}" if ended else "，尚未审结"
    )
