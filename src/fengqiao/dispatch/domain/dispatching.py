"""Handing a matter over, and the centre's settling of what a department has answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch.enums import AssignmentState, Part, Responsibility
from fengqiao.dispatch.events import Issued
from fengqiao.dispatch.models import Assignment, Dispatch
from fengqiao.dispatch.queries.proposed import ProposedDepartments, proposed_departments
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.kernel.events import publish
from fengqiao.matters.domain.move import locked, move
from fengqiao.matters.domain.ruling import keep_ruling
from fengqiao.matters.domain.sight import hand_to, name_handlers
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import Action, Outcome, Performance, WordKind
from fengqiao.matters.events import Moved
from fengqiao.matters.models import Disposition, Matter
from fengqiao.matters.models.base import of
from fengqiao.places.models import Department
from fengqiao.places.queries.bodies import held_open


@dataclass(frozen=True)
class Assisting:
    """A department that assists, with the responsibility it carries."""

    department_id: UUID
    responsibility: Responsibility | str = ""


def dispatch(
    *,
    actor: Actor,
    matter_id: UUID,
    lead: UUID,
    assisting: Sequence[Assisting] = (),
    lead_responsibility: Responsibility | str = Responsibility.INDUSTRY,
    message: str = "",
    reply_by: date | None = None,
    reason: str = "",
    version: int | None = None,
) -> Dispatch:
    """Hands the matter to a lead department and assisting ones. Their handlers see it from now on.

    ``reason``: why another kind of department leads than the table of tracks proposes; asked for only then.
    """
    message = needed("message", message, _("请写明交办要求。"))
    if reply_by is not None and reply_by < clock.today():
        raise Invalid({"reply_by": _("答复期限不能早于今天。")})
    waiting = locked(actor=actor, matter_id=matter_id, version=version)
    departments = _departments([lead, *(a.department_id for a in assisting)])
    proposed = proposed_departments(actor, waiting)
    reason = "" if proposed.follows(departments[0]) else allowed("reason", reason)
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.DISPATCH,
        version=version,
        changes={"lead_department_id": lead},
        parameters={
            "lead": lead,
            "assisting": [str(a.department_id) for a in assisting],
            "reply_by": reply_by,
            "rule": _beside(proposed, departments[0]),
        },
        words={WordKind.SUMMARY: message} | ({WordKind.REASON: reason} if reason else {}),
        facts={"departments": departments},
    )
    # After the policy and the guards: what may not be done at all is not asked for its reason.
    _check_why_another(proposed, departments[0], reason)
    keep_ruling(
        matter,
        actor=actor,
        action=Action.DISPATCH,
        found=proposed.proposal,
        proposed=proposed.lead.kind if proposed.lead else "",
        chosen=departments[0].kind,
    )
    now = clock.now()
    issued = Dispatch.objects.create(
        **of(matter),
        round=Dispatch.objects.filter(matter_id=matter.id).count() + 1,
        message=message,
        reply_by=reply_by,
        issued_by=actor.person_id,
        issued_at=now,
    )
    rows = [(lead, Part.LEAD, lead_responsibility)]
    rows += [(a.department_id, Part.ASSIST, a.responsibility) for a in assisting]
    assignments = Assignment.objects.bulk_create(
        [new_assignment(matter, issued, department, part, duty) for department, part, duty in rows]
    )
    given = [department for department, _part, _duty in rows]
    hand_to(matter, given)
    name_handlers(actor=actor, matter=matter, departments=given, reason=message)
    publish(Issued(actor=actor, matter=matter, assignments=tuple(assignments)))
    return issued


def _check_why_another(proposed: ProposedDepartments, lead: Department, reason: str) -> None:
    """Raises ``Invalid`` where another kind of department leads than the proposed one, and nobody says why."""
    if proposed.follows(lead):
        return
    sentence = _("规则表 %(row)s 行建议由%(body)s主办：请写明为什么交给别的部门。")
    row = proposed.proposal.answer.row
    said = {"row": row.id if row else "", "body": proposed.lead}
    needed("reason", reason, sentence % said)


def _beside(proposed: ProposedDepartments, lead: Department) -> dict[str, Any] | None:
    """How the table's answer stands in the history beside the lead; ``None`` where its row names nobody."""
    row = proposed.proposal.answer.row
    if row is not None and proposed.lead is None:
        return None
    return {
        "table": proposed.proposal.table.kind.value,
        "version": proposed.proposal.table.version,
        "row": row.id if row else None,
        "overridden": not proposed.follows(lead),
    }


def new_assignment(
    matter: Matter, dispatch: Dispatch, department_id: UUID, part: str, responsibility: str
) -> Assignment:
    """An assignment that waits for its check-in from now on (not saved)."""
    now = clock.now()
    return Assignment(
        **of(matter),
        dispatch=dispatch,
        department_id=department_id,
        part=part,
        responsibility=responsibility,
        since=now,
        issued_at=now,
        reply_by=dispatch.reply_by,
    )


def settle(*, actor: Actor, matter_id: UUID, remark: str = "", version: int | None = None) -> Matter:
    """The centre takes the department's written result over into the last step. It writes no result itself."""
    written = Disposition.objects.filter(matter_id=matter_id).order_by("-at").first()
    due = written.performance_due if written else None
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.SETTLE,
        version=version,
        changes={
            "outcome": written.outcome if written else Outcome.SETTLED,
            "settled_at": clock.now(),
            "performance": Performance.RUNNING if due else Performance.NONE,
            "performance_due": due,
        },
        parameters={"disposition": written.id if written else None},
        words={WordKind.SUMMARY: allowed("remark", remark)},
    )


def end_dispatch(moved: Moved) -> None:
    """When a matter leaves the departments' hands, its dispatch ends (handler of ``Moved``)."""
    if moved.from_state != "handling" or moved.to_state == "handling":
        return
    now = clock.now()
    Dispatch.objects.filter(matter_id=moved.matter_id, ended_at__isnull=True).update(ended_at=now)
    Assignment.objects.filter(
        matter_id=moved.matter_id,
        state__in=[AssignmentState.ISSUED, AssignmentState.WORKING, AssignmentState.RETURN_ASKED],
    ).update(state=AssignmentState.ENDED, since=now)


def _departments(ids: list[UUID]) -> list[Department]:
    found = {d.id: d for d in held_open(Department, ids)}
    if any(each not in found for each in ids):
        raise Refusal("unknown_department", _("没有这个部门，请从列表中选择。"), field="lead")
    return [found[each] for each in ids]
