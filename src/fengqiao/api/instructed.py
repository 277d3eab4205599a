"""What is answered to instructions and recommendations, through the API."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from fengqiao.api.actions.shapes import Written
from fengqiao.api.doors import WRITES, actor_of, reading
from fengqiao.api.shapes import Day, Shape
from fengqiao.api.writing import Receipt, carried_out, once_of, version_of
from fengqiao.flows import leading as flow
from fengqiao.leading.enums import InstructionAction
from fengqiao.leading.queries import instructions, recommendations

router = Router(tags=["leading"])


class AnswerSent(Shape):
    text: Annotated[Written, Field(description="What was done.")]


class ReplySent(Shape):
    text: Annotated[Written, Field(description="What the unit answered.")]
    replied_on: Annotated[
        Day, Field(description="The day of its answer: not before the letter, not to come.")
    ]


@router.post(
    "/instructions/{instruction_id}/answer",
    response=Receipt,
    auth=WRITES,
    operation_id="answerInstruction",
    summary="Answer an instruction · 答复批示",
    url_name="api_instruction_answer",
    openapi_extra={"x-writes": "version"},
)
def answer(request: HttpRequest, response: HttpResponse, instruction_id: UUID, sent: AnswerSent) -> Receipt:
    """Who was instructed, a department or a post, says what was done; the side that instructed accepts it or not."""
    actor = actor_of(request)
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with reading(request):
            # Asked here already: who sends it again may not see it any more.
            once.begin()
            found = instructions.by_id(actor, instruction_id)
        flow.act_on_instruction(
            actor=actor,
            matter_id=found.matter_id,
            instruction_id=instruction_id,
            action=InstructionAction.ANSWER,
            version=version,
            once=once,
            text=sent.text,
        )

    return carried_out(once, response, work)


@router.post(
    "/recommendations/{recommendation_id}/reply",
    response=Receipt,
    auth=WRITES,
    operation_id="recordReply",
    summary="Record a reply · 记录建议的回复",
    url_name="api_recommendation_reply",
    openapi_extra={"x-writes": "version"},
)
def reply(request: HttpRequest, response: HttpResponse, recommendation_id: UUID, sent: ReplySent) -> Receipt:
    """A leader of the centre writes down what the unit answered, once. The unit has the letter, not the matter."""
    actor = actor_of(request)
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with reading(request):
            once.begin()
            found = recommendations.by_id(actor, recommendation_id)
        flow.record_reply(
            actor=actor,
            matter_id=found.matter_id,
            recommendation_id=recommendation_id,
            version=version,
            once=once,
            text=sent.text,
            replied_on=sent.replied_on,
        )

    return carried_out(once, response, work)
