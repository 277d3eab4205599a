"""What a court does with a case, as the parties or the court tell the centre: up to the ruling."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.enums import OWED
from fengqiao.agreements.models import Agreement
from fengqiao.agreements.queries.agreements import current_terms
from fengqiao.clocks.enums import FactKind
from fengqiao.confirmation.domain.returning import return_from_court
from fengqiao.confirmation.domain.writing import Happened, check_day, opened_case, ruling_of, written
from fengqiao.confirmation.enums import CaseKind, CaseState, CourtAction
from fengqiao.confirmation.models import CourtCase
from fengqiao.confirmation.queries.findings import agreed_in
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.rules.queries.confirmation import all_refusals


def docket(
    *, actor: Actor, case_id: UUID, on: date, number: str, text: str = "", version: int | None = None
) -> CourtCase:
    """法院立案: with the court's own number; the court's time to decide on a confirmation runs from that day."""
    number = needed("number", number, _("请填写法院的案号。"))[:80]
    matter, case = opened_case(actor, case_id, CourtAction.DOCKET, version)
    check_day(on, earliest=case.filed_on)
    facts = (FactKind.COURT_DOCKETED,) if case.kind == CaseKind.CONFIRMATION else ()
    happened = Happened(CourtAction.DOCKET, on, allowed("text", text), facts=facts)
    case = written(actor, matter, case, happened, number=number)
    case.number, case.docketed_on = number, on
    case.save(update_fields=["number", "docketed_on"])
    return_from_court(matter, case)
    return case


def ask_more(
    *,
    actor: Actor,
    case_id: UUID,
    on: date,
    text: str,
    until: date | None = None,
    version: int | None = None,
) -> CourtCase:
    """法院要求补充: what the court asks the parties for, and by when; who does not bring it is taken to withdraw."""
    text = needed("text", text, _("请写明法院要求补充什么。"))
    _not_before(until, on)
    matter, case = opened_case(actor, case_id, CourtAction.ASK_MORE, version)
    return written(actor, matter, case, Happened(CourtAction.ASK_MORE, on, text, until))


def supply(*, actor: Actor, case_id: UUID, on: date, text: str, version: int | None = None) -> CourtCase:
    """已补充: what the parties brought; the case goes on where it stood."""
    text = needed("text", text, _("请写明补充了什么。"))
    matter, case = opened_case(actor, case_id, CourtAction.SUPPLY, version)
    case.state = CaseState.DOCKETED if case.docketed_on else CaseState.FILED
    case.save(update_fields=["state"])
    return written(actor, matter, case, Happened(CourtAction.SUPPLY, on, text))


def hear(
    *, actor: Actor, case_id: UUID, on: date, until: date, text: str = "", version: int | None = None
) -> CourtCase:
    """开庭或者询问: the day (``until``) on which the court hears the parties, as it told them on ``on``."""
    _not_before(until, on)
    matter, case = opened_case(actor, case_id, CourtAction.HEAR, version)
    return written(actor, matter, case, Happened(CourtAction.HEAR, on, allowed("text", text), until))


def withdraw(*, actor: Actor, case_id: UUID, on: date, text: str, version: int | None = None) -> CourtCase:
    """撤回: by the parties, or taken as withdrawn by the court."""
    text = needed("text", text, _("请写明由谁撤回、为什么。"))
    return _end(actor, case_id, CourtAction.WITHDRAW, on, text, None, version)


def confirm(
    *,
    actor: Actor,
    case_id: UUID,
    on: date,
    text: str = "",
    ruling: UUID | None = None,
    version: int | None = None,
) -> CourtCase:
    """裁定有效: the agreement can be enforced (第206条). The two years count from the last day that it names for
    anything still owed, without such a day from the ruling (第250条)."""
    return _end(actor, case_id, CourtAction.CONFIRM, on, allowed("text", text), ruling, version)


def refuse(
    *,
    actor: Actor,
    case_id: UUID,
    on: date,
    text: str,
    reason: str = "other",
    ruling: UUID | None = None,
    version: int | None = None,
) -> CourtCase:
    """不予受理或者驳回: with the court's ground, for a confirmation a row of the table (a late one among them)."""
    text = needed("text", text, _("请写明法院的理由。"))
    if reason not in all_refusals():
        raise Invalid({"reason": _("请选择法院的理由。")})
    return _end(actor, case_id, CourtAction.REFUSE, on, text, ruling, version, reason=reason)


def judge(
    *,
    actor: Actor,
    case_id: UUID,
    on: date,
    text: str,
    ruling: UUID | None = None,
    version: int | None = None,
) -> CourtCase:
    """判决: what the court decided."""
    text = needed("text", text, _("请写明判决的主要内容。"))
    return _end(actor, case_id, CourtAction.JUDGE, on, text, ruling, version)


def settle(
    *,
    actor: Actor,
    case_id: UUID,
    on: date,
    text: str,
    ruling: UUID | None = None,
    version: int | None = None,
) -> CourtCase:
    """法院调解: what the parties agreed before the court."""
    text = needed("text", text, _("请写明调解书的主要内容。"))
    return _end(actor, case_id, CourtAction.SETTLE, on, text, ruling, version)


def fulfil(*, actor: Actor, case_id: UUID, on: date, text: str, version: int | None = None) -> CourtCase:
    """执行完毕: what the court brought in. That a term was performed is written down at the term."""
    text = needed("text", text, _("请写明执行到什么。"))
    return _end(actor, case_id, CourtAction.FULFIL, on, text, None, version)


def end_enforcing(
    *, actor: Actor, case_id: UUID, on: date, text: str, version: int | None = None
) -> CourtCase:
    """终结本次执行: nothing was found to enforce in; the creditor can apply anew."""
    text = needed("text", text, _("请写明法院的理由。"))
    return _end(actor, case_id, CourtAction.END_ENFORCING, on, text, None, version)


def _end(
    actor: Actor,
    case_id: UUID,
    action: CourtAction,
    on: date,
    text: str,
    ruling: UUID | None,
    version: int | None,
    *,
    reason: str = "",
) -> CourtCase:
    matter, case = opened_case(actor, case_id, action, version)
    case.ruling, case.result, case.reason = ruling_of(matter, ruling), text, reason
    facts = (FactKind.COURT_DECIDED,) if case.kind == CaseKind.CONFIRMATION else ()
    due = enforceable_from(agreed_in(case), on) if action == CourtAction.CONFIRM else None
    more = {"reason": reason} if reason else {}
    case = written(actor, matter, case, Happened(action, on, text, facts=facts, performance_due=due), **more)
    case.save(update_fields=["ruling", "result", "reason"])
    return_from_court(matter, case)
    return case


def enforceable_from(agreement: Agreement, ruled_on: date) -> date | None:
    """民事诉讼法 第250条第2款: the last day of the last instalment, without one the day of the ruling; None where
    nothing is owed any more."""
    owed = current_terms(agreement).filter(state__in=OWED)
    if not owed.exists():
        return None
    last = owed.aggregate(last=Max("due"))["last"]
    return last or ruled_on


def _not_before(until: date | None, on: date) -> None:
    if until is not None and until < on:
        raise Invalid({"until": _("不能早于记录的日期。")})
