"""What leaders take in hand: what lies too long or came from below is listed, looked at, instructed about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.dispatch.enums import AssignmentState, Part
from fengqiao.kernel import clock
from fengqiao.leading.domain import instructing, listing, looking
from fengqiao.leading.enums import Ask, InstructionState
from fengqiao.leading.models import Instruction, KeyMatter
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.places.enums import EXEMPT_FROM_SUPERVISION
from fengqiao.places.models import Stationing
from fengqiao.simulate.turns import Turn

if TYPE_CHECKING:
    from fengqiao.dispatch.models import Assignment
    from fengqiao.simulate.playing import Play

# Days after which what does not move comes before a leader.
LIES = 12
COUNTY_LEADER = listing.Leader(name="陈志明", office="县委常委、政法委书记（演示）")
LOOKS = (
    "听取承办单位汇报，要求本周内与双方各谈一次，写明难点在哪里。",
    "电话了解进展：材料已补齐，下一步由承办单位约双方见面。",
    "在例会上过了一遍，明确一个单位牵头，下次带着方案来。",
)
VISITS = (
    ("村委会会议室", "双方当事人、村干部、网格员", "双方当面把数目对了一遍，约定下周签字前再看一次现场。"),
    ("当事人家中", "当事人及家属、驻村干部", "听完经过，说明了依法处理的途径，家属表示愿意再谈。"),
)


def turn_of(play: Play) -> Turn | None:
    """The next act of a leader, or of who was instructed; None for most matters on most days."""
    m = play.matter
    lies = "stuck" in play.fate.turns and play.days_since(m.registered_at) >= LIES
    if not (lies or m.raised) or play.case.readers is not None or play.case.state != State.HANDLING:
        return None
    with play.seen():
        key = KeyMatter.objects.filter(matter_id=m.id, ended_at=None).first()
        given = Instruction.objects.filter(matter_id=m.id).order_by("-recorded_at").first()
    if key is None:
        return _list(play)
    if clock.today() >= key.warn_on and play.rng.random() < 0.75:
        return _look(play, key)
    return _instruct(play) if given is None else _follow(play, given)


def _list(play: Play) -> Turn | None:
    director = play.someone([Role.DIRECTOR])
    if director is None or play.fate.rng("key").random() < 0.3:
        return None
    m = play.matter
    ground = "key.superior" if m.raised else play.fate.rng("ground").choice(("key.across", "old.policy"))
    leader = COUNTY_LEADER
    deputy = play.someone([Role.EXECUTIVE_DEPUTY])
    if deputy is not None and play.fate.rng("leader").random() < 0.7:
        with scope(director):
            held = Stationing.objects.filter(person_id=deputy.person_id)
            own = next((each for each in held if each.post_id == deputy.post_id), None)
        leader = listing.Leader(stationing=own.pk) if own else COUNTY_LEADER
    why = (
        "下级中心提请，牵涉面广，需要领导牵头协调。" if m.raised else "拖得久，几个单位都说难，需要领导牵头。"
    )
    return Turn(
        director,
        "key.list",
        lambda a: listing.list_matter(actor=a, matter_id=m.id, ground=ground, why=why, leader=leader),
    )


def _look(play: Play, key: KeyMatter) -> Turn | None:
    officer = play.someone([Role.EXECUTIVE_DEPUTY, Role.DIRECTOR])
    if officer is None:
        return None
    today = clock.today()
    if play.rng.random() < 0.3:
        place, met, outcome = play.rng.choice(VISITS)
        return Turn(
            officer,
            "key.visit",
            lambda a: looking.visit(
                actor=a, key_matter_id=key.pk, day=today, place=place, met=met, outcome=outcome
            ),
        )
    outcome = play.rng.choice(LOOKS)
    return Turn(
        officer,
        "key.look",
        lambda a: looking.look(actor=a, key_matter_id=key.pk, day=today, outcome=outcome),
    )


def _instruct(play: Play) -> Turn | None:
    m = play.matter
    director = play.someone([Role.DIRECTOR])
    lead = next((each for each in play.case.assignments if _may_be_instructed(each)), None)
    if director is None or lead is None or play.fate.rng("instructed").random() < 0.4:
        return None
    with play.seen():
        due = county_calendar(m.county).nth_worked(clock.today(), 5)
    new = instructing.NewInstruction(
        asks=Ask.REPORT,
        text="请查清卡在哪里，当面听取双方意见，五个工作日内报告办理情况和下一步打算。",
        due_on=due,
        department_id=lead.department_id,
    )
    return Turn(director, "instruction.give", lambda a: instructing.give(actor=a, matter_id=m.id, new=new))


def _follow(play: Play, given: Instruction) -> Turn | None:
    """The department answers within days, mostly; the director accepts."""
    if given.since.astimezone(clock.SHANGHAI).date() >= clock.today():
        return None
    if given.state == InstructionState.ANSWERED:
        director = play.someone([Role.DIRECTOR])
        accept = lambda a: instructing.accept(actor=a, instruction_id=given.pk)  # noqa: E731
        return Turn(director, "instruction.accept", accept) if director else None
    if given.state not in (InstructionState.GIVEN, InstructionState.SENT_BACK) or given.department_id is None:
        return None
    handler = play.cast.handler(given.department_id)
    has_it = any(each.department_id == given.department_id for each in play.case.assignments)
    late = clock.today() > given.due_on + timedelta(days=1)
    if handler is None or not has_it or play.rng.random() > (0.5 if late else 0.25):
        return None
    with scope(handler):
        # Whoever was asked on their way out does not see the matter any more.
        if not Matter.objects.visible_to(handler).filter(pk=play.matter.pk).exists():
            return None
    text = "已约双方当面谈过：分歧在数额，材料差一份，已列出清单，下周再谈一次。"
    return Turn(
        handler,
        "instruction.answer",
        lambda a: instructing.answer(actor=a, instruction_id=given.pk, text=text),
    )


def _may_be_instructed(part: Assignment) -> bool:
    in_hand = part.state in (AssignmentState.ISSUED, AssignmentState.WORKING)
    return part.part == Part.LEAD and in_hand and part.department.kind not in EXEMPT_FROM_SUPERVISION
