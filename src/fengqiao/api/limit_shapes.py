"""What the API says of a matter's limits, and what each verb on them takes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from fengqiao.api.actions.shapes import Written as Sentence
from fengqiao.api.shapes import KEPT, Moment, PageOf, Shape, Told
from fengqiao.clocks.enums import ClockState, FactKind, OwedBy

Remark = Annotated[str, Field(max_length=5_000, pattern=KEPT)]


class SpanTold(Told):
    """Days in a row that were treated alike."""

    kind: Annotated[str, Field(description="counted, not_worked, paused or rolled.")]
    first: date
    last: date
    days: int
    name: Annotated[str, Field(description="The holiday's name, or the ground of the pause.")]


class MoveTold(Told):
    """What started the limit, moved it or ended it, with who wrote it down and why."""

    what: str
    at: datetime
    length: str
    ground: str
    reason: str
    by: str
    approved_by: str
    consent: str


class ExplanationTold(Told):
    """A limit from its statute to its last day: the days of all spans lie between start and end without a gap."""

    id: UUID
    limit: str
    title: str
    basis: str
    version: Annotated[int, Field(description="Of the limit; of a county's own that of the county's table.")]
    owed_by: OwedBy
    state: ClockState
    started_at: datetime
    yellow_at: datetime | None
    due_at: Annotated[
        datetime | None, Field(description="The first instant after it; null while it is paused.")
    ]
    stopped_at: datetime | None
    length: str
    start_day: Annotated[date | None, Field(description="Does not count.")]
    counted_from: Annotated[
        datetime | None, Field(description="Of limits in hours: the full hour they run from.")
    ]
    corresponding: Annotated[date | None, Field(description="Of months and years: the corresponding day.")]
    last_day: date | None
    unknown_years: Annotated[
        list[int], Field(description="Years without a published calendar that decided something.")
    ]
    spans: list[SpanTold]
    moves: list[MoveTold]
    sentences: list[str]


class FactTold(Told):
    """Something dated that limits are computed from."""

    id: UUID
    kind: str
    what: str
    at: datetime
    recorded_at: datetime
    by: Annotated[UUID, Field(description="The person who wrote it down.")]
    limit: Annotated[str, Field(description="The one limit that it is about; empty: whichever looks at it.")]
    dispatch: UUID | None
    party: UUID | None
    ground: str
    reason: str
    n: int | None
    unit: str
    approved_by: UUID | None
    consent: str
    replaces: Annotated[UUID | None, Field(description="The fact that this one puts right or takes back.")]
    withdrawn: bool
    stands: bool


class FactPage(PageOf):
    items: list[FactTold]


class EndTold(Told):
    """Where a limit stands."""

    state: ClockState
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None


class ChangeTold(Told):
    """One limit before and after; null where it begins or falls away."""

    limit: str
    title: str
    before: EndTold | None
    after: EndTold | None


class ChangesTold(Told):
    items: list[ChangeTold]


class VerbSent(Shape):
    """What a verb takes; ``named`` are fields that its function calls otherwise."""

    named: ClassVar[dict[str, str]] = {"party": "party_id", "dispatch": "assignment_id"}

    def values(self) -> dict[str, Any]:
        """By the names of the function in clocks/domain."""
        return {self.named.get(name, name): getattr(self, name) for name in type(self).model_fields}


class RecordSent(VerbSent):
    kind: FactKind
    at: Annotated[Moment, Field(description="When it happened, with its time zone; never in the future.")]
    party: Annotated[UUID | None, Field(description="The one party it holds for.")] = None
    dispatch: Annotated[UUID | None, Field(description="The one dispatch it holds for.")] = None
    reason: Remark = ""


class CorrectSent(VerbSent):
    at: Moment
    reason: Sentence


class TakeBackSent(VerbSent):
    reason: Sentence


class PauseSent(VerbSent):
    ground: Annotated[
        str, Field(min_length=1, max_length=100, pattern=KEPT, description="As in the limit's row.")
    ]
    at: Moment
    until: Annotated[Moment | None, Field(description="Where it runs again already.")] = None
    reason: Sentence


class ResumeSent(VerbSent):
    at: Moment
    reason: Remark = ""


class RestartSent(VerbSent):
    ground: Annotated[
        str, Field(min_length=1, max_length=100, pattern=KEPT, description="As in the limit's row.")
    ]
    at: Moment
    reason: Sentence


class FulfilSent(VerbSent):
    at: Annotated[Moment, Field(description="When it was done; also after the end, never in the future.")]
    reason: Annotated[Sentence, Field(description="Who did it, and on what evidence that is known.")]


class AskLimitExtensionSent(VerbSent):
    n: Annotated[int, Field(ge=1, le=999)]
    unit: Annotated[
        str, Field(min_length=1, max_length=12, pattern=KEPT, description="As in the limit's row.")
    ]
    reason: Sentence


class DecideLimitExtensionSent(VerbSent):
    approve: bool
    consent: Annotated[str, Field(max_length=200, pattern=KEPT)] = ""
    answer: Remark = ""


SHAPES: dict[str, type[VerbSent]] = {
    "record": RecordSent,
    "pause": PauseSent,
    "resume": ResumeSent,
    "restart": RestartSent,
    "fulfil": FulfilSent,
    "ask_extension": AskLimitExtensionSent,
    "decide_extension": DecideLimitExtensionSent,
    "correct": CorrectSent,
    "take_back": TakeBackSent,
}
