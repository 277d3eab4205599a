"""A neighbours' quarrel is settled by mediation: consent, agreement, papers with proof of service, performance,
a visit by somebody else, and only then the end."""

from datetime import timedelta
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import expect

from fengqiao.kernel import clock
from tests.journeys.officers import Desk, Officer, fill

pytestmark = pytest.mark.journey

TITLE = "两户因屋檐滴水争吵"
AGREEMENT = "谭某某于约定日前改装檐沟，岑某某出一半工料费。"


def registers_and_accepts(officer: Officer) -> str:
    page = officer.page
    page.goto("/register/")
    fill(
        page,
        {
            "什么事": TITLE,
            "经过": "新盖的屋檐雨水滴到邻家墙上，墙皮脱落。",
            "纠纷类型": "用水排水通行通风采光",
        },
    )
    fill(page, {"所在村居": "东门社区", "地址": "新平路7号"})
    petitioner, respondent = page.locator("#parties-rows [data-row]").all()
    fill(petitioner, {"姓名或名称": "岑某某", "电话": "13800000021"})
    fill(respondent, {"姓名或名称": "谭某某", "电话": "13800000022"})
    page.get_by_role("button", name="登记并受理").click()
    expect(page.locator(".alert.success")).to_contain_text("已登记，编号")
    assert officer.state == "已受理待处置"
    return officer.code


def text_of(path: Path) -> str:
    """All that stands in a Word file, cells of tables too."""
    document = Document(str(path))
    lines = [paragraph.text for paragraph in document.paragraphs]
    lines += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)


def test_a_quarrel_is_mediated_performed_and_closed(desk: Desk, tmp_path: Path):
    officer = desk.sign_in("county-petition_officer")
    page, code = officer.page, registers_and_accepts(officer)

    # The papers print from the facts.
    papers = page.locator("#papers")
    expect(papers.get_by_role("link", name="登记回执")).to_be_visible()
    expect(papers.get_by_role("link", name="受理告知书")).to_be_visible()
    papers.get_by_role("link", name="登记回执").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登记回执")
    paper = page.locator("article")
    for fact in (
        f"编号：{code}",
        "岑某某：",
        f"您反映的“{TITLE}”",
        "邻里 / 用水排水通行通风采光",
        "恩平市综治中心",
    ):
        expect(paper).to_contain_text(fact)
    page.emulate_media(media="print")
    expect(paper).to_be_visible()
    expect(page.get_by_role("navigation", name="主菜单")).to_be_hidden()
    expect(page.get_by_role("link", name="回到事项")).to_be_hidden()
    page.emulate_media(media="screen")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Word").click()
    assert downloaded.value.suggested_filename == f"登记回执-{code}.docx"
    saved = tmp_path / "receipt.docx"
    downloaded.value.save_as(saved)
    written = text_of(saved)
    assert [fact for fact in ("登记回执", code, TITLE, "岑某某") if fact not in written] == []

    # Proof of service, written down while the next action stands open on the page and is not disturbed.
    page.get_by_role("link", name="回到事项").click()
    notice = papers.locator("div.mb-3").filter(has=page.get_by_role("link", name="受理告知书"))
    notice.get_by_role("button", name="登记送达").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("登记送达 · 受理告知书")
    now = clock.now().astimezone(clock.SHANGHAI)
    fill(dialog, {"送达方式": "当面送达", "送达时间": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M}"})
    dialog.get_by_role("button", name="保存送达").click()
    expect(dialog.get_by_role("alert")).to_have_text("送达时间不能晚于现在。")
    fill(dialog, {"送达时间": f"{now:%Y-%m-%dT%H:%M}"})
    dialog.get_by_role("button", name="保存送达").click()
    expect(notice).to_contain_text(f"当面送达 · 岑某某 · {now:%Y-%m-%d %H:%M} · 信访岗county")
    expect(dialog).to_have_count(0)

    # Consent is recorded party by party; without it nothing begins, and what was chosen stays.
    officer.tries(
        "转入调解",
        {
            "调解员": "调解员county · 调解员",
            "岑某某（反映人）同意调解吗": "同意",
            "谭某某（对方）同意调解吗": "不同意",
        },
    )
    expect(officer.form.get_by_role("alert")).to_contain_text("须逐一记录各方当事人同意调解")
    assert officer.state == "已受理待处置"
    officer.does("转入调解", {"谭某某（对方）同意调解吗": "同意"})
    assert officer.state == "调解中"

    mediator = desk.sign_in("county-mediator")
    assert mediator.takes(TITLE).endswith("调解中 记录调解结果")
    due = clock.today() + timedelta(days=10)
    mediator.does(
        "记录调解结果",
        {
            "结果": "达成书面协议",
            "协议内容，或不成的原因和已告知的途径": AGREEMENT,
            "约定履行期限": due.isoformat(),
        },
    )
    assert mediator.state == "待回访"
    results = mediator.page.locator("section.card").filter(
        has=mediator.page.get_by_role("heading", name="办理与结果")
    )
    expect(results).to_contain_text(AGREEMENT)
    expect(results).to_contain_text("岑某某 同意调解（当面） · 谭某某 同意调解（当面）")
    expect(results).to_contain_text(f"履行 · 履行中 期限 {due}")

    # Somebody else visits; the end waits for what was promised.
    registrar = desk.sign_in("county-registrar")
    assert registrar.takes(TITLE).endswith("待回访 回访")
    registrar.does("回访", {"方式": "上门", "满意程度": "基本满意", "履行情况": "不变"})
    dispatcher = desk.sign_in("county-dispatcher")
    dispatcher.takes(TITLE)
    dispatcher.does("评价", {"办理合法合规": "是", "材料齐全": "是"})
    director = desk.sign_in("county-director")
    assert director.takes(TITLE).endswith("待结案 结案")
    director.tries("结案", {"备注": "双方和好"})
    expect(director.form.get_by_role("alert")).to_have_text("还不能结案，缺少：已履行（或无需履行）。")
    expect(director.form.get_by_label("备注")).to_have_value("双方和好")
    assert director.state == "待结案"
    registrar.opens(code)
    registrar.does("记录履行", {"履行了吗": "已履行", "情况和凭证": "檐沟已改装，双方签字，照片存档。"})
    director.takes(TITLE)
    director.does("结案", {"备注": "双方和好"})
    assert (director.state, director.code) == ("已结案", code)
    assert director.history == [
        "登记",
        "受理",
        "文书送达",
        "转入调解",
        "记录调解结果",
        "回访 · 基本满意",
        "评价",
        "记录履行",
        "结案",
    ]
    expect(director.page.locator("#history header")).to_contain_text("记录链完整")
