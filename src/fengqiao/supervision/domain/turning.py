"""The one function that moves a supervision: lock, table, post, write, history, audit. What the verbs share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.sight import laid_no_more
from fengqiao.matters.enums import State, WordKind
from fengqiao.matters.models import Matter
from fengqiao.supervision import steps
from fengqiao.supervision.enums import OPEN, Decision, SupervisionAction, SupervisionState
from fengqiao.supervision.models import Measure, Supervision
from fengqiao.supervision.policies import may


def opened(*, actor: Actor, supervision_id: UUID, version: int | None) -> tuple[Matter, Supervision]:
    """The matter and then the supervision, locked in this order as the actor sees them."""
    known = Supervision.objects.filter(pk=supervision_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("supervision_not_found", _("没有这项督办，或您的岗位看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    return matter, Supervision.objects.select_for_update(of=("self",)).get(pk=supervision_id)


def check(
    actor: Actor, matter: Matter, supervision: Supervision, action: SupervisionAction, branch: str = ""
) -> steps.Cell:
    """The cell; ``Refusal`` where the state does not allow the action, ``NotAllowed`` where the post does not."""
    before = SupervisionState(supervision.state)
    cell = steps.cell(before, action, branch)
    if cell is None:
        raise Refusal(
            "not_in_this_state",
            _("这项督办现在是“%(state)s”，不能“%(action)s”。")
            % {"state": before.label, "action": SupervisionAction(action).label},
        )
    if not may(actor, supervision, matter, cell):
        raise NotAllowed(
            "post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": SupervisionAction(action).label}
        )
    return cell


def turn(
    actor: Actor,
    matter: Matter,
    supervision: Supervision,
    cell: steps.Cell,
    *,
    parameters: Mapping[str, Any] | None = None,
    words: Mapping[WordKind, str] | None = None,
    rung: str | None = None,
) -> None:
    """Writes the next state, and what was done into the matter's history and the audit."""
    before = supervision.state
    now = clock.now()
    supervision.state, supervision.since = cell.to, now
    if rung is not None:
        supervision.rung = rung
    if cell.to not in OPEN:
        supervision.ended_at = now
    supervision.save(update_fields=["state", "since", "rung", "ended_at"])
    written(actor, matter, supervision, cell, before=before, parameters=parameters, words=words)
    if cell.to not in OPEN:
        let_go(supervision.matter_id, supervision.commission_id)


def written(
    actor: Actor,
    matter: Matter,
    supervision: Supervision,
    cell: steps.Cell,
    *,
    before: str,
    parameters: Mapping[str, Any] | None = None,
    words: Mapping[WordKind, str] | None = None,
) -> None:
    """Puts one act of the ladder into the matter's history."""
    note(
        matter,
        actor=actor,
        type=f"supervision.{cell.action}" + (f".{cell.branch}" if cell.branch else ""),
        parameters={
            "supervision": supervision.id,
            "assignment": supervision.assignment_id,
            "department": supervision.department_id,
            "commission": supervision.commission_id,
            "from": before,
            "to": supervision.state,
            **(parameters or {}),
        },
        words=words,
        # The other body's answer may come when the file of the matter has been closed for good.
        raises_version=matter.state != State.ARCHIVED,
    )


def pending(supervision: Supervision) -> Measure:
    """The rung that waits for a decision."""
    found = Measure.objects.filter(supervision=supervision, decision=Decision.PENDING).first()
    if found is None:
        raise Refusal("nothing_to_decide", _("没有等待决定的督办提请。"))
    return found


def in_force(supervision: Supervision) -> Measure:
    """The rung that was decided last."""
    found = Measure.objects.filter(supervision=supervision, decision=Decision.ORDERED)
    last = found.order_by("-decided_at").first()
    if last is None:
        raise Refusal("nothing_in_force", _("没有正在执行的督办决定。"))
    return last


def is_before(matter_id: UUID, commission_id: UUID) -> bool:
    """Whether a supervision of the matter is before the commission."""
    found = Supervision.objects.filter(matter_id=matter_id, commission_id=commission_id, state__in=OPEN)
    return found.exists()


def let_go(matter_id: UUID, commission_id: UUID) -> None:
    """Where nothing of the matter is before the commission any more, it stops seeing it."""
    laid_no_more(matter_id, commission_id)
