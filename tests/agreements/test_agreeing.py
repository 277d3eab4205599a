"""From the draft to the last signature, and from the first payment to the ways that the law leaves."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain import performing, signing, writing
from fengqiao.agreements.domain.performing import Performed
from fengqiao.agreements.enums import Mark, Signer, TermKind
from fengqiao.agreements.models import Agreement, Signature, Term, TermNote
from fengqiao.agreements.queries.agreements import agreements_of, owed_at
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Clock, Fact
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.domain import settling
from fengqiao.matters.intake import NewParty
from fengqiao.matters.models import MatterFile
from fengqiao.mediation.domain.mediating import record_mediation
from fengqiao.mediation.domain.standing import set_footing
from fengqiao.mediation.enums import Initiative, Result
from fengqiao.mediation.models import Mediation
from fengqiao.rules.queries.agreements import all_advice, all_questions, checked, questions_on
from fengqiao.rules.queries.categories import DATA
from tests.agreements.hands import (
    MEDIATOR,
    SEAL,
    WORDS,
    answered,
    does,
    drafted,
    mediating,
    parties_of,
    pays,
    signed,
    signs,
    stands,
    terms_of,
)
from tests.files.samples import PDF
from tests.matters.ground import EVERYWHERE, act, fresh, refuses, rows, told
from tests.small_county import SmallCounty, wages
from tests.web.desk import at_the_desk, text_of

DAY = timedelta(days=1)
PETITIONER, RESPONDENT = wages().parties


# --- writing ---------------------------------------------------------------------------------------------------
def test_a_draft_has_a_number_its_words_and_its_terms(county: SmallCounty):
    matter = mediating(county)
    agreement = drafted(county, matter, pays(matter), does(matter))
    again = drafted(county, mediating(county))
    assert (agreement.state, agreement.way, again.number) == ("draft", "written", agreement.number + 1)
    assert rows(Term, matter, "place", "kind", "state") == [(1, "pay", "proposed"), (2, "do", "proposed")]
    assert told(matter)[-1] == "agreement.draft"
    assert fresh(county, matter).state == "mediating"


INCOMPLETE = {
    "a payment without an amount": ({"amount": None}, "terms.0.amount"),
    "a payment of nothing": ({"amount": Decimal(0)}, "terms.0.amount"),
    "a payment finer than a fen": ({"amount": Decimal("1.005")}, "terms.0.amount"),
    "a payment without a day": ({"due": None}, "terms.0.due"),
    "a payment due before today": ({"due": date(2020, 1, 1)}, "terms.0.due"),
    "a payment to nobody": ({"creditor": None}, "terms.0.creditor"),
    "somebody else's debt": ({"debtor": new_id()}, "terms.0.debtor"),
    "a deed without words": ({"kind": TermKind.DO, "amount": None, "what": ""}, "terms.0.what"),
    "a deed with an amount": ({"kind": TermKind.DO, "what": "道歉"}, "terms.0.amount"),
}


@pytest.mark.parametrize("case", INCOMPLETE)
def test_a_term_that_says_too_little_is_refused_beside_its_field(county: SmallCounty, case: str):
    matter = mediating(county)
    changes, field = INCOMPLETE[case]
    with refuses("terms_incomplete", field=field):
        drafted(county, matter, replace(pays(matter), **changes))


def test_an_agreement_without_terms_or_words_is_none(county: SmallCounty):
    matter = mediating(county)
    with refuses("invalid", field="terms"):
        act(county, Role.MEDIATOR, writing.draft, matter, **WORDS, terms=())
    with refuses("invalid", field="facts"):
        drafted(county, matter, facts=" ")


def test_only_in_mediation_by_who_records_its_result_and_one_at_a_time(county: SmallCounty):
    matter = mediating(county)
    for role in CENTRE_ROLES - {Role.MEDIATOR, Role.DIRECTOR, Role.EXECUTIVE_DEPUTY, Role.STANDING_DEPUTY}:
        with refuses("post_may_not"):
            drafted(county, matter, who=role)
    drafted(county, matter)
    with refuses("draft_there"):
        drafted(county, matter)
    other = mediating(county)
    act(county, Role.MEDIATOR, record_mediation, other, result=Result.EXPIRED, text="双方差距太大。")
    with refuses("not_mediating"):
        drafted(county, other)


def test_before_anybody_has_signed_it_is_written_anew_and_asked_about_anew(county: SmallCounty):
    matter = mediating(county)
    agreement = drafted(county, matter)
    answered(county, agreement)
    words = WORDS | {"issues": "工资数额、付款时间和社保。"}
    act(
        county,
        Role.MEDIATOR,
        writing.amend,
        agreement_id=agreement.pk,
        **words,
        terms=(pays(matter, "4000"), does(matter)),
    )
    assert [(t.kind, t.amount) for t in terms_of(agreement)] == [("pay", Decimal(4000)), ("do", None)]
    # What the first draft said stays in the file.
    assert len(rows(Term, matter, "pk")) == 3
    assert rows(Agreement, matter, "draft", "issues", "checked_at") == [(2, words["issues"], None)]
    answered(county, agreement)
    signs(county, agreement, parties=[parties_of(matter)[0].pk])
    with refuses("signed_already"):
        act(
            county,
            Role.MEDIATOR,
            writing.amend,
            agreement_id=agreement.pk,
            **WORDS,
            terms=(pays(matter),),
        )


# --- what may not be agreed ------------------------------------------------------------------------------------
def test_the_questions_warn_and_block_nothing(county: SmallCounty):
    matter = mediating(county)
    agreement = drafted(county, matter)
    with refuses("unchecked"):
        signs(county, agreement, **MEDIATOR)
    with refuses("unanswered", field="answers.identity"):
        act(county, Role.MEDIATOR, writing.answer, agreement_id=agreement.pk, answers={"ownership": "no"})
    answered(county, agreement, minors="涉及孩子的压岁钱，监护人已说明是为了孩子上学。")
    signs(county, agreement, **MEDIATOR)
    with scope(EVERYWHERE):
        [answers] = Agreement.objects.filter(pk=agreement.pk).values_list("answers", flat=True)
    assert answers["minors"].startswith("涉及孩子")
    assert told(matter)[-2:] == ["agreement.check", "agreement.sign"]


def test_every_question_and_every_way_names_its_article():
    assert set(all_questions()) == {
        *("identity", "ownership", "mandatory", "others"),
        *("minors", "interest", "voluntary", "clear"),
    }
    assert all("第" in each.basis and "条" in each.basis for each in all_questions().values())
    assert all("第" in each.basis and "条" in each.basis for each in all_advice().values())
    assert questions_on(date(2010, 1, 1)) == []


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ([{"id": "a", "basis": "x"}, {"id": "a", "basis": "x"}], "a stands twice"),
        ([{"id": "a", "basis": " "}], "a: basis is empty"),
    ],
)
def test_a_table_that_cannot_be_used_is_named(table, sentence: str):
    with pytest.raises(ValueError, match=sentence):
        checked(table, ("id", "basis"))


# --- signing ---------------------------------------------------------------------------------------------------
def test_the_last_mark_lets_it_take_effect_and_settles_the_matter(county: SmallCounty):
    matter = mediating(county)
    terms = (pays(matter), does(matter, "不再堵路", kind=TermKind.REFRAIN, due=None))
    agreement = drafted(county, matter, *terms)
    answered(county, agreement)
    signs(county, agreement, **SEAL)
    signs(county, agreement, **MEDIATOR)
    one, other = parties_of(matter)
    signs(county, agreement, parties=[one.pk], mark=Mark.FINGERPRINT)
    with scope(EVERYWHERE):
        [shown] = agreements_of(matter)
    assert [(signer, party.name if party else "") for signer, party in shown.lacking] == [
        (Signer.PARTY, other.name)
    ]
    assert fresh(county, matter).state == "mediating"

    signs(county, agreement, parties=[other.pk])
    now = fresh(county, matter)
    assert (now.state, now.outcome, now.performance) == ("settled", "written_agreement", "running")
    assert now.performance_due == clock.today() + 30 * DAY
    assert [term.state for term in terms_of(agreement)] == ["due", "lasting"]
    [text] = [row[0] for row in rows(Mediation, matter, "text")]
    assert text.splitlines()[0].startswith(f"1. {other.name}于")
    assert "付给" + one.name + "人民币5,000.00元" in text
    assert told(matter)[-2:] == ["agreement.take_effect", "matter.record_mediation.agreed"]
    assert rows(Agreement, matter, "effective_on") == [(clock.today(),)]


def test_it_takes_effect_on_the_day_of_the_last_mark_and_thirty_days_run_from_it(county: SmallCounty):
    """人民调解法 第29条第2款、第33条: the thirty days for judicial confirmation run from the day of effect."""
    start = clock.now()
    matter = mediating(county)
    agreement = drafted(county, matter)
    answered(county, agreement)
    day = clock.today()
    with clock.at(start + 3 * DAY):
        signs(county, agreement, parties=[p.pk for p in parties_of(matter)], on=day + DAY)
        signs(county, agreement, on=day, **MEDIATOR)
        signs(county, agreement, on=day + 2 * DAY, **SEAL)
    assert rows(Agreement, matter, "effective_on") == [(day + 2 * DAY,)]
    with scope(EVERYWHERE):
        fact = Fact.objects.get(matter_id=matter.pk, kind=FactKind.AGREEMENT_EFFECTIVE)
        limit = Clock.objects.get(matter_id=matter.pk, limit="mediation.confirm_apply")
    assert fact.occurred_at.astimezone(clock.SHANGHAI).date() == day + 2 * DAY
    assert (limit.acts, limit.owed_by) == ("reminds", "party")
    assert limit.due_at.astimezone(clock.SHANGHAI).date() >= day + 32 * DAY


WRONG_MARKS = {
    "a mediator who seals": (MEDIATOR | {"mark": Mark.SEAL}, "invalid", "mark"),
    "an organisation that signs": (SEAL | {"mark": Mark.SIGNATURE}, "invalid", "mark"),
    "an organisation without a name": (SEAL | {"name": " "}, "invalid", "name"),
    "the centre's own seal": (SEAL | {"name": "恩平市综治中心"}, "centres_seal", "name"),
    "a centre's seal by its long name": (
        SEAL | {"name": "恩平市社会治安 综合治理中心"},
        "centres_seal",
        "name",
    ),
    "nobody": ({"parties": []}, "invalid", "parties"),
    "somebody else": ({"parties": [new_id()]}, "invalid", "parties"),
    "before it was written": (MEDIATOR | {"on": date(2020, 1, 1)}, "invalid", "on"),
    "tomorrow": (MEDIATOR | {"on": date(2099, 1, 1)}, "invalid", "on"),
}


@pytest.mark.parametrize("case", WRONG_MARKS)
def test_a_mark_that_cannot_be_is_refused(county: SmallCounty, case: str):
    agreement = drafted(county, mediating(county))
    answered(county, agreement)
    said, code, field = WRONG_MARKS[case]
    with refuses(code, field=field):
        signs(county, agreement, **said)


def test_what_a_court_assigned_takes_effect_with_the_parties_own_marks(county: SmallCounty):
    """最高法特邀调解规定 第24条: the mediator signs after them; of a mediator by themselves nobody waits for a seal."""
    start = clock.now()
    matter = mediating(county)
    given = {"body": "court_mediator", "name": "特邀调解员老陈", "initiative": Initiative.APPLIED}
    act(county, Role.MEDIATOR, set_footing, matter, **given)
    agreement = drafted(county, matter)
    answered(county, agreement)
    day = clock.today()
    with clock.at(start + 3 * DAY):
        signs(county, agreement, parties=[p.pk for p in parties_of(matter)], on=day + DAY)
        assert rows(Agreement, matter, "effective_on") == [(None,)]
        signs(county, agreement, on=day + 2 * DAY, **MEDIATOR)
    assert rows(Agreement, matter, "state", "effective_on") == [("effective", day + DAY)]


def test_nobody_signs_twice_and_an_agent_only_for_the_own_party(county: SmallCounty):
    agent = NewParty(name="代理人", agent_for=0, agent_power="特别授权：代为和解")
    matter = mediating(county, parties=(PETITIONER, RESPONDENT, agent))
    agreement = drafted(county, matter)
    answered(county, agreement)
    one, other = parties_of(matter)
    with scope(EVERYWHERE):
        acting = one.agents.get()
    with refuses("not_the_agent", field="agent"):
        signs(county, agreement, parties=[other.pk], agent=acting.pk)
    signs(county, agreement, parties=[one.pk], agent=acting.pk)
    with refuses("signed_twice", field="parties"):
        signs(county, agreement, parties=[one.pk])
    signs(county, agreement, **MEDIATOR)
    with refuses("signed_twice"):
        signs(county, agreement, **MEDIATOR)
    assert rows(Signature, matter, "name", "agent_id") == [("代理人", acting.pk), (MEDIATOR["name"], None)]


def test_the_mark_of_an_agent_without_the_power_and_of_a_child_alone_is_refused(county: SmallCounty):
    """参照民事诉讼法 第62条；民法典 第19条、第20条、第23条：it is told at the mark, not at the last one."""
    agent = NewParty(role=RESPONDENT.role, name="赵律师", agent_for=1, agent_power="见委托书")
    matter = mediating(county, parties=(PETITIONER, RESPONDENT, agent))
    child, firm = parties_of(matter)
    with scope(EVERYWHERE):
        acting = firm.agents.get()
    stands(county, matter, child, "minor")
    stands(county, matter, firm, "general", name="赵律师", paper="委托书：一般授权")
    agreement = drafted(county, matter)
    answered(county, agreement)
    with refuses("minor_not_stood_for", field="parties"):
        signs(county, agreement, parties=[child.pk])
    with refuses("general_not_stood_for", field="parties"):
        signs(county, agreement, parties=[firm.pk], agent=acting.pk)
    assert rows(Signature, matter, "name") == []
    stands(county, matter, child, "guardian", name="黄母", paper="户口簿")
    signs(county, agreement, parties=[child.pk])
    # Who signs in person has confirmed in person: nothing else is asked for at the last mark.
    signs(county, agreement, parties=[firm.pk])
    signs(county, agreement, **MEDIATOR)
    assert signs(county, agreement, **SEAL).state == "effective"


def test_a_party_who_refuses_at_the_last_signature_leaves_the_mediation_running(county: SmallCounty):
    matter = mediating(county)
    agreement = drafted(county, matter)
    answered(county, agreement)
    signs(county, agreement, parties=[parties_of(matter)[0].pk])
    with refuses("agreement_open", field="result"):
        act(county, Role.MEDIATOR, record_mediation, matter, result=Result.ORAL, text="口头说好了。")
    with refuses("invalid", field="reason"):
        act(county, Role.MEDIATOR, writing.drop, agreement_id=agreement.pk, reason="不")
    act(county, Role.MEDIATOR, writing.drop, agreement_id=agreement.pk, reason="对方临签时反悔。")
    assert rows(Agreement, matter, "state", "reason") == [("dropped", "对方临签时反悔。")]
    assert fresh(county, matter).state == "mediating"
    with refuses("agreement_ended"):
        signs(county, agreement, **MEDIATOR)
    # And another one can be written.
    assert drafted(county, matter).state == "draft"


def test_a_draft_ends_with_a_mediation_that_fails(county: SmallCounty):
    matter = mediating(county)
    drafted(county, matter)
    act(county, Role.MEDIATOR, record_mediation, matter, result=Result.REFUSED, text="一方不再同意。")
    assert rows(Agreement, matter, "state", "effective_on") == [("dropped", None)]


# --- an oral agreement -----------------------------------------------------------------------------------------
def orally(county: SmallCounty, matter, *terms, **more):
    given = WORDS | {"on": clock.today(), "terms": terms or (does(matter),)}
    return act(county, Role.MEDIATOR, signing.agree_orally, matter, **(given | more))


def test_an_oral_agreement_takes_effect_on_the_day_of_agreeing(county: SmallCounty):
    """人民调解法 第30条; what was agreed is written down by the mediator (第28条)."""
    start = clock.now()
    matter = mediating(county)
    day = clock.today()
    with clock.at(start + 2 * DAY):
        orally(county, matter, on=day)
    now = fresh(county, matter)
    assert (now.state, now.outcome) == ("settled", "oral_agreement")
    assert rows(Agreement, matter, "way", "state", "effective_on") == [("oral", "effective", day)]
    assert told(matter)[-2:] == ["agreement.agree", "matter.record_mediation.agreed"]


def test_nothing_is_agreed_before_mediation_begins_or_in_days_to_come(county: SmallCounty):
    matter = mediating(county)
    for day in (clock.today() - 30 * DAY, clock.today() + DAY):
        with refuses("invalid", field="on"):
            orally(county, matter, on=day)
    drafted(county, matter)
    with refuses("draft_there"):
        orally(county, matter)


# --- performing ------------------------------------------------------------------------------------------------
def performs(county: SmallCounty, term: Term, who: Role = Role.MEDIATOR, **said):
    given = {"on": clock.today(), "text": "转账凭证已看。"} | said
    return act(county, who, performing.perform, term_id=term.pk, **given)


def test_paid_in_parts_and_at_last_performed(county: SmallCounty):
    matter = mediating(county)
    agreement = signed(county, matter, pays(matter), does(matter))
    payment, deed = terms_of(agreement)
    performs(county, payment, amount=Decimal(2000))
    assert [(t.state, t.paid) for t in terms_of(agreement)] == [("part", Decimal(2000)), ("due", 0)]
    with refuses("invalid", field="amount"):
        performs(county, payment, amount=Decimal("3000.01"))
    with refuses("invalid", field="amount"):
        performs(county, payment)
    with refuses("invalid", field="amount"):
        performs(county, deed, amount=Decimal(1))
    with refuses("invalid", field="text"):
        performs(county, deed, text="")
    with refuses("invalid", field="on"):
        performs(county, deed, on=clock.today() + DAY)
    performs(county, deed, who=Role.REGISTRAR)
    assert fresh(county, matter).performance == "running"
    performs(county, payment, amount=Decimal(3000))
    assert fresh(county, matter).performance == "performed"
    with refuses("nothing_owed"):
        performs(county, payment, amount=Decimal(1))
    assert told(matter)[-2:] == ["agreement.perform", "matter.record_performance.performed"]
    assert rows(TermNote, matter, "kind", "amount") == [
        ("performed", Decimal(2000)),
        ("performed", None),
        ("performed", Decimal(3000)),
    ]


def test_several_are_performed_on_one_day_with_one_proof_or_none_is(county: SmallCounty, disk: object):
    matter = mediating(county)
    agreement = signed(county, matter, pays(matter, "500.00"), pays(matter, "700.00"), does(matter))
    first, second, deed = terms_of(agreement)
    other = mediating(county)
    [elsewhere] = terms_of(signed(county, other, pays(other)))
    performs(county, first, amount=Decimal(100))

    def several(*terms: Performed, who: Role = Role.MEDIATOR, **said) -> Any:
        given = {"on": clock.today(), "text": "当面付清，收条一张。"} | said
        return act(county, who, performing.perform_several, agreement_id=agreement.pk, terms=terms, **given)

    done = Performed(second.pk)
    for terms, said, code, field in (
        ([], {}, "invalid", "terms"),
        ([done, Performed(first.pk, Decimal(401))], {}, "rows_refused", "terms.1"),
        ([done, Performed(elsewhere.pk)], {}, "rows_refused", "terms.1"),
        ([Performed(deed.pk, Decimal(1)), done], {}, "rows_refused", "terms.0"),
        ([done], {"paper_id": new_id()}, "invalid", "paper"),
        ([done], {"on": clock.today() + DAY}, "invalid", "on"),
        ([done], {"who": Role.INDUSTRY_OFFICER}, "post_may_not", None),
    ):
        with refuses(code, field=field):
            several(*terms, **said)
    desk = at_the_desk(county, Role.REGISTRAR)
    address = reverse("terms_performed", args=[agreement.pk])
    assert "· 还欠 400 元 ·" in text_of(desk.get(address))
    sent = {"on": clock.today().isoformat(), "text": "当面付清，收条一张。"}
    sent |= {"terms": [str(each.pk) for each in (first, second, deed)]}
    assert desk.post(address, sent | {"materials": SimpleUploadedFile("收条.pdf", PDF)}).status_code == 302
    assert [(each.state, each.paid) for each in terms_of(agreement)] == [
        ("done", Decimal(500)), ("done", Decimal(700)), ("done", 0),
    ]  # fmt: skip
    notes = rows(TermNote, matter, "amount", "paper_id")
    assert [amount for amount, _paper in notes] == [100, 400, 700, None]
    [(paper, purpose)] = rows(MatterFile, matter, "pk", "purpose")
    assert ({each for _amount, each in notes[1:]}, purpose) == ({paper}, "履行凭证")
    acts = ["matter.attach", *["agreement.perform"] * 3, "matter.record_performance.performed"]
    assert told(matter)[-5:] == acts
    assert "收条.pdf" in text_of(desk.get(reverse("agreement", args=[agreement.pk])))


def test_the_ladder_of_a_default_ends_with_the_ways_that_the_law_leaves(county: SmallCounty):
    """劳动争议调解仲裁法 第16条: wages that were promised and not paid ground a payment order."""
    start = clock.now()
    matter = mediating(county, category="0703")
    agreement = signed(county, matter, pays(matter, days=5))
    [term] = terms_of(agreement)

    def step(verb, at, text="电话催告，对方说下周付。", who=Role.MEDIATOR):
        with clock.at(at):
            return act(county, who, verb, term_id=term.pk, on=clock.today(), text=text)

    with refuses("not_reminded"):
        step(performing.visit, start + 7 * DAY)
    with refuses("not_overdue"):
        step(performing.advise, start + DAY)
    step(performing.remind, start + 6 * DAY)
    step(performing.visit, start + 7 * DAY, "上门没有见到人。")
    step(performing.advise, start + 8 * DAY, "当面告知了工人代表。")
    step(performing.advise, start + 40 * DAY, "再次告知。")
    with scope(EVERYWHERE):
        notes = list(TermNote.objects.filter(term=term).values_list("kind", "advice"))
    assert notes == [
        ("reminded", []),
        ("visited", []),
        ("advised", ["wage_order", "confirm", "money_order", "sue"]),
        # Thirty days are over.
        ("advised", ["wage_order", "money_order", "sue"]),
    ]
    with clock.at(start + 41 * DAY):
        act(
            county,
            Role.MEDIATOR,
            settling.record_performance,
            matter,
            performed=False,
            summary="到期没有付，工人申请支付令。",
        )
    assert fresh(county, matter).state == "assessing"


def test_another_quarrel_has_no_payment_order_for_wages(county: SmallCounty):
    start = clock.now()
    matter = mediating(county, category="0201")
    [term] = terms_of(signed(county, matter, does(matter, days=1)))
    with clock.at(start + 3 * DAY):
        act(
            county,
            Role.MEDIATOR,
            performing.advise,
            term_id=term.pk,
            on=clock.today(),
            text="告知了反映人。",
        )
    with scope(EVERYWHERE):
        assert TermNote.objects.get(term=term).advice == ["confirm", "sue"]


def test_who_keeps_no_performance_records_none(county: SmallCounty):
    matter = mediating(county)
    [term] = terms_of(signed(county, matter))
    unseen = "matter_not_found"
    for who, code in (
        ((Role.HANDLER, "labour"), unseen),
        ((Role.MEDIATOR, "town"), "post_may_not"),
        (Role.PETITION_OFFICER, "post_may_not"),
    ):
        with refuses(code):
            act(
                county,
                who,
                performing.remind,
                term_id=term.pk,
                on=clock.today(),
                text="催过一次。",
            )


def test_what_is_owed_at_a_centre_the_earliest_first(county: SmallCounty):
    matter = mediating(county)
    signed(county, matter, pays(matter, days=20), does(matter, days=3))
    drafted(county, mediating(county))
    actor = county.actor(Role.MEDIATOR, "county")
    with scope(actor):
        owed = list(owed_at(actor))
        soon = list(owed_at(actor, until=clock.today() + 7 * DAY))
    assert [(t.kind, t.state) for t in owed] == [("do", "due"), ("pay", "due")]
    assert [t.kind for t in soon] == ["do"]
    town = county.actor(Role.MEDIATOR, "town")
    with scope(town):
        assert list(owed_at(town)) == []


def test_an_english_page_says_questions_and_ways_in_english():
    said = json.loads((DATA / "words-en.json").read_text(encoding="utf-8"))
    shown = [each.question for each in all_questions().values()]
    shown += [each.advice for each in all_advice().values()]
    shown += [each.basis for each in (*all_questions().values(), *all_advice().values())]
    assert [each for each in shown if each not in said] == []
