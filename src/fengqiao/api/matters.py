"""The ledger and single matters."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Path, Query, Router
from ninja.responses import Status
from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.api import offered, problems
from fengqiao.api.doors import READS, WRITES, actor_of, reading
from fengqiao.api.filters import Filter
from fengqiao.api.sent import MatterSent
from fengqiao.api.shapes import KEPT, Code, Cursor, Shape
from fengqiao.api.told import MatterPage, MatterTold, line_of, matter_of
from fengqiao.api.writing import Receipt, carried_out, once_of, unchanged
from fengqiao.flows.reading import opened
from fengqiao.flows.registering import from_a_program
from fengqiao.kernel import identity
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters.models import Matter
from fengqiao.matters.queries import ledger
from fengqiao.matters.queries.ledger import LedgerFilter, is_somebodys_number

router = Router(tags=["matters"])
DOOR = "api"


class Asked(Filter):
    cursor: Cursor | None = None
    size: Annotated[int, Field(ge=1, le=100, description="Rows a page.")] = 30

    def wanted(self) -> LedgerFilter:
        """The same from an address, which no number of anybody may stand in."""
        if is_somebodys_number(self.q or ""):
            raise Invalid(
                {"q": _("号码不能写在地址里：请用 POST /api/v1/matters/search 查找。")},
                code="number_in_address",
            )
        return super().wanted()


class Number(Shape):
    """A number of somebody, or of another system, whole: it stands in the body and in no address or log."""

    number: Annotated[str, Field(min_length=5, max_length=80, pattern=KEPT)]
    cursor: Cursor | None = None
    size: Annotated[int, Field(ge=1, le=100)] = 30


@router.get(
    "/matters",
    response=MatterPage,
    auth=READS,
    operation_id="listMatters",
    summary="List matters · 事项列表",
    url_name="api_matters",
)
def list_matters(request: HttpRequest, asked: Query[Asked]) -> MatterPage:
    """The matters that the calling post sees, with the filters and the order of the ledger."""
    with reading(request) as actor:
        return _page(actor, asked.wanted(), asked.cursor, asked.size)


@router.post(
    "/matters",
    response={201: Receipt},
    auth=WRITES,
    operation_id="registerMatter",
    summary="Register a matter · 登记",
    url_name="api_matters",
    openapi_extra={"x-writes": "key"},
)
def register_matter(request: HttpRequest, response: HttpResponse, sent: MatterSent) -> Any:
    """Takes a matter in at the centre of the calling post. Incomplete is possible; what is there must be right."""
    actor, once = actor_of(request), once_of(request, sent)

    def work() -> None:
        links: list[UUID] = []
        if sent.links or sent.against_department:
            with scope(actor):
                # Asked here already: what it refers to may have gone since.
                once.begin()
                links = [offered.matter_of_code(actor, each, field="links").pk for each in sent.links]
                offered.departments(
                    actor, [("against_department", sent.against_department)], independent=True
                )
        from_a_program(actor=actor, new=sent.new_matter(actor), links=sorted(set(links)), once=once)

    try:
        receipt = carried_out(once, response, work)
    except Refusal as refusal:
        raise _with_the_one_that_is_there(request, actor, sent, refusal) from refusal
    response.headers["Location"] = f"/api/v1/matters/{receipt.code}"
    return Status(201, receipt)


def _with_the_one_that_is_there(
    request: HttpRequest, actor: Actor, sent: MatterSent, refusal: Refusal
) -> Exception:
    """Who sends a number again is led to its matter, where they see it."""
    if refusal.code != "already_registered":
        return refusal
    problems.audit(request, refusal)
    problem = problems.of_refusal(refusal)
    with scope(actor):
        known = Matter.objects.visible_to(actor).filter(
            county=actor.county, source=sent.source, source_number=sent.source_number
        )
        code = known.values_list("code", flat=True).first()
    if code:
        problem.headers["Location"] = f"/api/v1/matters/{code}"
    return problem


@router.post(
    "/matters/search",
    response=MatterPage,
    auth=READS,
    operation_id="findMattersOfNumber",
    summary="Find by a number · 按号码查找",
    url_name="api_search",
)
def find_matters(request: HttpRequest, asked: Number) -> MatterPage:
    """The matters of an exact identity number, phone, or number of another system. Nothing is written."""
    with reading(request) as actor:
        text = asked.number.strip()
        wanted = LedgerFilter(q=text) if identity.is_number(text) else LedgerFilter(party=text)
        return _page(actor, wanted, asked.cursor, asked.size)


def _page(actor: Any, wanted: LedgerFilter, cursor: str | None, size: int) -> MatterPage:
    page = ledger.page(actor, wanted, cursor=cursor or "", size=size, strict=True)
    return MatterPage(items=[line_of(each) for each in page.rows], next=page.next_cursor or None)


@router.get(
    "/matters/{code}",
    response=MatterTold,
    auth=READS,
    operation_id="getMatter",
    summary="One matter · 事项",
    url_name="api_matter",
)
def get_matter(request: HttpRequest, response: HttpResponse, code: Path[Code]) -> Any:
    """One matter. Its `ETag` is its version: send it as `If-Match` with what changes the matter."""
    with reading(request) as actor:
        matter = opened(actor, code, door=DOOR)
        return unchanged(request, response, matter.version) or matter_of(actor, matter)
