"""Two matters about the same trouble: one goes on, the other waits for its result to be told."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.domain.move import move, note
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Action, Outcome, WordKind
from fengqiao.matters.models import Matter, MatterLink
from fengqiao.matters.models.base import of


def merge(*, actor: Actor, matter_id: UUID, main_id: UUID, reason: str, version: int | None = None) -> Matter:
    """并入: the main matter is handled on; this one keeps its code, history and parties.

    It stays in the last step until its own petitioners were told the main matter's result. Reopening takes
    the merging back. Raises ``NotAllowed``, ``Stale`` or ``Refusal`` (field ``main``).
    """
    reason = needed("reason", reason, _("请写明为什么是同一件事。"), shortest=4)
    # Both rows in one order, so that two who merge crosswise wait for each other and do not lock each other.
    seen = {
        found.pk: found
        for found in Matter.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .filter(pk__in=[matter_id, main_id])
        .order_by("pk")
    }
    main = seen.get(main_id)
    if main is None:
        raise NotAllowed("matter_not_found", _("没有这件事项，或您的岗位看不到它。"))
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.MERGE,
        version=version,
        changes={
            "outcome": Outcome.MERGED,
            "merged_into_id": main_id,
            "settled_at": clock.now(),
        },
        parameters={"main": main_id},
        words={WordKind.REASON: reason},
        facts={"main": main},
    )
    note(main, actor=actor, type="matter.merged_in", parameters={"merged": matter.id})
    MatterLink.objects.get_or_create(
        matter_id=matter.id,
        other_id=main_id,
        defaults={
            **of(matter),
            "reason": reason[:200],
            "linked_by": actor.person_id,
            "linked_at": clock.now(),
        },
    )
    return matter
