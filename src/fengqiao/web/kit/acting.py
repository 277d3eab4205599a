"""For whom a request acts: the person's chosen post, found once; pages are rendered inside its scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.domain import sessions
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import refused
from fengqiao.flows.acting import Lacks, standing_of
from fengqiao.kernel.errors import Refusal

View = Callable[..., Any]


def actor_of_request(request: HttpRequest) -> Actor:
    """Who acts in this request. The middleware lets no view without ``without_post`` run before there is one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


class ActingMiddleware:
    """Gives the request its actor.

    A page that is only read is made and rendered inside the actor's scope, so that no lazy template or
    queryset outlives the walls. What writes opens its own scopes (``attempt``), so that a refusal can be
    rolled back and audited, and renders in a scope after it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if getattr(view, "for_machines", False):
            return None
        outside = view.__module__.startswith(("allauth.", "django."))
        if not request.user.is_authenticated:
            if outside or getattr(view, "without_post", False):
                return None
            return _to_sign_in(request)
        if "X-Unattended" not in request.headers:
            sessions.keep(request.session)
        # Sign-in pages and files need no post: they cost no look-up.
        if outside and not view.__module__.startswith("allauth."):
            return None
        to_work = not (outside or getattr(view, "without_post", False))
        standing = standing_of(request.user, request.session, to_work=to_work)
        request.actor, request.stationings = standing.actor, standing.stationings  # type: ignore[attr-defined]
        if not to_work:
            return None
        if standing.lacks is Lacks.PASSWORD:
            messages.warning(request, _("这个密码是管理员设的，请先换成只有您知道的密码。"))
            return redirect("account_change_password")
        if standing.lacks is Lacks.SECOND_FACTOR:
            messages.warning(request, _("这个岗位必须先设置第二重验证，才能开始工作。"))
            return redirect("mfa_activate_totp")
        if standing.actor is None:
            return redirect("choose_post")
        return _answer(request, view, args, kwargs, standing.actor)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page, and from there back to the page that somebody was on (never to a form's target)."""
    page: str | None = request.get_full_path()
    htmx = HtmxDetails(request)
    if htmx:
        page = htmx.current_url_abs_path
    elif request.method not in ("GET", "HEAD"):
        came_from = urlsplit(request.headers.get("Referer", ""))
        page = came_from.path if came_from.netloc == request.get_host() else None
    address = f"{reverse('account_login')}?{urlencode({'next': page or '/'})}"
    # Inside a page a redirect would put the sign-in form where a part of the page belongs.
    return HttpResponseClientRedirect(address) if htmx else redirect(address)


def _answer(request: HttpRequest, view: View, args: Any, kwargs: Any, actor: Actor) -> HttpResponseBase:
    try:
        if request.method in ("GET", "HEAD"):
            with scope(actor):
                return _rendered(view(request, *args, **kwargs))
        return _rendered(view(request, *args, **kwargs))
    except Refusal as refusal:
        # Refusals of forms are shown beside their field by the view; what comes here has no form.
        if not getattr(refusal, "audited", False):
            refused(
                actor,
                verb=f"page.{(request.method or '').lower()}",
                subject=request.path[:96],
                refusal=refusal,
            )
        with scope(actor):
            return render(request, "refused.html", {"refusal": refusal}, status=refusal.status)


def _rendered(response: Any) -> HttpResponseBase:
    if hasattr(response, "render") and not getattr(response, "is_rendered", True):
        response.render()
    return response  # type: ignore[no-any-return]
