"""An application for confirmation: prepared at the centre, filed by all parties together (民事诉讼法 第205条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.models import Agreement
from fengqiao.agreements.queries.agreements import parties_to_sign
from fengqiao.clocks.enums import FactKind
from fengqiao.confirmation.domain.writing import Happened, opened_case, written
from fengqiao.confirmation.enums import RUNNING, CaseKind, CaseState, CourtAction, CourtLevel
from fengqiao.confirmation.models import CourtCase
from fengqiao.confirmation.policies import check_may_write
from fengqiao.confirmation.queries.findings import Findings, agreed_in, findings_of
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.models import Matter, PartyContact
from fengqiao.matters.models.base import of
from fengqiao.rules.queries.confirmation import ANY, bars_on

# The answer that says that a bar does not touch this agreement.
NO = "no"


def prepare(
    *,
    actor: Actor,
    agreement_id: UUID,
    court: str,
    level: CourtLevel,
    answers: Mapping[str, str],
    ground: str = "",
    why: str = "",
    serves: Sequence[UUID] = (),
    version: int | None = None,
) -> CourtCase:
    """准备申请: which court on which ground, and the answers to what the program cannot know.

    :param ground: a row of confirmation-venues.csv; empty for a court outside of them, which needs ``why``.
    :param answers: by the bar's id "no", or how it stands; they warn, since taking the application is the court's.
    :param serves: contacts of the parties that are to stand on the paper as their addresses for service: whole, which
        each post that prepares may see (matters.policies.MAY_UNMASK).
    Refused: ``case_runs``, and what bars any application (not effective, oral, a body that can ground none).
    """
    matter, agreement, found = _agreed(actor, agreement_id, version)
    running = CourtCase.objects.filter(agreement=agreement, kind=CaseKind.CONFIRMATION)
    if running.filter(state__in=[*RUNNING, CaseState.CONFIRMED]).exists():
        raise Refusal("case_runs", _("这份协议的司法确认已经在进行，或已经确认。"))
    case = CourtCase(
        **of(matter),
        kind=CaseKind.CONFIRMATION,
        state=CaseState.PREPARED,
        agreement=agreement,
        begun_at=clock.now(),
        begun_by_id=actor.person_id,
    )
    _fill(
        case, matter, found, court=court, level=level, ground=ground, why=why, answers=answers, serves=serves
    )
    case.save(force_insert=True)
    _said(actor, matter, case, CourtAction.PREPARE)
    return case


def amend(
    *,
    actor: Actor,
    case_id: UUID,
    court: str,
    level: CourtLevel,
    answers: Mapping[str, str],
    ground: str = "",
    why: str = "",
    serves: Sequence[UUID] = (),
    version: int | None = None,
) -> CourtCase:
    """改写: another court, ground, answer or address, as long as it was not filed."""
    matter, case = opened_case(actor, case_id, CourtAction.AMEND, version)
    found = findings_of(agreed_in(case))
    _fill(
        case, matter, found, court=court, level=level, ground=ground, why=why, answers=answers, serves=serves
    )
    case.save(update_fields=["court", "level", "ground", "why", "answers", "serves"])
    _said(actor, matter, case, CourtAction.AMEND)
    return case


def drop(*, actor: Actor, case_id: UUID, on: date, text: str, version: int | None = None) -> CourtCase:
    """不再提交: the parties do not go to the court; what was prepared stays in the file."""
    text = needed("text", text, _("请写明为什么不再提交。"))
    matter, case = opened_case(actor, case_id, CourtAction.DROP, version)
    return written(actor, matter, case, Happened(CourtAction.DROP, on, text))


def file(
    *,
    actor: Actor,
    case_id: UUID,
    on: date,
    applicants: Sequence[UUID],
    text: str = "",
    version: int | None = None,
) -> CourtCase:
    """共同提交: all parties hand it in, themselves or by their agents; the thirty days stop.

    A late one is filed all the same and marked so. Refused: ``not_joint`` where a party is lacking.
    """
    matter, case = opened_case(actor, case_id, CourtAction.FILE, version)
    everybody = {party.pk for party in parties_to_sign(matter.pk)}
    if set(applicants) != everybody:
        message = _("要由各方当事人共同申请，缺一方法院不受理（民事诉讼法第205条）。")
        raise Refusal("not_joint", message, field="applicants")
    effective = agreed_in(case).effective_on
    if effective is None or on < effective:
        raise Invalid({"on": _("不能早于协议生效。")})
    case.applicants = sorted(str(each) for each in everybody)
    case.filed_on = on
    case.late = findings_of(agreed_in(case), on).is_late
    case.save(update_fields=["applicants", "filed_on", "late"])
    happened = Happened(CourtAction.FILE, on, allowed("text", text), facts=(FactKind.CONFIRMATION_APPLIED,))
    return written(actor, matter, case, happened, late=case.late)


def _agreed(actor: Actor, agreement_id: UUID, version: int | None) -> tuple[Matter, Agreement, Findings]:
    known = Agreement.objects.filter(pk=agreement_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("agreement_not_found", _("没有这份协议，或您看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    check_may_write(actor, matter)
    agreement = Agreement.objects.select_related("mediation").get(pk=agreement_id)
    found = findings_of(agreement)
    if found.bar is not None:
        sentence = _("%(text)s（%(basis)s）") % {"text": found.bar.text, "basis": found.bar.basis}
        raise Refusal(f"cannot_confirm_{found.bar.id}", sentence)
    return matter, agreement, found


def _fill(case: CourtCase, matter: Matter, found: Findings, **given: Any) -> None:
    """Court, ground, answers and addresses as they were given, once they are right."""
    case.court = needed("court", given["court"], _("请写明法院全称。"), shortest=4)[:100]
    case.level = CourtLevel(given["level"])
    case.ground, case.why = given["ground"], allowed("why", given["why"])
    _check_venue(case, found)
    asked = [each.id for each in bars_on(clock.today())]
    case.answers = {name: allowed(f"answers.{name}", given["answers"].get(name, "")) for name in asked}
    lacking = {f"answers.{name}": _("请回答。") for name, said in case.answers.items() if not said}
    if lacking:
        raise Invalid(lacking, code="unanswered")
    own = PartyContact.objects.filter(matter_id=matter.pk, pk__in=given["serves"])
    if own.count() != len(set(given["serves"])):
        raise Invalid({"serves": _("请从本事项当事人的联系方式里选择。")})
    case.serves = sorted(str(each) for each in set(given["serves"]))


def _check_venue(case: CourtCase, found: Findings) -> None:
    """A court on no open ground is kept only with a reason; a ground says of which level its court is."""
    if not case.ground:
        if len(case.why) < 4:
            sentence = _("所选法院不在法定管辖之内（民事诉讼法第205条），确需向它申请的请写明理由。")
            raise Invalid({"why": sentence}, code="outside_venue")
        return
    venue = next((each for each in found.venues if each.said.id == case.ground), None)
    if venue is None:
        raise Invalid({"ground": _("这个管辖依据不适用于本协议。")}, code="ground_not_open")
    if venue.level not in (ANY, case.level):
        raise Invalid({"level": _("法院级别和所选的管辖依据不一致。")}, code="wrong_level")


def _said(actor: Actor, matter: Matter, case: CourtCase, action: CourtAction) -> None:
    touched = [name for name, said in case.answers.items() if said != NO]
    # Which contacts go onto a paper whole is written down, as showing one is.
    more = {"ground": case.ground, "touched": touched, "contacts": case.serves}
    written(actor, matter, case, Happened(action, clock.today(), case.why), **more)
