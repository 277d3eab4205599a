"""The accountability list, from any door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.reviews.domain import listing
from fengqiao.reviews.enums import HeldAction
from fengqiao.reviews.models import ListedFact

VERBS: dict[HeldAction, Callable[..., ListedFact]] = {
    HeldAction.REPLY: listing.reply,
    HeldAction.WITHDRAW: listing.withdraw,
}


def enter(*, actor: Actor, matter_id: UUID, rule: str, source_id: UUID, remark: str) -> ListedFact:
    """Puts a fact that the ledger shows on the list, and tells its body."""
    with attempt(actor, verb="review.list", subject=f"matter:{matter_id}"):
        return listing.enter(actor=actor, matter_id=matter_id, rule=rule, source_id=source_id, remark=remark)


def act(*, actor: Actor, listed_id: UUID, action: HeldAction, **values: Any) -> ListedFact:
    """The body replies, or the entry is withdrawn; a refusal is rolled back."""
    with attempt(actor, verb=f"review.{action}", subject=f"listed:{listed_id}"):
        return VERBS[action](actor=actor, listed_id=listed_id, **values)


def taken_out(*, actor: Actor, number: int) -> None:
    """Writes into the audit that the list left the program as a file, with how many lines."""
    record(actor=actor, verb="review.export", details={"rows": number})
