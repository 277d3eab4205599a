"""A mediator at the desk: the process, the agreement and the court of one matter, by the words of the pages."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journeys.officers import Officer, fill

COMMITTEE = "恩城街道人民调解委员会"
# One line of an agreement: what is filled into its row, by the labels.
Row = Mapping[str, Any]


def pictured(page: Page, name: str) -> None:
    """A picture for the mediator's guide, where FENGQIAO_PICTURES names the folder; else nothing."""
    folder = os.environ.get("FENGQIAO_PICTURES")
    if folder:
        page.set_viewport_size({"width": 1280, "height": 820})
        page.screenshot(path=Path(folder) / f"{name}.png")
        page.set_viewport_size({"width": 1440, "height": 1000})


class Mediator:
    """Somebody who writes down the course of one mediation."""

    def __init__(self, officer: Officer, code: str) -> None:
        self.officer, self.page, self.code = officer, officer.page, code

    def notes(self, action: str, values: Mapping[str, Any]) -> None:
        """One small form of the page of the mediation, filled in and taken."""
        self.tries_to_note(action, values)
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def tries_to_note(self, action: str, values: Mapping[str, Any]) -> Locator:
        self.page.goto(f"/matters/{self.code}/mediation")
        self.page.get_by_role("link", name=action, exact=True).click()
        return self._sends(action, values)

    def tells(self, parties: Sequence[str], on: date) -> None:
        """Who was told their rights and duties, from the matter's page."""
        self.officer.opens(self.code)
        self.page.get_by_role("link", name="告知权利义务").first.click()
        self._sends("告知权利义务", dict.fromkeys(parties, True) | {"告知日期": on.isoformat()})
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def is_a_committees(self) -> None:
        """A people's mediation committee mediates, since a party asked."""
        self.notes("登记调解组织", {"调解组织的类型": "人民调解委员会", "调解组织的名称": COMMITTEE})

    def talks(self, parties: Sequence[str], at: str, said: str, issues: str = "", **more: str) -> None:
        """A talk from the plan to its end, with what was said."""
        place = {"时间": at, "地点": more.get("place", "综治中心调解室")}
        kind = {"怎样谈": more.get("kind", "共同会谈"), "在哪里谈": more.get("way", "在中心")}
        self.notes("安排会谈", kind | place | dict.fromkeys(parties, True))
        self.notes("开始会谈", {})
        self.page.goto(f"/matters/{self.code}/mediation")
        self.page.locator("#talks .result").filter(has_text="正在谈").get_by_role("link").first.click()
        fill(self.page, {"谈了什么": said, "争议焦点（一行一个）": issues})
        self.page.get_by_role("button", name="现在保存").click()
        expect(self.page.locator("#saved")).to_contain_text("已保存")
        pictured(self.page, "talk")
        self.notes("结束会谈", {})
        pictured(self.page, "process")

    def agrees_orally(self, words: Mapping[str, str], rows: Sequence[Row]) -> None:
        self.tries_to_agree_orally(words, rows)
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("人调协字")

    def tries_to_agree_orally(self, words: Mapping[str, str], rows: Sequence[Row]) -> None:
        self._writes("记口头协议", words, rows)

    def drafts(self, words: Mapping[str, str], rows: Sequence[Row]) -> None:
        """A written agreement by its items; nothing is signed yet."""
        self._writes("写书面协议", words, rows)
        # The page on which it is written has a name like it, and no number.
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("人调协字")

    def answers_the_questions(self, *, but: Mapping[str, str] | None = None) -> None:
        """Every question of the table before signing: nothing, but for what is said."""
        form = self.page.locator("#check form")
        for group in form.get_by_role("radiogroup").all():
            asked = group.get_attribute("aria-label") or group.inner_text()
            said = next((words for part, words in (but or {}).items() if part in asked), "")
            group.get_by_label("涉及，已说明" if said else "没有问题", exact=True).check()
            if said:
                form.get_by_label("怎样说明的").locator("visible=true").last.fill(said)
        form.get_by_role("button", name="签署前核对").click()
        expect(self.page.locator("#sign")).to_be_visible()
        pictured(self.page, "signing")

    def takes_marks(self, values: Mapping[str, Any]) -> None:
        """One kind of mark on the paper, as it is written down."""
        fill(self.page.locator("#sign form"), values)
        self.page.locator("#sign").get_by_role("button", name="签署调解协议").click()

    def all_sign(self, parties: Sequence[str], mediator: str, on: date) -> None:
        """The parties, the mediator, and last the seal of the committee."""
        day = {"签署日期": on.isoformat()}
        chosen: dict[str, Any] = {} if len(parties) == 1 else dict.fromkeys(parties, True)
        self.takes_marks({"谁签的": "当事人"} | chosen | {"怎样签的": "按指印"} | day)
        expect(self.page.locator(".alert.success")).to_contain_text("已完成")
        self.takes_marks({"谁签的": "调解员", "调解员姓名或调解组织名称": mediator, "怎样签的": "签名"} | day)
        expect(self.page.locator(".alert.success")).to_contain_text("已完成")
        self.takes_marks(
            {"谁签的": "调解组织", "调解员姓名或调解组织名称": COMMITTEE, "怎样签的": "盖章"} | day
        )
        expect(self.page.locator("p.sub").filter(has_text="已生效")).to_be_visible()

    def of_a_term(self, term: str, action: str, values: Mapping[str, Any]) -> None:
        """What happened to one item of the agreement, from the matter's page."""
        self.officer.opens(self.code)
        line = self.page.locator("#agreements li").filter(has_text=term)
        line.get_by_role("link", name=action, exact=True).click()
        self._sends("", values)
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def _sends(self, action: str, values: Mapping[str, Any]) -> Locator:
        dialog = self.page.get_by_role("dialog")
        expect(dialog.get_by_role("heading", level=2)).to_contain_text(action)
        fill(dialog, values)
        dialog.locator("button[type=submit]").click()
        return dialog

    def _writes(self, way: str, words: Mapping[str, str], rows: Sequence[Row]) -> None:
        self.officer.opens(self.code)
        self.page.locator("#agreements").get_by_role("link", name=way).click()
        fill(self.page, words)
        for _ in rows[1:]:
            self.page.get_by_role("button", name="再加一项").click()
        for place, row in zip(self.page.locator("#terms-rows [data-row]").all(), rows, strict=True):
            fill(place, row)
        self.page.get_by_role("button", name="保存", exact=True).click()


class AtCourt:
    """What is written down of an agreement's way to the court."""

    def __init__(self, mediator: Mediator) -> None:
        self.mediator, self.page = mediator, mediator.page
        self.address = ""

    def prepares(self, court: str, ground: str) -> None:
        """Which court, by what ground, and what the program cannot know: nothing of it."""
        self.mediator.officer.opens(self.mediator.code)
        self.page.locator("#court").get_by_role("link", name="准备司法确认").click()
        fill(self.page, {"法院全称": court, "凭什么向这个法院申请": ground})
        for each in self.page.get_by_label("不涉及", exact=True).all():
            each.check()
        self.page.get_by_role("button", name="保存", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(court)
        pictured(self.page, "court")
        self.address = self.page.url

    def notes(self, action: str, values: Mapping[str, Any]) -> None:
        self.page.goto(self.address)
        self.page.get_by_role("link", name=action, exact=True).click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        fill(dialog, values)
        dialog.locator("button[type=submit]").click()
        expect(dialog).to_have_count(0)
        self.page.goto(self.address)
