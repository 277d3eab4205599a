"""What is asked and told of tables of rules and their replays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from fengqiao.api.paging import Listed
from fengqiao.api.shapes import KEPT, Named, PageOf, Told
from fengqiao.matters.enums import DueTurn, ReplayState
from fengqiao.rules.enums import TableKind, VersionState

Short = Annotated[str, Field(max_length=48, pattern=KEPT)]


class RowTold(Told):
    """A row: what it asks (fact → expression), what it answers, why, and on what."""

    id: str
    when: dict[str, str]
    then: dict[str, str]
    reason: str
    basis: str


class ExampleTold(Told):
    """Facts with the row that must answer them."""

    name: str
    facts: dict[str, Any]
    row: str


class TableTold(Told):
    """What answers today, row by row; the first row that fits is the answer."""

    table: TableKind
    name: str
    version: Annotated[str, Field(description="As the history names it: a number, or `shipped-…`.")]
    version_id: Annotated[UUID | None, Field(description="The county's own version; null where shipped.")]
    broken: Annotated[str, Field(description="Why it cannot be asked; a person decides everything then.")]
    rows: list[RowTold]
    examples: list[ExampleTold]


class TableLineTold(Told):
    """A table with the version that answers today."""

    table: TableKind
    name: str
    version: str
    version_id: UUID | None
    rows: Annotated[int, Field(description="How many rows it has.")]


class TablesTold(Told):
    items: list[TableLineTold]


class VersionLineTold(Told):
    """A version of a county's own table."""

    id: UUID
    table: TableKind
    number: int
    state: VersionState
    note: Annotated[str, Field(description="What it changes, and why.")]
    base: Annotated[str, Field(description="The version that it began from.")]
    author: Named | None
    drafted_at: datetime
    submitted_at: datetime | None
    approver: Named | None
    approved_at: datetime | None
    effective_from: date | None
    effective_until: date | None


class VersionTold(VersionLineTold):
    rows: list[RowTold]
    examples: list[ExampleTold]
    replay: Annotated[UUID | None, Field(description="Its newest replay over the ledger.")]


class VersionPage(PageOf):
    items: list[VersionLineTold]


class DifferenceTold(Told):
    """Matters whose answers came about together. An empty row: a person would decide."""

    before_row: str
    after_row: str
    before: str
    after: str
    before_lead: str
    after_lead: str
    matters: int


class LoadTold(Told):
    """How many matters would go to a kind of department."""

    department: str
    before: int
    after: int


class DueMovedTold(Told):
    """On so many open matters the limit that ends first would be another one, and end at another time."""

    due_turn: DueTurn
    before_limit: str
    after_limit: str
    matters: int


class ReplayTold(Told):
    """A draft asked over the ledger; the numbers count what the calling post sees, and are null while it runs."""

    id: UUID
    table: TableKind
    version: UUID
    against: Annotated[str, Field(description="The version that it is held against.")]
    since: date
    until: date
    state: ReplayState
    asked: Annotated[int, Field(description="How many matters were asked so far.")]
    of: Annotated[int, Field(description="Of how many.")]
    matters: int | None
    moved: int | None
    risk_up: int | None
    risk_down: int | None
    rows: list[DifferenceTold]
    load: list[LoadTold]
    due: list[DueMovedTold]


class ReplayedAsked(Listed):
    """All that are given must hold; they are the columns of the replay's numbers."""

    moved: Annotated[bool, Field(description="Only those that move.")] = False
    before_row: Short | None = None
    after_row: Short | None = None
    before: Short | None = None
    after: Short | None = None
    before_lead: Short | None = None
    after_lead: Short | None = None
    due_turn: DueTurn | None = None
    before_limit: Short | None = None
    after_limit: Short | None = None


class ReplayedTold(Told):
    """What the table in force and the draft say of one matter."""

    matter: Annotated[str, Field(description="Its code.")]
    moved: bool
    before_row: str
    after_row: str
    before: str
    after: str
    before_lead: str
    after_lead: str
    due_turn: Annotated[str, Field(description="earlier, later, begins, ends, or empty.")]
    before_limit: str
    after_limit: str
    before_due: datetime | None
    after_due: datetime | None


class ReplayedPage(PageOf):
    items: list[ReplayedTold]
