"""Headers that every answer carries."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from fengqiao.web.kit.context import live_address

# No inline script, no outside host. Images: our own, and the QR code of the second factor (a data: address).
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class ContentSecurityMiddleware:
    """Adds the content policy; pages of people who are signed in are never stored anywhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy(request))
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        if hasattr(request, "session") and not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _policy(request: HttpRequest) -> str:
    """The sign-in page's form may lead to the provider that the operator has set; no other page's may.

    Where live notices have a port of their own, pages may listen there.
    """
    policy = POLICY
    if settings.LIVE.startswith(":"):
        policy += f"; connect-src 'self' {live_address(request).removesuffix('/live')}"
    elsewhere = settings.SIGN_IN_ELSEWHERE
    match = request.resolver_match
    if elsewhere is None or match is None or match.url_name != "account_login":
        return policy
    return policy.replace("form-action 'self'", f"form-action 'self' {elsewhere.origin}")
