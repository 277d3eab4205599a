"""Instructions as pages and the API show them, and who may be instructed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.leading.enums import OPEN_INSTRUCTIONS, WAITS_FOR_ANSWER, InstructionAction, InstructionState
from fengqiao.leading.models import Instruction, InstructionAnswer
from fengqiao.leading.policies import instructions_visible_to, may_instruct, may_take_part
from fengqiao.leading.steps import INSTRUCTION_STEPS, INSTRUCTORS
from fengqiao.matters.models import Handed, Matter
from fengqiao.matters.queries.lights import Light, light_of
from fengqiao.places.enums import EXEMPT_FROM_SUPERVISION
from fengqiao.places.models import Department, Post, Stationing
from fengqiao.places.queries.divisions import in_force

ANSWERS = Prefetch(
    "answers", InstructionAnswer.objects.select_related("by", "decided_by").order_by("-at", "-id")
)


def of_matter(actor: Actor, matter: Matter) -> list[Instruction]:
    """The instructions on a matter that the post sees, newest first, with their answers."""
    found = instructions_visible_to(actor).filter(matter_id=matter.pk)
    found = found.select_related("department", "post__centre", "centre", "recorded_by")
    return list(found.prefetch_related(ANSWERS).order_by("-recorded_at", "-id"))


def seen_by(actor: Actor) -> QuerySet[Instruction]:
    """Every instruction that the post sees, with its answers."""
    found = instructions_visible_to(actor).select_related("matter", "department", "centre")
    return found.prefetch_related(ANSWERS)


def by_id(actor: Actor, instruction_id: UUID) -> Instruction:
    """One that the post sees; raises ``NotAllowed`` alike for any other."""
    found = seen_by(actor).filter(pk=instruction_id).first()
    if found is None:
        raise NotAllowed("instruction_not_found", _("没有这项批示，或您的岗位看不到它。"))
    return found


def open_ones(actor: Actor) -> QuerySet[Instruction]:
    """All that are not done and that the post sees, what is due first being first."""
    return (
        instructions_visible_to(actor)
        .filter(state__in=OPEN_INSTRUCTIONS)
        .select_related("matter", "department", "post__centre", "centre")
        .order_by("due_on", "id")
    )


def waiting_for(actor: Actor) -> QuerySet[Instruction]:
    """Those whose turn is this post's: to answer as who was instructed, to accept as the side that instructed."""
    turn = Q(pk=None)
    if actor.department_id:
        turn |= Q(department_id=actor.department_id, state__in=WAITS_FOR_ANSWER)
    else:
        turn |= Q(post_id=actor.post_id, state__in=WAITS_FOR_ANSWER)
    if actor.role in INSTRUCTORS:
        turn |= Q(centre_id=actor.centre_id, state=InstructionState.ANSWERED)
    return open_ones(actor).filter(turn)


def actions_of(actor: Actor, instruction: Instruction) -> list[InstructionAction]:
    """What the post may do with it now."""
    return [
        action
        for action, states in INSTRUCTION_STEPS.items()
        if instruction.state in states and may_take_part(actor, instruction, action)
    ]


def may_give(actor: Actor, matter: Matter) -> bool:
    """Whether the post can give or write down an instruction now."""
    return matter.is_open and may_instruct(actor, matter)


def light_of_instruction(instruction: Instruction) -> Light | None:
    """The light of its day; none where nobody has to do anything any more or the answer waits to be accepted."""
    if instruction.state not in WAITS_FOR_ANSWER:
        return None
    last = instruction.due_on + timedelta(days=1)
    begin = datetime.combine(instruction.warn_on, time(), tzinfo=clock.SHANGHAI)
    return light_of(begin, datetime.combine(last, time(), tzinfo=clock.SHANGHAI), clock.now())


def receivers_for(matter: Matter) -> QuerySet[Department]:
    """The departments that have the matter, but for those that decide independently."""
    handed = Handed.objects.filter(matter_id=matter.pk, taken_back_at=None).values("department_id")
    return (
        Department.objects.filter(pk__in=handed)
        .exclude(kind__in=[str(kind) for kind in EXEMPT_FROM_SUPERVISION])
        .order_by("division_id", "name")
    )


def posts_for(matter: Matter) -> QuerySet[Post]:
    """The posts of the centre that holds the matter which somebody holds today."""
    return (
        Post.objects.filter(
            pk__in=Stationing.objects.filter(in_force(clock.today())).values("post_id"),
            centre_id=matter.holder_id,
            role__in=[str(role) for role in CENTRE_ROLES],
        )
        .select_related("centre")
        .order_by("role")
    )
