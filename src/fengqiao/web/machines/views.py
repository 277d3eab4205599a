"""The door at which machines ask for a token: OAuth 2 client credentials, by allauth's identity provider.

Of the provider's doors this is the only one that is open: nobody signs in here for another system, no client
registers itself, and a token is good for our own API alone.
"""

from __future__ import annotations

import json
from typing import Any

from allauth.core.internal import httpkit, ratelimit
from allauth.idp.oidc.views import token as provider
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fengqiao.accounts.marks import without_post
from fengqiao.flows import machines as flow
from fengqiao.kernel.errors import Refusal
from fengqiao.places.queries.machines import Machine, machine_of

GRANT = "client_credentials"
# A token lasts an hour; whoever asks for sixty a minute is guessing, and each guess costs a slow hash.
RATE = {"token": "60/m/ip"}
LONGEST_ID = 100


@csrf_exempt
@without_post
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """``POST /oauth/token``: the answers are those of RFC 6749, section 5."""
    if not ratelimit.consume(request, app="fengqiao.machines", action="token", config=RATE):
        answer = _error("temporarily_unavailable", "too many requests from this address", status=429)
        answer["Retry-After"] = "60"
        return answer
    if request.POST.get("grant_type") != GRANT:
        return _error("unsupported_grant_type", f"the only grant is {GRANT}")
    if "resource" in request.POST:
        return _error("invalid_target", "tokens are for this server's own API")
    client_id = _client_id(request)
    # The database takes no NUL in a text, and no client's name holds one.
    if "\0" in client_id or len(client_id) > LONGEST_ID:
        return _error("invalid_client", "no such client", status=401)
    machine, answer = _given(request)
    if machine is not None:
        flow.token_given(machine)
    elif client_id:
        flow.token_refused(client_id, _said(answer))
    return answer


def _given(request: HttpRequest) -> tuple[Machine | None, HttpResponse]:
    """The provider's answer; a token that would open no door is taken back at once."""
    with transaction.atomic():
        answer: HttpResponse = provider(request)
        if answer.status_code != 200:
            return None, answer
        try:
            return machine_of(json.loads(answer.content)["access_token"]), answer
        except Refusal as refusal:
            transaction.set_rollback(True)
            return None, _error("invalid_client", refusal.code, status=401)


def _client_id(request: HttpRequest) -> str:
    basic, _secret = httpkit.extract_basic_auth({"Authorization": request.headers.get("Authorization", "")})
    return basic or request.POST.get("client_id", "")


def _said(answer: HttpResponse) -> str:
    said: dict[str, Any] = json.loads(answer.content)
    return str(said.get("error", ""))


def _error(code: str, why: str, *, status: int = 400) -> HttpResponse:
    answer = JsonResponse({"error": code, "error_description": why}, status=status)
    answer["Cache-Control"] = "no-store"
    if status == 401:
        answer["WWW-Authenticate"] = 'Basic realm="fengqiao"'
    return answer
