"""Whistles: blown, read, answered by who is called, and each answer scored by who called. Never a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.api import offered
from fengqiao.api.domain.once import OnceByKey
from fengqiao.api.doors import READS, WRITES, actor_of, reading
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import KEPT, Code, DivisionCode, Made, Named, PageOf, Shape, Told, named
from fengqiao.api.writing import answered, once_of
from fengqiao.dispatch.domain.whistling import NewWhistle
from fengqiao.dispatch.enums import CallState, WhistlePlace
from fengqiao.dispatch.models import Call, CallScore, Whistle
from fengqiao.dispatch.models.score import HIGHEST, LOWEST
from fengqiao.dispatch.policies import check_may_blow, check_takes_part
from fengqiao.dispatch.queries.whistles import openable_of, whistles_told_to
from fengqiao.flows import procedure
from fengqiao.kernel.errors import NotAllowed

router = Router(tags=["whistles"])
MOST_CALLED = 50
Written = Annotated[str, Field(min_length=1, max_length=2000, pattern=KEPT)]


class Whether(StrEnum):
    """Whether somebody is still called, or on the way, or there."""

    RUNNING = "running"
    ENDED = "ended"


class WhistlesAsked(Listed):
    state: Annotated[Whether | None, Field(description="Left out: both.")] = None


class WhistleSent(Shape):
    """Courts and procuratorates among the departments are invited, not called."""

    departments: Annotated[list[UUID], Field(min_length=1, max_length=MOST_CALLED)]
    place_kind: WhistlePlace
    place: Annotated[str, Field(min_length=1, max_length=100, pattern=KEPT, description="Where to come.")]
    message: Annotated[str, Field(min_length=1, max_length=5000, pattern=KEPT, description="Why.")]
    matter: Annotated[Code | None, Field(description="The matter it is for, if any.")] = None
    division: DivisionCode | None = None

    def new_whistle(self, actor: Actor) -> NewWhistle:
        """What the domain takes; raises ``Invalid`` where it names what the desk would not offer."""
        asked = [(f"departments.{place}", each) for place, each in enumerate(self.departments)]
        offered.departments(actor, asked, independent=True)
        matter = offered.matter_of_code(actor, self.matter, field="matter") if self.matter else None
        return NewWhistle(
            departments=self.departments,
            place_kind=self.place_kind,
            place=self.place,
            message=self.message,
            matter_id=matter.pk if matter else None,
            division=offered.division(actor, self.division),
        )


class ScoreSent(Shape):
    score: Annotated[int, Field(ge=LOWEST, le=HIGHEST, description="5 is best.")]
    reason: Annotated[Written, Field(description="How the department answered; nothing of a person.")]


class ResultSent(Shape):
    result: Annotated[Written, Field(description="What came of it; why it was called off.")]


class CallReceipt(Told):
    """The call, and where it stands now."""

    id: UUID
    state: CallState


class ScoreTold(Told):
    """What the caller thinks of the department's answer to this one call."""

    score: int
    reason: str
    by: Named
    at: datetime


class CallTold(Told):
    """One department called; a court or procuratorate is invited, and never scored."""

    id: UUID
    department: Named
    invitation: bool
    state: CallState
    called_at: datetime
    on_the_way_at: datetime | None
    there_at: datetime | None
    done_at: datetime | None
    answered_by: Named | None
    result: str
    score: Annotated[ScoreTold | None, Field(description="As it stands, where the post sees it.")]


class WhistleTold(Told):
    """A call to come now. A department may be called to a matter that it does not see."""

    id: UUID
    matter: Annotated[str | None, Field(description="Its code, where the post may open it.")]
    centre: Named
    place_kind: WhistlePlace
    place: str
    division: Annotated[str | None, Field(description="Code of the division, 12 digits.")]
    message: str
    called_by: Named
    called_at: datetime
    ended_at: datetime | None
    calls: list[CallTold]


class WhistlePage(PageOf):
    items: list[WhistleTold]


@contextmanager
def _taking_part(request: HttpRequest) -> Iterator[Actor]:
    """The scope of whoever has to do with whistles; raises ``NotAllowed`` for every other post."""
    with reading(request) as actor:
        check_takes_part(actor)
        yield actor


@router.get(
    "/whistles",
    response=WhistlePage,
    auth=READS,
    operation_id="listWhistles",
    summary="Whistles · 吹哨报到",
    url_name="api_whistles",
)
def list_whistles(request: HttpRequest, asked: Query[WhistlesAsked]) -> WhistlePage:
    """The whistles that the calling post sees, newest first: a centre its own, a department those that call it."""
    with _taking_part(request) as actor:
        found = whistles_told_to(actor)
        if asked.state is not None:
            found = found.filter(ended_at__isnull=asked.state is Whether.RUNNING)
        rows, after = newest_first(
            found, of=("whistles", actor.post_id, asked.state), cursor=asked.cursor, size=asked.size
        )
        codes = openable_of(actor, rows)
        return WhistlePage(items=[told_of(each, codes) for each in rows], next=after)


@router.post(
    "/whistles",
    response={201: Made},
    auth=WRITES,
    operation_id="blowWhistle",
    summary="Blow a whistle · 吹哨",
    url_name="api_whistles",
    openapi_extra={"x-writes": "once"},
)
def blow(request: HttpRequest, response: HttpResponse, sent: WhistleSent) -> Any:
    """Calls departments to come now, by a post of a centre."""
    actor, once = actor_of(request), once_of(request, sent)
    check_may_blow(actor)

    def work() -> None:
        with scope(actor):
            # Asked here already: what it names may not be seen or offered any more.
            once.begin()
            new = sent.new_whistle(actor)
        procedure.blow(actor=actor, new=new, once=once)

    made = Made(**answered(once, response, work))
    response.headers["Location"] = f"/api/v1/whistles/{made.id}"
    return Status(201, made)


@router.get(
    "/whistles/{whistle_id}",
    response=WhistleTold,
    auth=READS,
    operation_id="getWhistle",
    summary="One whistle · 一次吹哨",
    url_name="api_whistle",
)
def get_whistle(request: HttpRequest, whistle_id: UUID) -> WhistleTold:
    """Who was called, who is on the way, who is there, and what came of it."""
    with _taking_part(request) as actor:
        found = _whistle(actor, whistle_id)
        return told_of(found, openable_of(actor, [found]))


@router.post(
    "/whistles/{whistle_id}/calls/{call_id}/score",
    response=CallReceipt,
    auth=WRITES,
    operation_id="scoreCall",
    summary="Score an answer · 评分",
    url_name="api_call_score",
    openapi_extra={"x-writes": "once"},
)
def score(
    request: HttpRequest, response: HttpResponse, whistle_id: UUID, call_id: UUID, sent: ScoreSent
) -> CallReceipt:
    """Who called, in the post that called, scores how the department answered this call once it has ended: within
    30 days; sent with another score it is amended, within 7 days. The earlier score is kept."""
    return _on_call(
        request, response, (whistle_id, call_id), once_of(request, sent), procedure.score, dict(sent)
    )


def _answer(to: CallState, says: str) -> Callable[..., CallReceipt]:
    def said(request: HttpRequest, response: HttpResponse, whistle_id: UUID, call_id: UUID) -> CallReceipt:
        once = once_of(request, {})
        return _on_call(request, response, (whistle_id, call_id), once, procedure.answer, {"to": to})

    def with_result(
        request: HttpRequest, response: HttpResponse, whistle_id: UUID, call_id: UUID, sent: ResultSent
    ) -> CallReceipt:
        once, values = once_of(request, sent), {"to": to, "result": sent.result}
        return _on_call(request, response, (whistle_id, call_id), once, procedure.answer, values)

    answer = with_result if to in (CallState.DONE, CallState.STOOD_DOWN) else said
    answer.__doc__ = says
    return answer


ANSWERS: dict[CallState, tuple[str, str, str]] = {
    CallState.ON_THE_WAY: ("sayOnTheWay", "On the way · 在路上", "The called department has set out."),
    CallState.THERE: ("sayThere", "There · 已到场", "The called department has come."),
    CallState.DONE: ("sayDone", "Done · 已处置", "The called department says what came of it."),
    CallState.STOOD_DOWN: (
        "standDown",
        "Stand down · 取消",
        "The centre that called calls it off, before the department is there.",
    ),
}
# The requests about one call, by their names.
OF_CALLS = ("scoreCall", *(name for name, _summary, _says in ANSWERS.values()))


def _open() -> None:
    for to, (name, summary, says) in ANSWERS.items():
        router.post(
            f"/whistles/{{whistle_id}}/calls/{{call_id}}/{to.value}",
            response=CallReceipt,
            auth=WRITES,
            operation_id=name,
            url_name=f"api_call_{to.value}",
            summary=summary,
            openapi_extra={"x-writes": "once"},
        )(_answer(to, says))


_open()


def told_of(whistle: Whistle, codes: Mapping[object, str]) -> WhistleTold:
    """A whistle as ``whistles_told_to`` reads it; ``codes`` are those of the matters that may be opened."""
    plain = ("id", "place", "message", "called_at", "ended_at")
    return WhistleTold(
        matter=codes.get(whistle.matter_id),
        centre=_named(whistle.centre),
        place_kind=WhistlePlace(whistle.place_kind),
        division=whistle.division_id,
        called_by=_named(whistle.called_by),
        calls=[_call(each) for each in whistle.calls.all()],
        **{name: getattr(whistle, name) for name in plain},
    )


def _call(call: Call) -> CallTold:
    plain = (
        "id", "invitation", "called_at", "on_the_way_at", "there_at", "done_at", "result",
    )  # fmt: skip
    standing: list[CallScore] = getattr(call, "standing", [])
    return CallTold(
        department=_named(call.department),
        state=CallState(call.state),
        answered_by=named(call.answered_by),
        score=_score(standing[0]) if standing else None,
        **{name: getattr(call, name) for name in plain},
    )


def _score(given: CallScore) -> ScoreTold:
    return ScoreTold(score=given.score, reason=given.reason, by=_named(given.by), at=given.at)


def _named(what: Any) -> Named:
    return Named(id=str(what.pk), name=what.name)


def _whistle(actor: Actor, whistle_id: UUID) -> Whistle:
    found = whistles_told_to(actor).filter(pk=whistle_id).first()
    if found is None:
        raise NotAllowed("whistle_not_found", _("没有这次吹哨，或您的岗位看不到它。"))
    return found


def _on_call(
    request: HttpRequest,
    response: HttpResponse,
    place: tuple[UUID, UUID],
    once: OnceByKey,
    verb: Callable[..., Any],
    values: Mapping[str, Any],
) -> CallReceipt:
    """Carries out what is done about one call of a whistle that the post sees."""
    whistle_id, call_id = place

    def work() -> None:
        with _taking_part(request) as actor:
            once.begin()
            if call_id not in {each.pk for each in _whistle(actor, whistle_id).calls.all()}:
                raise NotAllowed("call_not_found", _("这次吹哨中没有这个呼叫。"))
        verb(actor=actor, call_id=call_id, once=once, **values)

    return CallReceipt(**answered(once, response, work))
