"""What happens to those who sign in; the audit listens (config/wiring.py)."""

from dataclasses import dataclass
from uuid import UUID

from fengqiao.kernel.events import Event


@dataclass(frozen=True)
class SignedIn(Event):
    """``elsewhere``: at the provider that the operator has set, not by a password of this program."""

    person_id: UUID
    second_factor: bool
    elsewhere: bool = False


@dataclass(frozen=True)
class LinkedElsewhere(Event):
    """Somebody came from the provider for the first time and was found here by their name."""

    person_id: UUID


@dataclass(frozen=True)
class SignedOut(Event):
    person_id: UUID


@dataclass(frozen=True)
class SignInFailed(Event):
    """Somebody failed to sign in. Holds a digest of the name that was typed, never the name.

    ``person_id``: whose name it is, where there is such a person. ``reason``: "wrong_password",
    "unknown_name", "inactive", or "locked_out": too many failures before, the password was not looked at.
    From the provider elsewhere: "unknown_elsewhere", "another_elsewhere" (somebody else's name), "machine".
    """

    name_digest: str
    person_id: UUID | None
    reason: str


@dataclass(frozen=True)
class SecondFactorChanged(Event):
    person_id: UUID
    change: str


@dataclass(frozen=True)
class SecondFactorFailed(Event):
    """The password was right, the code was not."""

    person_id: UUID


@dataclass(frozen=True)
class PasswordChanged(Event):
    person_id: UUID
