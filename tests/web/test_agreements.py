"""Writing, signing and keeping an agreement at the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain import performing
from fengqiao.agreements.models import Agreement, Sketch
from fengqiao.kernel import clock
from fengqiao.mediation.domain import standing
from fengqiao.mediation.enums import Initiative
from fengqiao.rules.queries.agreements import questions_on
from tests.agreements.hands import WORDS, mediating, parties_of, pays, signed, terms_of
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
    # What was typed is kept, and nothing is written down.
    assert {table for table, rows in traces().items() if rows != before[table]} == {"agreements_sketch"}
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


def test_two_who_write_in_one_draft_are_told_of_each_other(county: SmallCounty):
    matter = mediating(county)
    mine = at_the_desk(county, Role.MEDIATOR)
    hers = at_the_desk(county, Role.DIRECTOR)
    address = reverse("agreement_sketch", args=[matter.code])
    creditor, debtor = parties_of(matter)[:2]
    row = {"key": "1", "kind": "do", "debtor": str(debtor.pk), "creditor": str(creditor.pk), "what": "道歉"}
    row |= {"due": clock.today().isoformat(), "amount": "", "how": ""}

    def saves(browser: Any, known: int, touched: str, *rows: dict[str, Any], **words: Any) -> Any:
        sent = WORDS | rows_of(*(rows or (row,))) | {"known": known, "base": "", "touched": touched} | words
        return browser.post(address, sent, headers={"HX-Request": "true"})

    first = saves(mine, 0, "issues", issues="我写的争议")
    assert first.headers["X-Kept"] == "1" and 'id="sketch-known" value="1"' in first.content.decode()
    # She opened the page before that, and writes elsewhere in it: both stay, and she is told what came over.
    second = {
        "key": "b",
        "kind": "pay",
        "debtor": str(debtor.pk),
        "creditor": str(creditor.pk),
        "amount": "300",
    }
    other = saves(hers, 0, "facts,b.amount", row, second, facts="她写的事实")
    told = text_of(other)
    assert f"{county.person(Role.MEDIATOR).name}" in told and "改了：争议事项" in told
    assert "我写的争议" in other.content.decode() and other.headers["X-Kept"] == "2"
    # Both change the same words: nothing is written over, and whose they are is said.
    before = traces()
    clash = saves(mine, 1, "facts", facts="我也改了事实")
    assert (clash.status_code, "X-Kept" in clash.headers) == (409, False)
    assert "另一位调解员改了您正在改的地方" in text_of(clash) and "她写的事实" in text_of(clash)
    assert 'data-known="2"' in clash.content.decode() and county.person(Role.DIRECTOR).name in text_of(clash)
    assert traces() == before
    assert saves(mine, 2, "facts", facts="我也改了事实").headers["X-Kept"] == "3"
    # Her page looks by itself, and the page that is opened now says who changed what.
    looked = hers.get(address, {"known": 2, "base": ""})
    assert (looked.status_code, "我也改了事实" in looked.content.decode()) == (200, True)
    assert hers.get(address, {"known": 3, "base": ""}).status_code == 204
    page = hers.get(reverse("agreement_new", args=[matter.code, "written"])).content.decode()
    assert "我也改了事实</textarea>" in page and 'value="300"' in page and "改过：主要事实" in page
    # A post that writes no agreement is not shown what is typed: it is no paper yet.
    reader = at_the_desk(county, Role.REGISTRAR)
    assert reader.get(address).status_code == 403
    for shown in ("matter_agreements", "matter"):
        assert "我也改了事实" not in reader.get(reverse(shown, args=[matter.code])).content.decode()
    # Nothing is written down that its writer has not seen; then it is, and who still types is told.
    third = {
        "key": "b",
        "kind": "pay",
        "debtor": str(debtor.pk),
        "creditor": str(creditor.pk),
        "amount": "400",
    }
    sent = WORDS | rows_of(row, third | {"due": clock.today().isoformat()})
    sent |= {
        "issues": "我写的争议",
        "facts": "我也改了事实",
        "known": 3,
        "base": "",
        "touched": "b.amount,b.due",
    }
    assert saves(mine, 3, "1.how", row | {"how": "当面"}).headers["X-Kept"] == "4"
    unseen = hers.post(reverse("agreement_new", args=[matter.code, "written"]), sent)
    assert (unseen.status_code, "请看过再写进协议" in text_of(unseen)) == (409, True)
    sent |= rows_of(row | {"how": "当面"}, third | {"due": clock.today().isoformat()}) | {"known": 5}
    assert hers.post(reverse("agreement_new", args=[matter.code, "written"]), sent).status_code == 302
    late = saves(mine, 4, "facts", facts="还在写")
    assert (late.status_code, "草稿刚刚写成了协议" in text_of(late)) == (409, True)
    with scope(EVERYWHERE):
        [paper] = Agreement.objects.filter(matter_id=matter.pk)
        assert Sketch.objects.get(matter_id=matter.pk).replaced[0]["value"] == "她写的事实"
    # What is typed next begins with the paper, under the same keys: the one who was late goes on in it.
    page = mine.get(reverse("agreement_edit", args=[paper.pk])).content.decode()
    assert 'value="b"' in page and f'value="{paper.pk}:1"' in page
    again = WORDS | rows_of(row, third) | {"known": 4, "base": f"{paper.pk}:1", "touched": "facts"}
    kept = mine.post(address, again | {"facts": "还在写"}, headers={"HX-Request": "true"})
    assert kept.headers["X-Kept"] == "7"


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
