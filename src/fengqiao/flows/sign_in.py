"""What the audit learns of signing in: the county is that of the person's first post."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.events import (
    LinkedElsewhere,
    PasswordChanged,
    SecondFactorChanged,
    SecondFactorFailed,
    SignedIn,
    SignedOut,
    SignInFailed,
)
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt, record
from fengqiao.audit.enums import Result
from fengqiao.kernel.errors import NotAllowed
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of, posts_held

NOBODY = UUID(int=0)
# The chain for what belongs to no county yet: a name that nobody has, a person without a post.
NO_COUNTY = "000000"


def audit_signed_in(event: SignedIn) -> None:
    elsewhere = {"elsewhere": True} if event.elsewhere else {}
    _record(event.person_id, "person.signed_in", {"second_factor": event.second_factor} | elsewhere)


def audit_linked(event: LinkedElsewhere) -> None:
    _record(event.person_id, "person.linked", {})


def audit_signed_out(event: SignedOut) -> None:
    _record(event.person_id, "person.signed_out", {})


def audit_second_factor(event: SecondFactorChanged) -> None:
    _record(event.person_id, "person.second_factor", {"change": event.change})


def audit_second_factor_failed(event: SecondFactorFailed) -> None:
    _record_unknown(event.person_id, {"code": "wrong_second_factor"})


def audit_password_changed(event: PasswordChanged) -> None:
    _record(event.person_id, "person.password_changed", {})


def audit_failed(event: SignInFailed) -> None:
    """A failed sign-in: the digest tells repeated tries at one name apart without keeping the name.

    Where the name is somebody's, it stands in the chain that their county's auditor reads.
    """
    _record_unknown(event.person_id, {"code": event.reason, "name": event.name_digest})


def choose_post(*, person_id: UUID, chosen: str) -> Stationing:
    """The post that a person says they act as from now on; somebody else's is refused."""
    mine = posts_held(person_id)
    for each in mine:
        if str(each.id) == chosen:
            actor = actor_of(each)
            with scope(actor):
                record(actor=actor, verb="person.choose_post", subject=f"post:{each.post_id}")
            return each
    with attempt(actor_of(mine[0]) if mine else _somebody(person_id), verb="person.choose_post"):
        raise NotAllowed("not_your_post", _("您今天没有担任这个岗位。"))


def _record(person_id: UUID, verb: str, details: dict[str, Any]) -> None:
    mine = posts_held(person_id)
    actor = actor_of(mine[0]) if mine else _somebody(person_id)
    with scope(actor):
        record(actor=actor, verb=verb, subject=f"person:{person_id}", details=details)


def _record_unknown(person_id: UUID | None, details: dict[str, Any]) -> None:
    """Somebody tried to be this person. Who they are is not known, so nobody stands as the one who did it."""
    posts = posts_held(person_id) if person_id else []
    actor = _somebody(NOBODY, actor_of(posts[0]).county if posts else NO_COUNTY)
    with scope(actor):
        record(
            actor=actor,
            verb="person.sign_in_failed",
            subject=f"person:{person_id}" if person_id else "",
            result=Result.REFUSED,
            details=details,
        )


def _somebody(person_id: UUID, county: str = NO_COUNTY) -> Actor:
    return Actor(person_id=person_id, name="", role=Role.EXCHANGE, county=county)
