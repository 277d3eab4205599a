"""Signed scans at the desk: a stack handed in, how far its reading is, what came and what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dossier.domain.scanning import is_lost
from fengqiao.dossier.enums import PLACEABLE, SETTLED_PAGES, UNSHOWN, PageState, StackState
from fengqiao.dossier.models import ScanPage, ScanStack
from fengqiao.dossier.policies import check_may_scan
from fengqiao.dossier.queries.scans import pages_of, stack_by_id, stacks_of
from fengqiao.dossier.queries.signed_copies import SignedCopy, copies_of
from fengqiao.flows import scanning as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import Matter
from fengqiao.web.desk.scans.forms import StackForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG, ask_files_again, show_refusal, uploads_of

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def scans(request: HttpRequest) -> HttpResponse:
    """The stacks of the centre, and the form that hands the window's day in."""
    actor = scanner(request)
    form = _form(request)
    if request.method == "POST":
        stack = _handed_in(actor, form, None)
        if stack is not None:
            return redirect("scan_stack", stack.pk)
    with scope(actor):
        rows = list(stacks_of(actor).select_related("person", "matter")[:SHOWN])
        context = {
            "form": form,
            "rows": [{"stack": each, "is_lost": is_lost(each)} for each in rows],
            "is_moving": any(each.is_unread and not is_lost(each) for each in rows),
        }
        return render(request, "scans/scans.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def matter_scans(request: HttpRequest, code: str) -> HttpResponse:
    """The same at the door of a matter: a dialog, and its sending."""
    actor = scanner(request)
    with scope(actor):
        matter = opened(actor, code, door="paper")
    form = _form(request, auto_id=IN_DIALOG)
    if request.method == "POST":
        stack = _handed_in(actor, form, matter)
        if stack is not None:
            there = reverse("scan_stack", args=[stack.pk])
            return HttpResponseClientRedirect(there) if request.headers.get("HX-Request") else redirect(there)
    with scope(actor):
        return render(
            request,
            "scans/hand_in.html",
            {"form": form, "matter": matter, "target": reverse("matter_scans", args=[code])},
            status=422 if form.errors else 200,
        )


@require_GET
def stack_page(request: HttpRequest, stack: UUID) -> HttpResponse:
    """One stack: its progress, then what was filed, what waits and what was set aside."""
    actor = scanner(request)
    return stack_shown(request, actor, stack)


@require_GET
def picture(request: HttpRequest, stack: UUID, page: UUID) -> HttpResponse:
    """The likeness of one page."""
    content = flow.picture_of(actor=scanner(request), page_id=page)
    return as_file(f"{page}.jpg", content, "image/jpeg", inline=True)


def source_file(request: HttpRequest, stack: UUID, source: UUID) -> HttpResponse:
    """A file as it was handed in."""
    found, content = flow.original_of(actor=scanner(request), stack_id=stack, source_id=source)
    assert found.file is not None  # noqa: S101  its content was read
    return as_file(found.name, content, found.file.media_type)


def scanner(request: HttpRequest) -> Actor:
    """Who files scans; raises ``NotAllowed`` for any other post."""
    actor = actor_of_request(request)
    check_may_scan(actor)
    return actor


def as_file(name: str, content: bytes, kind: str, *, inline: bool = False) -> HttpResponse:
    """Somebody's paper: it may neither run nor load anything, and no cache keeps it."""
    response = HttpResponse(content, content_type=kind)
    way = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def stack_shown(
    request: HttpRequest, actor: Actor, stack_id: UUID, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    """The page of a stack, in the running scope."""
    stack = stack_by_id(actor, stack_id)
    pages = list(pages_of(actor, stack)) if not stack.is_unread else []
    waiting = [page for page in pages if page.state not in SETTLED_PAGES and page.decided_at is None]
    aside = [
        page for page in pages if page.state == PageState.ASIDE or page.decided_at and page.state in UNSHOWN
    ]
    seen = Counter(page.source_id for page in pages if page.state != PageState.HIDDEN)
    context: dict[str, Any] = {
        "stack": stack,
        "is_lost": is_lost(stack),
        "is_moving": stack.is_unread and not is_lost(stack),
        "can_resume": is_lost(stack) or stack.state == StackState.REFUSED,
        "trouble": trouble,
        # As the flow asks it: a file is opened where every page of it may be seen.
        "sources": [{"source": each, "opens": seen[each.pk] == each.pages} for each in stack.sources.all()],
        "pages": pages,
        "filed": _filed(pages),
        "filed_number": sum(page.state == PageState.FILED for page in pages),
        "same": [page for page in pages if page.state == PageState.SAME],
        "waiting": [{"page": page, "can_place": page.state in PLACEABLE} for page in waiting],
        "older": [page for page in waiting if page.state == PageState.OLDER],
        "aside": [{"page": page, "can_place": page.state in PLACEABLE} for page in aside],
    }
    return render(request, "scans/stack.html", context, status=status)


def _filed(pages: Iterable[ScanPage]) -> list[dict[str, Any]]:
    """By matter the papers into which pages of this stack went, as their signed copies stand now."""
    touched: dict[UUID, tuple[Matter, set[tuple[str, UUID]]]] = {}
    for page in pages:
        if page.signed is not None and page.state in (PageState.FILED, PageState.SAME):
            matter, keys = touched.setdefault(page.signed.matter_id, (page.signed.matter, set()))
            keys.add((page.signed.paper, page.signed.reference))
    found = []
    for matter, keys in touched.values():
        copies: list[SignedCopy] = [copy for key, copy in copies_of(matter).items() if key in keys]
        if copies:
            found.append({"matter": matter, "copies": copies})
    return found


def _form(request: HttpRequest, **more: Any) -> StackForm:
    return StackForm(request.POST, request.FILES, **more) if request.method == "POST" else StackForm(**more)


def _handed_in(actor: Actor, form: StackForm, matter: Matter | None) -> ScanStack | None:
    """The stack; none where the form says what is wrong."""
    if not form.is_valid():
        return None
    try:
        return flow.hand_in(
            actor=actor, uploads=uploads_of(form, "scans"), matter_id=matter.pk if matter else None
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        show_refusal(form, refusal, fields={"files": "scans"})
        ask_files_again(form, "scans")
    return None
