"""Which listed matters a post sees, and who may do what with one."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel.errors import NotAllowed
from fengqiao.leading.enums import InstructionAction, KeyAction
from fengqiao.leading.models import Charge, Instruction, KeyMatter, Recommendation
from fengqiao.leading.steps import (
    INSTRUCTORS,
    MAY,
    READ_RECOMMENDATIONS,
    READ_THE_LIST,
    READERS,
    RECOMMENDERS,
)
from fengqiao.matters.models import Matter


def key_matters_visible_to(actor: Actor) -> QuerySet[KeyMatter]:
    """Those whose matter the post sees."""
    if actor.role not in READERS:
        return KeyMatter.objects.none()
    seen = Matter.objects.visible_to(actor).order_by().values("pk")
    return KeyMatter.objects.filter(county__in=actor.counties, matter__in=seen)


def may(
    actor: Actor,
    action: KeyAction,
    matter: Matter,
    key: KeyMatter | None = None,
    charge: Charge | None = None,
) -> bool:
    """Whether the post may do this: its role, at a centre that has to do with the matter's procedure.

    The centre that holds it, the one above that one, or the one that keeps the list. Who is in charge of it looks
    and visits from wherever their own post is.
    """
    if actor.role not in MAY[action]:
        return False
    if (
        charge is not None
        and charge.person_id == actor.person_id
        and action in (KeyAction.LOOK, KeyAction.VISIT)
    ):
        return True
    concerned = {matter.holder_id, matter.holder.upper_id, key.centre_id if key else None}
    return actor.centre_id is not None and actor.centre_id in concerned


def check_may(
    actor: Actor,
    action: KeyAction,
    matter: Matter,
    key: KeyMatter | None = None,
    charge: Charge | None = None,
) -> None:
    """Raises ``NotAllowed`` where ``may`` says no."""
    if not may(actor, action, matter, key, charge):
        raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": action.label})


def may_read_the_list(actor: Actor) -> bool:
    """Whether the post opens the list of key matters."""
    return actor.role in READ_THE_LIST


def check_may_read_the_list(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_read_the_list(actor):
        raise NotAllowed(
            "post_may_not_list", _("重点案件清单由中心领导、调度、值班、信访督查和督导岗位查看。")
        )


def instructions_visible_to(actor: Actor) -> QuerySet[Instruction]:
    """Those whose matter the post sees; a department's handler sees those to its own department alone."""
    if actor.role not in READERS:
        return Instruction.objects.none()
    seen = Matter.objects.visible_to(actor).order_by().values("pk")
    found = Instruction.objects.filter(county__in=actor.counties, matter__in=seen)
    if actor.role is Role.HANDLER and actor.department_id:
        return found.filter(department_id=actor.department_id)
    return found


def may_instruct(actor: Actor, matter: Matter) -> bool:
    """Whether the post gives instructions on the matter: at the centre that holds it, or the one above."""
    concerned = (matter.holder_id, matter.holder.upper_id)
    return actor.role in INSTRUCTORS and actor.centre_id is not None and actor.centre_id in concerned


def check_may_instruct(actor: Actor, matter: Matter) -> None:
    """Raises ``NotAllowed`` where ``may_instruct`` says no."""
    if not may_instruct(actor, matter):
        raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": _("领导批示")})


def may_take_part(actor: Actor, instruction: Instruction, action: InstructionAction) -> bool:
    """Whether the post answers (who was instructed), or accepts and sends back (the side that instructed)."""
    if action == InstructionAction.ANSWER:
        if instruction.department_id:
            return actor.role is Role.HANDLER and actor.department_id == instruction.department_id
        return actor.post_id == instruction.post_id
    return actor.role in INSTRUCTORS and actor.centre_id == instruction.centre_id


def recommendations_visible_to(actor: Actor) -> QuerySet[Recommendation]:
    """Those written from a matter that the post sees; the unit gets the letter, not the matter."""
    if actor.role not in READ_RECOMMENDATIONS:
        return Recommendation.objects.none()
    seen = Matter.objects.visible_to(actor).order_by().values("pk")
    return Recommendation.objects.filter(county__in=actor.counties, matter__in=seen)


def may_recommend(actor: Actor, matter: Matter) -> bool:
    """Whether the post sends recommendations drawn from the matter: a leader where it is held, or above."""
    concerned = (matter.holder_id, matter.holder.upper_id)
    return actor.role in RECOMMENDERS and actor.centre_id is not None and actor.centre_id in concerned


def check_may_recommend(actor: Actor, matter: Matter) -> None:
    """Raises ``NotAllowed`` where ``may_recommend`` says no."""
    if not may_recommend(actor, matter):
        raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": _("源头治理建议")})
