"""The desk under the fingers and before the eyes: keys, both widths, both languages, names for screen readers."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import handling, whistling
from fengqiao.dispatch.enums import WhistlePlace
from fengqiao.matters.enums import Danger, State
from fengqiao.places.enums import DepartmentKind
from tests.journeys.officers import Desk, Officer
from tests.small_county import SmallCounty, assignments, brought_to

pytestmark = pytest.mark.journey

PLACES = [f"/administration/places/{each}" for each in ("towns/440785102000", "centres", "departments")]
WIDE, NARROW = 1440, 390
MOST_BYTES = 150_000
LONG_NAME = "恩平市沙湖镇黄泥坑村委会与某陶瓷制品有限公司第三车间十二名工人拖欠工资及宿舍水电费纠纷"


@pytest.fixture(scope="module")
def matters(county: SmallCounty, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """A matter in every state, one of them given back and one in danger, and a whistle."""
    with django_db_blocker.unblock():
        made = {
            str(state): brought_to(county, state, title=f"{state.label}：{LONG_NAME}").code
            for state in State
            if state is not State.MEDIATING
        }
        brought_to(county, State.ASSESSING, title="有人扬言自伤", danger=Danger.SELF_HARM)
        returned = brought_to(county, State.HANDLING, title=f"申请退回：{LONG_NAME}")
        made["returned"] = returned.code
        _ask_return(county, assignments(county, returned)[0].pk)
        with scope(county.actor(Role.DUTY_COMMANDER)):
            whistling.whistle(
                actor=county.actor(Role.DUTY_COMMANDER),
                new=whistling.NewWhistle(
                    departments=[county.department(kind).pk for kind in ("police", "labour", "court")],
                    place_kind=WhistlePlace.VILLAGE,
                    place="黄泥坑村口大榕树下",
                    message=LONG_NAME,
                ),
            )
    return made


def _ask_return(county: SmallCounty, assignment) -> None:
    actor = county.actor(Role.HANDLER, DepartmentKind.LABOUR)
    with scope(actor):
        handling.ask_return(
            actor=actor, assignment_id=assignment, reason="不属于劳动关系", basis="三定方案第二条"
        )


# --- under the fingers ---------------------------------------------------------------------------------------


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.innerText")


def test_a_list_is_walked_and_opened_without_a_mouse(desk: Desk):
    dispatcher = desk.sign_in("county-dispatcher")
    page = dispatcher.page
    dispatcher.opens_my_work()
    titles = page.locator("[data-rows] a[data-open]").all_inner_texts()
    assert len(titles) >= 4
    page.keyboard.press("k")
    assert focused(page) == titles[0]
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == titles[2]
    page.keyboard.press("k")
    assert focused(page) == titles[1]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[1])

    page.keyboard.press("/")
    expect(page.get_by_role("textbox", name="查找事项")).to_be_focused()
    page.keyboard.type("440785-20200101-000001 jnk?")
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[1])


def test_a_code_that_is_typed_opens_its_matter(desk: Desk, matters: dict[str, str]):
    registrar = desk.sign_in("county-registrar")
    page = registrar.page
    page.keyboard.press("/")
    page.keyboard.type(matters["closed"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已结案：")
    assert registrar.code == matters["closed"]


def test_a_matter_is_registered_without_a_mouse(desk: Desk):
    registrar = desk.sign_in("county-registrar")
    page = registrar.page
    page.keyboard.press("Tab")
    assert focused(page) == "跳到正文"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_role("heading", name="键盘")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1, name="我的工作")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1, name="登记事项")).to_be_visible()
    expect(page.get_by_label("什么事")).to_be_focused()
    page.keyboard.type("njk/? 围墙倒了")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="njk/? 围墙倒了")).to_be_visible()
    assert registrar.state == "已受理待处置"
    registrar.chooses("不经调解")
    registrar.form.get_by_label("写明情况").focus()
    page.keyboard.type("对方不同意。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".alert.success")).to_contain_text("不经调解：已完成")


# --- before the eyes -----------------------------------------------------------------------------------------


def troubles_of(page: Page) -> list[str]:
    """What is wrong with the open page at both widths."""
    found = []
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 1000})
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            found.append(f"{over} px too wide at {width}: {page.evaluate(WIDEST)}")
    if (headings := page.locator("h1").count()) != 1:
        found.append(f"{headings} h1")
    found += [f"no name: {each}" for each in page.evaluate(UNNAMED_CONTROLS)]
    found += [f"no name: {each}" for each in unnamed(page)]
    return found


WIDEST = """[...document.querySelectorAll("body *")].filter(each => each.getBoundingClientRect().right > innerWidth + 1)
    .map(each => each.outerHTML.slice(0, 90)).slice(0, 2).join(" … ")"""
UNNAMED_CONTROLS = """[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
    .filter(each => !each.closest("[data-draft-never]"))
    .filter(each => !(each.getAttribute("aria-label") || [...each.labels].some(label => label.textContent.trim())))
    .map(each => each.outerHTML.slice(0, 120))"""


def unnamed(page: Page) -> list[str]:
    """Links and buttons that a screen reader has no name for."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    wanted = ("button", "link", "textbox", "combobox", "listbox", "checkbox", "radio", "dialog", "navigation")
    return [
        node["role"]["value"]
        for node in nodes
        if not node["ignored"] and node["role"]["value"] in wanted and not node.get("name", {}).get("value")
    ]


def looked_at(officer: Officer, paths: list[str]) -> dict[str, list[str]]:
    """The troubles of these pages in both languages, by page. The person's language stays English."""
    page, found = officer.page, {}
    for language in ("zh", "en"):
        if language == "en":
            page.set_viewport_size({"width": WIDE, "height": 1000})
            page.goto("/")
            page.get_by_role("button", name="English").click()
            expect(page.locator("html")).to_have_attribute("lang", "en")
        for path in paths:
            page.goto(path)
            if path.startswith("/matters/"):
                expect(page.locator("#papers")).to_be_visible()
            if troubles := troubles_of(page):
                found[f"{path} {language}"] = troubles
    return found


def test_every_page_of_a_centre_fits_and_has_names(desk: Desk, matters: dict[str, str]):
    paths = [
        "/",
        "/register/",
        "/ledger/",
        "/ledger/?step=track&q=纠纷",
        "/ledger/?q=没有这样的事",
        "/whistles/",
    ]
    paths += ["/accounts/2fa/", "/accounts/password/change/"]
    assert looked_at(desk.sign_in("county-legal_officer"), paths) == {}


def test_every_state_of_a_matter_fits_and_has_names(desk: Desk, matters: dict[str, str]):
    paths = [f"/matters/{code}/" for code in matters.values()]
    assert looked_at(desk.sign_in("county-executive_deputy"), paths) == {}


@pytest.mark.prove
def test_the_pages_of_departments_and_administrators_fit_and_have_names(desk: Desk, matters: dict[str, str]):
    handling = f"/matters/{matters['handling']}/"
    found = looked_at(desk.sign_in("labour-handler"), ["/", handling, "/whistles/", "/register/"])
    found |= looked_at(desk.sign_in("county-auditor"), ["/administration/audit/"])
    found |= looked_at(desk.sign_in("county-system_administrator"), ["/administration/places/", *PLACES])
    found |= looked_at(desk.sign_in("county-security_administrator"), ["/administration/people/"])
    assert found == {}


def test_the_sign_in_page_and_a_paper_fit(desk: Desk, matters: dict[str, str]):
    page = desk.window()
    page.goto("/")
    assert troubles_of(page) == []
    registrar = desk.sign_in("county-registrar")
    registrar.opens(matters["closed"])
    registrar.page.locator("#papers").get_by_role("link", name="答复书").click()
    expect(registrar.page.get_by_role("heading", level=1, name="答复书")).to_be_visible()
    assert troubles_of(registrar.page) == []


def test_the_menu_of_a_phone_opens_as_a_drawer(desk: Desk):
    registrar = desk.sign_in("county-registrar")
    page = registrar.page
    page.set_viewport_size({"width": NARROW, "height": 800})
    page.goto("/")
    menu = page.get_by_role("navigation", name="主菜单")
    expect(menu).not_to_be_in_viewport()
    page.get_by_role("button", name="菜单").click()
    expect(menu).to_be_in_viewport()
    menu.get_by_role("link", name="台账").click()
    expect(page.get_by_role("heading", level=1, name="台账")).to_be_visible()


def test_the_desk_is_light(desk: Desk):
    fresh = desk.window(desk.sign_in("county-registrar").page.context.storage_state())
    sizes: dict[str, int] = {}
    fresh.on("requestfinished", lambda each: sizes.update({each.url: each.sizes()["responseBodySize"]}))
    fresh.goto("/", wait_until="networkidle")
    assert sum(sizes.values()) < MOST_BYTES, sizes
