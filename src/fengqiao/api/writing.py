"""What every request that writes brings: its key, and the version of the matter that it was made for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fengqiao.api.domain.once import ONCE, Answered, OnceByKey, in_progress
from fengqiao.api.doors import actor_of, client_of
from fengqiao.api.problems import Problem
from fengqiao.api.shapes import Shape, Told
from fengqiao.matters import enums

KEY = re.compile(r"[!-~]{1,80}")
TAG = re.compile(r'"([0-9]{1,9})"')


class Receipt(Told):
    """What was written: the matter and where it stands now."""

    code: str
    version: int
    state: enums.State
    step: enums.Step


def etag(version: int) -> str:
    """The entity tag of a matter's version."""
    return f'"{version}"'


def known_already(told: str, tag: str) -> bool:
    """Whether an If-None-Match names this tag (RFC 9110: a list, weak or strong, or all by ``*``)."""
    return told.strip() == "*" or tag in [each.strip().removeprefix("W/") for each in told.split(",")]


def unchanged(request: HttpRequest, response: HttpResponse, version: int) -> HttpResponse | None:
    """Tells the version as the answer's tag; the short answer (304) where it is what the caller knows already."""
    tag = response.headers["ETag"] = etag(version)
    if not known_already(request.headers.get("If-None-Match", ""), tag):
        return None
    same = HttpResponse(status=304)
    same.headers["ETag"] = tag
    return same


def once_of(request: HttpRequest, sent: Shape | Mapping[str, Any]) -> OnceByKey:
    """The request under its Idempotency-Key; raises a problem where there is none.

    ``sent`` is what makes the same request: the values that were sent, or what stands for them.
    """
    key = request.headers.get("Idempotency-Key")
    name = "Idempotency-Key"
    if key is None:
        raise Problem(400, "missing", _("请为每次提交写一个 Idempotency-Key：重发时不会办两次。"), field=name)
    if not KEY.fullmatch(key):
        raise Problem(422, "invalid", _("Idempotency-Key 应为 1 至 80 个可见的 ASCII 字符。"), field=name)
    values = sent.model_dump(mode="json") if isinstance(sent, Shape) else dict(sent)
    asked = [request.method, request.path, request.headers.get("If-Match"), values]
    return OnceByKey(actor_of(request), client_of(request), key, asked)


def version_of(request: HttpRequest) -> int:
    """The version that the change was made for; raises a problem where none is named."""
    tag = request.headers.get("If-Match")
    if tag is None:
        raise Problem(428, "missing", _("请用 If-Match 写明您看到的版本（事项的 ETag）。"), field="If-Match")
    match = TAG.fullmatch(tag.strip())
    if match is None:
        raise Problem(412, "stale", _("If-Match 不是事项的 ETag。"), field="If-Match")
    return int(match[1])


def answered(once: OnceByKey, response: HttpResponse, work: Callable[[], Any]) -> dict[str, Any]:
    """Does the work, or finds the answer of the first time; a header says which."""
    try:
        work()
    except Answered as before:
        response.headers["Idempotency-Replayed"] = "true"
        return before.answer
    except IntegrityError as clash:
        if ONCE not in str(clash):
            raise
        raise in_progress() from clash
    return once.answer


def carried_out(once: OnceByKey, response: HttpResponse, work: Callable[[], Any]) -> Receipt:
    """The same for what is done to a matter: its receipt, with the new version as a header."""
    answer = answered(once, response, work)
    response.headers["ETag"] = etag(answer["version"])
    return Receipt(**{name: answer[name] for name in Receipt.model_fields})
