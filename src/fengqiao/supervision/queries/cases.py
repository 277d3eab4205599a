"""Supervisions as pages and the API show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.supervision import steps
from fengqiao.supervision.enums import OPEN, SupervisionAction, SupervisionState
from fengqiao.supervision.models import Measure, Supervision
from fengqiao.supervision.policies import may, may_propose, supervisions_visible_to
from fengqiao.supervision.queries.facts import Offer, offers_of

MEASURES = Prefetch(
    "measures",
    Measure.objects.select_related("proposed_by", "answered_by", "decided_by", "reported_by"),
)
# Whose turn it is, for a post that looks for its own.
TURN_OF: dict[Role, tuple[SupervisionState, ...]] = {
    Role.HANDLER: (SupervisionState.PROPOSED, SupervisionState.ORDERED),
    Role.COMMISSION: (
        SupervisionState.ANSWERED,
        SupervisionState.REPORTED,
        SupervisionState.HANDED_OVER,
    ),
}


@dataclass(frozen=True)
class OfMatter:
    """What supervision there is on a matter, and what the post may propose for which part because of which facts.

    ``errors``: why the table of supervision could not be asked about a fact that stands.
    """

    supervisions: list[Supervision]
    offers: list[tuple[Assignment, Offer]]
    errors: list[str] = field(default_factory=list)


def of_matter(actor: Actor, matter: Matter) -> OfMatter:
    """The supervisions of a matter that the post sees, newest first, and what it may propose now."""
    found = list(
        supervisions_visible_to(actor)
        .filter(matter_id=matter.pk)
        .select_related("department", "commission", "assignment")
        .prefetch_related(MEASURES)
        .order_by("-opened_at", "-id")
    )
    if not may_propose(actor, matter):
        return OfMatter(found, [])
    parts = list(
        Assignment.objects.filter(matter_id=matter.pk, dispatch__ended_at=None)
        .select_related("department")
        .order_by("-part", "issued_at", "id")
    )
    offers = offers_of(matter, parts, [each for each in found if each.ended_at is None])
    return OfMatter(
        found,
        [(part, offer) for part in parts for offer in offers[part.pk].found],
        list(dict.fromkeys(error for part in parts for error in offers[part.pk].errors)),
    )


def actions_of(actor: Actor, matter: Matter, supervision: Supervision) -> list[SupervisionAction]:
    """What the post may do in it now; proposing the next rung is offered with its facts, not here."""
    found = [
        cell.action
        for cell in steps.ROWS
        if cell.state == supervision.state
        and cell.action != SupervisionAction.PROPOSE
        and may(actor, supervision, matter, cell)
    ]
    return list(dict.fromkeys(found))


def seen_by(actor: Actor) -> QuerySet[Supervision]:
    """Every supervision that the post sees, with its rungs."""
    found = supervisions_visible_to(actor).select_related("matter__holder", "department", "commission")
    return found.prefetch_related(MEASURES)


def by_id(actor: Actor, supervision_id: UUID) -> Supervision:
    """One that the post sees; raises ``NotAllowed`` alike for any other."""
    found = seen_by(actor).filter(pk=supervision_id).first()
    if found is None:
        raise NotAllowed("supervision_not_found", _("没有这项督办，或您的岗位看不到它。"))
    return found


def open_ones(actor: Actor) -> QuerySet[Supervision]:
    """Every supervision that is not over and that the post sees, the longest waiting first."""
    return (
        supervisions_visible_to(actor)
        .filter(state__in=OPEN)
        .select_related("matter", "department", "commission")
        .prefetch_related(MEASURES)
        .order_by("since", "id")
    )


def waits_for(actor: Actor, supervision: Supervision, last: Measure) -> bool:
    """Whether it is this post's turn; the commission's only when the department was heard or its day has passed."""
    if actor.role is Role.COMMISSION and supervision.state == SupervisionState.PROPOSED:
        return last.answer_by < clock.today()
    return supervision.state in TURN_OF.get(actor.role, ())
