"""民转刑复盘: a matter that turned criminal is reviewed by itself (handlers: config/wiring.py)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.domain import alarming
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Action, WordKind
from fengqiao.matters.events import Moved
from fengqiao.matters.models import HistoryEvent, Matter, Word
from fengqiao.matters.models.base import of
from fengqiao.reviews.enums import ReviewKind, ReviewState
from fengqiao.reviews.models import Review


def follow(moved: Moved) -> None:
    """Opens the review with the record that the matter turned criminal, and ends it with the leaders' words."""
    if moved.action == Action.TURNED_CRIMINAL:
        _open(moved)
    elif moved.action == Action.REVIEW_CRIMINAL:
        _end(moved)


def write_up(
    *, actor: Actor, review_id: UUID, done: str, conclusion: str, version: int | None = None
) -> Matter:
    """复盘: what was done with what was known, and the conclusion; the matter may be closed after it."""
    done = needed("done", done, _("请写明当时知道什么、做了什么（至少十个字）。"), shortest=10)
    review = Review.objects.filter(pk=review_id, kind=ReviewKind.CRIMINAL).first()
    if review is None:
        raise NotAllowed("review_not_found", _("没有这项评查，或您的岗位看不到它。"))
    if review.state == ReviewState.OVER:
        raise Refusal("not_in_this_state", _("这次复盘已经完成。"))
    Review.objects.filter(pk=review_id).update(
        findings=done, found_by_id=actor.person_id, found_at=clock.now()
    )
    return alarming.review_criminal(
        actor=actor, matter_id=review.matter_id, review=conclusion, version=version
    )


def _open(moved: Moved) -> None:
    matter = Matter.objects.get(pk=moved.matter_id)
    if _running(matter) is None:
        _create(moved.actor, matter, known_until=matter.history_count)


def _end(moved: Moved) -> None:
    matter = Matter.objects.get(pk=moved.matter_id)
    review = _running(matter)
    if review is None:
        # Recorded before this room kept reviews: what was known ends with the newest such record.
        turned = HistoryEvent.objects.filter(matter_id=matter.pk, type="matter.turned_criminal").order_by(
            "-seq"
        )
        known_until = turned.values_list("seq", flat=True).first()
        review = _create(moved.actor, matter, known_until=known_until or matter.history_count)
    said = Word.objects.filter(matter_id=matter.pk, seq=matter.history_count, kind=WordKind.SUMMARY)
    review.state = ReviewState.OVER
    review.conclusion = said.values_list("text", flat=True).first() or ""
    review.concluded_by_id, review.concluded_at = moved.actor.person_id, clock.now()
    review.save(update_fields=["state", "conclusion", "concluded_by", "concluded_at"])


def _running(matter: Matter) -> Review | None:
    found = Review.objects.filter(matter_id=matter.pk, kind=ReviewKind.CRIMINAL)
    return found.exclude(state=ReviewState.OVER).first()


def _create(actor: Actor, matter: Matter, *, known_until: int) -> Review:
    return Review.objects.create(
        **of(matter),
        kind=ReviewKind.CRIMINAL,
        state=ReviewState.OPENED,
        known_until=known_until,
        centre_id=matter.holder_id,
        opened_by_id=actor.person_id,
        opened_at=clock.now(),
    )
