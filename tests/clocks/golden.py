"""Limits worked by hand from the text of the statutes and the yearly notices; no program had a part in them.

Each: the limit, the facts, the last day, and how it was found. Of the articles: the day of the start does not
count (民法典 201; 民事诉讼法 85), months and years end on the corresponding day or the month's last (民法典 202), a
last day that is a rest day ends on the next that is not (民法典 203; 民事诉讼法 85).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fengqiao.clocks.counting import Extension, Facts, Length, Pause, Restart, Unit
from fengqiao.kernel.clock import SHANGHAI


def at(text: str) -> datetime:
    """A moment in Shanghai; a day alone is its nine o'clock."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T09:00").replace(tzinfo=SHANGHAI)


def paused(since: str, until: str | None) -> Pause:
    return Pause(at(since), at(until) if until else None, "鉴定")


@dataclass(frozen=True)
class Case:
    limit: str
    start: str
    last_day: str
    how: str
    pauses: tuple[Pause, ...] = ()
    restarts: tuple[str, ...] = ()
    more: tuple[Length, ...] = ()
    unknown: tuple[int, ...] = ()

    @property
    def facts(self) -> Facts:
        return Facts(
            at(self.start),
            self.pauses,
            tuple(Restart(at(each)) for each in self.restarts),
            tuple(Extension(each) for each in self.more),
        )

    @property
    def expected(self) -> date:
        return date.fromisoformat(self.last_day)

    def __str__(self) -> str:
        return f"{self.limit} {self.start}"


def days(n: int) -> tuple[Length, ...]:
    return (Length(n, Unit.DAY),)


def working_days(n: int) -> tuple[Length, ...]:
    return (Length(n, Unit.WORKING_DAY),)


CASES = [
    # 信访工作条例 22: 15 日 from registration
    Case("petition.transfer", "2026-03-02", "2026-03-17", "fifteen days later, a Tuesday"),
    Case("petition.transfer", "2026-09-16", "2026-10-08", "1 Oct is a holiday up to the 7th"),
    Case("petition.transfer", "2026-01-19", "2026-02-03", "over the end of January"),
    Case("petition.transfer", "2026-02-01", "2026-02-24", "16 Feb lies in Spring Festival, up to the 23rd"),
    # 信访工作条例 23: 15 日 from receipt
    Case("petition.acknowledge", "2026-06-05", "2026-06-22", "Sat 20 June, Dragon Boat, then Sunday"),
    Case(
        "petition.acknowledge", "2026-09-05", "2026-09-20", "that Sunday is worked: no rest day, no roll-over"
    ),
    # 信访工作条例 23: 5 working days
    Case("petition.return", "2026-09-23", "2026-10-08", "24, 28, 29, 30 Sept, 8 Oct: two holidays between"),
    Case("petition.return", "2026-09-30", "2026-10-13", "8, 9, Sat 10 (worked), 12, 13 Oct"),
    Case("petition.return", "2026-02-12", "2026-02-26", "13, Sat 14 (worked), 24, 25, 26 Feb"),
    Case("petition.return", "2025-12-30", "2026-01-07", "31 Dec, Sun 4 Jan (worked), 5, 6, 7 Jan"),
    # 信访工作条例 34: 60 日 from acceptance, 30 more by the head of the body
    Case("petition.resolve", "2026-03-02", "2026-05-06", "1 May is a holiday up to the 5th"),
    Case(
        "petition.resolve",
        "2025-12-31",
        "2026-03-02",
        "31 Jan is the 31st, 28 Feb the 59th, Sun 1 Mar the 60th",
    ),
    Case(
        "petition.resolve", "2026-03-02", "2026-06-01", "the 60th is 1 May, 30 more Sun 31 May", more=days(30)
    ),
    Case("petition.resolve", "2024-01-15", "2024-03-15", "29 Feb of the leap year counts: it is the 45th"),
    # 信访工作条例 35, 36: 30 日, the petitioner's own; served per person
    Case("petition.review_request", "2026-09-01", "2026-10-08", "1 Oct is a holiday"),
    Case("petition.review_request", "2026-11-02", "2026-12-02", "served on one of two petitioners"),
    Case("petition.review_request", "2026-11-06", "2026-12-07", "served on the other: Sun 6 Dec"),
    Case("petition.review", "2026-01-16", "2026-02-24", "15 Feb, first day of Spring Festival"),
    Case("petition.recheck_request", "2026-04-01", "2026-05-06", "1 May"),
    Case("petition.recheck", "2026-03-02", "2026-04-01", "thirty days"),
    Case(
        "petition.recheck",
        "2026-03-02",
        "2026-04-07",
        "a hearing from 10 to 15 March takes five days out: 6 April, Tomb-sweeping",
        pauses=(paused("2026-03-10", "2026-03-15"),),
    ),
    # 人民调解工作若干规定 33: one month
    Case(
        "mediation.people", "2026-01-31", "2026-02-28", "no 31 Feb: its last day, a Saturday that is worked"
    ),
    Case("mediation.people", "2024-01-31", "2024-02-29", "the last day of a leap year's February"),
    Case("mediation.people", "2025-01-31", "2025-02-28", "and of an ordinary year's, a Friday"),
    Case("mediation.people", "2026-03-31", "2026-04-30", "no 31 April"),
    Case("mediation.people", "2026-08-31", "2026-09-30", "no 31 September"),
    Case("mediation.people", "2026-09-03", "2026-10-08", "3 Oct is a holiday"),
    Case("mediation.people", "2025-12-31", "2026-02-02", "31 Jan is a Saturday"),
    Case("mediation.people", "2024-02-29", "2024-03-29", "the corresponding day, not the month's last"),
    # 民事诉讼法 205: 30 日 from the agreement's effect; 187: the court's
    Case("mediation.confirm_apply", "2026-09-10", "2026-10-10", "a Saturday that is worked"),
    Case("mediation.confirm_apply", "2025-09-08", "2025-10-09", "8 Oct 2025 is still a holiday"),
    Case("mediation.confirm_apply", "2025-09-10", "2025-10-10", "a Friday"),
    Case("mediation.confirm_decide", "2026-05-10", "2026-06-09", "a Tuesday"),
    # 民事诉讼法 250: two years, with pauses and restarts
    Case("mediation.enforce_apply", "2024-02-29", "2026-02-28", "no 29 Feb 2026: the 28th, worked"),
    Case("mediation.enforce_apply", "2023-10-01", "2025-10-09", "1 to 8 Oct 2025 are holidays"),
    Case(
        "mediation.enforce_apply",
        "2022-06-10",
        "2026-03-05",
        "performance demanded on 5 March 2024: two years from then",
        restarts=("2024-03-05",),
    ),
    Case(
        "mediation.enforce_apply",
        "2023-05-08",
        "2026-04-09",
        "anew on 1 March 2024 within a pause that ends on 10 April: 39 of its days lie after the restart",
        pauses=(paused("2024-01-10", "2024-04-10"),),
        restarts=("2024-03-01",),
    ),
    Case(
        "mediation.enforce_apply",
        "2022-03-01",
        "2024-03-01",
        "a demand after the two years were over begins nothing anew",
        restarts=("2024-06-03",),
    ),
    # 特邀调解规定 27
    Case("mediation.court_assigned", "2026-07-01", "2026-07-31", "a Friday"),
    Case("mediation.court_entrusted", "2026-04-20", "2026-05-06", "5 May is the last day of the holiday"),
    Case("mediation.court_entrusted_summary", "2026-11-06", "2026-11-13", "seven days"),
    # 劳动争议调解仲裁法 14, 29, 43, 27
    Case("labour.mediate", "2026-10-12", "2026-10-27", "fifteen days"),
    Case(
        "labour.arbitrate_accept",
        "2025-04-25",
        "2025-05-06",
        "Sun 27 April (worked), 28, 29, 30 April, 6 May",
    ),
    Case("labour.arbitrate", "2026-08-17", "2026-10-08", "the 45th is 1 Oct"),
    Case("labour.arbitrate", "2026-08-17", "2026-10-16", "fifteen more from 1 Oct", more=days(15)),
    Case(
        "labour.arbitrate",
        "2026-08-17",
        "2026-10-16",
        "anew on 1 Sept: a counterclaim",
        restarts=("2026-09-01",),
    ),
    Case("labour.limitation", "2025-02-28", "2026-02-28", "the corresponding day, a Saturday that is worked"),
    Case("labour.limitation", "2024-02-29", "2025-02-28", "no 29 Feb 2025"),
    Case(
        "labour.limitation",
        "2025-03-10",
        "2026-04-09",
        "June is out: thirty days after 10 March",
        pauses=(paused("2025-06-01", "2025-07-01"),),
    ),
    # 医疗纠纷预防和处理条例 38: 30 working days, appraisal apart
    Case(
        "medical.mediate",
        "2026-09-01",
        "2026-10-19",
        "21 in September with Sun 20, 8 to 10, 12 to 16, 19 Oct",
    ),
    Case(
        "medical.mediate",
        "2026-09-01",
        "2026-11-02",
        "an appraisal from 14 to 28 Sept takes ten working days out, Sun 20 among them",
        pauses=(paused("2026-09-14", "2026-09-28"),),
    ),
    Case(
        "medical.mediate",
        "2026-09-01",
        "2026-11-16",
        "and ten more that both sides agreed",
        pauses=(paused("2026-09-14", "2026-09-28"),),
        more=working_days(10),
    ),
    Case(
        "medical.mediate",
        "2026-09-21",
        "2026-11-13",
        "an appraisal from 30 Sept to 12 Oct, over the holiday: 30 Sept, 8, 9 and Sat 10 Oct are out",
        pauses=(paused("2026-09-30", "2026-10-12"),),
    ),
    # 市场监督管理投诉举报处理暂行办法 14, 21
    Case("consumer.accept", "2026-04-28", "2026-05-11", "29, 30 April, 6, 7, 8, Sat 9 (worked), 11 May"),
    Case(
        "consumer.mediate",
        "2026-06-01",
        "2026-08-04",
        "20 in June without the 19th, 23 in July, 3 and 4 August",
    ),
    # 道路交通事故处理程序规定 86, 90
    Case("traffic.apply", "2026-01-22", "2026-02-02", "1 Feb is a Sunday"),
    Case("traffic.mediate", "2026-09-24", "2026-10-08", "4 Oct"),
    # 公安机关办理行政案件程序规定 181, 183
    Case(
        "public_security.mediate_again",
        "2024-09-27",
        "2024-10-12",
        "Sun 29, 30 Sept, 8 to 11, Sat 12 Oct (worked)",
    ),
    # 深圳经济特区矛盾纠纷多元化解条例 25, 45, 46
    Case("admin.shenzhen.transfer", "2024-02-02", "2024-02-06", "Sun 4 (worked), 5, 6 Feb"),
    Case("admin.shenzhen.accept", "2024-02-07", "2024-02-20", "8, 9, Sun 18 (worked), 19, 20 Feb"),
    Case("admin.shenzhen.accept", "2024-02-07", "2024-03-05", "ten more working days", more=working_days(10)),
    Case("admin.shenzhen.mediate", "2026-10-31", "2026-11-30", "a Monday"),
    # 广东省土地权属纠纷处理条例 10, 16
    Case("land.accept", "2026-12-16", "2026-12-31", "a Thursday; the notice of 2026 reaches it"),
    Case("land.decide", "2025-08-31", "2026-02-28", "no 31 Feb: the 28th, worked"),
    Case(
        "land.decide",
        "2026-08-31",
        "2027-03-01",
        "Sun 28 Feb 2027: nobody knows that year yet",
        unknown=(2027,),
    ),
    # samples of other places, counted like all others
    Case("hotline.sign", "2026-09-30", "2026-10-08", "the first day after the holiday"),
    Case("hotline.sign", "2026-09-19", "2026-09-20", "a Sunday that is worked"),
    Case("hotline.consult", "2026-02-13", "2026-02-24", "Sat 14 (worked), 24 Feb"),
    Case("hotline.other", "2026-11-20", "2026-11-27", "a plain week"),
    Case("centre.simple", "2026-09-24", "2026-09-28", "Mid-autumn, Saturday and Sunday"),
    Case("centre.ordinary", "2026-11-10", "2026-11-17", "seven days"),
    Case("centre.complex", "2026-09-11", "2026-10-08", "1 Oct"),
    # a proposal of the program
    Case("centre.visit", "2026-09-24", "2026-10-12", "28-30 Sept, 8, 9, Sat 10 (worked), Mon 12 Oct"),
    # A start late in the evening is still of its day; one after midnight of the next.
    Case("centre.ordinary", "2026-11-10T23:59", "2026-11-17", "the day of Shanghai counts, not UTC's"),
    Case("centre.ordinary", "2026-11-11T00:01", "2026-11-18", "two minutes later it is another day"),
]
