"""What-if: the ledger asked under a draft beside the table in force. Nothing of the matters is changed.

Matters are asked as they are known today, chunk by chunk, with a few statements each; equal facts are asked
once. What was found is kept in walled rows, so that each number of the difference opens into its matters.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.accounts.writing_many import insert_many
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.kernel.ids import new_id
from fengqiao.matters.enums import DueTurn, ReplayState
from fengqiao.matters.models import Matter, Replay, Replayed
from fengqiao.matters.queries.replays import NextEnd
from fengqiao.matters.queries.ruled import facts_of_many
from fengqiao.rules.deciding import names_of
from fengqiao.rules.domain.drafting import NotReady, problems
from fengqiao.rules.enums import TableKind
from fengqiao.rules.policies import check_may_read
from fengqiao.rules.queries.tables import Table, in_force, table_of
from fengqiao.rules.queries.versions import version_by_id
from fengqiao.rules.vocabulary import shape_of

CHUNK = 2_000
LONGEST = timedelta(days=366 * 3)
# The row, what it chooses, and the kind of department that would lead.
Answered = tuple[str, str, str]
Pair = tuple[Answered, Answered]
# Of open matters, what would fall due first by the one answer and by the other; those that stay are left out.
NextEnds = Callable[[Sequence[Matter], Mapping[UUID, Pair]], Mapping[UUID, tuple[NextEnd, NextEnd]]]
_next_ends: list[NextEnds] = []


def count_ends(by: NextEnds) -> None:
    """Brings what tells limits by an answer: they belong to a room above (config/wiring.py)."""
    _next_ends[:] = [by]


def order(*, actor: Actor, version_id: UUID, since: date, until: date) -> Replay:
    """Begins a replay of a version's table; raises ``NotReady`` where the version cannot be asked.

    The earlier replays of the same version are taken away: they say what an older draft would have done.
    The caller opens the scope and puts ``carry_out`` into the queue.
    """
    check_may_read(actor)
    if actor.post_id is None:
        raise NotAllowed("no_post", _("请先选择岗位。"))
    draft = version_by_id(actor, version_id)
    if draft is None:
        raise NotAllowed("table_version_not_found", _("本县没有这一版规则表。"))
    if not shape_of(draft.kind).of_matter:
        raise Refusal("not_replayed", _("这张表问的是单位一时的办理，不是事项本身，不能拿登记过的事项试算。"))
    if until < since:
        raise Invalid({"until": _("截止日期早于开始日期。")})
    if until - since > LONGEST:
        raise Invalid({"since": _("一次最多试算三年。")})
    if table_of(draft).decision is None:
        raise NotReady(problems(draft))
    earlier = Replay.objects.filter(county=actor.county, draft=draft)
    if earlier.filter(state=ReplayState.RUNNING, ordered_at__gt=clock.now() - timedelta(minutes=10)).exists():
        raise Refusal("replayed_already", _("这一版正在试算，请等它算完。"))
    Replayed.objects.filter(replay__in=earlier).delete()
    return Replay.objects.create(
        county=actor.county,
        draft=draft,
        draft_version=draft.version,
        base=in_force(TableKind(draft.kind), county=actor.county, on=clock.today()).version,
        since=since,
        until=until,
        total=_asked(actor, since, until).count(),
        person_id=actor.person_id,
        post_id=actor.post_id,
        ordered_at=clock.now(),
    )


def carry_out(*, actor: Actor, replay_id: UUID, progress: Callable[[int, int], None] | None = None) -> Replay:
    """Asks every matter of the replay, a transaction a chunk; begun again it begins from nothing."""
    with scope(actor):
        replay = Replay.objects.select_related("draft").get(pk=replay_id, county=actor.county)
        Replayed.objects.filter(replay=replay).delete()
        kind = TableKind(replay.draft.kind)
        before, after = in_force(kind, county=actor.county, on=clock.today()), table_of(replay.draft)
    known: dict[str, Pair] = {}
    last: UUID | None = None
    done = 0
    while True:
        with scope(actor):
            matters = _asked(actor, replay.since, replay.until).order_by("pk")
            if last is not None:
                matters = matters.filter(pk__gt=last)
            chunk = list(matters.only(*FIELDS)[:CHUNK])
            if not chunk:
                break
            facts = facts_of_many(actor, chunk, as_registered=True)
            answers = {each.pk: _both(facts[each.pk], before, after, known) for each in chunk}
            ends = _ends(kind, chunk, answers)
            insert_many([_answered(replay, each, answers[each.pk], ends.get(each.pk)) for each in chunk])
            last, done = chunk[-1].pk, done + len(chunk)
            Replay.objects.filter(pk=replay.pk).update(done=done, total=max(replay.total, done))
        if progress:
            progress(done, replay.total)
    with scope(actor):
        Replay.objects.filter(pk=replay.pk).update(
            state=ReplayState.DONE, finished_at=clock.now(), done=done, total=done
        )
        return Replay.objects.select_related("draft").get(pk=replay.pk)


# What the tables ask, and what limits ask of the row.
FIELDS = (
    "id", "county", "restriction", "against_kind", "category", "scale", "people", "amount", "danger", "harm_on",
    "public_place", "needs_care", "risk", "state", "holder_id", "channel", "track", "received_at", "registered_at",
    "is_history",
)  # fmt: skip


def _asked(actor: Actor, since: date, until: date) -> Any:
    """The matters registered on these days, as far as the post sees them."""
    first = datetime.combine(since, time.min, clock.SHANGHAI)
    after = datetime.combine(until + timedelta(days=1), time.min, clock.SHANGHAI)
    seen = Matter.objects.visible_to(actor)
    return seen.filter(county=actor.county, registered_at__gte=first, registered_at__lt=after).order_by()


def _both(facts: Mapping[str, Any], before: Table, after: Table, known: dict[str, Pair]) -> Pair:
    asked = {name: facts[name] for name in shape_of(before.kind).inputs if name in facts}
    key = json.dumps(asked, sort_keys=True, default=str)
    if key not in known:
        known[key] = (_answer(before, asked), _answer(after, asked))
    return known[key]


def _ends(
    kind: TableKind, matters: Sequence[Matter], answers: Mapping[UUID, Pair]
) -> Mapping[UUID, tuple[NextEnd, NextEnd]]:
    """What would fall due first, where the two answers differ in what limits ask: the track and who leads."""
    if kind is not TableKind.TRACK or not _next_ends:
        return {}
    turned = {pk: pair for pk, pair in answers.items() if pair[0][1:] != pair[1][1:]}
    return _next_ends[0]([each for each in matters if each.pk in turned], turned)


def _answered(replay: Replay, matter: Matter, pair: Pair, ends: tuple[NextEnd, NextEnd] | None) -> Replayed:
    (before_row, said, before_lead), (after_row, says, after_lead) = pair
    turn = _turn(*ends) if ends else ""
    was, becomes = ends if ends and turn else (NextEnd(), NextEnd())
    return Replayed(
        id=new_id(),
        county=matter.county,
        restriction=matter.restriction,
        matter_id=matter.pk,
        replay_id=replay.pk,
        before_row=before_row,
        after_row=after_row,
        before=said,
        after=says,
        before_lead=before_lead,
        after_lead=after_lead,
        moved=pair[0] != pair[1],
        due_turn=turn,
        before_limit=was.limit,
        after_limit=becomes.limit,
        before_due=was.due_at,
        after_due=becomes.due_at,
    )


def _turn(was: NextEnd, becomes: NextEnd) -> str:
    if was.due_at == becomes.due_at:
        return ""
    if was.due_at is None:
        return DueTurn.BEGINS.value
    if becomes.due_at is None:
        return DueTurn.ENDS.value
    return (DueTurn.EARLIER if becomes.due_at < was.due_at else DueTurn.LATER).value


def _answer(table: Table, facts: Mapping[str, Any]) -> Answered:
    row = table.ask(facts).row
    if row is None:
        return "", "", ""
    leads = names_of(row.then.get("departments", ""))
    return row.id, row.then.get(shape_of(table.kind).chooses, ""), leads[0] if leads else ""
