"""Referrals at the desk: the dialogs of a matter, the lists, and an office that sees what it was asked alone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.matters.enums import Danger, State
from fengqiao.places.enums import DepartmentKind
from fengqiao.referrals.models import Referral
from tests.matters.ground import EVERYWHERE, county, laid, traces
from tests.referrals.hands import COURT, consented, from_court, mediate, referred
from tests.small_county import SmallCounty, brought_to
from tests.web.desk import at_the_desk, text_of

__all__ = ["county", "laid"]
pytestmark = pytest.mark.django_db


def test_a_court_hands_in_and_the_page_says_whose_turn_it_is(county: SmallCounty):
    matter = from_court(county)
    browser = at_the_desk(county, Role.REGISTRAR)
    address = reverse("referral_new", args=[matter.code, "court_assigned"])
    assert "最高法特邀调解规定 第27条" in text_of(browser.get(address))
    before = traces()
    page = browser.post(address, COURT | {"number": "", "at": ""})
    assert (page.status_code, "请写明法院的案号" in text_of(page)) == (422, True)
    assert traces() == before
    assert browser.post(address, COURT).status_code == 302
    shown = text_of(browser.get(reverse("matter_referrals", args=[matter.code])))
    assert "轮到：本中心" in shown
    assert "法定期限到" in shown
    assert "达成的协议可以向委派的法院申请司法确认。" in shown
    assert COURT["number"] in text_of(browser.get(reverse("referrals_waiting")))
    mediate(county, matter)
    footing = reverse("mediation_act", args=[matter.code, "footing"])
    asked = at_the_desk(county, Role.MEDIATOR).get(footing).content.decode()
    assert '<option value="court_assigned" selected>' in asked


def test_a_department_answers_what_it_was_asked_and_is_not_shown_the_matter(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    labour = county.departments[DepartmentKind.LABOUR]
    sent = referred(county, matter, "legal_aid", department_id=labour.pk, **consented(matter))
    browser = at_the_desk(county, Role.HANDLER, DepartmentKind.LABOUR)
    accept = reverse("referral_act", args=[sent.pk, "accept"])
    for address in (reverse("referrals"), reverse("referrals_waiting"), accept):
        shown = text_of(browser.get(address))
        assert "请依职责办理。" in shown
        assert matter.code not in shown
        assert matter.title not in shown
    assert browser.get(reverse("referral_act", args=[sent.pk, "call_back"])).status_code == 403
    done = browser.post(accept, {"contact": "援助中心", "at": ""})
    assert done.headers["Location"] == reverse("referrals")
    with scope(EVERYWHERE):
        assert Referral.objects.get(pk=sent.pk).state == "accepted"


def test_a_danger_asks_for_the_police_and_an_appraisal_says_what_rests(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED, category="0502", danger=Danger.VIOLENCE)
    browser = at_the_desk(county, Role.MEDIATOR)
    alarm = "有危险，还没有报告公安机关的记录"
    assert alarm in text_of(browser.get(reverse("referrals")))
    said = {"danger": Danger.VIOLENCE, "office": "城关派出所", "asked": "一方说要带人来打。", "urgent": "on"}
    assert browser.post(reverse("referral_new", args=[matter.code, "police_report"]), said).status_code == 302
    listed = text_of(browser.get(reverse("referrals")))
    assert alarm not in listed
    assert "没有回执" in listed
    dialog = reverse("referral_new", args=[matter.code, "appraisal"])
    assert "期限照走" in text_of(browser.get(dialog))
    mediate(county, matter)
    assert "这期间不计入：" in text_of(browser.get(dialog))
