"""Written instructions (批示): given, answered with what was done, accepted or sent back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.leading.domain import chasing
from fengqiao.leading.domain.listing import Leader, who_leads
from fengqiao.leading.enums import Ask, InstructionAction, InstructionState, Verdict
from fengqiao.leading.models import Instruction, InstructionAnswer
from fengqiao.leading.policies import check_may_instruct, may_take_part
from fengqiao.leading.queries.instructions import posts_for, receivers_for
from fengqiao.leading.queries.leaders import leaders_for
from fengqiao.leading.steps import INSTRUCTION_STEPS
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import WordKind
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.places.enums import EXEMPT_FROM_SUPERVISION
from fengqiao.places.models import Department
from fengqiao.rules.queries.instructions import barred_by

# Half a year: what has to be done later than this is not an instruction but a plan.
LONGEST = timedelta(days=183)


@dataclass(frozen=True)
class NewInstruction:
    """``department_id`` or ``post_id``: who has to do it. ``leader`` left out is who writes it down."""

    asks: str
    text: str
    due_on: date
    given_on: date | None = None
    department_id: UUID | None = None
    post_id: UUID | None = None
    leader: Leader | None = None


def give(*, actor: Actor, matter_id: UUID, new: NewInstruction, version: int | None = None) -> Instruction:
    """领导批示: a leader's own, or a leader's that the dispatcher writes down; it becomes a task with a day.

    Refused with the reason: to a court, a procuratorate or an arbitration commission (``independent_body``); in
    words that decide the substance, tell such a body how to decide, or hinder or label a person (``not_to_instruct``,
    rules/data/instruction-bars.csv).
    """
    text = needed("text", new.text, _("请写明批示的内容。"), shortest=4)
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    check_may_instruct(actor, matter)
    if not matter.is_open:
        raise Refusal("matter_over", _("事项已经结案，不再批示。"))
    if new.asks not in Ask.values:
        raise Invalid({"asks": _("请选择批示要求做什么。")})
    given_on = _days(matter, new)
    department, post = _to(matter, new)
    if bar := barred_by(text):
        raise Refusal("not_to_instruct", bar.reason, field="text")
    person, _post, name, office = who_leads(matter, _leader(actor, matter, new.leader))
    now = clock.now()
    assert actor.centre_id is not None  # noqa: S101  what the policy asked
    instruction = Instruction(
        **of(matter),
        leader_id=person,
        name=name,
        office=office,
        centre_id=actor.centre_id,
        asks=new.asks,
        text=text,
        given_on=given_on,
        recorded_by_id=actor.person_id,
        recorded_role=actor.role,
        recorded_at=now,
        department_id=department,
        post_id=post,
        due_on=new.due_on,
        warn_on=_warned(matter, new.due_on),
        state=InstructionState.GIVEN,
        since=now,
    )
    chasing.begin(instruction)
    instruction.save(force_insert=True)
    _written(
        matter, actor, instruction, InstructionAction.GIVE, {WordKind.SUMMARY: f"{office} {name}：{text}"}
    )
    return instruction


def answer(*, actor: Actor, instruction_id: UUID, text: str, version: int | None = None) -> InstructionAnswer:
    """答复批示: the department or the post says what was done."""
    text = needed("text", text, _("请写明办了什么。"), shortest=4)
    matter, found = _opened(actor, instruction_id, InstructionAction.ANSWER, version)
    new = InstructionAnswer.objects.create(
        **of(matter),
        instruction=found,
        text=text,
        by_id=actor.person_id,
        role=actor.role,
        at=clock.now(),
    )
    _turn(found, InstructionState.ANSWERED)
    _written(matter, actor, found, InstructionAction.ANSWER, {WordKind.REPLY: text})
    return new


def accept(
    *, actor: Actor, instruction_id: UUID, reasons: str = "", version: int | None = None
) -> Instruction:
    """认定办到: the side that instructed finds that it was done."""
    matter, found = _opened(actor, instruction_id, InstructionAction.ACCEPT, version)
    _decide(actor, found, Verdict.ACCEPTED, reasons.strip())
    _turn(found, InstructionState.ACCEPTED)
    _written(matter, actor, found, InstructionAction.ACCEPT, {WordKind.REASON: reasons.strip()})
    return found


def send_back(
    *, actor: Actor, instruction_id: UUID, reasons: str, due_on: date, version: int | None = None
) -> Instruction:
    """退回再办: the answer is not enough; why, and until when it is to be done now."""
    reasons = needed("reasons", reasons, _("请写明为什么退回。"), shortest=4)
    matter, found = _opened(actor, instruction_id, InstructionAction.SEND_BACK, version)
    _check_due(due_on)
    _decide(actor, found, Verdict.SENT_BACK, reasons)
    found.due_on, found.warn_on = due_on, _warned(matter, due_on)
    _turn(found, InstructionState.SENT_BACK, "due_on", "warn_on")
    _written(matter, actor, found, InstructionAction.SEND_BACK, {WordKind.REASON: reasons})
    return found


def _opened(
    actor: Actor, instruction_id: UUID, action: InstructionAction, version: int | None
) -> tuple[Matter, Instruction]:
    known = Instruction.objects.filter(pk=instruction_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("instruction_not_found", _("没有这项批示，或您的岗位看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    found = Instruction.objects.select_for_update(of=("self",)).get(pk=instruction_id)
    if not may_take_part(actor, found, action):
        raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": action.label})
    if found.state not in INSTRUCTION_STEPS[action]:
        raise Refusal(
            "not_in_this_state",
            _("这项批示现在是“%(state)s”，不能“%(action)s”。")
            % {"state": InstructionState(found.state).label, "action": action.label},
        )
    return matter, found


def _decide(actor: Actor, found: Instruction, verdict: Verdict, reasons: str) -> None:
    last = InstructionAnswer.objects.get(instruction=found, verdict=Verdict.PENDING)
    if last.by_id == actor.person_id:
        raise NotAllowed("answerer_cannot_accept", _("答复的人不能自己认定，请由交代批示的一方认定。"))
    last.verdict, last.reasons = verdict, reasons
    last.decided_by_id, last.decided_at = actor.person_id, clock.now()
    last.save(update_fields=["verdict", "reasons", "decided_by", "decided_at"])


def _turn(found: Instruction, state: InstructionState, *more: str) -> None:
    found.state, found.since = state, clock.now()
    if state == InstructionState.ACCEPTED:
        found.ended_at = found.since
    if state == InstructionState.SENT_BACK:
        chasing.begin(found)
    else:
        found.chase_at = None
    found.save(update_fields=["state", "since", "ended_at", "chase_at", *more])


def _written(
    matter: Matter, actor: Actor, found: Instruction, action: InstructionAction, words: dict[WordKind, str]
) -> None:
    note(
        matter,
        actor=actor,
        type=f"instruction.{action}",
        parameters={
            "instruction": found.pk,
            "asks": found.asks,
            "department": found.department_id,
            "post": found.post_id,
            "by_centre": found.centre_id,
            "due_on": found.due_on,
        },
        words=words,
    )


def _leader(actor: Actor, matter: Matter, leader: Leader | None) -> Leader:
    """Whose instruction it is: who writes it down, where they lead and nobody else is named."""
    if leader is not None and leader.is_named:
        return leader
    own = leaders_for(matter).filter(person_id=actor.person_id)
    held = next((each for each in own if each.post_id == actor.post_id), None)
    if held is None:
        raise Invalid({"leader": _("请写明是哪位领导的批示。")})
    return Leader(stationing=held.pk)


def _to(matter: Matter, new: NewInstruction) -> tuple[UUID | None, UUID | None]:
    if (new.department_id is None) == (new.post_id is None):
        raise Invalid({"to": _("请选择由哪个单位或岗位办理。")})
    if new.department_id is not None:
        kind = Department.objects.filter(pk=new.department_id).values_list("kind", flat=True).first()
        if kind in EXEMPT_FROM_SUPERVISION:
            raise Refusal(
                "independent_body",
                _("法院、检察院和仲裁委依法独立办案：可以沟通、邀请、告知，不对其批示。"),
                field="to",
            )
        if not receivers_for(matter).filter(pk=new.department_id).exists():
            raise Invalid({"to": _("这个单位没有承办本事项：请先交办，再批示。")})
    elif not any(post.pk == new.post_id for post in posts_for(matter)):
        raise Invalid({"to": _("请选择承办本事项的中心的岗位。")})
    return new.department_id, new.post_id


def _days(matter: Matter, new: NewInstruction) -> date:
    today = clock.today()
    given_on = new.given_on or today
    if given_on > today:
        raise Invalid({"given_on": _("批示的日期不能晚于今天。")})
    if given_on < matter.registered_at.astimezone(clock.SHANGHAI).date():
        raise Invalid({"given_on": _("批示的日期早于登记。")})
    _check_due(new.due_on)
    return given_on


def _check_due(due_on: date) -> None:
    today = clock.today()
    if not today <= due_on <= today + LONGEST:
        raise Invalid({"due_on": _("办理期限应在今天之后半年以内。")})


def _warned(matter: Matter, due_on: date) -> date:
    """It presses on its last worked day and the one before."""
    return county_calendar(matter.county).nth_worked_back(due_on, 2)
