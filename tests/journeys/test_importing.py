"""A ledger with ten faults comes in by the page: each is seen by its cell, mended, and sent again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.exchange.faults import BAD, FAULTS, FORMULA, GOOD, ROWS, TWICE, mended, planted
from tests.journeys.officers import Desk, fill, handed_in

pytestmark = pytest.mark.journey


def send(page: Page, name: str, content: bytes) -> None:
    page.get_by_role("link", name="导入", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="导入台账")).to_be_visible()
    fill(page, {"台账文件": handed_in(name, content), "台账日期": "2025-12-31"})
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", level=2, name="待确认")).to_be_visible()


def numbers(page: Page) -> list[int]:
    """rows, registered, already there, rejected."""
    return [int(text) for text in page.locator("#run .nums b").all_inner_texts()]


def rows(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("#bad tbody tr").all_inner_texts()]


def confirm(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^确认登记这")).click()
    expect(page.get_by_role("heading", level=2, name="已导入")).to_be_visible()


def test_a_ledger_with_ten_faults_is_mended_and_sent_again(desk: Desk, tmp_path: Path) -> None:
    officer = desk.sign_in("county-director")
    page = officer.page
    send(page, "某镇台账.xlsx", planted())
    assert numbers(page) == [ROWS, GOOD, TWICE, BAD]
    expect(page.get_by_text("其中 1 行与同一文件里前面的行相同，只登记一次。")).to_be_visible()
    told = rows(page)
    # The first row stands on line 4; the faults begin with the fifth row.
    faults = [(column, said) for column, (_written, said, _put) in FAULTS.items()] + [FORMULA[:2]]
    assert len(told) == len(faults)
    for line, (column, said) in enumerate(faults, 8):
        assert told[line - 8].startswith(f"第 {line} 行 {column} "), told
        assert said in told[line - 8]
    confirm(page)
    assert numbers(page) == [ROWS, GOOD, TWICE, BAD]
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载有问题的行").click()
    path = tmp_path / "bad.xlsx"
    waiting.value.save_as(path)
    assert waiting.value.suggested_filename == "某镇台账-未导入的行.xlsx"

    # What body is meant a person says, once; the other cells are mended in the workbook.
    page.get_by_role("link", name="说明是哪个部门").click()
    fill(page, {"对应的部门": "没有对应的部门"})
    page.get_by_role("button", name="记下").click()
    expect(page.locator(".alert.success")).to_contain_text("已记下“某某所”")
    send(page, "某镇台账-未导入的行.xlsx", mended(path.read_bytes()))
    assert (numbers(page), rows(page)) == ([BAD, BAD, 0, 0], [])
    confirm(page)
    assert numbers(page) == [BAD, BAD, 0, 0]

    # The first file once more: what is here is not taken again, nor the row whose body is known by now.
    send(page, "某镇台账.xlsx", planted())
    assert numbers(page) == [ROWS, 0, GOOD + TWICE + 1, BAD - 1]
    page.get_by_role("button", name="撤下，不导入").click()
    expect(page.get_by_role("heading", level=2, name="已撤下")).to_be_visible()
