"""The forms of the mediation dossier: one set of facts, the same on every form, and a gap where there is none."""

from __future__ import annotations

import zipfile
from io import BytesIO
from uuid import UUID

import pytest
from docx import Document

from fengqiao.accounts.enums import Role
from fengqiao.dossier import forms
from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.paper import BLANK, DAY_BY_HAND, Paper
from fengqiao.dossier.queries.people import OF_A_BODY, OF_A_PERSON
from fengqiao.dossier.templates import docx_of, place_of, template_of
from fengqiao.matters.domain import accepting
from fengqiao.matters.enums import ProcedureKind, ProcedureStage, State
from fengqiao.matters.intake import NewParty, NewProcedure
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain.mediating import record_mediation, send_to_mediation
from fengqiao.mediation.enums import Result
from tests.dossier.test_papers import papers
from tests.matters.ground import act
from tests.mediation.test_mediating import all_agree
from tests.small_county import SmallCounty, brought_to, registered

RARE = "䶮𠅤"
PARTIES = (
    NewParty(name=f"黄{RARE}"),
    NewParty(role="respondent", name="陶瓷<厂>&公司", kind="organisation", legal_representative="李某某"),
    NewParty(name="赵律师", agent_for=0, agent_power="一般代理"),
)


def mediated(county: SmallCounty, result: Result | None) -> Matter:
    matter = brought_to(county, State.ACCEPTED, parties=PARTIES)
    mediator = county.person(Role.MEDIATOR).id
    act(county, Role.REGISTRAR, send_to_mediation, matter, consents=all_agree(matter), mediator_id=mediator)
    if result:
        act(
            county,
            Role.MEDIATOR,
            record_mediation,
            matter,
            result=result,
            text="三日内付清工资。\n互不追究。",
        )
    return matter


def forms_in(county: SmallCounty, matter: Matter, who=Role.DIRECTOR) -> dict[str, Paper]:
    return {p.form: p for p in papers(county, matter, who) if p.kind == PaperKind.FORM}


RUNNING = ["application", "registration", "consent", "duty", "power", "investigation", "record"]


@pytest.mark.parametrize(
    ("result", "more"),
    [
        (None, []),
        (Result.WRITTEN, ["agreement", "performance", "confirmation_body", "proof"]),
        (Result.ORAL, ["oral", "performance"]),
        (Result.REFUSED, ["note"]),
    ],
)
def test_which_forms_a_mediation_comes_to(county: SmallCounty, result, more):
    matter = mediated(county, result)
    made = forms_in(county, matter)
    assert list(made) == [*RUNNING, *more]
    assert forms_in(county, matter, (Role.HANDLER, "labour")) == {}
    # No fact differs between the forms, nor between a form and its file.
    said: dict[str, set[str]] = {}
    for paper in made.values():
        for name, value in paper.facts[1:]:
            said.setdefault(name, set()).add(value)
    assert {name: values for name, values in said.items() if len(values) > 1} == {}
    for paper in made.values():
        document = Document(BytesIO(docx_of(paper)))
        assert [(r.cells[0].text, r.cells[1].text) for t in document.tables for r in t.rows] == list(
            paper.rows
        )
        text = [p.text for p in document.paragraphs if p.text]
        assert text[:2] == [paper.title, paper.number]
        assert [p for p in (*paper.paragraphs, *paper.after, *paper.closing) if p not in text] == []


def test_the_agreement_and_its_gaps(county: SmallCounty):
    agreement = forms_in(county, mediated(county, Result.WRITTEN))["agreement"]
    assert dict(agreement.rows) | {"主要事实": ""} == {
        "协议编号": BLANK,
        "申请人": f"黄{RARE}　{OF_A_PERSON}",
        "被申请人": f"陶瓷<厂>&公司（法定代表人：李某某）\n{OF_A_BODY}",
        "第三人": "无",
        "调解组织": BLANK,
        "主要事实": "",
        "争议事项": BLANK,
        "各方责任": BLANK,
        "协议内容": "三日内付清工资。\n互不追究。",
        "履行方式和地点": BLANK,
        "履行期限": BLANK,
    }
    # A centre cannot ground judicial confirmation: the mediating body is never taken to be the centre.
    assert agreement.missing == (
        "协议编号",
        "调解组织名称、类型和印章",
        "争议事项",
        "各方责任",
        "履行方式和地点",
        "履行期限",
    )
    assert agreement.signed_by == ""


def test_the_forms_of_the_end_and_of_a_hand_over(county: SmallCounty):
    closed = forms_in(county, brought_to(county, State.CLOSED))
    assert list(closed) == ["visit", "closing"]
    assert "结案日期" not in closed["closing"].missing
    matter = registered(county)
    assert forms_in(county, matter) == {}
    act(county, Role.REGISTRAR, accepting.accept, matter)
    act(
        county,
        Role.REGISTRAR,
        accepting.redirect,
        matter,
        kind="arbitration",
        body="恩平市仲裁院",
        explanation="劳动关系有争议，应先行仲裁。",
    )
    assert dict(forms_in(county, matter)["handover"].rows)["移送的程序"] == "仲裁"


def test_no_power_without_a_mediation_and_nothing_to_a_procedure_that_has_ended(county: SmallCounty):
    ended = NewProcedure(
        kind=ProcedureKind.ARBITRATION, stage=ProcedureStage.ENDED, body="恩平市劳动人事争议仲裁委员会"
    )
    matter = brought_to(county, State.ACCEPTED, parties=PARTIES, procedures=(ended,))
    assert set(forms_in(county, matter)) & {"power", "handover"} == set()


# What the trade's own forms ask (field/dossier.md), by the words of ours. Names of parties are there wherever a form
# has their particulars; places to sign are told apart from rows.
ASKED = {
    "application": "申请人 被申请人 性别 民族 年龄 职业 电话 住址 纠纷简要情况 申请事项 自愿 签名 年",
    "registration": "登记日期 申请人 被申请人 纠纷类型 来源 受理方式 简要情况 当事人签名 登记人签名 印章 备注",
    "duty": "权利 义务 不收取任何费用 告知日期 当事人签名 告知人签名",
    "duty_others": "主持 收费情况 权利 义务 告知日期 当事人签名 告知人签名",
    "consent": "事由 当事人意愿 记录日期 当事人签名 记录人签名",
    "power": "事由 委托人签名 受委托人签名 权限",
    "investigation": "时间和地点 当事人 被调查人 记录 被调查人签名 调查人签名 记录人签名",
    "record": "会谈时间 地点 事由 参加人 申请人 被申请人 权利义务告知 陈述和质证 风险告知 调解结果 已告知的途径 "
    "当事人签名 调解员签名 记录人签名 印章",
    "agreement": "协议编号 申请人 被申请人 主要事实 争议事项 各方责任 协议内容 履行方式和地点 履行期限 "
    "当事人签名 调解员签名 印章 年",
    "oral": "协议编号 申请人 被申请人 主要事实 争议事项 各方责任 协议内容 履行方式和地点 履行期限 调解员签名 印章 年",
    "performance": "当事人 协议编号 协议内容 履行情况 履行人签名 接受人签名",
    "visit": "当事人 协议编号 事由 时间 履行情况 满意度 诉讼、司法确认 隐患 情况和措施 回访人",
    "closing": "卷号 承办单位 受案日期 结案日期 当事人 来源 主要事实 填表人签名",
    "confirmation": "申请人 送达地址和电话 管辖依据 协议内容 承诺 调解组织主持调解的证明 身份或者资格证明 "
    "财产权利证明 签名",
    "confirmation_body": "申请人（个人） 申请人（单位） 统一社会信用代码 送达地址和电话 协议内容 承诺 签名",
    "proof": "调解员 主持调解 调解组织 印章",
    "note": "调解日期 未达成的原因 已告知的途径 告知途径日期 转介和结果 调解员签名",
    "handover": "事由 当事人 移送的程序 对方案号 简要情况 移交的材料 移交人签名 接收人签名",
    "consultation": "会诊时间 主持人 会诊人员 案情 会诊的法律问题 会诊意见 依据 不代替有权机关的决定 主持人签名",
    "returned": "移交的类型 移交编号 签收日期 调解组织 调解员 调解日期 结果 协议编号 交回人签名 接收人签名",
}


def test_every_form_asks_what_the_trades_own_asks():
    particulars = {"petitioner_details": OF_A_PERSON, "respondent_details": OF_A_BODY}
    facts = particulars | forms.words_said("people") | {"seal_place": "（调解组织印章）"}
    for form in forms.forms():
        paper = forms.filled(form, matter_id=UUID(int=1), code="1", facts=facts)
        cells = [part for row in paper.rows for part in row]
        text = "".join((*paper.paragraphs, *cells, *paper.after, *paper.closing))
        assert [word for word in ASKED[form.code].split() if word not in text] == [], form.code
        # The seal and the day beneath it stand at the right, what is signed at the left.
        right = [line for line, at_right in paper.ending if at_right]
        assert [line for line in paper.closing if ("印章" in line or line == DAY_BY_HAND)] == right, form.code


def test_the_shipped_templates_are_those_of_the_description():
    names = forms.field_names()
    for form in forms.forms():
        assert [field for field in form.fields() if field not in names] == []
        with (
            zipfile.ZipFile(place_of(form.code)) as shipped,
            zipfile.ZipFile(BytesIO(template_of(form))) as made,
        ):
            assert shipped.read("word/document.xml") == made.read("word/document.xml"), form.code
