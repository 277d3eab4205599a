"""Papers of what passed between the centre and other offices: from a court and back, to arbitration, and no needs."""

from __future__ import annotations

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dossier.paper import chinese_date
from fengqiao.dossier.queries.facts import facts_of
from fengqiao.dossier.queries.papers import forms_of
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain import standing
from fengqiao.mediation.domain.mediating import record_mediation
from fengqiao.mediation.enums import Initiative, Result
from fengqiao.referrals.domain import answering
from tests.matters.ground import EVERYWHERE, act
from tests.referrals.hands import COURT, consented, from_court, mediate, referred, taken_in
from tests.small_county import SmallCounty

ARBITRATION = {"office": "恩平市劳动人事争议仲裁委员会", "number": "恩劳人仲案〔2026〕1号"}


def test_a_courts_matter_goes_back_and_on_to_arbitration(county: SmallCounty):
    matter = from_court(county)
    task = taken_in(county, matter)
    mediate(county, matter)
    own = {"body": "people", "name": "恩城街道人民调解委员会", "initiative": Initiative.OWN}
    act(county, Role.MEDIATOR, standing.set_footing, matter, **own)
    # What one of them needs is told to that office alone.
    referred(county, matter, "counselling", office="县心理服务站", **consented(matter))
    sent = referred(county, matter, "labour_arbitration", **ARBITRATION)
    act(county, Role.MEDIATOR, record_mediation, matter, result=Result.REFUSED, text="公司不愿再谈。")
    back = {"outcome": "failed", "result": "公司不愿再谈。", "received_by": "立案庭"}
    act(county, Role.REGISTRAR, answering.give_back, referral_id=task.pk, **back)
    decided = {"outcome": "decided", "result": "裁决支付三千元。"}
    accepted = {"contact": "立案窗口", "number": ARBITRATION["number"]}
    act(county, Role.REGISTRAR, answering.accept, referral_id=sent.pk, **accepted)
    act(county, Role.REGISTRAR, answering.give_back, referral_id=sent.pk, **decided)

    with scope(EVERYWHERE):
        found = Matter.objects.get(pk=matter.pk)
        papers = {paper.form: paper for paper in forms_of(found)}
        facts = facts_of(found).values
    today = chinese_date(clock.today())
    # The mediators began of their own accord: nobody applied.
    assert "application" not in papers
    assert dict(papers["registration"].rows)["受理方式"] == "主动调解"
    assert dict(papers["registration"].rows)["备注（移交来源）"] == (
        f"法院委派调解（立案前）：{COURT['office']}，编号{COURT['number']}，{today}签收"
    )
    assert dict(papers["note"].rows)["转介和结果"] == (
        f"{today}引导申请劳动仲裁：{ARBITRATION['office']}，编号{ARBITRATION['number']}；{today}已裁决：裁决支付三千元。"
    )
    returned, handed = papers["returned"], papers["handover"]
    assert (returned.addressee, handed.addressee) == (COURT["office"], ARBITRATION["office"])
    assert dict(returned.rows)["结果"] == "调解不成。公司不愿再谈。"
    assert (returned.dated, returned.missing) == (today, ())
    assert not any("心理" in value for value in facts.values())
