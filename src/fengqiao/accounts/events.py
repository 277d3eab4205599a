"""What happens to those who sign in; the audit listens (config/wiring.py)."""

from dataclasses import dataclass
from uuid import UUID

from fengqiao.kernel.events import Event


@dataclass(frozen=True)
class SignedIn(Event):
    person_id: UUID
    second_factor: bool


@dataclass(frozen=True)
class SignedOut(Event):
    person_id: UUID


@dataclass(frozen=True)
class SignInFailed(Event):
    """Somebody failed to sign in. Holds a digest of the name that was typed, never the name."""

    name_digest: str


@dataclass(frozen=True)
class SecondFactorChanged(Event):
    person_id: UUID
    change: str
