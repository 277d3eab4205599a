"""What went wrong, as a problem document (RFC 9457) that names each field and the rule it broke."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError

from fengqiao.api import limits
from fengqiao.api.words import SHAPE_WORDS, TITLES
from fengqiao.audit.domain.record import refused
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal, Stale

MEDIA_TYPE = "application/problem+json"
logger = logging.getLogger("fengqiao.api")

# Not there, or not for this post: nobody learns which.
NOT_THERE = frozenset(
    {
        "matter_not_found",
        "file_not_found",
        "batch_not_found",
        "template_not_found",
        "dispatch_not_found",
        "export_not_found",
        "view_not_found",
        "schedule_not_found",
        "import_not_found",
        "scans_not_found",
        "scan_not_found",
        "signed_page_not_found",
        "whistle_not_found",
        "call_not_found",
        "notice_not_found",
        "clock_not_found",
        "fact_not_found",
        "table_version_not_found",
        "replay_not_found",
        "supervision_not_found",
        "key_matter_not_found",
        "instruction_not_found",
        "recommendation_not_found",
        "report_not_found",
        "study_not_found",
        "consultation_not_found",
        "team_not_found",
        "adviser_not_found",
        "task_not_found",
        "volume_not_found",
        "agreement_not_found",
        "court_case_not_found",
        "referral_not_found",
        "term_not_found",
        "paper_not_found",
        "room_not_found",
        "talent_not_found",
        "body_not_found",
        "turn_not_found",
        "mediator_not_found",
    }
)


class Flaw(TypedDict):
    """One thing that is wrong: where (empty for the whole request), which rule, and the sentence."""

    field: str
    rule: str
    message: str


class Problem(Exception):
    """Ends a request with a problem document; nothing was changed."""

    def __init__(
        self,
        status: int,
        rule: str,
        message: Any,
        *,
        field: str = "",
        flaws: Sequence[Flaw] = (),
        headers: Mapping[str, str] | None = None,
        current: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(rule)
        self.status = status
        self.detail = message
        self.flaws = list(flaws) or [Flaw(field=field, rule=rule, message=str(message))]
        self.headers = dict(headers or {})
        self.current = current


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The document of a problem, in the language of the request."""
    body = {
        "type": f"/api/v1/docs#problem-{problem.status}",
        "title": str(TITLES[problem.status]),
        "status": problem.status,
        "detail": str(problem.detail),
        "errors": problem.flaws,
    }
    if problem.current is not None:
        body["current"] = problem.current
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=problem.status, content_type=MEDIA_TYPE
    )
    limits.tell(request, response)
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def not_found() -> Problem:
    """A matter (or part of one) that is not there or not seen."""
    return Problem(404, "matter_not_found", _("没有这件事项，或您的岗位看不到它。"))


def of_refusal(refusal: Refusal) -> Problem:
    """What the domain refused, with its rule and its words."""
    status = refusal.status
    if isinstance(refusal, NotAllowed) and refusal.code in NOT_THERE:
        status = 404
    elif isinstance(refusal, Stale):
        status = 412
    errors = refusal.errors if isinstance(refusal, Invalid) else {refusal.field or "": refusal.message}
    flaws = [Flaw(field=name, rule=refusal.code, message=str(text)) for name, text in errors.items()]
    return Problem(status, refusal.code, refusal.message, flaws=flaws)


def beneath(place: str, refusal: Invalid) -> Invalid:
    """The same of values that stand under a field of the request: "lead" → "what.lead"."""
    return Invalid(
        {f"{place}.{name}": sentence for name, sentence in refusal.errors.items()}, code=refusal.code
    )


def of_shape(error: ValidationError) -> Problem:
    """What does not fit the shape that the document asks for. What was sent is never repeated."""
    flaws = [
        Flaw(field=_place(each["loc"]), rule=each["type"], message=_shape_words(each))
        for each in error.errors[:50]
    ]
    return Problem(422, "invalid", _("请求的内容不符合要求。"), flaws=flaws)


def _place(loc: Sequence[Any]) -> str:
    """("body", "new", "parties", 0, "name") → "parties.0.name"; the argument's own name is nobody's field."""
    parts = [str(each) for each in (loc[2:] if loc and loc[0] == "body" else loc[1:])]
    return ".".join(parts)


def _shape_words(error: Mapping[str, Any]) -> str:
    words = SHAPE_WORDS.get(error["type"])
    return str(words) % error.get("ctx", {}) if words is not None else _("格式或取值不对。")


def audit(request: HttpRequest, refusal: Refusal) -> None:
    """Writes a refusal into the audit, once, as at every other door."""
    actor = getattr(request, "actor", None)
    if actor is not None and not refusal.audited:
        verb = f"api.{(request.method or '').lower()}"
        refused(actor, verb=verb, subject=request.path[:96].replace("\0", ""), refusal=refusal)
        refusal.audited = True


def on_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    audit(request, refusal)
    return answer(request, of_refusal(refusal))


def on_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return answer(request, problem)


def on_shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return answer(request, of_shape(error))


def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework itself refuses: a body that is no JSON."""
    return answer(request, Problem(400, "unreadable", _("请求的内容不是可以读取的 JSON。")))


def on_unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    """A form that is none, or a line that went down in the middle of it."""
    return answer(request, Problem(400, "unreadable", _("请求的内容无法读取。")))


def on_too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return answer(request, Problem(413, "too_big", _("请求的内容太大。")))


def on_database_away(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """A lock that was not got, a connection that went: it may be sent again, with the same key."""
    logger.warning("the database did not answer", exc_info=error)
    headers = {"Retry-After": "2"}
    return answer(
        request, Problem(503, "database_away", _("数据库一时没有应答，请稍后再试。"), headers=headers)
    )


def on_trouble(request: HttpRequest, error: Exception) -> HttpResponse:
    """A mistake in the program: written down with its trace, told without it."""
    logger.error("%s %s", request.method, request.path, exc_info=error)
    return answer(request, Problem(500, "trouble", _("程序出错，已经记录。请稍后再试。")))
