"""A security key as second factor: added, signed in with, not to hand, removed; with Chromium's own virtual key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PATIENCE_MS
from tests.journeys.officers import Desk, give_password

DIRECTOR = "county-director"
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def desk(address: str, browser: Browser, sessions: dict[str, Any]) -> Iterator[Desk]:
    """The desk by a name: a key is bound to a name, never to a number, and `localhost` counts as secure."""
    running = Desk(address.replace("127.0.0.1", "localhost"), browser, PATIENCE_MS, sessions)
    yield running
    running.close()
    assert running.troubles == []


def with_a_key(page: Page, credentials: list[Any]) -> tuple[Any, str]:
    """Plugs a virtual key into the page's window; ``credentials`` is what it has learned before."""
    plug = page.context.new_cdp_session(page)
    plug.send("WebAuthn.enable")
    key = plug.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    for credential in credentials:
        plug.send("WebAuthn.addCredential", {"authenticatorId": key, "credential": credential})
    return plug, key


def at_the_second_factor(desk: Desk, page: Page) -> None:
    page.goto("/")
    give_password(page, DIRECTOR)
    expect(page.get_by_role("heading", level=1, name="第二重验证")).to_be_visible()


def test_added_used_not_to_hand_and_removed(desk: Desk):
    page = desk.window()
    page.goto("/")
    give_password(page, DIRECTOR)
    expect(page.get_by_role("button", name="退出")).to_be_attached()
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="用安全密钥").click()
    plug, key = with_a_key(page, [])
    page.get_by_label("给它起个名").fill("办公室的")
    page.get_by_role("button", name="添加").click()
    # Who lost the key signs in with one of these.
    expect(page.get_by_role("heading", level=1, name="备用码")).to_be_visible()
    codes = re.findall(r"\d{8}", page.locator("pre").inner_text())
    assert len(codes) == 10
    [credential] = plug.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("办公室的")).to_be_visible()
    page.get_by_role("link", name="改名").click()
    page.get_by_label("给它起个名").fill("抽屉里的")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("抽屉里的")).to_be_visible()

    another = desk.window()
    at_the_second_factor(desk, another)
    with_a_key(another, [credential])
    another.get_by_role("button", name="用安全密钥登录").click()
    expect(another.get_by_role("button", name="退出")).to_be_attached()

    without = desk.window()
    at_the_second_factor(desk, without)
    # Somebody else's key: the browser finds nothing on it, and the page says so in words.
    with_a_key(without, [])
    trouble = without.locator("[data-key-trouble]")
    expect(trouble).to_be_hidden()
    without.get_by_role("button", name="用安全密钥登录").click()
    expect(trouble).to_be_visible(timeout=70_000)
    without.get_by_label(re.compile("码")).first.fill(codes[0])
    without.get_by_role("button", name="登录", exact=True).click()
    expect(without.get_by_role("button", name="退出")).to_be_attached()

    without.goto("/accounts/2fa/webauthn/")
    without.get_by_role("link", name="移除").click()
    expect(without.get_by_text("抽屉里的")).to_be_visible()
    without.get_by_role("button", name="移除").click()
    expect(without.get_by_text("已移除安全密钥。")).to_be_visible()
    expect(without.get_by_text("还没有安全密钥")).to_be_visible()

    after = desk.window()
    after.goto("/")
    give_password(after, DIRECTOR)
    expect(after.get_by_role("button", name="退出")).to_be_attached()

    auditor = desk.sign_in("county-auditor").page
    auditor.goto("/administration/audit/")
    for words in ("添加了安全密钥", "登录（两重验证）", "用了一个备用码", "移除了安全密钥"):
        expect(auditor.get_by_text(words).first).to_be_visible()


def test_a_stolen_answer_of_a_key_signs_nobody_in(desk: Desk):
    """What is posted without the ceremony of this very sign-in is refused, and counted like a wrong code."""
    page = desk.window()
    page.goto("/")
    give_password(page, "county-mediator")
    page.goto("/accounts/2fa/webauthn/add/")
    with_a_key(page, [])
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("heading", level=1, name="备用码")).to_be_visible()
    other = desk.window()
    other.goto("/")
    give_password(other, "county-mediator")
    expect(other.get_by_role("heading", level=1, name="第二重验证")).to_be_visible()
    expect(other.locator("input[name=credential]")).to_be_attached()
    other.evaluate(
        """() => { const field = document.querySelector("input[name=credential]");
        field.value = JSON.stringify({id: "AAAA", rawId: "AAAA", type: "public-key", response: {
          clientDataJSON: "e30", authenticatorData: "AAAA", signature: "AAAA"}});
        field.form.submit(); }"""
    )
    expect(other.get_by_role("alert").filter(has_text="不能用来登录")).to_be_visible()
    other.goto("/ledger/")
    expect(other.get_by_role("button", name="退出")).not_to_be_attached()
