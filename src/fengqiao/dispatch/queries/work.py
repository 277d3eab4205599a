"""My work, as far as assignments and whistles make it."""

from __future__ import annotations

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Least

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.dispatch.enums import AssignmentState, Decision, Part
from fengqiao.dispatch.guards import SIGNED
from fengqiao.dispatch.models import Assignment, Call, Extension, ReturnRequest
from fengqiao.dispatch.policies import assignments_visible_to, calls_waiting_for
from fengqiao.dispatch.steps import ARBITERS
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.visibility import MatterQuerySet
from fengqiao.matters.steps import DIRECTING


def assignments_waiting_for(actor: Actor) -> QuerySet[Assignment]:
    """What a department's handler has to do next: check in, write the result, sign off.

    Ordered by what comes first: the limit that runs on the matter or the day of reply that the centre set.
    """
    if actor.role is not Role.HANDLER or actor.department_id is None:
        return Assignment.objects.none()
    mine = assignments_visible_to(actor).filter(department_id=actor.department_id, dispatch__ended_at=None)
    end_of_reply = Cast("reply_by", DateTimeField())
    return (
        mine.filter(
            Q(state=AssignmentState.ISSUED)
            | Q(state=AssignmentState.WORKING, part=Part.LEAD)
            | Q(state=AssignmentState.WORKING, part=Part.ASSIST, sign_off_due__isnull=False)
        )
        .select_related("matter", "matter__holder", "dispatch")
        .order_by(Least("matter__due_at", end_of_reply).asc(nulls_last=True), "since", "id")
    )


def calls_answerable_by(actor: Actor) -> QuerySet[Call]:
    """The whistles that call this department and are not finished, oldest first."""
    if actor.role is not Role.HANDLER:
        return Call.objects.none()
    return calls_waiting_for(actor).select_related("whistle", "whistle__centre").order_by("called_at", "id")


def to_settle(actor: Actor) -> MatterQuerySet:
    """Matters whose lead department has written its result and where no sign-off is missing any more."""
    mine: MatterQuerySet = Matter.objects.visible_to(actor)
    if actor.role not in DIRECTING:
        return mine.none()
    waiting_sign_off = (
        Assignment.objects.filter(dispatch__ended_at=None, part=Part.ASSIST)
        .exclude(state__in=SIGNED)
        .values("matter_id")
    )
    return (
        mine.filter(
            holder_id=actor.centre_id,
            state=State.HANDLING,
            pk__in=Assignment.objects.filter(
                dispatch__ended_at=None, part=Part.LEAD, state=AssignmentState.DISPOSED
            ).values("matter_id"),
        )
        .exclude(pk__in=waiting_sign_off)
        .order_by("state_since", "code")
    )


def to_arbitrate(actor: Actor) -> QuerySet[ReturnRequest]:
    """Returns that wait for a decision at the actor's centre, oldest first."""
    if actor.role not in ARBITERS:
        return ReturnRequest.objects.none()
    waiting = ReturnRequest.objects.filter(
        decision=Decision.PENDING, matter__in=_held(actor), assignment__dispatch__ended_at=None
    )
    if actor.role not in LEADERS:
        # The second return of a matter is for a director.
        earlier = ReturnRequest.objects.filter(
            matter_id=OuterRef("matter_id"), asked_at__lt=OuterRef("asked_at")
        )
        waiting = waiting.exclude(Exists(earlier))
    return waiting.select_related("matter", "assignment__department").order_by("asked_at", "id")


def extensions_to_decide(actor: Actor) -> QuerySet[Extension]:
    """Requests for more time that wait at the actor's centre, oldest first."""
    if actor.role not in ARBITERS:
        return Extension.objects.none()
    return (
        Extension.objects.filter(
            decision=Decision.PENDING,
            matter__in=_held(actor),
            assignment__state=AssignmentState.WORKING,
            assignment__dispatch__ended_at=None,
        )
        .select_related("matter", "assignment__department")
        .order_by("asked_at", "id")
    )


def _held(actor: Actor) -> MatterQuerySet:
    held: MatterQuerySet = (
        Matter.objects.visible_to(actor).filter(holder_id=actor.centre_id, state=State.HANDLING).order_by()
    )
    return held
