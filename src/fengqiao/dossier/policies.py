"""Who may bind a matter's dossier and open it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS, Role
from fengqiao.dossier.models import DisposalBatch, Volume
from fengqiao.kernel.codes import division_level
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter


def may_bind(actor: Actor) -> bool:
    """Posts of a centre, as they alone print the forms."""
    return actor.role in CENTRE_ROLES


def check_may_bind(actor: Actor) -> None:
    """Raises ``NotAllowed`` where the post prints no form."""
    if not may_bind(actor):
        raise NotAllowed("dossier_not_allowed", _("您的岗位不能装订或查看卷宗。"))


def volumes_of(actor: Actor, matter: Matter) -> QuerySet[Volume]:
    """The bindings of a matter that the actor has opened, newest first; none for a post that prints no form."""
    if not may_bind(actor):
        return Volume.objects.none()
    return Volume.objects.filter(matter_id=matter.id).order_by("-ordered_at", "-id")


MAY_LIST_FOR_DISPOSAL = LEADERS | {Role.DISPATCHER}
MAY_DECIDE_DISPOSAL = frozenset({Role.DIRECTOR, Role.EXECUTIVE_DEPUTY})


def may_list_for_disposal(actor: Actor) -> bool:
    """Who keeps the archive of a centre puts a batch together."""
    return actor.role in MAY_LIST_FOR_DISPOSAL and actor.centre_id is not None


def check_may_list_for_disposal(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_list_for_disposal(actor):
        raise NotAllowed("disposal_not_allowed", _("卷宗的鉴定销毁由中心领导和调度岗办理。"))


def may_decide_disposal(actor: Actor, batch: DisposalBatch) -> bool:
    """The director or the executive deputy of the same centre, and never who put the batch together."""
    return (
        actor.role in MAY_DECIDE_DISPOSAL
        and actor.centre_id == batch.centre_id
        and actor.person_id != batch.proposed_by_id
    )


MAY_DRAFT_TEMPLATES = LEADERS | {Role.DISPATCHER}


def may_read_templates(actor: Actor) -> bool:
    """Every post of a centre may see by which template its papers are made."""
    return actor.role in CENTRE_ROLES


def may_draft_templates(actor: Actor) -> bool:
    """Who writes a county's tables (adr/0027): posts at the county's or the city's own centre."""
    return actor.role in MAY_DRAFT_TEMPLATES and division_level(actor.division) <= 3


def may_approve_templates(actor: Actor) -> bool:
    """The director and the executive deputy there."""
    return actor.role in MAY_DECIDE_DISPOSAL and division_level(actor.division) <= 3


def check_may_read_templates(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any post outside a centre."""
    if not may_read_templates(actor):
        raise NotAllowed("templates_not_allowed", _("文书模板由综治中心的岗位查看。"))


def may_scan(actor: Actor) -> bool:
    """Who prints the papers takes them back signed: posts of a centre."""
    return actor.role in CENTRE_ROLES and actor.centre_id is not None


def check_may_scan(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_scan(actor):
        raise NotAllowed("scans_not_allowed", _("扫描件由综治中心的岗位归卷。"))
