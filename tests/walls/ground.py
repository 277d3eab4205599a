"""Matters that have a row in every table of a matter, in both counties, open, restricted and sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import agreed_days, sweeping
from fengqiao.dispatch.domain import dispatching, handling, scoring, whistling
from fengqiao.dispatch.domain.dispatching import Assisting
from fengqiao.dispatch.enums import CallState, Opinion, WhistlePlace
from fengqiao.dispatch.models import Assignment, Call
from fengqiao.dossier.domain import serving
from fengqiao.dossier.enums import PaperKind, ServiceMethod
from fengqiao.files.domain.storing import store
from fengqiao.flows.materials import Upload, attach_all
from fengqiao.kernel import clock
from fengqiao.leading.domain import instructing, listing, looking, recommending
from fengqiao.matters.domain import accepting, amending, assessing, lifting, settling, sight
from fengqiao.matters.enums import (
    IdentityKind,
    OutsideSystem,
    PartyRole,
    ProcedureKind,
    Risk,
    Satisfaction,
    Track,
    VisitMethod,
)
from fengqiao.matters.intake import NewOutsideNumber, NewParty, NewProcedure
from fengqiao.matters.models import Matter, MatterFile, Party, Replay, Replayed
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain import evidence, mediating, people, results, sitting, standing, telling
from fengqiao.mediation.enums import (
    Came,
    ConsentMethod,
    HelperKind,
    Initiative,
    Result,
    SittingKind,
    SittingWay,
    StandingKind,
)
from fengqiao.mediation.models import Consent
from fengqiao.places.enums import DepartmentKind
from fengqiao.places.models import Department
from fengqiao.pool.domain import rooms
from fengqiao.rules.enums import TableKind
from fengqiao.rules.models import TableVersion
from tests import small_county
from tests.agreements.hands import lie_agreed
from tests.confirmation.hands import lie_at_court
from tests.counsel.hands import lie_consulted, lie_teamed
from tests.dossier.hands import lie_bound, lie_listed, lie_signed
from tests.pool.hands import pool_asked
from tests.referrals.hands import lie_referred
from tests.reporting.hands import lie_there
from tests.reviews.hands import reviewed
from tests.rules.drafts import drafted
from tests.small_county import RESIDENT_IDS, SmallCounty
from tests.study.hands import lie_open
from tests.supervision.hands import lie_before

COUNTY_OF = {"county": "440785", "other": "440783"}
LEAD = {"county": "labour", "other": "other"}
ASSISTS = {"county": "housing", "other": "other-housing"}
TITLES = {
    "open": "陶瓷厂拖欠工资",
    "restricted": "陶瓷厂举报偷排",
    "sealed": "陶瓷厂斗殴旧案",
    "other": "陶瓷厂外县欠薪",
    "other-restricted": "陶瓷厂外县举报",
    "linked": "陶瓷厂旧欠薪",
    "other-linked": "陶瓷厂外县旧欠薪",
}


@dataclass
class Ground:
    county: SmallCounty
    matters: dict[str, Matter]
    orphans: dict[str, UUID]

    def actor(self, role: Role, place: str = "county") -> Actor:
        return self.county.actor(role, place)


def lay() -> Ground:
    """Commits it all: open, restricted and sealed in the county; open and restricted in the other one."""
    with transaction.atomic():
        county = small_county.build()
        lay_other_department(county)
    linked = {
        "linked": small_county.registered(county, title=TITLES["linked"]),
        "other-linked": _registered(county, "other", TITLES["other-linked"]),
    }
    matters = {
        key: filled(county, place, TITLES[key], linked["other-linked" if place == "other" else "linked"])
        for key, place in (
            ("open", "county"),
            ("restricted", "county"),
            ("sealed", "county"),
            ("other", "other"),
            ("other-restricted", "other"),
        )
    }
    for key, place in (("restricted", "county"), ("other-restricted", "other")):
        director = county.actor(Role.DIRECTOR, place)
        with scope(director):
            sight.restrict(actor=director, matter=matters[key], reason="涉及未成年人", days=30)
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        sight.restrict(actor=director, matter=matters["sealed"], reason="涉及未成年人", days=30)
        sight.seal(actor=director, matter_id=matters["sealed"].id, basis="治安管理处罚法第一百三十六条")
    orphans = {}
    for place, code in COUNTY_OF.items():
        with scope(county.actor(Role.REGISTRAR, place)):
            orphans[code] = store(county=code, name="废稿.txt", content=f"{code} 没有用到".encode()).id
    return Ground(county, matters | linked, orphans)


def lay_other_department(county: SmallCounty) -> None:
    """The other county gets a second department, so that its matters can be handled by two as well."""
    county.departments["other-housing"] = Department.objects.create(
        name="开平市住建局",
        short_name="开平住建",
        kind=DepartmentKind.HOUSING,
        division_id="440783000000",
    )
    county.station(
        Role.HANDLER,
        "other-housing",
        department=county.departments["other-housing"],
        division=county.centres["other"].division,
    )


def mediated(by: Callable[..., Any], actor: Actor, party: UUID, mid: dict[str, Any]) -> None:
    """What is written down of a mediation beside its steps."""
    by(
        Role.MEDIATOR,
        standing.set_footing,
        body="people",
        name="东门社区人民调解委员会",
        initiative=Initiative.APPLIED,
        **mid,
    )
    by(Role.MEDIATOR, standing.write_standing, party_id=party, kind=StandingKind.OWN_WORD, **mid)
    with scope(actor):
        other = Party.objects.filter(matter_id=mid["matter_id"], agent_of=None).exclude(pk=party).first()
    by(
        Role.MEDIATOR,
        results.write_claim_result,
        claim_id=None,
        of_party_id=party,
        against_party_id=other.pk,
        came=Came.PARTLY,
        text="先付一半",
        **mid,
    )
    by(Role.MEDIATOR, people.add_helper, kind=HelperKind.MEDIATOR, person_id=actor.person_id, **mid)
    talk = by(
        Role.MEDIATOR,
        sitting.plan_sitting,
        kind=SittingKind.JOINT,
        way=SittingWay.CENTRE,
        planned_at=clock.now(),
        place="二号调解室",
        parties=[party],
        **mid,
    )
    by(Role.MEDIATOR, sitting.begin_sitting, sitting_id=talk.pk, **mid)
    by(Role.MEDIATOR, sitting.save_note, sitting_id=talk.pk, known=0, text="双方各说一遍", issues="", **mid)
    promised = {"what": "工资条", "by_day": clock.today(), "sitting_id": talk.pk}
    by(Role.MEDIATOR, evidence.promise, party_id=party, **promised, **mid)
    by(Role.MEDIATOR, rooms.hold_at, room_id=None, **mid)
    with scope(actor):
        pool_asked(actor, mid["matter_id"])
    asked = {"party_id": party, "person_id": actor.person_id, "reason": "和对方同村"}
    by(Role.MEDIATOR, people.ask_recusal, **asked, **mid)


def filled(county: SmallCounty, place: str, title: str, other: Matter) -> Matter:
    """A matter that went through nearly everything that can happen to one."""
    matter = _registered(county, place, title)
    lead, assist = county.department(LEAD[place]), county.department(ASSISTS[place])

    def by(role: Role, verb: Callable[..., Any], where: str = place, **values: Any) -> Any:
        actor = county.actor(role, where)
        with scope(actor):
            return verb(actor=actor, **values)

    mid = {"matter_id": matter.id}
    by(Role.REGISTRAR, accepting.accept, **mid)
    by(Role.REGISTRAR, amending.link, other_id=other.id, reason="同一当事人", **mid)
    by(
        Role.REGISTRAR,
        attach_all,
        uploads=[Upload("证据.txt", f"{title} 的证据".encode())],
        **mid,
    )
    with scope(county.actor(Role.REGISTRAR, place)):
        consents = dict.fromkeys(Party.objects.filter(matter=matter).values_list("pk", flat=True), True)
    by(Role.REGISTRAR, mediating.send_to_mediation, consents=consents, **mid)
    with scope(county.actor(Role.MEDIATOR, place)):
        answers = list(Consent.objects.filter(matter=matter).values_list("pk", flat=True)[:1])
    by(
        Role.MEDIATOR,
        telling.tell_rights,
        consents=answers,
        method=ConsentMethod.IN_PERSON,
        told_on=clock.today(),
        **mid,
    )
    mediated(by, county.actor(Role.MEDIATOR, place), next(iter(consents)), mid)
    # Two months go by, and its time is up.
    with clock.at(clock.now() + timedelta(days=60)):
        sweeping.sweep()
    by(Role.MEDIATOR, mediating.record_mediation, result=Result.REFUSED, text="对方不同意调解方案。", **mid)
    by(Role.DISPATCHER, assessing.assess, level=Risk.LOW, grounds="双方情绪平稳，没有过激行为。", **mid)
    by(Role.DISPATCHER, assessing.route, track=Track.DEPARTMENTAL, reason="属人社部门职责", **mid)
    by(
        Role.DISPATCHER,
        dispatching.dispatch,
        lead=lead.id,
        assisting=[Assisting(assist.id)],
        message="请依法处理并答复",
        reason="由该部门主办更合适",
        **mid,
    )
    by(
        Role.REGISTRAR,
        whistling.whistle,
        new=whistling.NewWhistle(
            departments=[lead.id], place_kind=WhistlePlace.WINDOW, place="三号窗口", message="请来人", **mid
        ),
    )
    with scope(county.actor(Role.DISPATCHER, place)):
        [call] = Call.objects.filter(matter=matter)
    for to, result in ((CallState.THERE, ""), (CallState.DONE, "已经劝开，约好明日再谈")):
        by(Role.HANDLER, whistling.answer, LEAD[place], call_id=call.id, to=to, result=result)
    by(Role.REGISTRAR, scoring.score_call, call_id=call.id, score=4, reason="来得及时，处置得当")
    by(Role.REGISTRAR, whistling.inform, department_id=assist.id, text="告知有此事项", **mid)
    with scope(county.actor(Role.DISPATCHER, place)):
        [leading] = Assignment.objects.filter(matter=matter, part="lead")
        [assisting] = Assignment.objects.filter(matter=matter, part="assist")
    with scope(dispatcher := county.actor(Role.DISPATCHER, place)):
        lie_before(
            dispatcher,
            Matter.objects.get(pk=matter.pk),
            leading,
            county.department("commission" if place == "county" else "other commission"),
            proposer=dispatcher.person_id,
        )
        reviewed(
            dispatcher,
            matter,
            leading,
            county.department("commission" if place == "county" else "other commission"),
        )
        lie_there(dispatcher, Matter.objects.get(pk=matter.pk), county.stationings["commission", place])
        file = MatterFile.objects.filter(matter_id=matter.pk).values_list("pk", flat=True).first()
        lie_open(dispatcher, Matter.objects.get(pk=matter.pk), county.stationings["mediator", place], file)
        lie_at_court(dispatcher, lie_agreed(dispatcher, Matter.objects.get(pk=matter.pk)))
        lie_referred(dispatcher, Matter.objects.get(pk=matter.pk))
        held = county.stationings["legal_officer", place], county.stationings["director", place]
        lie_consulted(dispatcher, Matter.objects.get(pk=matter.pk), *held)
        lie_teamed(dispatcher, Matter.objects.get(pk=matter.pk), held[0], county.centres[place])
    with clock.at(clock.now() + timedelta(days=5)):
        agreed_days.sweep()
    by(Role.DIRECTOR, lifting.raise_up, reason="本级协调不下，请上级办理。", **mid)
    back = {"centre_id": county.centres[place].pk, "reason": "请县里继续办理。"}
    by(Role.DIRECTOR, lifting.hand_down, "city", **back, **mid)
    leader = listing.Leader(name="陈志明", office="副县长")
    key = by(
        Role.DIRECTOR, listing.list_matter, ground="key.many", why="牵涉工人众多。", leader=leader, **mid
    )
    by(Role.DIRECTOR, looking.look, key_matter_id=key.pk, day=clock.today(), outcome="听取了汇报。")
    letter = recommending.NewRecommendation(
        department_id=lead.id,
        found="同一行业多次欠薪。",
        advice="请建立工资支付预警。",
        reply_by=clock.today() + timedelta(days=30),
    )
    by(Role.DIRECTOR, recommending.send, new=letter, **mid)
    task = instructing.NewInstruction(
        asks="report", text="请报告办理情况。", due_on=clock.today(), department_id=lead.id
    )
    given = by(Role.DIRECTOR, instructing.give, new=task, **mid)
    by(Role.HANDLER, instructing.answer, LEAD[place], instruction_id=given.pk, text="已经约谈厂方。")
    handler = (Role.HANDLER, LEAD[place])
    by(handler[0], handling.check_in, handler[1], assignment_id=leading.id)
    by(handler[0], handling.progress, handler[1], assignment_id=leading.id, text="已约谈厂方。")
    until = clock.today() + timedelta(days=9)
    by(
        handler[0],
        handling.ask_extension,
        handler[1],
        assignment_id=leading.id,
        until=until,
        reason="等待账目核对",
    )
    helper = (Role.HANDLER, ASSISTS[place])
    by(
        helper[0],
        handling.ask_return,
        helper[1],
        assignment_id=assisting.id,
        reason="不属于本单位职责",
        basis="三定方案",
    )
    by(
        Role.DISPATCHER,
        handling.arbitrate,
        assignment_id=assisting.id,
        uphold=False,
        grounds="确属协办范围。",
    )
    by(
        handler[0],
        handling.dispose,
        handler[1],
        assignment_id=leading.id,
        result="厂方已付清两个月工资，工人签收。",
    )
    by(helper[0], handling.sign_off, helper[1], assignment_id=assisting.id, opinion=Opinion.AGREE)
    by(Role.DISPATCHER, dispatching.settle, **mid)
    report = settling.VisitReport(method=VisitMethod.PHONE, reached=True, satisfaction=Satisfaction.BASIC)
    by(Role.REGISTRAR, settling.return_visit, report=report, **mid)
    by(Role.DISPATCHER, settling.evaluate, lawful=True, complete=True, **mid)
    by(
        Role.REGISTRAR,
        serving.serve,
        new=serving.NewService(
            kind=PaperKind.RECEIPT,
            reference=matter.id,
            addressee="黄某某",
            method=ServiceMethod.IN_PERSON,
            served_at=clock.now(),
        ),
        **mid,
    )
    bound = lie_bound(county.actor(Role.REGISTRAR, place), matter.id)
    lie_listed(county.actor(Role.DIRECTOR, place), bound)
    lie_signed(county.actor(Role.REGISTRAR, place), matter.id)
    stepping_aside = county.person(Role.DUTY_COMMANDER, place)
    by(Role.REGISTRAR, sight.recuse, person_id=stepping_aside.id, reason="当事人的亲属", **mid)
    replayed(county, place, matter)
    return matter


def replayed(county: SmallCounty, place: str, matter: Matter) -> None:
    """What a draft of the county's own would say of the matter: the row alone, which a replay would write."""
    actor = county.actor(Role.DISPATCHER, place)
    with scope(actor):
        draft = TableVersion.objects.filter(kind=TableKind.TRACK).first()
    draft = draft or drafted(county, TableKind.TRACK, place=place)
    with scope(actor):
        replay, _new = Replay.objects.get_or_create(
            draft=draft,
            defaults={
                "county": draft.county,
                "draft_version": draft.version,
                "base": draft.base,
                "since": clock.today(),
                "until": clock.today(),
                "person_id": actor.person_id,
                "post_id": county.stationings[(str(Role.DISPATCHER), place)].post_id,
                "ordered_at": clock.now(),
            },
        )
        current = Matter.objects.get(pk=matter.pk)
        Replayed.objects.create(**of(current), replay=replay, moved=False)


def _registered(county: SmallCounty, place: str, title: str) -> Matter:
    return small_county.registered(
        county,
        place,
        title=title,
        division=f"{COUNTY_OF[place]}000000",
        grid="",
        parties=(
            NewParty(
                name="黄某某",
                identity_kind=IdentityKind.RESIDENT_ID,
                identity=RESIDENT_IDS[0],
                phones=("13800000001",),
            ),
            NewParty(role=PartyRole.RESPONDENT, name="梁某某"),
        ),
        procedures=(NewProcedure(ProcedureKind.LEGAL_AID, number="援2026-1"),),
        outside_numbers=(NewOutsideNumber(OutsideSystem.PROVINCE, "SPT-2026-1"),),
    )


@contextmanager
def attacking(actor: Actor) -> Iterator[Any]:
    """A raw cursor of the application's role in the actor's scope; what it did is undone after the block."""
    with transaction.atomic():
        with scope(actor), connection.cursor() as cursor:
            yield cursor
        transaction.set_rollback(True)
