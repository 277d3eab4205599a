"""The API itself: its parts, its refusals, and the addresses at which it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from fengqiao.accounts.marks import for_machines
from fengqiao.api import (
    accountability,
    advisers,
    agreements,
    brand_rooms,
    consultations,
    court,
    direct_reports,
    disposals,
    dossier,
    due,
    exports,
    form_templates,
    imports,
    instructed,
    lawyers,
    leading,
    limits,
    market,
    matters,
    mediating,
    mediators,
    notice_choices,
    notices,
    papers,
    parts,
    problems,
    referrals,
    reviews,
    roster,
    rules,
    saved_views,
    scans,
    schedules,
    signed,
    sketching,
    statistics,
    studies,
    supervision,
    talents,
    teams,
    time_limits,
    whistles,
)
from fengqiao.api.actions import bulk, departments
from fengqiao.api.actions import doors as actions
from fengqiao.api.doors import PARAMETERS
from fengqiao.kernel.errors import Refusal

View = Callable[..., HttpResponseBase]


def _made() -> NinjaAPI:
    made = NinjaAPI(
        title="Fengqiao",
        version="1",
        description="What the desk can do, for programs: the same flows, the same sight, the same history.",
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
    )
    made.add_router("", matters.router)
    made.add_router("", parts.router)
    made.add_router("", actions.router)
    made.add_router("", departments.router)
    made.add_router("", exports.router)
    made.add_router("", dossier.router)
    made.add_router("", disposals.router)
    made.add_router("", papers.router)
    made.add_router("", scans.router)
    made.add_router("", signed.router)
    made.add_router("", form_templates.router)
    made.add_router("", saved_views.router)
    made.add_router("", bulk.router)
    made.add_router("", schedules.router)
    made.add_router("", imports.router)
    made.add_router("", whistles.router)
    made.add_router("", notices.router)
    made.add_router("", notice_choices.router)
    made.add_router("", due.router)
    made.add_router("", accountability.router)
    made.add_router("", reviews.router)
    made.add_router("", mediating.router)
    made.add_router("", mediators.router)
    made.add_router("", brand_rooms.router)
    made.add_router("", talents.router)
    made.add_router("", market.router)
    made.add_router("", roster.router)
    made.add_router("", lawyers.router)
    made.add_router("", agreements.router)
    made.add_router("", sketching.router)
    made.add_router("", court.router)
    made.add_router("", referrals.router)
    made.add_router("", consultations.router)
    made.add_router("", teams.router)
    made.add_router("", advisers.router)
    made.add_router("", supervision.router)
    made.add_router("", leading.router)
    made.add_router("", instructed.router)
    made.add_router("", direct_reports.router)
    made.add_router("", statistics.router)
    made.add_router("", studies.router)
    made.add_router("", time_limits.router)
    made.add_router("", rules.router)
    for kind, handler in (
        (Refusal, problems.on_refusal),
        (problems.Problem, problems.on_problem),
        (ValidationError, problems.on_shape),
        (HttpError, problems.on_http_error),
        (RequestDataTooBig, problems.on_too_big),
        (SuspiciousOperation, problems.on_unreadable),
        (MultiPartParserError, problems.on_unreadable),
        (UnreadablePostError, problems.on_unreadable),
        (OperationalError, problems.on_database_away),
        (Exception, problems.on_trouble),
    ):
        made.add_exception_handler(kind, handler)  # type: ignore[arg-type]
    return made


service = _made()


def _learn_parameters() -> None:
    """Tells the doors which parameters each address and method knows."""
    for bound in service._get_bound_routers():
        for view in bound.path_operations.values():
            for operation in view.operations:
                names: set[str] = set()
                for model in operation.models:
                    if model.__ninja_param_source__ == "query":
                        names |= set(model.__ninja_flatten_map__)
                for method in operation.methods:
                    PARAMETERS[view.url_name, method] = frozenset(names)


def _as_door(pattern: URLPattern) -> URLPattern:
    """The address with what ninja leaves to Django: other methods and the headers of every answer."""
    inner = pattern.callback

    # Programs are not led to a sign-in page: Caller finds the actor, asks for the token against forged requests
    # where a session is used, and refuses in problem documents.
    @csrf_exempt
    @for_machines
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = inner(request, *args, **kwargs)
        if response.status_code == 405:
            allow = {"Allow": ", ".join(sorted(response.headers["Allow"].split(", ")))}
            problem = problems.Problem(405, "method", _("这个地址不接受这种方法。"), headers=allow)
            return problems.answer(request, problem)
        limits.tell(request, response)
        return response

    return URLPattern(pattern.pattern, door, pattern.default_args, pattern.name)


@csrf_exempt
@for_machines
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Every other address below the API."""
    return problems.answer(request, problems.Problem(404, "no_such_address", _("没有这个地址。")))


def urlpatterns() -> list[URLPattern]:
    """The addresses of the API, below ``/api/v1/``."""
    _learn_parameters()
    own = [each for each in service.urls[0] if isinstance(each, URLPattern) and each.name != "api-root"]
    return [*(_as_door(each) for each in own), re_path(r"^(?P<rest>.*)$", nowhere, name="api_nowhere")]
