"""What a department does next with its part of a matter, and what the centre decides about that."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.dispatch.domain import dispatching, handling
from fengqiao.dispatch.enums import AssignmentAction, AssignmentState, Decision, Opinion, Part
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_prefix
from fengqiao.matters.domain import sight
from fengqiao.matters.enums import Action, Track
from fengqiao.simulate import routing, unusual
from fengqiao.simulate.turns import Act, Turn

if TYPE_CHECKING:
    from fengqiao.simulate.playing import Play

READING = timedelta(days=90)
NOT_OURS = (
    "经核，反映的事项不属本单位“三定”规定的职责，请改由主管部门承办。",
    "现场看过，违法事实不在本单位执法范围内，已把照片移交，申请退回。",
    "本单位没有这一项的审批和执法权，建议由行业主管部门牵头。",
)


def handled(play: Play) -> Turn | None:
    """The next part's turn; when all have written and signed, the centre takes the result over."""
    live = play.case.assignments
    for assignment in live:
        turn = turn_of(play, assignment)
        if turn is not None:
            return turn
    disposed = any(a.part == Part.LEAD and a.state == AssignmentState.DISPOSED for a in live)
    waiting = any(
        a.part == Part.ASSIST and a.state in (AssignmentState.ISSUED, AssignmentState.WORKING) for a in live
    )
    if not disposed or waiting:
        return None
    m = play.matter
    return play.do(
        Action.SETTLE,
        lambda a: dispatching.settle(actor=a, matter_id=m.id),
        prefer=(Role.DISPATCHER, Role.DIRECTOR),
    )


def turn_of(play: Play, each: Assignment) -> Turn | None:
    """Whose turn it is on one assignment today, if anyone's."""
    if each.since > clock.now():
        # Somebody at a desk was here: the past that is played leaves it to them.
        return None
    state = AssignmentState(each.state)
    if state == AssignmentState.RETURN_ASKED:
        return _arbitrate(play, each)
    handler = play.cast.handler(each.department_id)
    if handler is None:
        return None
    if play.case.readers is not None and handler.person_id not in play.case.readers:
        return _let_read(play, handler)
    if state == AssignmentState.ISSUED:
        if each.part == Part.ASSIST and "override" in play.fate.turns:
            return _override(play, each)
        return _by(handler, "check_in", lambda a: handling.check_in(actor=a, assignment_id=each.id))
    if state != AssignmentState.WORKING:
        return None
    if each.part == Part.ASSIST:
        return _sign_off(play, each, handler)
    if _goes_astray(play, each):
        words = play.fate.story.wrong_reasons
        own = words and each.department.kind == play.fate.story.wrong_department and not play.case.returns
        reason = play.say(words) if own else play.rng.choice(NOT_OURS)
        return _by(
            handler,
            "ask_return",
            lambda a: handling.ask_return(
                actor=a, assignment_id=each.id, reason=reason, basis="本单位“三定”规定职责清单"
            ),
        )
    if play.days_since(each.since) < 1 and play.rng.random() < 0.6:
        return None
    return _work(play, each, handler)


def _by(actor: Actor, action: str, act: Act) -> Turn:
    return Turn(actor, f"dispatch.{AssignmentAction(action)}", act)


def _let_read(play: Play, handler: Actor) -> Turn | None:
    """A director lets the handler of a restricted matter read it."""
    director = play.someone([Role.DIRECTOR, Role.EXECUTIVE_DEPUTY])
    if director is None:
        return None
    matter, until = play.matter, clock.today() + READING
    return Turn(
        director,
        "matter.name_reader",
        lambda a: sight.name_reader(
            actor=a,
            matter_id=matter.id,
            person_id=handler.person_id,
            until=until,
            reason="承办需要，限本人查阅。",
        ),
    )


def _work(play: Play, each: Assignment, handler: Actor) -> Turn | None:
    fate = play.fate
    notes = play.case.notes.get(each.id, [])
    extensions = [e for e in play.case.extensions if e.assignment_id == each.id]
    pending = next((e for e in extensions if e.decision == Decision.PENDING), None)
    if pending is not None:
        # Leave is answered after a day or three; until then the department waits for what it asked for.
        if play.days_since(pending.asked_at) < fate.rng("leave").randint(1, 3):
            return None
        return _decide_extension(play, pending.id)
    if notes and "extension" in fate.turns and not extensions:
        until = max(clock.today(), each.reply_by or clock.today()) + timedelta(days=15)
        return _by(
            handler,
            "ask_extension",
            lambda a: handling.ask_extension(
                actor=a, assignment_id=each.id, until=until, reason="需等鉴定（检测）结果出来后才能认定责任。"
            ),
        )
    if len(notes) < fate.rng("notes").randint(1, 3):
        if notes and play.days_since(notes[-1]) < 1:
            return None
        told = list(fate.story.progress)
        fate.rng("progress").shuffle(told)
        text = play.say((told[len(notes) % len(told)],))
        return _by(
            handler, "progress", lambda a: handling.progress(actor=a, assignment_id=each.id, text=text)
        )
    return _dispose(play, each, handler)


def _dispose(play: Play, each: Assignment, handler: Actor) -> Turn | None:
    result = play.say(play.fate.story.dispositions)
    if len(result) < 10:
        result += "，已书面答复当事人。"
    declined = "declined" in play.fate.turns
    promised = play.rng.random() < 0.12 and not declined
    due = clock.today() + timedelta(days=play.rng.randint(3, 12)) if promised else None
    basis = "依法不属于本机关受理范围，已告知应向何机关提出" if declined else ""
    return _by(
        handler,
        "dispose",
        lambda a: handling.dispose(
            actor=a, assignment_id=each.id, result=result, declined=declined, basis=basis, performance_due=due
        ),
    )


def _decide_extension(play: Play, extension_id: UUID) -> Turn | None:
    actor = play.someone([Role.DISPATCHER, Role.DIRECTOR, *LEADERS])
    if actor is None:
        return None
    approve = play.rng.random() < 0.85
    answer = "情况属实，同意延期。" if approve else "鉴定不影响先行答复，请按原期限办理。"
    return _by(
        actor,
        "decide_extension",
        lambda a: handling.decide_extension(
            actor=a, extension_id=extension_id, approve=approve, answer=answer
        ),
    )


def _sign_off(play: Play, each: Assignment, handler: Actor) -> Turn | None:
    if each.sign_off_due is None:
        return None
    objects = "objects" in play.fate.turns
    opinion = Opinion.OBJECT if objects else Opinion.AGREE
    text = "结果中的期限偏短，建议再留十天，其余没有意见。" if objects else "与主办单位意见一致。"
    return _by(
        handler,
        "sign_off",
        lambda a: handling.sign_off(actor=a, assignment_id=each.id, opinion=opinion, text=text),
    )


def _override(play: Play, each: Assignment) -> Turn | None:
    if each.sign_off_due is None or clock.now() < each.sign_off_due:
        return None
    director = play.someone([Role.DIRECTOR, Role.EXECUTIVE_DEPUTY])
    if director is None:
        return None
    return _by(
        director,
        "override",
        lambda a: handling.override(
            actor=a, assignment_id=each.id, reason="协办单位逾期未会签，经电话核实无异议，不影响办结。"
        ),
    )


def _goes_astray(play: Play, each: Assignment) -> bool:
    """Whether the department that has it now is the wrong one and still says so."""
    turns = play.fate.turns
    if not turns & {"returned_once", "returned_twice"}:
        return False
    wrong = routing.wrong_body(play)
    wanted = 2 if "returned_twice" in turns else 1
    return wrong is not None and each.department_id == wrong.id and len(play.case.returns) < wanted


def _arbitrate(play: Play, each: Assignment) -> Turn | None:
    asked = len(play.case.returns)
    # The second return is for the director, who takes longer about it.
    pace = play.fate.rng(f"arbitration{asked}").randint(*((2, 7) if asked > 1 else (0, 2)))
    if play.days_since(each.since) < pace:
        return None
    taken = {a.department_id for a in play.case.assignments if a.state not in _OUT}
    target = next((d for d in routing.bodies(play) if d.id not in taken), None)
    if play.matter.track == Track.PETITION and play.holder.upper_id:
        prefix = division_prefix(play.holder.division_id)
        bodies = [each.department, *([target] if target else [])]
        if not all(body.division_id.startswith(prefix) for body in bodies):
            return unusual.raise_up(play, "两个单位对信访事项的管辖有争议，由共同的上级裁定。")
    roles = [Role.DIRECTOR, Role.EXECUTIVE_DEPUTY] if asked > 1 else [Role.DISPATCHER, Role.DIRECTOR]
    actor = play.someone(roles)
    if actor is None:
        return None
    again = "returned_twice" in play.fate.turns and asked == 1
    if target is None or again:
        grounds = "经核对，其中一部分仍属贵单位职责，请先核实。"
        return _by(
            actor,
            "arbitrate",
            lambda a: handling.arbitrate(actor=a, assignment_id=each.id, uphold=False, grounds=grounds),
        )
    grounds = "退回理由成立，按职责清单改由主管部门承办。"
    return _by(
        actor,
        "arbitrate",
        lambda a: handling.arbitrate(
            actor=a, assignment_id=each.id, uphold=True, grounds=grounds, give_to=target.id
        ),
    )


_OUT = (AssignmentState.RETURNED, AssignmentState.ENDED)
