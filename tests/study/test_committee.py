"""The study committee: named by field, asked about a hard matter, each writes their own, and the centre concludes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.flows import study as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.domain import settling, sight
from fengqiao.matters.enums import AgainstKind, State
from fengqiao.places.models import Department
from fengqiao.study.domain import concluding, convening, naming, taking_part
from fengqiao.study.models import Invitation, Member, Study
from fengqiao.study.queries.studies import open_ones, shown, study_by_id, waiting_for
from tests.dispatch.hands import dispatched
from tests.matters.ground import EVERYWHERE, act, refuses, rows, sees, told, words
from tests.notices.inbox import kinds
from tests.small_county import SmallCounty, brought_to
from tests.study.hands import (
    COURT,
    HOUSING,
    LABOUR,
    NAMED,
    OPINION,
    PAPER,
    convene,
    does,
    named,
    opine,
    with_file,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
INSPECTOR = (Role.PETITION_INSPECTOR, "county")
CONCLUSION = "多数意见认为应先用欠薪保障金垫付，再依法追偿。"


def seen(county: SmallCounty, who: tuple[Role, str] | Role, study: Study):
    """The study as somebody sees it."""
    role, place = who if isinstance(who, tuple) else (who, "county")
    with scope(county.actor(role, place)) as actor:
        return shown(actor, study_by_id(actor, study.pk))


def texts(county: SmallCounty, who, study: Study) -> list[str]:
    return [each.text for each in seen(county, who, study).opinions]


# --- members ----------------------------------------------------------------------------------------------------


def test_members_are_named_by_field_and_end(county: SmallCounty):
    member, matter = named(county, COURT, "law", "labour"), brought_to(county, State.ROUTING)
    assert (member.fields, member.basis, member.valid_from) == (["law", "labour"], PAPER, NAMED)
    with refuses("member_already"):
        named(county, COURT, "law")
    with refuses("post_may_not_name_members"):
        act(county, Role.DIRECTOR, naming.end_member, member_id=member.pk, last=NAMED)
    with refuses("invalid", field="last"):
        act(county, Role.SECURITY_ADMINISTRATOR, naming.end_member, member_id=member.pk, last=NAMED - DAY)
    act(county, Role.SECURITY_ADMINISTRATOR, naming.end_member, member_id=member.pk, last=NAMED)
    with refuses("member_ended"):
        act(county, Role.SECURITY_ADMINISTRATOR, naming.end_member, member_id=member.pk, last=NAMED)
    with refuses("invalid", field="members"):
        convene(county, matter, [member])
    with refuses("invalid", field="stationing"):
        act(
            county,
            (Role.SECURITY_ADMINISTRATOR, "other"),
            naming.name_member,
            stationing_id=county.stationings["handler", "court"].pk,
            fields=["law"],
            basis=PAPER,
            valid_from=NAMED,
        )


# --- a study ----------------------------------------------------------------------------------------------------


def test_from_the_questions_to_advice_that_leaves_the_substance_to_the_department(county: SmallCounty, disk):
    matter = dispatched(county)
    file = with_file(county, matter)
    members = [named(county, who) for who in (COURT, HOUSING, INSPECTOR)]
    study = convene(county, matter, members, materials=[file.pk])
    assert kinds(county, *COURT)[0] == "study_invited"
    # A member of another body sees the study, what was chosen for it, and nothing else of the ledger.
    assert not sees(county, COURT, matter)
    at_court = seen(county, COURT, study)
    assert ([each.material_id for each in at_court.pack], at_court.may_reply, at_court.may_opine) == (
        [file.pk],
        True,
        False,
    )
    assert flow.material(actor=county.actor(*COURT), study_id=study.pk, material_id=file.pk).pk == file.pk
    for stranger in (LABOUR, (Role.HANDLER, "police"), (Role.DIRECTOR, "other"), (Role.AUDITOR, "county")):
        with pytest.raises(NotAllowed):
            seen(county, stranger, study)

    # Found later: laid before them too, by whoever convenes, and they are told.
    later = with_file(county, matter)
    with refuses("invalid", field="materials"):
        does(county, Role.DISPATCHER, convening.add_materials, study, materials=[file.pk])
    foreign = with_file(county, dispatched(county))
    with refuses("invalid", field="materials"):
        does(county, Role.DISPATCHER, convening.add_materials, study, materials=[later.pk, foreign.pk])
    with refuses("matter_not_found"):
        does(county, COURT, convening.add_materials, study, materials=[later.pk])
    does(county, Role.DISPATCHER, convening.add_materials, study, materials=[later.pk, file.pk])
    assert [each.material_id for each in seen(county, COURT, study).pack] == [file.pk, later.pk]
    assert (kinds(county, *COURT)[0], told(matter)[-1]) == ("study_materials", "study.add_materials")

    with refuses("not_coming"):
        does(county, COURT, taking_part.opine, study, stance="agree", text=OPINION)
    with refuses("invalid", field="reason"):
        does(county, HOUSING, taking_part.reply, study, answer="cannot", reason="")
    opine(county, COURT, study, "agree", "甲：同意先行垫付，依据欠薪保障规定。")
    # Each their own first: nobody is led by what others wrote.
    assert (texts(county, HOUSING, study), seen(county, HOUSING, study).hidden) == ([], 1)
    assert texts(county, INSPECTOR, study) == []
    opine(county, HOUSING, study, "amend", "乙：应同时查封机器设备，再垫付。")
    assert [each[0] for each in texts(county, HOUSING, study)] == ["甲", "乙"]
    assert len(texts(county, Role.DISPATCHER, study)) == 2
    with refuses("opinion_is_in"):
        does(county, COURT, taking_part.opine, study, stance="disagree", text=OPINION)
    with refuses("opinion_is_in"):
        does(county, COURT, taking_part.reply, study, answer="cannot", reason="另有庭审")

    with refuses("conclusion_by_leader"):
        does(county, Role.DISPATCHER, concluding.conclude, study, conclusion=CONCLUSION)
    with refuses("not_in_hand", field="department_id"):
        other = county.department("police").pk
        does(county, Role.DIRECTOR, concluding.conclude, study, conclusion=CONCLUSION, department_id=other)
    labour = county.department("labour").pk
    Department.objects.filter(pk=labour).update(kind="court")
    with refuses("independent_body"):
        does(county, Role.DIRECTOR, concluding.conclude, study, conclusion=CONCLUSION, department_id=labour)
    Department.objects.filter(pk=labour).update(kind="labour")
    study = does(
        county, Role.DIRECTOR, concluding.conclude, study, conclusion=CONCLUSION, department_id=labour
    )
    assert (study.state, study.division) == ("concluded", {"agree": 1, "amend": 1})
    assert told(matter)[-1] == "study.conclude"
    with refuses("study_is_over"):
        does(county, Role.DISPATCHER, convening.add_materials, study, materials=[later.pk])
    assert words(matter) == {"summary": CONCLUSION}
    assert kinds(county, *LABOUR)[0] == "study_advice"
    assert kinds(county, *COURT)[0] == "study_concluded"
    # The department reads the advice, not who wrote what; nobody reads the materials any more.
    advised = seen(county, LABOUR, study)
    assert (advised.opinions, advised.may_see_members, advised.study.conclusion) == ([], False, CONCLUSION)
    assert len(texts(county, INSPECTOR, study)) == 2
    assert seen(county, COURT, study).pack == []
    with pytest.raises(NotAllowed):
        flow.material(actor=county.actor(*COURT), study_id=study.pk, material_id=file.pk)
    with refuses("study_is_over"):
        does(county, INSPECTOR, taking_part.reply, study, answer="comes")


def test_who_is_related_must_step_aside(county: SmallCounty):
    """A body that is complained of is not asked; who finds themselves related sees the matter no more."""
    matter = brought_to(
        county,
        State.ROUTING,
        against_kind=AgainstKind.PUBLIC_BODY,
        against_department=county.department("housing").pk,
    )
    housing, court = named(county, HOUSING), named(county, COURT)
    inspector = named(county, INSPECTOR)
    with refuses("must_recuse", field="members"):
        convene(county, matter, [court, housing])
    study = convene(county, matter, [court, inspector])
    with refuses("must_recuse", field="members"):
        does(county, Role.DISPATCHER, convening.invite, study, members=[housing.pk])
    assert sees(county, INSPECTOR, matter)
    does(county, INSPECTOR, taking_part.reply, study, answer="recused", reason="反映人是本人亲属")
    assert not sees(county, INSPECTOR, matter)
    with pytest.raises(NotAllowed):
        seen(county, INSPECTOR, study)
    with refuses("study_not_found"):
        does(county, INSPECTOR, taking_part.opine, study, stance="agree", text=OPINION)
    does(county, COURT, taking_part.reply, study, answer="cannot", reason="当天开庭")
    with pytest.raises(NotAllowed):
        seen(county, COURT, study)
    with refuses("no_opinion"):
        does(county, Role.DIRECTOR, concluding.conclude, study, conclusion=CONCLUSION)
    assert sorted(rows(Invitation, matter, "reply")) == [("cannot",), ("recused",)]
    with refuses("invalid", field="reason"):
        does(county, Role.DISPATCHER, convening.call_off, study, reason="")
    does(county, Role.DISPATCHER, convening.call_off, study, reason="委员都不能参加，改请上级研判。")
    # It can be convened anew.
    convene(county, matter, [court])


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"questions": "怎么办"}, "invalid", "questions"),
        ({"proposal": "先垫付"}, "invalid", "proposal"),
        ({"opinions_by": NAMED}, "invalid", "opinions_by"),
        ({"members": []}, "invalid", "members"),
        ({"who": Role.REGISTRAR}, "post_may_not", None),
        ({"who": (Role.DIRECTOR, "town")}, "post_may_not", None),
        ({"who": LABOUR}, "matter_not_found", None),
    ],
)
def test_what_is_not_a_study_is_refused(county: SmallCounty, said, code, field):
    member, matter = named(county, COURT), brought_to(county, State.ROUTING)
    with refuses(code, field=field):
        convene(county, matter, [member], **said)


def test_materials_are_those_of_the_matter_and_one_study_runs_at_a_time(county: SmallCounty, disk):
    member = named(county, COURT)
    matter, other = brought_to(county, State.ROUTING), brought_to(county, State.ROUTING, title="另一件")
    strange = with_file(county, other).pk
    with refuses("invalid", field="materials"):
        convene(county, matter, [member], materials=[strange])
    convene(county, matter, [member])
    with refuses("study_open"):
        convene(county, matter, [member])


def test_a_restricted_matter_is_studied_by_a_directors_leave_until_the_day(county: SmallCounty):
    member = named(county, COURT)
    matter = brought_to(county, State.ROUTING)
    act(county, Role.DIRECTOR, sight.restrict_later, matter, reason="牵涉未成年人")
    with refuses("matter_not_found"):
        convene(county, matter, [member])
    study = convene(county, matter, [member], who=Role.DIRECTOR)
    assert seen(county, COURT, study).mine is not None
    assert not sees(county, COURT, matter)
    with pytest.raises(NotAllowed):
        seen(county, Role.DISPATCHER, study)


def test_it_waits_in_my_work_until_the_opinion_is_in_and_ends_with_its_matter(county: SmallCounty):
    member = named(county, COURT)
    matter = brought_to(county, State.EVALUATED)
    study = convene(county, matter, [member])

    def waits() -> int:
        with scope(county.actor(*COURT)) as actor:
            return waiting_for(actor).count()

    assert waits() == 1
    does(county, COURT, taking_part.reply, study, answer="comes")
    assert waits() == 1
    does(county, COURT, taking_part.opine, study, stance="undecided", text=OPINION)
    assert waits() == 0
    with scope(county.actor(Role.DIRECTOR)) as actor:
        assert [each.pk for each in open_ones(actor)] == [study.pk]
    act(county, Role.DIRECTOR, settling.close, matter)
    assert rows(Study, matter, "state") == [("ended",)]
    with refuses("matter_is_closed"):
        does(county, Role.DIRECTOR, concluding.conclude, study, conclusion=CONCLUSION)
    with scope(EVERYWHERE):
        assert Member.objects.get(pk=member.pk).valid_until is None
    assert clock.today() <= study.opinions_by
