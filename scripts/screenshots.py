"""Full-page screenshots of the desk, to be looked at: at 1440 and 390 px, in Chinese and English.

    python scripts/screenshots.py http://localhost:8000 LOGIN PASSWORD OUT_DIR / /register/ /ledger/

Prints for each picture what the browser complained of and whether the page is wider than the window; ends with 1
when something was.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, sync_playwright

WIDTHS = (1440, 390)
LANGUAGES = {"zh": "zh-hans", "en": "en"}
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
]


def main() -> int:
    asked = _arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if program is None:
        sys.exit("no Chromium is installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        windows = _signed_in(browser, asked)
        troubled = [
            window.shoot(path, language, asked.out)
            for language in LANGUAGES
            for path in asked.paths
            for window in windows
        ]
        browser.close()
    return int(any(troubled))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("base", metavar="BASE_URL", type=lambda url: url.rstrip("/"))
    parser.add_argument("login", metavar="LOGIN")
    parser.add_argument("password", metavar="PASSWORD")
    parser.add_argument("out", metavar="OUT_DIR", type=Path)
    parser.add_argument("paths", metavar="path", nargs="+", help="like /ledger/?step=track")
    return parser.parse_args()


def _signed_in(browser: Browser, asked: argparse.Namespace) -> list[Window]:
    """A window of each width with the same session; a person with several posts acts as the first."""
    first = browser.new_context(base_url=asked.base, timezone_id="Asia/Shanghai")
    page = first.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", asked.login)
    page.fill("[name=password]", asked.password)
    page.click("form[action*=login] button[type=submit]")
    page.wait_for_load_state()
    if page.url.endswith("/posts"):
        page.locator("button[name=post]").first.click()
    page.wait_for_load_state()
    if "/accounts/" in page.url:
        sys.exit(f"not signed in: {page.locator('main').inner_text()}")
    return [Window(browser, asked.base, first.storage_state(), width) for width in WIDTHS]


class Window:
    """A browser's window of one width, and what it complained of since the last picture."""

    def __init__(self, browser: Browser, base: str, session: Any, width: int) -> None:
        self.width, self.base = width, base
        self.complaints: list[str] = []
        context = browser.new_context(
            base_url=base,
            storage_state=session,
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": 1000 if width > 800 else 844},
        )
        self.page = context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def shoot(self, path: str, language: str, out: Path) -> bool:
        """Takes the picture; returns whether there was something to complain of."""
        self.complaints.clear()
        # The page's own button would keep the language for the person; the cookie is only this browser's.
        self.page.context.add_cookies(
            [{"name": "django_language", "value": LANGUAGES[language], "url": self.base}]
        )
        self.page.goto(path, wait_until="networkidle")
        over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            self.complaints.append(f"{over} px wider than the window")
        name = re.sub(r"[^\w.-]+", "-", path).strip("-") or "desk"
        target = out / f"{name}-{self.width}-{language}.png"
        self.page.screenshot(path=target, full_page=True)
        print(target, *self.complaints, sep="\n    ")
        return bool(self.complaints)


if __name__ == "__main__":
    sys.exit(main())
