"""A limit from yellow to the end: the bureau is reminded, asks for more time, falls behind, is supervised by a
letter that the commission decides on, gets its extension, and settles. Each hears of it in their own inbox."""

import os
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.accounts.enums import Role
from fengqiao.clocks.domain import stating
from fengqiao.clocks.enums import FactKind
from fengqiao.dispatch.domain import dispatching, handling
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting, assessing
from fengqiao.matters.enums import Channel, Risk, Track
from tests.journeys import served
from tests.journeys.officers import Desk, Officer, fill
from tests.matters.ground import act
from tests.small_county import SmallCounty, assignments, registered

pytestmark = [pytest.mark.journey, pytest.mark.prove]

LABOUR = (Role.HANDLER, "labour")
TITLE = "信访复核：厂方拖欠三个月工资"
LIMIT = "信访 · 申诉求决类出具处理意见"
# Sixty days, yellow for the last ten working days: whatever holidays lie between, it is yellow and not yet over.
CHECKED_IN = timedelta(days=52)
# Put right to a day from which the sixty days are over, long enough for a letter to be proposed.
REALLY = timedelta(days=80)
REGISTERED, DISPATCHED = timedelta(days=86), timedelta(days=82)
PAST_DUE = "交办后第二天已经接收材料，应当从那天算起"
GROUNDS = "处理意见的时限已过，没有写出结果。"
RESULT = "厂方已付清三个月工资，双方签字确认。"


def at(ago: timedelta) -> datetime:
    """That long ago, at ten in the morning."""
    day = clock.now().astimezone(clock.SHANGHAI) - ago
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture(scope="module")
def matters(county: SmallCounty, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """A petition that the labour bureau has had for weeks."""
    with django_db_blocker.unblock():
        with clock.at(at(REGISTERED)):
            matter = registered(county, channel=Channel.PETITION, title=TITLE)
            act(county, Role.REGISTRAR, accepting.accept, matter)
            act(
                county,
                Role.REGISTRAR,
                assessing.skip_mediation,
                matter,
                refused=True,
                reason="对方明确拒绝调解",
            )
            grounds = "双方情绪平稳，没有过激的言行。"
            act(county, Role.DISPATCHER, assessing.assess, matter, level=Risk.LOW, grounds=grounds)
            act(county, Role.DISPATCHER, assessing.route, matter, track=Track.PETITION, reason="属信访事项")
            told = {"kind": FactKind.ACKNOWLEDGED, "at": clock.now(), "reason": "当面书面告知"}
            act(county, Role.REGISTRAR, stating.record, matter, **told)
        with clock.at(at(DISPATCHED)):
            lead = county.department("labour").id
            act(county, Role.DISPATCHER, dispatching.dispatch, matter, lead=lead, message="请依法处理并答复")
        with clock.at(at(CHECKED_IN)):
            act(county, LABOUR, handling.check_in, assignment_id=assignments(county, matter)[-1].id)
    return {"petition": matter.code}


def sweeps() -> None:
    """The worker looks now, and not at the next full minute; whoever is reminded is in the queue's own time."""
    subprocess.run(
        [sys.executable, "-m", "fengqiao", "procrastinate", "defer", "clocks.sweep", '{"timestamp": 0}'],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": served.__name__},
        capture_output=True,
        check=True,
    )


def is_told(officer: Officer, words: str) -> None:
    """In the inbox, sooner or later, stands this sentence about the matter."""
    page = officer.page
    page.goto("/notices/")
    row = page.get_by_role("row").filter(has_text=words).filter(has_text=TITLE)
    for _ in range(60):
        if row.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(row).to_have_count(1)


def limit_on(page: Page) -> str:
    """What the section of limits says of this one, without its explanation."""
    line = page.locator("#clocks .result").filter(has=page.get_by_text(LIMIT, exact=True))
    return " ".join(line.locator(":scope > *:not(details)").all_inner_texts())


def confirms(page: Page, values: dict[str, str], becomes: str) -> None:
    """Fills the open dialog in, sees what will become of the limits, and confirms just that."""
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    fill(dialog, values)
    dialog.get_by_role("button", name="先看新的届满日").click()
    expect(dialog.get_by_role("status")).to_contain_text(becomes)
    dialog.get_by_role("button", name="确认").click()
    expect(dialog).to_have_count(0)


def on_its_limit(page: Page, verb: str) -> None:
    line = page.locator("#clocks .result").filter(has=page.get_by_text(LIMIT, exact=True))
    line.get_by_role("button", name=verb).click()


def test_from_yellow_to_settled(desk: Desk, matters: dict[str, str]):
    code = matters["petition"]
    labour, director = desk.sign_in("labour-handler"), desk.sign_in("county-director")
    dispatcher, commission = desk.sign_in("county-dispatcher"), desk.sign_in("county-commission")

    # Yellow: the bureau is reminded, and nobody above it yet.
    sweeps()
    is_told(labour, "有时限快到了，请抓紧办")
    labour.opens(code)
    assert "还剩" in limit_on(labour.page)
    dispatcher.page.goto("/notices/")
    expect(dispatcher.page.get_by_text("有事项超期未办，请催办")).to_have_count(0)

    # In time it asks for more; asking moves nothing.
    on_its_limit(labour.page, "申请延长")
    confirms(
        labour.page, {"延长多少": "30", "为什么需要延长": "需要委托工资审计"}, "各个时限的届满日都不变。"
    )
    expect(labour.page.locator("#clocks")).to_contain_text("申请延长，等审批：需要委托工资审计")

    # The director puts right when the bureau had it: the limit was over long ago, and is red at once.
    page = director.page
    page.goto(f"/matters/{code}/facts/")
    row = page.get_by_role("row").filter(has_text="报到")
    row.get_by_role("button", name="更正").click()
    really = at(REALLY).strftime("%Y-%m-%dT%H:%M")
    confirms(page, {"应是什么时候": really, "为什么更正": PAST_DUE}, LIMIT)
    director.opens(code)
    assert "超期" in limit_on(page)
    sweeps()
    is_told(labour, "有时限到了还没有办，请马上办")
    is_told(dispatcher, "有事项超期未办，请催办")
    is_told(director, "有事项超期多日未办，请过问")

    # The letter: proposed by the centre with what the clocks say, decided by the commission alone.
    page = dispatcher.page
    dispatcher.opens(code)
    supervision = page.locator("#supervision")
    expect(supervision).to_contain_text("可以对市人社提请督办函")
    supervision.get_by_role("link", name="提请督办函").first.click()
    dialog = page.get_by_role("dialog")
    fill(dialog, {"为什么提请督办": GROUNDS})
    dialog.get_by_role("button", name="提交").click()
    expect(page.locator("#supervision .result").first).to_contain_text("单位可以申辩到")
    labour.opens(code)
    answers(labour.page, "申辩", {"申辩的事实和理由": "审计结论下周出具，已申请延长。"})
    commission.page.goto("/supervision/")
    commission.page.get_by_role("link", name=TITLE).click()
    decided = {"决定": "同意", "决定的依据和理由": "事实清楚，同意发函督办。"}
    answers(commission.page, "决定", decided)
    dispatcher.opens(code)
    letter = page.locator("#supervision").get_by_role("link", name="号")
    expect(letter).to_be_visible()
    letter.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("督办函")
    expect(page.locator("article")).to_contain_text("恩平市人社局")

    # What was asked in time is granted late: the limit runs again, and nothing is red any more.
    page = director.page
    director.opens(code)
    on_its_limit(page, "审批延长")
    granted = {"审批": "同意", "依据要求的手续": "已书面告知信访人延长的理由"}
    confirms(page, granted, LIMIT)
    assert "还剩" in limit_on(page)
    page.locator("#clocks details summary").first.click()
    told = page.locator("#clocks .explained").first
    expect(told).to_contain_text("已书面告知信访人延长的理由")
    expect(told).to_contain_text("信访工作条例(2022) 第34条")

    # Done: the limit stands still, the supervision is over with the matter.
    labour.opens(code)
    labour.does("写办理结果", {"办理结果": RESULT})
    dispatcher.opens(code)
    dispatcher.does("办结")
    assert dispatcher.state == "待回访"
    assert "停" in limit_on(dispatcher.page)
    for line in ("延长", "督办", "更正"):
        assert any(line in said for said in dispatcher.history), line


def answers(page: Page, action: str, values: dict[str, str]) -> None:
    """Takes the step of the supervision that is offered, in its dialog."""
    page.locator("#supervision").get_by_role("link", name=action).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    fill(dialog, values)
    dialog.get_by_role("button", name="提交").click()
    expect(dialog).to_have_count(0)
