"""The signed copies (签字件) of a matter's papers: their pages, a page or a copy as a file, a page taken out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Path, Router
from pydantic import Field

from fengqiao.accounts.scope import scope
from fengqiao.api.doors import READS, WRITES, actor_of
from fengqiao.api.scans import scanning
from fengqiao.api.shapes import KEPT, Code, Shape, Told
from fengqiao.api.uploads import as_download
from fengqiao.api.writing import Receipt, carried_out, once_of, version_of
from fengqiao.dossier.domain.filing import LONGEST_REASON
from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.models import SignedPage
from fengqiao.dossier.policies import check_may_scan
from fengqiao.dossier.queries.scans import signed_page_of
from fengqiao.dossier.queries.signed_copies import copies_of, signed_pages_of
from fengqiao.dossier.signed_pdf import signed_pdf_of
from fengqiao.files.domain.storing import content_of
from fengqiao.flows import scanning as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed

router = Router(tags=["signed scans"])
DOOR = "paper"


class SignedPageTold(Told):
    """A page of the signed copy (签字件) of a paper."""

    id: UUID
    paper: PaperKind
    reference: UUID
    title: str
    page: int
    pages: int
    digest: Annotated[str, Field(description="SM3 of the page as it is kept, hexadecimal.")]
    source_digest: Annotated[str, Field(description="SM3 of the file that it came with.")]
    leaf: int
    turn: Annotated[int, Field(description="Degrees clockwise to stand upright.")]
    by_hand: bool
    added_at: datetime
    ended_at: Annotated[datetime | None, Field(description="It was replaced or taken out.")]
    reason: str


class SignedCopyTold(Told):
    """What stands of one paper now."""

    paper: PaperKind
    reference: UUID
    title: str
    pages: int
    missing: list[int]
    digest: Annotated[str, Field(description="SM3 over the digests of its pages, line by line.")]


class SignedTold(Told):
    copies: list[SignedCopyTold]
    pages: Annotated[list[SignedPageTold], Field(description="Also those that were replaced or taken out.")]


class TakenOutSent(Shape):
    reason: Annotated[str, Field(min_length=2, max_length=LONGEST_REASON, pattern=KEPT)]


@router.get(
    "/matters/{code}/signed",
    response=SignedTold,
    auth=READS,
    operation_id="listSigned",
    summary="Signed copies · 签字件",
    url_name="api_signed",
)
def list_signed(request: HttpRequest, code: Path[Code]) -> SignedTold:
    """The signed copies of the matter's papers, and every page that was ever filed."""
    with scanning(request) as actor:
        matter = opened(actor, code, door=DOOR)
        return SignedTold(
            copies=[
                SignedCopyTold(
                    paper=PaperKind(kind),
                    reference=reference,
                    title=copy.pages[0].title,
                    pages=copy.length,
                    missing=copy.missing,
                    digest=copy.digest,
                )
                for (kind, reference), copy in copies_of(matter).items()
            ],
            pages=[_signed(each) for each in signed_pages_of(matter)],
        )


@router.get(
    "/matters/{code}/signed/{page_id}",
    response={200: Any},
    auth=READS,
    operation_id="getSignedPage",
    summary="A signed page · 签字页",
    url_name="api_signed_page",
    openapi_extra={"x-answers": "a file"},
)
def get_signed_page(request: HttpRequest, code: Path[Code], page_id: UUID) -> HttpResponse:
    """As it was scanned: a photograph as it came, or a PDF of one page."""
    with scanning(request) as actor:
        page = signed_page_of(opened(actor, code, door=DOOR), page_id)
        if page is None or page.file is None:
            raise NotAllowed("signed_page_not_found", _("没有这一页签字件，或者已经销毁。"))
        ending = {"application/pdf": "pdf", "image/png": "png"}.get(page.file.media_type, "jpg")
        return as_download(f"{page.title}-{page.page}.{ending}", content_of(page.file))


@router.post(
    "/matters/{code}/signed/{page_id}/take-out",
    response=Receipt,
    auth=WRITES,
    operation_id="takeSignedPageOut",
    summary="Take a page out · 撤出签字件",
    url_name="api_signed_take_out",
    openapi_extra={"x-writes": "version"},
)
def take_out(
    request: HttpRequest, response: HttpResponse, code: Path[Code], page_id: UUID, sent: TakenOutSent
) -> Receipt:
    """It was filed wrongly: it stays to be seen, with the reason, and waits in its stack again."""
    actor, once, version = actor_of(request), once_of(request, sent), version_of(request)

    def work() -> None:
        with scope(actor):
            once.begin()
            check_may_scan(actor)
            matter = opened(actor, code, door="action")
        flow.take_out(
            actor=actor,
            matter_id=matter.pk,
            page_id=page_id,
            reason=sent.reason,
            version=version,
            once=once,
        )

    return carried_out(once, response, work)


@router.get(
    "/matters/{code}/signed-copies/{kind}/{reference}",
    response={200: Any},
    auth=READS,
    operation_id="getSignedCopy",
    summary="A signed copy as PDF · 签字件 PDF",
    url_name="api_signed_copy",
    openapi_extra={"x-answers": "a file"},
)
def get_signed_copy(
    request: HttpRequest, code: Path[Code], kind: Path[PaperKind], reference: UUID
) -> HttpResponse:
    """Its sheets upright and in order."""
    with scanning(request) as actor:
        matter = opened(actor, code, door=DOOR)
        copy = copies_of(matter).get((str(kind), reference))
        if copy is None:
            raise NotAllowed("signed_page_not_found", _("这份文书还没有签字件。"))
        return as_download(f"{copy.pages[0].title}-{code}.pdf", signed_pdf_of(copy))


def _signed(page: SignedPage) -> SignedPageTold:
    plain = (
        "reference", "title", "page", "pages", "digest", "source_digest", "leaf", "turn", "by_hand", "added_at",
        "ended_at", "reason",
    )  # fmt: skip
    return SignedPageTold(
        id=page.pk, paper=PaperKind(page.paper), **{name: getattr(page, name) for name in plain}
    )
