"""Reviews of how matters were handled, and the centre's samples of closed files; never of a person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from fengqiao.api.doors import READS, reading
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import Named, PageOf, Told
from fengqiao.places.models import Department
from fengqiao.reviews.enums import ReviewKind, ReviewState
from fengqiao.reviews.models import Review, Sample
from fengqiao.reviews.policies import check_may_read_reviews, check_may_sample
from fengqiao.reviews.queries.reviews import reviews_of
from fengqiao.reviews.queries.sampling import samples_of

router = Router(tags=["reviews"])


class ReviewsAsked(Listed):
    """All that are given must hold."""

    kind: ReviewKind | None = None
    state: ReviewState | None = None


class ReviewTold(Told):
    """One review of a matter's handling. Nothing in it names a person."""

    id: str
    kind: ReviewKind
    state: ReviewState
    matter: Annotated[str, Field(description="The matter's code.")]
    centre: Named
    commission: Annotated[Named | None, Field(description="Who opened it; none for a criminal turn.")]
    reviewer: Annotated[
        Named | None, Field(description="The court or procuratorate that writes the findings.")
    ]
    ground: str
    known_until: Annotated[int, Field(description="The history's place up to which things were known.")]
    opened_at: datetime
    findings: str
    found_at: datetime | None
    conclusion: str
    concluded_at: datetime | None
    to_mend: str
    mend_by: date | None
    answer: str
    answered_at: datetime | None


class ReviewPage(PageOf):
    items: list[ReviewTold]


class SampleTold(Told):
    """One draw of a centre's closed files."""

    id: str
    centre: Named
    first: date
    last: date
    seed: str
    population: Annotated[int, Field(description="How many files there were to draw from.")]
    drawn: int
    checked: int
    drawn_at: datetime


class SamplePage(PageOf):
    items: list[SampleTold]


@router.get(
    "/reviews",
    response=ReviewPage,
    auth=READS,
    operation_id="listReviews",
    summary="Reviews · 评查与复盘",
    url_name="api_reviews",
)
def list_reviews(request: HttpRequest, asked: Query[ReviewsAsked]) -> ReviewPage:
    """The reviews of matters that the post sees, the newest first."""
    with reading(request) as actor:
        check_may_read_reviews(actor)
        found = reviews_of(actor)
        if asked.kind:
            found = found.filter(kind=asked.kind)
        if asked.state:
            found = found.filter(state=asked.state)
        name = ("reviews", asked.kind, asked.state)
        rows, after = newest_first(found, of=name, cursor=asked.cursor, size=asked.size)
        return ReviewPage(items=[_review(each) for each in rows], next=after)


@router.get(
    "/samples",
    response=SamplePage,
    auth=READS,
    operation_id="listSamples",
    summary="Samples of closed files · 结案抽查",
    url_name="api_samples",
)
def list_samples(request: HttpRequest, asked: Query[Listed]) -> SamplePage:
    """The draws of the calling post's centre, the newest first."""
    with reading(request) as actor:
        check_may_sample(actor)
        rows, after = newest_first(samples_of(actor), of=("samples",), cursor=asked.cursor, size=asked.size)
        return SamplePage(items=[_sample(each) for each in rows], next=after)


def _named(body: Department | None) -> Named | None:
    return Named(id=str(body.pk), name=body.name) if body else None


def _review(row: Review) -> ReviewTold:
    return ReviewTold(
        id=str(row.pk),
        kind=ReviewKind(row.kind),
        state=ReviewState(row.state),
        matter=row.matter.code,
        centre=Named(id=str(row.centre_id), name=row.centre.name),
        commission=_named(row.commission),
        reviewer=_named(row.reviewer),
        ground=row.ground,
        known_until=row.known_until,
        opened_at=row.opened_at,
        findings=row.findings,
        found_at=row.found_at,
        conclusion=row.conclusion,
        concluded_at=row.concluded_at,
        to_mend=row.to_mend,
        mend_by=row.mend_by,
        answer=row.answer,
        answered_at=row.answered_at,
    )


def _sample(row: Sample) -> SampleTold:
    # ``samples_of`` counted the files of each.
    return SampleTold(
        id=str(row.pk),
        centre=Named(id=str(row.centre_id), name=row.centre.name),
        first=row.first,
        last=row.last,
        seed=row.seed,
        population=row.population,
        drawn=row.drawn,  # type: ignore[attr-defined]
        checked=row.checked,  # type: ignore[attr-defined]
        drawn_at=row.drawn_at,
    )
