"""Pages for machines: alive, ready, figures. They need no person and tell of none."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST

from fengqiao.accounts.marks import for_machines
from fengqiao.config import measures, readiness

# A proxy on this machine comes from loopback, whoever is behind it; these tell that there is one.
PROXIED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")


@for_machines
def alive(request: HttpRequest) -> JsonResponse:
    """This process answers; nothing else is asked, so a dead database restarts no web server."""
    return JsonResponse({"status": "alive"})


@for_machines
def ready(request: HttpRequest) -> JsonResponse:
    """Whether requests should be sent here, and if not, why."""
    found = readiness.report()
    return JsonResponse(
        {
            "status": "ready" if found.ready else "not ready",
            "reasons": found.reasons,
            "warnings": found.warnings,
        },
        status=200 if found.ready else 503,
    )


@for_machines
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: with the token where one is set, else from this machine alone."""
    if not _may_scrape(request):
        return HttpResponse(
            "from this machine, or with the token of FENGQIAO_METRICS_TOKEN\n",
            status=403,
            content_type="text/plain; charset=utf-8",
        )
    return HttpResponse(measures.exposition(), content_type=CONTENT_TYPE_LATEST)


def _may_scrape(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    if any(name in request.headers for name in PROXIED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
