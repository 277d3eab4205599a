"""The signed copy of one paper: its pages, who filed them from what, what stood there before; as one PDF; taken out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dossier.models import SignedPage
from fengqiao.dossier.queries.papers import paper_of
from fengqiao.dossier.queries.scans import signed_page_of
from fengqiao.dossier.queries.signed_copies import SignedCopy, pages_of_copy
from fengqiao.dossier.signed_pdf import signed_pdf_of
from fengqiao.files.domain.storing import content_of
from fengqiao.files.models import StoredFile
from fengqiao.flows import scanning as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.web.desk.scans.views import as_file, scanner

ENDINGS = {"application/pdf": "pdf", "image/png": "png"}


@require_GET
def signed_copy(request: HttpRequest, code: str, kind: str, reference: UUID) -> HttpResponse:
    """All that was ever filed of one paper."""
    actor = scanner(request)
    return _shown(request, actor, opened(actor, code, door="paper"), kind, reference)


@require_GET
def signed_copy_pdf(request: HttpRequest, code: str, kind: str, reference: UUID) -> HttpResponse:
    """Its sheets in order as one PDF."""
    matter = opened(scanner(request), code, door="paper")
    copy = _standing(pages_of_copy(matter, (kind, reference)))
    if copy is None:
        raise NotAllowed("signed_page_not_found", _("这份文书还没有签字件。"))
    name = f"{copy.pages[0].title}-{matter.code}.pdf"
    return as_file(name, signed_pdf_of(copy), "application/pdf", inline=True)


@require_GET
def signed_page(request: HttpRequest, code: str, page: UUID) -> HttpResponse:
    """One page as it was scanned, also of a former one."""
    found = _page(request, code, page)
    stored = _held(found.file)
    name = f"{found.title}-{found.page}.{ENDINGS.get(stored.media_type, 'jpg')}"
    return as_file(name, content_of(stored), stored.media_type, inline=True)


@require_GET
def signed_picture(request: HttpRequest, code: str, page: UUID) -> HttpResponse:
    """The likeness of one page."""
    stored = _held(_page(request, code, page).picture)
    return as_file(f"{page}.jpg", content_of(stored), stored.media_type, inline=True)


@require_POST
def take_out(request: HttpRequest, code: str, page: UUID) -> HttpResponse:
    """Takes a page out that was filed wrongly, with the reason."""
    actor = scanner(request)
    with scope(actor):
        matter = opened(actor, code, door="paper")
        found = signed_page_of(matter, page)
    if found is None:
        raise NotAllowed("signed_page_not_found", _("没有这一页签字件，或者已经销毁。"))
    try:
        flow.take_out(actor=actor, matter_id=matter.pk, page_id=page, reason=request.POST.get("reason", ""))
    except NotAllowed:
        raise
    except Refusal as refusal:
        with scope(actor):
            shown = _shown(request, actor, matter, found.paper, found.reference, trouble=str(refusal))
        shown.status_code = refusal.status
        return shown
    messages.success(request, _("已撤出，这一页回到交来的那一叠里待处理。"))
    return redirect("signed_copy", code, found.paper, found.reference)


def _shown(
    request: HttpRequest, actor: Actor, matter: Matter, kind: str, reference: UUID, *, trouble: str = ""
) -> HttpResponse:
    pages = pages_of_copy(matter, (kind, reference))
    paper = paper_of(actor, matter, kind, reference)
    if paper is None and not pages:
        raise NotAllowed("paper_not_found", _("没有这份文书，或您的岗位不能打印它。"))
    copy = _standing(pages)
    context = {
        "matter": matter,
        "kind": kind,
        "reference": reference,
        "paper": paper,
        "title": paper.title if paper else pages[0].title,
        "copy": copy,
        "former": [page for page in pages if page.ended_at is not None],
        "is_of": copy is None or paper is None or copy.is_of(paper),
        "can_take_out": matter.state != State.ARCHIVED,
        "trouble": trouble,
    }
    return render(request, "scans/signed.html", context)


def _standing(pages: list[SignedPage]) -> SignedCopy | None:
    standing = tuple(page for page in pages if page.ended_at is None)
    return SignedCopy(standing) if standing else None


def _page(request: HttpRequest, code: str, page: UUID) -> SignedPage:
    found = signed_page_of(opened(scanner(request), code, door="paper"), page)
    if found is None:
        raise NotAllowed("signed_page_not_found", _("没有这一页签字件，或者已经销毁。"))
    return found


def _held(stored: StoredFile | None) -> StoredFile:
    if stored is None:
        raise NotAllowed("signed_page_not_found", _("没有这一页签字件，或者已经销毁。"))
    return stored
