"""案件评查: the commission opens a review, reviewers write what they found, the centre mends what has to be mended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.sight import hand_to, laid_no_more, lay_before, take_back
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import Restriction, State, WordKind
from fengqiao.matters.models import Handed, Matter
from fengqiao.matters.models.base import of
from fengqiao.reviews.enums import CaseAction, ReviewKind, ReviewState
from fengqiao.reviews.models import Review
from fengqiao.reviews.policies import may_answer_review, may_open_review
from fengqiao.reviews.queries.reviews import judicial_bodies, open_to_review


def open_case(*, actor: Actor, code: str, ground: str, reviewer_id: UUID | None = None) -> Review:
    """启动案件评查: the commission opens a review of a matter, with its ground; from now on the matter lies before it.

    Where the matter concerns a court or procuratorate, ``reviewer_id`` names the one whose own reviewers write.
    A restricted matter that does not lie before the commission is not found. Refused: ``reviewer_needed``,
    ``reviewer_is_complained_of``, ``reviewed_already``.
    """
    ground = needed("ground", ground, _("请写明为什么评查。"), shortest=4)
    if not may_open_review(actor) or actor.department_id is None:
        raise _not_for_this_post(CaseAction.OPEN)
    matter = open_to_review(actor, code)
    if matter is None:
        raise Invalid({"code": _("没有这件事项，或您的岗位看不到它。")}, code="matter_not_found")
    bodies = {each.pk: each for each in judicial_bodies(matter)}
    if bodies and reviewer_id not in bodies:
        names = "、".join(each.name for each in bodies.values())
        raise Refusal(
            "reviewer_needed",
            _("事项涉及%(names)s：由其自己的评查员评查，请选择。") % {"names": names},
            field="reviewer",
        )
    if reviewer_id is not None and reviewer_id not in bodies:
        raise Invalid({"reviewer": _("事项不涉及这个机关。")})
    if reviewer_id is not None and reviewer_id == matter.against_department_id:
        raise Refusal(
            "reviewer_is_complained_of",
            _("被反映的机关不能评查对自己的反映：请报其上级机关。"),
            field="reviewer",
        )
    if reviewer_id is not None and matter.restriction != Restriction.OPEN:
        raise Refusal("restricted_by_director", _("限阅事项由主任或常务副主任报请，并由此批准对方查阅。"))
    if (
        Review.objects.filter(matter_id=matter.pk, kind=ReviewKind.CASE)
        .exclude(state=ReviewState.OVER)
        .exists()
    ):
        raise Refusal("reviewed_already", _("这件事项正在评查。"))
    if matter.restriction == Restriction.OPEN:
        lay_before(actor=actor, matter=matter, department_id=actor.department_id, reason=ground)
    matter = locked(actor=actor, matter_id=matter.pk)
    sees_for_it = reviewer_id is not None and not _sees(matter, reviewer_id)
    if reviewer_id is not None and sees_for_it:
        hand_to(matter, [reviewer_id])
    review = Review.objects.create(
        **of(matter),
        kind=ReviewKind.CASE,
        state=ReviewState.OPENED,
        ground=ground,
        known_until=matter.history_count,
        centre_id=matter.holder_id,
        commission_id=actor.department_id,
        reviewer_id=reviewer_id,
        reviewer_sees_for_it=sees_for_it,
        opened_by_id=actor.person_id,
        opened_at=clock.now(),
    )
    _write(actor, matter, review, CaseAction.OPEN, words={WordKind.GROUNDS: ground})
    return review


def find(*, actor: Actor, review_id: UUID, text: str, version: int | None = None) -> Review:
    """写评查意见: by the commission, or by the own reviewers of the court or procuratorate that it concerns.

    Refused: ``judicial_reviews_itself`` to the commission there; ``own_case`` to whoever handled the matter.
    """
    text = needed("text", text, _("请写明评查发现了什么。"), shortest=10)
    matter, review = _opened(actor, review_id, version)
    if review.reviewer_id is not None and actor.role is Role.COMMISSION:
        raise NotAllowed(
            "judicial_reviews_itself",
            _("事项涉及法院、检察院，由其自己的评查员写评查意见，政法委不能代写。"),
        )
    writes = review.reviewer_id or review.commission_id
    if review.kind != ReviewKind.CASE or actor.department_id is None or actor.department_id != writes:
        raise _not_for_this_post(CaseAction.FIND)
    if Assignment.objects.filter(matter_id=matter.pk, handler_id=actor.person_id).exists():
        raise NotAllowed("own_case", _("这件事项由您承办，请由他人评查。"))
    _check_state(review, ReviewState.OPENED, CaseAction.FIND)
    review.state = ReviewState.FOUND
    review.findings, review.found_by_id, review.found_at = text, actor.person_id, clock.now()
    review.save(update_fields=["state", "findings", "found_by", "found_at"])
    _write(actor, matter, review, CaseAction.FIND, words={WordKind.SUMMARY: text})
    return review


def conclude(
    *,
    actor: Actor,
    review_id: UUID,
    conclusion: str,
    to_mend: str = "",
    mend_by: date | None = None,
    version: int | None = None,
) -> Review:
    """作出评查结论: what follows of the findings, and what the centre has to mend until when; else it is over."""
    conclusion = needed("conclusion", conclusion, _("请写明评查结论。"), shortest=4)
    to_mend = allowed("to_mend", to_mend)
    matter, review = _opened(actor, review_id, version)
    if actor.role is not Role.COMMISSION or actor.department_id != review.commission_id:
        raise _not_for_this_post(CaseAction.CONCLUDE)
    _check_state(review, ReviewState.FOUND, CaseAction.CONCLUDE)
    if to_mend and (mend_by is None or mend_by < clock.today()):
        raise Invalid({"mend_by": _("请写明今天以后的整改期限。")})
    review.state = ReviewState.TO_MEND if to_mend else ReviewState.OVER
    review.conclusion, review.concluded_by_id, review.concluded_at = conclusion, actor.person_id, clock.now()
    review.to_mend, review.mend_by = to_mend, mend_by if to_mend else None
    review.save(update_fields=["state", "conclusion", "concluded_by", "concluded_at", "to_mend", "mend_by"])
    more = {"mend_by": review.mend_by}
    _write(actor, matter, review, CaseAction.CONCLUDE, parameters=more, words={WordKind.REASON: conclusion})
    _let_go(matter, review)
    return review


def answer(*, actor: Actor, review_id: UUID, text: str, version: int | None = None) -> Review:
    """反馈评查整改: the centre says how it mended what the review asked for; that ends it."""
    text = needed("text", text, _("请写明怎样整改的。"), shortest=4)
    matter, review = _opened(actor, review_id, version)
    if not may_answer_review(actor, review):
        raise _not_for_this_post(CaseAction.ANSWER)
    _check_state(review, ReviewState.TO_MEND, CaseAction.ANSWER)
    review.state = ReviewState.OVER
    review.answer, review.answered_by_id, review.answered_at = text, actor.person_id, clock.now()
    review.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    _write(actor, matter, review, CaseAction.ANSWER, words={WordKind.REPLY: text})
    _let_go(matter, review)
    return review


def is_before(matter_id: UUID, commission_id: UUID) -> bool:
    """Whether a review of the matter that is not over is the commission's."""
    found = Review.objects.filter(matter_id=matter_id, commission_id=commission_id)
    return found.exclude(state=ReviewState.OVER).exists()


def _let_go(matter: Matter, review: Review) -> None:
    """Who saw the matter for the review stops seeing it with its end."""
    if review.state != ReviewState.OVER:
        return
    if review.reviewer_id is not None and review.reviewer_sees_for_it:
        # It may have got a part of its own meanwhile.
        has_a_part = Assignment.objects.filter(matter_id=matter.pk, department_id=review.reviewer_id).exists()
        if not has_a_part:
            take_back(matter, review.reviewer_id)
    if review.commission_id is not None:
        laid_no_more(matter.pk, review.commission_id)


def _sees(matter: Matter, department_id: UUID) -> bool:
    handed = Handed.objects.filter(matter_id=matter.pk, department_id=department_id, taken_back_at=None)
    return handed.exists()


def _opened(actor: Actor, review_id: UUID, version: int | None) -> tuple[Matter, Review]:
    known = Review.objects.filter(pk=review_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("review_not_found", _("没有这项评查，或您的岗位看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    return matter, Review.objects.select_for_update(of=("self",)).get(pk=review_id)


def _check_state(review: Review, wanted: ReviewState, action: CaseAction) -> None:
    if review.state != wanted:
        raise Refusal(
            "not_in_this_state",
            _("这项评查现在是“%(state)s”，不能“%(action)s”。")
            % {"state": ReviewState(review.state).label, "action": action.label},
        )


def _write(
    actor: Actor,
    matter: Matter,
    review: Review,
    action: CaseAction,
    *,
    parameters: Mapping[str, Any] | None = None,
    words: Mapping[WordKind, str] | None = None,
) -> None:
    note(
        matter,
        actor=actor,
        type=f"case.{action}",
        parameters={
            "review": review.pk,
            "centre": review.centre_id,
            "commission": review.commission_id,
            "reviewer": review.reviewer_id,
            **(parameters or {}),
        },
        words=words,
        # A closed file is reviewed as it lies: also when it is in the archive.
        raises_version=matter.state != State.ARCHIVED,
    )


def _not_for_this_post(action: CaseAction) -> NotAllowed:
    return NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": action.label})
