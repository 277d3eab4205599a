"""What the law says, as tables: effect, who can ground confirmation, what bars it, where and until when. Each row names
its article; no row needs a database."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from fengqiao.agreements.effect import Marked, effective_on, still_needed
from fengqiao.agreements.enums import Mark, Signer
from fengqiao.clocks.counting import Facts, deadline
from fengqiao.clocks.deriving import terms_of
from fengqiao.clocks.queries.calendar import shipped
from fengqiao.confirmation.enums import CaseKind, CaseState, CourtAction
from fengqiao.confirmation.limits import APPLY, ENFORCE, last_day
from fengqiao.confirmation.queries.findings import of_the_days, open_venues
from fengqiao.confirmation.steps import STEPS, possible
from fengqiao.kernel import clock
from fengqiao.rules.queries.confirmation import (
    all_bars,
    all_refusals,
    all_venues,
    packet_papers,
    venues_of,
)
from fengqiao.rules.queries.limits import all_limits
from fengqiao.rules.queries.mediation_bodies import all_bodies

MONDAY, TUESDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27)
A = Marked(Signer.PARTY, Mark.SIGNATURE, MONDAY, "甲")
B = Marked(Signer.PARTY, Mark.FINGERPRINT, TUESDAY, "乙")
MEDIATOR = Marked(Signer.MEDIATOR, Mark.SIGNATURE, MONDAY)
SEAL = Marked(Signer.ORGANISATION, Mark.SEAL, FRIDAY)

# (article, marks, the day of effect, whose mark is lacking)
EFFECT = [
    ("人民调解法 第29条第2款：各方、调解员、印章都有", [A, B, MEDIATOR, SEAL], FRIDAY, []),
    ("人民调解法 第29条第2款：最后一个是当事人", [SEAL, MEDIATOR, A, B], FRIDAY, []),
    ("人民调解法 第29条第2款：缺一方", [A, MEDIATOR, SEAL], None, [(Signer.PARTY, "乙")]),
    ("人民调解法 第29条第2款：缺调解员签名", [A, B, SEAL], None, [(Signer.MEDIATOR, None)]),
    ("人民调解法 第29条第2款：缺调委会印章", [A, B, MEDIATOR], None, [(Signer.ORGANISATION, None)]),
    (
        "人民调解法 第29条第2款：调解组织签名不是盖章",
        [A, B, MEDIATOR, Marked(Signer.ORGANISATION, Mark.SIGNATURE, FRIDAY)],
        None,
        [(Signer.ORGANISATION, None)],
    ),
]


@pytest.mark.parametrize(("article", "marks", "day", "lacking"), EFFECT, ids=[row[0] for row in EFFECT])
def test_when_a_written_agreement_takes_effect(article, marks, day, lacking):
    assert effective_on(["甲", "乙"], marks) == day, article
    assert still_needed(["甲", "乙"], marks) == lacking, article


# (who mediated, whether a court confirms, the article that the table names)
BODIES = [
    ("people", True, "人民调解法"),
    ("industry", True, "人民调解法"),
    ("commercial", True, "民事诉讼法(2023) 第205条"),
    ("court_assigned", True, "民事诉讼法(2023) 第205条"),
    ("court_mediator", True, "民事诉讼法(2023) 第205条"),
    ("court_entrusted", False, "最高法特邀调解规定 第20条、第27条"),
    ("administrative", False, "民事诉讼法(2023) 第205条"),
    ("centre", False, "民事诉讼法(2023) 第205条"),
]


def test_who_can_ground_confirmation():
    assert {name: all_bodies()[name].confirms for name, _yes, _article in BODIES} == {
        name: yes for name, yes, _article in BODIES
    }
    assert set(all_bodies()) == {name for name, _yes, _article in BODIES}
    for name, _yes, article in BODIES:
        assert article in all_bodies()[name].basis


# (who mediated, the grounds that are open): 民事诉讼法 第205条
OWN = ["domicile", "subject", "organisation", "intermediate"]
OPEN = [
    ("people", "第2项：调解组织自行开展的调解", OWN),
    ("commercial", "第2项：调解组织自行开展的调解", OWN),
    ("court_assigned", "第1项：人民法院邀请的，向作出邀请的人民法院", ["inviting"]),
    ("court_mediator", "第1项：人民法院邀请的，向作出邀请的人民法院", ["inviting"]),
    (None, "没有写明的，都列出来", [*OWN, "inviting"]),
]


@pytest.mark.parametrize(("body", "article", "grounds"), OPEN, ids=[str(row[0]) for row in OPEN])
def test_which_courts_are_open(body, article, grounds):
    found = open_venues(all_bodies()[body] if body else None, date(2026, 11, 24))
    assert [each.said.id for each in found] == grounds, article


def test_of_which_level_a_court_is():
    """第205条: basic courts, but the corresponding intermediate one where the affair belongs to such; the inviting
    court whatever its level."""
    assert {name: (each.level, each.said.basis) for name, each in all_venues().items()} == {
        "domicile": ("basic", "民事诉讼法(2023) 第205条第2项"),
        "subject": ("basic", "民事诉讼法(2023) 第205条第2项"),
        "organisation": ("basic", "民事诉讼法(2023) 第205条第2项"),
        "intermediate": ("intermediate", "民事诉讼法(2023) 第205条第2项"),
        "inviting": ("*", "民事诉讼法(2023) 第205条第1项"),
    }
    with pytest.raises(ValueError, match="x: level"):
        venues_of([{"id": "x", "level": "high", "invited": "no"}])


BARS = {
    "scope": "民诉法解释(2022) 第355条第1项",
    "identity": "民诉法解释(2022) 第355条第3项",
    "procedure": "民诉法解释(2022) 第355条第4项",
    "ownership": "民诉法解释(2022) 第355条第5项",
}
REFUSALS = {
    "late": "民事诉讼法(2023) 第205条",
    "joint": "民事诉讼法(2023) 第205条",
    "venue": "民诉法解释(2022) 第355条第2项",
    "bars": "民诉法解释(2022) 第355条第1、3、4、5项",
    "unlawful": "民诉法解释(2022) 第358条第1、3项",
    "interests": "民诉法解释(2022) 第358条第2项",
    "unwilling": "民诉法解释(2022) 第358条第4项",
    "unclear": "民诉法解释(2022) 第358条第5项",
    "other": "民诉法解释(2022) 第358条第6项",
}


def test_what_bars_confirmation_and_why_a_court_refuses():
    assert {name: each.basis for name, each in all_bars().items()} == BARS
    assert {name: each.basis for name, each in all_refusals().items()} == REFUSALS
    assert {each.kind for each in packet_papers()} == set(CaseKind)
    assert all(each.said.basis for each in packet_papers())


# (effect, the last day): 民事诉讼法 第205条、第85条第3款; the day of effect does not count, the end rolls over.
DAYS = [
    (date(2026, 11, 2), date(2026, 12, 2), "第30日是星期三"),
    (date(2026, 11, 5), date(2026, 12, 7), "第30日是星期六，顺延到星期一"),
    (date(2026, 9, 3), date(2026, 10, 8), "第30日在国庆假期里，顺延到假期后第一日"),
]


@pytest.mark.parametrize(("effect", "last", "why"), DAYS, ids=[row[2] for row in DAYS])
def test_the_thirty_days_end_after_rest_days_and_a_day_later_is_late(effect, last, why):
    start = datetime(effect.year, effect.month, effect.day, 15, tzinfo=clock.SHANGHAI)
    found = deadline(terms_of(all_limits()[APPLY]), Facts(start), shipped())
    assert last_day(found.due) == last, why
    assert of_the_days(last, last).said == "fits"
    late = of_the_days(last, date.fromordinal(last.toordinal() + 1))
    assert (late.said, late.basis) == ("late", "民事诉讼法(2023) 第205条")


def test_the_two_years_for_enforcement():
    """民事诉讼法 第250条: two years from the last day of the last instalment."""
    start = datetime(2024, 3, 15, 12, tzinfo=clock.SHANGHAI)
    found = deadline(terms_of(all_limits()[ENFORCE]), Facts(start), shipped())
    assert last_day(found.due) == date(2026, 3, 16)  # the 15th is a Sunday


def test_what_can_happen_to_a_case():
    """第206条: a court confirms or dismisses; what has ended does not go on."""
    assert possible("confirmation", "prepared") == [CourtAction.AMEND, CourtAction.FILE, CourtAction.DROP]
    assert CourtAction.CONFIRM not in possible("confirmation", "filed")
    assert CourtAction.CONFIRM in possible("confirmation", "docketed")
    assert CourtAction.CONFIRM not in STEPS[CaseKind.LAWSUIT]
    ended = set(CaseState) - {"prepared", "filed", "docketed", "asked"}
    assert all(possible(kind, state) == [] for kind in CaseKind for state in ended)
