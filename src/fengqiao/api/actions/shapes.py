"""What each action needs written, named as its verb in domain/ takes it; the rules are those of the desk's forms."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.api import offered
from fengqiao.api.sent import (
    Amount,
    Care,
    HarmOn,
    Latitude,
    Leaf,
    Longitude,
    Name,
    NeedsCare,
    PartySent,
    People,
    PublicPlace,
)
from fengqiao.api.shapes import KEPT, Code, Day, DivisionCode, Line, Shape
from fengqiao.api.words import SHAPE_WORDS
from fengqiao.dispatch.domain.dispatching import Assisting
from fengqiao.dispatch.enums import Responsibility
from fengqiao.kernel.errors import Invalid
from fengqiao.matters import enums
from fengqiao.matters.domain.settling import VisitReport
from fengqiao.matters.enums import Action
from fengqiao.matters.models import Matter
from fengqiao.mediation.enums import ConsentMethod, Result

Long = Annotated[str, Field(max_length=5000, pattern=KEPT)]
Written = Annotated[str, Field(min_length=1, max_length=5000, pattern=KEPT)]
Basis = Annotated[str, Field(max_length=300, pattern=KEPT)]


class ActionSent(Shape):
    """An action that needs nothing written."""

    def values(self, actor: Actor, matter: Matter) -> dict[str, Any]:
        """What the verb takes; raises ``Invalid`` where it names what the desk would not offer."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class GuideSent(ActionSent):
    body: Annotated[str, Field(min_length=1, max_length=100, pattern=KEPT)]
    explanation: Written


class RedirectSent(ActionSent):
    kind: enums.ProcedureKind
    body: Annotated[str, Field(min_length=1, max_length=100, pattern=KEPT)]
    explanation: Written
    number: Annotated[str, Field(max_length=80, pattern=KEPT)] = ""


class SettleOnSpotSent(ActionSent):
    result: Written
    basis: Basis = ""
    performance_due: Day | None = None


class ConsentSent(Shape):
    party: Annotated[UUID, Field(description="The party's id.")]
    agreed: bool


class SendToMediationSent(ActionSent):
    method: ConsentMethod
    consents: Annotated[list[ConsentSent], Field(min_length=1, max_length=100)]
    mediator_id: UUID | None = None
    room_id: Annotated[UUID | None, Field(description="A brand room of the centre, where it is held.")] = None

    def values(self, actor: Actor, matter: Matter) -> dict[str, Any]:
        offered.person_of_centre(matter, self.mediator_id, field="mediator_id", roles=[Role.MEDIATOR])
        consents = {each.party: each.agreed for each in self.consents}
        given = {"method": self.method, "mediator_id": self.mediator_id, "room_id": self.room_id}
        return {"consents": consents, **given}


class SkipMediationSent(ActionSent):
    refused: Annotated[bool, Field(description="true: a party refuses; false: it is not fit for mediation.")]
    reason: Written


class HandOverSent(ActionSent):
    mediator_id: UUID
    reason: Written

    def values(self, actor: Actor, matter: Matter) -> dict[str, Any]:
        offered.person_of_centre(matter, self.mediator_id, field="mediator_id", roles=[Role.MEDIATOR])
        return super().values(actor, matter)


class RecordMediationSent(ActionSent):
    result: Result
    text: Written
    performance_due: Day | None = None


class StakesSent(Shape):
    """What was found to be at stake; what is left out stays as it is, null is unknown."""

    harm_on: HarmOn | None = None
    public_place: PublicPlace | None = None
    needs_care: NeedsCare | None = None
    care: Care = ""


class _WithStakes(ActionSent):
    stakes: StakesSent | None = None

    def values(self, actor: Actor, matter: Matter) -> dict[str, Any]:
        said = (
            {name: getattr(self.stakes, name) for name in self.stakes.model_fields_set} if self.stakes else {}
        )
        return super().values(actor, matter) | {"stakes": said}


class AssessSent(_WithStakes):
    level: Annotated[enums.Risk, Field(description="Of the matter, never of a person.")]
    grounds: Written
    tier: Annotated[
        enums.Tier | None, Field(description="Which level's centre is the usual one for it; moves nothing.")
    ] = None
    tier_reason: Annotated[Long, Field(description="Why another tier than the table of tiers proposes.")] = ""


class RouteSent(ActionSent):
    track: enums.Track
    reason: Written


class AssistingSent(Shape):
    department_id: UUID
    responsibility: Responsibility


class DispatchSent(ActionSent):
    lead: Annotated[UUID, Field(description="The department that leads.")]
    lead_responsibility: Responsibility = Responsibility.INDUSTRY
    assisting: Annotated[list[AssistingSent], Field(max_length=3)] = []
    message: Written
    reply_by: Day | None = None
    reason: Annotated[
        Long, Field(description="Why another kind of department leads than the table of tracks proposes.")
    ] = ""

    def values(self, actor: Actor, matter: Matter) -> dict[str, Any]:
        named = [("lead", self.lead)]
        named += [
            (f"assisting.{place}.department_id", each.department_id)
            for place, each in enumerate(self.assisting)
        ]
        offered.departments(actor, named)
        return super().values(actor, matter) | {
            "assisting": [Assisting(each.department_id, each.responsibility) for each in self.assisting]
        }


class RemarkSent(ActionSent):
    remark: Long = ""


class ReturnVisitSent(ActionSent):
    method: enums.VisitMethod
    reached: bool
    satisfaction: enums.Satisfaction | None = None
    performance: Annotated[
        enums.Performance | None, Field(description="none, running or performed; left out: as it was.")
    ] = None
    hidden_trouble: Long = ""
    remark: Long = ""

    def values(self, actor: Actor, matter: Matter) -> dict[str, Any]:
        given = super().values(actor, matter)
        if not self.reached:
            given |= {"satisfaction": None, "performance": None}
        if given["performance"] == enums.Performance.DEFAULTED:
            raise Invalid({"performance": SHAPE_WORDS["enum"]}, code="enum")
        return {"report": VisitReport(**given)}


class EvaluateSent(ActionSent):
    lawful: bool
    complete: bool
    remark: Long = ""


class RecordPerformanceSent(ActionSent):
    performed: Annotated[bool, Field(description="false opens the matter again.")]
    summary: Written


class RecordReceiptSent(ActionSent):
    number: Annotated[str, Field(min_length=1, max_length=100, pattern=KEPT)]
    summary: Long = ""


class TellRemediesSent(ActionSent):
    text: Written


class ReopenSent(ActionSent):
    reason: Written
    new_facts: Long = ""


class ReasonSent(ActionSent):
    reason: Written


class HandDownSent(ActionSent):
    centre_id: UUID
    reason: Written


class SummarySent(ActionSent):
    summary: Written


class ReviewSent(ActionSent):
    review: Written


class DangerSent(_WithStakes):
    kind: Annotated[enums.Danger, Field(description="violence, self_harm or domestic_violence.")]
    summary: Written

    def values(self, actor: Actor, matter: Matter) -> dict[str, Any]:
        if self.kind == enums.Danger.NONE:
            raise Invalid({"kind": SHAPE_WORDS["enum"]}, code="enum")
        return super().values(actor, matter)


class RecuseSent(ActionSent):
    person_id: UUID
    reason: Written

    def values(self, actor: Actor, matter: Matter) -> dict[str, Any]:
        offered.person_of_centre(matter, self.person_id, field="person_id")
        return super().values(actor, matter)


class LinkSent(ActionSent):
    other: Code
    reason: Written

    def values(self, actor: Actor, matter: Matter) -> dict[str, Any]:
        other = offered.matter_of_code(actor, self.other, field="other")
        return {"other_id": other.pk, "reason": self.reason}


class MergeSent(ActionSent):
    main: Code
    reason: Written

    def values(self, actor: Actor, matter: Matter) -> dict[str, Any]:
        main = offered.matter_of_code(actor, self.main, field="main")
        return {"main_id": main.pk, "reason": self.reason}


class AmendSent(ActionSent):
    """What is left out stays as it is; null (or an empty text) clears."""

    title: Annotated[str, Field(min_length=1, max_length=200, pattern=KEPT)] | None = None
    account: Annotated[str, Field(max_length=20_000, pattern=KEPT)] | None = None
    category: Leaf | None = None
    scale: enums.Scale | None = None
    people: People | None = None
    amount: Amount | None = None
    happened_on: Day | None = None
    division: DivisionCode | None = None
    grid: Annotated[str, Field(pattern=r"^[0-9]{15}$")] | None = None
    address: Line | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    harm_on: HarmOn | None = None
    public_place: PublicPlace | None = None
    needs_care: NeedsCare | None = None
    care: Care | None = None
    against_kind: enums.AgainstKind | None = None
    against_name: Name | None = None
    against_department: UUID | None = None
    parties: Annotated[list[PartySent], Field(max_length=10, description="Parties to add.")] = []
    reason: Long = ""

    TEXTS: ClassVar = (
        "title", "account", "category", "scale", "division", "grid", "address", "against_kind", "against_name",
        "care",
    )  # fmt: skip

    def values(self, actor: Actor, matter: Matter) -> dict[str, Any]:
        offered.departments(actor, [("against_department", self.against_department)], independent=True)
        if self.division != matter.division_id:
            offered.division(actor, self.division)
        facts = {name: getattr(self, name) for name in self.model_fields_set - {"parties", "reason"}}
        for name in ("title", "scale", "against_kind"):
            if name in facts and facts[name] is None:
                raise Invalid({name: SHAPE_WORDS["missing"]}, code="missing")
        facts = {name: "" if value is None and name in self.TEXTS else value for name, value in facts.items()}
        if "division" in facts and "grid" not in facts and facts["division"] != (matter.division_id or ""):
            facts["grid"] = ""
        parties = tuple(each.party() for each in self.parties)
        return {"facts": facts, "parties": parties, "reason": self.reason}


SHAPES: dict[Action, type[ActionSent]] = {
    Action.ACCEPT: ActionSent,
    Action.GUIDE: GuideSent,
    Action.REDIRECT: RedirectSent,
    Action.SETTLE_ON_SPOT: SettleOnSpotSent,
    Action.SEND_TO_MEDIATION: SendToMediationSent,
    Action.SKIP_MEDIATION: SkipMediationSent,
    Action.HAND_OVER: HandOverSent,
    Action.RECORD_MEDIATION: RecordMediationSent,
    Action.ASSESS: AssessSent,
    Action.ROUTE: RouteSent,
    Action.DISPATCH: DispatchSent,
    Action.SETTLE: RemarkSent,
    Action.RETURN_VISIT: ReturnVisitSent,
    Action.EVALUATE: EvaluateSent,
    Action.RECORD_PERFORMANCE: RecordPerformanceSent,
    Action.RECORD_RECEIPT: RecordReceiptSent,
    Action.TELL_REMEDIES: TellRemediesSent,
    Action.CLOSE: RemarkSent,
    Action.ARCHIVE: ActionSent,
    Action.REOPEN: ReopenSent,
    Action.WITHDRAW: ReasonSent,
    Action.RAISE: ReasonSent,
    Action.HAND_DOWN: HandDownSent,
    Action.TURNED_CRIMINAL: SummarySent,
    Action.REVIEW_CRIMINAL: ReviewSent,
    Action.DANGER: DangerSent,
    Action.DANGER_OVER: SummarySent,
    Action.RECUSE: RecuseSent,
    Action.AMEND: AmendSent,
    Action.LINK: LinkSent,
    Action.MERGE: MergeSent,
}
