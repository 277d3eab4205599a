"""Six matters that are mediated, each to its end, with the dossier that is left of it.

The stories play in the autumn of 2026, around the days of the National Day: what is signed on 4 September can be
brought to the court until the first working day after the holidays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain import performing
from fengqiao.agreements.models import Term
from fengqiao.dossier.queries.facts import Facts, facts_of
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting
from fengqiao.matters.enums import Channel, ClaimKind, PartyKind, PartyRole
from fengqiao.matters.intake import NewClaim, NewParty
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain import standing
from fengqiao.mediation.domain.mediating import send_to_mediation
from tests.agreements.hands import parties_of, pays, signed
from tests.journeys.at_mediation import COMMITTEE, AtCourt, Mediator, pictured
from tests.journeys.dossiers import Dossier, bound, nothing_differs, on_no_other, says
from tests.journeys.officers import Desk, Officer, fill, handed_in
from tests.matters.ground import EVERYWHERE, act
from tests.small_county import SmallCounty, registered

Beside = Callable[[Callable[[], Any]], Any]

pytestmark = [pytest.mark.journey, pytest.mark.prove]

BROUGHT = date(2026, 8, 31)
MEDIATED = date(2026, 9, 4)
WORKERS = [f"工人{number}" for number in "甲乙丙丁戊己庚辛壬癸子丑"]
RARE = "龚䶮"
# Who stands on the papers for the committee and the centre.
NAMES = {Role.MEDIATOR: "陈和", Role.REGISTRAR: "林登", Role.DIRECTOR: "方正"}


# Which papers tell what was agreed, by word of mouth or in writing.
ON_EACH = ("*",)
SPOKEN = ("人民调解记录", "人民调解口头协议登记表", "协议履行情况登记表")
WRITTEN = ("人民调解记录", "人民调解协议书", "协议履行情况登记表")
FIRM = "恩平某某包装有限公司"
COURT = "恩平市人民法院"
# The thirtieth day is 4 October, in the holidays: the first working day after them is the last.
LAST_DAY, A_DAY_LATE = date(2026, 10, 8), date(2026, 10, 9)
BY_THE_COMMITTEE = f"调解组织{COMMITTEE}（人民调解委员会印章）"
BY_THE_ORGANISATION = "调解组织所在地的基层人民法院（民事诉讼法(2023) 第205条第2项）"
# On papers an article stands without the year of the law's wording.
ON_PAPER = BY_THE_ORGANISATION.replace("(2023) ", "")


def people(*names: str) -> tuple[NewParty, ...]:
    """Whoever is named last is the other side."""
    return tuple(
        NewParty(
            name=name,
            kind=PartyKind.ORGANISATION if name.endswith("公司") else PartyKind.PERSON,
            legal_representative="钟某某" if name.endswith("公司") else "",
            role=PartyRole.RESPONDENT if name == names[-1] else PartyRole.PETITIONER,
            phones=(f"1380000{place:04}",),
            addresses=(f"恩平市恩城街道东门路{place}号",),
        )
        for place, name in enumerate(names, 1)
    )


CROSSING = {
    "title": "路口相撞，两人商量车费和医药费",
    "account": "电动车在路口被小车碰倒，骑车人脚踝扭伤，电动车损坏。",
    "category": "0503",
    "people": 2,
    "claims": (NewClaim(ClaimKind.RESOLVE, "赔付医药费和修车费"),),
    "parties": people("梁某某", "关某某"),
}


def at_ten(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=clock.SHANGHAI)


def brought(county: SmallCounty, **said: Any) -> str:
    """Registered and accepted at the window on the day on which they came."""
    with clock.at(at_ten(BROUGHT)):
        matter = registered(county, happened_on=date(2026, 8, 25), **said)
        act(county, Role.REGISTRAR, accepting.accept, matter)
    return matter.code


def signed_in_september(county: SmallCounty, **said: Any) -> str:
    """The same as far as an agreement that everybody has signed, written down without the window."""
    code = brought(county, **said)
    with scope(EVERYWHERE):
        matter = Matter.objects.get(code=code)
    with clock.at(at_ten(MEDIATED)):
        consents = {party.pk: True for party in parties_of(matter)}
        act(county, Role.REGISTRAR, send_to_mediation, matter, consents=consents)
        footing = {"body": "people", "name": COMMITTEE, "initiative": "applied"}
        act(county, Role.MEDIATOR, standing.set_footing, matter, **footing)
        signed(county, matter, pays(matter, due=date(2026, 9, 30)))
    return code


@pytest.fixture(scope="module")
def matters(county: SmallCounty, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    with django_db_blocker.unblock():
        for role, name in NAMES.items():
            Person.objects.filter(username=f"county-{role}").update(name=name)
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
                category="0799",
                parties=people(*WORKERS, "恩平某某陶瓷有限公司"),
            ),
            "crossing": brought(county, **CROSSING),
            "late": signed_in_september(county, **CROSSING),
            "refused": brought(
                county,
                title="包装工追讨加班工资",
                category="0799",
                account="包装工说一年的加班没有算工资，公司说没有加班。",
                people=1,
                claims=(NewClaim(ClaimKind.RESOLVE, "支付加班工资"),),
                parties=people("冯某某", FIRM),
            ),
            "court": brought(
                county,
                title="卖家具的尾款没有付清",
                account="家具送到半年，尾款没有付，卖家向法院起诉，法院立案前委派调解。",
                category="0603",
                people=2,
                channel=Channel.COURT,
                claims=(NewClaim(ClaimKind.RESOLVE, "付清尾款"),),
                parties=people("何某某", "卢某某"),
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
    registrar.does("转入调解", {"调解员": f"{NAMES[Role.MEDIATOR]} · 调解员"} | said)
    for name in parties if len(parties) == 2 else ("十二名工人和厂方",):
        card = "营业执照" if name.endswith("公司") else "居民身份证"
        proof = handed_in(f"身份证明 {name}.png", picture(registrar, f"{card} {name}（样本）"))
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


def refers(officer: Officer, kind: str, values: dict[str, Any]) -> None:
    """Hands the open matter on, or takes in what came with it."""
    card = officer.page.locator("#referrals")
    link = card.get_by_role("link", name=kind, exact=True)
    if not link.is_visible():
        card.get_by_text("转介给其他机关，或记下移交").click()
    link.click()
    sends(officer, values)


def answers(officer: Officer, kind: str, action: str, values: dict[str, Any]) -> None:
    """Writes down what the other side said."""
    officer.page.reload()
    row = officer.page.locator("#referrals .result").filter(has_text=kind)
    row.get_by_role("link", name=action, exact=True).click()
    sends(officer, values)


def sends(officer: Officer, values: dict[str, Any]) -> None:
    dialog = officer.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    fill(dialog, values)
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)


def lies_whole(dossier: Dossier, proofs: list[str], agreement: str, more: Sequence[str] = ()) -> None:
    """Everything that must be there is there, in the order of the dossier."""
    begun = ["人民调解申请书", "人民调解受理登记表", "调解意愿登记表", "人民调解权利义务告知书"]
    left = ["人民调解记录", agreement, "协议履行情况登记表", "回访记录"]
    assert list(dossier.bookmarks) == ["卷内目录", *begun, *proofs, *left, *more]
    assert "应当有" not in dossier.text


def kept(
    county: SmallCounty, code: str, places: Sequence[int], on: date, text: str, amount: Decimal | None = None
) -> None:
    """What the window looks like was seen; more terms that were kept are written down without it."""
    with scope(EVERYWHERE):
        owed = list(Term.objects.filter(agreement__matter__code=code, place__in=places).order_by("place"))
    with clock.at(at_ten(on)):
        for term in owed:
            said = {"on": on, "amount": amount, "text": text}
            act(county, Role.MEDIATOR, performing.perform, term_id=term.pk, **said)


def as_begun(parties: Sequence[str], place: str = "综治中心调解室") -> dict[str, Sequence[str]]:
    """What every story tells of how it began: who asked, who was asked and told what, who talked, when and where."""
    duty, record = "人民调解权利义务告知书", "人民调解记录"
    came = "、".join(name.partition("（")[0] for name in parties)
    signed = "".join(f"{name}＿＿＿＿＿＿" for name in parties[:-1])
    return {
        f"申请人签名（按指印）：{signed}": ["人民调解申请书"],
        f"地点{place}事由": [record],
        f"参加人{came}调解员{NAMES[Role.MEDIATOR]}权利义务告知": [record],
        "登记日期2026年8月31日": ["人民调解受理登记表"],
        f"{'、'.join(parties)}：人民调解是": [duty],
        "会谈时间2026年9月4日10:00": [record],
        "记录日期2026年9月4日": ["调解意愿登记表"],
        **{f"{name}：2026年9月4日（当面）": [duty, record] for name in parties},
        **{f"{name}：同意调解（当面）": ["调解意愿登记表"] for name in parties},
    }


def as_visited(day: str, found: str) -> dict[str, Sequence[str]]:
    """What the visitor wrote down: when, how much of the agreement was kept, and who was there."""
    return {
        f"时间{day}10:00": ["回访记录"],
        f"履行情况{found}满意度": ["回访记录"],
        f"回访人{NAMES[Role.REGISTRAR]}被回访人签名": ["回访记录"],
    }


def facts(code: str) -> Facts:
    with scope(EVERYWHERE):
        return facts_of(Matter.objects.get(code=code))


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
    lies_whole(dossier, ["身份证明 岑某某", f"身份证明 {RARE}"], "人民调解口头协议登记表")
    nothing_differs(dossier, beside(lambda: facts(code)))
    says(
        dossier,
        as_begun(both)
        | {
            "岑某某": ON_EACH,
            RARE: ON_EACH,
            "改装檐沟，修补墙面": ["人民调解申请书"],
            f"{RARE}于2026年9月20日前（含当日）改装檐沟并修补墙面（向岑某某履行）": SPOKEN,
            "达成日期2026年9月4日": ["人民调解口头协议登记表"],
            "履行期限2026年9月20日": SPOKEN[1:],
            "履行情况第1项：2026年9月18日履行": ["协议履行情况登记表"],
            BY_THE_COMMITTEE: ["人民调解口头协议登记表"],
        }
        | as_visited("2026年9月18日", "协议共1项，已履行1项"),
    )


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
    mediator.talks(
        everybody, "2026-09-04T09:00", "厂方承认欠薪，提出九月十五日前付清。", "欠多少\n什么时候付"
    )
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
    mediator.all_sign(everybody, NAMES[Role.MEDIATOR], MEDIATED)
    it_is(date(2026, 9, 15))
    paid = {"日期": "2026-09-15", "付了多少（元）": "8000", "怎样履行的、有什么凭证": "银行转账，工人签收。"}
    mediator.of_a_term(f"付给{WORKERS[0]}", "履行", paid)
    more = (range(2, 12), date(2026, 9, 15), "银行转账，工人签收。", Decimal(8000))
    beside(lambda: kept(county, code, *more))
    it_is(date(2026, 9, 21))
    late = f"付给{WORKERS[11]}"
    mediator.of_a_term(late, "催告", {"日期": "2026-09-21", "怎样进行的": "电话催告，厂方答应三天内付。"})
    it_is(date(2026, 9, 25))
    mediator.of_a_term(late, "上门", {"日期": "2026-09-25", "怎样进行的": "到厂里，负责人说资金紧张。"})
    mediator.of_a_term(late, "告知救济途径", {"日期": "2026-09-25", "怎样进行的": "当面告知工人。"})
    agreements = mediator.page.locator("#agreements")
    expect(agreements).to_contain_text("支付令")
    agreements.scroll_into_view_if_needed()
    pictured(mediator.page, "default")
    found = "十一人拿到了工资；工人丑的还没有付，已告知可以申请支付令。"
    visits(desk, code, 满意程度="基本满意", 回访记录=found)
    dossier = bound(desk.sign_in("county-director"), code, tmp_path)
    lies_whole(dossier, ["身份证明 十二名工人和厂方"], "人民调解协议书")
    nothing_differs(dossier, beside(lambda: facts(code)))
    says(
        dossier,
        as_begun([*WORKERS, f"{firm}（法定代表人：钟某某）"])
        | dict.fromkeys(everybody, ON_EACH)
        | {
            f"{number}.{firm}于2026年9月15日前（含当日）付给{worker}人民币8,000.00元（大写：捌仟元整）。": WRITTEN
            for number, worker in enumerate(WORKERS, 1)
        }
        | {
            f"第{number}项：2026年9月15日履行8,000.00元，银行转账，工人签收。": WRITTEN[2:]
            for number in range(1, 12)
        }
        | {
            BY_THE_COMMITTEE: WRITTEN[1:2],
            "厂方欠十二人两个月工资。": WRITTEN[1:2],
            "履行期限2026年9月15日": WRITTEN[1:],
            "十一人拿到了工资；工人丑的还没有付": ["回访记录"],
            "支付两个月工资": ["人民调解申请书"],
            "第12项：2026年9月21日催告": ["协议履行情况登记表"],
            "2026年9月25日告知救济途径": ["协议履行情况登记表"],
            "申请支付令": ["协议履行情况登记表"],
        }
        | as_visited("2026年9月25日", "协议共12项，已履行11项"),
    )


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
    mediator.talks(both, "2026-09-04T09:00", "看了病历和票据，对方愿意付医药费。", "医药费付多少")
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
    it_is(date(2026, 9, 10))
    paid = {
        "日期": "2026-09-10",
        "付了多少（元）": "3200.50",
        "怎样履行的、有什么凭证": "当面付清，写了收条。",
    }
    mediator.of_a_term("付给吴某某", "履行", paid)
    it_is(date(2026, 9, 15))
    visits(desk, code)
    dossier = bound(desk.sign_in("county-director"), code, tmp_path)
    lies_whole(dossier, ["身份证明 吴某某", "身份证明 郑某某"], "人民调解口头协议登记表")
    assert "吴某某（法定代理人：吴母）" in dossier.text
    nothing_differs(dossier, beside(lambda: facts(code)))
    says(
        dossier,
        as_begun(["吴某某（法定代理人：吴母）", "郑某某"])
        | {
            # The contents of a talk are told without who stands for whom.
            "吴某某（法定代理人：吴母）": ON_EACH,
            "郑某某于2026年9月10日前（含当日）付给吴某某人民币3,200.50元（大写：叁仟贰佰元零伍角）": SPOKEN,
            "履行情况第1项：2026年9月10日履行3,200.50元": ["协议履行情况登记表"],
            "达成日期2026年9月4日": SPOKEN[1:2],
            BY_THE_COMMITTEE: SPOKEN[1:2],
            "赔付医药费": ["人民调解申请书"],
        }
        | as_visited("2026年9月15日", "协议共1项，已履行1项"),
    )


def test_a_confirmation_is_filed_on_the_last_day_and_another_a_day_late(
    desk: Desk,
    county: SmallCounty,
    matters: dict[str, str],
    it_is: Callable[[date], None],
    tmp_path: Path,
    beside: Beside,
) -> None:
    code, both = matters["crossing"], ["梁某某", "关某某"]
    it_is(MEDIATED)
    mediator = goes_to_mediation(desk, code, both)
    mediator.talks(
        both, "2026-09-04T09:00", "看了事故认定书和票据。", "修车费由谁出", way="流动调解车", place="东门路口"
    )
    mediator.drafts(
        {"主要事实": "路口相撞。", "争议事项": "医药费和修车费。", "各方责任": "小车一方负主要责任。"},
        [
            {
                "约定": "付钱",
                "谁来做": "关某某",
                "给谁": "梁某某",
                "金额（元）": "4600",
                "到哪一天": "2026-10-30",
            },
            {
                "约定": "做到",
                "谁来做": "关某某",
                "给谁": "梁某某",
                "到哪一天": "2026-09-30",
                "做什么": "修好电动车",
            },
        ],
    )
    mediator.answers_the_questions()
    mediator.all_sign(both, NAMES[Role.MEDIATOR], MEDIATED)

    beside(lambda: kept(county, code, [2], date(2026, 9, 28), "电动车修好了，车主试骑过。"))
    it_is(LAST_DAY)
    court = AtCourt(mediator)
    court.prepares(COURT, BY_THE_ORGANISATION)
    court.notes("共同提交司法确认申请", dict.fromkeys(both, True) | {"哪一天": LAST_DAY.isoformat()})
    expect(court.page.locator("main")).not_to_contain_text("超过期限提交")
    it_is(date(2026, 10, 14))
    court.notes("法院立案", {"哪一天": "2026-10-14", "法院案号": "（2026）粤0785民特12号"})
    it_is(date(2026, 10, 28))
    court.notes("裁定协议有效", {"哪一天": "2026-10-28", "情况": "裁定有效，双方签收。"})
    expect(court.page.locator("main")).to_contain_text("裁定有效")
    visits(desk, code, 回访记录="电动车修好了；医药费还没有到期，对方说会按时付。")
    dossier = bound(desk.sign_in("county-director"), code, tmp_path)
    confirmed = ["司法确认申请书（个人与个人）", "调解组织主持调解证明"]
    proofs = ["身份证明 梁某某", "身份证明 关某某"]
    lies_whole(dossier, proofs, "人民调解协议书", confirmed)
    nothing_differs(dossier, beside(lambda: facts(code)))
    asked, proof = confirmed
    says(
        dossier,
        as_begun(both, "东门路口（流动调解车）")
        | {
            "梁某某": ON_EACH,
            "关某某": ON_EACH,
            "赔付医药费和修车费": ["人民调解申请书"],
            "关某某于2026年10月30日前（含当日）付给梁某某人民币4,600.00元（大写：肆仟陆佰元整）": [
                *WRITTEN,
                asked,
            ],
            "关某某于2026年9月30日前（含当日）修好电动车": [*WRITTEN, asked],
            "第2项：2026年9月30日": ["人民调解协议书", "协议履行情况登记表"],
            f"{COURT}：双方于2026年9月4日达成": [asked],
            ON_PAPER: [asked],
            f"梁某某与关某某关于“{CROSSING['title']}”的纠纷，由调解员陈和主持调解，于2026年9月4日达成": [
                proof
            ],
            "第2项：2026年9月28日履行，电动车修好了": ["协议履行情况登记表"],
            # Where each is served stands on the court's paper alone (below).
            **{
                f"{name}：恩平市恩城街道东门路{n}号，1380000{n:04}": [asked] for n, name in enumerate(both, 1)
            },
            BY_THE_COMMITTEE: ["人民调解协议书", asked, proof],
            f"2026年10月8日向{COURT}申请司法确认，案号（2026）粤0785民特12号，2026年10月28日裁定有效": [
                "回访记录"
            ],
        }
        | as_visited("2026年10月28日", "协议共2项，已履行1项"),
    )
    for place, name in enumerate(both, 1):
        on_no_other(dossier, f"{name}：恩平市恩城街道东门路{place}号，1380000{place:04}", asked)

    late = AtCourt(Mediator(desk.sign_in("county-mediator"), matters["late"]))
    it_is(A_DAY_LATE)
    late.prepares(COURT, BY_THE_ORGANISATION)
    expect(late.page.locator("main")).to_contain_text("民事诉讼法(2023) 第205条")
    late.notes("共同提交司法确认申请", dict.fromkeys(both, True) | {"哪一天": A_DAY_LATE.isoformat()})
    expect(late.page.locator("main")).to_contain_text("超过期限提交")
    it_is(date(2026, 10, 15))
    late.notes("不予受理或者裁定驳回", {"哪一天": "2026-10-15", "情况": "超过三十日，裁定不予受理。"})
    expect(late.page.locator("main")).to_contain_text("超过协议生效之日起三十日申请")


def test_who_refuses_is_told_the_ways_and_the_worker_goes_to_arbitration(
    desk: Desk, matters: dict[str, str], it_is: Callable[[date], None], tmp_path: Path, beside: Beside
) -> None:
    code, both = matters["refused"], ["冯某某", FIRM]
    it_is(MEDIATED)
    mediator = goes_to_mediation(desk, code, both)
    mediator.talks(both, "2026-09-04T09:00", "公司否认加班。", "有没有加班")
    refused = {
        "谁": "冯某某",
        "和谁": FIRM,
        "结果": "一方拒绝，终止调解",
        "达成了什么，或者为什么没有达成": "公司不愿再谈。",
    }
    mediator.tries_to_note("记录逐项结果", refused)
    expect(mediator.page.get_by_role("dialog")).to_contain_text("请勾选已告知的")
    ways = [
        box.get_attribute("value")
        for box in mediator.page.get_by_role("dialog").get_by_role("checkbox").all()
    ]
    assert ways == ["arbitration", "administrative", "court"]
    for box in mediator.page.get_by_role("dialog").get_by_role("checkbox").all():
        box.check()
    mediator.page.get_by_role("dialog").locator("button[type=submit]").click()
    expect(mediator.page.get_by_role("dialog")).to_have_count(0)
    mediator.officer.opens(code)
    said = {
        "结果": "一方拒绝调解",
        "协议内容，或不成的原因和已告知的途径": "公司不愿再谈；已告知仲裁、行政、司法途径。",
    }
    mediator.officer.does("记录调解结果", said)

    registrar = desk.sign_in("county-registrar")
    registrar.opens(code)
    referral = "引导申请劳动仲裁"
    refers(
        registrar,
        referral,
        {"哪个机关或者单位": "恩平市劳动人事争议仲裁委员会", "请对方办什么": "加班工资争议。"},
    )
    answers(
        registrar, referral, "记录接收", {"对方由谁接收": "立案窗口", "对方的编号": "恩劳人仲案〔2026〕88号"}
    )
    it_is(date(2026, 10, 12))
    result = {"结果": "已裁决", "结果的内容": "裁决公司支付加班工资三千元。"}
    answers(registrar, referral, "记录交回的结果", result)
    expect(registrar.page.locator("#referrals")).to_contain_text("已交回结果 · 已裁决")
    dossier = bound(desk.sign_in("county-director"), code, tmp_path)
    begun = ["人民调解申请书", "人民调解受理登记表", "调解意愿登记表", "人民调解权利义务告知书"]
    proofs = ["身份证明 冯某某", f"身份证明 {FIRM}"]
    assert list(dossier.bookmarks) == [
        "卷内目录",
        *begun,
        *proofs,
        "人民调解记录",
        "卷宗情况说明",
        "材料移交单",
    ]
    nothing_differs(dossier, beside(lambda: facts(code)))
    says(
        dossier,
        as_begun(["冯某某", f"{FIRM}（法定代表人：钟某某）"])
        | {
            "冯某某": ON_EACH,
            f"{FIRM}（法定代表人：钟某某）": ON_EACH,
            "支付加班工资": ["人民调解申请书"],
            "公司不愿再谈": ["人民调解记录", "卷宗情况说明"],
            "司法途径：向有管辖权的人民法院起诉。": ["人民调解记录", "卷宗情况说明"],
            "告知途径日期2026年9月4日": ["卷宗情况说明"],
            f"冯某某与{FIRM}（法定代表人：钟某某）：全部诉求：一方拒绝，终止调解。": [
                "人民调解记录",
                "卷宗情况说明",
            ],
            "对方案号恩劳人仲案〔2026〕88号简要情况": ["材料移交单"],
            f"移交的材料身份证明冯某某身份证明{FIRM}恩平市综治中心移交人签名": ["材料移交单"],
            "2026年10月12日已裁决：裁决公司支付加班工资三千元。": ["卷宗情况说明"],
            "引导申请劳动仲裁：恩平市劳动人事争议仲裁委员会，编号恩劳人仲案〔2026〕88号；": ["卷宗情况说明"],
            "恩平市劳动人事争议仲裁委员会：": ["材料移交单"],
        },
    )


def test_what_the_court_assigned_goes_back_within_its_thirty_days(
    desk: Desk, matters: dict[str, str], it_is: Callable[[date], None], tmp_path: Path, beside: Beside
) -> None:
    code, both = matters["court"], ["何某某", "卢某某"]
    it_is(MEDIATED)
    registrar, assigned = desk.sign_in("county-registrar"), "法院委派调解（立案前）"
    registrar.opens(code)
    asked = {
        "哪个机关或者单位": COURT,
        "法院的要求": "立案前委派调解，三十日内交回结果。",
        "法院的案号或者委派、委托书编号": "（2026）粤0785诉前调345号",
        "签收人": "登记岗",
        "签收材料的时间": "2026-09-04T09:30",
    }
    refers(registrar, assigned, asked)
    expect(registrar.page.locator("#referrals")).to_contain_text("法定期限到 2026-10-")
    mediator = goes_to_mediation(desk, code, both)
    mediator.talks(both, "2026-09-04T11:00", "对过送货单，尾款两千元。", "尾款多少", way="视频")
    mediator.drafts(
        {"主要事实": "家具已送到，尾款未付。", "争议事项": "家具的尾款。", "各方责任": "买方付款。"},
        [
            {
                "约定": "付钱",
                "谁来做": "卢某某",
                "给谁": "何某某",
                "金额（元）": "2000",
                "到哪一天": "2026-09-20",
            }
        ],
    )
    mediator.answers_the_questions()
    mediator.all_sign(both, NAMES[Role.MEDIATOR], MEDIATED)
    it_is(date(2026, 9, 25))
    mediator.of_a_term("付给何某某", "履行", {"日期": "2026-09-20", "怎样履行的、有什么凭证": "转账付清。"})
    back = {"结果": "调解成功", "结果的内容": "达成书面协议，已付清。", "对方由谁接收": "立案庭"}
    answers(registrar, assigned, "记录交回的结果", back)
    expect(registrar.page.locator("#referrals")).to_contain_text("已交回结果 · 调解成功")
    visits(desk, code)
    dossier = bound(desk.sign_in("county-director"), code, tmp_path)
    lies_whole(dossier, ["身份证明 何某某", "身份证明 卢某某"], "人民调解协议书", ["移交调解结果函"])
    nothing_differs(dossier, beside(lambda: facts(code)))
    says(
        dossier,
        as_begun(both, "综治中心调解室（视频）")
        | {
            "何某某": ON_EACH,
            "卢某某": ON_EACH,
            "付清尾款": ["人民调解申请书"],
            "卢某某于2026年9月20日前（含当日）付给何某某人民币2,000.00元（大写：贰仟元整）": WRITTEN,
            f"法院委派调解（立案前）：{COURT}，编号（2026）粤0785诉前调345号，2026年9月4日签收": [
                "人民调解受理登记表"
            ],
            f"{COURT}：": ["移交调解结果函"],
            "（2026）粤0785诉前调345号": ["人民调解受理登记表", "移交调解结果函"],
            "调解成功。达成书面协议，已付清。": ["移交调解结果函"],
            "恩平市综治中心2026年9月25日": ["移交调解结果函"],
            "履行情况第1项：2026年9月20日履行2,000.00元": ["协议履行情况登记表"],
            "对过送货单，尾款两千元。": ["人民调解记录"],
            BY_THE_COMMITTEE: ["人民调解协议书", "移交调解结果函"],
        }
        | as_visited("2026年9月25日", "协议共1项，已履行1项"),
    )
