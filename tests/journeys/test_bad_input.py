"""Bad input and trouble at the desk: a clear answer, what was typed is kept, nothing changes that should not."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.files.samples import EXE, PDF
from tests.journeys.officers import Desk, Officer, fill, give_password, handed_in, labelled
from tests.small_county import RESIDENT_IDS

pytestmark = pytest.mark.journey

WRONG_ID = RESIDENT_IDS[0][:-1] + "X"
NOTHING_FOUND = "没有符合条件的事项。去掉一个条件再看看。"


def values_of(page: Page) -> dict[str, str]:
    """What stands in the controls of the registration screen, by their names."""
    return page.locator("#register-form").evaluate(
        """form => Object.fromEntries([...form.elements]
            .filter(each => each.name && !["hidden", "file", "submit", "button"].includes(each.type))
            .map(each => [each.name, each.type === "checkbox" ? String(each.checked) : each.value]))"""
    )


def party(page: Page, place: int):
    return page.locator("#parties-rows [data-row]").nth(place)


def found_in_ledger(officer: Officer, word: str) -> int:
    """How many matters the ledger has with this word."""
    page = officer.page
    page.goto(f"/ledger/?q={word}")
    if page.get_by_text(NOTHING_FOUND).count():
        return 0
    return page.locator("table.q tbody tr").count()


def registers(officer: Officer, title: str, name: str = "岑某某", phone: str = "") -> str:
    page = officer.page
    page.goto("/register/")
    fill(page, {"什么事": title})
    fill(party(page, 0), {"姓名或名称": name, "电话": phone})
    page.get_by_role("button", name="只登记").click()
    expect(page.locator(".alert.success")).to_contain_text("已登记，编号")
    return officer.code


def test_a_wrong_check_digit_comes_back_beside_its_field_with_all_that_was_typed(desk: Desk):
    registrar = desk.sign_in("county-registrar")
    page = registrar.page
    page.goto("/register/")
    fill(page, {"什么事": "拖欠货款不还", "经过": "去年九月送的砖，到今天没有付钱。", "从哪里来": "来电"})
    fill(page.locator("#claims-rows [data-row]"), {"诉求": "付清货款"})
    fill(
        party(page, 0),
        {"姓名或名称": "冯某某", "电话": "13800000031", "证件": "居民身份证", "证件号码": WRONG_ID},
    )
    fill(party(page, 1), {"姓名或名称": "梁某某", "电话": "13800000032", "住址": "恩城街道"})
    page.get_by_role("button", name="再加一位当事人").click()
    fill(party(page, 2), {"身份": "第三人", "姓名或名称": "岑某某"})
    fill(page, {"发生日期": "2026-02-03", "所在村居": "黄泥坑村", "地址": "砖厂", "涉及金额（元）": "30000"})
    expect(labelled(page, "网格").get_by_role("option")).to_have_count(2)
    fill(page, {"网格": "第一网格", "紧急危险": "可能有暴力", "反映谁": "个人", "名称或姓名": "梁某某"})
    fill(page, {"为反映人保密（限阅）": True})
    page.locator("input[type=file]").set_input_files(handed_in("送货单.pdf", PDF))
    typed = values_of(page)
    page.get_by_role("button", name="登记并受理").click()

    number = labelled(party(page, 0), "证件号码")
    expect(number).to_be_focused()
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_have_accessible_description("身份证号不对：请核对 18 位号码和最后一位校验码。")
    assert values_of(page) == typed
    expect(page.get_by_text("浏览器不保留选好的文件，请重新选择。")).to_be_visible()
    assert found_in_ledger(registrar, "拖欠货款") == 0


def test_the_draft_outlives_a_lost_session(desk: Desk):
    registrar = desk.sign_in("county-registrar")
    page = registrar.page
    page.goto("/register/")
    fill(
        page,
        {
            "什么事": "夜间打桩扰民",
            "经过": "连着三夜打桩到两点。",
            "从哪里来": "来电",
            "紧急危险": "可能有暴力",
        },
    )
    fill(party(page, 0), {"姓名或名称": "冯某某", "电话": "13800000041", "证件": "居民身份证"})
    fill(party(page, 0), {"证件号码": RESIDENT_IDS[2], "住址": "恩城街道东门社区3号"})
    page.get_by_role("button", name="再加一位当事人").click()
    fill(party(page, 2), {"身份": "第三人", "姓名或名称": "岑某某"})
    fill(page, {"所在村居": "黄泥坑村", "为反映人保密（限阅）": True})
    expect(labelled(page, "网格").get_by_role("option")).to_have_count(2)
    fill(page, {"网格": "第一网格"})
    typed = values_of(page)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="只登记").click()
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    assert RESIDENT_IDS[2] not in page.evaluate("JSON.stringify(sessionStorage)")

    give_password(page, "county-registrar")
    expect(page.get_by_text("已找回上次没有保存的内容")).to_be_visible()
    expect(labelled(page, "网格")).to_have_value("440785102201001")
    private = ("parties-0-identity", "parties-0-phone", "parties-0-address")
    assert values_of(page) == typed | dict.fromkeys(private, "")
    fill(party(page, 0), {"证件号码": RESIDENT_IDS[2]})
    page.get_by_role("button", name="只登记").click()
    expect(page.locator(".alert.success")).to_contain_text("已登记，编号")
    expect(page.locator(".matter-head")).to_contain_text("可能有暴力")
    expect(page.locator(".matter-head")).to_contain_text("限阅")

    # Saved, it is gone; and it is nobody else's.
    page.goto("/register/")
    assert labelled(page, "什么事").input_value() == ""
    fill(page, {"什么事": "另一件没有写完的事"})
    page.reload()
    expect(labelled(page, "什么事")).to_have_value("另一件没有写完的事")
    page.context.clear_cookies(name="sessionid")
    page.goto("/register/")
    give_password(page, "county-petition_officer")
    expect(labelled(page, "什么事")).to_have_value("")
    page.context.clear_cookies(name="sessionid")
    page.goto("/register/")
    give_password(page, "county-registrar")
    expect(labelled(page, "什么事")).to_have_value("另一件没有写完的事")
    page.get_by_role("button", name="清空重填").click()
    expect(labelled(page, "什么事")).to_have_value("")
    expect(page.get_by_text("已找回上次没有保存的内容")).to_be_hidden()


def test_a_double_click_and_a_repeated_request_register_once(desk: Desk):
    registrar = desk.sign_in("county-registrar")
    page = registrar.page
    page.goto("/register/")
    fill(page, {"什么事": "停车位被占"})
    with page.expect_request(lambda each: each.method == "POST" and each.url.endswith("/register/")) as sent:
        page.get_by_role("button", name="只登记").dblclick()
    expect(page.locator(".alert.success")).to_contain_text("已登记，编号")
    code = registrar.code
    # A browser that sends it again without the page's own guard.
    again = page.request.fetch(sent.value)
    assert again.url == f"{desk.address}/matters/{code}/"
    assert found_in_ledger(registrar, "停车位被占") == 1
    registrar.opens(code)
    assert registrar.history == ["登记"]


def test_of_two_officers_who_accept_at_once_one_is_told(desk: Desk):
    registrar = desk.sign_in("county-registrar")
    code = registers(registrar, "两人同时受理")
    officer = desk.sign_in("county-petition_officer")
    officer.opens(code)
    held: list[Route] = []

    def both_at_once(route: Route) -> None:
        held.append(route)
        if len(held) == 2:
            for each in held:
                each.continue_()

    for each in (registrar, officer):
        each.page.route("**/act/accept", both_at_once)
        each.form.get_by_role("button", name="受理").click(no_wait_after=True)
    answers = []
    for each in (registrar, officer):
        answer = each.page.locator(".alert.success, #next .alert.error")
        expect(answer).to_be_visible()
        answers.append(answer.inner_text())
        assert each.state == "已受理待处置"
    assert sorted(answers) == [
        f"受理：已完成。{code}",
        "这件事项在您打开之后已有变动。您填写的内容还在，请看过最新情况再提交。",
    ]
    registrar.opens(code)
    assert registrar.history == ["登记", "受理"]


def test_a_stale_form_is_told_and_its_words_are_sent_on_the_second_try(desk: Desk):
    registrar = desk.sign_in("county-registrar")
    code = registers(registrar, "改了以后再提交")
    registrar.does("受理")
    registrar.does("不经调解", {"为什么不经调解": "不适宜调解", "写明情况": "对方长期在外，联系不上。"})
    dispatcher = desk.sign_in("county-dispatcher")
    dispatcher.opens(code)
    words = "涉及一户，双方没有争吵，情绪平稳。"
    fill(dispatcher.form, {"风险": "低风险", "研判依据（只评事，不评人）": words})
    registrar.does("紧急处置", {"哪一种危险": "可能有暴力", "看到或听到了什么": "扬言今晚来砸门。"})

    dispatcher.form.get_by_role("button", name="风险研判").click()
    expect(dispatcher.form.get_by_role("alert")).to_contain_text("在您打开之后已有变动")
    # What has changed stands on the same page.
    expect(dispatcher.page.locator(".matter-head")).to_contain_text("可能有暴力")
    expect(dispatcher.page.locator("#history")).to_contain_text("扬言今晚来砸门。")
    assert dispatcher.state == "待研判"
    expect(dispatcher.form.get_by_label("研判依据（只评事，不评人）")).to_have_value(words)
    # With the danger the table proposes another level than the one that the form was opened with.
    fill(dispatcher.form, {"风险": "高风险", "由哪一级办": "疑难 · 县级"})
    dispatcher.form.get_by_role("button", name="风险研判").click()
    expect(dispatcher.page.locator(".alert.success")).to_contain_text("风险研判：已完成")
    assert dispatcher.history[-2:] == [
        "紧急处置 · 可能有暴力 · 按规则 D01 应当直报",
        "风险研判 · 高风险 · 同规则 R01 · 疑难 · 县级 · 同规则 V01 · 按规则 D01 应当直报",
    ]


def test_a_program_called_pdf_and_a_file_too_large_register_nothing(desk: Desk, tmp_path: Path):
    registrar = desk.sign_in("county-registrar")
    page = registrar.page
    page.goto("/register/")
    fill(page, {"什么事": "鱼塘被投毒"})
    chooser = page.locator("input[type=file]")
    chooser.set_input_files(handed_in("证据.pdf", EXE))
    page.get_by_role("button", name="只登记").click()
    expect(
        page.get_by_text("“证据.pdf”的内容与扩展名不符，没有保存。请用原来的程序另存后再添加。")
    ).to_be_visible()
    large = tmp_path / "录像.mp4"
    with large.open("wb") as file:
        file.truncate(60 * 1024 * 1024)
    chooser.set_input_files(large)
    expect(page.get_by_text("录像.mp4 · 60.0 MB — 超过 50 MB")).to_be_visible()
    page.get_by_role("button", name="只登记").click()
    expect(page.get_by_text("“录像.mp4”超过 50 MB，没有保存。请压缩或分开添加。")).to_be_visible()
    expect(labelled(page, "什么事")).to_have_value("鱼塘被投毒")
    assert found_in_ledger(registrar, "鱼塘被投毒") == 0


def test_html_in_every_field_is_text(desk: Desk):
    registrar = desk.sign_in("county-registrar")
    page = registrar.page
    page.on("dialog", lambda dialog: desk.troubles.append(f"dialog: {dialog.message}"))
    page.goto("/register/")
    markup = "<img src=/x onerror=window.hacked=1><b>粗</b>"
    fill(
        page, {"什么事": f"标题{markup}", "经过": f"经过{markup}</textarea><script>window.hacked=1</script>"}
    )
    fill(page.locator("#claims-rows [data-row]"), {"诉求": f"诉求{markup}"})
    fill(party(page, 0), {"姓名或名称": f"😀{markup}", "住址": f"住址{markup}", "电话": "13800000051"})
    party(page, 0).get_by_text("代理、代表、更多联系方式").click()
    fill(party(page, 0), {"希望怎样解决": f"希望{markup}"})
    fill(party(page, 1), {"种类": "单位", "姓名或名称": f"单位{markup}"})
    party(page, 1).get_by_text("代理、代表、更多联系方式").click()
    fill(party(page, 1), {"法定代表人": f"法人{markup}"})
    fill(page, {"地址": f"地址{markup}", "反映谁": "单位", "名称或姓名": f"名称{markup}"})
    page.get_by_text("已走过的程序、其他系统编号、坐标").click()
    page.get_by_role("button", name="加一个诉讼、仲裁、信访等程序").click()
    fill(page.locator("#procedures-rows [data-row]"), {"案号": f"案号{markup}", "机关": f"机关{markup}"})
    page.get_by_role("button", name="加一个省平台、12345 或信访编号").click()
    fill(page.locator("#numbers-rows [data-row]"), {"编号": f"编号{markup}"})
    page.locator("input[type=file]").set_input_files(handed_in(f"材料{markup.replace('/', '')}.pdf", PDF))
    fill(page, {"发生日期": "2099-01-01"})
    page.get_by_role("button", name="只登记").click()
    expect(page.get_by_text("发生日期不能晚于今天。")).to_be_visible()
    fill(page, {"发生日期": "2026-01-01"})
    page.locator("input[type=file]").set_input_files(handed_in(f"材料{markup.replace('/', '')}.pdf", PDF))
    page.get_by_role("button", name="只登记").click()
    expect(page.locator(".alert.success")).to_contain_text("已登记，编号")
    code = registrar.code
    shown = page.locator("main").inner_text()
    fields = ["标题", "经过", "诉求", "😀", "希望", "单位", "法人", "地址", "名称", "案号", "机关", "编号"]
    assert [field for field in fields if f"{field}{markup}" not in shown] == []
    assert f"材料{markup.replace('/', '')}.pdf" in shown
    registrar.does("添加材料", {"材料": handed_in("补充.pdf", PDF), "用途": markup[:32]})

    for path in ("/", f"/ledger/?q={markup}", f"/matters/{code}/", f"/whistles/?matter={code}"):
        page.goto(path)
        expect(page.locator("main")).to_contain_text("<img src=/x")
        is_text(page)
    page.goto(f"/matters/{code}/")
    page.locator("#papers").get_by_role("link", name="登记回执").click()
    expect(page.locator("article")).to_contain_text(f"标题{markup}")
    is_text(page)


def is_text(page: Page) -> None:
    """Nothing that was typed has become an element, and nothing of it has run."""
    assert page.locator("main").locator("img, b:text-is('粗'), script").count() == 0
    assert page.evaluate("'hacked' in window") is False


def test_a_number_is_shown_for_a_reason_and_the_history_tells_of_it(desk: Desk):
    registrar = desk.sign_in("county-registrar")
    code = registers(registrar, "查看电话号码", phone="13800000061")
    page = registrar.page
    # The open form of the page stays good.
    row = page.locator(".party")
    expect(row).to_contain_text("电话 138******61")
    with page.expect_request("**/unmask/**") as asked:
        row.get_by_role("button", name="查看需说明理由").click()
    assert asked.value.header_value("x-unattended") is None
    dialog = page.get_by_role("dialog")
    labelled(dialog, "为什么需要查看").fill("看")
    dialog.get_by_role("button", name="查看").click()
    expect(dialog.get_by_role("alert")).to_have_text("请写明为什么需要查看，这会记入审计。（至少 4 个字）")
    expect(dialog).not_to_contain_text("13800000061")
    labelled(dialog, "为什么需要查看").fill("约明天到场调解的时间")
    dialog.get_by_role("button", name="查看").click()
    expect(dialog).to_contain_text("13800000061")
    dialog.get_by_role("button", name="关闭").click()
    expect(page.locator("main")).not_to_contain_text("13800000061")
    registrar.does("受理")
    assert registrar.code == code
    assert registrar.history == ["登记", "查看完整号码", "受理"]
    expect(page.locator("#history")).to_contain_text("理由：约明天到场调解的时间")
    expect(page.locator("#history")).not_to_contain_text("13800000061")
