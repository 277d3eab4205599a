"""From the court's papers to the result that goes back; out to an office and back; the police; an expert."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import extending
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Fact
from fengqiao.flows.materials import Upload, attach_all
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.domain import settling
from fengqiao.matters.enums import Danger, State
from fengqiao.matters.models import Matter, MatterFile
from fengqiao.mediation.domain.mediating import record_mediation
from fengqiao.mediation.enums import Result
from fengqiao.places.enums import DepartmentKind
from fengqiao.referrals.domain import answering
from fengqiao.referrals.models import Referral, ReferralPaper
from fengqiao.referrals.queries.referrals import not_reported, open_at, seen_by, waiting_for
from fengqiao.rules.queries.categories import DATA
from fengqiao.rules.queries.mediation_bodies import all_bodies
from fengqiao.rules.queries.referral_kinds import all_kinds, kinds_of
from tests.files.samples import PDF
from tests.matters.ground import EVERYWHERE, act, fresh, refuses, rows, sees, told, words
from tests.referrals.hands import (
    CONSENT,
    clocks,
    consented,
    from_court,
    mediate,
    referred,
    taken_in,
)
from tests.small_county import SmallCounty, brought_to
from tests.web.desk import at_the_desk, text_of

DAY = timedelta(days=1)
RESULT = {"result": "双方差距太大，没有达成协议。", "received_by": "立案庭李法官"}


def answered(county: SmallCounty, referral: Referral, verb, who=Role.REGISTRAR, **said):
    return act(county, who, verb, referral_id=referral.pk, **said)


def waits(county: SmallCounty, who) -> list[str]:
    role, place = who if isinstance(who, tuple) else (who, "county")
    actor = county.actor(role, place)
    with scope(actor):
        return [each.kind for each in waiting_for(actor)]


# --- a court's ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "days"), [("court_assigned", 30), ("court_entrusted", 15), ("court_entrusted_summary", 7)]
)
def test_the_signature_for_the_courts_papers_starts_the_one_limit_of_its_kind(county, kind: str, days: int):
    """最高法特邀调解规定 第27条: thirty, fifteen, seven days from signing."""
    matter = from_court(county)
    taken_in(county, matter, kind, at=clock.now() - DAY)
    running = {name: each for name, each in clocks(matter).items() if name.startswith("mediation.court")}
    assert list(running) == [f"mediation.{kind}"]
    due = running[f"mediation.{kind}"].due_at
    assert due is not None
    # Last days that are no working days roll over.
    assert 0 <= (due.date() - (clock.today() - DAY)).days - days <= 9
    assert all_bodies()[all_kinds()[kind].body].confirms is (kind == "court_assigned")


def test_more_time_by_both_sides_consent_and_the_result_back_to_the_court_ends_it(county: SmallCounty):
    matter = from_court(county)
    task = taken_in(county, matter)
    limit = clocks(matter)["mediation.court_assigned"]
    of_clock = {"clock_id": limit.pk}
    more = {"n": 10, "unit": "calendar_day", "reason": "双方都愿意再谈几天。"}
    act(county, Role.MEDIATOR, extending.ask, matter, **of_clock, **more)
    with refuses("consent_missing", field="consent"):
        act(county, Role.DIRECTOR, extending.decide, matter, **of_clock, approve=True)
    agreed = {"approve": True, "consent": "双方书面同意"}
    act(county, Role.DIRECTOR, extending.decide, matter, **of_clock, **agreed)
    assert clocks(matter)["mediation.court_assigned"].due_at > limit.due_at
    mediate(county, matter)
    with refuses("still_mediating", field="outcome"):
        answered(county, task, answering.give_back, outcome="failed", **RESULT)
    act(county, Role.MEDIATOR, record_mediation, matter, result=Result.EXPIRED, text="双方差距太大。")
    # It is not the end of the mediation that the court waits for.
    assert "mediation.court_assigned" in clocks(matter)
    assert waits(county, Role.MEDIATOR) == ["court_assigned"]
    with refuses("not_so_mediated", field="outcome"):
        answered(county, task, answering.give_back, outcome="agreed", **RESULT)
    with refuses("invalid", field="received_by"):
        answered(county, task, answering.give_back, outcome="failed", result=RESULT["result"])
    answered(county, task, answering.give_back, outcome="failed", **RESULT)
    assert "mediation.court_assigned" in clocks(matter, state="stopped")
    assert waits(county, Role.MEDIATOR) == []
    assert told(matter)[-1] == "referral.give_back"
    assert words(matter) == {"summary": RESULT["result"]}
    with refuses("referral_ended"):
        answered(county, task, answering.call_back, reason="法院不要了。")


REFUSED = {
    "of another channel": ("visit", {}, "not_from_court", "kind"),
    "without the court's number": ("court_assigned", {"number": " "}, "invalid", "number"),
    "nobody signed": ("court_assigned", {"signed_by": ""}, "invalid", "signed_by"),
    "signed tomorrow": ("court_assigned", {"at": clock.now() + 2 * DAY}, "invalid", "at"),
    "no such kind": ("court_assigned", {"kind": "police"}, "no_such_kind", "kind"),
    "not at that centre": ("court_assigned", {"who": (Role.REGISTRAR, "town")}, "post_may_not", None),
    "answered before it was asked": ("court_assigned", {"answer_by": clock.today() - 9 * DAY}, "invalid", "answer_by"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_task_of_a_court_is_refused(county: SmallCounty, case: str):
    channel, said, code, field = REFUSED[case]
    matter = brought_to(county, State.ACCEPTED, channel=channel)
    with refuses(code, field=field):
        taken_in(county, matter, **({"kind": "court_assigned"} | said))


def test_the_same_task_is_open_once_and_what_the_court_calls_back_is_over(county: SmallCounty):
    matter = from_court(county)
    task = taken_in(county, matter)
    for kind in ("court_assigned", "court_entrusted"):
        with refuses("already_open", field="kind"):
            taken_in(county, matter, kind)
    answered(county, task, answering.call_back, reason="法院自己审理了。")
    assert "mediation.court_assigned" in clocks(matter, state="stopped")
    taken_in(county, matter, "court_entrusted")
    assert [n for n in clocks(matter) if n.startswith("mediation.court")] == ["mediation.court_entrusted"]


# --- the police and the petition office hand in --------------------------------------------------------------------
def test_the_police_hand_a_quarrel_over_and_hear_what_came_of_it(county: SmallCounty):
    matter, other = brought_to(county, State.ACCEPTED), brought_to(county, State.ACCEPTED)
    handed = taken_in(county, matter, "police_in", number="", signed_by="")
    refused = taken_in(county, other, "petition_in", number="", signed_by="")
    assert sorted(waits(county, Role.DISPATCHER)) == ["petition_in", "police_in"]
    with refuses("invalid", field="reason"):
        answered(county, refused, answering.refuse, reason="不")
    answered(county, refused, answering.refuse, reason="不属于调解范围。")
    with refuses("not_accepted"):
        answered(county, handed, answering.give_back, outcome="agreed", **RESULT)
    answered(county, handed, answering.accept, contact="值班的李登")
    mediate(county, matter)
    act(county, Role.MEDIATOR, record_mediation, matter, result=Result.REFUSED, text="一方不愿意谈。")
    answered(county, handed, answering.give_back, outcome="failed", **RESULT)
    assert waits(county, Role.DISPATCHER) == []


# --- out and back --------------------------------------------------------------------------------------------------
def test_labour_arbitration_runs_its_limits_from_what_is_written_down(county: SmallCounty):
    """劳动争议调解仲裁法 第29、43条: shown, for they are the commission's."""
    matter = brought_to(county, State.ASSESSING)
    sent = referred(county, matter, "labour_arbitration", at=clock.now() - 2 * timedelta(hours=1))
    assert "labour.arbitrate_accept" in clocks(matter)
    answered(county, sent, answering.accept, contact="仲裁院窗口", number="劳仲案1号")
    assert "labour.arbitrate_accept" in clocks(matter, state="stopped")
    assert "labour.arbitrate" in clocks(matter)
    answered(county, sent, answering.give_back, outcome="decided", result="裁决支付工资。")
    assert "labour.arbitrate" in clocks(matter, state="stopped")
    again = referred(county, matter, "labour_arbitration")
    answered(county, again, answering.refuse, reason="已经裁决过，不再受理。")
    assert clocks(matter).keys().isdisjoint({"labour.arbitrate_accept", "labour.arbitrate"})


def test_a_persons_need_is_told_with_their_consent_and_to_the_office_alone(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    lacking = {"party_id": None}, {"consent_on": None}, {"consent_method": ""}, {"party_id": new_id()}
    for each, field in zip(lacking, ("party", "consent_on", "consent_method", "party"), strict=True):
        with refuses("invalid", field=field):
            referred(county, matter, "counselling", **(consented(matter) | each))
    sent = referred(county, matter, "counselling", asked="近来睡不好，想找人谈谈。", **consented(matter))
    assert words(matter) == {}
    answered(county, sent, answering.accept, contact="县心理服务站")
    answered(county, sent, answering.give_back, outcome="done", result="谈了三次，本人说好多了。")
    assert words(matter) == {}
    with scope(EVERYWHERE):
        kept = Referral.objects.get(pk=sent.pk)
    assert (kept.consent_method, kept.outcome) == (CONSENT["consent_method"], "done")


def test_an_office_on_the_platform_answers_what_it_was_asked_and_sees_nothing_else(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    labour = county.departments[DepartmentKind.LABOUR]
    handler, other = (Role.HANDLER, DepartmentKind.LABOUR), (Role.HANDLER, "other")
    sent = referred(county, matter, "legal_aid", department_id=labour.pk, **consented(matter))
    assert (waits(county, handler), waits(county, other)) == (["legal_aid"], [])
    assert not sees(county, handler, matter)
    elsewhere = {other: "referral_not_found", (Role.HANDLER, DepartmentKind.POLICE): "matter_not_found"}
    for who, code in elsewhere.items():
        with refuses(code):
            answered(county, sent, answering.accept, who, contact="别的机关")
    with refuses("stale"):
        answered(county, sent, answering.accept, handler, contact="援助中心", version=0)
    answered(county, sent, answering.accept, handler, contact="援助中心")
    with refuses("matter_not_found"):
        answered(county, sent, answering.call_back, handler, reason="办不了了。")
    answered(county, sent, answering.give_back, handler, outcome="granted", result="指派了律师。")
    with refuses("invalid", field="department"):
        referred(county, matter, "police", department_id=county.departments["other"].pk)
    with refuses("post_may_not"):
        referred(county, matter, "police", who=Role.PETITION_INSPECTOR)


def test_what_goes_along_is_fetched_by_the_office_and_by_nobody_else(county: SmallCounty, disk: object):
    matter, other = brought_to(county, State.ACCEPTED), brought_to(county, State.ACCEPTED)
    [known] = act(county, Role.REGISTRAR, attach_all, matter, uploads=[Upload("合同.pdf", PDF)])
    [elsewhere] = act(county, Role.REGISTRAR, attach_all, other, uploads=[Upload("旁证.txt", b"x")])
    labour = county.departments[DepartmentKind.LABOUR]
    given = {"department_id": labour.pk}
    with refuses("invalid", field="papers"):
        referred(county, matter, "labour_arbitration", **given, papers=(known.pk, elsewhere.pk))
    # From the dialog: what the matter has, and a new one.
    desk = at_the_desk(county, Role.REGISTRAR)
    door = reverse("referral_new", args=[matter.code, "labour_arbitration"])
    assert "合同.pdf" in text_of(desk.get(door))
    sent = {"office": "劳动仲裁委", "department": str(labour.pk), "asked": "请受理仲裁申请。"}
    bad = desk.post(door, sent | {"materials": SimpleUploadedFile("病毒.exe", b"MZ")})
    assert bad.status_code == 422 and not rows(Referral, matter, "pk")
    sent |= {"papers": [str(known.pk)], "materials": SimpleUploadedFile("工资条.pdf", PDF + b"\n")}
    assert desk.post(door, sent).status_code == 302
    assert [each[0] for each in rows(MatterFile, matter, "purpose")] == ["", "转介移交材料"]
    [(referral,)] = rows(Referral, matter, "pk")
    along = {name: pk for pk, name in rows(ReferralPaper, matter, "pk", "file__name")}
    assert set(along) == {"合同.pdf", "工资条.pdf"}
    # The office sees its referral and what goes along with it, and no more of the matter.
    office = at_the_desk(county, Role.HANDLER, DepartmentKind.LABOUR)
    assert "合同.pdf" in text_of(office.get(reverse("referrals")))
    mine = reverse("referral_paper", args=[referral, along["合同.pdf"]])
    assert (office.get(mine).content, office.get(mine)["Content-Type"]) == (PDF, "application/pdf")
    assert office.get(reverse("matter_file", args=[matter.code, known.pk])).status_code == 403
    assert office.get(f"/api/v1/referrals/{referral}/papers/{along['工资条.pdf']}").content == PDF + b"\n"
    for browser in (
        at_the_desk(county, Role.HANDLER, DepartmentKind.POLICE),
        at_the_desk(county, Role.HANDLER, "other"),
        at_the_desk(county, Role.REGISTRAR, "other"),
        at_the_desk(county, Role.AUDITOR),
    ):
        assert browser.get(mine).status_code == 403
    second = referred(county, other, "labour_arbitration", **given, papers=(elsewhere.pk,))
    assert office.get(reverse("referral_paper", args=[second.pk, along["合同.pdf"]])).status_code == 403
    # That the office has it stands there once; the centre's own reading does not count.
    assert "已取走" in text_of(desk.get(reverse("matter_referrals", args=[matter.code])))
    assert (
        desk.get(reverse("referral_paper", args=[second.pk, rows(ReferralPaper, other, "pk")[0][0]])).content
        == b"x"
    )
    assert rows(ReferralPaper, other, "fetched_at") == [(None,)]
    # More goes along while it is open, each once.
    for papers, who, code, field in (
        ((), Role.REGISTRAR, "invalid", "papers"),
        ((elsewhere.pk,), Role.REGISTRAR, "invalid", "papers"),
        ((known.pk,), (Role.HANDLER, DepartmentKind.LABOUR), "matter_not_found", None),
    ):
        with refuses(code, field=field):
            act(county, who, answering.supply, referral_id=referral, papers=papers)
    act(county, Role.REGISTRAR, answering.supply, referral_id=referral, papers=(known.pk,))
    supply = reverse("referral_act", args=[referral, "supply"])
    assert "合同.pdf" not in text_of(desk.get(supply))
    more = {"materials": SimpleUploadedFile("考勤.pdf", PDF + b"\n\n")}
    assert desk.post(supply, more).status_code == 302
    assert len(rows(ReferralPaper, matter, "pk")) == 3 and told(matter)[-1] == "referral.supply"
    with scope(EVERYWHERE):
        row = Referral.objects.get(pk=referral)
    answered(county, row, answering.refuse, reason="不属于受理范围。")
    with refuses("referral_ended"):
        act(county, Role.REGISTRAR, answering.supply, referral_id=referral, papers=(known.pk,))
    # Then it is the office's no more.
    assert (office.get(mine).status_code, desk.get(mine).status_code) == (403, 200)


def test_what_was_agreed_on_is_reminded_of_and_shown_when_it_has_passed(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    sent = referred(county, matter, "petition", at=clock.now() - 3 * DAY, answer_by=clock.today() - DAY)
    assert waits(county, Role.REGISTRAR) == ["petition"]
    answered(county, sent, answering.remind, text="打了电话，说下周答复。")
    assert told(matter)[-1] == "referral.remind"
    with refuses("invalid", field="paper"):
        answered(county, sent, answering.accept, contact="信访局", paper_id=new_id())
    with refuses("invalid", field="at"):
        answered(county, sent, answering.accept, contact="信访局", at=clock.now() - 9 * DAY)


# --- the police are told -------------------------------------------------------------------------------------------
def test_a_report_to_the_police_is_the_danger_too_and_open_until_there_is_a_receipt(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    with refuses("invalid", field="danger"):
        referred(county, matter, "police_report", who=Role.MEDIATOR)
    given = {"danger": Danger.VIOLENCE, "urgent": True, "asked": "一方说要带人来打。"}
    sent = referred(county, matter, "police_report", who=Role.REGISTRAR, **given)
    assert fresh(county, matter).danger == Danger.VIOLENCE
    assert told(matter)[-2:] == ["matter.danger", "referral.send"]
    for role in (Role.DUTY_COMMANDER, Role.MEDIATOR):
        assert waits(county, role) == ["police_report"]
    with refuses("report_stands"):
        answered(county, sent, answering.refuse, reason="说不归他们管。")
    with refuses("invalid", field="number"):
        answered(county, sent, answering.accept, Role.DUTY_COMMANDER, contact="接警员007")
    answered(county, sent, answering.accept, Role.DUTY_COMMANDER, contact="接警员007", number="JJ-1")
    assert waits(county, Role.DUTY_COMMANDER) == []
    # A danger that stands already is not written down twice.
    answered(county, sent, answering.give_back, outcome="done", result="民警到场劝开。")
    referred(county, matter, "police_report", asked="又来了一次。")
    assert told(matter).count("matter.danger") == 1


def test_a_danger_of_which_the_police_know_nothing_is_shown(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED, danger=Danger.VIOLENCE)
    actor = county.actor(Role.DUTY_COMMANDER, "county")
    with scope(actor):
        assert list(not_reported(actor)) == [Matter.objects.get(pk=matter.pk)]
    referred(county, matter, "police_report")
    with scope(actor):
        assert list(not_reported(actor)) == []


def test_what_is_open_before_an_office_does_not_vanish_in_the_archive(county: SmallCounty):
    matter = brought_to(county, State.CLOSED)
    sent = referred(county, matter, "petition")
    with refuses("referral_open"):
        act(county, Role.DIRECTOR, settling.archive, matter)
    answered(county, sent, answering.call_back, reason="不再需要答复。")
    act(county, Role.DIRECTOR, settling.archive, matter)
    assert fresh(county, matter).state == State.ARCHIVED


# --- an expert -----------------------------------------------------------------------------------------------------
def test_an_expert_opinion_lets_only_those_limits_rest_that_say_so(county: SmallCounty):
    """医疗纠纷预防和处理条例 第38条: the time of an appraisal does not count; for others no statute says so."""
    matter = brought_to(county, State.ACCEPTED, category="0502")
    mediate(county, matter)
    running = set(clocks(matter))
    expert = {"agreed_by": "医患双方", "paid_by": "双方各半"}
    for name in expert:
        with refuses("invalid", field=name):
            referred(county, matter, "appraisal", **(expert | {name: ""}))
    sent = referred(county, matter, "appraisal", office="市医学会", **expert)
    assert set(clocks(matter, state="paused")) == {"medical.mediate"}
    assert set(clocks(matter)) == running - {"medical.mediate"}
    answered(county, sent, answering.accept, contact="医学会秘书")
    answered(county, sent, answering.give_back, outcome="done", result="医方承担次要责任。")
    assert "medical.mediate" in clocks(matter)
    ordinary = brought_to(county, State.ACCEPTED)
    before = set(clocks(ordinary))
    again = referred(county, ordinary, "appraisal", **expert)
    answered(county, again, answering.call_back, reason="双方不做鉴定了。")
    assert set(clocks(ordinary)) == before


# --- who sees them, and the table ------------------------------------------------------------------------------------
def test_they_are_seen_with_their_matter(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    referred(county, matter, "police")
    for role in CENTRE_ROLES:
        actor = county.actor(role, "county")
        with scope(actor):
            assert seen_by(actor).exists() is sees(county, role, matter), role
    away = county.actor(Role.DIRECTOR, "town")
    with scope(away):
        assert not open_at(away).exists()


def test_the_table_of_kinds_has_its_sources_and_its_english():
    said = json.loads((DATA / "words-en.json").read_text(encoding="utf-8"))
    shown = [x for k in all_kinds().values() for x in (k.name_zh, k.office_zh, k.basis_zh, k.note_zh) if x]
    assert [each for each in shown if each not in said] == []
    facts = {x for k in all_kinds().values() for x in (k.on_sent, k.on_accepted, k.on_ended) if x}
    assert facts <= set(FactKind)
    # An article is named only where its number was held beside a text of the law.
    assert [k.id for k in all_kinds().values() if "第" in k.basis_zh and not k.verified] == []
    row = dict.fromkeys(("tells", "on_sent", "on_accepted", "on_ended", "limits", "pauses", "body"), "")
    row |= {"id": "x", "direction": "up", "consent": "no", "at_once": "no", "basis": "b", "outcomes": "done"}
    with pytest.raises(ValueError, match="direction"):
        kinds_of([row])
    with scope(EVERYWHERE):
        assert not Fact.objects.filter(kind="materials_signed", limit="").exists()
