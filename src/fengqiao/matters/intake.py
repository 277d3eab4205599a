"""What a door hands over when somebody brings something: plain values, not yet believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from fengqiao.matters.enums import (
    AgainstKind,
    Channel,
    ClaimKind,
    Danger,
    IdentityKind,
    OutsideSystem,
    PartyKind,
    PartyRole,
    ProcedureKind,
    ProcedureStage,
    Scale,
)

# What is at stake in a matter: said at the window, put right later, or found when it is assessed.
STAKES = ("harm_on", "public_place", "needs_care", "care")


@dataclass(frozen=True)
class NewClaim:
    kind: ClaimKind
    text: str = ""


@dataclass(frozen=True)
class NewParty:
    """``agent_for`` is the place (from 0) of the party in the same list for whom this one acts."""

    role: PartyRole = PartyRole.PETITIONER
    kind: PartyKind = PartyKind.PERSON
    name: str = ""
    identity_kind: IdentityKind = IdentityKind.NONE
    identity: str = ""
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    wish: str = ""
    is_representative: bool = False
    agent_for: int | None = None
    agent_power: str = ""
    legal_representative: str = ""


@dataclass(frozen=True)
class NewProcedure:
    kind: ProcedureKind
    stage: ProcedureStage = ProcedureStage.RUNNING
    number: str = ""
    body: str = ""


@dataclass(frozen=True)
class NewOutsideNumber:
    system: OutsideSystem
    number: str


@dataclass(frozen=True)
class NewMatter:
    """A registration. Only the title and the channel are always there;
    a door where somebody sits in front also knows when it came."""

    title: str
    received_at: datetime | None
    channel: Channel
    account: str = ""
    category: str = ""
    claims: tuple[NewClaim, ...] = ()
    parties: tuple[NewParty, ...] = ()
    procedures: tuple[NewProcedure, ...] = ()
    outside_numbers: tuple[NewOutsideNumber, ...] = ()
    scale: Scale = Scale.INDIVIDUAL
    people: int | None = None
    amount: Decimal | None = None
    happened_on: date | None = None
    division: str = ""
    grid: str = ""
    address: str = ""
    longitude: Decimal | None = None
    latitude: Decimal | None = None
    danger: Danger = Danger.NONE
    harm_on: date | None = None
    public_place: bool | None = None
    needs_care: bool | None = None
    care: str = ""
    against_kind: AgainstKind = AgainstKind.NONE
    against_name: str = ""
    against_department: UUID | None = None
    confidential: bool = False
    source: str = ""
    source_number: str = ""
    links: tuple[UUID, ...] = field(default=())

    @property
    def is_anonymous(self) -> bool:
        """Nobody to answer: no petitioner, or only one who did not give a name."""
        mine = [p for p in self.parties if p.role == PartyRole.PETITIONER and p.agent_for is None]
        return not mine or all(p.kind == PartyKind.ANONYMOUS for p in mine)
