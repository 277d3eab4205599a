"""The one function that moves a matter, and the one that only writes into its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.writing_many import insert_many, update_many
from fengqiao.audit.domain.record import record, record_many
from fengqiao.kernel import clock, guards
from fengqiao.kernel.errors import NotAllowed, Refusal, Stale
from fengqiao.kernel.events import publish
from fengqiao.matters import policies, steps
from fengqiao.matters.domain import history
from fengqiao.matters.enums import STEP_OF, Action, State, WordKind
from fengqiao.matters.events import Moved
from fengqiao.matters.models import HistoryEvent, Matter, Word

# What every move writes; the changes of the action come on top. County, restriction and code are not
# granted to the application's role at all.
ALWAYS = ("state", "step", "state_since", "version", "history_count", "history_head")


def locked(*, actor: Actor, matter_id: UUID, version: int | None = None) -> Matter:
    """The matter as this actor sees it, its row locked; refuses a stale ``version``.

    The first lock of every write to a matter: rows of other tables are locked after it, never before. Its key stays
    free: the sweep, which has clocks in hand and writes down what it told of them, does not wait for it.
    """
    matter: Matter | None = (
        Matter.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=matter_id)
        .first()
    )
    if matter is None:
        raise NotAllowed("matter_not_found", _("没有这件事项，或您的岗位看不到它。"))
    if version is not None and matter.version != version:
        raise Stale("stale", _("这件事项在您打开之后已有变动。您填写的内容还在，请看过最新情况再提交。"))
    return matter


def move(
    *,
    actor: Actor,
    matter_id: UUID,
    action: Action,
    branch: str = "",
    version: int | None = None,
    changes: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    words: Mapping[WordKind, str] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Matter:
    """Carries out one action of the step table on one matter. Nothing else writes the step.

    In order: lock the row (as the actor sees it) → policy → step table → guards → write → history →
    audit → event. ``changes`` are fields of the matter that the action sets; ``facts`` are what the
    guards need to know beyond the matter. Raises ``NotAllowed``, ``Stale`` or ``Refusal``; the caller's
    ``attempt`` rolls back and audits the refusal.
    """
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    before = State(matter.state)
    event, written = _turned(
        matter,
        actor=actor,
        action=action,
        branch=branch,
        changes=changes,
        parameters=parameters,
        words=words,
        facts=facts,
    )
    history.keep(event, written)
    matter.save(update_fields=[*ALWAYS, *(changes or {})])
    history.tell(actor, [(matter, event, STEP_OF[before])])
    publish(
        Moved(
            actor=actor,
            matter_id=matter.id,
            action=action,
            branch=branch,
            from_state=before,
            to_state=matter.state,
        )
    )
    record(
        actor=actor,
        verb=event.type,
        subject=f"matter:{matter.id}",
        county=matter.county,
        details={"seq": event.seq, "hash": event.hash, "code": matter.code},
    )
    return matter


def move_many(
    *,
    actor: Actor,
    matters: Sequence[Matter],
    action: Action,
    changes: Sequence[Mapping[str, Any]],
    parameters: Sequence[Mapping[str, Any]],
) -> None:
    """Carries out one action on many matters as ``move`` does on one, each table written in one statement.

    Only for matters that were written in the running transaction: nobody else can have locked or moved them.
    ``changes`` name the same fields for every matter. The first refusal is raised and nothing was written.
    """
    if not matters:
        return
    moved, events = [], []
    for matter, change, said in zip(matters, changes, parameters, strict=True):
        before = State(matter.state)
        event, _words = _turned(matter, actor=actor, action=action, changes=change, parameters=said)
        events.append(event)
        moved.append(
            Moved(
                actor=actor,
                matter_id=matter.id,
                action=action,
                branch="",
                from_state=before,
                to_state=matter.state,
            )
        )
    insert_many(events)
    update_many(matters, [*ALWAYS, *changes[0]])
    history.tell(
        actor,
        [(m, e, STEP_OF[State(t.from_state)]) for m, e, t in zip(matters, events, moved, strict=True)],
    )
    for each in moved:
        publish(each)
    record_many(
        actor=actor,
        verb=events[0].type,
        about=[
            (f"matter:{m.id}", {"seq": e.seq, "hash": e.hash, "code": m.code})
            for m, e in zip(matters, events, strict=True)
        ],
    )


def _turned(
    matter: Matter,
    *,
    actor: Actor,
    action: Action,
    branch: str = "",
    changes: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    words: Mapping[WordKind, str] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> tuple[HistoryEvent, list[Word]]:
    """Asks the step table, the policy and the guards, and sets what the action changes on the instance."""
    before = State(matter.state)
    cell = steps.cell(before, action, branch)
    if cell is None:
        raise Refusal(
            "not_in_this_state",
            _("事项现在是“%(state)s”，不能“%(action)s”。")
            % {"state": before.label, "action": Action(action).label},
        )
    if not policies.may_move(actor, matter, cell):
        raise NotAllowed(
            "post_may_not",
            _("“%(action)s”不属于您的岗位在本中心的职责。") % {"action": Action(action).label},
        )
    for guard in cell.guards:
        guards.ask(guard, actor=actor, matter=matter, facts=dict(facts or {}))

    for name, value in (changes or {}).items():
        setattr(matter, name, value)
    matter.state, matter.step = cell.next_state, STEP_OF[cell.next_state]
    if matter.state != before:
        matter.state_since = clock.now()
    matter.version += 1
    return history.link(
        matter,
        actor=actor,
        type=f"matter.{action}" + (f".{branch}" if branch else ""),
        parameters={"from": before, "to": matter.state, **(parameters or {})},
        words=words,
    )


def note(
    matter: Matter,
    *,
    actor: Actor,
    type: str,  # noqa: A002  the word of the field
    parameters: Mapping[str, Any] | None = None,
    words: Mapping[WordKind, str] | None = None,
    details: Mapping[str, Any] | None = None,
    raises_version: bool = True,
) -> None:
    """Writes something that happened beside the steps (a check-in, a whistle) into a locked matter's history.

    The step stays; the version grows, so that whoever has the page open learns of it, unless the matter
    itself is as it was (``raises_version``). ``details`` go into the audit beside the name of the link.
    """
    if raises_version:
        if matter.state == State.ARCHIVED:
            raise Refusal("archived", _("事项已经归档，不能再改动。"))
        matter.version += 1
    event = history.append(matter, actor=actor, type=type, parameters=parameters, words=words)
    matter.save(update_fields=["version", "history_count", "history_head"])
    history.tell(actor, [(matter, event, matter.step)])
    record(
        actor=actor,
        verb=type,
        subject=f"matter:{matter.id}",
        county=matter.county,
        details={**(details or {}), "seq": event.seq, "hash": event.hash, "code": matter.code},
    )
