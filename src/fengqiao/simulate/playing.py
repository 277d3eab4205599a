"""What the centre does next with each matter: one act at a time, through the real verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.dispatch.domain import dispatching
from fengqiao.dispatch.domain.dispatching import Assisting
from fengqiao.dispatch.enums import AssignmentState, Part, Responsibility
from fengqiao.kernel import clock
from fengqiao.matters import steps
from fengqiao.matters.domain import accepting, alarming, amending, assessing, lifting, settling
from fengqiao.matters.enums import (
    Action,
    Danger,
    ProcedureKind,
    Risk,
    State,
    Track,
)
from fengqiao.matters.guards import POST_OF_TRACK
from fengqiao.mediation.domain import mediating
from fengqiao.mediation.enums import Result
from fengqiao.places.models import Centre, Department
from fengqiao.simulate import closing, handling
from fengqiao.simulate.bringing import SATURDAY
from fengqiao.simulate.cases import Case
from fengqiao.simulate.cast import Cast
from fengqiao.simulate.turns import Act, Turn

# Days that a state usually waits before somebody acts: (shortest, longest).
PACE = {
    State.REGISTERED: (0, 0),
    State.ACCEPTED: (0, 1),
    State.MEDIATING: (1, 8),
    State.ASSESSING: (0, 2),
    State.ROUTING: (0, 1),
    State.DISPATCHING: (0, 1),
    State.HANDLING: (0, 0),
    State.SETTLED: (1, 4),
    State.VISITED: (0, 2),
    State.EVALUATED: (0, 2),
    State.CLOSED: (4, 14),
}
# Bodies to which a matter goes astray where its story names none.
ASTRAY = ("market", "urban_management", "agriculture", "emergency", "housing", "natural_resources")


class Play:
    """The next turn of one matter: ``next_turn`` says who does what, or None where nobody does today."""

    def __init__(self, cast: Cast, case: Case) -> None:
        self.cast, self.case, self.fate, self.matter = cast, case, case.fate, case.matter
        # Chance of this act and day alone: a run that was killed decides the same again.
        self.rng: Random = self.fate.rng(f"v{self.matter.version}|{clock.today()}")

    def say(self, words: tuple[str, ...]) -> str:
        return self.fate.telling.say(words, self.rng)

    def days_since(self, moment: datetime) -> int:
        return (clock.today() - _day(moment)).days

    def is_time(self) -> bool:
        """Whether the matter has waited as long as it usually does; a stuck one waits and waits."""
        state = self.case.state
        if "stuck" in self.fate.turns and state in (State.HANDLING, State.MEDIATING, State.ASSESSING):
            begun = any(a.state != AssignmentState.ISSUED for a in self.case.assignments)
            return state == State.HANDLING and not begun and bool(self.fate.number % 2)
        if state == State.REGISTERED and self.fate.rng("queue").random() < 0.12:
            return self.days_since(self.matter.state_since) >= 1
        shortest, longest = PACE[state]
        pace = self.fate.rng(f"pace{state}{self.matter.reopened}").randint(shortest, longest)
        return self.days_since(self.matter.state_since) >= pace

    def next_turn(self) -> Turn | None:
        if self.case.state == State.ARCHIVED or self.matter.state_since > clock.now():
            # Frozen; or somebody at a desk was here, and the past that is played leaves the matter to them.
            return None
        if clock.today().weekday() >= SATURDAY and not self._on_duty():
            return None
        unusual = self._unusual(self.case.state)
        if unusual is not None:
            return unusual
        if not self.is_time():
            return None
        step: Callable[[], Turn | None] = getattr(self, f"_{self.case.state.value}")
        return step()

    def _on_duty(self) -> bool:
        """On a weekend those on duty see to what is new or dangerous, and to little else."""
        new = _day(self.matter.registered_at) == clock.today()
        dangerous = self.matter.danger != Danger.NONE and self.matter.is_open
        return new or dangerous or self.fate.rng(f"duty{clock.today()}").random() < 0.1

    # --- who ------------------------------------------------------------------------------------------------
    def someone(self, roles: list[Role]) -> Actor | None:
        """One of those at the holding centre who may read the matter and are not complained of in it."""
        return self.cast.someone(self.matter.holder_id, roles, self.rng, able=self._able)

    def _able(self, actor: Actor) -> bool:
        if self.case.readers is not None and actor.person_id not in self.case.readers:
            return False
        return self.matter.against_department_id not in actor.bodies

    def do(self, action: Action, act: Act, branch: str = "", *, prefer: tuple[Role, ...] = ()) -> Turn | None:
        """The action by somebody at the holding centre whose post may carry it out."""
        cell = steps.cell(self.case.state, action, branch)
        if cell is None:
            return None
        order = [r for r in prefer if r in cell.roles]
        order += [r for r in Role if r in cell.roles and r not in prefer]
        actor = self.someone(order)
        return Turn(actor, f"matter.{action}", act) if actor else None

    @property
    def holder(self) -> Centre:
        return self.cast.centres[self.matter.holder_id]

    # --- turns that can come at any step ----------------------------------------------------------------------
    def _unusual(self, state: State) -> Turn | None:
        m = self.matter
        if state in steps.BEFORE_SETTLED and state != State.REGISTERED:
            found = self._alarm(state) or self._lift(state)
            if found is not None:
                return found
        if m.turned_criminal_at and not m.criminal_reviewed_at and self.days_since(m.turned_criminal_at) > 2:
            return self.do(
                Action.REVIEW_CRIMINAL,
                lambda a: alarming.review_criminal(
                    actor=a,
                    matter_id=m.id,
                    review="第一次登记时已有推搡，未及时研判；今后有肢体冲突的当天研判、当天见面。",
                ),
            )
        # Most are calm after a visit; with some it takes a week.
        calm_after = self.fate.rng("calm").choice((0, 1, 1, 2, 3, 8))
        seen_to = m.is_open and state not in (State.REGISTERED, State.ACCEPTED)
        if m.danger_since and seen_to and self.days_since(m.danger_since) >= calm_after:
            return self.do(
                Action.DANGER_OVER,
                lambda a: alarming.danger_over(
                    actor=a, matter_id=m.id, summary="民警与网格员上门见面，双方已分开，情绪平稳。"
                ),
            )
        return None

    def _alarm(self, state: State) -> Turn | None:
        m, turns = self.matter, self.fate.turns
        if "danger_later" in turns and m.danger == Danger.NONE and 3 <= m.version < 5:
            summary = "来访人说话激动，说再没有结果就不客气，已请同事在旁。"
            return self.do(
                Action.DANGER,
                lambda a: alarming.danger(actor=a, matter_id=m.id, kind=Danger.VIOLENCE, summary=summary),
            )
        if (
            "criminal" in turns
            and m.turned_criminal_at is None
            and state in (State.HANDLING, State.MEDIATING)
        ):
            return self.do(
                Action.TURNED_CRIMINAL,
                lambda a: alarming.turned_criminal(
                    actor=a, matter_id=m.id, summary="双方再次争执时一人受伤，公安机关已立案侦查。"
                ),
            )
        return None

    def _lift(self, state: State) -> Turn | None:
        m, turns = self.matter, self.fate.turns
        if "raised" in turns and not m.raised and m.version > 3 and self.holder.upper_id:
            return self.raise_up("涉及面广、处置难度大，本级协调不下，请上级中心办理。")
        if "handed_down" in turns and not m.raised and state in (State.ACCEPTED, State.ASSESSING):
            lower = self.cast.below(m.holder_id, self.fate.division)
            if lower is not None and m.holder_id == m.centre_id:
                return self.do(
                    Action.HAND_DOWN,
                    lambda a: lifting.hand_down(
                        actor=a,
                        matter_id=m.id,
                        centre_id=lower.id,
                        reason="双方都在当地，镇村熟悉情况，由下级中心先行化解，本中心跟踪。",
                    ),
                )
        return None

    def raise_up(self, reason: str) -> Turn | None:
        m = self.matter
        return self.do(Action.RAISE, lambda a: lifting.raise_up(actor=a, matter_id=m.id, reason=reason))

    # --- the six steps ------------------------------------------------------------------------------------------
    def _registered(self) -> Turn | None:
        m = self.matter
        return self.do(
            Action.ACCEPT, lambda a: accepting.accept(actor=a, matter_id=m.id), prefer=(Role.REGISTRAR,)
        )

    def _accepted(self) -> Turn | None:
        m, fate = self.matter, self.fate
        if m.version <= 2 and "amended" in fate.turns:
            facts = {"people": (m.people or 1) + 1}
            return self.do(
                Action.AMEND,
                lambda a: amending.amend(
                    actor=a, matter_id=m.id, facts=facts, reason="来访人补充：还有一户也在其中"
                ),
            )
        if fate.path == "withdrawn":
            who = "反映人" if fate.shielded else fate.names[0]
            reason = f"{who}来电说双方已自己商量好，不用再办，已记录原话。"
            return self.do(
                Action.WITHDRAW, lambda a: settling.withdraw(actor=a, matter_id=m.id, reason=reason)
            )
        if fate.path == "guided":
            return self.do(
                Action.GUIDE,
                lambda a: accepting.guide(
                    actor=a,
                    matter_id=m.id,
                    body="恩平市公共法律服务中心",
                    explanation="已说明应由哪里决定、要带哪些材料，并电话联系窗口约好时间，由同事陪同前往。",
                ),
            )
        if fate.path == "redirected":
            return self.do(
                Action.REDIRECT,
                lambda a: accepting.redirect(
                    actor=a,
                    matter_id=m.id,
                    kind=ProcedureKind.LITIGATION,
                    body="恩平市人民法院诉讼服务中心",
                    explanation="争议已超出调解范围，当事人愿意通过诉讼解决，已协助准备立案材料。",
                ),
            )
        officer = self.someone([POST_OF_TRACK[Track(fate.story.track)]])
        if fate.path == "on_spot" and officer is not None:
            result = self.say(fate.story.dispositions)
            return Turn(
                officer,
                f"matter.{Action.SETTLE_ON_SPOT}",
                lambda a: accepting.settle_on_spot(actor=a, matter_id=m.id, result=result),
            )
        if fate.path == "mediated" and m.danger != Danger.DOMESTIC:
            return self._send_to_mediation()
        return self._skip_mediation()

    def _send_to_mediation(self) -> Turn | None:
        m = self.matter
        mediator = self.someone([Role.MEDIATOR])

        def send(actor: Actor) -> object:
            parties = m.parties.filter(agent_of=None).values_list("pk", flat=True)
            return mediating.send_to_mediation(
                actor=actor,
                matter_id=m.id,
                consents=dict.fromkeys(parties, True),
                mediator_id=mediator.person_id if mediator else None,
            )

        return self.do(Action.SEND_TO_MEDIATION, send, prefer=(Role.REGISTRAR,))

    def _skip_mediation(self) -> Turn | None:
        m = self.matter
        refused = self.fate.story.against in ("person", "organisation") and m.danger != Danger.DOMESTIC
        reason = "对方明确表示不同意调解。" if refused else "属行政机关职责事项，不适宜调解。"
        if m.danger == Danger.DOMESTIC:
            reason = "涉家庭暴力，不适宜调解，已先处置危险。"
        return self.do(
            Action.SKIP_MEDIATION,
            lambda a: assessing.skip_mediation(actor=a, matter_id=m.id, refused=refused, reason=reason),
            "refused" if refused else "not_fit",
            prefer=(Role.REGISTRAR,),
        )

    def _mediating(self) -> Turn | None:
        m, story = self.matter, self.fate.story
        if self.rng.random() < 0.66:
            due = (
                clock.today() + timedelta(days=self.rng.randint(2, 15)) if self.rng.random() < 0.35 else None
            )
            text = self.say(story.mediation)
            result = Result.WRITTEN if self.rng.random() < 0.7 else Result.ORAL
            return self.do(
                Action.RECORD_MEDIATION,
                lambda a: mediating.record_mediation(
                    actor=a, matter_id=m.id, result=result, text=text, performance_due=due
                ),
                "agreed",
                prefer=(Role.MEDIATOR,),
            )
        text = self.say(story.mediation_failed)
        failed = self.rng.choice((Result.REFUSED, Result.REFUSED, Result.SUED, Result.NOT_FIT))
        return self.do(
            Action.RECORD_MEDIATION,
            lambda a: mediating.record_mediation(actor=a, matter_id=m.id, result=failed, text=text),
            "failed",
            prefer=(Role.MEDIATOR,),
        )

    def _assessing(self) -> Turn | None:
        m, story = self.matter, self.fate.story
        grounds = self.say(story.risk_grounds)
        if len(grounds) < 10:
            grounds += "，已与网格员核对。"
        return self.do(
            Action.ASSESS,
            lambda a: assessing.assess(actor=a, matter_id=m.id, level=Risk(story.risk), grounds=grounds),
            prefer=(Role.DISPATCHER, Role.DIRECTOR),
        )

    def _routing(self) -> Turn | None:
        m = self.matter
        track = Track(self.fate.story.track)
        reason = f"按诉求性质和反映对象，属{track.label}事项。"
        return self.do(
            Action.ROUTE,
            lambda a: assessing.route(actor=a, matter_id=m.id, track=track, reason=reason),
            prefer=(Role.DISPATCHER,),
        )

    def _dispatching(self) -> Turn | None:
        m, fate = self.matter, self.fate
        bodies = self.bodies()
        if not bodies:
            return None
        lead = bodies[0]
        astray = {"returned_once", "returned_twice"} & fate.turns and m.reopened == 0
        if astray and (wrong := self.wrong_body()) is not None:
            lead = wrong
        others = [d for d in bodies if d.id != lead.id][:3]
        assisting = [Assisting(d.id, _responsibility(d)) for d in others[: self.rng.randint(0, 2)]]
        due = clock.today() + timedelta(days=self.rng.choice((7, 10, 15, 30)))
        return self.do(
            Action.DISPATCH,
            lambda a: dispatching.dispatch(
                actor=a,
                matter_id=m.id,
                lead=lead.id,
                lead_responsibility=_responsibility(lead),
                assisting=assisting,
                message="请依法依规核实处理，结果书面答复当事人并报中心。",
                reply_by=due,
            ),
            prefer=(Role.DISPATCHER, Role.DIRECTOR),
        )

    def bodies(self) -> list[Department]:
        """Those who are competent for the matter and may be given it, the competent one first."""
        kinds = (*self.fate.story.departments, "territory")
        found = [self.cast.department(kind, self.fate.division) for kind in kinds]
        return [d for d in dict.fromkeys(found) if d is not None and self.may_be_given(d)]

    def may_be_given(self, body: Department) -> bool:
        return not body.is_independent and body.id != self.matter.against_department_id

    def wrong_body(self) -> Department | None:
        """The body to which this matter goes first though it is not competent."""
        right = {d.id for d in self.bodies()}
        kinds = (self.fate.story.wrong_department, *ASTRAY)
        found = [d for kind in kinds if kind and (d := self.cast.department(kind, self.fate.division))]
        return next((d for d in found if d.id not in right and self.may_be_given(d)), None)

    def _handling(self) -> Turn | None:
        for assignment in self.case.assignments:
            turn = handling.turn_of(self, assignment)
            if turn is not None:
                return turn
        live = self.case.assignments
        disposed = any(a.part == Part.LEAD and a.state == AssignmentState.DISPOSED for a in live)
        waiting = any(
            a.part == Part.ASSIST and a.state in (AssignmentState.ISSUED, AssignmentState.WORKING)
            for a in live
        )
        if not disposed or waiting:
            return None
        m = self.matter
        return self.do(
            Action.SETTLE,
            lambda a: dispatching.settle(actor=a, matter_id=m.id),
            prefer=(Role.DISPATCHER, Role.DIRECTOR),
        )

    def _settled(self) -> Turn | None:
        return closing.settled(self)

    def _visited(self) -> Turn | None:
        return closing.visited(self)

    def _evaluated(self) -> Turn | None:
        return closing.close(self)

    def _closed(self) -> Turn | None:
        return closing.archive(self)


def _responsibility(body: Department) -> Responsibility:
    if body.kind == "territory":
        return Responsibility.TERRITORY
    return Responsibility.POLITICAL_LEGAL if body.kind in ("police", "justice") else Responsibility.INDUSTRY


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.SHANGHAI).date()
