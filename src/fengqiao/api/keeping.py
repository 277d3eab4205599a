"""What leaders keep of what their centre can call on: written down once, whichever list it stands in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from fengqiao.api.doors import actor_of
from fengqiao.api.shapes import Made, Shape
from fengqiao.api.writing import answered, once_of
from fengqiao.flows import pool as flow
from fengqiao.pool.enums import PoolAction
from fengqiao.pool.policies import check_may_keep


def kept(
    request: HttpRequest,
    response: HttpResponse,
    sent: Shape,
    action: PoolAction,
    *,
    subject: str = "",
    **values: Any,
) -> Made:
    """Writes one thing down, or finds what was answered before; ``subject`` is what the audit names."""
    actor, once = actor_of(request), once_of(request, sent)
    check_may_keep(actor, actor.centre_id)
    answer = answered(
        once,
        response,
        lambda: flow.keep(actor=actor, action=action, subject=subject, once=once, **values),
    )
    return Made(**answer)
