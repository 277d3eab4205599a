"""One address for each action of the step table, so that each says by itself what it needs."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Path, Router

from fengqiao.accounts.scope import scope
from fengqiao.api.actions.shapes import SHAPES, ActionSent
from fengqiao.api.doors import WRITES, actor_of
from fengqiao.api.shapes import Code
from fengqiao.api.writing import Receipt, carried_out, once_of, version_of
from fengqiao.dispatch.enums import AssignmentAction
from fengqiao.flows import procedure
from fengqiao.flows.reading import opened
from fengqiao.matters.enums import Action

router = Router(tags=["actions"])


def _view(action: Action, shape: type[ActionSent]) -> Callable[..., Receipt]:
    def act(request: HttpRequest, response: HttpResponse, code: Path[Code], sent: ActionSent) -> Receipt:
        actor = actor_of(request)
        once, version = once_of(request, sent), version_of(request)

        def work() -> None:
            with scope(actor):
                # Asked here already: who sends it again may not see the matter any more.
                once.begin()
                matter = opened(actor, code, door="action")
                values = sent.values(actor, matter)
            procedure.act(
                actor=actor, matter_id=matter.pk, action=action, values=values, version=version, once=once
            )

        return carried_out(once, response, work)

    act.__annotations__["sent"] = shape
    act.__doc__ = shape.__doc__ if shape is not ActionSent and shape.__doc__ else ""
    act.__name__ = f"act_{action}"
    return act


def named(action: Action | AssignmentAction) -> str:
    """The action in both languages."""
    with translation.override("zh-hans"):
        return f"{action.value.replace('_', ' ').capitalize()} · {action.label}"


def operation_of(action: Action) -> str:
    """The name of an action's request: send_to_mediation → sendToMediationMatter."""
    first, *rest = action.value.split("_")
    return first + "".join(word.capitalize() for word in rest) + "Matter"


def _open() -> None:
    for action, shape in SHAPES.items():
        router.post(
            f"/matters/{{code}}/actions/{action.value}",
            response=Receipt,
            auth=WRITES,
            operation_id=operation_of(action),
            url_name=f"api_act_{action.value}",
            summary=named(action),
            openapi_extra={"x-writes": "version"},
        )(_view(action, shape))


_open()
