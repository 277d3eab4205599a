"""What a department does with what was handed to it, and what the centre decides about that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.dispatch import steps
from fengqiao.dispatch.domain.dispatching import new_assignment
from fengqiao.dispatch.domain.sign_offs import ask_sign_offs
from fengqiao.dispatch.enums import AssignmentAction, AssignmentState, Decision, Opinion, Part
from fengqiao.dispatch.events import Acted, Issued
from fengqiao.dispatch.guards import refusal_to_receive
from fengqiao.dispatch.models import Assignment, Extension, Progress, ReturnRequest, SignOff
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_prefix
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.kernel.events import publish
from fengqiao.matters.domain import accepting
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.sight import hand_to, name_handlers, take_back
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import Outcome, Track, WordKind
from fengqiao.matters.models import Matter, MatterFile
from fengqiao.matters.models.base import of
from fengqiao.places.models import Department
from fengqiao.places.queries.bodies import held_open


def act(
    *,
    actor: Actor,
    assignment_id: UUID,
    action: AssignmentAction,
    branch: str = "",
    version: int | None = None,
    parameters: Mapping[str, Any] | None = None,
    words: Mapping[WordKind, str] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> tuple[Matter, Assignment]:
    """Carries out one action of the assignment table: lock the matter, then the assignment; check; write.

    The same order and the same refusals as ``matters.domain.move``; the matter's own step stays.
    """
    known = Assignment.objects.filter(pk=assignment_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("assignment_not_found", _("没有这项交办，或您的岗位看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    assignment = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment_id)
    before = AssignmentState(assignment.state)
    cell = steps.cell(before, action, branch)
    if cell is None or assignment.part not in cell.parts:
        raise Refusal(
            "not_in_this_state",
            _("这项交办现在是“%(state)s”，不能“%(action)s”。")
            % {"state": before.label, "action": AssignmentAction(action).label},
        )
    if not may(actor, matter, assignment, cell):
        raise NotAllowed(
            "post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": AssignmentAction(action).label}
        )
    if cell.to is not None:
        assignment.state, assignment.since = cell.to, clock.now()
    for name, value in (changes or {}).items():
        setattr(assignment, name, value)
    assignment.save(update_fields=["state", "since", *(changes or {})])
    note(
        matter,
        actor=actor,
        type=f"dispatch.{action}" + (f".{branch}" if branch else ""),
        parameters={
            "assignment": assignment.id,
            "department": assignment.department_id,
            "part": assignment.part,
            "from": before,
            "to": assignment.state,
            **(parameters or {}),
        },
        words=words,
    )
    publish(Acted(actor=actor, matter=matter, assignment=assignment, action=action, branch=branch))
    return matter, assignment


def check_in(*, actor: Actor, assignment_id: UUID, version: int | None = None) -> Assignment:
    """报到: the department has seen it and somebody by name has it now."""
    return act(
        actor=actor,
        assignment_id=assignment_id,
        action=AssignmentAction.CHECK_IN,
        version=version,
        changes={"checked_in_at": clock.now(), "handler_id": actor.person_id},
    )[1]


def progress(*, actor: Actor, assignment_id: UUID, text: str, version: int | None = None) -> Progress:
    """What was done since."""
    text = needed("text", text, _("请写明办理进展。"))
    matter, assignment = act(
        actor=actor,
        assignment_id=assignment_id,
        action=AssignmentAction.PROGRESS,
        version=version,
        words={WordKind.SUMMARY: text},
    )
    return Progress.objects.create(
        **of(matter), assignment=assignment, text=text, by_id=actor.person_id, at=clock.now()
    )


def ask_return(
    *,
    actor: Actor,
    assignment_id: UUID,
    reason: str,
    basis: str,
    file_id: UUID | None = None,
    version: int | None = None,
) -> ReturnRequest:
    """退回: not ours, with the reason and the rule or paper that shows it. Somebody else decides."""
    reason = needed("reason", reason, _("请写明为什么不属于本单位职责。"), shortest=4)
    basis = needed("basis", basis, _("请写明依据（职责文件、法规条款或附证据材料）。"))
    matter, assignment = act(
        actor=actor,
        assignment_id=assignment_id,
        action=AssignmentAction.ASK_RETURN,
        version=version,
        parameters={"file": file_id},
        words={WordKind.REASON: reason, WordKind.GROUNDS: basis},
    )
    if file_id is not None and not MatterFile.objects.filter(pk=file_id, matter_id=matter.id).exists():
        raise Invalid({"file": _("请先把证据材料添加到本事项。")})
    return ReturnRequest.objects.create(
        **of(matter),
        assignment=assignment,
        reason=reason,
        basis=basis[:300],
        file_id=file_id,
        asked_by_id=actor.person_id,
        asked_at=clock.now(),
    )


def arbitrate(
    *,
    actor: Actor,
    assignment_id: UUID,
    uphold: bool,
    grounds: str,
    give_to: UUID | None = None,
    version: int | None = None,
) -> ReturnRequest:
    """裁定承办: the return stands and another body gets it, or it does not and the department handles it.

    A second return of the same matter is for a director; a petition's dispute over competence for a centre
    above all bodies concerned (信访工作条例 第23条: 共同的上级).
    """
    grounds = needed("grounds", grounds, _("请写明裁定的依据。"), shortest=4)
    request = (
        ReturnRequest.objects.filter(assignment_id=assignment_id, decision=Decision.PENDING)
        .order_by("-asked_at")
        .first()
    )
    target = next(iter(held_open(Department, [give_to])), None) if give_to else None
    if uphold and target is None:
        raise Invalid({"give_to": _("请选择改由哪个部门承办。")})
    matter, assignment = act(
        actor=actor,
        assignment_id=assignment_id,
        action=AssignmentAction.ARBITRATE,
        branch="upheld" if uphold else "refused",
        version=version,
        parameters={"give_to": give_to if uphold else None},
        words={WordKind.GROUNDS: grounds},
    )
    if request is None:
        raise Refusal("no_request", _("没有待裁定的退回申请。"))
    _check_arbiter(actor, matter, assignment, target, request)
    request.decision = Decision.UPHELD if uphold else Decision.REFUSED
    request.grounds = grounds
    request.decided_by_id = actor.person_id
    request.decided_role = actor.role
    request.decided_at = clock.now()
    request.given_to = target if uphold else None
    request.save(
        update_fields=["decision", "grounds", "decided_by", "decided_role", "decided_at", "given_to"]
    )
    if uphold and target is not None:
        _give(actor, matter, assignment, target)
        name_handlers(actor=actor, matter=matter, departments=[target.id], reason=grounds)
    if Assignment.objects.filter(
        dispatch_id=assignment.dispatch_id, part=Part.LEAD, state=AssignmentState.DISPOSED
    ).exists():
        # Whoever assists from now on finds the result written already.
        ask_sign_offs(actor, matter, assignment.dispatch_id)
    return request


def ask_extension(
    *, actor: Actor, assignment_id: UUID, until: date, reason: str, version: int | None = None
) -> Extension:
    """More time, until a day, with the reason."""
    reason = needed("reason", reason, _("请写明为什么需要延期。"), shortest=4)
    if until <= clock.today():
        raise Invalid({"until": _("延期应到今天以后。")})
    matter, assignment = act(
        actor=actor,
        assignment_id=assignment_id,
        action=AssignmentAction.ASK_EXTENSION,
        version=version,
        parameters={"until": until},
        words={WordKind.REASON: reason},
    )
    if Extension.objects.filter(assignment_id=assignment_id, decision=Decision.PENDING).exists():
        raise Refusal("extension_pending", _("已有一份延期申请在等审批。"))
    if assignment.reply_by is not None and until <= assignment.reply_by:
        raise Invalid({"until": _("延期应晚于现在的答复期限 %(day)s。") % {"day": assignment.reply_by}})
    return Extension.objects.create(
        **of(matter),
        assignment=assignment,
        until=until,
        reason=reason,
        asked_by_id=actor.person_id,
        asked_at=clock.now(),
    )


def decide_extension(
    *, actor: Actor, extension_id: UUID, approve: bool, answer: str = "", version: int | None = None
) -> Extension:
    """The centre approves or refuses; approved, the department's day moves."""
    extension = Extension.objects.filter(pk=extension_id, decision=Decision.PENDING).first()
    if extension is None:
        raise Refusal("no_extension", _("没有待审批的延期申请。"))
    if not approve:
        answer = needed("answer", answer, _("不同意的，请写明理由。"))
    act(
        actor=actor,
        assignment_id=extension.assignment_id,
        action=AssignmentAction.DECIDE_EXTENSION,
        version=version,
        parameters={"approved": approve, "until": extension.until},
        words={WordKind.REASON: answer.strip()},
        changes={"reply_by": extension.until} if approve else {},
    )
    # Read again under the matter's lock: two may have opened the same request.
    if not Extension.objects.filter(pk=extension_id, decision=Decision.PENDING).exists():
        raise Refusal("no_extension", _("没有待审批的延期申请。"))
    extension.decision = Decision.UPHELD if approve else Decision.REFUSED
    extension.decided_by_id, extension.decided_at = actor.person_id, clock.now()
    extension.answer = allowed("answer", answer)
    extension.save(update_fields=["decision", "decided_by", "decided_at", "answer"])
    return extension


def dispose(
    *,
    actor: Actor,
    assignment_id: UUID,
    result: str,
    declined: bool = False,
    basis: str = "",
    performance_due: date | None = None,
    version: int | None = None,
) -> Assignment:
    """The lead department's written result. Only the competent body may decline, and must say by which law."""
    result = needed("result", result, _("请写明办理结果。"), shortest=10)
    accepting.check_performance_due(performance_due)
    if declined:
        needed("basis", basis, _("不予受理须写明法律依据。"))
    outcome = Outcome.DECLINED if declined else Outcome.SETTLED
    matter, assignment = act(
        actor=actor,
        assignment_id=assignment_id,
        action=AssignmentAction.DISPOSE,
        version=version,
        parameters={"outcome": outcome},
    )
    accepting.write_disposition(
        matter, actor=actor, outcome=outcome, text=result, basis=basis, due=performance_due
    )
    ask_sign_offs(actor, matter, assignment.dispatch_id)
    return assignment


def sign_off(
    *, actor: Actor, assignment_id: UUID, opinion: Opinion, text: str = "", version: int | None = None
) -> SignOff:
    """会签: the assisting department agrees with the result, or says what it holds against it."""
    if opinion == Opinion.OBJECT:
        text = needed("text", text, _("请写明不同意见。"), shortest=4)
    asked = Assignment.objects.filter(pk=assignment_id, sign_off_due__isnull=False).exists()
    matter, assignment = act(
        actor=actor,
        assignment_id=assignment_id,
        action=AssignmentAction.SIGN_OFF,
        version=version,
        parameters={"opinion": opinion},
        words={WordKind.SUMMARY: text.strip()},
    )
    if not asked:
        raise Refusal("nothing_to_sign", _("主办部门还没有写出办理结果，暂时不用会签。"))
    return SignOff.objects.create(
        **of(matter),
        assignment=assignment,
        opinion=opinion,
        text=allowed("text", text),
        by_id=actor.person_id,
        at=clock.now(),
    )


def override(*, actor: Actor, assignment_id: UUID, reason: str, version: int | None = None) -> SignOff:
    """A director goes on without a sign-off whose time has passed; the reason stays visible."""
    reason = needed("reason", reason, _("请写明为什么代为通过会签。"), shortest=4)
    matter, assignment = act(
        actor=actor,
        assignment_id=assignment_id,
        action=AssignmentAction.OVERRIDE,
        version=version,
        words={WordKind.REASON: reason},
    )
    if assignment.sign_off_due is None or clock.now() < assignment.sign_off_due:
        raise Refusal("sign_off_time_left", _("会签时间还没有过，不能代为通过。"))
    return SignOff.objects.create(
        **of(matter),
        assignment=assignment,
        text=reason,
        overridden=True,
        by_id=actor.person_id,
        at=clock.now(),
    )


def may(actor: Actor, matter: Matter, assignment: Assignment, cell: steps.Cell) -> bool:
    """Whether the post may carry out this cell: its own department's part, or at the centre that holds."""
    if actor.role not in cell.roles:
        return False
    if actor.role is Role.HANDLER:
        return actor.department_id == assignment.department_id
    return actor.centre_id == matter.holder_id


def _check_arbiter(
    actor: Actor,
    matter: Matter,
    assignment: Assignment,
    target: Department | None,
    request: ReturnRequest,
) -> None:
    earlier = ReturnRequest.objects.filter(matter_id=matter.id, asked_at__lt=request.asked_at).exists()
    if earlier and actor.role not in LEADERS:
        raise NotAllowed("second_return", _("同一事项第二次退回，须由主任裁定。"))
    if matter.track == Track.PETITION:
        prefix = division_prefix(actor.division)
        bodies = [assignment.department, *([target] if target else [])]
        if not all(body.division_id.startswith(prefix) for body in bodies):
            raise NotAllowed("common_superior", _("信访事项的管辖争议，由双方共同的上级裁定：请先提级。"))


def _give(actor: Actor, matter: Matter, assignment: Assignment, target: Department) -> None:
    refusal = refusal_to_receive(matter, [target])
    if refusal is not None:
        raise Invalid({"give_to": refusal.message})
    live = Assignment.objects.filter(dispatch_id=assignment.dispatch_id, department=target).exclude(
        state__in=[AssignmentState.RETURNED, AssignmentState.ENDED]
    )
    if live.exists():
        raise Invalid({"give_to": _("这个部门已经在办。")})
    given = new_assignment(matter, assignment.dispatch, target.id, assignment.part, assignment.responsibility)
    given.save(force_insert=True)
    take_back(matter, assignment.department_id)
    hand_to(matter, [target.id])
    publish(Issued(actor=actor, matter=matter, assignments=(given,)))
    if assignment.part == Part.LEAD:
        Matter.objects.filter(pk=matter.id).update(lead_department_id=target.id)
