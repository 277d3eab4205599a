"""What parties of the played county bring to a court: joint applications and their rulings, enforcement, suits.

A matter's number decides how it goes (``way_of``); what was written down of its cases says what comes next, so that a
play which was stopped goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.agreements.enums import OWED, AgreementState
from fengqiao.agreements.models import Agreement, Term
from fengqiao.agreements.queries.agreements import current_terms, parties_to_sign
from fengqiao.confirmation.domain import preparing, suing, tracking
from fengqiao.confirmation.enums import RUNNING, CaseKind, CaseState, CourtAction, CourtLevel
from fengqiao.confirmation.models import CourtCase
from fengqiao.confirmation.queries.cases import Shown, cases_of
from fengqiao.confirmation.queries.findings import findings_of
from fengqiao.kernel import clock
from fengqiao.matters.enums import Outcome, PartyRole, State
from fengqiao.matters.models import Matter, PartyContact
from fengqiao.mediation.enums import Result
from fengqiao.mediation.models import Mediation
from fengqiao.rules.queries.confirmation import bars_on
from fengqiao.simulate import agreeing, referring
from fengqiao.simulate.days import SATURDAY
from fengqiao.simulate.turns import Turn

if TYPE_CHECKING:
    from fengqiao.simulate.fates import Fate
    from fengqiao.simulate.playing import Play

COURT = "恩平市人民法院"
NUMBERS = {CaseKind.CONFIRMATION: "民特", CaseKind.ENFORCEMENT: "执", CaseKind.LAWSUIT: "民初"}
# Of a thousand mediations so many are confirmed by a court where they end well, and end in a suit where they do not.
TO_COURT, TO_SUE = 150, 120
WAYS = (
    *("confirmed",) * 6,
    *("enforced",) * 3,
    *("asked", "asked", "withdrawn", "withdrawn", "refused", "refused", "late", "unenforced", "dropped"),
)
ENFORCING = ("enforced", "unenforced")
# With an end that is nearer, what is not paid comes to enforcement while the county is played.
DUE = {"enforced": (20, 26), "unenforced": (20, 26)}
OTHERWISE = (50, 75)


def way_of(fate: Fate) -> str:
    """How an agreement of this matter fares at court; empty for most, which are never brought there."""
    rng = fate.rng("court")
    # What a court entrusts goes back to it, and is decided there.
    confirms = fate.path == "mediated" and referring.kind_of(fate) in ("", "court_assigned")
    return rng.choice(WAYS) if confirms and rng.randrange(1000) < TO_COURT else ""


def sues(fate: Fate) -> bool:
    """Whether the parties go to law where they agree on nothing."""
    return fate.path == "mediated" and fate.rng("suit").randrange(1000) < TO_SUE


def due_of(fate: Fate) -> date:
    """The last day of what is promised in an agreement that goes to court."""
    shortest, longest = DUE.get(way_of(fate), OTHERWISE)
    return clock.today() + timedelta(days=fate.rng("due").randint(shortest, longest))


def at_law(matter: Matter) -> bool:
    """Whether the parties have gone to law; asked in the running scope."""
    return CourtCase.objects.filter(matter_id=matter.pk, kind=CaseKind.LAWSUIT).exists()


@dataclass(frozen=True)
class Step:
    """What comes next in a case, and how many days after what came before it."""

    action: CourtAction
    after: int
    act: Callable[[Actor], object]


@dataclass(frozen=True)
class Stand:
    """Where a matter stands: ``since`` the last that happened; without a step it waits for something else."""

    since: date
    step: Step | None = None


def next_step(play: Play) -> tuple[Turn | None, bool]:
    """Whose turn it is at the court today, and whether everything else waits for it."""
    stand = _stand(play)
    if stand is None or stand.step is None:
        return None, stand is not None
    step = stand.step
    days = step.after + play.fate.rng(f"court {step.action}{play.matter.reopened}").randint(0, 2)
    if clock.today() < stand.since + timedelta(days=days) or clock.today().weekday() >= SATURDAY:
        return None, True
    actor = play.someone([Role.MEDIATOR, Role.REGISTRAR, Role.DIRECTOR])
    return (Turn(actor, f"court.{step.action}", step.act) if actor else None), True


def _stand(play: Play) -> Stand | None:
    """None for a matter with which no court has to do, or has to do any more."""
    m, fate, state = play.matter, play.fate, play.case.state
    agreed = state == State.SETTLED and m.outcome == Outcome.WRITTEN_AGREEMENT and way_of(fate)
    redirected = state == State.SETTLED and m.outcome == Outcome.REDIRECTED
    suit = (redirected or state in (State.ASSESSING, State.ROUTING)) and sues(fate)
    if not (agreed or suit) or play.case.readers is not None:
        return None
    with play.seen():
        last = Mediation.objects.filter(matter_id=m.pk).last()
        if last is None or last.ended_at is None:
            return None
        cases = [each for each in cases_of(m) if each.case.begun_at >= last.ended_at]
        if suit:
            return _of_a_suit(play, last, cases) if last.result == Result.SUED else None
        agreement = Agreement.objects.filter(mediation=last, state=AgreementState.EFFECTIVE).first()
        return _of_an_agreement(play, agreement, cases) if agreement else None


def _by(verb: Callable[..., object], **values: Any) -> Callable[[Actor], object]:
    return lambda actor: verb(actor=actor, **values)


# --- confirmation ---------------------------------------------------------------------------------------------
def _of_an_agreement(play: Play, agreement: Agreement, cases: list[Shown]) -> Stand | None:
    way, effective = way_of(play.fate), agreement.effective_on or clock.today()
    if not cases:
        prepare = Step(CourtAction.PREPARE, 1, _by(_prepare, agreement=agreement))
        if way != "late":
            return Stand(effective, prepare)
        # They had thought that there was time.
        until = findings_of(agreement).until
        return Stand(effective, prepare if until and clock.today() > until else None)
    last = cases[-1]
    if last.case.kind == CaseKind.ENFORCEMENT:
        return _of_enforcement(play, last)
    if last.case.state == CaseState.CONFIRMED and way in ENFORCING:
        return _overdue(play, agreement, last.case)
    if last.case.state not in RUNNING:
        return None
    return Stand(last.notes[-1].on, _of_confirmation(play, way, last))


def _of_confirmation(play: Play, way: str, shown: Shown) -> Step:
    case: dict[str, Any] = {"case_id": shown.case.pk, "on": clock.today()}
    words: dict[str, Any]
    asked = any(each.action == CourtAction.ASK_MORE for each in shown.notes)
    if shown.case.state == CaseState.PREPARED:
        if way == "dropped":
            words = {"text": "双方商量后决定先自行履行，暂不申请。"}
            return Step(CourtAction.DROP, 2, _by(preparing.drop, **case, **words))
        parties = {"applicants": [each.pk for each in parties_to_sign(play.matter.pk)]}
        return Step(CourtAction.FILE, 0, _by(preparing.file, **case, **parties))
    if shown.case.state == CaseState.ASKED:
        words = {"text": "已补交双方身份证明和送达地址确认书。"}
        return Step(CourtAction.SUPPLY, 1, _by(tracking.supply, **case, **words))
    if shown.case.state == CaseState.FILED:
        if way == "late":
            words = {"text": "协议生效超过三十日才申请，不予受理。", "reason": "late"}
            return Step(CourtAction.REFUSE, 3, _by(tracking.refuse, **case, **words))
        if way == "withdrawn":
            words = {"text": "对方已提前付清，双方一起撤回申请。"}
            return Step(CourtAction.WITHDRAW, 2, _by(tracking.withdraw, **case, **words))
        if way == "asked" and not asked:
            words = {"text": "请补充身份证明和送达地址确认书。", "until": clock.today() + timedelta(days=7)}
            return Step(CourtAction.ASK_MORE, 1, _by(tracking.ask_more, **case, **words))
        return _docketed(play, shown)
    if way == "refused":
        words = {"text": "付款的期限和方式写得不明确，裁定驳回申请。", "reason": "unclear"}
        return Step(CourtAction.REFUSE, 4, _by(tracking.refuse, **case, **words))
    return Step(CourtAction.CONFIRM, 4, _by(tracking.confirm, **case))


def _prepare(actor: Actor, agreement: Agreement) -> CourtCase:
    """The court of the place where the organisation is; one that was invited goes to the court that invited it."""
    invited = all(each.invited for each in findings_of(agreement).venues)
    return preparing.prepare(
        actor=actor,
        agreement_id=agreement.pk,
        court=COURT,
        level=CourtLevel.BASIC,
        ground="inviting" if invited else "organisation",
        answers={each.id: preparing.NO for each in bars_on(clock.today())},
        serves=list(PartyContact.objects.filter(matter_id=agreement.matter_id).values_list("pk", flat=True)),
    )


def _docketed(play: Play, shown: Shown) -> Step:
    word = NUMBERS[CaseKind(shown.case.kind)]
    number = f"（{clock.today().year}）粤0785{word}{play.fate.rng(word).randint(100, 3000)}号"
    act = _by(tracking.docket, case_id=shown.case.pk, on=clock.today(), number=number)
    return Step(CourtAction.DOCKET, 2, act)


# --- enforcement ----------------------------------------------------------------------------------------------
def _overdue(play: Play, agreement: Agreement, confirmed: CourtCase) -> Stand:
    """Confirmed, and nothing came: the creditor goes to the court again."""
    due = play.matter.performance_due or clock.today()
    term = current_terms(agreement).exclude(creditor=None).first()
    if term is None or term.creditor_id is None:
        return Stand(due)
    act = _by(
        suing.enforce,
        case_id=confirmed.pk,
        court=COURT,
        level=CourtLevel.BASIC,
        on=clock.today(),
        applicants=[term.creditor_id],
        text="到期没有付款，催告后仍未付。",
    )
    return Stand(max(due, confirmed.ended_on or due), Step(CourtAction.ENFORCE, 2, act))


def _of_enforcement(play: Play, shown: Shown) -> Stand | None:
    case: dict[str, Any] = {"case_id": shown.case.pk, "on": clock.today()}
    if shown.case.state not in RUNNING:
        # What was not brought in stays owed; the creditor may come again.
        return Stand(clock.today()) if shown.case.state == CaseState.UNENFORCED else None
    if shown.case.state == CaseState.FILED:
        return Stand(shown.notes[-1].on, _docketed(play, shown))
    if way_of(play.fate) == "unenforced":
        words = {"text": "名下没有可供执行的财产，终结本次执行。"}
        step = Step(CourtAction.END_ENFORCING, 15, _by(tracking.end_enforcing, **case, **words))
    else:
        step = Step(CourtAction.FULFIL, 8, _by(_enforced, play=play, case=case))
    return Stand(shown.notes[-1].on, step)


def _enforced(actor: Actor, play: Play, case: dict[str, Any]) -> CourtCase:
    done = tracking.fulfil(actor=actor, **case, text="法院扣划存款，已全部执行到位。")
    terms = list(Term.objects.filter(matter_id=play.matter.pk, state__in=OWED))
    agreeing.perform_all(actor, terms, "法院执行到位，款项已发还。")
    return done


# --- suits ----------------------------------------------------------------------------------------------------
def _of_a_suit(play: Play, mediation: Mediation, cases: list[Shown]) -> Stand | None:
    ended = mediation.ended_at or clock.now()
    if not cases:
        petitioner = [
            each.pk for each in play.matter.parties.filter(role=PartyRole.PETITIONER, agent_of=None)
        ]
        if len(petitioner) == len(parties_to_sign(play.matter.pk)):
            return None
        values: dict[str, Any] = {
            "matter_id": play.matter.pk,
            "court": COURT,
            "level": CourtLevel.BASIC,
            "on": clock.today(),
            "applicants": petitioner,
        }
        step = Step(CourtAction.SUE, 1, _by(suing.sue, **values, text="调解不成，当事人向法院起诉。"))
        return Stand(ended.astimezone(clock.SHANGHAI).date(), step)
    shown = cases[-1]
    if shown.case.state not in RUNNING or play.case.state != State.SETTLED:
        # Once it is with the court, the centre leads the matter there too; then it waits for the judgement.
        return None
    last = shown.notes[-1]
    case: dict[str, Any] = {"case_id": shown.case.pk, "on": clock.today()}
    if shown.case.state == CaseState.FILED:
        return Stand(last.on, _docketed(play, shown))
    if last.action == CourtAction.DOCKET:
        heard = {"until": clock.today() + timedelta(days=12), "text": "传票已送达双方。"}
        return Stand(last.on, Step(CourtAction.HEAR, 2, _by(tracking.hear, **case, **heard)))
    if play.fate.rng("judged").random() < 0.5:
        words = {"text": "在法官主持下达成调解，分两期付清。"}
        step = Step(CourtAction.SETTLE, 1, _by(tracking.settle, **case, **words))
    else:
        words = {"text": "判决被告支付大部分请求，驳回其余。"}
        step = Step(CourtAction.JUDGE, 6, _by(tracking.judge, **case, **words))
    return Stand(last.until or last.on, step)
