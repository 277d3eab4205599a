"""The paper of an agreement: printed to be signed, and the same facts on every form afterwards."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from docx import Document

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements import wording
from fengqiao.agreements.domain import performing
from fengqiao.confirmation.domain import preparing
from fengqiao.confirmation.queries.contacts import contacts_of
from fengqiao.dossier.paper import chinese_date
from fengqiao.dossier.queries.facts import facts_of
from fengqiao.dossier.queries.papers import forms_of
from fengqiao.dossier.queries.plan import plan_of
from fengqiao.dossier.templates import docx_of
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain import standing
from tests.agreements.hands import SEAL, WORDS, does, drafted, mediating, pays, signed, terms_of
from tests.confirmation.hands import COURT, confirmable, prepared
from tests.matters.ground import EVERYWHERE, act
from tests.small_county import SmallCounty


def facts(matter: Matter):
    with scope(EVERYWHERE):
        return facts_of(Matter.objects.get(pk=matter.pk))


def test_it_is_printed_to_be_signed(county: SmallCounty):
    matter = mediating(county)
    assert not {"written", "agreed"} & facts(matter).holds
    drafted(county, matter, pays(matter))
    found = facts(matter)
    assert "written" in found.holds
    assert "agreed" not in found.holds
    assert found.values["agreed_facts"] == WORDS["facts"]
    assert found.values["issues"] == f"{WORDS['issues']}\n{WORDS['responsibility']}"
    assert found.values["agreement"].startswith("1. ")
    assert not found.values["agreed_on"]


def test_signed_and_performed_it_says_so_on_every_form(county: SmallCounty, monkeypatch):
    matter = mediating(county)
    agreement = signed(county, matter, pays(matter), does(matter))
    payment, _deed = terms_of(agreement)
    given = {"term_id": payment.pk, "on": clock.today(), "amount": Decimal(2000), "text": "转账凭证已看。"}
    act(county, Role.MEDIATOR, performing.perform, **given)
    found = facts(matter)
    assert {"written", "agreed"} <= found.holds
    assert found.values["organisation"] == SEAL["name"]
    assert found.values["agreed_on"] == chinese_date(clock.today())
    assert found.values["agreement_number"] == f"（{agreement.year}）人调协字第{agreement.number}号"
    assert found.values["performance"].endswith("履行2,000.00元，转账凭证已看。")
    words = found.values["agreement"]
    assert words.count("\n") == 1
    # What was signed is never said in another way by a later version.
    monkeypatch.setattr(wording, "term_in_words", lambda term: "others")
    assert facts(matter).values["agreement"] == words


def test_the_application_for_confirmation_says_court_ground_and_addresses(county: SmallCounty):
    matter, agreement = confirmable(county)
    with scope(county.actor(Role.MEDIATOR)):
        chosen = [pk for pk, _masked in contacts_of(matter)]
    assert not facts(matter).values.get("court")
    case = prepared(county, agreement, serves=chosen)
    found = facts(matter)
    assert found.values["court"] == COURT
    assert found.values["venue"] == "调解组织所在地的基层人民法院（民事诉讼法第205条第2项）"
    # Whole on this paper, and only those that were chosen.
    assert "13800000001" in found.values["delivery"]
    assert "written_persons" in found.holds
    with scope(EVERYWHERE):
        [entry] = [each for each in plan_of(matter).entries if each.place.id == "confirmation"]
    assert [paper.form for paper in entry.papers] == ["confirmation", "proof"]
    assert not {"人民法院", "双方送达地址和电话", "管辖依据"} & set(entry.papers[0].missing)
    act(county, Role.MEDIATOR, preparing.drop, case_id=case.pk, on=clock.today(), text="双方不申请了。")
    assert not facts(matter).values.get("court")


def test_papers_of_a_body_that_may_charge_speak_of_its_own_law(county: SmallCounty):
    matter = mediating(county, category="0603")
    footing = {
        "body": "commercial",
        "name": "恩平市某商事调解中心",
        "initiative": "applied",
        "fee": Decimal(300),
    }
    act(county, Role.MEDIATOR, standing.set_footing, matter, **footing)
    drafted(county, matter, pays(matter))
    with scope(EVERYWHERE):
        papers = {paper.form: paper for paper in forms_of(Matter.objects.get(pk=matter.pk))}
    assert (papers["application"].title, papers["agreement"].title) == ("商事调解申请书", "商事调解协议书")
    assert "duty" not in papers
    told = "".join(papers["duty_others"].paragraphs)
    assert "调解费用人民币300.00元（大写：叁佰元整）" in told and "第二百零五条" in told
    for paper in papers.values():
        cells = [part for row in paper.rows for part in row]
        text = "".join((paper.title, *paper.paragraphs, *cells, *paper.after, *paper.closing))
        assert "人民调解" not in text and "不收取" not in text, paper.form
        file = Document(BytesIO(docx_of(paper)))
        assert file.paragraphs[0].text == paper.title
