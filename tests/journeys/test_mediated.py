"""Six matters that are mediated, each to its end, with the dossier that is left of it.

The stories play in the autumn of 2026, around the days of the National Day: what is signed on 4 September can be
brought to the court until the first working day after the holidays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import expect
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain import performing
from fengqiao.agreements.models import Term
from fengqiao.dossier.forms import forms
from fengqiao.dossier.queries.facts import Facts, facts_of
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting
from fengqiao.matters.enums import ClaimKind, PartyRole
from fengqiao.matters.intake import NewClaim, NewParty
from fengqiao.matters.models import Matter
from tests.journeys.at_mediation import Dossier, Mediator, bound
from tests.journeys.officers import Desk, Officer, handed_in
from tests.matters.ground import EVERYWHERE, act
from tests.small_county import SmallCounty, registered

Beside = Callable[[Callable[[], Any]], Any]

pytestmark = [pytest.mark.journey, pytest.mark.prove]

BROUGHT = date(2026, 8, 31)
MEDIATED = date(2026, 9, 4)
WORKERS = [f"工人{number}" for number in "甲乙丙丁戊己庚辛壬癸子丑"]
RARE = "龚䶮"


def at_ten(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=clock.SHANGHAI)


def brought(county: SmallCounty, **said: Any) -> str:
    """Registered and accepted at the window on the day on which they came."""
    with clock.at(at_ten(BROUGHT)):
        matter = registered(county, happened_on=date(2026, 8, 25), **said)
        act(county, Role.REGISTRAR, accepting.accept, matter)
    return matter.code


@pytest.fixture(scope="module")
def matters(county: SmallCounty, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    people = lambda *names: tuple(  # noqa: E731
        NewParty(name=name, role=PartyRole.RESPONDENT if name == names[-1] else PartyRole.PETITIONER)
        for name in names
    )
    with django_db_blocker.unblock():
        return {
            "eaves": brought(
                county,
                title="两户因屋檐滴水争吵",
                account="新盖的屋檐雨水滴到邻家墙上，墙皮脱落。",
                category="0201",
                claims=(NewClaim(ClaimKind.RESOLVE, "改装檐沟，修补墙面"),),
                people=2,
                parties=people("岑某某", RARE),
            ),
            "wages": brought(
                county,
                title="十二名工人追讨两个月工资",
                parties=people(*WORKERS, "恩平某某陶瓷有限公司"),
            ),
            "minor": brought(
                county,
                title="学童在球场被撞伤，两家商量医药费",
                account="放学后在村球场打球，一名学童被撞倒，手腕骨裂。",
                category="0303",
                claims=(NewClaim(ClaimKind.RESOLVE, "赔付医药费"),),
                people=2,
                parties=people("吴某某", "郑某某"),
            ),
        }


@pytest.fixture
def it_is(moment_file: Path) -> Iterator[Callable[[date], None]]:
    """Says on which day the story goes on."""

    def says(day: date) -> None:
        # A page may be reading it: it is never half written.
        next_one = moment_file.with_suffix(".next")
        next_one.write_text(at_ten(day).isoformat())
        next_one.replace(moment_file)

    yield says
    moment_file.unlink(missing_ok=True)


@pytest.fixture
def beside(django_db_blocker: DjangoDbBlocker) -> Iterator[Beside]:
    """Asks the database in another thread: the browser's loop lives in this one."""

    def ask(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as thread:
        yield lambda work: thread.submit(ask, work).result()


def goes_to_mediation(desk: Desk, code: str, parties: list[str]) -> Mediator:
    """Everybody consents at the window; the mediator begins."""
    registrar = desk.sign_in("county-registrar")
    registrar.opens(code)
    said = {f"{name}（{'对方' if name == parties[-1] else '反映人'}）同意调解吗": "同意" for name in parties}
    registrar.does("转入调解", {"调解员": "调解员county · 调解员"} | said)
    for name in parties if len(parties) == 2 else ("十二名工人和厂方",):
        proof = handed_in(f"身份证明 {name}.png", picture(registrar, f"居民身份证 {name}（样本）"))
        registrar.does("添加材料", {"材料": proof, "用途": "身份证"})
    mediator = Mediator(desk.sign_in("county-mediator"), code)
    mediator.tells(parties, MEDIATED)
    mediator.is_a_committees()
    return mediator


def picture(officer: Officer, words: str) -> bytes:
    """A photograph of a paper, as somebody brings it on a telephone."""
    page = officer.desk.window()
    page.set_content(f"<body style='font: 60px sans-serif; padding: 80px; background: #eef'>{words}")
    return page.screenshot()


def visits(desk: Desk, code: str, **said: str) -> None:
    """Somebody who did not mediate asks how it went."""
    registrar = desk.sign_in("county-registrar")
    registrar.opens(code)
    about = {"方式": "上门", "满意程度": "满意", "履行情况": "不变", "回访记录": "双方都说问题已经说开。"}
    registrar.does("回访", about | said)


def lies_whole(dossier: Dossier, proofs: list[str], agreement: str) -> None:
    """Everything that must be there is there, in the order of the dossier."""
    begun = ["人民调解申请书", "人民调解受理登记表", "调解意愿登记表", "人民调解权利义务告知书"]
    left = ["人民调解记录", agreement, "协议履行情况登记表", "回访记录"]
    assert dossier.bookmarks == ["卷内目录", *begun, *proofs, *left]
    assert "应当有" not in dossier.text


def ten_more_are_paid(county: SmallCounty, code: str) -> None:
    """What the window looks like was seen; ten more of the same are written down without it."""
    with scope(EVERYWHERE):
        owed = list(Term.objects.filter(agreement__matter__code=code).order_by("place"))[1:11]
    with clock.at(at_ten(date(2026, 9, 15))):
        for term in owed:
            said = {"on": clock.today(), "amount": Decimal(8000), "text": "银行转账，工人签收。"}
            act(county, Role.MEDIATOR, performing.perform, term_id=term.pk, **said)


def facts(code: str) -> Facts:
    with scope(EVERYWHERE):
        return facts_of(Matter.objects.get(code=code))


def nothing_differs(dossier: Dossier, facts: Facts) -> None:
    """Every fact that a form asks for stands in that form as it stands in every other, and in the PDF."""
    whole = dossier.text
    checked = 0
    for form in forms():
        found = [text for name, text in dossier.papers.items() if form.title in name]
        for name in form.fields():
            lines = ["".join(line.split()) for line in facts.values.get(name, "").splitlines()]
            if found and lines:
                assert "".join(lines) in found[0], (form.title, name, lines)
                # A page ends between two lines.
                assert [line for line in lines if line not in whole] == [], (form.title, name)
                checked += 1
    assert checked > 20, sorted(dossier.papers)


def test_neighbours_agree_by_word_of_mouth_keep_it_and_are_visited(
    desk: Desk,
    matters: dict[str, str],
    it_is: Callable[[date], None],
    tmp_path: Path,
    beside: Beside,
) -> None:
    code = matters["eaves"]
    both = ["岑某某", RARE]
    it_is(MEDIATED)
    mediator = goes_to_mediation(desk, code, both)
    mediator.talks(both, "2026-09-04T09:00", "各自说了雨水从哪里来，到现场看过。", "谁来改檐沟\n墙面怎么修")
    mediator.agrees_orally(
        {
            "主要事实": "屋檐雨水滴到邻家墙上。",
            "争议事项": "檐沟由谁改、墙面怎么修。",
            "达成协议的日期": MEDIATED.isoformat(),
        },
        [{"约定": "做到", "谁来做": RARE, "到哪一天": "2026-09-20", "做什么": "改装檐沟并修补墙面"}],
    )
    it_is(date(2026, 9, 18))
    mediator.of_a_term(
        "改装檐沟",
        "履行",
        {"日期": "2026-09-18", "怎样履行的、有什么凭证": "檐沟已改装，墙面已补，双方看过。"},
    )
    visits(desk, code)
    dossier = bound(desk.sign_in("county-director"), code, tmp_path)
    lies_whole(dossier, ["身份证明 岑某某.png", f"身份证明 {RARE}.png"], "人民调解口头协议登记表")
    nothing_differs(dossier, beside(lambda: facts(code)))


def test_twelve_workers_are_promised_their_wages_and_the_second_payment_does_not_come(
    desk: Desk,
    county: SmallCounty,
    matters: dict[str, str],
    it_is: Callable[[date], None],
    tmp_path: Path,
    beside: Beside,
) -> None:
    code, firm = matters["wages"], "恩平某某陶瓷有限公司"
    everybody = [*WORKERS, firm]
    it_is(MEDIATED)
    mediator = goes_to_mediation(desk, code, everybody)
    mediator.talks(everybody, "2026-09-04T09:00", "厂方承认欠薪，提出分两次付清。", "欠多少\n什么时候付")
    mediator.drafts(
        {
            "主要事实": "厂方欠十二人两个月工资。",
            "争议事项": "数额和付款时间。",
            "各方责任": "厂方应当付清。",
        },
        [
            {"约定": "付钱", "谁来做": firm, "给谁": worker, "金额（元）": "8000", "到哪一天": "2026-09-15"}
            for worker in WORKERS
        ],
    )
    mediator.answers_the_questions()
    mediator.all_sign(everybody, "调解员county", MEDIATED)
    it_is(date(2026, 9, 15))
    paid = {"日期": "2026-09-15", "付了多少（元）": "8000", "怎样履行的、有什么凭证": "银行转账，工人签收。"}
    mediator.of_a_term(f"付给{WORKERS[0]}", "履行", paid)
    beside(lambda: ten_more_are_paid(county, code))
    it_is(date(2026, 9, 21))
    late = f"付给{WORKERS[11]}"
    mediator.of_a_term(late, "催告", {"日期": "2026-09-21", "怎样进行的": "电话催告，厂方答应三天内付。"})
    it_is(date(2026, 9, 25))
    mediator.of_a_term(late, "上门", {"日期": "2026-09-25", "怎样进行的": "到厂里，负责人说资金紧张。"})
    mediator.of_a_term(late, "告知救济途径", {"日期": "2026-09-25", "怎样进行的": "当面告知工人。"})
    agreements = mediator.page.locator("#agreements")
    expect(agreements).to_contain_text("支付令")
    visits(desk, code)
    dossier = bound(desk.sign_in("county-director"), code, tmp_path)
    lies_whole(dossier, ["身份证明 十二名工人和厂方.png"], "人民调解协议书")
    nothing_differs(dossier, beside(lambda: facts(code)))


def test_a_child_is_stood_for_before_anything_is_agreed(
    desk: Desk,
    matters: dict[str, str],
    it_is: Callable[[date], None],
    tmp_path: Path,
    beside: Beside,
) -> None:
    code, both = matters["minor"], ["吴某某", "郑某某"]
    it_is(MEDIATED)
    mediator = goes_to_mediation(desk, code, both)
    minor = {"当事人": "吴某某", "登记什么": "未成年人（没有完全民事行为能力）"}
    mediator.notes("登记代理和监护", minor)
    expect(mediator.page.locator("#parties")).to_contain_text("监护人")
    words = {"主要事实": "打球时撞伤。", "争议事项": "医药费。", "达成协议的日期": MEDIATED.isoformat()}
    rows = [
        {
            "约定": "付钱",
            "谁来做": "郑某某",
            "给谁": "吴某某",
            "金额（元）": "3200.50",
            "到哪一天": "2026-09-10",
        }
    ]
    mediator.tries_to_agree_orally(words, rows)
    expect(mediator.page.get_by_role("alert").first).to_contain_text("监护人")
    guardian = {
        "当事人": "吴某某",
        "登记什么": "监护人已到场或者同意",
        "代理人或者监护人": "吴母",
        "依据": "户口簿",
    }
    mediator.notes("登记代理和监护", guardian)
    mediator.agrees_orally(words, rows)
    visits(desk, code)
    dossier = bound(desk.sign_in("county-director"), code, tmp_path)
    lies_whole(dossier, ["身份证明 吴某某.png", "身份证明 郑某某.png"], "人民调解口头协议登记表")
    assert "吴某某（法定代理人：吴母）" in dossier.text
    nothing_differs(dossier, beside(lambda: facts(code)))
