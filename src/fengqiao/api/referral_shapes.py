"""What the API tells of referrals and takes for them, and how rows become what is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from fengqiao.api.actions.shapes import Written
from fengqiao.api.paging import Listed
from fengqiao.api.shapes import KEPT, Day, Moment, Named, PageOf, Shape, Told
from fengqiao.matters.enums import Danger
from fengqiao.matters.models import Matter
from fengqiao.mediation.enums import ConsentMethod
from fengqiao.referrals.domain.sending import NewReferral
from fengqiao.referrals.enums import Outcome, ReferralAction, ReferralState
from fengqiao.referrals.models import Referral
from fengqiao.rules.queries.referral_kinds import ReferralKind, all_kinds

Short = Annotated[str, Field(max_length=100, pattern=KEPT)]
Line = Annotated[str, Field(max_length=200, pattern=KEPT)]
Kind = Annotated[str, Field(max_length=24, pattern=KEPT, description="Of `/referral-kinds`.")]


class ReferralKindTold(Told):
    """What passes between a centre and an office outside its dispatches."""

    id: str
    name: str
    outward: Annotated[bool, Field(description="Asked by the centre; else handed to it.")]
    office: str
    basis: str
    consent: Annotated[bool, Field(description="Whether one party's need is told, with their consent.")]
    limits: Annotated[list[str], Field(description="The limits that run meanwhile.")]
    pauses: Annotated[str, Field(description="The ground on which other limits rest, where they know it.")]
    outcomes: list[Outcome]
    note: str


class KindPage(PageOf):
    items: list[ReferralKindTold]


class PaperAlongTold(Told):
    """A material that went along. Fetched at `/referrals/{id}/papers/{paper}`, by the department that was asked too."""

    id: UUID
    name: str
    media_type: str
    size: int
    sent_at: datetime
    fetched_at: Annotated[datetime | None, Field(description="When the department opened it first.")]


class ReferralTold(Told):
    """A matter or one party's need before an office, or handed in by one."""

    id: UUID
    matter: str
    version: Annotated[int, Field(description="The matter's version: what `If-Match` names.")]
    kind: str
    outward: bool
    state: ReferralState
    office: str
    department: Named | None
    party: Annotated[Named | None, Field(description="Whose need it is.")]
    asked: str
    urgent: bool
    number: Annotated[str, Field(description="The other side's: a court's, that of a receipt.")]
    sent_at: datetime
    signed_by: str
    answer_by: Annotated[date | None, Field(description="As both agreed; no statute's limit.")]
    consent_on: date | None
    consent_method: ConsentMethod | None
    agreed_by: str
    paid_by: str
    accepted_at: datetime | None
    contact: str
    reminded_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome | None
    result: Annotated[str, Field(description="What came back, or why it was refused or called back.")]
    received_by: str
    paper: Annotated[UUID | None, Field(description="A material of the matter.")]
    papers: Annotated[list[PaperAlongTold], Field(description="What went along, or came along.")]


class ReferralPage(PageOf):
    items: list[ReferralTold]


class ReferralsAsked(Listed):
    waiting: Annotated[bool, Field(description="Only what is the acting post's turn.")] = False


class ReferralSent(Shape):
    """What each kind asks for beside `kind`, `office` and `asked` is refused by field where it is lacking."""

    kind: Kind
    office: Annotated[str, Field(min_length=2, max_length=200, pattern=KEPT)]
    asked: Written
    at: Annotated[Moment | None, Field(description="Now, unless said.")] = None
    department: Annotated[UUID | None, Field(description="Answers on the platform.")] = None
    party: Annotated[UUID | None, Field(description="Whose need is told.")] = None
    urgent: bool = False
    danger: Annotated[Danger | None, Field(description="For a report to the police.")] = None
    number: Short = ""
    signed_by: Short = ""
    answer_by: Day | None = None
    consent_on: Day | None = None
    consent_method: ConsentMethod | None = None
    agreed_by: Line = ""
    paid_by: Line = ""
    papers: Annotated[list[UUID], Field(max_length=50, description="Materials that go along.")] = []

    def new(self) -> NewReferral:
        """What the domain takes."""
        said = {name: getattr(self, name) for name in type(self).model_fields}
        said["department_id"], said["party_id"] = said.pop("department"), said.pop("party")
        return NewReferral(
            **said
            | {
                "danger": self.danger or "",
                "consent_method": self.consent_method or "",
                "papers": tuple(self.papers),
            }
        )


class SuppliedSent(Shape):
    """More materials go along."""

    papers: Annotated[list[UUID], Field(min_length=1, max_length=50)]

    def values(self) -> dict[str, Any]:
        """What the domain takes."""
        return {"papers": tuple(self.papers)}


class AtSent(Shape):
    at: Annotated[Moment | None, Field(description="Now, unless said.")] = None
    paper: Annotated[UUID | None, Field(description="A material of the matter.")] = None

    def values(self) -> dict[str, Any]:
        """What the domain takes."""
        said = {name: getattr(self, name) for name in type(self).model_fields}
        return said | {"paper_id": said.pop("paper")}


class AcceptedSent(AtSent):
    contact: Annotated[str, Field(min_length=2, max_length=100, pattern=KEPT)]
    number: Annotated[Short, Field(description="Of the receipt, where it is a report to the police.")] = ""


class RefusedSent(AtSent):
    reason: Written


class GivenBackSent(AtSent):
    outcome: Outcome
    result: Written
    received_by: Annotated[Short, Field(description="Who took it over there, where it was handed in.")] = ""


class RemindedSent(Shape):
    text: Written

    def values(self) -> dict[str, Any]:
        return {"text": self.text}


class CalledBackSent(Shape):
    reason: Written
    at: Annotated[Moment | None, Field(description="Now, unless said.")] = None

    def values(self) -> dict[str, Any]:
        return {"reason": self.reason, "at": self.at}


class ReferralReceipt(Told):
    """What was written."""

    id: UUID
    said: ReferralAction
    version: Annotated[int, Field(description="The matter's version now.")]


def kind_told(kind: ReferralKind) -> ReferralKindTold:
    """A row of the table in the caller's language."""
    return ReferralKindTold(
        outward=kind.is_out,
        limits=list(kind.limits),
        outcomes=[Outcome(each) for each in kind.outcomes],
        **{
            name: getattr(kind, name)
            for name in ("id", "name", "office", "basis", "consent", "pauses", "note")
        },
    )


def referral_told(row: Referral, matter: Matter) -> ReferralTold:
    """A referral as the queries show it."""
    plain = (
        *("kind", "office", "asked", "urgent", "number", "sent_at", "signed_by", "answer_by", "consent_on"),
        *(
            "agreed_by",
            "paid_by",
            "accepted_at",
            "contact",
            "reminded_at",
            "ended_at",
            "result",
            "received_by",
        ),
    )
    return ReferralTold(
        id=row.pk,
        matter=matter.code,
        version=matter.version,
        outward=all_kinds()[row.kind].is_out,
        state=ReferralState(row.state),
        department=Named(id=str(row.department_id), name=row.department.name) if row.department else None,
        party=Named(id=str(row.party_id), name=row.party.name) if row.party else None,
        consent_method=ConsentMethod(row.consent_method) if row.consent_method else None,
        outcome=Outcome(row.outcome) if row.outcome else None,
        paper=row.paper_id,
        papers=[
            PaperAlongTold(
                id=each.pk,
                name=each.file.name,
                media_type=each.file.file.media_type,
                size=each.file.file.size,
                sent_at=each.sent_at,
                fetched_at=each.fetched_at,
            )
            for each in row.papers.all()
        ],
        **{name: getattr(row, name) for name in plain},
    )
