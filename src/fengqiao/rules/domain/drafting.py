"""Writing a county's table: one draft a kind at a time, changed by its author alone until it is submitted.

The caller opens the scope and audits (flows/rule_tables.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal, Stale
from fengqiao.rules.deciding import (
    MOST_EXAMPLES,
    MOST_ROWS,
    Example,
    Problem,
    Row,
    example_from,
    kept,
    problems_of,
    row_from,
)
from fengqiao.rules.enums import OwnTable, TableKind, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.rules.models.table_version import OPEN
from fengqiao.rules.own_limits import problems_of_limits
from fengqiao.rules.policies import check_may_draft
from fengqiao.rules.queries.county_limits import proposed_rows, version_in_force
from fengqiao.rules.queries.tables import in_force

LONGEST_NOTE = 300
Kept = list[dict[str, Any]]
# The application's role has no right on the other columns.
WRITTEN = (
    "version",
    "state",
    "rows",
    "examples",
    "note",
    "remark",
    "submitted_at",
    "approver_id",
    "approved_at",
    "effective_from",
    "effective_until",
)


class NotReady(Refusal):
    """A table that may not be submitted or published; ``problems`` names each cell, row and example."""

    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("table_has_problems", _("规则表还有问题，请先改正。"))
        self.problems = list(problems)

    def __str__(self) -> str:
        return " ".join([str(self.message), *map(str, self.problems)])


def begin(*, actor: Actor, kind: TableKind | OwnTable) -> TableVersion:
    """A draft that begins as the table in force today, of a county's limits as the proposal until there is one."""
    check_may_draft(actor)
    same = TableVersion.objects.filter(county=actor.county, kind=kind)
    if same.filter(state__in=OPEN).exists():
        raise Refusal("drafted_already", _("已经有一份草案，请在那一份上接着改，或先撤下它。"))
    rows, examples, base = _begins_as(kind, actor.county)
    return TableVersion.objects.create(
        county=actor.county,
        kind=kind,
        number=(same.aggregate(last=Max("number"))["last"] or 0) + 1,
        rows=rows,
        examples=examples,
        base=base,
        author_id=actor.person_id,
        drafted_at=clock.now(),
    )


def rewrite(
    *,
    actor: Actor,
    version_id: UUID,
    version: int,
    rows: Sequence[Row] | None = None,
    examples: Sequence[Example] | None = None,
    note: str | None = None,
) -> TableVersion:
    """Puts other rows, examples or words into one's own draft. What is wrong with them may be put right later."""
    check_may_draft(actor)
    draft = locked(actor, version_id, version, VersionState.DRAFT)
    _check_author(draft, actor)
    if rows is not None:
        if len(rows) > MOST_ROWS:
            raise Refusal("too_many_rows", _("一张表最多 %(most)d 行。") % {"most": MOST_ROWS})
        draft.rows = kept(rows)
    if examples is not None:
        if len(examples) > MOST_EXAMPLES:
            raise Refusal("too_many_examples", _("示例最多 %(most)d 个。") % {"most": MOST_EXAMPLES})
        draft.examples = kept(examples)
    if note is not None:
        draft.note = _short("note", note)
    return save(draft)


def submit(*, actor: Actor, version_id: UUID, version: int) -> TableVersion:
    """Hands the draft to its approver; raises ``NotReady`` with every problem."""
    check_may_draft(actor)
    draft = locked(actor, version_id, version, VersionState.DRAFT)
    _check_author(draft, actor)
    if not draft.note:
        raise Invalid({"note": _("请写明这一版改了什么、为什么改。")})
    check_ready(draft)
    draft.state, draft.submitted_at = VersionState.SUBMITTED, clock.now()
    return save(draft)


def take_back(*, actor: Actor, version_id: UUID, version: int) -> TableVersion:
    """Its author takes a draft back that waits for its approver."""
    check_may_draft(actor)
    draft = locked(actor, version_id, version, VersionState.SUBMITTED)
    _check_author(draft, actor)
    draft.state = VersionState.DRAFT
    return save(draft)


def drop(*, actor: Actor, version_id: UUID, version: int) -> TableVersion:
    """Gives a draft up. Anyone who drafts may: a draft whose author has left does not block the next one."""
    check_may_draft(actor)
    draft = locked(actor, version_id, version, *OPEN)
    draft.state = VersionState.DROPPED
    return save(draft)


def problems(version: TableVersion) -> list[Problem]:
    """Everything that keeps a version from being published."""
    rows, examples = [row_from(each) for each in version.rows], [example_from(e) for e in version.examples]
    if version.kind == OwnTable.LIMITS:
        return problems_of_limits(version.county, rows)
    return problems_of(version.kind, rows, examples)


def check_ready(version: TableVersion) -> None:
    """Raises ``NotReady`` for a version with problems."""
    if found := problems(version):
        raise NotReady(found)


def locked(actor: Actor, version_id: UUID, version: int, *states: VersionState) -> TableVersion:
    """A version of the actor's county in one of these states, unchanged since it was read, for changing."""
    found = (
        TableVersion.objects.select_for_update(of=("self",))
        .filter(county=actor.county, pk=version_id)
        .first()
    )
    if found is None:
        raise NotAllowed("table_version_not_found", _("本县没有这一版规则表。"))
    if found.version != version:
        raise Stale("stale", _("刚才有人改过，请核对现在的内容后再保存。"))
    if found.state not in states:
        raise Refusal(
            "table_state",
            _("这一版现在是“%(state)s”，不能这样做。") % {"state": found.get_state_display()},
        )
    return found


def _begins_as(kind: TableKind | OwnTable, county: str) -> tuple[Kept, Kept, str]:
    if isinstance(kind, TableKind):
        table = in_force(kind, county=county, on=clock.today())
        return kept(table.rows), kept(table.examples), table.version
    version = version_in_force(county, clock.today())
    return (kept(proposed_rows()), [], "") if version is None else (version.rows, [], str(version.number))


def _check_author(draft: TableVersion, actor: Actor) -> None:
    # Whoever wrote a part may not approve it; so a draft is written by one person.
    if draft.author_id != actor.person_id:
        raise NotAllowed("not_the_author", _("草案由起草人自己修改；您可以撤下它，另起一份。"))


def _short(field: str, text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_NOTE:
        raise Invalid({field: _("最多 %(most)d 个字。") % {"most": LONGEST_NOTE}})
    return text


def save(version: TableVersion) -> TableVersion:
    """Writes what changes in a version's life; the rest is the database's to keep."""
    version.version += 1
    version.save(update_fields=WRITTEN)
    return version
