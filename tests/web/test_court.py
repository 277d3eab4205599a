"""Confirmation on the page: prepared with its findings, filed by all, refused beside the field."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.confirmation.models import CourtCase
from fengqiao.kernel import clock
from fengqiao.matters.models import PartyContact
from tests.agreements.hands import parties_of
from tests.confirmation.hands import COURT, confirmable, no_bars
from tests.matters.ground import EVERYWHERE, county, laid, last_audited, traces
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

__all__ = ["county", "laid"]
pytestmark = pytest.mark.django_db


def test_from_the_findings_to_the_joint_filing(county: SmallCounty):
    matter, agreement = confirmable(county)
    browser = at_the_desk(county, Role.MEDIATOR)
    prepare = reverse("court_prepare", args=[agreement.pk])
    assert prepare in browser.get(reverse("matter_court", args=[matter.code])).content.decode()
    page = browser.get(prepare).content.decode()
    assert "双方可以共同申请到" in page
    assert "第205条第2项" in page
    with scope(EVERYWHERE):
        contacts = [
            str(pk) for pk in PartyContact.objects.filter(matter_id=matter.pk).values_list("pk", flat=True)
        ]
    # No telephone stands whole on the page.
    assert not re.search(r"\b1\d{10}\b", page)
    before = traces()
    sent = {"court": COURT, "level": "basic", "ground": "outside", "serves": contacts} | no_bars()
    refused = browser.post(prepare, sent)
    assert (refused.status_code, "确需向它申请的请写明理由" in text_of(refused)) == (422, True)
    lacking = browser.post(prepare, sent | {"identity": "yes"})
    assert (lacking.status_code, "请写明情况。" in text_of(lacking)) == (422, True)
    assert traces() == before
    led = browser.post(prepare, sent | {"ground": "domicile"})
    with scope(EVERYWHERE):
        case = CourtCase.objects.get(matter_id=matter.pk)
    one = reverse("court_case", args=[case.pk])
    assert led.headers["Location"] == one
    shown = text_of(browser.get(one))
    assert "轮到当事人" in shown
    assert "当事人身份证明（单位：资格证明）" in shown
    assert (
        browser.post(reverse("court_edit", args=[case.pk]), sent | {"ground": "subject"}).status_code == 302
    )
    given = browser.get(reverse("court_packet", args=[case.pk]))
    with zipfile.ZipFile(io.BytesIO(given.content)) as found:
        assert found.namelist() == [
            "01-司法确认申请书.pdf",
            "02-调解协议.pdf",
            "03-调解组织主持调解的证明.pdf",
        ]
    assert last_audited().verb == "court.packet"
    file = reverse("court_act", args=[case.pk, "file"])
    everybody = [str(party.pk) for party in parties_of(matter)]
    today = {"on": clock.today().isoformat()}
    alone = browser.post(file, today | {"applicants": everybody[:1]})
    assert (alone.status_code, "缺一方法院不受理" in text_of(alone)) == (409, True)
    assert browser.post(file, today | {"applicants": everybody}).headers["Location"] == one
    assert browser.get(reverse("court_act", args=[case.pk, "judge"])).status_code == 403
    card = text_of(browser.get(reverse("matter_court", args=[matter.code])))
    assert "轮到法院" in card
    history = text_of(browser.get(reverse("matter", args=[matter.code])))
    assert "共同提交司法确认申请 · 司法确认" in history
    refuse = reverse("court_act", args=[case.pk, "refuse"])
    assert "超过协议生效之日起三十日申请" in browser.get(refuse).content.decode()
