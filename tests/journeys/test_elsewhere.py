"""Through the button of the sign-in page to a provider on another address and back, under the content policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.accounts import provider as providers
from tests.accounts.provider import CLIENT, SECRET, Provider
from tests.small_county import SmallCounty


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providers.running() as running:
        yield running


@pytest.fixture(scope="module")
def matters(county: SmallCounty, provider: Provider) -> Iterator[dict[str, str]]:
    """The desk is served with the provider set."""
    with pytest.MonkeyPatch.context() as surroundings:
        surroundings.setenv("FENGQIAO_OIDC_SERVER", provider.address)
        surroundings.setenv("FENGQIAO_OIDC_CLIENT", CLIENT)
        surroundings.setenv("FENGQIAO_OIDC_SECRET", SECRET)
        surroundings.setenv("FENGQIAO_OIDC_NAME", "省统一身份认证")
        yield {}


def test_in_by_the_button_and_back_out_where_nobody_is_known(
    address: str, browser: Browser, provider: Provider
):
    provider.claims = {"sub": "4711", "preferred_username": "county-registrar"}
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(f"{address}/ledger/")
    page.get_by_role("button", name="省统一身份认证").click()
    expect(page.get_by_role("heading", level=1, name="台账", exact=True)).to_be_visible()
    assert page.url == f"{address}/ledger/"
    page.context.close()
    provider.claims = {"sub": "4712", "preferred_username": "nobody"}
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(f"{address}/")
    page.get_by_role("button", name="省统一身份认证").click()
    expect(page.get_by_text("这个身份在本系统没有对应的账号")).to_be_visible()
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    assert "/authorize" in provider.asked
    page.context.close()
