"""Reviews of matters, from any door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.reviews.domain import criminal, reviewing
from fengqiao.reviews.enums import CaseAction
from fengqiao.reviews.models import Review

VERBS: dict[CaseAction, Callable[..., Any]] = {
    CaseAction.FIND: reviewing.find,
    CaseAction.CONCLUDE: reviewing.conclude,
    CaseAction.ANSWER: reviewing.answer,
    CaseAction.WRITE_UP: criminal.write_up,
}


def open_case(*, actor: Actor, code: str, ground: str, reviewer_id: UUID | None = None) -> Review:
    """The commission opens a review of a matter."""
    with attempt(actor, verb="case.open"):
        return reviewing.open_case(actor=actor, code=code, ground=ground, reviewer_id=reviewer_id)


def act(*, actor: Actor, review_id: UUID, action: CaseAction, **values: Any) -> None:
    """Reviewers find, the commission concludes, the centre answers or writes up; a refusal is rolled back."""
    with attempt(actor, verb=f"case.{action}", subject=f"case:{review_id}"):
        VERBS[action](actor=actor, review_id=review_id, **values)
