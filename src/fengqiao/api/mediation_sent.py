"""What the API takes for the course of a mediation."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from fengqiao.api.actions.shapes import Written
from fengqiao.api.sent import Amount, Name
from fengqiao.api.shapes import KEPT, Day, Line, Moment, Shape
from fengqiao.mediation.enums import (
    Came,
    ConsentMethod,
    HelperKind,
    Initiative,
    MediationAction,
    SittingKind,
    SittingWay,
    StandingKind,
)
from fengqiao.pool.enums import Reply

WHO = Annotated[str, Field(max_length=64, pattern=KEPT)]
Reason = Annotated[str, Field(min_length=2, max_length=500, pattern=KEPT)]
Present = Annotated[str, Field(max_length=500, pattern=KEPT)]
Parties = Annotated[list[UUID], Field(max_length=200)]
LONGEST_NOTE, LONGEST_ISSUES = 50_000, 5_000


class ActSent(Shape):
    """An act that needs nothing written."""

    def values(self, consents: dict[UUID, UUID]) -> dict[str, Any]:
        """What the verb takes. ``consents``: the answers of the parties of the running mediation, by party."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class TellSent(ActSent):
    """That parties were told the nature, principles and effect of mediation, their rights and duties."""

    parties: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    method: ConsentMethod
    told_on: Day

    def values(self, consents: dict[UUID, UUID]) -> dict[str, Any]:
        # Whoever is no party of it stays unknown: the verb refuses them.
        told = [consents.get(party, party) for party in dict.fromkeys(self.parties)]
        return {"consents": told, "method": self.method, "told_on": self.told_on}


class FootingSent(ActSent):
    """Which organisation mediates, and whether it was applied for. A later one corrects it."""

    body: Annotated[str, Field(max_length=24, pattern=KEPT, description="Id of mediation-bodies.csv.")]
    name: Name
    initiative: Initiative
    fee: Annotated[Amount | None, Field(description="Only where the kind of organisation may charge.")] = None


class FeeSent(ActSent):
    """Parties signed that they pay a market organisation; it becomes the footing. Only kinds that may charge."""

    body_id: UUID
    amount: Amount
    signed_on: Day
    parties: Annotated[list[UUID], Field(min_length=1, max_length=100)]


class RoomChosen(ActSent):
    """In which brand room of the centre it is held. A later one corrects it."""

    room_id: Annotated[UUID | None, Field(description="Null: in none of them.")]


class AskHelpSent(ActSent):
    """Somebody of the pool is asked to help."""

    talent_id: UUID
    what: Annotated[Written, Field(max_length=500)]


class AnswerHelpSent(ActSent):
    """What they answered; who agrees becomes an assistant of the mediation."""

    reply: Reply
    reason: Annotated[str, Field(max_length=500, pattern=KEPT)] = ""


class StandingSent(ActSent):
    """An agent's authority, that a party is a minor, its guardian, or its own word on the terms."""

    party_id: UUID
    kind: StandingKind
    name: WHO = ""
    paper: Line = ""


class HelperSent(ActSent):
    """A co-mediator of the centre (`person_id`), or an assistant by name."""

    kind: HelperKind
    person_id: UUID | None = None
    name: WHO = ""


class RecusalSent(ActSent):
    """A party asks that one who mediates step aside."""

    party_id: UUID
    person_id: UUID
    reason: Reason


class DecisionSent(ActSent):
    """A leader decides; for the mediator a successor has to be named."""

    granted: bool
    answer: Reason
    successor_id: UUID | None = None


class TalkSent(ActSent):
    """A talk or an investigation: with whom, when and where."""

    kind: SittingKind
    way: SittingWay
    planned_at: Annotated[Moment | None, Field(description="Not needed where it begins at once.")] = None
    begin_now: Annotated[bool, Field(description="Everybody is there: it begins at once.")] = False
    place: Annotated[str, Field(min_length=2, max_length=200, pattern=KEPT)]
    parties: Parties = []
    present: Present = ""


class EndSent(ActSent):
    """Who really took part."""

    parties: Parties
    present: Present = ""


class AdjournSent(ActSent):
    """Put off, with the reason; with a time it is planned anew."""

    why: Reason
    again_at: Moment | None = None


class ClaimResultSent(ActSent):
    """What came of one claim (or of everything, without one) between two parties."""

    claim_id: UUID | None = None
    of_party_id: UUID
    against_party_id: UUID
    came: Came
    text: Written
    advised: Annotated[
        list[Annotated[str, Field(max_length=40, pattern=KEPT)]],
        Field(max_length=20, description="Ids of mediation-advice.csv that the two were told of."),
    ] = []


class PromiseSent(ActSent):
    """A party says that it brings something by a day. Promised in a separate talk, it is sealed as its notes are."""

    party_id: UUID
    what: Annotated[Written, Field(max_length=500)]
    by_day: Day
    sitting_id: Annotated[UUID | None, Field(description="The talk in which it was promised.")] = None


class BringSent(ActSent):
    """It is there."""

    came_on: Day
    paper_id: Annotated[UUID | None, Field(description="The material of the matter that it became.")] = None


class LapseSent(ActSent):
    """It does not come."""

    why: Reason


class NoteSent(Shape):
    """The whole record of a talk as it is now; `If-Match` names the version it was written on."""

    text: Annotated[str, Field(max_length=LONGEST_NOTE, pattern=KEPT)]
    issues: Annotated[str, Field(max_length=LONGEST_ISSUES, pattern=KEPT, description="One a line.")] = ""


# From addresses beneath /matters/{code}/mediation to what each takes.
ACTS: dict[MediationAction, tuple[str, type[ActSent]]] = {
    MediationAction.TELL: ("tell", TellSent),
    MediationAction.FOOTING: ("footing", FootingSent),
    MediationAction.FEE: ("fee", FeeSent),
    MediationAction.ROOM: ("room", RoomChosen),
    MediationAction.STAND: ("standing", StandingSent),
    MediationAction.HELP: ("helpers", HelperSent),
    MediationAction.ASK_HELP: ("asked", AskHelpSent),
    MediationAction.ASK_RECUSAL: ("recusals", RecusalSent),
    MediationAction.PLAN: ("talks", TalkSent),
    MediationAction.PROMISE: ("evidence", PromiseSent),
    MediationAction.RESULT: ("results", ClaimResultSent),
}
# The same of one thing that is there already: the address, the verb's name for it, what it takes.
ON_ONE: dict[MediationAction, tuple[str, str, type[ActSent]]] = {
    MediationAction.LEAVE: ("helpers/{which}/leave", "helper_id", ActSent),
    MediationAction.ANSWER_HELP: ("asked/{which}/answer", "asked_id", AnswerHelpSent),
    MediationAction.DECIDE_RECUSAL: ("recusals/{which}/decide", "asked_id", DecisionSent),
    MediationAction.BRING: ("evidence/{which}/bring", "evidence_id", BringSent),
    MediationAction.LAPSE: ("evidence/{which}/lapse", "evidence_id", LapseSent),
    MediationAction.BEGIN: ("talks/{which}/begin", "sitting_id", ActSent),
    MediationAction.END: ("talks/{which}/end", "sitting_id", EndSent),
    MediationAction.ADJOURN: ("talks/{which}/adjourn", "sitting_id", AdjournSent),
}
