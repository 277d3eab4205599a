"""Where a small form about a mediation was opened, to lead back there."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse


def back_to(request: HttpRequest, code: str, *, else_to: str) -> str:
    """A talk that goes on, the page of the mediation, the day; or what else is given."""
    path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    there = reverse("mediation", args=[code])
    known = path in (there, reverse("mediation_today")) or path.startswith(f"{there}/talks/")
    return path if known else else_to
