"""People at the desk: each has a browser window of their own and does what the screen offers, by its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect

# A form that comes back, or somebody who may not, is an answer of ours; Chromium writes it to the console.
ANSWERS = (403, 409, 422)


class Desk:
    """The served desk, and everybody who has signed in to it."""

    def __init__(self, address: str, browser: Browser, patience_ms: int, sessions: dict[str, Any]) -> None:
        self.address, self._browser, self._patience = address, browser, patience_ms
        self._sessions = sessions
        self.troubles: list[str] = []
        self._windows: list[Any] = []

    def window(self, session: Any = None) -> Page:
        """A fresh window of a browser in which nobody has signed in, or somebody has before."""
        context = self._browser.new_context(
            viewport={"width": 1440, "height": 1000},
            storage_state=session,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=self.address,
        )
        context.set_default_timeout(self._patience)
        self._windows.append(context)
        page = context.new_page()
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        return page

    def sign_in(self, name: str) -> Officer:
        """A window in which this person has signed in, in this test or in one before it.

        ``name`` is place and post: county-registrar, labour-handler.
        """
        page = self.window(self._sessions.get(name))
        page.goto("/")
        if name not in self._sessions:
            give_password(page, name)
        expect(page.get_by_role("button", name="退出")).to_be_attached()
        self._sessions[name] = page.context.storage_state()
        return Officer(self, page, name)

    def close(self) -> None:
        for context in self._windows:
            context.close()

    def _on_console(self, message: ConsoleMessage) -> None:
        answered = any(f"status of {status} " in message.text for status in ANSWERS)
        if message.type == "error" and not answered:
            self.troubles.append(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in ("data", "blob") and asked.netloc != urlsplit(self.address).netloc:
            self.troubles.append(f"asked another host: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in ANSWERS:
            self.troubles.append(f"{response.status}: {response.url}")


class Officer:
    """One person in one post at the desk."""

    def __init__(self, desk: Desk, page: Page, name: str) -> None:
        self.desk, self.page, self.name = desk, page, name

    def opens(self, code: str) -> None:
        self.page.goto(f"/matters/{code}/")

    def opens_my_work(self) -> None:
        self.page.goto("/")
        expect(self.page.get_by_role("heading", level=1, name="我的工作")).to_be_visible()

    def waiting(self, title: str) -> str:
        """The row of my work with this title, read from left to right; empty where it does not wait."""
        self.opens_my_work()
        row = self.page.get_by_role("row").filter(has=self.page.get_by_role("link", name=title, exact=True))
        return " ".join(row.inner_text().split()) if row.count() else ""

    def takes(self, title: str) -> str:
        """Opens the matter from its row in my work, with the next action ready; returns what the row said."""
        row = self.waiting(title)
        assert row, f"{title} does not wait for {self.name}"
        self.page.get_by_role("link", name=title, exact=True).click()
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        return row

    def does(self, action: str, values: Mapping[str, Any] | None = None, *, of: str = "") -> None:
        """Chooses an action of the open matter, fills it in, sends it, and sees that it was done."""
        self.tries(action, values, of=of)
        expect(self.page.locator(".alert.success")).to_contain_text(f"{action}：已完成")

    def tries(self, action: str, values: Mapping[str, Any] | None = None, *, of: str = "") -> None:
        """The same, whatever the answer; ``of`` names the department whose assignment is meant."""
        self.chooses(action, of=of)
        form = self.form
        fill(form, values or {})
        form.get_by_role("button", name=action, exact=True).click()

    def chooses(self, action: str, *, of: str = "") -> None:
        """Opens an action of the open matter, unless it is the one that is open already."""
        heading = self.page.locator("#next > header")
        words = " ".join(heading.inner_text().split())
        if words == f"{action} {of}".strip() or (not of and words.split(" ")[0] == action):
            return
        name = f"{action} · {of}" if of else action
        offer = self.page.locator("#next").get_by_role("link", name=re.compile(f"^{re.escape(name)}( · |$)"))
        if not offer.is_visible():
            self.page.locator("#next").get_by_text("更多", exact=True).click()
        offer.click()
        expect(self.page.locator("#next h2")).to_have_text(action)

    @property
    def form(self) -> Locator:
        """The open action of the matter."""
        return self.page.locator("#next form[method=post]")

    @property
    def state(self) -> str:
        """Where the matter stands, as the head of its page says."""
        return self.page.locator(".matter-now b").inner_text()

    @property
    def holders(self) -> list[str]:
        """Who has the matter now: the bodies on the card of that name, each read from top to bottom."""
        cards = self.page.locator("section.card").filter(
            has=self.page.get_by_role("heading", name="现在由谁办")
        )
        return [" ".join(text.split()) for text in cards.locator(".three > div").all_inner_texts()]

    @property
    def code(self) -> str:
        """The code in the head of the open matter."""
        return self.page.locator(".matter-head p").first.inner_text().split()[0]

    @property
    def history(self) -> list[str]:
        """The first line of every event of the open matter, oldest first."""
        lines = self.page.locator("#history li > div").all_inner_texts()
        return [line.splitlines()[0] for line in reversed(lines)]


def give_password(page: Page, name: str) -> None:
    """Signs in on the sign-in page that is open."""
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(f"pass-{name}")
    page.get_by_role("button", name="登录").click()


def labelled(within: Page | Locator, label: str) -> Locator:
    """The control with this label; a mark of what is required may follow the words."""
    return within.get_by_label(re.compile(rf"^{re.escape(label)}(\s*\*)?$"))


def fill(within: Page | Locator, values: Mapping[str, Any]) -> None:
    """Fills controls by their labels, as their kind wants it; a radio's value is the words beside it."""
    for label, value in values.items():
        group = within.get_by_role("radiogroup", name=label)
        if group.count():
            group.get_by_label(value, exact=True).check()
            continue
        if value is True:
            # One box of several: its label stands around it.
            within.get_by_label(label, exact=True).check()
            continue
        control = labelled(within, label)
        kind = control.evaluate("each => each.tagName + ':' + (each.type || '')")
        if kind.startswith("SELECT"):
            control.select_option(label=value)
        elif kind == "INPUT:file":
            control.set_input_files(value)
        elif kind == "INPUT:checkbox":
            control.set_checked(value)
        else:
            control.fill(value)


def handed_in(name: str, content: bytes) -> dict[str, Any]:
    """A file as somebody brings it; what its browser says of its kind is worth nothing."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}
