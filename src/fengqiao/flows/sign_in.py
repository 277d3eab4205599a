"""What the audit learns of signing in: the county is that of the person's first post."""

from __future__ import annotations

from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.events import SecondFactorChanged, SignedIn, SignedOut, SignInFailed
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import record
from fengqiao.audit.enums import Result
from fengqiao.kernel import clock
from fengqiao.places.queries.acting import actor_of, stationings

NOBODY = UUID(int=0)
# The chain for what belongs to no county yet: a name that nobody has, a person without a post.
NO_COUNTY = "000000"


def audit_signed_in(event: SignedIn) -> None:
    _record(event.person_id, "person.signed_in", {"second_factor": event.second_factor})


def audit_signed_out(event: SignedOut) -> None:
    _record(event.person_id, "person.signed_out", {})


def audit_second_factor(event: SecondFactorChanged) -> None:
    _record(event.person_id, "person.second_factor", {"change": event.change})


def audit_failed(event: SignInFailed) -> None:
    """A failed sign-in: the digest tells repeated tries at one name apart without keeping the name."""
    actor = _somebody(NOBODY)
    with scope(actor):
        record(
            actor=actor,
            verb="person.sign_in_failed",
            result=Result.REFUSED,
            details={"name": event.name_digest},
        )


def _record(person_id: UUID, verb: str, details: dict[str, object]) -> None:
    first = stationings(person_id=person_id, on=clock.today()).first()
    actor = actor_of(first) if first else _somebody(person_id)
    with scope(actor):
        record(actor=actor, verb=verb, subject=f"person:{person_id}", details=details)


def _somebody(person_id: UUID) -> Actor:
    return Actor(person_id=person_id, name="", role=Role.EXCHANGE, county=NO_COUNTY)
