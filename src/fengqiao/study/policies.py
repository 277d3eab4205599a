"""Who convenes a study, who names members, and what of a study each of them sees."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS, Role
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.study.enums import TAKES_PART, Reply, StudyState
from fengqiao.study.models import Invitation, Study

CONVENERS = frozenset({Role.DISPATCHER}) | LEADERS


def may_convene(actor: Actor, matter: Matter) -> bool:
    """Whoever directs the centre that holds the matter."""
    return actor.role in CONVENERS and actor.centre_id is not None and actor.centre_id == matter.holder_id


def may_conclude(actor: Actor, matter: Matter) -> bool:
    """The conclusion is a leader's."""
    return actor.role in LEADERS and may_convene(actor, matter)


def may_name_members(actor: Actor) -> bool:
    """A member reads what is laid before a study: naming one is giving a right."""
    return actor.role is Role.SECURITY_ADMINISTRATOR


def check_may_name_members(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_name_members(actor):
        raise NotAllowed("post_may_not_name_members", _("研判委员由安全管理员按县里的文件登记。"))


def may_list(actor: Actor) -> bool:
    """Administrators and machines take part in no study."""
    return not actor.is_administrator and actor.role not in (Role.EXCHANGE, Role.SUPERVISOR)


def check_may_list(actor: Actor) -> None:
    """Raises ``NotAllowed`` where ``may_list`` says no."""
    if not may_list(actor):
        raise NotAllowed("post_takes_no_part", _("这个岗位不参加研判。"))


def studies_visible_to(actor: Actor) -> QuerySet[Study]:
    """Those to which this person is invited, a centre's own, and for a department what it was advised.

    Who has declined or stepped aside sees a study no more, whatever else they are.
    """
    if not may_list(actor):
        return Study.objects.none()
    mine = Invitation.objects.filter(study_id=OuterRef("pk"), person_id=actor.person_id)
    seen = Q(Exists(mine.filter(reply__in=TAKES_PART)))
    of_matters = Q(matter__in=Matter.objects.visible_to(actor).order_by().values("pk"))
    if actor.role in CENTRE_ROLES:
        seen |= of_matters
    elif actor.role is Role.HANDLER and actor.department_id:
        seen |= of_matters & Q(state=StudyState.CONCLUDED, advised_id=actor.department_id)
    found = Study.objects.filter(seen, county__in=actor.counties)
    return found.exclude(Exists(mine.filter(reply=Reply.RECUSED)))
