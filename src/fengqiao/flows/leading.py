"""Key matters with a leader in charge, leaders' instructions and recommendations, from any door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.flows.once import Once
from fengqiao.leading.domain import instructing, listing, looking, recommending
from fengqiao.leading.domain.instructing import NewInstruction
from fengqiao.leading.domain.recommending import NewRecommendation
from fengqiao.leading.enums import InstructionAction, KeyAction
from fengqiao.leading.models import Instruction, KeyMatter, Recommendation
from fengqiao.matters.models import Matter

KEY_VERBS: dict[KeyAction, Callable[..., Any]] = {
    KeyAction.CHARGE: listing.put_in_charge,
    KeyAction.LOOK: looking.look,
    KeyAction.VISIT: looking.visit,
    KeyAction.UNLIST: listing.take_off,
}
INSTRUCTION_VERBS: dict[InstructionAction, Callable[..., Any]] = {
    InstructionAction.ANSWER: instructing.answer,
    InstructionAction.ACCEPT: instructing.accept,
    InstructionAction.SEND_BACK: instructing.send_back,
}


def list_matter(*, actor: Actor, matter_id: UUID, version: int | None = None, **values: Any) -> KeyMatter:
    """A leader puts a matter on the list of key matters or of old petition matters."""
    with attempt(actor, verb="key.list", subject=f"matter:{matter_id}"):
        return listing.list_matter(actor=actor, matter_id=matter_id, version=version, **values)


def act_on_key(
    *,
    actor: Actor,
    matter_id: UUID,
    key_matter_id: UUID,
    action: KeyAction,
    version: int | None = None,
    **values: Any,
) -> None:
    """Names who is in charge, looks, visits or takes it off; a refusal is rolled back and audited."""
    with attempt(actor, verb=f"key.{action}", subject=f"matter:{matter_id}"):
        KEY_VERBS[action](actor=actor, key_matter_id=key_matter_id, version=version, **values)


def instruct(
    *, actor: Actor, matter_id: UUID, new: NewInstruction, version: int | None = None
) -> Instruction:
    """A leader's written instruction becomes a task."""
    with attempt(actor, verb="instruction.give", subject=f"matter:{matter_id}"):
        return instructing.give(actor=actor, matter_id=matter_id, new=new, version=version)


def act_on_instruction(
    *,
    actor: Actor,
    matter_id: UUID,
    instruction_id: UUID,
    action: InstructionAction,
    version: int | None = None,
    once: Once | None = None,
    **values: Any,
) -> None:
    """Who was instructed answers; the side that instructed accepts or sends back."""
    with attempt(actor, verb=f"instruction.{action}", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        INSTRUCTION_VERBS[action](actor=actor, instruction_id=instruction_id, version=version, **values)
        if once:
            once.end(Matter.objects.get(pk=matter_id))


def recommend(
    *, actor: Actor, matter_id: UUID, new: NewRecommendation, version: int | None = None
) -> Recommendation:
    """A recommendation drawn from matters is sent to a unit."""
    with attempt(actor, verb="recommendation.send", subject=f"matter:{matter_id}"):
        return recommending.send(actor=actor, matter_id=matter_id, new=new, version=version)


def record_reply(
    *,
    actor: Actor,
    matter_id: UUID,
    recommendation_id: UUID,
    version: int | None = None,
    once: Once | None = None,
    **values: Any,
) -> None:
    """What the unit answered is written down."""
    with attempt(actor, verb="recommendation.reply", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        recommending.record_reply(actor=actor, recommendation_id=recommendation_id, version=version, **values)
        if once:
            once.end(Matter.objects.get(pk=matter_id))
