"""Which facts and reviews a post sees, and who may do what with one."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.reviews.enums import ReviewKind
from fengqiao.reviews.models import ListedFact, Review, Sample

# Who draws, who checks, and who puts right what was found: at the centre whose files they are.
DRAWERS = LEADERS
SAMPLERS = LEADERS | {Role.PETITION_INSPECTOR}
MENDERS = LEADERS | {Role.DISPATCHER}
READERS = LEADERS | {Role.COMMISSION, Role.HANDLER}


def may_read_list(actor: Actor) -> bool:
    """Those who direct a centre, the commission, and a department for its own."""
    return actor.role in READERS


def check_may_read_list(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_read_list(actor):
        raise NotAllowed("post_may_not_read_list", _("责任清单由中心负责人、政法委和单位自己查看。"))


def listed_visible_to(actor: Actor) -> QuerySet[ListedFact]:
    """The entries of matters that the post sees: a department its own, the commission those laid before it."""
    if not may_read_list(actor):
        return ListedFact.objects.none()
    seen = ListedFact.objects.filter(
        county__in=actor.counties, matter__in=Matter.objects.visible_to(actor).order_by().values("pk")
    )
    if actor.role is Role.HANDLER and actor.department_id:
        return seen.filter(department_id=actor.department_id)
    if actor.role is Role.COMMISSION and actor.department_id:
        return seen.filter(commission_id=actor.department_id)
    return seen


def may_enter(actor: Actor, matter: Matter) -> bool:
    """Who directs the centre that holds the matter; the commission for what is before it."""
    if actor.role is Role.COMMISSION:
        return actor.department_id is not None
    return actor.role in LEADERS and actor.centre_id == matter.holder_id


def may_reply(actor: Actor, listed: ListedFact) -> bool:
    """The body of which it is said: the department's handlers, or those who direct the centre."""
    if listed.department_id is not None:
        return actor.role is Role.HANDLER and actor.department_id == listed.department_id
    return actor.role in LEADERS and actor.centre_id == listed.centre_id


def may_withdraw(actor: Actor, listed: ListedFact) -> bool:
    """Whoever entered it, while they may still enter one, and the commission."""
    if actor.role is Role.COMMISSION:
        return actor.department_id == listed.commission_id
    return actor.role in LEADERS and listed.entered_by_id == actor.person_id


def may_sample(actor: Actor) -> bool:
    """Whether the post has to do with the sampling of its centre's files."""
    return actor.centre_id is not None and actor.role in SAMPLERS | MENDERS


def check_may_sample(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_sample(actor):
        raise NotAllowed("post_may_not_sample", _("结案抽查由中心负责人、信访督查员和调度岗查看。"))


def may_draw(actor: Actor) -> bool:
    """Those who direct the centre."""
    return actor.centre_id is not None and actor.role in DRAWERS


def samples_visible_to(actor: Actor) -> QuerySet[Sample]:
    """The draws of the post's own centre."""
    if not may_sample(actor) or actor.centre_id is None:
        return Sample.objects.none()
    return Sample.objects.filter(county__in=actor.counties, centre_id=actor.centre_id)


def may_read_reviews(actor: Actor) -> bool:
    """Those who direct a centre, the commission, and the bodies whose own reviewers write."""
    return actor.role in READERS


def check_may_read_reviews(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_read_reviews(actor):
        raise NotAllowed("post_may_not_read_reviews", _("评查由中心负责人、政法委和评查单位查看。"))


def reviews_visible_to(actor: Actor) -> QuerySet[Review]:
    """The reviews of matters that the post sees: the commission its own, a body those that it writes."""
    if not may_read_reviews(actor):
        return Review.objects.none()
    seen = Review.objects.filter(
        county__in=actor.counties, matter__in=Matter.objects.visible_to(actor).order_by().values("pk")
    )
    if actor.role is Role.HANDLER and actor.department_id:
        return seen.filter(reviewer_id=actor.department_id)
    if actor.role is Role.COMMISSION and actor.department_id:
        return seen.filter(Q(commission_id=actor.department_id) | Q(kind=ReviewKind.CRIMINAL))
    return seen


def may_open_review(actor: Actor) -> bool:
    """The political-legal commission, and nobody else."""
    return actor.role is Role.COMMISSION and actor.department_id is not None


def may_answer_review(actor: Actor, review: Review) -> bool:
    """Those who direct the centre that held the matter."""
    return actor.role in LEADERS and actor.centre_id == review.centre_id


def may_write_up(actor: Actor, review: Review) -> bool:
    """Those who direct the centre: what turned criminal there they look at themselves."""
    return actor.role in LEADERS and actor.centre_id == review.centre_id
