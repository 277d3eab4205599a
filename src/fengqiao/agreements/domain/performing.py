"""After the agreement: what was performed, and the ladder where it was not (reminder, visit, the ways that the law
leaves). The organisation sees to it that an agreement is performed (人民调解法 第31条第2款)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.enums import (
    OWED,
    AgreementAction,
    AgreementState,
    NoteKind,
    TermKind,
    TermState,
)
from fengqiao.agreements.models import Agreement, Term, TermNote
from fengqiao.agreements.policies import check_may_keep
from fengqiao.agreements.queries.agreements import current_terms
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.settling import record_performance
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Action, Performance, State, WordKind
from fengqiao.matters.models import Matter, MatterFile
from fengqiao.matters.models.base import of
from fengqiao.matters.steps import cell
from fengqiao.mediation.queries.process import body_of, footing_of
from fengqiao.rules.queries.agreements import Advice, advice_for

# The row of the ways that asks a court to confirm.
CONFIRMATION = "confirm"


@dataclass(frozen=True)
class Performed:
    """One term of several that were performed; ``amount`` of a payment, all that is left where it is None."""

    term_id: UUID
    amount: Decimal | None = None


def perform(
    *,
    actor: Actor,
    term_id: UUID,
    on: date,
    text: str,
    amount: Decimal | None = None,
    paper_id: UUID | None = None,
    version: int | None = None,
) -> Term:
    """记录履行: a payment or a part of it, or a deed that was done; ``text`` and ``paper_id`` (a material) show it.

    When nothing is owed any more the matter's performance is recorded too. Refused: ``nothing_owed``, and beside the
    amount what is more than is owed.
    """
    text = needed("text", text, _("请写明怎样履行的、有什么凭证。"))
    matter, term = _owed(actor, term_id, on, version)
    if term.kind == TermKind.PAY and amount is None:
        raise Invalid({"amount": _("请写明付了多少。")})
    wrong = _wrong_amount(term, amount)
    if wrong:
        raise Invalid({"amount": wrong})
    _check_paper(matter, paper_id)
    _performed(actor, matter, term, on, text, amount, paper_id)
    if not current_terms(term.agreement).filter(state__in=OWED).exists():
        _all_performed(actor, matter, text)
    return term


def perform_several(
    *,
    actor: Actor,
    agreement_id: UUID,
    terms: Sequence[Performed],
    on: date,
    text: str,
    paper_id: UUID | None = None,
    version: int | None = None,
) -> Agreement:
    """记录多项履行: terms of one agreement performed on one day, shown by one proof; each keeps its own record.

    Refused whole, with a sentence for each row that cannot be (``terms.<n>``): what is not owed any more, what is no
    term of this agreement, more than is owed.
    """
    text = needed("text", text, _("请写明怎样履行的、有什么凭证。"))
    matter, agreement = _in_effect(actor, agreement_id, on, version)
    wanted = {each.term_id: each for each in terms}
    if not wanted:
        raise Invalid({"terms": _("请选择履行了哪几项。")})
    found = current_terms(agreement).select_for_update(of=("self",)).filter(pk__in=wanted)
    known = {term.pk: term for term in found}
    errors: dict[str, Any] = {}
    for place, (pk, each) in enumerate(wanted.items()):
        term = known.get(pk)
        wrong = _wrong_amount(term, each.amount) if term else _("不是这份协议的约定。")
        if term and term.state not in OWED:
            wrong = _("没有待履行的。")
        if wrong:
            at = term.place if term else place + 1
            errors[f"terms.{place}"] = _("第 %(n)d 项：%(why)s") % {"n": at, "why": wrong}
    if errors:
        raise Invalid(errors, code="rows_refused")
    _check_paper(matter, paper_id)
    for term in sorted(known.values(), key=lambda one: one.place):
        amount = wanted[term.pk].amount
        if term.kind == TermKind.PAY and amount is None:
            amount = _left(term)
        _performed(actor, matter, term, on, text, amount, paper_id)
    if not current_terms(agreement).filter(state__in=OWED).exists():
        _all_performed(actor, matter, text)
    return agreement


def _left(term: Term) -> Decimal:
    return term.amount - term.paid if term.amount is not None else Decimal(0)


def _wrong_amount(term: Term, amount: Decimal | None) -> Any:
    """A sentence for what cannot be paid of a term; None where it can."""
    if amount is None:
        return None
    if term.kind != TermKind.PAY:
        return _("只有付钱的一项写金额。")
    if amount <= 0:
        return _("请写明付了多少。")
    if amount > _left(term):
        return _("还欠 %(left)s 元，不能记得更多。") % {"left": f"{_left(term):,.2f}"}
    return None


def _check_paper(matter: Matter, paper_id: UUID | None) -> None:
    if paper_id is not None and not MatterFile.objects.filter(pk=paper_id, matter_id=matter.pk).exists():
        raise Invalid({"paper": _("本事项没有这份材料。")})


def _performed(
    actor: Actor,
    matter: Matter,
    term: Term,
    on: date,
    text: str,
    amount: Decimal | None,
    paper_id: UUID | None,
) -> None:
    if amount is not None:
        term.paid += amount
    is_done = term.kind != TermKind.PAY or term.paid == term.amount
    term.state = TermState.DONE if is_done else TermState.PART
    term.save(update_fields=["paid", "state"])
    _noted(actor, matter, term, NoteKind.PERFORMED, on, text, amount=amount, paper_id=paper_id)


def _in_effect(actor: Actor, agreement_id: UUID, on: date, version: int | None) -> tuple[Matter, Agreement]:
    """The matter, locked, and its agreement, in effect on that day."""
    known = Agreement.objects.filter(pk=agreement_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("agreement_not_found", _("没有这份协议，或您看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    check_may_keep(actor, matter)
    agreement = Agreement.objects.get(pk=agreement_id)
    if agreement.state != AgreementState.EFFECTIVE:
        raise Refusal("not_in_effect", _("这份协议没有生效。"))
    _check_day(agreement, on)
    return matter, agreement


def _check_day(agreement: Agreement, on: date) -> None:
    effective = agreement.effective_on
    if effective is None or not effective <= on <= clock.today():
        raise Invalid({"on": _("日期不能早于协议生效，也不能晚于今天。")})


def remind(*, actor: Actor, term_id: UUID, on: date, text: str, version: int | None = None) -> Term:
    """催告: the debtor was reminded of what is due or overdue; how, and what they said."""
    return _step(actor, term_id, NoteKind.REMINDED, on, text, version)


def visit(*, actor: Actor, term_id: UUID, on: date, text: str, version: int | None = None) -> Term:
    """上门: the debtor was visited; refused before a reminder."""
    return _step(actor, term_id, NoteKind.VISITED, on, text, version, after=NoteKind.REMINDED)


def advise(*, actor: Actor, term_id: UUID, on: date, text: str, version: int | None = None) -> Term:
    """告知救济途径: the creditor of an overdue term was told the ways that the law leaves, as the table says them."""
    text = needed("text", text, _("请写明告知了谁、怎样告知的。"))
    matter, term = _owed(actor, term_id, on, version)
    if not _overdue(term, on):
        raise Refusal("not_overdue", _("这一项还没有到期。"))
    ways = ways_of(term, on)
    _noted(actor, matter, term, NoteKind.ADVISED, on, text, advice=[each.id for each in ways])
    return term


def ways_of(term: Term, day: date) -> list[Advice]:
    """The ways that stand open on a day to whom this term is owed."""
    effective = term.agreement.effective_on
    if effective is None:
        return []
    ways = advice_for(category=term.matter.category, kind=term.kind, effective_on=effective, day=day)
    body = body_of(footing_of(term.agreement.mediation))
    # Of a body whose agreements no court confirms that way is not told.
    return [each for each in ways if body is None or body.confirms or each.id != CONFIRMATION]


def _step(
    actor: Actor,
    term_id: UUID,
    kind: NoteKind,
    on: date,
    text: str,
    version: int | None,
    *,
    after: NoteKind | None = None,
) -> Term:
    text = needed("text", text, _("请写明怎样进行的、对方怎么说。"))
    matter, term = _owed(actor, term_id, on, version)
    if after is not None and not term.notes.filter(kind=after).exists():
        raise Refusal("not_reminded", _("请先催告。"))
    _noted(actor, matter, term, kind, on, text)
    return term


def _owed(actor: Actor, term_id: UUID, on: date, version: int | None) -> tuple[Matter, Term]:
    """The matter and then the term, locked, as long as something is owed."""
    known = Term.objects.filter(pk=term_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("term_not_found", _("没有这一项约定，或您看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    check_may_keep(actor, matter)
    term = Term.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=term_id)
    if term.state not in OWED:
        raise Refusal("nothing_owed", _("这一项没有待履行的。"))
    _check_day(term.agreement, on)
    return matter, term


def _overdue(term: Term, day: date) -> bool:
    return term.due is not None and term.due < day


def _noted(
    actor: Actor,
    matter: Matter,
    term: Term,
    kind: NoteKind,
    on: date,
    text: str,
    *,
    amount: Decimal | None = None,
    advice: list[str] | None = None,
    paper_id: UUID | None = None,
) -> None:
    TermNote.objects.create(
        **of(matter),
        term=term,
        kind=kind,
        on=on,
        amount=amount,
        text=text,
        advice=advice or [],
        paper_id=paper_id,
        by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    parameters: dict[str, object] = {"agreement": term.agreement_id, "term": term.place, "on": on}
    if amount is not None:
        parameters["amount"] = f"{amount:.2f}"
    if advice:
        parameters["advice"] = advice
    note(
        matter,
        actor=actor,
        type=f"agreement.{_ACTIONS[kind]}",
        parameters=parameters,
        words={WordKind.SUMMARY: text},
    )


_ACTIONS: Mapping[NoteKind, AgreementAction] = {
    NoteKind.PERFORMED: AgreementAction.PERFORM,
    NoteKind.REMINDED: AgreementAction.REMIND,
    NoteKind.VISITED: AgreementAction.VISIT,
    NoteKind.ADVISED: AgreementAction.ADVISE,
}


def _all_performed(actor: Actor, matter: Matter, text: str) -> None:
    """The matter's own performance, where its state still waits for it."""
    waits = cell(State(matter.state), Action.RECORD_PERFORMANCE, "performed") is not None
    if waits and matter.performance == Performance.RUNNING:
        record_performance(actor=actor, matter_id=matter.pk, performed=True, summary=text)
