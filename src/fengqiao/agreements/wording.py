"""Terms as sentences of the paper, in Chinese: papers are written in the language of the law."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from fengqiao.agreements.enums import TermKind
from fengqiao.agreements.models import Term

ANONYMOUS = "（匿名）"


def term_in_words(term: Term) -> str:
    """One term as it stands on the paper: "甲于2026年3月1日前付给乙5,000元，转账"."""
    debtor, creditor = term.debtor.name or ANONYMOUS, term.creditor.name or ANONYMOUS if term.creditor else ""
    until = f"于{_day(term.due)}前" if term.due else ""
    if term.kind == TermKind.PAY:
        said = f"{debtor}{until}付给{creditor}{_yuan(term.amount)}"
        if term.what:
            said += f"（{term.what}）"
    else:
        said = f"{debtor}{until}{f'向{creditor}' if creditor else ''}：{term.what}"
    return f"{said}，{term.how}" if term.how else said


def terms_in_words(terms: Iterable[Term]) -> str:
    """All of them, numbered, a line each."""
    return "\n".join(f"{n}. {term_in_words(term)}。" for n, term in enumerate(terms, 1))


def number_in_words(year: int, number: int) -> str:
    """The agreement's number as papers write it."""
    return f"（{year}）人调协字第{number}号"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _yuan(amount: Decimal | None) -> str:
    return f"人民币{amount:,.2f}元" if amount is not None else ""
