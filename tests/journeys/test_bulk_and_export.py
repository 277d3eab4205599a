"""Many matters at once, and the ledger taken along: ticked and handed over; filtered, saved, exported, opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker
from python_calamine import CalamineWorkbook

from fengqiao.matters.enums import State
from tests.journeys.officers import Desk, fill
from tests.small_county import SmallCounty, brought_to

pytestmark = pytest.mark.journey

TITLES = ("陶瓷厂欠薪", "水暖厂欠薪", "工地欠薪")
NOT_READY = "还没研判的一件"
MESSAGE = "请在十五日内依法处理，书面答复当事人。"


@pytest.fixture(scope="module")
def matters(county: SmallCounty, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    with django_db_blocker.unblock():
        found = {title: brought_to(county, State.DISPATCHING, title=title).code for title in TITLES}
        found[NOT_READY] = brought_to(county, State.ASSESSING, title=NOT_READY).code
    return found


def ticks(page: Page, *titles: str) -> None:
    for title in titles:
        page.get_by_role("checkbox", name=f"选中：{title}").check()


def rows_under(page: Page, heading: str) -> list[str]:
    card = page.locator("section.card").filter(has=page.get_by_role("heading", name=heading))
    return sorted(card.locator("a.t").all_inner_texts())


def test_three_matters_are_handed_over_at_once_and_the_fourth_says_why_not(
    desk: Desk, matters: dict[str, str]
) -> None:
    dispatcher = desk.sign_in("county-dispatcher")
    dispatcher.opens_my_work()
    page = dispatcher.page
    ticks(page, *TITLES, NOT_READY)
    page.get_by_role("button", name="批量交办").click()
    expect(page.get_by_role("heading", level=1, name="批量交办")).to_be_visible()
    form = page.locator("form").filter(has=page.get_by_role("button", name="预览"))
    fill(form, {"主办": "恩平市人社局", "交办要求": MESSAGE})
    form.get_by_role("button", name="预览").click()
    expect(page.get_by_role("heading", name="3 件可以办")).to_be_visible()
    assert rows_under(page, "3 件可以办") == sorted(TITLES)
    assert rows_under(page, "1 件不能办") == [NOT_READY]
    # Nothing has happened yet.
    labour = desk.sign_in("labour-handler")
    assert [labour.waiting(title) for title in TITLES] == [""] * 3
    page.get_by_role("button", name="确认办理这 3 件").click()
    expect(page.get_by_text("办成 3 件，没有办成 0 件。")).to_be_visible()
    assert rows_under(page, "办成了") == sorted(TITLES)
    for title in TITLES:
        assert "待报到" in labour.waiting(title)
    assert labour.waiting(NOT_READY) == ""
    dispatcher.opens(matters[TITLES[0]])
    assert dispatcher.state == "部门在办"
    assert any(MESSAGE in text for text in page.locator("#history").all_inner_texts())


def test_the_ledger_is_saved_as_a_view_exported_and_opens_in_a_spreadsheet(
    desk: Desk, matters: dict[str, str], tmp_path: Path
) -> None:
    director = desk.sign_in("county-director")
    page = director.page
    page.goto("/ledger/")
    page.locator("summary", has_text="筛选").click()
    page.get_by_label("编号、关键词").fill("欠薪")
    page.get_by_label("排序").select_option(label="最早登记在前")
    page.locator("form[method=get]").get_by_role("button", name="筛选").click()
    expect(page.locator("a.t")).to_have_count(3)

    page.get_by_role("link", name="保存为视图").click()
    expect(page.get_by_text("按当事人查找的结果不会保存")).to_be_visible()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_have_text("这个字段是必填项。")
    fill(page, {"名字": "欠薪的", "本中心的人都能用": True})
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".alert.success")).to_have_text("已保存。")
    dispatcher = desk.sign_in("county-dispatcher")
    dispatcher.opens_my_work()
    dispatcher.page.get_by_role("link", name="保存的视图").click()
    dispatcher.page.get_by_role("link", name="欠薪的").click()
    expect(dispatcher.page.get_by_role("heading", level=1)).to_have_text("台账 · 欠薪的")
    expect(dispatcher.page.locator("a.t")).to_have_count(3)

    page.get_by_role("link", name="欠薪的").click()
    page.get_by_role("button", name="Excel").click()
    expect(page.get_by_role("heading", level=1, name="我的导出")).to_be_visible()
    # Written by the worker; the page looks by itself.
    with page.expect_download() as loading:
        page.get_by_role("link", name="下载").click()
    assert loading.value.suggested_filename.startswith("台账-")
    path = tmp_path / "ledger.xlsx"
    loading.value.save_as(path)
    book: Any = CalamineWorkbook.from_path(str(path))
    names, *rows = book.get_sheet_by_index(0).to_python()
    assert names[:2] == ["编号", "标题"]
    assert [(row[0], row[1]) for row in rows] == [(matters[title], title) for title in TITLES]
    cover = dict(book.get_sheet_by_name("说明").to_python())
    assert (cover["行数"], cover["条件"]) == ("3", "编号、关键词：欠薪；排序：最早登记在前")

    page.get_by_role("link", name="从保存的视图设定").click()
    page.get_by_role("link", name="定时导出").click()
    expect(page.get_by_label("星期几")).to_be_hidden()
    page.get_by_label("多久一次").select_option(label="每周")
    page.get_by_label("星期几").select_option(label="星期五")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("每周：星期五 06:00")).to_be_visible()
