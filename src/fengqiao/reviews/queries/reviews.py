"""Reviews of matters as pages show them: whose turn it is, and what was known when."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Case, QuerySet, Value, When

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.dispatch.models import Assignment, Notice
from fengqiao.kernel.codes import county_of
from fengqiao.matters.enums import ProcedureKind, Restriction
from fengqiao.matters.models import HistoryEvent, Matter, Word
from fengqiao.places.enums import INDEPENDENT, DepartmentKind
from fengqiao.places.models import Department
from fengqiao.reviews.enums import CaseAction, ReviewKind, ReviewState
from fengqiao.reviews.models import Review
from fengqiao.reviews.policies import may_answer_review, may_write_up, reviews_visible_to


def open_to_review(actor: Actor, code: str) -> Matter | None:
    """The matter of which the commission may open a review: an open one of its county, or one that is before it."""
    seen: Matter | None = Matter.objects.visible_to(actor).filter(code=code).first()
    if seen is not None:
        return seen
    found: Matter | None = Matter.objects.filter(
        code=code, county=actor.county, restriction=Restriction.OPEN
    ).first()
    if found is None or found.against_department_id in actor.bodies:
        return None
    return found


def judicial_bodies(matter: Matter) -> list[Department]:
    """The courts and procuratorates that a matter concerns: complained of, with a part or told, or with a suit."""
    ids = set(Assignment.objects.filter(matter_id=matter.pk).values_list("department_id", flat=True))
    ids |= set(Notice.objects.filter(matter_id=matter.pk).values_list("department_id", flat=True))
    if matter.against_department_id:
        ids.add(matter.against_department_id)
    found = list(Department.objects.filter(pk__in=ids, kind__in=INDEPENDENT).order_by("name"))
    if not found and matter.procedures.filter(kind=ProcedureKind.LITIGATION).exists():
        courts = Department.objects.filter(kind=DepartmentKind.COURT).order_by("name")
        found = [each for each in courts if county_of(each.division_id) == matter.county]
    return found


def reviews_of(actor: Actor) -> QuerySet[Review]:
    """The reviews that the post sees: those first that are not over, then the newest."""
    over = Case(When(state=ReviewState.OVER, then=Value(1)), default=Value(0))
    return (
        reviews_visible_to(actor)
        .select_related("matter", "centre", "commission", "reviewer")
        .order_by(over, "-opened_at", "-pk")
    )


def actions_of(actor: Actor, review: Review) -> Iterable[CaseAction]:
    """What the post may do in it now."""
    if review.kind == ReviewKind.CRIMINAL:
        if review.state != ReviewState.OVER and may_write_up(actor, review):
            yield CaseAction.WRITE_UP
        return
    writes = review.reviewer_id or review.commission_id
    if (
        review.state == ReviewState.OPENED
        and actor.department_id is not None
        and actor.department_id == writes
    ):
        yield CaseAction.FIND
    concludes = actor.role is Role.COMMISSION and actor.department_id == review.commission_id
    if review.state == ReviewState.FOUND and concludes:
        yield CaseAction.CONCLUDE
    if review.state == ReviewState.TO_MEND and actor.role in LEADERS and may_answer_review(actor, review):
        yield CaseAction.ANSWER


def known_then(review: Review) -> tuple[list[HistoryEvent], list[Word]]:
    """The matter's history up to the opening of the review, with what was written (two statements)."""
    events = HistoryEvent.objects.filter(matter_id=review.matter_id, seq__lte=review.known_until)
    words = Word.objects.filter(matter_id=review.matter_id, seq__lte=review.known_until)
    return list(events.order_by("seq")), list(words.order_by("seq"))
