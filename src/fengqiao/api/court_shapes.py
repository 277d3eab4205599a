"""What the API tells of cases at court and takes for them, and how rows become what is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from fengqiao.api.actions.shapes import Written
from fengqiao.api.shapes import KEPT, Day, PageOf, Shape, Told
from fengqiao.confirmation.enums import CaseKind, CaseState, CourtAction, CourtLevel, Turn
from fengqiao.confirmation.queries.cases import Shown
from fengqiao.confirmation.queries.findings import Findings
from fengqiao.confirmation.queries.packet import packet_of
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.confirmation import all_bars
from fengqiao.rules.queries.mediation_telling import ToTell

Court = Annotated[str, Field(min_length=4, max_length=100, pattern=KEPT, description="Its full name.")]
Words = Annotated[str, Field(max_length=5_000, pattern=KEPT)]
RowId = Annotated[str, Field(max_length=24, pattern=KEPT)]


class RuleTold(Told):
    """A row of a table with its article."""

    id: str
    name: str
    basis: str


class FindingTold(Told):
    id: str
    said: Annotated[str, Field(description="`fits`, `bars`, `open` (the program cannot know) or `late`.")]
    text: str
    basis: str


class FindingsTold(Told):
    """Whether an agreement can be brought to a court, and what is asked of whoever prepares it."""

    rows: list[FindingTold]
    venues: Annotated[list[RuleTold], Field(description="The grounds on which courts are open.")]
    asked: Annotated[list[RuleTold], Field(description="To be answered with `no`, or how it stands.")]
    until: Annotated[date | None, Field(description="The last day, rolled over rest days.")]


class CourtNoteTold(Told):
    action: CourtAction
    on: date
    until: date | None
    text: str
    by: str


class PieceTold(RuleTold):
    """A paper for the court."""

    files: Annotated[list[UUID], Field(description="Materials of the matter that are it.")]
    printed: Annotated[bool, Field(description="Printed by the program.")]
    lacks: bool


class CourtCaseTold(Told):
    """What a court is asked in a matter."""

    id: UUID
    matter: str
    version: Annotated[int, Field(description="The matter's version: what `If-Match` names.")]
    kind: CaseKind
    state: CaseState
    agreement: UUID | None
    court: str
    level: CourtLevel
    venue: Annotated[RuleTold | None, Field(description="Null for a court outside the statute.")]
    why: str
    answers: dict[str, str]
    serves: Annotated[list[UUID], Field(description="Contacts that are addresses for service.")]
    applicants: list[UUID]
    number: Annotated[str, Field(description="The court's own.")]
    begun_at: datetime
    filed_on: date | None
    late: bool
    docketed_on: date | None
    ended_on: date | None
    reason: Annotated[RuleTold | None, Field(description="Why a confirmation was refused.")]
    result: str
    ruling: Annotated[UUID | None, Field(description="The material that is the court's paper.")]
    turn: Turn | None
    until: Annotated[date | None, Field(description="What ends or is on that day follows from the state.")]
    notes: list[CourtNoteTold]
    packet: list[PieceTold]


class CourtCasePage(PageOf):
    items: list[CourtCaseTold]


class CourtSent(Shape):
    def values(self) -> dict[str, Any]:
        """What the domain takes."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class PrepareSent(CourtSent):
    court: Court
    level: CourtLevel
    ground: Annotated[RowId, Field(description="Of `venues`; empty for a court outside of them.")] = ""
    why: Annotated[Words, Field(description="Needed for a court outside of `venues`.")] = ""
    answers: Annotated[
        dict[
            Annotated[str, Field(max_length=40, pattern=KEPT)],
            Annotated[str, Field(max_length=500, pattern=KEPT)],
        ],
        Field(max_length=20, description="By the id of what is asked; `no` where it is no concern."),
    ]
    serves: Annotated[list[UUID], Field(max_length=100)] = []


class CourtStepSent(CourtSent):
    """Something that happened on a day."""

    on: Day
    text: Words = ""


class CourtWordsSent(CourtStepSent):
    text: Written


class FileSent(CourtStepSent):
    applicants: Annotated[list[UUID], Field(min_length=1, max_length=100, description="All parties.")]


class NewCaseSent(CourtStepSent):
    court: Court
    level: CourtLevel
    applicants: Annotated[list[UUID], Field(min_length=1, max_length=100, description="Who applies or sues.")]


class DocketSent(CourtStepSent):
    number: Annotated[str, Field(min_length=2, max_length=80, pattern=KEPT)]


class AskMoreSent(CourtWordsSent):
    until: Day | None = None


class HearSent(CourtStepSent):
    until: Annotated[Day, Field(description="The day of the hearing.")]


class ConfirmSent(CourtStepSent):
    ruling: UUID | None = None


class DecidedSent(CourtWordsSent):
    ruling: UUID | None = None


class RefuseSent(DecidedSent):
    reason: Annotated[RowId, Field(description="A row of the grounds of refusal, `late` among them.")] = (
        "other"
    )


class CourtReceipt(Told):
    """What was written."""

    id: UUID
    said: CourtAction
    version: Annotated[int, Field(description="The matter's version now.")]


def rule_told(each: ToTell) -> RuleTold:
    return RuleTold(id=each.id, name=each.name, basis=each.basis)


def findings_told(found: Findings) -> FindingsTold:
    """Findings as the queries make them."""
    return FindingsTold(
        rows=[FindingTold(id=r.id, said=r.said, text=str(r.text), basis=r.basis) for r in found.rows],
        venues=[rule_told(each.said) for each in found.venues],
        asked=[rule_told(each) for each in all_bars().values()],
        until=found.until,
    )


def case_told(shown: Shown, matter: Matter) -> CourtCaseTold:
    """A case as the queries show it."""
    row = shown.case
    plain = ("court", "why", "number", "begun_at", "filed_on", "late", "docketed_on", "ended_on", "result")
    values: Mapping[str, Any] = {name: getattr(row, name) for name in plain}
    confirms = row.kind == CaseKind.CONFIRMATION
    return CourtCaseTold(
        id=row.pk,
        matter=matter.code,
        version=matter.version,
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        agreement=row.agreement_id,
        level=CourtLevel(row.level),
        venue=rule_told(shown.venue.said) if shown.venue else None,
        answers={name: said for name, said in row.answers.items() if name in all_bars()},
        serves=[UUID(each) for each in row.serves],
        applicants=[UUID(each) for each in row.applicants],
        reason=rule_told(shown.reason) if confirms and shown.reason else None,
        ruling=row.ruling_id,
        turn=shown.turn,
        until=shown.until,
        notes=[
            CourtNoteTold(
                action=CourtAction(each.action), on=each.on, until=each.until, text=each.text, by=each.by.name
            )
            for each in shown.notes
        ],
        packet=[
            PieceTold(
                **rule_told(each.said).model_dump(),
                files=[file.pk for file in each.files],
                printed=each.printed,
                lacks=each.lacks,
            )
            for each in packet_of(row)
        ],
        **values,
    )
