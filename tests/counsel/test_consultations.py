"""Joint legal consultations: called for a matter, answered, opinions given, one signed, and what was done with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.counsel.domain import advising, calling
from fengqiao.counsel.domain.calling import Asked, Outsider
from fengqiao.counsel.models import Consultation, GivenOpinion, Invitee
from fengqiao.counsel.queries import consultations as queries
from fengqiao.dossier import templates
from fengqiao.dossier.queries.papers import forms_of
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.domain import settling, sight
from fengqiao.matters.enums import AgainstKind, State
from tests.agreements.hands import mediating
from tests.counsel.hands import COURT, EXPERT, POLICE, called, does, held
from tests.matters.ground import EVERYWHERE, act, refuses, rows, sees, told, words
from tests.notices.inbox import kinds
from tests.small_county import SmallCounty, brought_to

pytestmark = pytest.mark.django_db
OPINION = "工资债权不优先于抵押权，应先申请支付令和欠薪保障金。"
MEDIATOR = (Role.MEDIATOR, "county")


def seen(county: SmallCounty, who, consultation: Consultation) -> queries.Shown:
    role, place = who if isinstance(who, tuple) else (who, "county")
    with scope(county.actor(role, place)) as actor:
        return queries.shown(actor, queries.consultation_by_id(actor, consultation.pk))


def waits(county: SmallCounty, who) -> int:
    role, place = who if isinstance(who, tuple) else (who, "county")
    with scope(county.actor(role, place)) as actor:
        return len(queries.waiting_for(actor))


def outsider(consultation: Consultation):
    with scope(EVERYWHERE):
        return consultation.invitees.get(person=None).pk


def test_from_the_question_to_an_opinion_in_the_matter_and_what_was_done_with_it(county: SmallCounty):
    matter = mediating(county)
    found = called(county, matter, COURT, POLICE, who=MEDIATOR)
    assert (told(matter)[-1], kinds(county, *COURT)[0]) == ("consultation.call", "consultation_called")
    # Who is invited sees what is asked, and nothing else of the matter; a stranger not even that.
    assert not sees(county, COURT, matter)
    assert [each.name for each in seen(county, COURT, found).invitees][-1] == "李教授"
    for stranger in ((Role.HANDLER, "housing"), (Role.DIRECTOR, "other"), (Role.COMMISSION, "county")):
        with pytest.raises(NotAllowed):
            seen(county, stranger, found)
    with refuses("consultation_open"):
        called(county, matter, COURT)

    # Each answers in their own post; for who has none the centre writes it down.
    with refuses("not_coming"):
        does(county, COURT, advising.opine, found, text="我的意见还没有想好。")
    with refuses("invalid", field="reason"):
        does(county, POLICE, advising.reply, found, answer="cannot")
    does(county, COURT, advising.reply, found, answer="comes")
    with refuses("matter_not_found"):
        does(county, COURT, advising.reply, found, answer="comes", invitee_id=outsider(found))
    with refuses("invitee_not_found"):
        own = seen(county, COURT, found).mine.pk
        does(county, MEDIATOR, advising.reply, found, answer="cannot", reason="开庭去了", invitee_id=own)
    does(county, MEDIATOR, advising.reply, found, answer="comes", invitee_id=outsider(found))
    # Whoever steps aside from it steps aside from the matter; who cannot come reads it no more.
    does(county, POLICE, advising.reply, found, answer="recused", reason="厂长是我亲戚。")
    with pytest.raises(NotAllowed):
        seen(county, POLICE, found)
    assert rows(Invitee, matter, "capacity", "reply") == [
        ("court", "comes"),
        ("police", "recused"),
        ("law_society", "comes"),
    ]

    with refuses("no_opinion"):
        does(county, Role.DIRECTOR, advising.sign, found, opinion=OPINION)
    assert (waits(county, COURT), waits(county, Role.DIRECTOR)) == (1, 0)
    does(county, COURT, advising.opine, found, text="抵押权在先，工资不能优先。")
    does(
        county,
        MEDIATOR,
        advising.opine,
        found,
        text="可以申请支付令，同时用欠薪保障金。",
        invitee_id=outsider(found),
    )
    with refuses("opinion_is_in"):
        does(county, COURT, advising.reply, found, answer="cannot", reason="另有庭审")
    assert len(seen(county, COURT, found).opinions) == 2
    assert (waits(county, COURT), waits(county, Role.DIRECTOR)) == (0, 1)
    assert kinds(county, Role.DIRECTOR)[0] == "consultation_opinion"

    with refuses("not_signed"):
        does(county, MEDIATOR, advising.follow, found, followed="yes")
    with refuses("not_chair"):
        does(county, MEDIATOR, advising.sign, found, opinion=OPINION)
    does(county, Role.DIRECTOR, advising.sign, found, opinion=OPINION, articles="民法典 第三百九十四条")
    assert words(matter) == {"summary": OPINION, "grounds": "民法典 第三百九十四条"}
    assert kinds(county, *COURT)[0] == "consultation_signed"
    with refuses("consultation_over"):
        does(county, Role.DIRECTOR, calling.call_off, found, reason="不需要了。")
    # It is printed with the matter's papers: the text of the .docx is what was signed.
    with scope(county.actor(Role.DIRECTOR)):
        paper = next(each for each in forms_of(matter) if each.form == "consultation")
        cells = dict(paper.rows)
        assert (cells["会诊意见"], paper.missing) == (OPINION, ())
        assert cells["会诊人员"].endswith("李教授（法学会会员）")
        assert templates.docx_of(paper)[:2] == b"PK"

    # What was done with it: once, with the reason where it was not followed.
    assert (waits(county, MEDIATOR), waits(county, COURT)) == (1, 0)
    with refuses("invalid", field="reason"):
        does(county, MEDIATOR, advising.follow, found, followed="in_part")
    does(
        county, MEDIATOR, advising.follow, found, followed="in_part", reason="支付令已申请，保障金不够条件。"
    )
    with refuses("followed_already"):
        does(county, Role.DIRECTOR, advising.follow, found, followed="yes")
    assert (waits(county, MEDIATOR), told(matter)[-1]) == (0, "consultation.follow")


def test_who_can_call_it_whom_they_can_ask_and_when(county: SmallCounty):
    matter = brought_to(county, State.ROUTING)
    for who in (Role.DISPATCHER, Role.LEGAL_OFFICER):
        with refuses("post_may_not"):
            called(county, matter, COURT, who=who)
    for who in ((Role.DIRECTOR, "other"), COURT):
        with refuses("matter_not_found"):
            called(county, matter, COURT, who=who)
    housing, mediator = (Role.HANDLER, "housing"), (Role.MEDIATOR, "county")
    now, director = clock.now(), held(county, (Role.DIRECTOR, "county"))[0]
    for field, more in (
        ("facts", {"facts": "太短"}),
        ("question", {"question": ""}),
        ("meets_at", {"meets_at": now - timedelta(hours=1)}),
        ("meets_at", {"meets_at": now + timedelta(days=61)}),
        ("way", {"way": "phone"}),
        ("place", {"place": ""}),
        ("chair", {"chair": held(county, COURT)[0]}),
        ("posts", {"asked": Asked()}),
        # Bodies that are not of the law, and a mediator who does not mediate here, are not asked.
        ("posts", {"asked": Asked(posts=held(county, housing))}),
        ("posts", {"asked": Asked(posts=held(county, mediator))}),
        ("posts", {"asked": Asked(outsiders=[EXPERT] * 31)}),
        ("outsiders.1", {"asked": Asked(outsiders=[EXPERT, Outsider("李", "expert")])}),
        ("outsiders.0", {"asked": Asked(outsiders=[Outsider("李法官", "court")])}),
    ):
        with refuses("invalid", field=field):
            called(county, matter, **more)
    complained = brought_to(
        county,
        State.ROUTING,
        against_kind=AgainstKind.PUBLIC_BODY,
        against_department=county.department("police").pk,
    )
    with refuses("must_recuse", field="posts"):
        called(county, complained, COURT, POLICE)
    found = called(county, matter, COURT, chair=director)
    with refuses("invalid", field="posts"):
        does(county, Role.DIRECTOR, calling.invite, found, asked=Asked(posts=held(county, COURT)))
    does(county, Role.DIRECTOR, calling.invite, found, asked=Asked(posts=held(county, POLICE)))
    assert kinds(county, *POLICE)[0] == "consultation_called"
    with refuses("invalid", field="reason"):
        does(county, Role.DIRECTOR, calling.call_off, found, reason="不")
    does(county, Role.DIRECTOR, calling.call_off, found, reason="双方已经和解。")
    assert (kinds(county, *COURT)[0], rows(Consultation, matter, "state")) == (
        "consultation_off",
        [("called_off",)],
    )
    with refuses("consultation_over"):
        does(county, COURT, advising.reply, found, answer="comes")
    # A matter that ends ends what was asked about it.
    called(county, matter, COURT)
    act(county, Role.DIRECTOR, settling.withdraw, matter, reason="申请人撤回申请。")
    assert rows(Consultation, matter, "state") == [("called_off",), ("ended",)]


def test_of_a_restricted_matter_only_who_was_asked_by_a_director_reads(county: SmallCounty):
    matter = mediating(county)
    act(county, Role.DIRECTOR, sight.restrict_later, matter, reason="涉及未成年人。")
    with refuses("matter_not_found"):
        called(county, matter, COURT, who=MEDIATOR)
    found = called(county, matter, COURT)
    assert not sees(county, COURT, matter)
    assert seen(county, COURT, found).mine.reply == "pending"
    for stranger in (POLICE, MEDIATOR):
        with pytest.raises(NotAllowed):
            seen(county, stranger, found)
    does(county, COURT, advising.reply, found, answer="comes")
    does(county, COURT, advising.opine, found, text="应当由监护人代理参加。")
    act(county, Role.DIRECTOR, sight.seal, matter, basis="刑事诉讼法 第二百八十六条")
    with pytest.raises(NotAllowed):
        seen(county, COURT, found)
    with scope(county.actor(Role.DIRECTOR)):
        assert not GivenOpinion.objects.filter(matter_id=matter.pk).exists()
