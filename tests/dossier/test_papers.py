"""Papers made from the facts: each paper, what it says, to whom, and a blank for what is not known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.utils import translation
from docx import Document

from fengqiao.accounts.enums import ADMINISTRATORS, Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import dispatching, handling
from fengqiao.dispatch.domain.dispatching import Assisting
from fengqiao.dispatch.enums import Responsibility
from fengqiao.dossier.docx import render
from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.paper import BLANK, Paper, chinese_date
from fengqiao.dossier.queries.papers import paper_of, papers_of
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.domain import accepting, settling
from fengqiao.matters.domain.registration import register
from fengqiao.matters.enums import Channel, ProcedureKind, State
from fengqiao.matters.intake import NewMatter, NewParty
from fengqiao.matters.models import Matter
from tests.dispatch.hands import LABOUR, check_in, part_of
from tests.matters.ground import act, fresh
from tests.small_county import SmallCounty, brought_to, registered

# 20:05 in Asia/Shanghai; the next day begins there four hours before UTC's.
EVENING = datetime(2026, 11, 3, 12, 5, tzinfo=UTC)
WITNESS = ("送达人：＿＿＿＿＿＿　　受送达人：＿＿＿＿＿＿", "送达时间：＿＿＿＿年＿＿月＿＿日")


def papers(county: SmallCounty, matter: Matter, who: tuple[Role, str] | Role = Role.DIRECTOR) -> list[Paper]:
    role, place = who if isinstance(who, tuple) else (who, "county")
    actor = county.actor(role, place)
    with scope(actor):
        return papers_of(actor, Matter.objects.select_related("centre", "holder").get(pk=matter.pk))


def only(county: SmallCounty, matter: Matter, kind: PaperKind, who=Role.DIRECTOR) -> Paper:
    [paper] = [p for p in papers(county, matter, who) if p.kind == kind]
    return paper


# --- receipt ---------------------------------------------------------------------------------------------------
def test_the_receipt(county: SmallCounty):
    with clock.at(EVENING):
        matter = registered(county, received_at=EVENING - timedelta(hours=30))
    assert papers(county, matter) == [
        Paper(
            kind=PaperKind.RECEIPT,
            reference=matter.pk,
            title="登记回执",
            number=f"编号：{matter.code}",
            addressee="黄某某",
            paragraphs=(
                "您反映的“陶瓷厂拖欠十二名工人工资”，本中心已于2026年11月3日登记。"
                "今后凭上面的编号，在任何一个窗口都可以查询办理情况，不必重复陈述。",
            ),
            rows=(
                ("来源", "来访"),
                ("收到时间", "2026年11月2日 14:05"),
                ("诉求", "求决"),
                ("纠纷类型", "劳动人事 / 福利"),
            ),
            signed_by="恩平市综治中心",
            dated="2026年11月3日",
        )
    ]


def test_what_is_not_known_is_a_blank_and_never_invented(county: SmallCounty):
    bare = NewMatter(
        title="有人来过", received_at=None, channel=Channel.BELL, parties=(NewParty(kind="anonymous"),)
    )
    matter = act(county, Role.REGISTRAR, register, new=bare)
    receipt = only(county, matter, PaperKind.RECEIPT)
    assert (receipt.addressee, receipt.missing) == ("（匿名）", ())
    assert receipt.rows == (
        ("来源", "24小时服务铃"),
        ("收到时间", BLANK),
        ("诉求", BLANK),
        ("纠纷类型", BLANK),
    )


def test_several_petitioners_are_addressed_and_their_agent_is_not(county: SmallCounty):
    parties = (
        NewParty(name="黄某某"),
        NewParty(name="陈某某"),
        NewParty(name="代理人", agent_for=0, agent_power="委托书"),
    )
    assert only(county, registered(county, parties=parties), PaperKind.RECEIPT).addressee == "黄某某、陈某某"


# --- notices -----------------------------------------------------------------------------------------------------
def test_each_notice_in_the_order_in_which_it_arose(county: SmallCounty):
    with clock.at(EVENING):
        matter = brought_to(county, State.ACCEPTED)
        act(
            county,
            Role.REGISTRAR,
            accepting.redirect,
            matter,
            kind=ProcedureKind.ARBITRATION,
            body="恩平市仲裁院",
            explanation="劳动关系有争议，应先行仲裁。",
        )
        act(county, Role.REGISTRAR, settling.tell_remedies, matter, text="十五日内可以申请仲裁")
    notices = [p for p in papers(county, matter) if p.kind == PaperKind.NOTICE]
    assert [(p.title, p.number, p.paragraphs) for p in notices] == [
        (
            "受理告知书",
            f"编号：{matter.code}-告2",
            (
                f"您反映的“陶瓷厂拖欠十二名工人工资”（编号 {matter.code}），本中心已于2026年11月3日受理，"
                "将按程序办理并告知结果。",
            ),
        ),
        (
            "导入法定程序告知书",
            f"编号：{matter.code}-告3",
            ("劳动关系有争议，应先行仲裁。", "恩平市仲裁院"),
        ),
        ("救济途径告知书", f"编号：{matter.code}-告4", ("十五日内可以申请仲裁",)),
    ]
    assert {(p.addressee, p.signed_by, p.dated, p.closing) for p in notices} == {
        ("黄某某", "恩平市综治中心", "2026年11月3日", WITNESS)
    }


def test_the_notice_of_guidance(county: SmallCounty):
    matter = registered(county, parties=())
    act(county, Role.REGISTRAR, accepting.guide, matter, body="恩平市人民法院", explanation="应当申请执行")
    notice = only(county, matter, PaperKind.NOTICE)
    assert (notice.title, notice.addressee) == ("引导告知书", BLANK)
    assert notice.paragraphs == ("应当申请执行", "恩平市人民法院")


# --- between the centre and the departments -------------------------------------------------------------------
@pytest.fixture
def handed(county: SmallCounty) -> Matter:
    """Led by the labour bureau, with the housing bureau assisting; all on one evening."""
    with clock.at(EVENING):
        matter = brought_to(county, State.DISPATCHING)
        act(
            county,
            Role.DISPATCHER,
            dispatching.dispatch,
            matter,
            lead=county.department("labour").id,
            assisting=[Assisting(county.department("housing").id, Responsibility.TERRITORY)],
            message="请依法处理并答复",
            reply_by=EVENING.date() + timedelta(days=15),
        )
    with clock.at(EVENING + timedelta(minutes=30)):
        check_in(county, LABOUR, part_of(matter))
    return matter


def test_the_hand_over_sheets(county: SmallCounty, handed: Matter):
    lead, assist = (p for p in papers(county, handed) if p.kind == PaperKind.DISPATCH)
    assert lead.rows == (
        ("事项", "陶瓷厂拖欠十二名工人工资"),
        ("简要情况", "十二名工人到中心反映，厂里两个月没有发工资，多次询问没有结果。"),
        ("承办方式", "主办"),
        ("责任", "行业主管责任"),
        ("交办要求", "请依法处理并答复"),
        ("答复期限", "2026年11月18日"),
        ("交办时间", "2026年11月3日 20:05"),
        ("报到时间", "2026年11月3日 20:35"),
    )
    assert (lead.title, lead.number, lead.addressee, lead.signed_by, lead.dated, lead.closing) == (
        "矛盾纠纷事项交办单",
        f"编号：{handed.code}-交1",
        "恩平市人社局",
        "恩平市综治中心",
        "2026年11月3日",
        WITNESS,
    )
    assert assist.addressee == "恩平市住建局"
    assert dict(assist.rows)["承办方式"] == "协办"
    assert dict(assist.rows)["责任"] == "属地责任"
    assert dict(assist.rows)["报到时间"] == BLANK


def test_the_sheet_of_a_return_before_and_after_the_decision(county: SmallCounty, handed: Matter):
    lead = part_of(handed)
    with clock.at(EVENING + timedelta(hours=1)):
        act(
            county,
            LABOUR,
            handling.ask_return,
            assignment_id=lead.id,
            reason="工程款纠纷，不属劳动关系",
            basis="职责分工文件第三条",
        )
    asked = (
        ("事项", "陶瓷厂拖欠十二名工人工资"),
        ("退回理由", "工程款纠纷，不属劳动关系"),
        ("依据", "职责分工文件第三条"),
        ("申请人", f"{county.person(Role.HANDLER, 'labour').name}　2026年11月3日 21:05"),
    )
    sheet = only(county, handed, PaperKind.RETURN)
    assert sheet.rows == (*asked, ("裁定", "待定"))
    assert (sheet.title, sheet.addressee, sheet.signed_by, sheet.dated) == (
        "交办事项退回单",
        "恩平市综治中心",
        "恩平市人社局",
        "2026年11月3日",
    )
    with clock.at(EVENING + timedelta(hours=4)):
        act(
            county,
            Role.DISPATCHER,
            handling.arbitrate,
            assignment_id=lead.id,
            uphold=True,
            grounds="属自然资源职责",
            give_to=county.department("natural_resources").id,
        )
    assert only(county, handed, PaperKind.RETURN).rows == (
        *asked,
        ("裁定", "同意"),
        ("裁定依据", "属自然资源职责"),
        ("裁定人", f"{county.person(Role.DISPATCHER).name}　2026年11月4日 00:05"),
        ("改由", "恩平市自然资源局"),
    )


@pytest.mark.parametrize("declined", [False, True])
def test_the_reply(county: SmallCounty, handed: Matter, declined):
    with clock.at(EVENING + timedelta(hours=1)):
        act(
            county,
            LABOUR,
            handling.dispose,
            assignment_id=part_of(handed).id,
            result="经查情况属实，厂方已付清全部工资。",
            declined=declined,
            basis="劳动法第五十条",
        )
    reply = only(county, handed, PaperKind.REPLY)
    remedies = ("您如不服，可以依法申请行政复议、提起诉讼或者按信访程序请求复查。",) if declined else ()
    assert reply.paragraphs == (
        f"您反映的“陶瓷厂拖欠十二名工人工资”（编号 {handed.code}），现答复如下：",
        "经查情况属实，厂方已付清全部工资。",
        "依据：劳动法第五十条。",
        *remedies,
    )
    assert (reply.addressee, reply.signed_by, reply.dated) == ("黄某某", "恩平市人社局", "2026年11月3日")


def test_the_reply_of_a_window_post_is_signed_by_the_centre(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    act(county, Role.LEGAL_OFFICER, accepting.settle_on_spot, matter, result="已经当场解释清楚。")
    reply = only(county, matter, PaperKind.REPLY)
    assert (reply.signed_by, len(reply.paragraphs)) == ("恩平市综治中心", 2)


# --- who prints what -------------------------------------------------------------------------------------------
def kinds(county: SmallCounty, matter: Matter, who) -> list[str]:
    return [p.kind for p in papers(county, matter, who)]


def test_a_department_prints_what_passes_between_it_and_the_centre(county: SmallCounty, handed: Matter):
    act(county, LABOUR, handling.dispose, assignment_id=part_of(handed).id, result="厂方已付清全部工资。")
    assert kinds(county, handed, Role.REGISTRAR) == ["receipt", "notice", "dispatch", "dispatch", "reply"]
    assert kinds(county, handed, LABOUR) == ["dispatch", "reply"]
    assert kinds(county, handed, (Role.HANDLER, "housing")) == ["dispatch"]
    assert [p.addressee for p in papers(county, handed, (Role.HANDLER, "housing"))] == ["恩平市住建局"]
    assert kinds(county, handed, Role.SUPERVISOR) == []
    for role in ADMINISTRATORS:
        actor = county.actor(role)
        with scope(actor):
            assert papers_of(actor, handed) == []


def test_one_paper_by_its_kind_and_reference(county: SmallCounty, handed: Matter):
    director, labour = county.actor(Role.DIRECTOR), county.actor(*LABOUR)
    matter = fresh(county, handed)
    with scope(director):
        assert paper_of(director, matter, "receipt", matter.pk) == papers_of(director, matter)[0]
        assert paper_of(director, matter, "reply", matter.pk) is None
        assert paper_of(director, matter, "receipt", new_id()) is None
    with scope(labour):
        assert paper_of(labour, matter, "receipt", matter.pk) is None


def test_a_paper_is_chinese_whoever_prints_it(county: SmallCounty, handed: Matter):
    chinese = papers(county, handed)
    with translation.override("en"):
        assert papers(county, handed) == chinese


@pytest.mark.parametrize(
    ("day", "written"),
    [(datetime(2026, 1, 9), "2026年1月9日"), (datetime(2026, 12, 31), "2026年12月31日"), (None, BLANK)],
)
def test_dates_of_official_documents(day, written):
    assert chinese_date(day) == written


# --- the editable file -------------------------------------------------------------------------------------------
def lines(content: bytes) -> tuple[list[str], list[tuple[str, str]]]:
    """The paragraphs and the form of a .docx, as the word processor reads them."""
    document = Document(BytesIO(content))
    form = [(r.cells[0].text, r.cells[1].text) for t in document.tables for r in t.rows]
    return [p.text for p in document.paragraphs if p.text], form


def test_the_file_opens_and_holds_the_same_facts(county: SmallCounty, handed: Matter):
    act(
        county,
        LABOUR,
        handling.ask_return,
        assignment_id=part_of(handed).id,
        reason="不属本局职责",
        basis="分工文件",
    )
    for paper in papers(county, handed):
        paragraphs, form = lines(render(paper))
        expected = [paper.title, paper.number]
        if paper.addressee:
            expected.append(f"{paper.addressee}：")
        expected += [*paper.paragraphs, paper.signed_by, paper.dated, *paper.closing]
        assert paragraphs == expected
        assert form == list(paper.rows)


def paper(text: str) -> Paper:
    return Paper(
        kind=PaperKind.REPLY,
        reference=new_id(),
        title="答复书",
        number="编号：1",
        addressee=text,
        paragraphs=(text,),
        rows=(("事项", text),),
        signed_by="恩平市综治中心",
        dated="2026年11月3日",
    )


@pytest.mark.parametrize(
    "text",
    [
        "𠮷野家的𰻝𰻝面",
        "黄🙂某",
        "<b>&amp; 'quotes' \"</b>",
        "ﷺ",
        "{{ x }}{% y %}",
        "a\u200bb\u202ec",
        "制表\t符",
    ],
)
def test_rare_characters_are_kept(text):
    paragraphs, form = lines(render(paper(text)))
    assert paragraphs[2:4] == [f"{text}：", text]
    assert form == [("事项", text)]


@pytest.mark.parametrize("broken", ["\x00", "\x01", "\x0c", "\x1f", "\ufffe", "\uffff", "\ud83d"])
def test_what_no_file_can_hold_is_left_out(broken):
    paragraphs, form = lines(render(paper(f"前{broken}后")))
    assert "".join(paragraphs[3:-2]) == "前后"
    assert form[0][1].replace("\n", "") == "前后"


def test_several_lines_stay_lines():
    paragraphs, form = lines(render(paper("第一行\n第二行\r\n第三行")))
    assert paragraphs[3:6] == ["第一行", "第二行", "第三行"]
    assert form == [("事项", "第一行\n第二行\n第三行")]


def test_an_empty_fact_leaves_an_empty_cell():
    assert lines(render(paper("")))[1] == [("事项", "")]


def test_the_page_is_a_page_of_the_standard():
    document = Document(BytesIO(render(paper("内容"))))
    section = document.sections[0]
    millimetres = [
        round(length.mm)
        for length in (
            section.page_width, section.page_height, section.top_margin, section.bottom_margin,
            section.left_margin, section.right_margin,
        )
    ]  # fmt: skip
    assert millimetres == [210, 297, 37, 35, 28, 26]
    assert document.core_properties.title == "答复书 编号：1"
    fonts = {r.font.name for p in document.paragraphs for r in p.runs}
    assert fonts == {"方正小标宋简体", "仿宋"}
