"""Key matters and their rhythm, leaders' instructions and recommendations: matters are listed, never persons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from fengqiao.api.doors import READS, reading
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import Code, Named, PageOf, Told, named
from fengqiao.api.writing import unchanged
from fengqiao.leading.enums import (
    OPEN_INSTRUCTIONS,
    Ask,
    Ending,
    InstructionAction,
    InstructionState,
    KeyAction,
    KeyKind,
    LookKind,
    Verdict,
)
from fengqiao.leading.models import Charge, Instruction, InstructionAnswer, KeyMatter, Look, Recommendation
from fengqiao.leading.policies import check_may_read_the_list
from fengqiao.leading.queries import instructions, key_matters, recommendations
from fengqiao.matters.queries.lights import Colour

router = Router(tags=["leading"])


class KeyMattersAsked(Listed):
    """All that are given must hold."""

    matter: Code | None = None
    kind: KeyKind | None = None
    centre: Annotated[UUID | None, Field(description="The centre that keeps the list.")] = None
    listed: Annotated[bool | None, Field(description="Whether it is listed now; left out: both.")] = None


class ChargeTold(Told):
    """A leader in charge of the matter, from a day until a day, as the office was then."""

    name: str
    office: str
    since: date
    until: date | None


class LookTold(Told):
    """A look at how it goes, or a visit with the case."""

    id: UUID
    kind: LookKind
    day: date
    place: str
    met: str
    outcome: str
    at: datetime


class KeyMatterTold(Told):
    """A matter on one of the two lists, with its rhythm."""

    id: UUID
    matter: Annotated[str, Field(description="The matter's code.")]
    kind: KeyKind
    ground: Annotated[str, Field(description="The row of the rules by which it was listed.")]
    why: str
    centre: Annotated[Named, Field(description="Keeps the list.")]
    every: Annotated[int, Field(description="The rhythm: a look at least every so many units.")]
    unit: str
    listed_at: datetime
    in_charge: Annotated[ChargeTold | None, Field(description="None: nobody is named yet.")]
    looked_on: date | None
    look_by: Annotated[date, Field(description="The last day for the next look.")]
    light: Annotated[Colour | None, Field(description="Of the next look; none once it is listed no more.")]
    ended_at: datetime | None
    ending: Ending | None
    end_reason: str


class KeyMatterDetail(KeyMatterTold):
    charges: list[ChargeTold]
    looks: Annotated[list[LookTold], Field(description="The newest first.")]
    actions: Annotated[list[KeyAction], Field(description="What the calling post may do now.")]


class KeyMatterPage(PageOf):
    items: list[KeyMatterTold]


class InstructionsAsked(Listed):
    """All that are given must hold."""

    matter: Code | None = None
    department: Annotated[UUID | None, Field(description="The department that was instructed.")] = None
    state: InstructionState | None = None
    open: Annotated[
        bool | None, Field(description="Whether somebody still has to do something; left out: both.")
    ] = None


class InstructionAnswerTold(Told):
    """What was done upon it, and what the side that instructed found."""

    id: UUID
    text: str
    at: datetime
    verdict: Verdict
    reasons: str
    decided_at: datetime | None


class InstructionTold(Told):
    """A leader's written instruction: a task of procedure for one department, or one post of a centre."""

    id: UUID
    matter: Annotated[str, Field(description="The matter's code.")]
    version: Annotated[int, Field(description="The matter's version: what `If-Match` names.")]
    centre: Annotated[Named, Field(description="The side that instructs and accepts the answer.")]
    leader: str
    office: str
    asks: Ask
    text: str
    given_on: date
    department: Annotated[Named | None, Field(description="None where a post of a centre was instructed.")]
    post: UUID | None
    due_on: date
    state: InstructionState
    since: datetime
    ended_at: datetime | None
    answers: Annotated[list[InstructionAnswerTold], Field(description="The newest first.")]


class InstructionDetail(InstructionTold):
    actions: Annotated[list[InstructionAction], Field(description="What the calling post may do now.")]


class InstructionPage(PageOf):
    items: list[InstructionTold]


class RecommendationsAsked(Listed):
    """All that are given must hold."""

    matter: Annotated[Code | None, Field(description="A matter from which it is drawn.")] = None
    department: Annotated[UUID | None, Field(description="The unit to which it was sent.")] = None
    replied: Annotated[bool | None, Field(description="Whether a reply is recorded; left out: both.")] = None


class RecommendationTold(Told):
    """A numbered letter to a unit about what several quarrels have in common; it commands nobody."""

    id: UUID
    matter: Annotated[str, Field(description="Code of the matter from whose page it was written.")]
    version: Annotated[int, Field(description="The matter's version: what `If-Match` names.")]
    department: Named
    centre: Named
    year: int
    number: int
    found: str
    advice: str
    sent_at: datetime
    reply_by: date
    reply: str
    replied_on: date | None


class RecommendationPage(PageOf):
    items: list[RecommendationTold]


@router.get(
    "/key-matters",
    response=KeyMatterPage,
    auth=READS,
    operation_id="listKeyMatters",
    summary="Key matters · 重点案件",
    url_name="api_key_matters",
)
def list_key_matters(request: HttpRequest, asked: Query[KeyMattersAsked]) -> KeyMatterPage:
    """The matters on the lists of key matters and of old petition matters that the post sees, the newest first."""
    with reading(request) as actor:
        check_may_read_the_list(actor)
        found = key_matters.seen_by(actor)
        for column, value in (
            ("matter__code", asked.matter),
            ("kind", asked.kind),
            ("centre_id", asked.centre),
        ):
            if value:
                found = found.filter(**{column: value})
        if asked.listed is not None:
            found = found.filter(ended_at__isnull=asked.listed)
        name = ("key matters", asked.matter, asked.kind, asked.centre, asked.listed)
        rows, after = newest_first(found, of=name, cursor=asked.cursor, size=asked.size)
        return KeyMatterPage(items=[KeyMatterTold(**_key(each)) for each in rows], next=after)


@router.get(
    "/key-matters/{key_matter_id}",
    response=KeyMatterDetail,
    auth=READS,
    operation_id="getKeyMatter",
    summary="One key matter · 一件重点案件",
    url_name="api_key_matter",
)
def get_key_matter(request: HttpRequest, key_matter_id: UUID) -> KeyMatterDetail:
    """One listed matter with who was in charge of it, its looks and visits. Whoever sees the matter reads it."""
    with reading(request) as actor:
        found = key_matters.by_id(actor, key_matter_id)
        return KeyMatterDetail(
            **_key(found),
            charges=[_charge(each) for each in found.charges.all()],
            looks=[_look(each) for each in found.looks.all()],
            actions=key_matters.actions_of(actor, found.matter, found),
        )


@router.get(
    "/instructions",
    response=InstructionPage,
    auth=READS,
    operation_id="listInstructions",
    summary="Instructions · 批示",
    url_name="api_instructions",
)
def list_instructions(request: HttpRequest, asked: Query[InstructionsAsked]) -> InstructionPage:
    """Leaders' written instructions that the post sees, the newest first; a department sees those to itself."""
    with reading(request) as actor:
        found = instructions.seen_by(actor)
        for column, value in (
            ("matter__code", asked.matter),
            ("department_id", asked.department),
            ("state", asked.state),
        ):
            if value:
                found = found.filter(**{column: value})
        if asked.open is not None:
            still = {"state__in": OPEN_INSTRUCTIONS}
            found = found.filter(**still) if asked.open else found.exclude(**still)
        name = ("instructions", asked.matter, asked.department, asked.state, asked.open)
        rows, after = newest_first(found, of=name, cursor=asked.cursor, size=asked.size)
        return InstructionPage(items=[InstructionTold(**_instruction(each)) for each in rows], next=after)


@router.get(
    "/instructions/{instruction_id}",
    response=InstructionDetail,
    auth=READS,
    operation_id="getInstruction",
    summary="One instruction · 一件批示",
    url_name="api_instruction",
)
def get_instruction(request: HttpRequest, response: HttpResponse, instruction_id: UUID) -> Any:
    """One instruction and what the post may do with it. Its `ETag` is the matter's version."""
    with reading(request) as actor:
        found = instructions.by_id(actor, instruction_id)
        return unchanged(request, response, found.matter.version) or InstructionDetail(
            **_instruction(found), actions=instructions.actions_of(actor, found)
        )


@router.get(
    "/recommendations",
    response=RecommendationPage,
    auth=READS,
    operation_id="listRecommendations",
    summary="Recommendations · 源头治理建议",
    url_name="api_recommendations",
)
def list_recommendations(request: HttpRequest, asked: Query[RecommendationsAsked]) -> RecommendationPage:
    """The recommendations drawn from matters that the post sees, the newest first."""
    with reading(request) as actor:
        found = recommendations.seen_by(actor)
        if asked.matter:
            found = found.filter(sources__matter__code=asked.matter)
        if asked.department:
            found = found.filter(department_id=asked.department)
        if asked.replied is not None:
            found = found.filter(replied_on__isnull=not asked.replied)
        name = ("recommendations", asked.matter, asked.department, asked.replied)
        rows, after = newest_first(found, of=name, cursor=asked.cursor, size=asked.size)
        return RecommendationPage(items=[_recommendation(each) for each in rows], next=after)


@router.get(
    "/recommendations/{recommendation_id}",
    response=RecommendationTold,
    auth=READS,
    operation_id="getRecommendation",
    summary="One recommendation · 一份建议书",
    url_name="api_recommendation",
)
def get_recommendation(request: HttpRequest, response: HttpResponse, recommendation_id: UUID) -> Any:
    """One recommendation with the unit's reply. Its `ETag` is the matter's version."""
    with reading(request) as actor:
        found = recommendations.by_id(actor, recommendation_id)
        return unchanged(request, response, found.matter.version) or _recommendation(found)


def _key(row: KeyMatter) -> dict[str, Any]:
    light = key_matters.look_light(row)
    charge = next((each for each in row.charges.all() if each.until is None), None)
    plain = ("ground", "why", "every", "unit", "listed_at", "looked_on", "look_by", "ended_at", "end_reason")
    return {
        "id": row.pk,
        "matter": row.matter.code,
        "kind": KeyKind(row.kind),
        "centre": named(row.centre),
        "in_charge": _charge(charge) if charge else None,
        "light": light.colour if light else None,
        "ending": Ending(row.ending) if row.ending else None,
        **{name: getattr(row, name) for name in plain},
    }


def _charge(row: Charge) -> ChargeTold:
    return ChargeTold(name=row.name, office=row.office, since=row.since, until=row.until)


def _look(row: Look) -> LookTold:
    plain = ("id", "day", "place", "met", "outcome", "at")
    return LookTold(kind=LookKind(row.kind), **{name: getattr(row, name) for name in plain})


def _instruction(row: Instruction) -> dict[str, Any]:
    plain = ("office", "text", "given_on", "due_on", "since", "ended_at")
    return {
        "id": row.pk,
        "matter": row.matter.code,
        "version": row.matter.version,
        "centre": named(row.centre),
        "leader": row.name,
        "asks": Ask(row.asks),
        "department": named(row.department),
        "post": row.post_id,
        "state": InstructionState(row.state),
        "answers": [_answer(each) for each in row.answers.all()],
        **{name: getattr(row, name) for name in plain},
    }


def _answer(row: InstructionAnswer) -> InstructionAnswerTold:
    plain = ("id", "text", "at", "reasons", "decided_at")
    return InstructionAnswerTold(verdict=Verdict(row.verdict), **{name: getattr(row, name) for name in plain})


def _recommendation(row: Recommendation) -> RecommendationTold:
    plain = ("year", "number", "found", "advice", "sent_at", "reply_by", "reply", "replied_on")
    return RecommendationTold(
        id=row.pk,
        matter=row.matter.code,
        version=row.matter.version,
        department=Named(id=str(row.department_id), name=row.department.name),
        centre=Named(id=str(row.centre_id), name=row.centre.name),
        **{name: getattr(row, name) for name in plain},
    )
