"""One matter from the window to the archive: six steps, seven people in five posts, one return, one
arbitration, one reopening. After each act the next person reads whose turn it is; the code never changes."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from fengqiao.kernel import clock
from tests.files.samples import PDF
from tests.journeys import served
from tests.journeys.officers import Desk, Officer, fill, handed_in, labelled
from tests.small_county import RESIDENT_IDS

pytestmark = pytest.mark.journey

TITLE = "采石场工棚占了邻家宅基地旁的排水沟"
EARLIER = "采石场半夜放炮影响睡眠"
PHONE = "13800000011"
CATEGORY = "土地资源权属 / 宅基地"
CENTRE = "恩平市综治中心"
GROUNDS = "研判依据（只评事，不评人）"
REPLY_BY = clock.today() + timedelta(days=7)

HISTORY = [
    "登记",
    "添加材料",
    "关联事项",
    "受理",
    "不经调解",
    "风险研判 · 中风险 · 与规则 R99 不同 · 复杂 · 镇级 · 同规则 V16",
    "分类流转 · 行业部门 · 同规则 T23",
    "交办 · 市人社 · 与规则 T23 不同",
    "报到 · 市人社",
    "添加材料",
    "申请退回 · 市人社",
    "裁定承办 · 同意退回 · 市人社 → 市自然资源",
    "报到 · 市自然资源",
    "记录进展 · 市自然资源",
    "报到 · 市住建",
    "写办理结果 · 市自然资源",
    "会签 · 市住建",
    "办结",
    "回访 · 不满意",
    "重启",
    "风险研判 · 低风险 · 同规则 R99 · 复杂 · 镇级 · 同规则 V16",
    "分类流转 · 行业部门 · 同规则 T23",
    "交办 · 市自然资源 · 同规则 T23",
    "报到 · 市自然资源",
    "写办理结果 · 市自然资源",
    "办结",
    "回访 · 满意",
    "评价",
    "结案",
    "归档",
]


def registers_an_earlier_matter(registrar: Officer) -> str:
    """Somebody with this phone has come before, about something else."""
    page = registrar.page
    page.goto("/register/")
    fill(page, {"什么事": EARLIER})
    fill(page.locator("#parties-rows [data-row]").first, {"姓名或名称": "岑某某", "电话": PHONE})
    page.get_by_role("button", name="只登记").click()
    expect(page.locator(".alert.success")).to_contain_text("已登记，编号")
    return registrar.code


def registers(registrar: Officer, earlier: str) -> str:
    """What the person at the window says is typed in one go, and linked with what is known of them."""
    page = registrar.page
    registrar.opens_my_work()
    page.get_by_role("link", name="登记事项").click()
    fill(page, {"什么事": TITLE, "经过": "采石场在宅基地旁搭工棚，把排水沟填了，一下雨就淹到屋里。"})
    fill(page.locator("#claims-rows [data-row]"), {"性质": "求决", "诉求": "拆掉工棚，恢复排水沟"})
    petitioner, respondent = page.locator("#parties-rows [data-row]").all()
    fill(petitioner, {"姓名或名称": "岑某某", "电话": PHONE, "证件": "居民身份证"})
    fill(petitioner, {"证件号码": RESIDENT_IDS[1], "住址": "恩平市沙湖镇黄泥坑村12号"})
    fill(respondent, {"种类": "单位", "姓名或名称": "某采石场", "电话": "13800000012"})
    fill(page, {"发生日期": "2026-06-01", "所在村居": "黄泥坑村", "地址": "村口采石场旁"})
    expect(labelled(page, "网格").get_by_role("option")).to_have_text(["——", "第一网格"])
    fill(page, {"网格": "第一网格", "纠纷类型": "宅基地", "涉及人数": "3"})
    page.locator("input[type=file]").set_input_files(handed_in("现场照片.pdf", PDF))
    expect(page.get_by_text("现场照片.pdf · 0.0 MB")).to_be_visible()
    known = page.locator("#similar label")
    expect(known).to_contain_text(f"{earlier} · 待受理 · 同一当事人")
    known.get_by_role("checkbox").check()
    page.get_by_role("button", name="只登记").click()
    expect(page.locator(".alert.success")).to_contain_text("已登记，编号")
    return registrar.code


def dispatches(dispatcher: Officer, **differs: str) -> None:
    """Assessment, routing and hand-over, which follow each other on the same page."""
    dispatcher.does("风险研判", {"风险": differs["risk"], GROUNDS: differs["grounds"]})
    assert dispatcher.state == "待分类"
    dispatcher.does("分类流转", {"分到哪一类": "行业部门", "理由": "属部门职责"})
    assert dispatcher.state == "待交办"
    bodies = {"主办": differs["lead"]}
    if "assisting" in differs:
        bodies["协办 · 属地责任"] = differs["assisting"]
    if "why" in differs:
        bodies["为什么不交给规则表建议的部门"] = differs["why"]
    asked = {"交办要求": "请核实工棚情况，依法处理并答复。", "答复期限": REPLY_BY.isoformat()}
    dispatcher.does("交办", bodies | asked)
    assert dispatcher.state == "部门在办"


def waits_at_a_department(code: str, part: str, state: str, action: str) -> str:
    return f"{REPLY_BY:%m-%d} {TITLE} {code} · {CATEGORY} {part} · {state} 今天 {action}"


def waits_at_the_centre(code: str, state: str, action: str) -> str:
    return f"今天 {TITLE} {code} · {CATEGORY} · 黄泥坑村 {CENTRE} · {state} {action}"


def verified() -> dict[str, int]:
    """What `fengqiao audit verify` says, run as its own process by the owner of the tables."""
    done = subprocess.run(
        [sys.executable, "-m", "fengqiao", "audit", "verify", "--json"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": served.__name__},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


def test_from_the_window_to_the_archive(desk: Desk):
    registrar = desk.sign_in("county-registrar")
    dispatcher = desk.sign_in("county-dispatcher")
    labour = desk.sign_in("labour-handler")
    land = desk.sign_in("natural_resources-handler")
    housing = desk.sign_in("housing-handler")
    inspector = desk.sign_in("county-petition_inspector")
    director = desk.sign_in("county-director")

    # 登记受理
    earlier = registers_an_earlier_matter(registrar)
    code = registers(registrar, earlier)
    assert code != earlier
    assert registrar.state == "待受理"
    shown = registrar.page.locator("main")
    expect(shown).to_contain_text("电话 138******11")
    expect(shown).not_to_contain_text(PHONE)
    expect(shown).not_to_contain_text(RESIDENT_IDS[1])
    expect(shown.get_by_role("link", name="现场照片.pdf")).to_be_visible()
    expect(shown.get_by_role("link", name=EARLIER)).to_be_visible()
    assert registrar.takes(TITLE) == waits_at_the_centre(code, "待受理", "受理")
    registrar.does("受理")
    assert registrar.state == "已受理待处置"

    # 先行调解: the other side does not want it
    registrar.does(
        "不经调解", {"为什么不经调解": "有一方不同意调解", "写明情况": "电话问过采石场，明确不调解。"}
    )
    assert registrar.state == "待研判"
    assert registrar.waiting(TITLE) == ""

    # 风险研判, 分类流转
    assert dispatcher.takes(TITLE) == waits_at_the_centre(code, "待研判", "风险研判")
    dispatches(
        dispatcher,
        risk="中风险",
        grounds="三户受淹，两家已有争吵。",
        lead="恩平市人社局",
        why="来访人说是工棚里的工人占的沟。",
        assisting="恩平市住建局",
    )
    assert [card.split(" 自 ")[0] for card in dispatcher.holders] == [
        "市人社 · 主办 行业主管责任 待报到",
        "市住建 · 协办 属地责任 待报到",
    ]
    assert dispatcher.waiting(TITLE) == ""

    # 跟踪督办: the wrong department gives it back, the dispatcher decides who has it
    assert land.waiting(TITLE) == ""
    assert labour.takes(TITLE) == waits_at_a_department(code, "主办", "待报到", "报到")
    labour.does("报到")
    labour.does(
        "申请退回",
        {
            "为什么不属于本单位职责": "争的是宅基地和排水沟，不是劳动关系。",
            "依据（职责文件、法规条款）": "三定方案第二条",
            "证据材料": handed_in("三定方案.pdf", PDF),
        },
    )
    expect(labour.page.locator(".area-side")).to_contain_text("三定方案.pdf 48 字节 · 申请退回")
    assert labour.waiting(TITLE) == ""
    row = dispatcher.takes(TITLE).split(" ", 2)[2]
    assert row == f"{TITLE} 市人社：争的是宅基地和排水沟，不是劳动关系。 裁定承办"
    expect(dispatcher.page.get_by_text("市人社申请退回，等裁定")).to_be_visible()
    dispatcher.does(
        "裁定承办",
        {
            "裁定": "同意退回，改由他人承办",
            "改由谁承办": "恩平市自然资源局",
            "裁定依据": "占用集体土地由自然资源部门查处。",
        },
    )
    assert [card.split(" 自 ")[0] for card in dispatcher.holders] == [
        "市自然资源 · 主办 行业主管责任 待报到",
        "市住建 · 协办 属地责任 待报到",
    ]
    labour.opens(code)
    expect(labour.page.locator("main")).to_contain_text("没有这件事项，或您的岗位看不到它。")
    expect(labour.page.locator("main")).not_to_contain_text(TITLE)

    # The right one works on it; the assisting one signs its result off; the centre takes it over
    assert land.takes(TITLE) == waits_at_a_department(code, "主办", "待报到", "报到")
    land.does("报到")
    land.does("记录进展", {"办理进展": "已到现场丈量，工棚占沟一米二。"})
    assert housing.takes(TITLE) == waits_at_a_department(code, "协办", "待报到", "报到")
    expect(housing.page.get_by_text("已到现场丈量，工棚占沟一米二。").first).to_be_visible()
    housing.does("报到")
    assert housing.waiting(TITLE) == ""
    assert land.takes(TITLE) == waits_at_a_department(code, "主办", "在办", "写办理结果")
    land.does("写办理结果", {"办理结果": "责令采石场七日内拆除工棚、清通排水沟。"})
    assert land.waiting(TITLE) == ""
    assert dispatcher.waiting(TITLE) == ""
    assert housing.takes(TITLE) == waits_at_a_department(code, "协办", "在办", "会签")
    housing.does("会签", {"会签意见": "同意", "说明": "工棚无规划许可。"})
    assert dispatcher.takes(TITLE).split(" ", 1)[1] == f"{TITLE} {code} 办结"
    dispatcher.does("办结")
    assert dispatcher.state == "待回访"

    # 案结事了, not yet: the person is not satisfied, and it goes round once more under the same code
    assert inspector.takes(TITLE) == waits_at_the_centre(code, "待回访", "回访")
    inspector.does("回访", {"方式": "电话", "满意程度": "不满意", "回访记录": "工棚拆了，沟没有通。"})
    assert inspector.state == "待评价"
    assert dispatcher.takes(TITLE) == waits_at_the_centre(code, "待评价", "评价")
    dispatcher.does("重启", {"为什么重启": "排水沟没有清通，问题没有解决。"})
    assert (dispatcher.state, dispatcher.code) == ("待研判", code)
    expect(dispatcher.page.locator(".matter-head")).to_contain_text("重启 1 次")
    dispatches(dispatcher, risk="低风险", grounds="工棚已拆，只剩清沟。", lead="恩平市自然资源局")
    assert land.takes(TITLE) == waits_at_a_department(code, "主办", "待报到", "报到")
    land.does("报到")
    land.does("写办理结果", {"办理结果": "排水沟已清通，三户现场验收签字。"})
    dispatcher.takes(TITLE)
    dispatcher.does("办结")

    # 案结事了
    assert registrar.takes(TITLE) == waits_at_the_centre(code, "待回访", "回访")
    registrar.does("回访", {"方式": "电话", "满意程度": "满意"})
    assert inspector.takes(TITLE) == waits_at_the_centre(code, "待评价", "评价")
    inspector.does("评价", {"办理合法合规": "是", "材料齐全": "是"})
    assert director.takes(TITLE) == waits_at_the_centre(code, "待结案", "结案")
    director.does("结案")
    assert director.state == "已结案"
    director.does("归档")
    assert (director.state, director.code) == ("已归档", code)
    expect(director.page.locator("#next")).to_contain_text("已归档，不能再改动。")
    expect(director.page.locator("#next").get_by_role("button")).to_have_count(0)

    # What happened, as the page tells it and as the owner of the tables proves it
    assert director.history == HISTORY
    expect(director.page.locator("#history header")).to_contain_text("记录链完整")
    assert director.waiting(TITLE) == ""
    proof = verified()
    assert (proof["matters"], proof["broken"]) == (2, [])
