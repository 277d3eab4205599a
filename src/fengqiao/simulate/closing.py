"""What the centre does with a matter that is settled: visit, performance, evaluation, closing, archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.matters.domain import settling
from fengqiao.matters.domain.settling import VisitReport
from fengqiao.matters.enums import Action, Outcome, Performance, Satisfaction, VisitMethod
from fengqiao.matters.guards import has_result, main_of
from fengqiao.simulate import agreeing, referring
from fengqiao.simulate.turns import Turn

if TYPE_CHECKING:
    from fengqiao.simulate.playing import Play


def settled(play: Play) -> Turn | None:
    m = play.matter
    if m.outcome in (Outcome.GUIDED, Outcome.REDIRECTED):
        if m.receipt_number:
            return close(play)
        number = f"收字{clock.today():%m%d}-{play.rng.randint(10, 99)}"
        return play.do(
            Action.RECORD_RECEIPT,
            lambda a: settling.record_receipt(actor=a, matter_id=m.id, number=number),
        )
    if m.outcome == Outcome.MERGED and (found := _merged(play)) is not True:
        return found
    if m.performance == Performance.RUNNING:
        return _perform(play)
    if m.outcome == Outcome.WITHDRAWN or m.anonymous:
        return close(play)
    if "unreachable" in play.fate.turns:
        if m.visit_attempts >= 3:
            return close(play)
        nobody = VisitReport(method=VisitMethod.PHONE, reached=False, remark="电话无人接听。")
        return _visit(play, nobody)
    if m.outcome == Outcome.DECLINED and m.remedies_told_at is None:
        return _tell_remedies(play)
    satisfaction = play.rng.choice((Satisfaction.SATISFIED, Satisfaction.SATISFIED, Satisfaction.BASIC))
    if "dissatisfied" in play.fate.turns or m.outcome == Outcome.DECLINED:
        satisfaction = Satisfaction.DISSATISFIED
    report = VisitReport(
        method=play.rng.choice(list(VisitMethod)),
        reached=True,
        satisfaction=satisfaction,
        hidden_trouble="双方见面仍不说话，请网格员留意。" if play.rng.random() < 0.08 else "",
        remark=play.say(play.fate.story.visit),
    )
    return _visit(play, report)


def _merged(play: Play) -> Turn | None | Literal[True]:
    """Whoever brought a merged matter is told its main matter's result, once there is one; True when there is."""
    m = play.matter
    with play.seen():
        main = main_of(m)
        if has_result(main):
            return True
    if main is None or main.outcome != Outcome.WITHDRAWN:
        return None
    reason = "主事项已经撤回，这一件单独办理。"
    return play.do(Action.REOPEN, lambda a: settling.reopen(actor=a, matter_id=m.id, reason=reason))


def _visit(play: Play, report: VisitReport) -> Turn | None:
    m = play.matter
    # Neither of them writes a result or mediates: nobody visits after their own work.
    actor = play.someone([Role.REGISTRAR, Role.PETITION_INSPECTOR])
    if actor is None:
        return None
    return Turn(
        actor,
        f"matter.{Action.RETURN_VISIT}",
        lambda a: settling.return_visit(actor=a, matter_id=m.id, report=report),
    )


def _perform(play: Play) -> Turn | None:
    m = play.matter
    if m.performance_due and clock.today() < m.performance_due:
        return None
    default = "default" in play.fate.turns and m.reopened == 0
    summary = "到期未付，电话不接。" if default else "已当面付清，收条一份存卷。"
    terms = agreeing.owed(play)
    if terms and default and clock.today() == m.performance_due:
        return None
    if terms:
        return play.do(
            Action.RECORD_PERFORMANCE,
            lambda a: (
                agreeing.default(a, m, terms, summary) if default else agreeing.perform_all(a, terms, summary)
            ),
            "defaulted" if default else "performed",
        )
    return play.do(
        Action.RECORD_PERFORMANCE,
        lambda a: settling.record_performance(
            actor=a, matter_id=m.id, performed=not default, summary=summary
        ),
        "defaulted" if default else "performed",
    )


def _tell_remedies(play: Play) -> Turn | None:
    m = play.matter
    text = "已书面告知：不服的，可在三十日内请求复查，也可依法申请复议或起诉。"
    return play.do(Action.TELL_REMEDIES, lambda a: settling.tell_remedies(actor=a, matter_id=m.id, text=text))


def visited(play: Play) -> Turn | None:
    m = play.matter
    if "reopened" in play.fate.turns and m.reopened == 0:
        reason = "回访时当事人说约定没有做到位，问题又出现，按原编号重新办理。"
        return play.do(Action.REOPEN, lambda a: settling.reopen(actor=a, matter_id=m.id, reason=reason))
    if m.satisfaction == Satisfaction.DISSATISFIED and m.remedies_told_at is None:
        return _tell_remedies(play)
    return play.do(
        Action.EVALUATE,
        lambda a: settling.evaluate(actor=a, matter_id=m.id, lawful=True, complete=True),
        prefer=(Role.DISPATCHER, Role.DIRECTOR),
    )


def close(play: Play) -> Turn | None:
    m = play.matter
    if m.turned_criminal_at and not m.criminal_reviewed_at:
        return None
    return play.do(
        Action.CLOSE,
        lambda a: settling.close(actor=a, matter_id=m.id),
        prefer=(Role.DIRECTOR, Role.EXECUTIVE_DEPUTY),
    )


def archive(play: Play) -> Turn | None:
    m = play.matter

    def act(actor: Actor) -> object:
        referring.call_back_open(actor, m)
        return settling.archive(actor=actor, matter_id=m.id)

    return play.do(Action.ARCHIVE, act, prefer=(Role.DISPATCHER,))
