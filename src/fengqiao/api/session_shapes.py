"""What the API tells of the mediations of a matter, and how it is read from the rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from fengqiao.api.shapes import Named, PageOf, Told, named
from fengqiao.mediation.models import Footing, Mediation
from fengqiao.mediation.queries.process import body_of

MOST_CONSENTS = 200


class ConsentTold(Told):
    party: UUID
    agreed: bool
    method: str
    recorded_at: datetime
    told_on: date | None
    told_by: str


class OrganisationTold(Told):
    """Which organisation mediates, as the newest record says."""

    kind: Annotated[
        str, Field(description="Id of a row of mediation-bodies.csv: people, commercial, centre, …")
    ]
    name: str
    confirms: Annotated[
        bool, Field(description="Whether its agreement can be taken to judicial confirmation.")
    ]
    initiative: Annotated[str, Field(description="applied or own.")]


class SessionTold(Told):
    """One mediation, from the parties' consent to its result."""

    id: UUID
    mediator: Named | None
    organisation: OrganisationTold | None
    sent_at: datetime
    consents: list[ConsentTold]
    result: str
    text: str
    performance_due: date | None
    ended_at: datetime | None


class SessionPage(PageOf):
    items: list[SessionTold]


def session_of(mediation: Mediation, footing: Footing | None) -> SessionTold:
    """A mediation with its mediator, the organisation that holds it and the parties' answers."""
    plain = ("sent_at", "result", "text", "performance_due", "ended_at")
    return SessionTold(
        id=mediation.pk,
        mediator=named(mediation.mediator),
        organisation=organisation_of(footing),
        consents=[
            ConsentTold(
                party=c.party_id,
                agreed=c.agreed,
                method=c.method,
                recorded_at=c.recorded_at,
                told_on=c.told.told_on if hasattr(c, "told") else None,
                told_by=c.told.method if hasattr(c, "told") else "",
            )
            for c in list(mediation.consents.all())[:MOST_CONSENTS]
        ],
        **{name: getattr(mediation, name) for name in plain},
    )


def organisation_of(footing: Footing | None) -> OrganisationTold | None:
    """The organisation that a footing names, where the law knows its kind."""
    body = body_of(footing)
    if footing is None or body is None:
        return None
    return OrganisationTold(
        kind=footing.body, name=footing.name, confirms=body.confirms, initiative=footing.initiative
    )
