"""The register of mediators, and whom it proposes for a matter, each with the reasons."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Status
from pydantic import Field

from fengqiao.api.doors import READS, WRITES, actor_of, reading
from fengqiao.api.matters import DOOR
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import KEPT, Code, Day, DivisionCode, LastDay, Made, Named, PageOf, Shape, Told
from fengqiao.api.writing import answered, once_of
from fengqiao.flows import mediators as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.mediators.enums import Fit, Language
from fengqiao.mediators.models import Mediator
from fengqiao.mediators.policies import check_may_keep, check_may_read
from fengqiao.mediators.queries.fitting import fitting
from fengqiao.mediators.queries.register import to_enter, visible_to

router = Router(tags=["mediators"])
FirstLevel = Annotated[
    str, Field(pattern=r"^[0-9]{2}$", description="A first level of the list of categories.")
]


class MediatorsAsked(Listed):
    """All that are given must hold."""

    field: FirstLevel | None = None
    language: Language | None = None


class FittingAsked(Shape):
    """What the parties wish for."""

    language: Annotated[Language | None, Field(description="The language to be spoken.")] = None


class MediatorTold(Told):
    """What a mediator can be asked about. Nothing in it judges anybody."""

    id: UUID
    person: Named
    centre: Named
    fields: Annotated[
        list[str], Field(description="Kinds of dispute: first levels of the list of categories.")
    ]
    languages: Annotated[list[Language], Field(description="Beside Mandarin.")]
    places: Annotated[list[str], Field(description="Divisions where they go to people.")]
    certificate: str
    valid_from: date
    valid_until: date | None


class MediatorPage(PageOf):
    items: list[MediatorTold]


class MediatorSent(Shape):
    """What a mediator of the own centre can be asked about."""

    stationing_id: Annotated[UUID, Field(description="An `id` of `/mediators/to-enter`.")]
    fields: Annotated[list[FirstLevel], Field(min_length=1, max_length=30)]
    languages: Annotated[list[Language], Field(max_length=20, description="Beside Mandarin.")] = []
    places: Annotated[
        list[DivisionCode],
        Field(max_length=100, description="Divisions of the county where they go to people."),
    ] = []
    certificate: Annotated[str, Field(max_length=200, pattern=KEPT)] = ""
    valid_from: Day


class ToEnterTold(Told):
    """Somebody who holds a mediator's post at the acting centre and is not in the register."""

    id: UUID
    person: Named


class ToEnterList(Told):
    items: list[ToEnterTold]


class FittingTold(Told):
    """A mediator for one matter, and the facts that put them where they stand in the list."""

    mediator: MediatorTold
    reasons: list[Fit]
    in_hand: Annotated[int, Field(description="Mediations that they lead now, of those that the post sees.")]
    of_the_kind: Annotated[int, Field(description="Mediations of this kind that they have led to an end.")]
    namesake: Annotated[bool, Field(description="A party bears the same name: to be asked, not known.")]


class FittingList(Told):
    items: list[FittingTold]


@router.get(
    "/mediators",
    response=MediatorPage,
    auth=READS,
    operation_id="listMediators",
    summary="The register of mediators · 调解员名册",
    url_name="api_mediators",
)
def list_mediators(request: HttpRequest, asked: Query[MediatorsAsked]) -> MediatorPage:
    """Everybody whom the county's centres have entered, the newest entry first."""
    with reading(request) as actor:
        check_may_read(actor)
        found = visible_to(actor)
        if asked.field:
            found = found.filter(fields__contains=[asked.field])
        if asked.language:
            found = found.filter(languages__contains=[asked.language])
        rows, after = newest_first(
            found, of=("mediators", asked.field, asked.language), cursor=asked.cursor, size=asked.size
        )
        return MediatorPage(items=[_told(each) for each in rows], next=after)


@router.get(
    "/mediators/to-enter",
    response=ToEnterList,
    auth=READS,
    operation_id="listMediatorsToEnter",
    summary="Who can be entered · 可以登记的调解员",
    url_name="api_mediators_to_enter",
)
def list_to_enter(request: HttpRequest) -> ToEnterList:
    """For the leaders of a centre."""
    with reading(request) as actor:
        check_may_keep(actor, actor.centre_id)
        assert actor.centre_id is not None  # noqa: S101  said above
        held = to_enter(actor.centre_id)
        return ToEnterList(
            items=[
                ToEnterTold(id=each.pk, person=Named(id=str(each.person_id), name=each.person.name))
                for each in held
            ]
        )


@router.post(
    "/mediators",
    response={201: Made},
    auth=WRITES,
    operation_id="enterMediator",
    summary="Enter a mediator · 登记调解员",
    url_name="api_mediators",
    openapi_extra={"x-writes": "once"},
)
def enter(request: HttpRequest, response: HttpResponse, sent: MediatorSent) -> Any:
    """A leader enters a mediator of the own centre. To change an entry, end it and enter it anew."""
    actor, once = actor_of(request), once_of(request, sent)
    made = answered(once, response, lambda: flow.enter(actor=actor, once=once, **sent.model_dump()))
    return Status(201, Made(**made))


@router.post(
    "/mediators/{mediator_id}/end",
    response=Made,
    auth=WRITES,
    operation_id="endMediator",
    summary="The last day in the register · 停用调解员",
    url_name="api_mediator_end",
    openapi_extra={"x-writes": "once"},
)
def end(request: HttpRequest, response: HttpResponse, mediator_id: UUID, sent: LastDay) -> Made:
    """Mediations that run go on."""
    actor, once = actor_of(request), once_of(request, sent)
    made = answered(
        once,
        response,
        lambda: flow.end(actor=actor, mediator_id=mediator_id, once=once, last=sent.last),
    )
    return Made(**made)


@router.get(
    "/matters/{code}/mediators",
    response=FittingList,
    auth=READS,
    operation_id="listFittingMediators",
    summary="Who fits the matter · 推荐调解员",
    url_name="api_fitting_mediators",
)
def list_fitting(request: HttpRequest, code: Path[Code], asked: Query[FittingAsked]) -> FittingList:
    """Mediators of the centre that holds the matter, best fitting first; at most twenty. The officer chooses."""
    with reading(request) as actor:
        check_may_read(actor)
        matter = opened(actor, code, door=DOOR)
        return FittingList(
            items=[
                FittingTold(
                    mediator=_told(each.mediator),
                    reasons=list(each.reasons),
                    in_hand=each.in_hand,
                    of_the_kind=each.of_the_kind,
                    namesake=each.namesake,
                )
                for each in fitting(matter, clock.today(), language=asked.language or "")
            ]
        )


def _told(row: Mediator) -> MediatorTold:
    centre = row.post.centre
    assert centre is not None  # noqa: S101  a mediator's post is at a centre
    return MediatorTold(
        id=row.pk,
        person=Named(id=str(row.person_id), name=row.person.name),
        centre=Named(id=str(centre.pk), name=centre.name),
        fields=row.fields,
        languages=row.languages,
        places=row.places,
        certificate=row.certificate,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
