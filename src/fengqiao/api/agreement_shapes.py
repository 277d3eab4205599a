"""What the API tells of agreements and takes for them, and how rows become what is told."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from fengqiao.agreements.domain.performing import Performed
from fengqiao.agreements.domain.writing import NO
from fengqiao.agreements.drawing import LONGEST, MOST_POINTS, MOST_STROKES, Drawn, paper_digest, svg_of
from fengqiao.agreements.enums import (
    AgreementAction,
    AgreementState,
    Mark,
    NoteKind,
    Signer,
    TermKind,
    TermState,
    Way,
)
from fengqiao.agreements.models import Signature, Term, TermNote
from fengqiao.agreements.queries.agreements import Shown
from fengqiao.agreements.terms import MOST, NewTerm
from fengqiao.agreements.wording import number_in_words, term_in_words
from fengqiao.api.actions.shapes import Written
from fengqiao.api.paging import Listed
from fengqiao.api.sent import Amount, Name
from fengqiao.api.shapes import KEPT, Day, Named, PageOf, Shape, Told
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.agreements import all_questions

Line = Annotated[str, Field(max_length=200, pattern=KEPT)]
Point = Annotated[list[Annotated[int, Field(ge=0, le=LONGEST)]], Field(min_length=3, max_length=3)]
Answer = Annotated[str, Field(min_length=1, max_length=500, pattern=KEPT)]


class TermTold(Told):
    """One promise and how far it was performed."""

    id: UUID
    agreement: UUID
    place: int
    kind: TermKind
    debtor: Named
    creditor: Named | None
    what: str
    amount: Annotated[Decimal | None, Field(description="Yuan.")]
    due: date | None
    how: str
    text: Annotated[str, Field(description="The term as the paper says it.")]
    state: TermState
    paid: Decimal


class NoteTold(Told):
    """What happened to a term."""

    kind: NoteKind
    on: date
    amount: Decimal | None
    text: str
    advice: Annotated[list[str], Field(description="Rows of the table of remedies that were told.")]
    paper: Annotated[UUID | None, Field(description="The material that shows it.")]
    by: str


class TermDetail(TermTold):
    notes: list[NoteTold]


class SignatureTold(Told):
    """A mark under the paper."""

    signer: Signer
    name: str
    party: Annotated[UUID | None, Field(description="For which party.")]
    mark: Mark
    on: date
    drawn: Annotated[str, Field(description="As an SVG, where it was drawn on a tablet; else empty.")]
    drawn_sm3: Annotated[str, Field(description="SM3 over the words that were signed and the strokes.")]


class LackingTold(Told):
    """Whose mark is lacking still."""

    signer: Signer
    party: Named | None


class AgreementTold(Told):
    """What the parties of one mediation agreed."""

    id: UUID
    matter: str
    version: Annotated[int, Field(description="The matter's version: what `If-Match` names.")]
    number: str
    way: Way
    state: AgreementState
    facts: str
    issues: str
    responsibility: str
    answers: Annotated[
        dict[str, str],
        Field(description="To the questions asked before signing: `no`, or how it stands."),
    ]
    drafted_at: datetime
    effective_on: date | None
    reason: Annotated[str, Field(description="Why it was not signed.")]
    terms: list[TermDetail]
    signatures: list[SignatureTold]
    lacking: list[LackingTold]
    paper_sm3: Annotated[str, Field(description="SM3 of the words that are signed.")]


class AgreementPage(PageOf):
    items: list[AgreementTold]


class OwedTold(TermTold):
    matter: str
    version: Annotated[int, Field(description="The matter's version: what `If-Match` names.")]


class OwedPage(PageOf):
    items: list[OwedTold]


class OwedAsked(Listed):
    until: Annotated[Day | None, Field(description="Only what is due on that day or before.")] = None


class TermSent(Shape):
    """A payment needs amount, creditor and day; a deed its words and day."""

    kind: TermKind
    debtor: Annotated[UUID, Field(description="A party of the matter.")]
    creditor: UUID | None = None
    what: Annotated[str, Field(max_length=1_000, pattern=KEPT)] = ""
    amount: Amount | None = None
    due: Day | None = None
    how: Line = ""

    def term(self) -> NewTerm:
        """What the domain takes."""
        return NewTerm(**{name: getattr(self, name) for name in type(self).model_fields})


class WordsSent(Shape):
    facts: Written
    issues: Written
    responsibility: Annotated[str, Field(max_length=5_000, pattern=KEPT)] = ""
    terms: Annotated[list[TermSent], Field(min_length=1, max_length=MOST)]

    def values(self) -> dict[str, Any]:
        """What the domain takes."""
        return {
            "facts": self.facts,
            "issues": self.issues,
            "responsibility": self.responsibility,
            "terms": tuple(each.term() for each in self.terms),
        }


class OralSent(WordsSent):
    on: Annotated[Day, Field(description="The day on which the parties agreed.")]

    def values(self) -> dict[str, Any]:
        return super().values() | {"on": self.on}


class AnswersSent(Shape):
    answers: Annotated[
        dict[Annotated[str, Field(max_length=40, pattern=KEPT)], Answer],
        Field(max_length=20, description=f"By the question's id; `{NO}` where it is no concern."),
    ]

    def values(self) -> dict[str, Any]:
        return {"answers": dict(self.answers)}


class DrawnSent(Shape):
    """A signature drawn on a tablet: of one person, now."""

    strokes: Annotated[
        list[Annotated[list[Point], Field(min_length=1, max_length=MOST_POINTS)]],
        Field(min_length=1, max_length=MOST_STROKES, description="Lines of [across, down, milliseconds]."),
    ]
    paper: Annotated[
        str, Field(pattern="^[0-9a-f]{64}$", description="`paper_sm3` of the agreement that was shown.")
    ]


class MarkSent(Shape):
    signer: Signer
    mark: Mark
    on: Day
    parties: Annotated[list[UUID], Field(max_length=100, description="Who signed, for `party`.")] = []
    agent: Annotated[UUID | None, Field(description="Who signed for the one party.")] = None
    name: Annotated[Name, Field(description="Of the mediator, or of the organisation whose seal it is.")] = ""
    drawn: DrawnSent | None = None

    def values(self) -> dict[str, Any]:
        drawn = Drawn(self.drawn.strokes, self.drawn.paper) if self.drawn else None
        return {name: getattr(self, name) for name in type(self).model_fields} | {"drawn": drawn}


class DropReasonSent(Shape):
    reason: Written

    def values(self) -> dict[str, Any]:
        return {"reason": self.reason}


class TermNoteSent(Shape):
    on: Day
    text: Written

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields}


class PerformedSent(TermNoteSent):
    amount: Annotated[Amount | None, Field(description="For a payment: how much of it.")] = None
    paper: Annotated[UUID | None, Field(description="The material of the matter that shows it.")] = None

    def values(self) -> dict[str, Any]:
        said = super().values()
        return said | {"paper_id": said.pop("paper")}


class RowPerformed(Shape):
    term: UUID
    amount: Annotated[Amount | None, Field(description="Of a payment; all that is left without it.")] = None


class SeveralPerformedSent(TermNoteSent):
    """Terms of one agreement that were performed on one day: all of them are written down, or none."""

    terms: Annotated[list[RowPerformed], Field(min_length=1, max_length=MOST)]
    paper: Annotated[UUID | None, Field(description="The material of the matter that shows it.")] = None

    def values(self) -> dict[str, Any]:
        said = super().values()
        rows = [Performed(each.term, each.amount) for each in said.pop("terms")]
        return said | {"terms": rows, "paper_id": said.pop("paper")}


class AgreementReceipt(Told):
    """What was written."""

    id: UUID
    said: AgreementAction
    version: Annotated[int, Field(description="The matter's version now.")]


def agreement_told(shown: Shown, matter: Matter) -> AgreementTold:
    """An agreement as the queries show it."""
    row = shown.agreement
    plain = ("facts", "issues", "responsibility", "drafted_at", "effective_on", "reason")
    known = all_questions()
    return AgreementTold(
        id=row.pk,
        matter=matter.code,
        version=matter.version,
        number=number_in_words(row.year, row.number),
        way=Way(row.way),
        state=AgreementState(row.state),
        answers={name: said for name, said in row.answers.items() if name in known},
        terms=[
            TermDetail(**term_told(each), notes=[_note(note) for note in each.notes.all()])
            for each in shown.terms
        ],
        signatures=[_signature(each) for each in shown.signatures],
        lacking=[
            LackingTold(signer=signer, party=Named(id=str(party.pk), name=party.name) if party else None)
            for signer, party in shown.lacking
        ],
        paper_sm3=paper_digest(row, shown.terms),
        **{name: getattr(row, name) for name in plain},
    )


def term_told(row: Term) -> dict[str, Any]:
    plain = ("place", "what", "amount", "due", "how", "paid")
    return {
        "id": row.pk,
        "agreement": row.agreement_id,
        "kind": TermKind(row.kind),
        "state": TermState(row.state),
        "debtor": Named(id=str(row.debtor_id), name=row.debtor.name),
        "creditor": Named(id=str(row.creditor_id), name=row.creditor.name) if row.creditor else None,
        "text": term_in_words(row),
        **{name: getattr(row, name) for name in plain},
    }


def _note(row: TermNote) -> NoteTold:
    return NoteTold(
        kind=NoteKind(row.kind),
        on=row.on,
        amount=row.amount,
        text=row.text,
        advice=list(row.advice),
        paper=row.paper_id,
        by=row.by.name,
    )


def _signature(row: Signature) -> SignatureTold:
    return SignatureTold(
        signer=Signer(row.signer),
        name=row.name,
        party=row.party_id,
        mark=Mark(row.mark),
        on=row.on,
        drawn=svg_of(row.strokes) if row.strokes else "",
        drawn_sm3=row.drawn_sm3,
    )
