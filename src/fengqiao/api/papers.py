"""The papers of a matter (文书): which there are, each as a file, and the proof that one was served."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Path, Router
from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.api.doors import READS, WRITES, actor_of, reading
from fengqiao.api.shapes import KEPT, Code, Moment, Shape, Told
from fengqiao.api.uploads import as_download
from fengqiao.api.writing import Receipt, carried_out, once_of, version_of
from fengqiao.dossier import pdf, templates
from fengqiao.dossier.domain.serving import NewService
from fengqiao.dossier.enums import PaperKind, ServiceMethod
from fengqiao.dossier.models import Service
from fengqiao.dossier.paper import Paper
from fengqiao.dossier.queries.papers import paper_of, papers_of
from fengqiao.dossier.queries.templates import own_templates
from fengqiao.flows import papers as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter

router = Router(tags=["dossier"])
DOOR = "paper"


class ServiceTold(Told):
    """Proof that a paper reached somebody (送达回证)."""

    addressee: str
    method: ServiceMethod
    served_at: datetime
    remark: str


class PaperTold(Told):
    """A paper as it would be made now from the matter's facts."""

    kind: PaperKind
    reference: UUID
    form: Annotated[str, Field(description="The form of the dossier; empty for other papers.")]
    title: str
    number: str
    missing: Annotated[
        list[str], Field(description="Facts that the matter does not have: printed as blanks.")
    ]
    served: list[ServiceTold]


class PaperList(Told):
    items: list[PaperTold]


class ServedSent(Shape):
    addressee: Annotated[str, Field(min_length=1, max_length=100, pattern=KEPT)]
    method: ServiceMethod
    served_at: Moment
    remark: Annotated[
        str, Field(max_length=200, pattern=KEPT, description="Number of the receipt or parcel; witnesses.")
    ] = ""
    proof: Annotated[UUID | None, Field(description="A file of the matter: the signed receipt.")] = None


@router.get(
    "/matters/{code}/papers",
    response=PaperList,
    auth=READS,
    operation_id="listPapers",
    summary="Papers of a matter · 文书",
    url_name="api_papers",
)
def list_papers(request: HttpRequest, code: Path[Code]) -> PaperList:
    """Those that the post may print, in the order in which they arose."""
    with reading(request) as actor:
        matter = opened(actor, code, door=DOOR)
        served: dict[UUID, list[ServiceTold]] = {}
        for each in Service.objects.filter(matter_id=matter.pk):
            served.setdefault(each.reference, []).append(ServiceTold.model_validate(each))
        return PaperList(
            items=[
                PaperTold(
                    kind=PaperKind(each.kind),
                    reference=each.reference,
                    form=each.form,
                    title=each.title,
                    number=each.number,
                    missing=list(each.missing),
                    served=served.get(each.reference, []),
                )
                for each in papers_of(actor, matter)
            ]
        )


@router.post(
    "/matters/{code}/papers/{kind}/{reference}/served",
    response=Receipt,
    auth=WRITES,
    operation_id="recordService",
    summary="It reached somebody · 登记送达",
    url_name="api_paper_served",
    openapi_extra={"x-writes": "version"},
)
def serve(
    request: HttpRequest,
    response: HttpResponse,
    code: Path[Code],
    kind: Path[PaperKind],
    reference: UUID,
    sent: ServedSent,
) -> Receipt:
    """The proof of service: periods that run from service start at `served_at`."""
    actor = actor_of(request)
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with reading(request):
            matter = opened(actor, code, door=DOOR)
            _paper(actor, matter, kind, reference)
        new = NewService(kind=kind, reference=reference, **sent.model_dump())
        flow.serve(actor=actor, matter_id=matter.pk, new=new, version=version, once=once)

    return carried_out(once, response, work)


# After what is served, whose last word would else be taken for a part.
@router.get(
    "/matters/{code}/papers/{kind}/{reference}/{part}",
    response={200: Any},
    auth=READS,
    operation_id="getPaper",
    summary="One paper as a file · 文书文件",
    url_name="api_paper",
    openapi_extra={"x-answers": "a file"},
)
def get_paper(
    request: HttpRequest,
    code: Path[Code],
    kind: Path[PaperKind],
    reference: UUID,
    part: Path[Literal["docx", "pdf"]],
) -> HttpResponse:
    """As .docx, by the county's own template where one is in force, or as PDF."""
    with reading(request) as actor:
        matter = opened(actor, code, door=DOOR)
        paper = _paper(actor, matter, kind, reference)
        if part == "pdf":
            content = pdf.pdf_of(paper)
        else:
            own = own_templates(matter.county, clock.today()) if paper.form else None
            content = templates.docx_of(paper, own)
        return as_download(f"{paper.title}-{code}.{part}", content)


def _paper(actor: Actor, matter: Matter, kind: PaperKind, reference: UUID) -> Paper:
    found = paper_of(actor, matter, kind, reference)
    if found is None:
        raise NotAllowed("paper_not_found", _("没有这份文书，或您的岗位不能打印它。"))
    return found
