"""Who writes direct reports, which of them a post sees, and who reads the statistics."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS, Role
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.reporting.models import DirectReport, Receipt

WRITERS = frozenset({Role.DISPATCHER, Role.DUTY_COMMANDER}) | LEADERS
# Those above to whom reports go have a list of them, as those who write them.
LISTED = WRITERS | {Role.COMMISSION}


def may_write(actor: Actor, matter: Matter) -> bool:
    """Whoever directs the centre that holds the matter, and whoever commands at night."""
    return actor.role in WRITERS and actor.centre_id is not None and actor.centre_id == matter.holder_id


def may_list(actor: Actor) -> bool:
    """Whether the post opens the list of direct reports."""
    return actor.role in LISTED


def check_may_list(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_list(actor):
        raise NotAllowed(
            "post_may_not_list_reports", _("风险直报由中心主任、调度岗、值班指挥长和政法委查看。")
        )


def reports_visible_to(actor: Actor) -> QuerySet[DirectReport]:
    """Those sent to this person, and for posts of a centre those of the matters that the post sees.

    What was sent to somebody stays open to them after the matter is closed to them; departments see none.
    """
    sent_to_me = Receipt.objects.filter(report_id=OuterRef("pk"), person_id=actor.person_id)
    seen = Q(Exists(sent_to_me))
    if actor.role in CENTRE_ROLES:
        seen |= Q(matter__in=Matter.objects.visible_to(actor).order_by().values("pk"))
    elif actor.role not in LISTED:
        return DirectReport.objects.none()
    return DirectReport.objects.filter(seen, county__in=actor.counties)


def may_read_statistics(actor: Actor) -> bool:
    """Posts of a centre and the commission, each over the matters that it sees."""
    return actor.role in CENTRE_ROLES or actor.role is Role.COMMISSION


def check_may_read_statistics(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_read_statistics(actor):
        raise NotAllowed("post_may_not_read_statistics", _("统计表由综治中心的岗位和政法委查看。"))
