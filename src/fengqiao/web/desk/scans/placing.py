"""What a person says of a page that waits: where it belongs, that it takes another's place, that it is set aside."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dossier.models import ScanPage
from fengqiao.dossier.queries.papers import papers_of
from fengqiao.dossier.queries.scans import page_by_id, pages_of
from fengqiao.dossier.queries.signed_copies import copies_of
from fengqiao.flows import scanning as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import Matter
from fengqiao.web.desk.scans.forms import PlaceForm
from fengqiao.web.desk.scans.views import scanner, stack_shown
from fengqiao.web.kit.forms import IN_DIALOG, show_refusal


@require_POST
def act(request: HttpRequest, stack: UUID, act: str) -> HttpResponse:
    """``take`` (with ``replaces``), ``aside`` or ``resume``; the pages are named by ``page``."""
    actor = scanner(request)
    pages = _named(request)
    try:
        if act == "take" and pages:
            flow.take(actor=actor, pages=pages, replaces="replaces" in request.POST)
            messages.success(request, _("已归卷。"))
        elif act == "aside" and pages:
            for page in pages:
                flow.set_aside(actor=actor, page_id=page, note=request.POST.get("note", ""))
            messages.success(request, _("已搁置，仍留在这一叠里。"))
        elif act == "resume":
            flow.resume(actor=actor, stack_id=stack)
        else:
            raise NotAllowed("no_such_action", _("没有这个动作。"))
    except NotAllowed:
        raise
    except Refusal as refusal:
        with scope(actor):
            return stack_shown(request, actor, stack, trouble=str(refusal), status=refusal.status)
    return redirect("scan_stack", stack)


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, stack: UUID, page: UUID) -> HttpResponse:
    """The dialog that asks which paper and page it is, and its sending. ``matter`` is the code to look in."""
    actor = scanner(request)
    with scope(actor):
        found = page_by_id(actor, page)
        code = (request.POST or request.GET).get("matter", "").strip()
        likely = _likely(actor, found)
        matter, unknown = _matter(actor, code, likely)
        form = _form(request, actor, found, matter) if matter else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            flow.place(
                actor=actor, page_id=page, target=form.target(), replaces=form.cleaned_data["replaces"]
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已归卷。"))
            there = reverse("scan_stack", args=[stack])
            return HttpResponseClientRedirect(there) if request.headers.get("HX-Request") else redirect(there)
    with scope(actor):
        context = {
            "form": form,
            "page": found,
            "stack": found.stack,
            "matter": matter,
            "code": matter.code if matter else code,
            "unknown": unknown,
            "likely": likely,
            "target": reverse("scan_place", args=[stack, page]),
        }
        return render(request, "scans/place.html", context, status=200 if request.method != "POST" else 422)


def _named(request: HttpRequest) -> list[UUID]:
    try:
        return [UUID(each) for each in request.POST.getlist("page")]
    except ValueError:
        raise NotAllowed("scan_not_found", _("没有这一页，或您的岗位不能打开它。")) from None


def _matter(actor: Actor, code: str, likely: list[Matter]) -> tuple[Matter | None, bool]:
    """The matter that is asked for, else the only likely one; and whether the code leads to none."""
    if code:
        try:
            return opened(actor, code, door="paper"), False
        except NotAllowed:
            return None, True
    return (likely[0] if len(likely) == 1 else None), False


def _likely(actor: Actor, page: ScanPage) -> list[Matter]:
    """That of the page itself, else those into which pages of its stack went."""
    if page.matter is not None:
        return [page.matter]
    filed = {each.signed.matter for each in pages_of(actor, page.stack) if each.signed is not None}
    return sorted(filed, key=lambda matter: matter.code)


def _form(request: HttpRequest, actor: Actor, page: ScanPage, matter: Matter) -> PlaceForm:
    return PlaceForm(
        request.POST or None,
        matter=matter,
        papers=papers_of(actor, matter),
        copies=copies_of(matter),
        initial={"page": page.page or 1, "pages": page.pages or None},
        auto_id=IN_DIALOG,
    )
