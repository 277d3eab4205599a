"""Which facts and reviews a post sees, and who may do what with one."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.reviews.models import ListedFact

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
