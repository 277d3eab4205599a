"""The dossier of a matter: what lies in it and what it lacks, its binding, its files."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router
from ninja.responses import Status
from pydantic import Field

from fengqiao.accounts.scope import scope
from fengqiao.api.doors import READS, WRITES, actor_of, reader_of, reading
from fengqiao.api.shapes import KEPT, Code, Made, Shape, Told
from fengqiao.api.uploads import as_download
from fengqiao.api.writing import answered, once_of
from fengqiao.dossier.domain.binding import is_lost
from fengqiao.dossier.enums import VolumeState
from fengqiao.dossier.models import Volume
from fengqiao.dossier.policies import check_may_bind, volumes_of
from fengqiao.dossier.queries.plan import plan_of
from fengqiao.flows import papers as flow
from fengqiao.flows.reading import opened
from fengqiao.rules.queries.dossier import USUAL

router = Router(tags=["dossier"])
MOST = 50


class PlaceTold(Told):
    """One place of the statutory order, as it would be bound now."""

    place: int
    id: str
    title: Annotated[str, Field(description="Chinese, as the table of contents says it.")]
    papers: Annotated[list[str], Field(description="Titles of the forms that lie there.")]
    files: Annotated[list[UUID], Field(description="Materials that lie there.")]
    gap: Annotated[bool, Field(description="It must hold something and does not.")]
    unsigned: Annotated[
        list[str], Field(description="Titles of the forms of which no whole signed copy came back.")
    ]


class ContentTold(Told):
    title: str
    page: Annotated[int | None, Field(description="The printed number; none of what is lacking.")]
    remark: str


class VolumeTold(Told):
    """A binding. It is written by a job: ask again until `state` is neither `ordered` nor `binding`."""

    id: UUID
    state: VolumeState
    stalled: Annotated[bool, Field(description="Nobody goes on with it: order it anew.")]
    is_final: Annotated[bool, Field(description="Bound in the archive; nothing takes its place.")]
    version: Annotated[int, Field(description="The version of the matter that it tells of.")]
    pages: int
    contents: list[ContentTold]
    gaps: list[str]
    reason: str
    digest: Annotated[str, Field(description="SM3 of the PDF, hexadecimal.")]
    retention: str
    keep_until: date | None
    ordered_at: datetime
    finished_at: datetime | None


class DossierTold(Told):
    """The dossier as it is now, and its bindings, newest first (at most 50)."""

    mediated: Annotated[bool, Field(description="Without a mediation there is none.")]
    outcome: Annotated[str, Field(description="written, oral, failed or running")]
    places: list[PlaceTold]
    volumes: list[VolumeTold]


class BindingSent(Shape):
    retention: Annotated[
        str, Field(description="ten, thirty (years) or permanent", max_length=10, pattern=KEPT)
    ] = USUAL


@router.get(
    "/matters/{code}/dossier",
    response=DossierTold,
    auth=READS,
    operation_id="getDossier",
    summary="The dossier · 卷宗",
    url_name="api_dossier",
)
def get_dossier(request: HttpRequest, code: Path[Code]) -> DossierTold:
    """What belongs into the dossier by the outcome, what lies there, what is lacking, and what was bound."""
    with reading(request) as actor:
        check_may_bind(actor)
        matter = opened(actor, code, door="paper")
        plan = plan_of(matter)
        return DossierTold(
            mediated=plan.is_mediation,
            outcome=plan.outcome,
            places=[
                PlaceTold(
                    place=entry.place.place,
                    id=entry.place.id,
                    title=entry.place.title,
                    papers=[paper.title for paper in entry.papers],
                    files=[file.id for file in entry.files],
                    gap=entry.gap,
                    unsigned=[paper.title for paper in entry.papers if paper.form in entry.unsigned],
                )
                for entry in plan.entries
            ]
            if plan.is_mediation
            else [],
            volumes=[_told(each) for each in volumes_of(actor, matter)[:MOST]],
        )


@router.post(
    "/matters/{code}/dossier",
    response={201: Made},
    auth=WRITES,
    operation_id="bindDossier",
    summary="Bind the dossier · 装订卷宗",
    url_name="api_dossier",
    openapi_extra={"x-writes": "once"},
)
def bind_dossier(request: HttpRequest, response: HttpResponse, code: Path[Code], sent: BindingSent) -> Any:
    """Orders one PDF with bookmarks and a zip. In the archive it is final and is made once."""
    actor, once = actor_of(request), once_of(request, sent)

    def work() -> None:
        with scope(actor):
            once.begin()
            check_may_bind(actor)
            matter = opened(actor, code, door="action")
        flow.order_volume(actor=actor, matter_id=matter.pk, retention=sent.retention, once=once)

    made = Made(**answered(once, response, work))
    response.headers["Location"] = f"/api/v1/matters/{code}/dossier"
    return Status(201, made)


@router.get(
    "/matters/{code}/dossier/{volume_id}/{part}",
    response={200: Any},
    auth=READS,
    operation_id="getVolume",
    summary="A bound dossier · 卷宗文件",
    url_name="api_volume",
    openapi_extra={"x-answers": "a file"},
)
def get_volume(
    request: HttpRequest,
    code: Path[Code],
    volume_id: UUID,
    part: Path[Literal["pdf", "zip"]],
) -> HttpResponse:
    """The PDF, or the zip of its parts. Fetching it is written into the audit."""
    _volume, content = flow.download_volume(
        actor=reader_of(request),
        code=code,
        volume_id=volume_id,
        part="bundle" if part == "zip" else "file",
    )
    return as_download(f"{code}.{part}", content)


def _told(volume: Volume) -> VolumeTold:
    plain = (
        "id", "is_final", "version", "pages", "gaps", "reason", "digest", "retention", "keep_until",
        "ordered_at", "finished_at",
    )  # fmt: skip
    return VolumeTold(
        state=VolumeState(volume.state),
        stalled=is_lost(volume),
        contents=[ContentTold(**row) for row in volume.contents],
        **{name: getattr(volume, name) for name in plain},
    )
