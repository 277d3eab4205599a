"""A case at court as far as a story needs it."""

from __future__ import annotations

from datetime import date
from typing import Any

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.models import Agreement
from fengqiao.confirmation.domain import preparing
from fengqiao.confirmation.models import CourtCase, CourtNote
from fengqiao.confirmation.queries.cases import Shown, case_by_id
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain import standing
from fengqiao.mediation.enums import Initiative
from fengqiao.rules.queries.confirmation import bars_on
from tests.agreements.hands import mediating, parties_of, pays, signed
from tests.matters.ground import act
from tests.small_county import SmallCounty

COURT = "恩平市人民法院"
CENTRAL = {"court": COURT, "level": "basic", "ground": "organisation"}


def confirmable(county: SmallCounty, *, body: str = "people", days: int = 30) -> tuple[Matter, Agreement]:
    """A settled matter with a written agreement that such a body brought about."""
    matter = mediating(county)
    given = {"initiative": Initiative.APPLIED, "body": body, "name": "恩城街道人民调解委员会"}
    act(county, Role.MEDIATOR, standing.set_footing, matter, **given)
    return matter, signed(county, matter, pays(matter, days=days))


def no_bars(**touched: str) -> dict[str, str]:
    return {each.id: "no" for each in bars_on(clock.today())} | touched


def prepared(county: SmallCounty, agreement: Agreement, **more: Any) -> CourtCase:
    given = CENTRAL | {"answers": no_bars()} | more
    return act(county, Role.MEDIATOR, preparing.prepare, agreement_id=agreement.pk, **given)


def filed(
    county: SmallCounty, matter: Matter, case: CourtCase, on: date | None = None, **more: Any
) -> CourtCase:
    given = {"on": on or clock.today(), "applicants": [party.pk for party in parties_of(matter)]} | more
    return act(county, Role.MEDIATOR, preparing.file, case_id=case.pk, **given)


def shown(county: SmallCounty, case: CourtCase) -> Shown:
    actor = county.actor(Role.MEDIATOR)
    with scope(actor):
        return case_by_id(actor, case.pk)


def lie_at_court(actor: Actor, agreement: Agreement) -> CourtCase:
    """A case that the court has, with a note: the rows alone, for grounds."""
    day, moment = clock.today(), clock.now()
    with scope(actor):
        matter = Matter.objects.get(pk=agreement.matter_id)
        case = CourtCase.objects.create(
            **of(matter),
            kind="confirmation",
            state="docketed",
            agreement=agreement,
            court=COURT,
            level="basic",
            ground="organisation",
            begun_at=moment,
            begun_by_id=actor.person_id,
            filed_on=day,
            docketed_on=day,
            number="（2026）粤0785民特1号",
        )
        CourtNote.objects.create(
            **of(matter), case=case, action="file", on=day, by_id=actor.person_id, recorded_at=moment
        )
    return case
