"""The supervision of departments' parts of matters, rung by rung; it speaks of bodies, never of a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from fengqiao.api.actions.shapes import Written
from fengqiao.api.doors import READS, WRITES, actor_of, reading
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import Code, Named, PageOf, Shape, Told
from fengqiao.api.writing import Receipt, carried_out, once_of, unchanged, version_of
from fengqiao.flows import supervising as flow
from fengqiao.places.models import Department
from fengqiao.supervision.enums import OPEN, Decision, HandedTo, Rung, SupervisionAction, SupervisionState
from fengqiao.supervision.models import Measure, Supervision
from fengqiao.supervision.queries.cases import actions_of, by_id, seen_by
from fengqiao.supervision.queries.facts import said
from fengqiao.supervision.queries.terms import terms_of

router = Router(tags=["supervision"])


class SupervisionsAsked(Listed):
    """All that are given must hold."""

    matter: Code | None = None
    department: Annotated[UUID | None, Field(description="The department that is supervised.")] = None
    state: SupervisionState | None = None
    rung: Annotated[Rung | None, Field(description="The highest that is in force.")] = None
    open: Annotated[
        bool | None, Field(description="Whether somebody still has to do something; left out: both.")
    ] = None


class MeasureTold(Told):
    """One rung: proposed with its facts, answered by the department, decided by the commission, reported on."""

    id: UUID
    rung: Rung
    rule: Annotated[str, Field(description="The row of the table of supervision.")]
    table_version: Annotated[
        str, Field(description="The version of that table; empty before it had versions.")
    ]
    basis: str
    facts: Annotated[list[str], Field(description="What was seen when it was proposed, in words.")]
    grounds: str
    proposed_at: datetime
    answer_by: Annotated[
        date, Field(description="The department is heard until the end of this day (Asia/Shanghai).")
    ]
    answer: str
    answered_at: datetime | None
    decision: Decision
    reasons: str
    decided_at: datetime | None
    year: int | None
    number: Annotated[int | None, Field(description="Of the letter, in the county and the year.")]
    report_by: date | None
    report: str
    reported_at: datetime | None
    handed_to: HandedTo | None
    outcome: str
    outcome_at: datetime | None


class SupervisionTold(Told):
    """The supervision of one department's part of a matter."""

    id: UUID
    matter: Annotated[str, Field(description="The matter's code.")]
    version: Annotated[int, Field(description="The matter's version: what `If-Match` names.")]
    dispatch: Annotated[UUID, Field(description="The department's part of the matter.")]
    department: Named
    commission: Annotated[Named, Field(description="Before which it is laid, and which decides.")]
    state: SupervisionState
    rung: Annotated[Rung | None, Field(description="The highest that was decided.")]
    since: datetime
    opened_at: datetime
    ended_at: datetime | None
    measures: Annotated[list[MeasureTold], Field(description="The rungs, the first one first.")]


class SupervisionDetail(SupervisionTold):
    actions: Annotated[list[SupervisionAction], Field(description="What the calling post may do now.")]


class SupervisionPage(PageOf):
    items: list[SupervisionTold]


@router.get(
    "/supervisions",
    response=SupervisionPage,
    auth=READS,
    operation_id="listSupervisions",
    summary="Supervision · 督办",
    url_name="api_supervisions",
)
def list_supervisions(request: HttpRequest, asked: Query[SupervisionsAsked]) -> SupervisionPage:
    """The supervisions that the post sees, the newest first: a department its own, the commission those before it,
    a centre those of the matters that it sees; a post that has no part in them sees none."""
    with reading(request) as actor:
        found = seen_by(actor)
        for column, value in (
            ("matter__code", asked.matter),
            ("department_id", asked.department),
            ("state", asked.state),
            ("rung", asked.rung),
        ):
            if value:
                found = found.filter(**{column: value})
        if asked.open is not None:
            found = found.filter(state__in=OPEN) if asked.open else found.exclude(state__in=OPEN)
        name = ("supervisions", asked.matter, asked.department, asked.state, asked.rung, asked.open)
        rows, after = newest_first(found, of=name, cursor=asked.cursor, size=asked.size)
        return SupervisionPage(items=[SupervisionTold(**_plain(each)) for each in rows], next=after)


@router.get(
    "/supervisions/{supervision_id}",
    response=SupervisionDetail,
    auth=READS,
    operation_id="getSupervision",
    summary="One supervision · 一项督办",
    url_name="api_supervision",
)
def get_supervision(request: HttpRequest, response: HttpResponse, supervision_id: UUID) -> Any:
    """One supervision and what the post may do in it. Its `ETag` is the matter's version."""
    with reading(request) as actor:
        found = by_id(actor, supervision_id)
        if same := unchanged(request, response, found.matter.version):
            return same
        actions = actions_of(actor, found.matter, found)
        return SupervisionDetail(**_plain(found), actions=actions)


class TextSent(Shape):
    text: Annotated[Written, Field(description="Of how the department handles it; nothing of a person.")]


def _view(action: SupervisionAction, says: str) -> Callable[..., Receipt]:
    def said_of(
        request: HttpRequest, response: HttpResponse, supervision_id: UUID, sent: TextSent
    ) -> Receipt:
        actor = actor_of(request)
        once, version = once_of(request, sent), version_of(request)

        def work() -> None:
            with reading(request):
                # Asked here already: who sends it again may not see it any more.
                once.begin()
                found = by_id(actor, supervision_id)
            flow.act(
                actor=actor,
                matter_id=found.matter_id,
                supervision_id=supervision_id,
                action=action,
                version=version,
                once=once,
                text=sent.text,
            )

        return carried_out(once, response, work)

    said_of.__doc__ = says
    return said_of


SAID: dict[SupervisionAction, tuple[str, str, str]] = {
    SupervisionAction.ANSWER: (
        "answerSupervision",
        "Be heard · 申辩",
        "The department says what it has to say before the commission decides.",
    ),
    SupervisionAction.REPORT: (
        "reportOnSupervision",
        "Report · 反馈整改",
        "The department reports what it has done since the order.",
    ),
}


def _open() -> None:
    for action, (name, summary, says) in SAID.items():
        router.post(
            f"/supervisions/{{supervision_id}}/{action.value}",
            response=Receipt,
            auth=WRITES,
            operation_id=name,
            url_name=f"api_supervision_{action.value}",
            summary=summary,
            openapi_extra={"x-writes": "version"},
        )(_view(action, says))


_open()


def _plain(row: Supervision) -> dict[str, Any]:
    return {
        "id": row.pk,
        "matter": row.matter.code,
        "version": row.matter.version,
        "dispatch": row.assignment_id,
        "department": _named(row.department),
        "commission": _named(row.commission),
        "state": SupervisionState(row.state),
        "rung": Rung(row.rung) if row.rung else None,
        "since": row.since,
        "opened_at": row.opened_at,
        "ended_at": row.ended_at,
        "measures": [_measure(each) for each in row.measures.all()],
    }


def _measure(row: Measure) -> MeasureTold:
    plain = (
        "id", "rule", "grounds", "proposed_at", "answer_by", "answer", "answered_at", "reasons", "decided_at",
        "year", "number", "report_by", "report", "reported_at", "outcome", "outcome_at",
    )  # fmt: skip
    return MeasureTold(
        rung=Rung(row.rung),
        facts=[said(each) for each in row.facts],
        decision=Decision(row.decision),
        handed_to=HandedTo(row.handed_to) if row.handed_to else None,
        table_version=row.table_version,
        basis=terms_of(row).basis,
        **{name: getattr(row, name) for name in plain},
    )


def _named(body: Department) -> Named:
    return Named(id=str(body.pk), name=body.name)
