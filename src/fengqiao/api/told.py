"""What the API tells of a matter and its parts, and how it is read from the rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.api.shapes import Named, PageOf, Told, named
from fengqiao.dispatch.enums import AssignmentState, Part
from fengqiao.dispatch.models import Assignment
from fengqiao.matters import enums, policies, steps
from fengqiao.matters.models import HistoryEvent, Matter, MatterFile, Word
from fengqiao.matters.queries.record import PartyShown


class MatterLine(Told):
    """A matter as a line of the ledger."""

    code: str
    version: int
    title: str
    state: enums.State
    step: enums.Step
    state_since: datetime
    registered_at: datetime
    received_at: datetime | None
    channel: enums.Channel
    category: Annotated[str, Field(description="Code of the category; empty where it is not known.")]
    division: Annotated[str | None, Field(description="Code of the division, 12 digits.")]
    track: Annotated[str, Field(description="petition, legal, departmental, or empty before routing.")]
    risk: Annotated[str, Field(description="high, medium, low, or empty before the assessment.")]
    danger: enums.Danger
    outcome: Annotated[str, Field(description="Code of the outcome; empty while it is not settled.")]
    restriction: enums.Restriction
    is_history: bool
    holder: Named | None
    lead_department: Named | None


class MatterPage(PageOf):
    items: list[MatterLine]


class ClaimTold(Told):
    kind: enums.ClaimKind
    text: str


class ProcedureTold(Told):
    kind: enums.ProcedureKind
    stage: enums.ProcedureStage
    number: str
    body: str


class OutsideNumberTold(Told):
    system: enums.OutsideSystem
    number: str


class MatterTold(MatterLine):
    """One matter whole; parties, sessions, dispatches, clocks, files and history have addresses of their own."""

    account: str
    centre: Named | None
    scale: enums.Scale
    people: int | None
    amount: Annotated[str | None, Field(description="Yuan, as a decimal number.")]
    happened_on: date | None
    harm_on: Annotated[date | None, Field(description="The first day on which harm may come.")]
    public_place: bool | None
    needs_care: bool | None
    care: str
    grid: str | None
    address: str
    longitude: str | None
    latitude: str | None
    confidential: bool
    anonymous: bool
    against_kind: enums.AgainstKind
    against_name: str
    against_department: Named | None
    settled_at: datetime | None
    performance: enums.Performance
    performance_due: date | None
    satisfaction: str
    closed_at: datetime | None
    archived_at: datetime | None
    reopened: int
    raised: bool
    source: str
    source_number: str
    claims: list[ClaimTold]
    procedures: list[ProcedureTold]
    outside_numbers: list[OutsideNumberTold]
    actions: Annotated[
        list[enums.Action], Field(description="What the calling post may do in this state; guards still ask.")
    ]


class ProtectedValue(Told):
    """A protected value as it is shown: masked. The whole value is opened at the desk, with a reason."""

    kind: str
    masked: str


class PartyTold(Told):
    id: UUID
    role: enums.PartyRole
    kind: enums.PartyKind
    name: str
    identity: ProtectedValue | None
    contacts: list[ProtectedValue]
    is_representative: bool
    agent_of: UUID | None
    agent_power: str
    legal_representative: str
    wish: str


class PartyPage(PageOf):
    items: list[PartyTold]


class DispatchTold(Told):
    """One department's part in a dispatch."""

    id: UUID
    round: int
    department: Named
    part: Part
    responsibility: str
    state: AssignmentState
    since: datetime
    issued_at: datetime
    message: str
    reply_by: date | None
    checked_in_at: datetime | None
    handler: Named | None
    sign_off_due: datetime | None
    ended_at: datetime | None


class DispatchPage(PageOf):
    items: list[DispatchTold]


class ClockTold(Told):
    """Something that runs, or a day that something is due."""

    kind: Annotated[str, Field(description="limit, state, danger, reply, sign_off or performance.")]
    since: datetime | None
    due: Annotated[
        str | None, Field(description="A day (2026-11-30) or a moment; null where nothing is due.")
    ]
    dispatch: Annotated[UUID | None, Field(description="The dispatch that it belongs to.")] = None
    limit: Annotated[str | None, Field(description="Of a limit: its id in the table of limits.")] = None
    id: Annotated[UUID | None, Field(description="Of a limit: the clock, explained at its address.")] = None
    state: Annotated[str | None, Field(description="Of a limit: running, paused or stopped.")] = None


class ClockPage(PageOf):
    items: list[ClockTold]


class FileTold(Told):
    id: UUID
    name: str
    purpose: str
    media_type: str
    size: Annotated[int, Field(description="Bytes.")]
    added_at: datetime


class FilePage(PageOf):
    items: list[FileTold]


class WordTold(Told):
    kind: enums.WordKind
    text: str


class EventTold(Told):
    """One link of the history: codes and references, with the sentences written at it."""

    seq: int
    type: str
    at: datetime
    by: Annotated[UUID, Field(description="The person who acted.")]
    role: str
    parameters: dict[str, Any]
    words: list[WordTold]
    hash: Annotated[str, Field(description="SM3 of this link over the one before, hexadecimal.")]


class EventPage(PageOf):
    items: list[EventTold]


Answer = TypeVar("Answer", bound=Told)


def _made(answer: type[Answer], /, **values: Any) -> Answer:
    """The answer from what the rows hold: its codes are read as the words that they are."""
    return answer(**values)


def line_of(matter: Matter) -> MatterLine:
    """Reads a row with ``holder`` and ``lead_department`` selected."""
    return _made(MatterLine, **_line(matter))


def _line(matter: Matter) -> dict[str, Any]:
    plain = (
        "code", "version", "title", "state", "step", "state_since", "registered_at", "received_at", "channel",
        "category", "track", "risk", "danger", "outcome", "restriction", "is_history",
    )  # fmt: skip
    return {
        **{name: getattr(matter, name) for name in plain},
        "division": matter.division_id,
        "holder": named(matter.holder),
        "lead_department": named(matter.lead_department),
    }


def matter_of(actor: Actor, matter: Matter) -> MatterTold:
    """One matter, as the actor sees it (three statements for its lists)."""
    plain = (
        "account", "scale", "people", "happened_on", "harm_on", "public_place", "needs_care", "care",
        "address", "confidential", "anonymous", "against_kind",
        "against_name", "settled_at", "performance", "performance_due", "satisfaction", "closed_at",
        "archived_at", "reopened", "raised", "source", "source_number",
    )  # fmt: skip
    return _made(
        MatterTold,
        **_line(matter),
        **{name: getattr(matter, name) for name in plain},
        **{name: _number(getattr(matter, name)) for name in ("amount", "longitude", "latitude")},
        centre=named(matter.centre),
        grid=matter.grid_id,
        against_department=named(matter.against_department),
        claims=[ClaimTold.model_validate(each) for each in matter.claims.all()],
        procedures=[ProcedureTold.model_validate(each) for each in matter.procedures.all()],
        outside_numbers=[OutsideNumberTold.model_validate(each) for each in matter.outsidenumbers.all()],
        actions=_possible(actor, matter),
    )


def _number(value: Any) -> str | None:
    return None if value is None else str(value)


def _possible(actor: Actor, matter: Matter) -> list[enums.Action]:
    cells = steps.actions_from(enums.State(matter.state))
    return [a for a, each in cells.items() if any(policies.may_move(actor, matter, cell) for cell in each)]


def party_of(shown: PartyShown) -> PartyTold:
    """A party with its numbers masked."""
    party = shown.party
    identity = (
        ProtectedValue(kind=party.identity_kind, masked=shown.identity.text) if shown.identity else None
    )
    kinds = [contact.kind for contact in party.contacts.all()]
    return _made(
        PartyTold,
        id=party.pk,
        role=party.role,
        kind=party.kind,
        name=party.name,
        identity=identity,
        contacts=[
            ProtectedValue(kind=kind, masked=each.text)
            for kind, each in zip(kinds, shown.contacts, strict=True)
        ],
        is_representative=party.is_representative,
        agent_of=party.agent_of_id,
        agent_power=party.agent_power,
        legal_representative=party.legal_representative,
        wish=party.wish,
    )


def dispatch_of(assignment: Assignment) -> DispatchTold:
    """An assignment with its dispatch, department and handler."""
    plain = (
        "part", "responsibility", "state", "since", "issued_at", "reply_by", "checked_in_at", "sign_off_due",
    )  # fmt: skip
    return _made(
        DispatchTold,
        id=assignment.pk,
        round=assignment.dispatch.round,
        department=named(assignment.department),
        message=assignment.dispatch.message,
        handler=named(assignment.handler),
        ended_at=assignment.dispatch.ended_at,
        **{name: getattr(assignment, name) for name in plain},
    )


def clocks_of(matter: Matter, assignments: Sequence[Assignment]) -> list[ClockTold]:
    """What runs on a matter now: its state, a danger, its departments' days, what was promised."""
    found: list[ClockTold] = []
    if matter.is_open:
        found.append(ClockTold(kind="state", since=matter.state_since, due=None))
    if matter.danger_since is not None:
        found.append(ClockTold(kind="danger", since=matter.danger_since, due=None))
    for each in assignments:
        if each.dispatch.ended_at is not None:
            continue
        if each.reply_by is not None:
            due = each.reply_by.isoformat()
            found.append(ClockTold(kind="reply", since=each.issued_at, due=due, dispatch=each.pk))
        if each.sign_off_due is not None:
            due = each.sign_off_due.isoformat()
            found.append(ClockTold(kind="sign_off", since=None, due=due, dispatch=each.pk))
    if matter.performance == enums.Performance.RUNNING and matter.performance_due is not None:
        due = matter.performance_due.isoformat()
        found.append(ClockTold(kind="performance", since=matter.settled_at, due=due))
    return found


def file_of(material: MatterFile) -> FileTold:
    """A material with what is known of its content."""
    return FileTold(
        id=material.pk,
        name=material.name,
        purpose=material.purpose,
        media_type=material.file.media_type,
        size=material.file.size,
        added_at=material.added_at,
    )


def event_of(event: HistoryEvent, words: Mapping[int, Sequence[Word]]) -> EventTold:
    """A link of the history with its sentences by its place."""
    content = json.loads(bytes(event.content))
    return EventTold(
        seq=event.seq,
        type=event.type,
        at=event.at,
        by=event.person_id,
        role=content.get("role", ""),
        parameters=content.get("parameters") or {},
        words=[_made(WordTold, kind=word.kind, text=word.text) for word in words.get(event.seq, ())],
        hash=bytes(event.hash).hex(),
    )
