"""One mediation as its page shows it: footing, who stands for whom, who mediates, whom a party does not want."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.matters.models import Matter, Party
from fengqiao.mediation.domain.standing import missing_of
from fengqiao.mediation.enums import HelperKind
from fengqiao.mediation.models import (
    ClaimResult,
    Consent,
    Footing,
    Helper,
    Mediation,
    PromisedEvidence,
    RecusalAsked,
    Standing,
)
from fengqiao.mediation.queries.evidence import evidence_of
from fengqiao.mediation.queries.mediations import mediations_of, to_be_told
from fengqiao.mediation.queries.sittings import Talk, talks_of
from fengqiao.rules.queries.mediation_bodies import MediatingBody, all_bodies, asks
from fengqiao.rules.queries.mediation_telling import ToTell


@dataclass(frozen=True)
class PartyStood:
    """A party with its agents, what was written down of who stands for it, and what is still missing."""

    party: Party
    agents: list[Party]
    standings: list[Standing]
    missing: ToTell | None


@dataclass(frozen=True)
class Process:
    """The last mediation of a matter. ``footing`` is None while nobody wrote it down."""

    mediation: Mediation
    footing: Footing | None
    body: MediatingBody | None
    parties: list[PartyStood]
    helpers: list[Helper]
    recusals: list[RecusalAsked]
    untold: list[Consent]
    talks: list[Talk]
    results: list[ClaimResult]
    evidence: list[PromisedEvidence]

    @property
    def is_running(self) -> bool:
        return self.mediation.ended_at is None


def process_of(actor: Actor, matter: Matter) -> Process | None:
    """The last mediation with everything around it; None where the matter was never mediated."""
    mediations = mediations_of(matter)
    if not mediations:
        return None
    last = mediations[-1]
    footing = footing_of(last)
    helpers = last.helpers.select_related("person")
    recusals = last.recusals_asked.select_related("party", "person")
    return Process(
        mediation=last,
        footing=footing,
        body=body_of(footing),
        parties=parties_of(matter, last),
        helpers=list(helpers),
        recusals=list(recusals),
        untold=to_be_told(actor, matter, mediations),
        talks=talks_of(last),
        results=results_of(last),
        evidence=evidence_of(last),
    )


def results_of(mediation: Mediation) -> list[ClaimResult]:
    """What counts of each claim between each two parties: the newest."""
    written = ClaimResult.objects.filter(mediation=mediation).select_related(
        "claim", "of_party", "against_party"
    )
    newest = {(each.claim_id, frozenset((each.of_party_id, each.against_party_id))): each for each in written}
    return list(newest.values())


def footing_of(mediation: Mediation) -> Footing | None:
    """The newest, which counts."""
    return Footing.objects.filter(mediation=mediation).last()


def usual_footing(centre_id: UUID | None) -> Footing | None:
    """By which organisation the last mediation at a centre was held: mostly it is the same one."""
    if centre_id is None:
        return None
    return Footing.objects.filter(matter__holder_id=centre_id).order_by("recorded_at", "id").last()


def footings_of(mediations: Sequence[Mediation]) -> dict[UUID, Footing]:
    """The footing that counts of each mediation that has one, in one statement."""
    found = Footing.objects.filter(mediation__in=mediations) if mediations else ()
    return {each.mediation_id: each for each in found}


def body_of(footing: Footing | None) -> MediatingBody | None:
    """What the law says of the kind of organisation."""
    return all_bodies().get(footing.body) if footing else None


def parties_of(matter: Matter, mediation: Mediation) -> list[PartyStood]:
    """The parties, each with who stands for it."""
    everybody = list(Party.objects.filter(matter_id=matter.pk))
    said: dict[UUID, list[Standing]] = {}
    for each in Standing.objects.filter(matter_id=matter.pk):
        said.setdefault(each.party_id, []).append(each)
    shown = []
    for party in everybody:
        if party.agent_of_id:
            continue
        standings = said.get(party.pk, [])
        missing = missing_of({each.kind: each for each in standings}, mediation)
        agents = [each for each in everybody if each.agent_of_id == party.pk]
        shown.append(PartyStood(party, agents, standings, asks().get(missing)))
    return shown


def mediators_of(mediation: Mediation) -> list[str]:
    """The names of who mediates: the mediator first, then those beside them."""
    beside = mediation.helpers.filter(ended_at=None, kind=HelperKind.MEDIATOR)
    first = [mediation.mediator.name] if mediation.mediator else []
    return [*first, *(each.name for each in beside)]
