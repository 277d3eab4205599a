"""Writing, signing and keeping an agreement at the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain import performing
from fengqiao.agreements.models import Agreement
from fengqiao.kernel import clock
from fengqiao.mediation.domain import standing
from fengqiao.mediation.enums import Initiative
from fengqiao.rules.queries.agreements import questions_on
from tests.agreements.hands import WORDS, drafted, mediating, parties_of, pays, signed, terms_of
from tests.matters.ground import EVERYWHERE, act, county, fresh, laid, traces
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

__all__ = ["county", "laid"]
pytestmark = pytest.mark.django_db


def rows_of(*rows: dict[str, Any]) -> dict[str, Any]:
    """A list of terms as the page sends it."""
    sent = {"terms-TOTAL_FORMS": len(rows), "terms-INITIAL_FORMS": 0}
    return sent | {f"terms-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def test_from_the_empty_page_to_the_last_seal(county: SmallCounty):
    matter = mediating(county)
    creditor, debtor = parties_of(matter)[:2]
    browser = at_the_desk(county, Role.MEDIATOR)
    card = text_of(browser.get(reverse("matter_agreements", args=[matter.code])))
    assert "写书面协议" in card
    address = reverse("agreement_new", args=[matter.code, "written"])
    page = browser.get(address)
    # The other side is offered as who pays, whoever came as who is paid.
    assert f'<option value="{debtor.pk}" selected>' in page.content.decode()
    before = traces()
    row = {"kind": "pay", "debtor": str(debtor.pk), "creditor": str(creditor.pk), "amount": "", "due": ""}
    page = browser.post(address, WORDS | rows_of(row))
    text = text_of(page)
    assert page.status_code == 422
    assert "请写明多少钱。" in text
    assert "请写明到哪一天。" in text
    assert WORDS["facts"] in page.content.decode()
    assert traces() == before
    row |= {"amount": "5730", "due": (clock.today() + timedelta(days=9)).isoformat()}
    led = browser.post(address, WORDS | rows_of(row))
    with scope(EVERYWHERE):
        made = Agreement.objects.get(matter_id=matter.pk)
    one = reverse("agreement", args=[made.pk])
    assert led.headers["Location"] == one
    # Who mediated can still be written down: the page leads there.
    assert reverse("mediation", args=[matter.code]) in browser.get(one).content.decode()

    def does(action: str, **said: Any) -> Any:
        return browser.post(reverse("agreement_act", args=[made.pk, action]), said)

    assert does("sign", who="mediator").status_code == 403
    asked = {each.id: "no" for each in questions_on(clock.today())}
    lacking = does("check", **(asked | {"minors": "yes"}))
    assert (lacking.status_code, "请写明怎样说明的。" in text_of(lacking)) == (422, True)
    assert does("check", **asked).headers["Location"] == one
    today = clock.today().isoformat()
    both = [str(creditor.pk), str(debtor.pk)]
    does("sign", who="party", parties=both, mark="fingerprint", on=today)
    wrong = does("sign", who="organisation", name="调委会", mark="signature", on=today)
    assert (wrong.status_code, "调解组织要盖章。" in text_of(wrong)) == (422, True)
    does("sign", who="mediator", name="老陈", mark="signature", on=today)
    does("sign", who="organisation", name="恩城街道人民调解委员会", mark="seal", on=today)
    assert fresh(county, matter).state == "settled"
    shown = text_of(browser.get(one))
    assert "恩城街道人民调解委员会" in shown
    assert "还没有写明由哪个组织主持调解。" in shown


@pytest.mark.parametrize(
    ("body", "sentence", "ways"),
    [
        ("people", "双方可以共同向法院申请，最晚 ", ["confirm", "money_order", "sue"]),
        ("centre", "法院不受理司法确认的申请。", ["money_order", "sue"]),
    ],
)
def test_who_mediated_says_whether_a_court_confirms(county, body: str, sentence: str, ways: list[str]):
    """民事诉讼法(2023) 第205条: an agreement that a lawfully established mediating organisation brought about."""
    matter = mediating(county, category="0201")
    given = {"initiative": Initiative.APPLIED, "body": body, "name": "塘库村人民调解委员会"}
    act(county, Role.MEDIATOR, standing.set_footing, matter, **given)
    agreement = signed(county, matter, pays(matter))
    page = text_of(at_the_desk(county, Role.MEDIATOR).get(reverse("agreement", args=[agreement.pk])))
    assert sentence in page
    with scope(EVERYWHERE):
        [term] = terms_of(agreement)
        assert [each.id for each in performing.ways_of(term, clock.today())] == ways


def test_two_who_write_at_once_are_told(county: SmallCounty):
    matter = mediating(county)
    address = reverse("agreement_edit", args=[drafted(county, matter).pk])
    browser = at_the_desk(county, Role.MEDIATOR)
    creditor, debtor = parties_of(matter)[:2]
    row = {
        "kind": "do",
        "debtor": str(debtor.pk),
        "creditor": str(creditor.pk),
        "what": "道歉",
        "due": clock.today().isoformat(),
    }
    stale = WORDS | rows_of(row) | {"version": matter.version - 1}
    page = browser.post(address, stale | {"issues": "我写的争议"})
    assert "已有变动" in text_of(page)
    assert ">\n我写的争议</textarea>" in page.content.decode()
    version = fresh(county, matter).version
    assert f'name="version" value="{version}"' in page.content.decode()
    assert browser.post(address, stale | {"version": version}).status_code == 302


def test_what_is_owed_is_listed_and_reminded_of(county: SmallCounty):
    matter = mediating(county)
    [term] = terms_of(signed(county, matter, pays(matter, days=3)))
    browser = at_the_desk(county, Role.REGISTRAR)
    soon = text_of(browser.get(reverse("performance")))
    assert matter.code in soon
    assert matter.code not in text_of(browser.get(reverse("performance") + "?span=late"))
    dialog = reverse("term_act", args=[term.pk, "perform"])
    assert 'value="5000.00"' in browser.get(dialog).content.decode()
    too_much = browser.post(dialog, {"on": clock.today().isoformat(), "amount": "6000", "text": "转账"})
    assert (too_much.status_code, "还欠 5,000.00 元" in text_of(too_much)) == (422, True)
    paid = browser.post(dialog, {"on": clock.today().isoformat(), "amount": "2000", "text": "转账凭证"})
    assert paid.status_code == 302
    assert "已付 2,000，还欠 3,000" in text_of(browser.get(reverse("matter_agreements", args=[matter.code])))
