"""Terms as sentences of the paper, in Chinese: papers are written in the language of the law."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from fengqiao.agreements.enums import AgreementState, TermKind
from fengqiao.agreements.models import Agreement, Term

ANONYMOUS = "（匿名）"
# What begins so says by itself that it will not be done.
NEGATIONS = ("不", "停止", "禁止", "勿")
DIGITS = "零壹贰叁肆伍陆柒捌玖"


def term_in_words(term: Term) -> str:
    """One term as it stands on the paper: "甲于2026年3月1日前（含当日）付给乙人民币5,000.00元（大写：伍仟元整），转账".

    The day itself belongs to the time (民法典 第1259条 leaves "前" open), and a sum stands in figures and in capitals.
    """
    debtor, creditor = term.debtor.name or ANONYMOUS, term.creditor.name or ANONYMOUS if term.creditor else ""
    until = f"于{_day(term.due)}前（含当日）" if term.due else ""
    what = term.what.strip().rstrip("。；")
    if term.kind == TermKind.PAY:
        said = f"{debtor}{until}付给{creditor}{_yuan(term.amount)}{f'（{what}）' if what else ''}"
    elif term.kind == TermKind.DO:
        said = f"{debtor}{until}{what}{f'（向{creditor}履行）' if creditor else ''}"
    else:
        never = what if what.startswith(NEGATIONS) else f"不再{what}"
        said = f"{debtor}{until}{never}{f'（对{creditor}承诺）' if creditor else ''}"
    return f"{said}，{term.how}" if term.how else said


def terms_in_words(terms: Iterable[Term]) -> str:
    """All of them, numbered, a line each."""
    return "\n".join(f"{n}. {term_in_words(term)}。" for n, term in enumerate(terms, 1))


def words_of(agreement: Agreement, terms: Iterable[Term]) -> str:
    """The terms as they are signed; of an agreement in effect the words that took effect, which no later version of
    this program says in another way."""
    if agreement.state == AgreementState.EFFECTIVE:
        return agreement.mediation.text
    return terms_in_words(terms)


def number_in_words(year: int, number: int) -> str:
    """The agreement's number as papers write it."""
    return f"（{year}）人调协字第{number}号"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _yuan(amount: Decimal | None) -> str:
    return f"人民币{amount:,.2f}元（大写：{in_capitals(amount)}）" if amount is not None else ""


def in_capitals(amount: Decimal) -> str:
    """A sum in the characters that nobody can alter, after 正确填写票据和结算凭证的基本规定 (支付结算办法 annex 1)."""
    cents = int((amount * 100).to_integral_value())
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    said = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return f"{said or '零元'}整"
    # A zero is said where the figure before the first that is left is one.
    if yuan and (yuan % 10 == 0 or not jiao):
        said += DIGITS[0]
    return said + (f"{DIGITS[jiao]}角" if jiao else "") + (f"{DIGITS[fen]}分" if fen else "")


def _whole(number: int) -> str:
    """A whole number: so many 亿, so many 万, and the rest; a zero is said where a part begins with one."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            rest = number % size
            zero = DIGITS[0] if 0 < rest < size // 10 else ""
            return f"{_whole(number // size)}{unit}{zero}{_whole(rest)}"
    return _group(number)


def _group(number: int) -> str:
    said, gap = "", False
    for value, unit in ((1_000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        figure = number // value % 10
        if figure == 0:
            gap = bool(said)
            continue
        said += f"{DIGITS[0] if gap else ''}{DIGITS[figure]}{unit}"
        gap = False
    return said
