"""A county's table brought to where a story begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from fengqiao.accounts.enums import Role
from fengqiao.flows import rule_tables as flow
from fengqiao.kernel import clock
from fengqiao.rules.deciding import Row, row_from
from fengqiao.rules.enums import TableKind
from fengqiao.rules.models import TableVersion
from tests.small_county import SmallCounty

AUTHOR, APPROVER = Role.DISPATCHER, Role.DIRECTOR
Change = Callable[[list[Row]], Sequence[Row]]


def rows_of(version: TableVersion) -> list[Row]:
    return [row_from(each) for each in version.rows]


def drafted(
    county: SmallCounty, kind: TableKind, change: Change = lambda rows: rows, place: str = "county"
) -> TableVersion:
    """A draft in which ``change`` was made to the rows of the table in force."""
    author = county.actor(AUTHOR, place)
    made = flow.begin(actor=author, kind=kind)
    return flow.rewrite(
        actor=author,
        version_id=made.pk,
        version=made.version,
        rows=change(rows_of(made)),
        note="按本县实际修订",
    )


def submitted(
    county: SmallCounty, kind: TableKind, change: Change = lambda rows: rows, place: str = "county"
) -> TableVersion:
    """The same, waiting for its approver."""
    made = drafted(county, kind, change, place)
    return flow.submit(actor=county.actor(AUTHOR, place), version_id=made.pk, version=made.version)


def published(
    county: SmallCounty,
    kind: TableKind,
    change: Change = lambda rows: rows,
    *,
    since: date | None = None,
    place: str = "county",
) -> TableVersion:
    """The same, in force from a day on (today)."""
    made = submitted(county, kind, change, place)
    return flow.approve(
        actor=county.actor(APPROVER, place),
        version_id=made.pk,
        version=made.version,
        effective_from=since or clock.today(),
    )


def with_row(rows: list[Row], row_id: str, **changes: object) -> list[Row]:
    """The rows, one of them changed."""
    return [replace(row, **changes) if row.id == row_id else row for row in rows]
