"""What is told of every answer: a number to find it by, its route, how long it took, as which post.

Never the address, the query, the body, a name: a route is told by its name alone, and the audit keeps what
the law wants kept of who did what.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from fengqiao.config import measures

ID_HEADER = "X-Request-Id"
log = structlog.get_logger("fengqiao.request")


class ObservingMiddleware:
    """Around everything else, so that refusals of the other middleware are told too.

    The number is always our own: one that came with the request could hold anything.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number, began = uuid4().hex, time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=number)
        response = self.get_response(request)
        response.headers[ID_HEADER] = number
        seconds = time.perf_counter() - began
        route = route_of(request)
        method = request.method or ""
        measures.count(route=route, method=method, status=response.status_code, seconds=seconds)
        actor = getattr(request, "actor", None)
        log.info(
            "answered",
            route=route,
            method=method,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            post=str(actor.post_id) if actor is not None and actor.post_id else None,
        )
        return response


def route_of(request: HttpRequest) -> str:
    """The route's name; "static" for files of the pages, "none" for what leads nowhere."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or "unnamed"
    return "static" if request.path.startswith(str(settings.STATIC_URL)) else "none"
