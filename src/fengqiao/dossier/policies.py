"""Who may bind a matter's dossier and open it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES
from fengqiao.dossier.models import Volume
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
