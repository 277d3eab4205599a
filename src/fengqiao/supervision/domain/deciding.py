"""Hearing the department, deciding, reporting and lifting: what follows a proposal."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.numbering import next_number
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import WordKind
from fengqiao.matters.models import Matter
from fengqiao.supervision.domain.turning import check, in_force, opened, pending, turn
from fengqiao.supervision.enums import Branch, Decision, HandedTo, Rung, SupervisionAction
from fengqiao.supervision.models import LetterNumber, Measure, Supervision
from fengqiao.supervision.queries.terms import terms_of


def answer(*, actor: Actor, supervision_id: UUID, text: str, version: int | None = None) -> Measure:
    """申辩: the department says what it has to say before anything is decided against it."""
    text = needed("text", text, _("请写明申辩的事实和理由。"), shortest=4)
    matter, supervision = opened(actor=actor, supervision_id=supervision_id, version=version)
    cell = check(actor, matter, supervision, SupervisionAction.ANSWER)
    measure = pending(supervision)
    turn(actor, matter, supervision, cell, parameters=_named(measure), words={WordKind.SUMMARY: text})
    measure.answer, measure.answered_by_id, measure.answered_at = text, actor.person_id, clock.now()
    measure.save(update_fields=["answer", "answered_by", "answered_at"])
    return measure


def decide(
    *,
    actor: Actor,
    supervision_id: UUID,
    agree: bool,
    reasons: str,
    handed_to: str = "",
    version: int | None = None,
) -> Measure:
    """决定督办: the commission orders the rung, or does not; never whoever proposed it, in whatever post they act.

    Against a department that has not been heard nothing is decided before its day has passed. What is ordered gets
    its number in the county and year, and the day until which the department reports. The last rung hands the file
    over; what follows of it is the other body's to decide.
    """
    reasons = needed("reasons", reasons, _("请写明决定的依据和理由。"), shortest=4)
    matter, supervision = opened(actor=actor, supervision_id=supervision_id, version=version)
    branch = _branch(supervision, agree=agree)
    cell = check(actor, matter, supervision, SupervisionAction.DECIDE, branch)
    measure = pending(supervision)
    if measure.proposed_by_id == actor.person_id:
        raise NotAllowed("proposer_cannot_decide", _("提请的人不能自己决定，请由政法委的其他人决定。"))
    if agree and measure.answered_at is None and clock.today() <= measure.answer_by:
        raise Refusal(
            "right_of_reply",
            _("单位还可以申辩到 %(day)s，在此之前不能决定督办。") % {"day": measure.answer_by.isoformat()},
        )
    if branch == Branch.HANDED_OVER and handed_to not in HandedTo.values:
        raise Invalid({"handed_to": _("请选择移送给哪个机关。")})
    measure.decision = Decision.ORDERED if agree else Decision.DECLINED
    measure.reasons, measure.decided_by_id, measure.decided_at = reasons, actor.person_id, clock.now()
    if agree:
        _put_in_force(matter, measure, handed_to=handed_to if branch == Branch.HANDED_OVER else "")
    turn(
        actor,
        matter,
        supervision,
        cell,
        parameters={**_named(measure), "number": measure.number, "report_by": measure.report_by},
        words={WordKind.REASON: reasons},
        rung=measure.rung if agree else None,
    )
    measure.save(
        update_fields=[
            *("decision", "reasons", "decided_by", "decided_at"),
            *("year", "number", "report_by", "handed_to"),
        ]
    )
    return measure


def report(*, actor: Actor, supervision_id: UUID, text: str, version: int | None = None) -> Measure:
    """反馈整改: what the department has done since the order."""
    text = needed("text", text, _("请写明整改了什么、办到哪一步。"), shortest=4)
    matter, supervision = opened(actor=actor, supervision_id=supervision_id, version=version)
    cell = check(actor, matter, supervision, SupervisionAction.REPORT)
    measure = in_force(supervision)
    turn(actor, matter, supervision, cell, parameters=_named(measure), words={WordKind.SUMMARY: text})
    measure.report, measure.reported_by_id, measure.reported_at = text, actor.person_id, clock.now()
    measure.save(update_fields=["report", "reported_by", "reported_at"])
    return measure


def lift(*, actor: Actor, supervision_id: UUID, reasons: str, version: int | None = None) -> Supervision:
    """解除督办: the commission finds that what was asked for has been done."""
    reasons = needed("reasons", reasons, _("请写明为什么解除督办。"), shortest=4)
    matter, supervision = opened(actor=actor, supervision_id=supervision_id, version=version)
    cell = check(actor, matter, supervision, SupervisionAction.LIFT)
    turn(
        actor,
        matter,
        supervision,
        cell,
        parameters={"rung": supervision.rung},
        words={WordKind.REASON: reasons},
    )
    return supervision


def record_outcome(*, actor: Actor, supervision_id: UUID, text: str, version: int | None = None) -> Measure:
    """记录移送结果: what the body to which the file was handed has answered; it is written down, not judged."""
    text = needed("text", text, _("请写明对方机关的答复和文号。"), shortest=4)
    matter, supervision = opened(actor=actor, supervision_id=supervision_id, version=version)
    cell = check(actor, matter, supervision, SupervisionAction.RECORD_OUTCOME)
    measure = in_force(supervision)
    turn(actor, matter, supervision, cell, parameters=_named(measure), words={WordKind.SUMMARY: text})
    measure.outcome, measure.outcome_at = text, clock.now()
    measure.save(update_fields=["outcome", "outcome_at"])
    return measure


def _branch(supervision: Supervision, *, agree: bool) -> Branch:
    """What deciding leads to. Where nothing is to be decided the table refuses either of them."""
    rung = (
        Measure.objects.filter(supervision=supervision, decision=Decision.PENDING)
        .values_list("rung", flat=True)
        .first()
    )
    if agree:
        return Branch.HANDED_OVER if rung == Rung.HAND_OVER else Branch.ORDERED
    if not supervision.rung:
        return Branch.DECLINED
    # What the department reported before still waits to be looked at.
    before = Measure.objects.filter(supervision=supervision, decision=Decision.ORDERED)
    last = before.order_by("-decided_at").values_list("reported_at", flat=True).first()
    return Branch.KEPT_REPORTED if last is not None else Branch.KEPT


def _put_in_force(matter: Matter, measure: Measure, *, handed_to: str) -> None:
    today = clock.today()
    measure.number = next_number(LetterNumber, county=matter.county, year=today.year)
    measure.year, measure.handed_to = today.year, handed_to
    if days := terms_of(measure).report_days:
        measure.report_by = county_calendar(matter.county).nth_worked(today, days)


def _named(measure: Measure) -> dict[str, str]:
    return {"rung": measure.rung, "rule": measure.rule}
