"""From the centre to the court: enforcement of what was confirmed, and a suit where nothing was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.enums import OWED, AgreementState
from fengqiao.agreements.models import Agreement, Term
from fengqiao.agreements.queries.agreements import current_terms, parties_to_sign
from fengqiao.clocks.enums import FactKind
from fengqiao.confirmation.domain.returning import send_to_court
from fengqiao.confirmation.domain.writing import Happened, check_day, written
from fengqiao.confirmation.enums import RUNNING, CaseKind, CaseState, CourtAction, CourtLevel
from fengqiao.confirmation.limits import ENFORCE, last_days
from fengqiao.confirmation.models import CourtCase
from fengqiao.confirmation.policies import check_may_write
from fengqiao.confirmation.queries.findings import agreed_in
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.mediation.models import Mediation


def enforce(
    *,
    actor: Actor,
    case_id: UUID,
    court: str,
    level: CourtLevel,
    on: date,
    applicants: Sequence[UUID],
    text: str = "",
    version: int | None = None,
) -> CourtCase:
    """申请强制执行: a creditor of something overdue applies by the ruling of confirmation ``case_id`` (第206条).

    Refused: ``not_confirmed``, ``nothing_overdue``, ``case_runs``; beside ``applicants`` who is owed nothing overdue.
    A late one is written down and marked: whether time has run out is said by the court, where the debtor objects.
    """
    known = CourtCase.objects.filter(pk=case_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("court_case_not_found", _("没有这个法院案件，或您看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    check_may_write(actor, matter)
    confirmed = CourtCase.objects.select_related("agreement").get(pk=case_id)
    if confirmed.state != CaseState.CONFIRMED:
        raise Refusal("not_confirmed", _("法院还没有裁定协议有效。"))
    check_day(on, earliest=confirmed.ended_on)
    overdue = current_terms(agreed_in(confirmed)).filter(state__in=OWED, due__lt=on)
    creditors: set[UUID | None] = set(overdue.values_list("creditor_id", flat=True))
    if not creditors:
        raise Refusal("nothing_overdue", _("没有到期未履行的约定。"))
    if not applicants or not set(applicants) <= creditors | _others_than_debtors(matter, overdue, creditors):
        raise Invalid({"applicants": _("申请执行的要是到期约定的权利人。")})
    _none_runs(CourtCase.objects.filter(agreement=confirmed.agreement, kind=CaseKind.ENFORCEMENT))
    until = last_days(matter.pk).get(ENFORCE)
    case = _begun(actor, matter, CaseKind.ENFORCEMENT, court, level, on, applicants)
    case.agreement, case.confirmed = confirmed.agreement, confirmed
    case.late = until is not None and on > until
    case.save(force_insert=True)
    facts = (FactKind.ENFORCEMENT_APPLIED,)
    happened = Happened(CourtAction.ENFORCE, on, allowed("text", text), facts=facts)
    return written(actor, matter, case, happened, late=case.late)


def sue(
    *,
    actor: Actor,
    matter_id: UUID,
    court: str,
    level: CourtLevel,
    on: date,
    applicants: Sequence[UUID],
    text: str = "",
    version: int | None = None,
) -> CourtCase:
    """起诉: where mediation failed (人民调解法 第26条), or over an agreement (第32条). The suit is a running procedure
    of the matter from then on. Refused: ``not_mediated``, ``mediating``, ``case_runs``."""
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    check_may_write(actor, matter)
    if matter.state == State.MEDIATING:
        raise Refusal("mediating", _("调解还没有结束：请先记录调解结果。"))
    ended = Mediation.objects.filter(matter_id=matter.pk, ended_at__isnull=False).last()
    if ended is None:
        raise Refusal("not_mediated", _("没有调解过：直接到法院的，请用“导入法定程序”。"))
    check_day(on)
    everybody = {party.pk for party in parties_to_sign(matter.pk)}
    if not applicants or not set(applicants) < everybody:
        raise Invalid({"applicants": _("请选择谁起诉，另一方是被告。")})
    _none_runs(CourtCase.objects.filter(matter_id=matter.pk, kind=CaseKind.LAWSUIT))
    case = _begun(actor, matter, CaseKind.LAWSUIT, court, level, on, applicants)
    effective = Agreement.objects.filter(mediation=ended, state=AgreementState.EFFECTIVE)
    case.agreement = effective.first()
    case.save(force_insert=True)
    case = written(actor, matter, case, Happened(CourtAction.SUE, on, allowed("text", text)))
    send_to_court(matter, case)
    return case


def _begun(
    actor: Actor,
    matter: Matter,
    kind: CaseKind,
    court: str,
    level: CourtLevel,
    on: date,
    applicants: Sequence[UUID],
) -> CourtCase:
    return CourtCase(
        **of(matter),
        kind=kind,
        state=CaseState.FILED,
        court=needed("court", court, _("请写明法院全称。"), shortest=4)[:100],
        level=CourtLevel(level),
        applicants=sorted(str(each) for each in set(applicants)),
        begun_at=clock.now(),
        begun_by_id=actor.person_id,
        filed_on=on,
    )


def _others_than_debtors(matter: Matter, overdue: QuerySet[Term], creditors: set[UUID | None]) -> set[UUID]:
    """A deed may name no creditor: then whoever does not owe it may apply."""
    if None not in creditors:
        return set()
    debtors = set(overdue.values_list("debtor_id", flat=True))
    return {party.pk for party in parties_to_sign(matter.pk)} - debtors


def _none_runs(cases: QuerySet[CourtCase]) -> None:
    if cases.filter(state__in=RUNNING).exists():
        raise Refusal("case_runs", _("已经有一个在进行的案件。"))
