"""Terms as the paper says them: sums twice, the last day within the time, and a sentence for each kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from fengqiao.agreements.enums import TermKind
from fengqiao.agreements.models import Term
from fengqiao.agreements.wording import in_capitals, term_in_words
from fengqiao.matters.models import Party


# The first six are the examples of 正确填写票据和结算凭证的基本规定.
@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("8000", "捌仟元整"),
        ("3200.50", "叁仟贰佰元零伍角"),
        ("10", "壹拾元整"),
        ("0.05", "伍分"),
        ("10001", "壹万零壹元整"),
        ("1000010", "壹佰万零壹拾元整"),
        ("200000000", "贰亿元整"),
        ("200003000", "贰亿零叁仟元整"),
        ("99999999999999.99", "玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("1000000000000", "壹万亿元整"),
    ],
)
def test_a_sum_in_capitals(amount, capitals):
    assert in_capitals(Decimal(amount)) == capitals


def term(kind: TermKind, what: str = "", due: date | None = date(2026, 9, 20), **more: object) -> str:
    given = {"debtor": Party(name="龚䶮"), "creditor": Party(name="岑某某"), "what": what, "due": due}
    return term_in_words(Term(kind=kind, **(given | more)))


def test_a_sentence_for_each_kind():
    day = "于2026年9月20日前（含当日）"
    assert term(TermKind.PAY, "修车费", amount=Decimal("3200.5"), how="转账") == (
        f"龚䶮{day}付给岑某某人民币3,200.50元（大写：叁仟贰佰元零伍角）（修车费），转账"
    )
    assert term(TermKind.DO, "改装檐沟。") == f"龚䶮{day}改装檐沟（向岑某某履行）"
    assert term(TermKind.DO, "改装檐沟", creditor=None) == f"龚䶮{day}改装檐沟"
    # What is promised never to be done says so, however it was written.
    for what in ("不再堵路", "堵路"):
        assert term(TermKind.REFRAIN, what, due=None) == "龚䶮不再堵路（对岑某某承诺）"
