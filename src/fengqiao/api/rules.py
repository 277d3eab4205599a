"""The tables of rules, their versions, and what a replay of a draft found: read only, drafts are made at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from fengqiao.accounts.actor import Actor
from fengqiao.api.doors import READS, reading
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.rule_shapes import (
    DifferenceTold,
    DueMovedTold,
    ExampleTold,
    LoadTold,
    ReplayedAsked,
    ReplayedPage,
    ReplayedTold,
    ReplayTold,
    RowTold,
    TableLineTold,
    TablesTold,
    TableTold,
    VersionLineTold,
    VersionPage,
    VersionTold,
)
from fengqiao.api.shapes import named
from fengqiao.api.writing import etag, known_already
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.enums import DueTurn, ReplayState
from fengqiao.matters.models import Replay, Replayed
from fengqiao.matters.queries.replays import (
    NARROWED,
    Difference,
    answers_of,
    latest_of,
    replay_by_id,
    summary_of,
)
from fengqiao.rules.deciding import Example, Row
from fengqiao.rules.enums import TableKind, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.rules.policies import check_may_read
from fengqiao.rules.queries.tables import in_force, table_of
from fengqiao.rules.queries.versions import version_by_id, versions_of

router = Router(tags=["rules"])


@router.get(
    "/rules",
    response=TablesTold,
    auth=READS,
    operation_id="listRuleTables",
    summary="Tables of rules · 规则表",
    url_name="api_rules",
)
def list_tables(request: HttpRequest) -> TablesTold:
    """Each table with the version that answers in the county today."""
    with _reading(request) as actor:
        found = [in_force(kind, county=actor.county, on=clock.today()) for kind in TableKind]
        return TablesTold(
            items=[
                TableLineTold(
                    table=each.kind,
                    name=str(each.kind.label),
                    version=each.version,
                    version_id=each.id,
                    rows=len(each.rows),
                )
                for each in found
            ]
        )


@router.get(
    "/rules/versions/{version_id}",
    response=VersionTold,
    auth=READS,
    operation_id="getRuleVersion",
    summary="A version of a table · 规则表的一版",
    url_name="api_rule_version",
)
def get_version(request: HttpRequest, response: HttpResponse, version_id: UUID) -> Any:
    """A version with its rows. Its `ETag` changes with each change of the draft."""
    with _reading(request) as actor:
        found = version_by_id(actor, version_id)
        if found is None:
            raise NotAllowed("table_version_not_found", _("本县没有这一版规则表。"))
        latest = latest_of(actor, found.pk)
        tag = etag(found.version)
        # Its newest replay is no part of the version: whoever waits for one asks for the replay.
        if known_already(request.headers.get("If-None-Match", ""), tag):
            unchanged = HttpResponse(status=304)
            unchanged.headers["ETag"] = tag
            return unchanged
        response.headers["ETag"] = tag
        table = table_of(found)
        return VersionTold(
            **_line(found),
            rows=[_row(each) for each in table.rows],
            examples=[_example(each) for each in table.examples],
            replay=latest.pk if latest else None,
        )


@router.get(
    "/rules/replays/{replay_id}",
    response=ReplayTold,
    auth=READS,
    operation_id="getReplay",
    summary="What a replay found · 试算结果",
    url_name="api_replay",
)
def get_replay(request: HttpRequest, replay_id: UUID) -> ReplayTold:
    """The numbers of a replay; each opens by the same columns of its matters."""
    with _reading(request) as actor:
        return _replay(actor, replay_by_id(actor, replay_id))


@router.get(
    "/rules/replays/{replay_id}/matters",
    response=ReplayedPage,
    auth=READS,
    operation_id="listReplayed",
    summary="Matters of a replay · 试算的事项",
    url_name="api_replayed",
)
def list_replayed(request: HttpRequest, replay_id: UUID, asked: Query[ReplayedAsked]) -> ReplayedPage:
    """The matters behind a number, as far as the calling post sees them."""
    with _reading(request) as actor:
        replay = replay_by_id(actor, replay_id)
        narrowed: dict[str, Any] = {
            name: str(getattr(asked, name)) for name in NARROWED if getattr(asked, name) is not None
        }
        narrowed |= {"moved": True} if asked.moved else {}
        found = answers_of(actor, replay, narrowed).select_related("matter")
        of = ("replay", replay.pk, actor.post_id, *(f"{name}={value}" for name, value in narrowed.items()))
        rows, after = newest_first(found, of=of, cursor=asked.cursor, size=asked.size)
        return ReplayedPage(items=[_replayed(each) for each in rows], next=after)


@router.get(
    "/rules/{table}",
    response=TableTold,
    auth=READS,
    operation_id="getRuleTable",
    summary="The table in force · 现行规则表",
    url_name="api_rule_table",
)
def get_table(request: HttpRequest, table: TableKind) -> TableTold:
    """The rows that answer today in the county of the calling post."""
    with _reading(request) as actor:
        found = in_force(table, county=actor.county, on=clock.today())
        return TableTold(
            table=found.kind,
            name=str(found.kind.label),
            version=found.version,
            version_id=found.id,
            broken=found.broken,
            rows=[_row(each) for each in found.rows],
            examples=[_example(each) for each in found.examples],
        )


@router.get(
    "/rules/{table}/versions",
    response=VersionPage,
    auth=READS,
    operation_id="listRuleVersions",
    summary="Versions of a table · 规则表的各版",
    url_name="api_rule_versions",
)
def list_versions(request: HttpRequest, table: TableKind, asked: Query[Listed]) -> VersionPage:
    """All versions of the county's own table, newest first."""
    with _reading(request) as actor:
        rows, after = newest_first(
            versions_of(actor, table),
            of=("versions", table, actor.county),
            cursor=asked.cursor,
            size=asked.size,
        )
        return VersionPage(items=[VersionLineTold(**_line(each)) for each in rows], next=after)


@contextmanager
def _reading(request: HttpRequest) -> Iterator[Actor]:
    """Who works at a centre may read by what rules."""
    with reading(request) as actor:
        check_may_read(actor)
        yield actor


def _line(version: TableVersion) -> dict[str, Any]:
    plain = ("id", "number", "note", "base", "drafted_at", "submitted_at", "approved_at")
    return {
        "table": TableKind(version.kind),
        "state": VersionState(version.state),
        "author": named(version.author),
        "approver": named(version.approver),
        "effective_from": version.effective_from,
        "effective_until": version.effective_until,
        **{name: getattr(version, name) for name in plain},
    }


def _row(row: Row) -> RowTold:
    return RowTold(id=row.id, when=row.when, then=row.then, reason=row.reason, basis=row.basis)


def _example(example: Example) -> ExampleTold:
    return ExampleTold(name=example.name, facts=example.facts, row=example.row)


def _replay(actor: Actor, replay: Replay) -> ReplayTold:
    told = summary_of(actor, replay) if replay.state == ReplayState.DONE else None
    return ReplayTold(
        id=replay.pk,
        table=TableKind(replay.draft.kind),
        version=replay.draft_id,
        against=replay.base,
        since=replay.since,
        until=replay.until,
        state=ReplayState(replay.state),
        asked=replay.done,
        of=replay.total,
        matters=told.total if told else None,
        moved=told.moved if told else None,
        risk_up=told.risk_up if told else None,
        risk_down=told.risk_down if told else None,
        rows=[_difference(each) for each in told.by_row] if told else [],
        load=[LoadTold(department=kind, before=now, after=then) for kind, (now, then) in told.load.items()]
        if told
        else [],
        due=[
            DueMovedTold(
                due_turn=DueTurn(each.due_turn),
                before_limit=each.before_limit,
                after_limit=each.after_limit,
                matters=each.n,
            )
            for each in told.due
        ]
        if told
        else [],
    )


def _difference(each: Difference) -> DifferenceTold:
    names = ("before_row", "after_row", "before", "after", "before_lead", "after_lead")
    return DifferenceTold(matters=each.n, **{name: getattr(each, name) for name in names})


def _replayed(each: Replayed) -> ReplayedTold:
    names = (*NARROWED, "moved", "before_due", "after_due")
    return ReplayedTold(matter=each.matter.code, **{name: getattr(each, name) for name in names})
