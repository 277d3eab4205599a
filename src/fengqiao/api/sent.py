"""A matter as another system hands it in, and how it becomes what every door hands over."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.api import offered
from fengqiao.api.shapes import KEPT, Code, Day, DivisionCode, Line, Moment, Shape, Text
from fengqiao.flows.registering import DESK
from fengqiao.kernel.errors import Invalid
from fengqiao.matters import enums, intake

MOST_ROWS = 50
Short = Annotated[str, Field(max_length=80, pattern=KEPT)]
Name = Annotated[str, Field(max_length=100, pattern=KEPT)]
Leaf = Annotated[str, Field(pattern=r"^[0-9]{4}$", description="A category of the second level.")]
Longitude = Annotated[Decimal, Field(ge=73, le=136, max_digits=9, decimal_places=6)]
Latitude = Annotated[Decimal, Field(ge=3, le=54, max_digits=9, decimal_places=6)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=2, description="Yuan.")]
People = Annotated[int, Field(ge=1, le=1_000_000)]
AGAINST_BODY = (enums.AgainstKind.PUBLIC_BODY, enums.AgainstKind.OFFICIAL)


class ClaimSent(Shape):
    kind: enums.ClaimKind
    text: Annotated[str, Field(max_length=2000, pattern=KEPT)] = ""


class PartySent(Shape):
    """Someone in the matter. Numbers are stored encrypted and are told masked."""

    role: enums.PartyRole = enums.PartyRole.PETITIONER
    kind: enums.PartyKind = enums.PartyKind.PERSON
    name: Name = ""
    identity_kind: enums.IdentityKind = enums.IdentityKind.NONE
    identity: Short = ""
    phones: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=40, pattern=KEPT)]], Field(max_length=5)
    ] = []
    addresses: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200, pattern=KEPT)]], Field(max_length=5)
    ] = []
    wish: Annotated[str, Field(max_length=2000, pattern=KEPT)] = ""
    is_representative: bool = False
    agent_for: Annotated[
        int | None,
        Field(ge=0, lt=MOST_ROWS, description="The place (from 0) of the party for whom this one acts."),
    ] = None
    agent_power: Line = ""
    legal_representative: Annotated[str, Field(max_length=64, pattern=KEPT)] = ""

    def party(self) -> intake.NewParty:
        """What the domain takes."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return intake.NewParty(**given | {"phones": tuple(self.phones), "addresses": tuple(self.addresses)})


class ProcedureSent(Shape):
    kind: enums.ProcedureKind
    stage: enums.ProcedureStage = enums.ProcedureStage.RUNNING
    number: Short = ""
    body: Name = ""


class OutsideNumberSent(Shape):
    system: enums.OutsideSystem
    number: Annotated[str, Field(min_length=1, max_length=80, pattern=KEPT)]


HarmOn = Annotated[Day, Field(description="The first day on which harm may come; null where nobody knows.")]
PublicPlace = Annotated[bool, Field(description="Whether it happens where others are near; null is unknown.")]
NeedsCare = Annotated[
    bool, Field(description="Whether the matter asks for special care of somebody; null is unknown.")
]
Care = Annotated[
    str, Field(max_length=200, pattern=KEPT, description="What to heed in this matter, without a name.")
]


class MatterSent(Shape):
    """What somebody brought. `source` and `source_number` name it in the sending system: sent again, it is refused."""

    title: Annotated[str, Field(min_length=1, max_length=200, pattern=KEPT)]
    channel: enums.Channel
    received_at: Annotated[Moment, Field(description="When it came, with its time zone.")]
    account: Text = ""
    category: Leaf | None = None
    claims: Annotated[list[ClaimSent], Field(max_length=MOST_ROWS)] = []
    parties: Annotated[list[PartySent], Field(max_length=MOST_ROWS)] = []
    procedures: Annotated[list[ProcedureSent], Field(max_length=MOST_ROWS)] = []
    outside_numbers: Annotated[list[OutsideNumberSent], Field(max_length=MOST_ROWS)] = []
    scale: enums.Scale = enums.Scale.INDIVIDUAL
    people: People | None = None
    amount: Amount | None = None
    happened_on: Day | None = None
    division: DivisionCode | None = None
    grid: Annotated[str | None, Field(pattern=r"^[0-9]{15}$", description="The 15 digits of a grid.")] = None
    address: Line = ""
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    danger: enums.Danger = enums.Danger.NONE
    harm_on: HarmOn | None = None
    public_place: PublicPlace | None = None
    needs_care: NeedsCare | None = None
    care: Care = ""
    against_kind: enums.AgainstKind = enums.AgainstKind.NONE
    against_name: Name = ""
    against_department: UUID | None = None
    confidential: bool = False
    links: Annotated[list[Code], Field(max_length=10, description="Matters that it belongs with.")] = []
    source: Annotated[
        str, Field(pattern=r"^([a-z0-9][a-z0-9_.-]{0,39})?$", description="Name of the sending system.")
    ] = ""
    source_number: Annotated[str, Field(max_length=80, pattern=KEPT, description="Its number there.")] = ""

    def new_matter(self, actor: Actor) -> intake.NewMatter:
        """What the domain takes, of a place inside that of the post; raises ``Invalid``."""
        if self.source == DESK or bool(self.source) != bool(self.source_number):
            raise Invalid(
                {"source": _("来源系统和来源编号要一起写；“desk”是本系统窗口自用的名称。")}, code="source"
            )
        if self.confidential and self.against_kind in AGAINST_BODY and self.against_department is None:
            sentence = _("要保密的，请选被反映的机关：选了才不会把事项交给它。")
            raise Invalid({"against_department": sentence}, code="missing")
        plain = (
            "title", "received_at", "channel", "account", "scale", "people", "amount", "happened_on", "address",
            "longitude", "latitude", "danger", "harm_on", "public_place", "needs_care", "care", "against_kind",
            "against_name", "against_department",
            "confidential", "source", "source_number",
        )  # fmt: skip
        return intake.NewMatter(
            **{name: getattr(self, name) for name in plain},
            category=self.category or "",
            division=offered.division(actor, self.division),
            grid=self.grid or "",
            claims=tuple(intake.NewClaim(each.kind, each.text) for each in self.claims),
            parties=tuple(each.party() for each in self.parties),
            procedures=tuple(intake.NewProcedure(**dict(each)) for each in self.procedures),
            outside_numbers=tuple(intake.NewOutsideNumber(**dict(each)) for each in self.outside_numbers),
        )
