"""A matter's limits: each explained as JSON, and what an officer does to it, with a preview of what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Path, Query, Router

from fengqiao.accounts.scope import scope
from fengqiao.api.doors import READS, WRITES, actor_of, reading
from fengqiao.api.limit_shapes import (
    SHAPES,
    ChangesTold,
    ChangeTold,
    EndTold,
    ExplanationTold,
    FactPage,
    FactTold,
    MoveTold,
    SpanTold,
    VerbSent,
)
from fengqiao.api.matters import DOOR
from fengqiao.api.paging import Listed, sliced
from fengqiao.api.shapes import Code
from fengqiao.api.told import ClockTold
from fengqiao.api.writing import Receipt, carried_out, once_of, version_of
from fengqiao.clocks.counting import Explanation, Span
from fengqiao.clocks.queries.telling import Moved, Shown, shown_of, told_of
from fengqiao.clocks.queries.telling import Told as Explained
from fengqiao.clocks.queries.written import Written, written_of
from fengqiao.flows import time_limits
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter

router = Router(tags=["limits"])
SUMMARIES = {
    "record": "Record a fact · 记录事实",
    "pause": "Pause a limit · 中止计时",
    "resume": "Resume a limit · 恢复计时",
    "restart": "Begin a limit anew · 重新计算",
    "fulfil": "Record that a limit was met · 记录已经办到",
    "ask_extension": "Ask for an extension of a limit · 申请延长",
    "decide_extension": "Decide on an extension of a limit · 审批延长",
    "correct": "Correct a fact · 更正事实",
    "take_back": "Take a fact back · 撤回事实",
}


def limits_of(matter: Matter) -> list[ClockTold]:
    """The limits of a matter among what runs on it."""
    return [
        ClockTold(
            kind="limit",
            since=each.clock.started_at,
            due=each.clock.due_at.isoformat() if each.clock.due_at else None,
            dispatch=each.clock.assignment_id,
            limit=each.clock.limit,
            id=each.clock.pk,
            state=each.clock.state,
        )
        for each in shown_of(matter)
    ]


@router.get(
    "/matters/{code}/clocks/{clock_id}",
    response=ExplanationTold,
    auth=READS,
    operation_id="explainClock",
    summary="A limit explained · 时限怎么算出来的",
    url_name="api_clock",
)
def explain(request: HttpRequest, code: Path[Code], clock_id: UUID) -> ExplanationTold:
    """Statute, start, each stretch of days with its reason, each pause, restart and extension with who and why."""
    with reading(request) as actor:
        matter = opened(actor, code, door=DOOR)
        found = told_of(matter, clock_id)
        if found is None:
            raise NotAllowed("clock_not_found", _("本事项没有这个时限。"))
        return _explained(found)


@router.get(
    "/matters/{code}/facts",
    response=FactPage,
    auth=READS,
    operation_id="listFacts",
    summary="Facts behind the limits · 时限依据的事实",
    url_name="api_facts",
)
def facts(request: HttpRequest, code: Path[Code], asked: Query[Listed]) -> FactPage:
    """What the limits are computed from, the latest first; what was put right or taken back stays."""
    with reading(request) as actor:
        matter = opened(actor, code, door=DOOR)
        found = written_of(matter)
        rows, after = sliced(
            lambda within: found[within], of=("facts", code), cursor=asked.cursor, size=asked.size
        )
        return FactPage(items=[_fact(each) for each in rows], next=after)


def _explained(found: Explained) -> ExplanationTold:
    clock, told = found.shown.clock, found.explanation
    plain = ("owed_by", "state", "started_at", "yellow_at", "due_at", "stopped_at")
    return ExplanationTold(
        id=clock.pk,
        limit=clock.limit,
        title=found.shown.title,
        basis=found.basis,
        version=clock.limit_version,
        length=found.length,
        sentences=found.sentences,
        moves=[_move(each) for each in found.moves],
        **_counted(told),
        **{name: getattr(clock, name) for name in plain},
    )


def _counted(told: Explanation | None) -> dict[str, Any]:
    end = told.deadline if told else None
    return {
        "start_day": told.start_day if told else None,
        "counted_from": told.counted_from if told else None,
        "corresponding": told.corresponding if told else None,
        "spans": [_span(each) for each in told.spans] if told else [],
        "last_day": end.last_day if end else None,
        "unknown_years": list(end.unknown_years) if end else [],
    }


def _span(span: Span) -> SpanTold:
    return SpanTold(kind=span.kind.value, first=span.first, last=span.last, days=span.days, name=span.name)


def _move(move: Moved) -> MoveTold:
    names = ("at", "length", "ground", "reason", "by", "approved_by", "consent")
    return MoveTold(what=str(move.label), **{name: getattr(move, name) for name in names})


def _fact(written: Written) -> FactTold:
    fact = written.fact
    plain = (
        "kind",
        "recorded_at",
        "limit",
        "ground",
        "reason",
        "n",
        "unit",
        "approved_by",
        "consent",
        "withdrawn",
    )
    return FactTold(
        id=fact.pk,
        what=str(written.label),
        at=fact.occurred_at,
        by=fact.recorded_by,
        dispatch=fact.assignment_id,
        party=fact.party_id,
        replaces=fact.replaces_id,
        stands=written.stands,
        **{name: getattr(fact, name) for name in plain},
    )


def _end(shown: Shown | None) -> EndTold | None:
    names = ("state", "started_at", "due_at", "stopped_at")
    return EndTold(**{name: getattr(shown.clock, name) for name in names}) if shown else None


def _given(verb: str, row: UUID | None, sent: VerbSent) -> dict[str, Any]:
    if row is None:
        return sent.values()
    return sent.values() | {"clock_id" if verb in time_limits.ON_A_CLOCK else "fact_id": row}


def _carry_out(verb: str) -> Callable[..., Receipt]:
    def carry_out(
        request: HttpRequest, response: HttpResponse, code: str, row: UUID | None, sent: VerbSent
    ) -> Receipt:
        actor = actor_of(request)
        once, version = once_of(request, sent), version_of(request)

        def work() -> None:
            with scope(actor):
                once.begin()
                matter = opened(actor, code, door="action")
            values = _given(verb, row, sent)
            time_limits.carry_out(
                actor=actor, matter_id=matter.pk, verb=verb, values=values, version=version, once=once
            )

        return carried_out(once, response, work)

    return carry_out


def _preview(verb: str) -> Callable[..., ChangesTold]:
    def preview(request: HttpRequest, code: str, row: UUID | None, sent: VerbSent) -> ChangesTold:
        actor = actor_of(request)
        with scope(actor):
            matter = opened(actor, code, door="action")
        values = _given(verb, row, sent)
        changes = time_limits.rehearsed(
            actor=actor, matter_id=matter.pk, verb=verb, values=values, version=None
        )
        return ChangesTold(
            items=[
                ChangeTold(
                    limit=each.shown.clock.limit,
                    title=each.shown.title,
                    before=_end(each.before),
                    after=_end(each.after),
                )
                for each in changes
            ]
        )

    return preview


def _views(verb: str, shape: type[VerbSent], row: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The act and its preview, with the row's name in the address where there is one."""
    act, look = _carry_out(verb), _preview(verb)

    def acted(request: HttpRequest, response: HttpResponse, code: Path[Code], sent: VerbSent) -> Receipt:
        return act(request, response, code, None, sent)

    def acted_on_clock(
        request: HttpRequest, response: HttpResponse, code: Path[Code], clock_id: UUID, sent: VerbSent
    ) -> Receipt:
        return act(request, response, code, clock_id, sent)

    def acted_on_fact(
        request: HttpRequest, response: HttpResponse, code: Path[Code], fact_id: UUID, sent: VerbSent
    ) -> Receipt:
        return act(request, response, code, fact_id, sent)

    def seen(request: HttpRequest, code: Path[Code], sent: VerbSent) -> ChangesTold:
        return look(request, code, None, sent)

    def seen_on_clock(request: HttpRequest, code: Path[Code], clock_id: UUID, sent: VerbSent) -> ChangesTold:
        return look(request, code, clock_id, sent)

    def seen_on_fact(request: HttpRequest, code: Path[Code], fact_id: UUID, sent: VerbSent) -> ChangesTold:
        return look(request, code, fact_id, sent)

    pairs: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
        "": (acted, seen),
        "clock_id": (acted_on_clock, seen_on_clock),
        "fact_id": (acted_on_fact, seen_on_fact),
    }
    pair = pairs[row]
    for view, name, doc in zip(
        pair,
        (f"carry_out_{verb}", f"preview_{verb}"),
        (
            "",
            "What would become of the matter's limits, by the same rules. Nothing is written, nothing audited.",
        ),
        strict=True,
    ):
        view.__annotations__["sent"] = shape
        view.__name__, view.__doc__ = name, doc
    return pair


def _operation(verb: str) -> str:
    first, *rest = verb.split("_")
    what = "Limit" if verb in time_limits.ON_A_CLOCK else "Fact"
    return first + "".join(word.capitalize() for word in rest) + what


def _open() -> None:
    for verb, shape in SHAPES.items():
        if verb in time_limits.ON_A_CLOCK:
            way, row = f"/matters/{{code}}/clocks/{{clock_id}}/{verb}", "clock_id"
        elif verb in time_limits.ON_A_FACT:
            way, row = f"/matters/{{code}}/facts/{{fact_id}}/{verb}", "fact_id"
        else:
            way, row = "/matters/{code}/facts", ""
        act, look = _views(verb, shape, row)
        name = _operation(verb)
        router.post(
            way,
            response=Receipt,
            auth=WRITES,
            operation_id=name,
            summary=SUMMARIES[verb],
            url_name=f"api_clock_{verb}",
            openapi_extra={"x-writes": "version"},
        )(act)
        router.post(
            f"{way}/preview",
            response=ChangesTold,
            auth=READS,
            operation_id=f"preview{name[0].upper()}{name[1:]}",
            summary=f"Preview: {SUMMARIES[verb]}（预演）",
            url_name=f"api_clock_{verb}_preview",
        )(look)


_open()
