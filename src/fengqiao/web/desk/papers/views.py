"""The papers of a matter: the list beside it, the printed page, the editable file, the proof of service."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dossier import pdf, templates
from fengqiao.dossier.models import Service
from fengqiao.dossier.paper import Paper
from fengqiao.dossier.policies import may_scan
from fengqiao.dossier.queries.papers import paper_of, papers_of
from fengqiao.dossier.queries.signed_copies import copies_of, key_of
from fengqiao.dossier.queries.templates import own_templates
from fengqiao.flows import papers as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.models import Matter
from fengqiao.web.desk.papers.forms import ServiceForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def papers(request: HttpRequest, code: str) -> HttpResponse:
    """The section "papers" of the matter's page."""
    actor = actor_of_request(request)
    matter = opened(actor, code, door="paper")
    return _section(request, actor, matter)


def printed(request: HttpRequest, code: str, kind: str, reference: UUID) -> HttpResponse:
    """The paper as a page to print (GB/T 9704)."""
    actor = actor_of_request(request)
    matter = opened(actor, code, door="paper")
    return render(
        request, "papers/printed.html", {"matter": matter, "paper": _paper(actor, matter, kind, reference)}
    )


def editable(request: HttpRequest, code: str, kind: str, reference: UUID) -> HttpResponse:
    """The paper as a .docx file."""
    actor = actor_of_request(request)
    matter = opened(actor, code, door="paper")
    paper = _paper(actor, matter, kind, reference)
    own = own_templates(matter.county, clock.today()) if paper.form else None
    return _file(templates.docx_of(paper, own), DOCX, f"{paper.title}-{matter.code}.docx")


def portable(request: HttpRequest, code: str, kind: str, reference: UUID) -> HttpResponse:
    """The paper as a PDF file."""
    actor = actor_of_request(request)
    matter = opened(actor, code, door="paper")
    paper = _paper(actor, matter, kind, reference)
    return _file(pdf.pdf_of(paper), "application/pdf", f"{paper.title}-{matter.code}.pdf")


def serve(request: HttpRequest, code: str, kind: str, reference: UUID) -> HttpResponse:
    """The form of the proof of service, and its saving."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door="paper")
        paper = _paper(actor, matter, kind, reference)
        form = ServiceForm(
            request.POST or None,
            initial={"addressee": paper.addressee, "served_at": clock.now()},
            auto_id=IN_DIALOG,
        )
    if request.method == "POST" and form.is_valid():
        try:
            flow.serve(actor=actor, matter_id=matter.id, new=form.to_service(paper))
        except Invalid as wrong:
            for name, sentence in wrong.errors.items():
                form.add_error(name if name in form.fields else None, str(sentence))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            with scope(actor):
                return _section(request, actor, matter, close_dialog=True)
    with scope(actor):
        target = reverse("paper_serve", args=[code, kind, reference])
        response = render(request, "papers/serve.html", {"form": form, "paper": paper, "target": target})
    if request.method == "POST":
        # The answer replaces the dialog, not the section that a success would replace.
        response.status_code = 422
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#dialogs", "innerHTML"
    return response


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _section(
    request: HttpRequest, actor: Actor, matter: Matter, *, close_dialog: bool = False
) -> HttpResponse:
    served: dict[UUID, list[Service]] = {}
    for service in Service.objects.filter(matter_id=matter.id).select_related("served_by"):
        served.setdefault(service.reference, []).append(service)
    copies = copies_of(matter) if may_scan(actor) else {}
    rows = [
        {
            "paper": paper,
            "served": served.get(paper.reference, []),
            "copy": copy,
            "is_of": copy is None or copy.is_of(paper),
        }
        for paper in papers_of(actor, matter)
        for copy in [copies.get(key_of(paper))]
    ]
    context = {"rows": rows, "matter": matter, "may_scan": may_scan(actor), "close_dialog": close_dialog}
    return render(request, "papers/section.html", context)


def _paper(actor: Actor, matter: Matter, kind: str, reference: UUID) -> Paper:
    paper = paper_of(actor, matter, kind, reference)
    if paper is None:
        raise NotAllowed("paper_not_found", _("没有这份文书，或您的岗位不能打印它。"))
    return paper
