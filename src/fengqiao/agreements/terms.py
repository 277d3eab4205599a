"""Terms as somebody wrote them, and what they lack: a sentence beside each field."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.agreements.enums import TermKind
from fengqiao.kernel.errors import Invalid

MOST = 50
LONGEST = 1_000
LARGEST = Decimal("99999999999999.99")


@dataclass(frozen=True)
class NewTerm:
    """Who (``debtor``, a party's id) owes what to whom, how much (yuan), by when and how."""

    kind: TermKind
    debtor: UUID
    what: str = ""
    creditor: UUID | None = None
    amount: Decimal | None = None
    due: date | None = None
    how: str = ""


def check(terms: Sequence[NewTerm], parties: Collection[UUID], *, earliest: date) -> None:
    """Raises ``Invalid`` with keys like ``terms.0.amount`` for each thing that is missing or cannot be.

    A payment needs amount, creditor and day, a deed its words and day; what is due before ``earliest``, the day of
    the agreement, cannot be promised.
    """
    if not terms:
        raise Invalid({"terms": _("请写明协议的内容，至少一项。")})
    if len(terms) > MOST:
        raise Invalid({"terms": _("最多 50 项。")})
    errors: dict[str, Any] = {}
    for place, term in enumerate(terms):
        for name, sentence in _wrong(term, parties, earliest).items():
            errors[f"terms.{place}.{name}"] = sentence
    if errors:
        raise Invalid(errors, code="terms_incomplete")


def _wrong(term: NewTerm, parties: Collection[UUID], earliest: date) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    if term.debtor not in parties:
        wrong["debtor"] = _("请选择由哪一位当事人来做。")
    if term.creditor is not None and term.creditor not in parties:
        wrong["creditor"] = _("请选择给哪一位当事人。")
    elif term.creditor == term.debtor:
        wrong["creditor"] = _("不能给自己。")
    if term.kind == TermKind.PAY:
        wrong |= _wrong_payment(term)
    elif term.amount is not None:
        wrong["amount"] = _("只有付钱的一项写金额。")
    if term.kind != TermKind.PAY and len(term.what.strip()) < 2:
        wrong["what"] = _("请写明做什么。")
    if len(term.what) > LONGEST:
        wrong["what"] = _("一项最多 1,000 字。")
    if len(term.how) > 200:
        wrong["how"] = _("最多 200 字。")
    if term.kind != TermKind.REFRAIN and term.due is None:
        wrong["due"] = _("请写明到哪一天。")
    if term.due is not None and term.due < earliest:
        wrong["due"] = _("不能早于达成协议的那一天。")
    return wrong


def _wrong_payment(term: NewTerm) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    if term.amount is None:
        wrong["amount"] = _("请写明多少钱。")
    elif term.amount <= 0:
        wrong["amount"] = _("金额要大于零。")
    elif term.amount > LARGEST or term.amount != term.amount.quantize(Decimal("0.01")):
        wrong["amount"] = _("金额写到分为止。")
    if term.creditor is None:
        wrong["creditor"] = _("请写明付给谁。")
    return wrong
