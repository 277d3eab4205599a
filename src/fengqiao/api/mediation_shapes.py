"""What the API tells of the course of a mediation, and how rows become what is told."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from fengqiao.api.session_shapes import OrganisationTold, organisation_of
from fengqiao.api.shapes import Named, Told, named
from fengqiao.clocks.enums import AgreedDay
from fengqiao.clocks.queries.agreed_days import Coming as AgreedComing
from fengqiao.mediation.enums import (
    Came,
    EvidenceState,
    HelperKind,
    MediationAction,
    SittingKind,
    SittingState,
    SittingWay,
    StandingKind,
)
from fengqiao.mediation.models import (
    ClaimResult,
    Consent,
    Helper,
    PromisedEvidence,
    RecusalAsked,
    SittingNote,
)
from fengqiao.mediation.queries.days import Coming
from fengqiao.mediation.queries.process import PartyStood, Process
from fengqiao.mediation.queries.sittings import Talk
from fengqiao.pool.queries.rooms import room_of


class MediationReceipt(Told):
    """What was written."""

    id: Annotated[UUID | None, Field(description="Of what was written; null where it is many.")]
    said: MediationAction
    version: Annotated[int, Field(description="The matter's version now.")]


class NoteReceipt(Told):
    """The version that was kept."""

    version: int


class TalkNoteTold(Told):
    """The last version of the record of a talk."""

    version: Annotated[int, Field(description="What `If-Match` of the next one names.")]
    text: str
    issues: str
    at: datetime


class TalkTold(Told):
    """A talk or investigation. `note` is null where none was written, or where it is sealed from the post."""

    id: UUID
    kind: SittingKind
    way: SittingWay
    state: SittingState
    planned_at: datetime
    place: str
    parties: list[UUID]
    present: str
    began_at: datetime | None
    ended_at: datetime | None
    why: str
    note: TalkNoteTold | None


class StandingTold(Told):
    kind: StandingKind
    name: str
    paper: str
    recorded_at: datetime


class MissingTold(Told):
    """What is missing before an agreement, with its article."""

    name: str
    basis: str


class PartyStoodTold(Told):
    """A party, who stands for it, whether it was told, and what is missing before an agreement."""

    party: Named
    standings: list[StandingTold]
    missing: MissingTold | None
    to_be_told: bool


class HelperTold(Told):
    id: UUID
    kind: HelperKind
    person: UUID | None
    name: str
    recorded_at: datetime
    ended_at: datetime | None


class RecusalTold(Told):
    id: UUID
    party: Named
    person: Named
    reason: str
    asked_at: datetime
    granted: bool | None
    answer: str


class ClaimResultTold(Told):
    id: UUID
    claim: UUID | None
    of_party: UUID
    against_party: UUID
    came: Came
    text: str
    advised: list[str]
    at: datetime


class EvidenceTold(Told):
    """What a party promised to bring, and what became of it. Sealed ones are told to who may read that talk."""

    id: UUID
    party: Named | None
    talk: Annotated[UUID | None, Field(description="The talk in which it was promised.")]
    sealed: bool
    what: str
    by_day: date
    state: EvidenceState
    late: Annotated[bool, Field(description="The day is over, and it has not come.")]
    came_on: date | None
    paper: Annotated[UUID | None, Field(description="The material that it became.")]
    why: str


class MediationTold(Told):
    """The last mediation of a matter, with everything that was written down of it."""

    id: UUID
    version: Annotated[int, Field(description="The matter's version: what `If-Match` names.")]
    running: bool
    organisation: OrganisationTold | None
    fee: Decimal | None
    room: Annotated[Named | None, Field(description="The brand room where it is held.")]
    mediator: Named | None
    parties: list[PartyStoodTold]
    helpers: list[HelperTold]
    recusals: list[RecusalTold]
    talks: list[TalkTold]
    results: list[ClaimResultTold]
    evidence: list[EvidenceTold]


class MissingOfTold(MissingTold):
    """The same, with whose it is."""

    party: str


class ComingTold(Told):
    """A talk that is planned or running, and what its mediation still needs."""

    id: UUID
    matter: str
    kind: SittingKind
    way: SittingWay
    state: SittingState
    planned_at: datetime
    place: str
    names: Annotated[list[str], Field(description="Who takes part.")]
    mediator: Named | None
    late: Annotated[bool, Field(description="Planned for a day that is over.")]
    untold: Annotated[list[str], Field(description="Who was not told their rights and duties yet.")]
    missing: list[MissingOfTold]
    organisation_known: Annotated[bool, Field(description="Whether it is written down who mediates.")]
    awaited: Annotated[
        list[EvidenceTold], Field(description="What parties promised to bring and did not yet.")
    ]


class AgreedDayTold(Told):
    """A day that people agreed on: a term falls due, an answer is awaited, a court has set it. No limit of the law."""

    kind: AgreedDay
    day: date
    over: Annotated[bool, Field(description="It has passed.")]
    matter: str
    subject: Annotated[UUID, Field(description="The term, referral, appointment … on which the day stands.")]


class MediatorDayTold(Told):
    """Talks up to the end of the next working day, and what else is waited for within a week; the earliest first."""

    items: list[ComingTold]
    days: list[AgreedDayTold]


def agreed_day_told(coming: AgreedComing) -> AgreedDayTold:
    """A day to come as the queries show it."""
    return AgreedDayTold(
        kind=coming.kind,
        day=coming.day,
        over=coming.is_over,
        matter=coming.matter.code,
        subject=coming.row.pk,
    )


def coming_told(coming: Coming) -> ComingTold:
    """A talk to come as the queries show it."""
    plain = ("id", "kind", "way", "state", "planned_at", "place")
    return ComingTold(
        matter=coming.sitting.matter.code,
        names=coming.names,
        mediator=named(coming.sitting.mediation.mediator),
        late=coming.is_late,
        untold=coming.untold,
        missing=[
            MissingOfTold(party=party, name=what.name, basis=what.basis) for party, what in coming.missing
        ],
        organisation_known=coming.has_footing,
        awaited=[_evidence(each) for each in coming.awaited],
        **{name: getattr(coming.sitting, name) for name in plain},
    )


def _evidence(row: PromisedEvidence) -> EvidenceTold:
    return EvidenceTold(
        party=named(row.party),
        talk=row.sitting_id,
        state=EvidenceState(row.state),
        late=row.is_late,
        paper=row.paper_id,
        **{name: getattr(row, name) for name in ("id", "sealed", "what", "by_day", "came_on", "why")},
    )


def mediation_told(process: Process, version: int) -> MediationTold:
    """The course of a mediation as the queries show it to the post."""
    untold = {each.party_id for each in _unheard(process)}
    return MediationTold(
        id=process.mediation.pk,
        version=version,
        running=process.is_running,
        organisation=organisation_of(process.footing),
        fee=process.footing.fee if process.footing else None,
        room=named(room_of(process.mediation)),
        mediator=named(process.mediation.mediator),
        parties=[_party(each, untold) for each in process.parties],
        helpers=[_helper(each) for each in process.helpers],
        evidence=[_evidence(each) for each in process.evidence],
        recusals=[_recusal(each) for each in process.recusals],
        talks=[_talk(each) for each in process.talks],
        results=[_result(each) for each in process.results],
    )


def _unheard(process: Process) -> list[Consent]:
    answers = process.mediation.consents.all() if process.is_running else ()
    return [each for each in answers if not hasattr(each, "told")]


def _party(stood: PartyStood, untold: set[UUID]) -> PartyStoodTold:
    return PartyStoodTold(
        party=Named(id=str(stood.party.pk), name=stood.party.name),
        standings=[StandingTold.model_validate(each) for each in stood.standings],
        missing=MissingTold(name=stood.missing.name, basis=stood.missing.basis) if stood.missing else None,
        to_be_told=stood.party.pk in untold,
    )


def _helper(row: Helper) -> HelperTold:
    plain = ("id", "kind", "name", "recorded_at", "ended_at")
    return HelperTold(person=row.person_id, **{name: getattr(row, name) for name in plain})


def _recusal(row: RecusalAsked) -> RecusalTold:
    plain = ("id", "reason", "asked_at", "granted", "answer")
    return RecusalTold(
        party=Named(id=str(row.party_id), name=row.party.name),
        person=Named(id=str(row.person_id), name=row.person.name),
        **{name: getattr(row, name) for name in plain},
    )


def _talk(talk: Talk) -> TalkTold:
    plain = ("id", "kind", "way", "state", "planned_at", "place", "present", "began_at", "ended_at", "why")
    return TalkTold(
        parties=[UUID(each) for each in talk.sitting.parties],
        note=note_told(talk.note),
        **{name: getattr(talk.sitting, name) for name in plain},
    )


def note_told(note: SittingNote | None) -> TalkNoteTold | None:
    """The version of a record that the walls show."""
    return TalkNoteTold.model_validate(note) if note else None


def _result(row: ClaimResult) -> ClaimResultTold:
    plain = ("id", "came", "text", "advised", "at")
    return ClaimResultTold(
        claim=row.claim_id,
        of_party=row.of_party_id,
        against_party=row.against_party_id,
        **{name: getattr(row, name) for name in plain},
    )
