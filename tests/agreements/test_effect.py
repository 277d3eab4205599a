"""When an agreement takes effect: worked by hand from 人民调解法 第29条第2款 and 第30条."""

from __future__ import annotations

from datetime import date

import pytest

from fengqiao.agreements.effect import Marked, effective_on, still_needed
from fengqiao.agreements.enums import Mark, Signer

BOTH = ("申请人", "对方")
MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)
MEDIATOR = Marked(Signer.MEDIATOR, Mark.SIGNATURE, TUESDAY)
SEAL = Marked(Signer.ORGANISATION, Mark.SEAL, TUESDAY)


def party(who: str, on: date = MONDAY, mark: Mark = Mark.SIGNATURE) -> Marked:
    return Marked(Signer.PARTY, mark, on, who)


CASES = {
    "第29条第2款：各方签名、调解员签名、调委会盖章，最后一个是周二的": (
        (party("申请人"), party("对方"), MEDIATOR, SEAL),
        TUESDAY,
    ),
    "第29条第2款：一方按指印、一方盖章也可以": (
        (party("申请人", mark=Mark.FINGERPRINT), party("对方", mark=Mark.SEAL), MEDIATOR, SEAL),
        TUESDAY,
    ),
    "第29条第2款：对方周五才签，周五生效": (
        (party("申请人"), party("对方", FRIDAY), MEDIATOR, SEAL),
        FRIDAY,
    ),
    "第29条第2款：顺序不要紧，印章先盖": ((SEAL, MEDIATOR, party("对方"), party("申请人")), TUESDAY),
    "第29条第2款：一方没签，不生效": ((party("申请人"), MEDIATOR, SEAL), None),
    "第29条第2款：调解员没签，不生效": ((party("申请人"), party("对方"), SEAL), None),
    "第29条第2款：没有调委会印章，不生效": ((party("申请人"), party("对方"), MEDIATOR), None),
    "第29条第2款：调解员盖章不是签名": (
        (party("申请人"), party("对方"), Marked(Signer.MEDIATOR, Mark.SEAL, TUESDAY), SEAL),
        None,
    ),
    "第29条第2款：调委会签名不是盖章": (
        (party("申请人"), party("对方"), MEDIATOR, Marked(Signer.ORGANISATION, Mark.SIGNATURE, TUESDAY)),
        None,
    ),
    "什么都没有": ((), None),
}


@pytest.mark.parametrize("case", CASES)
def test_a_written_agreement_takes_effect_with_the_last_mark(case: str):
    marks, day = CASES[case]
    assert effective_on(BOTH, marks) == day


INVITED = {
    "第24条第3款：双方周一签，调解员周二签，个人调解没有印章，周一生效": (
        (party("申请人"), party("对方"), MEDIATOR),
        False,
        MONDAY,
    ),
    "第24条第2款：组织主持的还盖章，不改生效的日子": (
        (party("申请人"), party("对方"), MEDIATOR, SEAL),
        True,
        MONDAY,
    ),
    "第24条第2款：组织主持的没有盖章，文书还不完整": ((party("申请人"), party("对方"), MEDIATOR), True, None),
    "第24条第2款：调解员没签，文书还不完整": ((party("申请人"), party("对方"), SEAL), True, None),
    "第24条第3款：一方没签，不生效": ((party("申请人"), MEDIATOR, SEAL), False, None),
}


@pytest.mark.parametrize("case", INVITED)
def test_what_a_court_assigned_takes_effect_with_the_parties(case: str):
    """最高法特邀调解规定 第24条."""
    marks, seals, day = INVITED[case]
    assert effective_on(BOTH, marks, seals=seals, by_parties=True) == day


def test_without_parties_nothing_takes_effect():
    assert effective_on((), (MEDIATOR, SEAL)) is None


def test_what_is_lacking_is_named_parties_first():
    assert still_needed(BOTH, [party("对方"), SEAL]) == [(Signer.PARTY, "申请人"), (Signer.MEDIATOR, None)]
