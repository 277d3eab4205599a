"""What the API tells of itself, to everybody: the program is open, and so is its document."""

from __future__ import annotations

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from fengqiao.accounts.marks import for_machines
from fengqiao.api import docs as shown
from fengqiao.api.document import document


@for_machines
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return HttpResponse(_as_json(), content_type="application/json")


@for_machines
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same document, to be read."""
    return HttpResponse(_as_page(get_language()))


@cache
def _as_json() -> bytes:
    return json.dumps(document(), ensure_ascii=False).encode()


@cache
def _as_page(language: str | None) -> str:
    """Drawn once in each language: it is long, open to everybody, and the same for all."""
    context = {"groups": shown.groups(), "shapes": shown.shapes(), "problems": shown.problems()}
    return render_to_string("api/docs.html", context)
