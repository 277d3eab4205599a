"""The forms of the mediation dossier: one set of facts, the same on every form, and a gap where there is none."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from docx import Document

from fengqiao.accounts.enums import Role
from fengqiao.dossier import forms
from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.paper import BLANK, Paper
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


def test_the_shipped_templates_are_those_of_the_description():
    names = forms.field_names()
    for form in forms.forms():
        assert [field for field in form.fields() if field not in names] == []
        with (
            zipfile.ZipFile(place_of(form.code)) as shipped,
            zipfile.ZipFile(BytesIO(template_of(form))) as made,
        ):
            assert shipped.read("word/document.xml") == made.read("word/document.xml"), form.code
