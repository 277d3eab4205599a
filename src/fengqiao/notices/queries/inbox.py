"""What the acting post was told, and how much of it is unread."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.matters.models import Matter
from fengqiao.notices.models import Notice

# More than this is told as "99+".
COUNTED = 99


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """The notices of this person in this post, newest first; in a scope of theirs."""
    if actor.post_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(person_id=actor.person_id, post_id=actor.post_id)


def unread_of(actor: Actor) -> int:
    """How many are unread, counted to one over ``COUNTED`` (one statement)."""
    return notices_of(actor).filter(read_at=None)[: COUNTED + 1].count()


def newest_unread_of(actor: Actor) -> Notice | None:
    """The newest that is unread (one statement)."""
    return notices_of(actor).filter(read_at=None).order_by("-pk").first()


def was_told(actor: Actor, notice_id: UUID) -> bool:
    """Whether the person was told of it, be it in another of their posts."""
    return Notice.objects.filter(pk=notice_id, person_id=actor.person_id).exists()


def matters_of(actor: Actor, notices: Iterable[Notice]) -> dict[UUID, Matter]:
    """The matters of notices that the post may see now, by key (one statement); of the others nothing is told."""
    named = {each.matter_id for each in notices if each.matter_id}
    if not named:
        return {}
    return Matter.objects.visible_to(actor).only("code", "title").in_bulk(named)
