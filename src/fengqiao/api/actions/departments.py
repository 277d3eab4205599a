"""What departments do with what they were given, and what the centre answers them: one address for each action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Path, Router
from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.api import offered
from fengqiao.api.actions.doors import named
from fengqiao.api.actions.shapes import Basis, Long, Written
from fengqiao.api.doors import WRITES, actor_of
from fengqiao.api.shapes import KEPT, Code, Day, Shape
from fengqiao.api.words import SHAPE_WORDS
from fengqiao.api.writing import Receipt, carried_out, once_of, version_of
from fengqiao.dispatch.enums import AssignmentAction, Decision, Opinion
from fengqiao.dispatch.models import Assignment
from fengqiao.dispatch.queries.handovers import assignments_of
from fengqiao.flows import procedure
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.record import material_of

router = Router(tags=["departments"])


class DepartmentAction(Shape):
    """An action that needs nothing written."""

    def values(self, actor: Actor, matter: Matter, assignment: Assignment) -> dict[str, Any]:
        """What the verb takes; raises ``Invalid`` where it names what the desk would not offer."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class ProgressSent(DepartmentAction):
    text: Written


class AskReturnSent(DepartmentAction):
    reason: Written
    basis: Annotated[
        str, Field(min_length=1, max_length=300, pattern=KEPT, description="The rule that says so.")
    ]
    file_id: Annotated[UUID | None, Field(description="Evidence: a file of this matter.")] = None

    def values(self, actor: Actor, matter: Matter, assignment: Assignment) -> dict[str, Any]:
        if self.file_id is not None and material_of(matter, self.file_id) is None:
            raise Invalid({"file_id": _("本事项没有这份材料。")}, code="not_offered")
        return super().values(actor, matter, assignment)


class ArbitrateSent(DepartmentAction):
    uphold: Annotated[
        bool, Field(description="true: another department gets it; false: this one handles it.")
    ]
    give_to: UUID | None = None
    grounds: Written

    def values(self, actor: Actor, matter: Matter, assignment: Assignment) -> dict[str, Any]:
        offered.departments(actor, [("give_to", self.give_to)])
        if self.give_to in (matter.against_department_id, assignment.department_id) and self.give_to:
            raise Invalid({"give_to": SHAPE_WORDS["enum"]}, code="not_offered")
        return super().values(actor, matter, assignment)


class AskExtensionSent(DepartmentAction):
    until: Day
    reason: Written


class DecideExtensionSent(DepartmentAction):
    approve: bool
    answer: Long = ""

    def values(self, actor: Actor, matter: Matter, assignment: Assignment) -> dict[str, Any]:
        pending = assignment.extensions.filter(decision=Decision.PENDING).first()
        if pending is None:
            raise Refusal("no_extension", _("没有待审批的延期申请。"))
        return super().values(actor, matter, assignment) | {"extension_id": pending.pk}


class DisposeSent(DepartmentAction):
    result: Written
    declined: bool = False
    basis: Basis = ""
    performance_due: Day | None = None


class SignOffSent(DepartmentAction):
    opinion: Opinion
    text: Long = ""


class OverrideSent(DepartmentAction):
    reason: Written


SHAPES: dict[AssignmentAction, type[DepartmentAction]] = {
    AssignmentAction.CHECK_IN: DepartmentAction,
    AssignmentAction.PROGRESS: ProgressSent,
    AssignmentAction.ASK_RETURN: AskReturnSent,
    AssignmentAction.ARBITRATE: ArbitrateSent,
    AssignmentAction.ASK_EXTENSION: AskExtensionSent,
    AssignmentAction.DECIDE_EXTENSION: DecideExtensionSent,
    AssignmentAction.DISPOSE: DisposeSent,
    AssignmentAction.SIGN_OFF: SignOffSent,
    AssignmentAction.OVERRIDE: OverrideSent,
}


def _view(action: AssignmentAction, shape: type[DepartmentAction]) -> Callable[..., Receipt]:
    def handle(
        request: HttpRequest,
        response: HttpResponse,
        code: Path[Code],
        dispatch_id: UUID,
        sent: DepartmentAction,
    ) -> Receipt:
        actor = actor_of(request)
        once, version = once_of(request, sent), version_of(request)

        def work() -> None:
            with scope(actor):
                once.begin()
                matter = opened(actor, code, door="action")
                assignment = assignments_of(actor, matter).filter(pk=dispatch_id).first()
                if assignment is None:
                    raise NotAllowed("dispatch_not_found", _("本事项没有这次交办。"))
                values = sent.values(actor, matter, assignment)
            procedure.handle(
                actor=actor,
                matter_id=matter.pk,
                assignment_id=dispatch_id,
                action=action,
                values=values,
                version=version,
                once=once,
            )

        return carried_out(once, response, work)

    handle.__annotations__["sent"] = shape
    handle.__doc__ = ""
    handle.__name__ = f"handle_{action}"
    return handle


def operation_of(action: AssignmentAction) -> str:
    """The name of an action's request: ask_return → askReturnDispatch."""
    first, *rest = action.value.split("_")
    return first + "".join(word.capitalize() for word in rest) + "Dispatch"


def _open() -> None:
    for action, shape in SHAPES.items():
        router.post(
            f"/matters/{{code}}/dispatches/{{dispatch_id}}/actions/{action.value}",
            response=Receipt,
            auth=WRITES,
            operation_id=operation_of(action),
            url_name=f"api_handle_{action.value}",
            summary=named(action),
            openapi_extra={"x-writes": "version"},
        )(_view(action, shape))


_open()
