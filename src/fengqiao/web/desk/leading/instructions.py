"""Instructions on a matter's page: given, answered, accepted or sent back in dialogs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.flows import leading as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.leading.enums import InstructionAction
from fengqiao.leading.models import Instruction
from fengqiao.leading.policies import check_may_instruct, may_take_part
from fengqiao.leading.queries import instructions as query
from fengqiao.matters.models import Matter
from fengqiao.web.desk.leading.dialogs import DOOR, dialog
from fengqiao.web.desk.leading.forms import INSTRUCTION_FORMS, GiveForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, code: str) -> HttpResponse:
    """A leader's instruction is written down and becomes a task."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        check_may_instruct(actor, matter)
        form = GiveForm(matter, request.POST or None, auto_id=IN_DIALOG, initial={"given_on": clock.today()})

    def act(values: dict[str, Any]) -> None:
        flow.instruct(actor=actor, matter_id=matter.pk, **values)

    return dialog(request, actor, matter, form=form, title=_("领导批示"), act=act)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, code: str, instruction_id: UUID, action: str) -> HttpResponse:
    """Who was instructed answers; the side that instructed accepts or sends back."""
    actor = actor_of_request(request)
    if action not in INSTRUCTION_FORMS:
        raise NotAllowed("no_such_action", _("没有这个动作。"))
    verb = InstructionAction(action)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        found = next((each for each in query.of_matter(actor, matter) if each.pk == instruction_id), None)
        if found is None:
            raise NotAllowed("instruction_not_found", _("没有这项批示，或您的岗位看不到它。"))
        if not may_take_part(actor, found, verb):
            raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": verb.label})
        form = INSTRUCTION_FORMS[verb](matter, request.POST or None, auto_id=IN_DIALOG)

    def act(values: dict[str, Any]) -> None:
        flow.act_on_instruction(
            actor=actor, matter_id=matter.pk, instruction_id=instruction_id, action=verb, **values
        )

    return dialog(request, actor, matter, form=form, title=str(verb.label), act=act, said=found.text)


def shown(actor: Actor, matter: Matter, instruction: Instruction) -> dict[str, Any]:
    """One instruction: who, to whom, until when, its answers, and what the post may do now."""
    return {
        "instruction": instruction,
        "to": to_in_words(instruction),
        "light": query.light_of_instruction(instruction),
        "answers": list(instruction.answers.all()),
        "actions": [
            {
                "label": action.label,
                "href": reverse("instruction_step", args=[matter.code, instruction.pk, action]),
            }
            for action in query.actions_of(actor, instruction)
        ],
    }


def row(actor: Actor, instruction: Instruction) -> dict[str, Any]:
    """One instruction as a row of my work."""
    actions = query.actions_of(actor, instruction)
    code = instruction.matter.code
    href = reverse("matter", args=[code]) + "#leading"
    return {
        "instruction": instruction,
        "matter": instruction.matter,
        "to": to_in_words(instruction),
        "light": query.light_of_instruction(instruction),
        "action": actions[0].label if actions else "",
        "href": href,
    }


def to_in_words(instruction: Instruction) -> str:
    """Who has to do it."""
    if instruction.department is not None:
        return instruction.department.short_name
    assert instruction.post is not None  # noqa: S101  a check of the table
    return f"{instruction.post.centre or ''} · {Role(instruction.post.role).label}"
