"""The one way in for every door: acts rolled back whole and audited, materials with them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.dispatch.domain.whistling import NewWhistle
from fengqiao.dispatch.enums import AssignmentAction, CallState, WhistlePlace
from fengqiao.dispatch.models import Call, Extension, Notice, Progress, Whistle
from fengqiao.flows import materials, procedure
from fengqiao.flows.materials import Upload
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.enums import Action, State
from fengqiao.matters.models import Disposition, MatterFile, Party
from tests.dispatch.hands import LABOUR, RESULT, part_of, working
from tests.files.samples import EXE, PDF, PNG
from tests.matters.ground import AUDITING, EVERYWHERE, fresh, last_audited, refuses, rows, sees, told
from tests.small_county import RESIDENT_IDS, SmallCounty, brought_to, registered


def test_every_action_of_an_officer_has_its_verb():
    """What is not here has a way of its own: materials and the old ledger."""
    assert set(Action) - set(procedure.VERBS) == {Action.ATTACH, Action.TAKE_OVER}
    assert set(AssignmentAction) - set(procedure.ASSIGNMENT_VERBS) == {AssignmentAction.DECIDE_EXTENSION}


# --- materials -------------------------------------------------------------------------------------------------
def test_materials_all_or_none(county: SmallCounty, disk):
    matter = registered(county)
    registrar = county.actor(Role.REGISTRAR)
    with refuses("invalid", field="materials"):
        materials.add(
            actor=registrar, matter_id=matter.pk, uploads=[Upload("一.pdf", PDF), Upload("二.pdf", EXE)]
        )
    version = fresh(county, matter).version
    added = materials.add(
        actor=registrar,
        matter_id=matter.pk,
        uploads=[Upload("一.pdf", PDF), Upload("二.png", PNG), Upload("三.pdf", PDF)],
        purpose="evidence",
        version=version,
    )
    assert rows(MatterFile, matter, "name", "purpose") == [
        ("一.pdf", "evidence"),
        ("二.png", "evidence"),
        ("三.pdf", "evidence"),
    ]
    # One content is kept once.
    assert added[0].file_id == added[2].file_id
    assert fresh(county, matter).version == version + 3


def test_materials_of_a_stale_page(county: SmallCounty, disk):
    matter = registered(county)
    registrar = county.actor(Role.REGISTRAR)
    uploads = [Upload("一.pdf", PDF)]
    materials.add(actor=registrar, matter_id=matter.pk, uploads=uploads, version=1)
    with refuses("stale"):
        materials.add(actor=registrar, matter_id=matter.pk, uploads=uploads, version=1)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ((Role.SUPERVISOR, "county"), "post_may_not"),
        ((Role.REGISTRAR, "other"), "matter_not_found"),
        ((Role.HANDLER, "labour"), "matter_not_found"),
        ((Role.SYSTEM_ADMINISTRATOR, "county"), "matter_not_found"),
    ],
)
def test_who_adds_none(county: SmallCounty, disk, who, code):
    matter = registered(county)
    with refuses(code):
        materials.add(actor=county.actor(*who), matter_id=matter.pk, uploads=[Upload("一.pdf", PDF)])


def test_the_archive_takes_none(county: SmallCounty, disk):
    matter = brought_to(county, State.CLOSED)
    with refuses("not_in_this_state"):
        materials.add(
            actor=county.actor(Role.REGISTRAR), matter_id=matter.pk, uploads=[Upload("一.pdf", PDF)]
        )


def test_a_result_with_its_papers(county: SmallCounty, disk):
    matter, lead = working(county)
    procedure.handle(
        actor=county.actor(*LABOUR),
        matter_id=matter.pk,
        assignment_id=lead.id,
        action=AssignmentAction.DISPOSE,
        values={"result": RESULT},
        version=fresh(county, matter).version,
        uploads=[Upload("银行回单.pdf", PDF)],
    )
    assert rows(MatterFile, matter, "name", "purpose") == [("银行回单.pdf", "dispose")]
    assert [row[0] for row in rows(Disposition, matter, "text")] == [RESULT]


def test_a_refused_result_keeps_no_papers(county: SmallCounty, disk):
    matter, lead = working(county)
    with refuses("invalid", field="result"):
        procedure.handle(
            actor=county.actor(*LABOUR),
            matter_id=matter.pk,
            assignment_id=lead.id,
            action=AssignmentAction.DISPOSE,
            values={"result": "好"},
            version=None,
            uploads=[Upload("银行回单.pdf", PDF)],
        )


def test_a_stale_form_of_a_department(county: SmallCounty):
    matter, lead = working(county)
    handler, read = county.actor(*LABOUR), fresh(county, matter).version
    note = {"matter_id": matter.pk, "assignment_id": lead.id, "action": AssignmentAction.PROGRESS}
    procedure.handle(actor=handler, **note, values={"text": "已约谈厂方"}, version=read)
    with refuses("stale"):
        procedure.handle(actor=handler, **note, values={"text": "又约谈一次"}, version=read)
    assert rows(Progress, matter, "text") == [("已约谈厂方",)]


def test_an_extension_is_decided_by_the_same_way_in(county: SmallCounty):
    matter, lead = working(county)
    common = {"matter_id": matter.pk, "assignment_id": lead.id, "version": None}
    until = clock.today() + timedelta(days=9)
    procedure.handle(
        actor=county.actor(*LABOUR),
        **common,
        action=AssignmentAction.ASK_EXTENSION,
        values={"until": until, "reason": "等待审计结果"},
    )
    [(extension_id,)] = rows(Extension, matter, "pk")
    procedure.handle(
        actor=county.actor(Role.DIRECTOR),
        **common,
        action=AssignmentAction.DECIDE_EXTENSION,
        values={"extension_id": extension_id, "approve": True},
    )
    assert part_of(matter).reply_by == until


# --- the other acts --------------------------------------------------------------------------------------------
def test_a_whistle_blown_and_answered(county: SmallCounty):
    new = NewWhistle(
        departments=[county.department("labour").id],
        place_kind=WhistlePlace.VILLAGE,
        place="黄泥坑村委会",
        message="请到场",
    )
    called = procedure.blow(actor=county.actor(Role.DUTY_COMMANDER), new=new)
    with scope(EVERYWHERE):
        call = Call.objects.get(whistle_id=called.pk)
    procedure.answer(actor=county.actor(*LABOUR), call_id=call.pk, to=CallState.THERE)
    with refuses("invalid", field="result"):
        procedure.answer(actor=county.actor(*LABOUR), call_id=call.pk, to=CallState.DONE)
    with refuses("may_not_whistle"):
        procedure.blow(actor=county.actor(*LABOUR), new=new)
    with scope(EVERYWHERE):
        assert Whistle.objects.count() == 1


def test_a_body_informed(county: SmallCounty):
    matter, court = registered(county), county.department("court").id
    given = {"matter_id": matter.pk, "department_id": court, "text": "双方已有和解意向"}
    with refuses("may_not_inform"):
        procedure.inform(actor=county.actor(Role.SUPERVISOR), **given)
    procedure.inform(actor=county.actor(Role.DIRECTOR), **given)
    assert rows(Notice, matter, "department_id") == [(court,)]


def test_restricted_read_by_name_and_sealed(county: SmallCounty):
    matter = registered(county)
    director = county.actor(Role.DIRECTOR)
    procedure.restrict(actor=director, matter_id=matter.pk, reason="涉及未成年人")
    mediator = county.person(Role.MEDIATOR)
    assert not sees(county, Role.MEDIATOR, matter)
    procedure.name_reader(
        actor=director, matter_id=matter.pk, person_id=mediator.id, until=clock.today(), reason="负责调解"
    )
    assert sees(county, Role.MEDIATOR, matter)
    with refuses("may_not_seal"):
        procedure.seal(actor=county.actor(Role.MEDIATOR), matter_id=matter.pk, basis="治安管理处罚法第136条")
    procedure.seal(actor=director, matter_id=matter.pk, basis="治安管理处罚法第136条")
    assert not sees(county, Role.DIRECTOR, matter)


def test_unmasked_and_refused_both_in_the_audit(county: SmallCounty):
    matter = registered(county)
    with scope(EVERYWHERE):
        party = Party.objects.get(matter_id=matter.pk, place=0)
        contact = party.contacts.get(kind="phone")
    registrar = county.actor(Role.REGISTRAR)
    unmask = {"row_id": party.pk, "reason": "核对身份办理援助"}
    assert procedure.unmask(actor=registrar, what="identity", **unmask) == RESIDENT_IDS[0]
    assert last_audited().verb == "party.unmasked"
    phone = procedure.unmask(actor=registrar, what="contact", row_id=contact.pk, reason="回访联系不上")
    assert phone == "13800000001"
    with refuses("may_not_unmask"):
        procedure.unmask(actor=county.actor(Role.SUPERVISOR), what="identity", **unmask)
    assert last_audited().subject == f"identity:{party.pk}"


# --- opening ----------------------------------------------------------------------------------------------------
def test_opening_an_open_matter_leaves_no_trace(county: SmallCounty):
    matter = registered(county)
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        assert opened(director, matter.code, door="page").pk == matter.pk
    assert last_audited().verb == "matter.registered"


def test_each_opening_of_a_restricted_one_does(county: SmallCounty):
    matter = registered(county, confidential=True)
    director = county.actor(Role.DIRECTOR)
    for door in ("page", "file"):
        with scope(director):
            opened(director, matter.code, door=door)
        audited = last_audited()
        assert (audited.verb, audited.subject, audited.person_id) == (
            "matter.read_restricted",
            f"matter:{matter.pk}",
            director.person_id,
        )
        assert f'"door":"{door}"'.encode() in bytes(audited.content)
    with scope(AUDITING):
        assert Entry.objects.filter(verb="matter.read_restricted").count() == 2


def test_what_is_not_there_and_what_one_does_not_see_are_alike(county: SmallCounty):
    matter = registered(county, confidential=True)
    mediator = county.actor(Role.MEDIATOR)
    said = []
    for code in (matter.code, "440785-20200101-999999", "nonsense"):
        with pytest.raises(NotAllowed) as refusal, scope(mediator):
            opened(mediator, code, door="page")
        said.append((refusal.value.code, str(refusal.value)))
    assert said == [("matter_not_found", "没有这件事项，或您的岗位看不到它。")] * 3


def test_a_refusal_names_its_verb_and_its_matter(county: SmallCounty):
    matter = registered(county)
    with refuses("post_may_not"):
        procedure.act(
            actor=county.actor(Role.SUPERVISOR),
            matter_id=matter.pk,
            action=Action.ACCEPT,
            values={},
            version=None,
        )
    audited = last_audited()
    assert (audited.verb, audited.subject, audited.role) == (
        "matter.accept",
        f"matter:{matter.pk}",
        "supervisor",
    )
    assert told(matter) == ["matter.registered"]
