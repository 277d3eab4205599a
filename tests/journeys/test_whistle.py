"""吹哨报到: called now, on the way, there, done, counted in minutes; a court is invited, never commanded."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.officers import Desk, Officer, fill

pytestmark = pytest.mark.journey

PLACE = "黄泥坑村口"
WHY = "两家人在村口争地界，围观的人越来越多"


def call_of(officer: Officer, department: str) -> Locator:
    """What the page of whistles says of one called body."""
    running = officer.page.locator("#whistle-list .result")
    return running.filter(has=officer.page.get_by_text(department, exact=True))


def read(part: Locator) -> str:
    return timeless(" ".join(part.inner_text().split()))


def timeless(text: str) -> str:
    """Minutes are shown; how many the test itself takes is not its matter."""
    return re.sub(r"\d+ 分钟", "… 分钟", text)


def blows(commander: Officer) -> None:
    page = commander.page
    page.get_by_role("link", name="吹哨报到").click()
    expect(page.get_by_text("现在没有进行中的吹哨。")).to_be_visible()
    page.locator("summary", has_text="吹哨").click()
    form = page.locator("#blow form")
    fill(
        form,
        {
            "叫谁来": ["恩平市公安局", "恩平市法院局"],
            "到哪里": "村居",
            "所在村居": "黄泥坑村",
            "为什么事": WHY,
        },
    )
    form.get_by_role("button", name="吹哨").click()
    expect(form.get_by_role("alert")).to_have_text("这个字段是必填项。")
    expect(form.get_by_label("为什么事")).to_have_value(WHY)
    fill(form, {"具体地点": PLACE})
    form.get_by_role("button", name="吹哨").click()
    expect(page.locator(".alert.success")).to_have_text("已吹哨，等对方应哨。")


def test_police_come_and_a_court_is_invited(desk: Desk):
    commander = desk.sign_in("county-duty_commander")
    blows(commander)
    assert read(call_of(commander, "市公安")) == "市公安 已吹哨 … 分钟 取消这次吹哨"
    assert read(call_of(commander, "市法院")) == "市法院 邀请 已吹哨 … 分钟 取消这次吹哨"

    # The police hear it on every page of theirs; who was not called hears nothing.
    police = desk.sign_in("police-handler")
    police.page.goto("/ledger/")
    strip = police.page.get_by_role("link", name="恩平市综治中心吹哨，请到 黄泥坑村口")
    expect(strip).to_contain_text(re.compile(r"\d 分钟"))
    assert timeless(police.waiting(PLACE)) == f"… 分钟 {PLACE} {WHY} 恩平市综治中心 · 已吹哨 应哨"
    court = desk.sign_in("court-handler")
    assert timeless(court.waiting(PLACE)) == f"… 分钟 {PLACE} {WHY} 恩平市综治中心 · 邀请 · 已吹哨 应哨"
    labour = desk.sign_in("labour-handler")
    assert labour.waiting(PLACE) == ""
    expect(labour.page.locator("main")).not_to_contain_text(PLACE)

    police.page.get_by_role("link", name="应哨").click()
    assert read(call_of(police, "市公安")) == "市公安 已吹哨 … 分钟 在路上了 已经到场"
    # Nobody answers for another.
    expect(call_of(police, "市法院").get_by_role("button")).to_have_count(0)
    police.page.get_by_role("button", name="在路上了").click()
    expect(police.page.locator(".alert.success")).to_have_text("已记录：在路上。")
    assert read(call_of(police, "市公安")) == "市公安 在路上 … 分钟 部门承办人police 已经到场"
    expect(strip).to_have_count(0)
    police.page.get_by_role("button", name="已经到场").click()
    expect(police.page.locator(".alert.success")).to_have_text("已记录：已到场。")
    police.page.get_by_role("button", name="处置完了").click()
    expect(call_of(police, "市公安").get_by_role("alert")).to_have_text("请写明处置的结果。")
    police.page.get_by_label("处置的结果").fill("双方劝开，约好明天到镇上量地界。")
    police.page.get_by_role("button", name="处置完了").click()
    expect(police.page.locator(".alert.success")).to_have_text("已记录：已处置。")
    assert police.waiting(PLACE) == ""

    # The commander sees it, and lets the court off.
    page = commander.page
    page.reload()
    done = "市公安 已处置 … 分钟 部门承办人police 双方劝开，约好明天到镇上量地界。 评分"
    assert read(call_of(commander, "市公安")) == done

    # Who called says how the department answered; the court is not scored.
    call_of(commander, "市公安").get_by_role("link", name="评分").click()
    expect(page.get_by_text("不评个人")).to_be_visible()
    page.get_by_role("button", name="评分").click()
    expect(page.get_by_role("alert").first).to_have_text("这个字段是必填项。")
    page.get_by_label("5 分：很快到场，问题解决").check()
    page.get_by_label("理由").fill("十分钟就到，当场劝开。")
    page.get_by_role("button", name="评分").click()
    expect(page.locator(".alert.success")).to_have_text("已评分。")
    expect(call_of(commander, "市公安")).to_contain_text("值班指挥长county评 5 分 十分钟就到，当场劝开。")
    police.page.goto("/whistles/scores")
    police.page.locator("table.figures").get_by_role("link", name="5.0").first.click()
    expect(police.page.locator("#rows")).to_contain_text("十分钟就到，当场劝开。")
    page.goto("/whistles/")
    page.get_by_label("为什么取消").fill("不用来了，明天在镇上丈量。")
    page.get_by_role("button", name="取消这次吹哨").click()
    expect(page.get_by_text("现在没有进行中的吹哨。")).to_be_visible()
    ended = page.get_by_role("row").filter(has_text=PLACE)
    expect(ended).to_contain_text(re.compile(r"市公安 · 已处置 \d+ 分钟到"))
    expect(ended).to_contain_text("市法院 · 已取消")
    assert court.waiting(PLACE) == ""


def test_the_minutes_of_a_call_count_up_and_keep_no_session_alive(desk: Desk):
    commander = desk.sign_in("county-duty_commander")
    page = commander.page
    page.goto("/whistles/")
    page.locator("summary", has_text="吹哨").click()
    fill(page.locator("#blow form"), {"叫谁来": ["恩平市住建局"], "具体地点": "危房旁", "为什么事": "墙要倒"})
    page.locator("#blow form").get_by_role("button", name="吹哨").click()
    expect(page.locator(".alert.success")).to_have_text("已吹哨，等对方应哨。")

    housing = desk.sign_in("housing-handler")
    page = housing.page
    page.clock.install()
    page.goto("/ledger/")
    strip = page.get_by_role("link", name="恩平市综治中心吹哨，请到 危房旁")
    expect(strip).to_contain_text(re.compile(r"\d 分钟"))
    with page.expect_request("**/whistles/waiting") as asked:
        page.clock.fast_forward("25:00")
    assert asked.value.header_value("x-unattended") == "1"
    expect(strip).to_contain_text(re.compile(r"2[5-9] 分钟"))
