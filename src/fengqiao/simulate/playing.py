"""What officers and departments do next with each matter: one act at a time, through the real verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from django.db.models import Max

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import dispatching, handling
from fengqiao.dispatch.domain.dispatching import Assisting
from fengqiao.dispatch.enums import AssignmentState, Opinion, Part, Responsibility
from fengqiao.dispatch.models import Assignment, Extension, Progress, ReturnRequest
from fengqiao.kernel import clock
from fengqiao.matters import steps
from fengqiao.matters.domain import accepting, alarming, amending, assessing, lifting, settling
from fengqiao.matters.domain.settling import VisitReport
from fengqiao.matters.enums import (
    Action,
    Danger,
    Outcome,
    Performance,
    ProcedureKind,
    Risk,
    Satisfaction,
    State,
    Track,
    VisitMethod,
)
from fengqiao.matters.guards import POST_OF_TRACK
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain import mediating
from fengqiao.mediation.enums import Result
from fengqiao.simulate.bringing import Fate
from fengqiao.simulate.cast import Cast

Act = Callable[[Actor], object]

# Working days that a state usually waits before somebody acts: (shortest, longest).
PACE = {
    State.REGISTERED: (0, 0),
    State.ACCEPTED: (0, 1),
    State.MEDIATING: (1, 8),
    State.ASSESSING: (0, 2),
    State.ROUTING: (0, 1),
    State.DISPATCHING: (0, 1),
    State.HANDLING: (0, 2),
    State.SETTLED: (1, 4),
    State.VISITED: (0, 2),
    State.EVALUATED: (0, 2),
    State.CLOSED: (4, 14),
}


class Play:
    """The next act of one matter. ``next_act`` answers who does what, or None when nobody does today."""

    def __init__(self, cast: Cast, fate: Fate, matter: Matter) -> None:
        self.cast, self.fate, self.matter = cast, fate, matter
        self.rng: Random = fate.rng(f"v{matter.version}")

    def say(self, words: tuple[str, ...]) -> str:
        return self.fate.telling.say(words)

    def is_time(self) -> bool:
        """Whether the matter has waited as long as it usually does; a stuck one waits and waits."""
        state = State(self.matter.state)
        if "stuck" in self.fate.turns and state in (State.HANDLING, State.MEDIATING, State.ASSESSING):
            return False
        shortest, longest = PACE[state]
        waited = (clock.now() - self.matter.state_since).days
        if state == State.HANDLING:
            return True
        return waited >= self.fate.rng(f"pace{state}{self.matter.reopened}").randint(shortest, longest)

    def next_act(self) -> tuple[Actor, Act] | None:
        state = State(self.matter.state)
        unusual = self._unusual(state)
        if unusual is not None:
            return unusual
        if not self.is_time():
            return None
        step: Callable[[], tuple[Actor, Act] | None] = getattr(self, f"_{state.value}")
        return step()

    # --- who --------------------------------------------------------------------------------------------------
    def _by(self, action: Action, branch: str = "", *, prefer: tuple[Role, ...] = ()) -> Actor | None:
        """Somebody at the holding centre whose post may do it."""
        cell = steps.cell(State(self.matter.state), action, branch)
        if cell is None:
            return None
        order = [r for r in prefer if r in cell.roles] + [
            r for r in Role if r in cell.roles and r not in prefer
        ]
        return self.cast.someone(self.matter.holder_id, order)

    def _do(
        self, action: Action, act: Act, branch: str = "", *, prefer: tuple[Role, ...] = ()
    ) -> tuple[Actor, Act] | None:
        actor = self._by(action, branch, prefer=prefer)
        return (actor, act) if actor else None

    # --- turns that can come at any step ------------------------------------------------------------------------
    def _unusual(self, state: State) -> tuple[Actor, Act] | None:
        m, turns = self.matter, self.fate.turns
        if state in steps.BEFORE_SETTLED and state != State.REGISTERED:
            if (
                "danger_later" in turns
                and m.danger == Danger.NONE
                and m.version < 8
                and self.rng.random() < 0.5
            ):
                summary = "来访人说话激动，说再没有结果就不客气，已请同事在旁。"
                return self._do(
                    Action.DANGER,
                    lambda a: alarming.danger(actor=a, matter_id=m.id, kind=Danger.VIOLENCE, summary=summary),
                )
            if "criminal" in turns and m.turned_criminal_at is None and state == State.HANDLING:
                return self._do(
                    Action.TURNED_CRIMINAL,
                    lambda a: alarming.turned_criminal(
                        actor=a, matter_id=m.id, summary="双方再次争执时一人受伤，公安机关已立案侦查。"
                    ),
                )
            if "raised" in turns and not m.raised and m.version > 3 and m.holder.upper_id:
                return self._do(
                    Action.RAISE,
                    lambda a: lifting.raise_up(
                        actor=a, matter_id=m.id, reason="涉及面广、处置难度大，本级协调不下，请上级中心办理。"
                    ),
                )
        if m.turned_criminal_at and not m.criminal_reviewed_at and self.rng.random() < 0.4:
            return self._do(
                Action.REVIEW_CRIMINAL,
                lambda a: alarming.review_criminal(
                    actor=a,
                    matter_id=m.id,
                    review="第一次登记时已有推搡，未及时研判；今后有肢体冲突的当天研判、当天见面。",
                ),
            )
        if m.danger != Danger.NONE and m.is_open and state not in (State.REGISTERED, State.ACCEPTED):
            return self._do(
                Action.DANGER_OVER,
                lambda a: alarming.danger_over(
                    actor=a, matter_id=m.id, summary="民警与网格员上门见面，双方已分开，情绪平稳。"
                ),
            )
        return None

    # --- the six steps ----------------------------------------------------------------------------------------------
    def _registered(self) -> tuple[Actor, Act] | None:
        m = self.matter
        return self._do(
            Action.ACCEPT, lambda a: accepting.accept(actor=a, matter_id=m.id), prefer=(Role.REGISTRAR,)
        )

    def _accepted(self) -> tuple[Actor, Act] | None:
        m, fate = self.matter, self.fate
        if m.version <= 2 and "amended" in fate.turns:
            facts = {"people": (m.people or 1) + 1}
            return self._do(
                Action.AMEND,
                lambda a: amending.amend(
                    actor=a, matter_id=m.id, facts=facts, reason="来访人补充：还有一户也在其中"
                ),
            )
        first_time = m.reopened == 0
        if fate.path == "withdrawn" and first_time:
            reason = f"{fate.names[0]}来电说双方已自己商量好，不用再办，已记录原话。"
            return self._do(
                Action.WITHDRAW, lambda a: settling.withdraw(actor=a, matter_id=m.id, reason=reason)
            )
        if fate.path == "guided":
            return self._do(
                Action.GUIDE,
                lambda a: accepting.guide(
                    actor=a,
                    matter_id=m.id,
                    body="市公共法律服务中心",
                    explanation="已说明应由哪里决定、要带哪些材料，并电话联系窗口约好时间，由同事陪同前往。",
                ),
            )
        if fate.path == "redirected":
            return self._do(
                Action.REDIRECT,
                lambda a: accepting.redirect(
                    actor=a,
                    matter_id=m.id,
                    kind=ProcedureKind.LITIGATION,
                    body="恩平市人民法院诉讼服务中心",
                    explanation="争议已超出调解范围，当事人愿意通过诉讼解决，已协助准备立案材料。",
                ),
            )
        spot = POST_OF_TRACK[Track(fate.story.track)]
        actor = self.cast.someone(m.holder_id, [spot])
        if fate.path == "on_spot" and actor is not None:
            result = self.say(fate.story.dispositions)
            return actor, lambda a: accepting.settle_on_spot(actor=a, matter_id=m.id, result=result)
        if fate.path == "mediated" and m.parties.filter(role="respondent").exists():
            return self._send_to_mediation()
        return self._skip_mediation()

    def _send_to_mediation(self) -> tuple[Actor, Act] | None:
        m = self.matter
        parties = list(m.parties.filter(agent_of=None).values_list("pk", flat=True))
        mediator = self.cast.someone(m.holder_id, [Role.MEDIATOR])
        return self._do(
            Action.SEND_TO_MEDIATION,
            lambda a: mediating.send_to_mediation(
                actor=a,
                matter_id=m.id,
                consents=dict.fromkeys(parties, True),
                mediator_id=mediator.person_id if mediator else None,
            ),
            prefer=(Role.REGISTRAR,),
        )

    def _skip_mediation(self) -> tuple[Actor, Act] | None:
        m = self.matter
        refused = self.fate.story.against in ("person", "organisation")
        reason = "对方明确表示不同意调解。" if refused else "属行政机关职责事项，不适宜调解。"
        return self._do(
            Action.SKIP_MEDIATION,
            lambda a: assessing.skip_mediation(actor=a, matter_id=m.id, refused=refused, reason=reason),
            "refused" if refused else "not_fit",
            prefer=(Role.REGISTRAR,),
        )

    def _mediating(self) -> tuple[Actor, Act] | None:
        m, story = self.matter, self.fate.story
        if self.rng.random() < 0.66:
            due = (
                clock.today() + timedelta(days=self.rng.randint(2, 15)) if self.rng.random() < 0.35 else None
            )
            text = self.say(story.mediation)
            result = Result.WRITTEN if self.rng.random() < 0.7 else Result.ORAL
            return self._do(
                Action.RECORD_MEDIATION,
                lambda a: mediating.record_mediation(
                    actor=a, matter_id=m.id, result=result, text=text, performance_due=due
                ),
                "agreed",
                prefer=(Role.MEDIATOR,),
            )
        text = self.say(story.mediation_failed)
        return self._do(
            Action.RECORD_MEDIATION,
            lambda a: mediating.record_mediation(actor=a, matter_id=m.id, result=Result.REFUSED, text=text),
            "failed",
            prefer=(Role.MEDIATOR,),
        )

    def _assessing(self) -> tuple[Actor, Act] | None:
        m, story = self.matter, self.fate.story
        grounds = self.say(story.risk_grounds)
        if len(grounds) < 10:
            grounds += "，已与网格员核对。"
        return self._do(
            Action.ASSESS,
            lambda a: assessing.assess(actor=a, matter_id=m.id, level=Risk(story.risk), grounds=grounds),
            prefer=(Role.DISPATCHER, Role.DIRECTOR),
        )

    def _routing(self) -> tuple[Actor, Act] | None:
        m = self.matter
        track = Track(self.fate.story.track)
        reason = f"按诉求性质和反映对象，属{track.label}事项。"
        return self._do(
            Action.ROUTE,
            lambda a: assessing.route(actor=a, matter_id=m.id, track=track, reason=reason),
            prefer=(Role.DISPATCHER,),
        )

    def _dispatching(self) -> tuple[Actor, Act] | None:
        m, fate = self.matter, self.fate
        kinds = list(fate.story.departments) or ["territory"]
        bodies = [d for k in kinds if (d := self.cast.department(k, fate.division)) and not d.is_independent]
        bodies = [d for d in dict.fromkeys(bodies) if d.id != m.against_department_id]
        territory = self.cast.department("territory", fate.division)
        if not bodies and territory:
            bodies = [territory]
        wrong = self.cast.department(fate.story.wrong_department) if fate.story.wrong_department else None
        astray = {"returned_once", "returned_twice"} & fate.turns and m.reopened == 0
        lead = wrong if wrong and astray and wrong not in bodies else (bodies[0] if bodies else None)
        if lead is None or lead.is_independent or lead.id == m.against_department_id:
            return None
        others = [
            d for d in [*bodies[:2], territory] if d and d.id != lead.id and d.id != m.against_department_id
        ]
        assisting = [
            Assisting(
                d.id, Responsibility.TERRITORY if d.kind == "territory" else Responsibility.POLITICAL_LEGAL
            )
            for d in list(dict.fromkeys(others))[: self.rng.randint(0, 2)]
        ]
        due = clock.today() + timedelta(days=self.rng.choice((7, 10, 15, 30)))
        return self._do(
            Action.DISPATCH,
            lambda a: dispatching.dispatch(
                actor=a,
                matter_id=m.id,
                lead=lead.id,
                assisting=assisting,
                message="请依法依规核实处理，结果书面答复当事人并报中心。",
                reply_by=due,
            ),
            prefer=(Role.DISPATCHER, Role.DIRECTOR),
        )

    def _handling(self) -> tuple[Actor, Act] | None:
        live = list(
            Assignment.objects.filter(matter_id=self.matter.id, dispatch__ended_at__isnull=True)
            .select_related("department")
            .order_by("-part", "issued_at", "id")
        )
        for assignment in live:
            act = self._assignment_act(assignment)
            if act is not None:
                return act
        done = [a for a in live if a.part == Part.LEAD and a.state == AssignmentState.DISPOSED]
        waiting = [
            a
            for a in live
            if a.part == Part.ASSIST and a.state in (AssignmentState.ISSUED, AssignmentState.WORKING)
        ]
        if done and not waiting:
            return self._do(
                Action.SETTLE,
                lambda a: dispatching.settle(actor=a, matter_id=self.matter.id),
                prefer=(Role.DISPATCHER, Role.DIRECTOR),
            )
        return None

    def _assignment_act(self, each: Assignment) -> tuple[Actor, Act] | None:
        handler = self.cast.handler(each.department_id)
        waited = clock.now() - each.since
        state = AssignmentState(each.state)
        if state == AssignmentState.RETURN_ASKED:
            return self._arbitrate(each)
        if handler is None:
            return None
        if state == AssignmentState.ISSUED:
            slow = each.part == Part.ASSIST and "override" in self.fate.turns
            if slow:
                return self._override(each)
            return handler, lambda a: handling.check_in(actor=a, assignment_id=each.id)
        if state != AssignmentState.WORKING:
            return None
        if each.part == Part.ASSIST:
            if each.sign_off_due is None:
                return None
            text = "与主办单位意见一致。"
            return handler, lambda a: handling.sign_off(
                actor=a, assignment_id=each.id, opinion=Opinion.AGREE, text=text
            )
        if each.department.kind == self.fate.story.wrong_department and self._still_astray():
            reason = self.say(self.fate.story.wrong_reasons)
            return handler, lambda a: handling.ask_return(
                actor=a, assignment_id=each.id, reason=reason, basis="本单位“三定”规定职责清单"
            )
        if waited < timedelta(days=1) and self.rng.random() < 0.6:
            return None
        return self._work(each, handler)

    def _work(self, each: Assignment, handler: Actor) -> tuple[Actor, Act] | None:
        m, fate = self.matter, self.fate
        noted = Progress.objects.filter(assignment_id=each.id).aggregate(last=Max("at"))["last"]
        count = Progress.objects.filter(assignment_id=each.id).count()
        pending = Extension.objects.filter(assignment_id=each.id, decision="pending").first()
        if pending is not None:
            answer = "情况属实，同意延期。"
            actor = self.cast.someone(m.holder_id, [Role.DISPATCHER, *LEADERS])
            if actor is None:
                return None
            return actor, lambda a: handling.decide_extension(
                actor=a, extension_id=pending.id, approve=True, answer=answer
            )
        if count >= 1 and "extension" in fate.turns and not each.extensions.exists():
            until = clock.today() + timedelta(days=15)
            return handler, lambda a: handling.ask_extension(
                actor=a, assignment_id=each.id, until=until, reason="需等鉴定（检测）结果出来后才能认定责任。"
            )
        wanted = fate.rng("notes").randint(1, 3)
        if count < wanted:
            if noted and clock.now() - noted < timedelta(days=1):
                return None
            text = self.say(fate.story.progress)
            return handler, lambda a: handling.progress(actor=a, assignment_id=each.id, text=text)
        result = self.say(fate.story.dispositions)
        if len(result) < 10:
            result += "，已书面答复当事人。"
        declined = "declined" in fate.turns
        due = clock.today() + timedelta(days=7) if self.rng.random() < 0.12 and not declined else None
        basis = "依法不属于本机关受理范围，已告知应向何机关提出" if declined else ""
        return handler, lambda a: handling.dispose(
            actor=a, assignment_id=each.id, result=result, declined=declined, basis=basis, performance_due=due
        )

    def _still_astray(self) -> bool:
        asked = ReturnRequest.objects.filter(matter_id=self.matter.id).count()
        return asked < (2 if "returned_twice" in self.fate.turns else 1)

    def _arbitrate(self, each: Assignment) -> tuple[Actor, Act] | None:
        m, fate = self.matter, self.fate
        asked = ReturnRequest.objects.filter(matter_id=m.id).count()
        right = [self.cast.department(k, fate.division) for k in (*fate.story.departments, "territory")]
        taken = set(
            Assignment.objects.filter(dispatch_id=each.dispatch_id)
            .exclude(state__in=[AssignmentState.RETURNED, AssignmentState.ENDED])
            .values_list("department_id", flat=True)
        )
        target = next(
            (
                d
                for d in right
                if d and d.id not in taken and not d.is_independent and d.id != m.against_department_id
            ),
            None,
        )
        actor = self.cast.someone(
            m.holder_id,
            [Role.DIRECTOR, Role.EXECUTIVE_DEPUTY] if asked > 1 else [Role.DISPATCHER, Role.DIRECTOR],
        )
        if actor is None:
            return None
        twice = "returned_twice" in fate.turns and asked == 1
        if target is None or twice:
            return actor, lambda a: handling.arbitrate(
                actor=a,
                assignment_id=each.id,
                uphold=False,
                grounds="经核对，其中一部分仍属贵单位职责，请先核实。",
            )
        return actor, lambda a: handling.arbitrate(
            actor=a,
            assignment_id=each.id,
            uphold=True,
            grounds="退回理由成立，按职责清单改由主管部门承办。",
            give_to=target.id,
        )

    def _override(self, each: Assignment) -> tuple[Actor, Act] | None:
        if each.sign_off_due is None or clock.now() < each.sign_off_due:
            return None
        actor = self.cast.someone(self.matter.holder_id, [Role.DIRECTOR, Role.EXECUTIVE_DEPUTY])
        if actor is None:
            return None
        return actor, lambda a: handling.override(
            actor=a, assignment_id=each.id, reason="协办单位逾期未会签，经电话核实无异议，不影响办结。"
        )

    def _settled(self) -> tuple[Actor, Act] | None:
        m = self.matter
        if m.outcome in (Outcome.GUIDED, Outcome.REDIRECTED):
            if not m.receipt_number:
                number = f"收字{clock.today():%m%d}-{self.rng.randint(10, 99)}"
                return self._do(
                    Action.RECORD_RECEIPT,
                    lambda a: settling.record_receipt(actor=a, matter_id=m.id, number=number),
                )
            return self._close()
        if m.outcome == Outcome.WITHDRAWN or m.anonymous and m.performance != Performance.RUNNING:
            return self._close()
        if "unreachable" in self.fate.turns and m.visit_attempts < 3:
            report = VisitReport(method=VisitMethod.PHONE, reached=False, remark="电话无人接听。")
            return self._visit(report, "unreached")
        if "unreachable" in self.fate.turns and m.performance != Performance.RUNNING:
            return self._close()
        if m.performance == Performance.RUNNING:
            return self._perform()
        if m.outcome == Outcome.DECLINED and m.remedies_told_at is None:
            return self._tell_remedies()
        satisfaction = self.rng.choice((Satisfaction.SATISFIED, Satisfaction.SATISFIED, Satisfaction.BASIC))
        if "dissatisfied" in self.fate.turns or m.outcome == Outcome.DECLINED:
            satisfaction = Satisfaction.DISSATISFIED
        report = VisitReport(
            method=self.rng.choice(list(VisitMethod)),
            reached=True,
            satisfaction=satisfaction,
            hidden_trouble="双方见面仍不说话，请网格员留意。" if self.rng.random() < 0.08 else "",
            remark=self.say(self.fate.story.visit),
        )
        return self._visit(report, "reached")

    def _visit(self, report: VisitReport, branch: str) -> tuple[Actor, Act] | None:
        m = self.matter
        handlers = set(m.dispositions.values_list("by_id", flat=True))
        cell = steps.cell(State(m.state), Action.RETURN_VISIT, branch)
        if cell is None:
            return None
        order = [Role.REGISTRAR, Role.PETITION_INSPECTOR, *(r for r in Role if r in cell.roles)]
        for role in order:
            actor = self.cast.someone(m.holder_id, [role])
            if actor and actor.person_id not in handlers:
                return actor, lambda a: settling.return_visit(actor=a, matter_id=m.id, report=report)
        return None

    def _perform(self) -> tuple[Actor, Act] | None:
        m = self.matter
        if m.performance_due and clock.today() < m.performance_due:
            return None
        default = "default" in self.fate.turns and m.reopened == 0
        summary = "到期未付，电话不接。" if default else "已当面付清，收条一份存卷。"
        return self._do(
            Action.RECORD_PERFORMANCE,
            lambda a: settling.record_performance(
                actor=a, matter_id=m.id, performed=not default, summary=summary
            ),
            "defaulted" if default else "performed",
        )

    def _tell_remedies(self) -> tuple[Actor, Act] | None:
        m = self.matter
        text = "已书面告知：不服的，可在三十日内请求复查，也可依法申请复议或起诉。"
        return self._do(
            Action.TELL_REMEDIES, lambda a: settling.tell_remedies(actor=a, matter_id=m.id, text=text)
        )

    def _visited(self) -> tuple[Actor, Act] | None:
        m = self.matter
        if "reopened" in self.fate.turns and m.reopened == 0:
            reason = "回访时当事人说约定没有做到位，问题又出现，按原编号重新办理。"
            return self._do(Action.REOPEN, lambda a: settling.reopen(actor=a, matter_id=m.id, reason=reason))
        if m.satisfaction == Satisfaction.DISSATISFIED and m.remedies_told_at is None:
            return self._tell_remedies()
        return self._do(
            Action.EVALUATE,
            lambda a: settling.evaluate(actor=a, matter_id=m.id, lawful=True, complete=True),
            prefer=(Role.DISPATCHER, Role.DIRECTOR),
        )

    def _evaluated(self) -> tuple[Actor, Act] | None:
        return self._close()

    def _close(self) -> tuple[Actor, Act] | None:
        m = self.matter
        if m.turned_criminal_at and not m.criminal_reviewed_at:
            return None
        return self._do(
            Action.CLOSE,
            lambda a: settling.close(actor=a, matter_id=m.id),
            prefer=(Role.DIRECTOR, Role.EXECUTIVE_DEPUTY),
        )

    def _closed(self) -> tuple[Actor, Act] | None:
        m = self.matter
        return self._do(Action.ARCHIVE, lambda a: settling.archive(actor=a, matter_id=m.id))


def carry_out(actor: Actor, act: Act) -> None:
    """One act in the actor's scope, like any door."""
    with scope(actor):
        act(actor)
