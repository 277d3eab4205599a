"""The matters that the visibility matrix is about: one of each kind of place, holder and secrecy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import keeping
from fengqiao.clocks.domain.facts import new_fact
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Clock
from fengqiao.counsel.models import Adviser
from fengqiao.dispatch.domain import dispatching, handling, scoring, whistling
from fengqiao.dispatch.domain.dispatching import Assisting
from fengqiao.dispatch.enums import CallState, WhistlePlace
from fengqiao.dispatch.models import Assignment, Whistle
from fengqiao.dossier.models import ScanPage, SignedPage, Volume
from fengqiao.flows.materials import Upload, attach_all
from fengqiao.kernel import clock
from fengqiao.kernel.identity import resident_check_digit
from fengqiao.leading.domain import instructing, listing, recommending
from fengqiao.matters.domain import accepting, amending, assessing, lifting, sight
from fengqiao.matters.enums import (
    AgainstKind,
    ContactKind,
    Danger,
    IdentityKind,
    OutsideSystem,
    PartyRole,
    Risk,
    Track,
)
from fengqiao.matters.intake import NewOutsideNumber, NewParty
from fengqiao.matters.models import Matter, PartyContact
from fengqiao.mediators.domain.register import enter
from fengqiao.places.models import Stationing
from tests import small_county
from tests.agreements.hands import lie_agreed
from tests.confirmation.hands import lie_at_court
from tests.counsel.hands import lie_consulted, lie_teamed
from tests.dossier.hands import lie_bound, lie_in_one_stack, lie_listed, lie_signed
from tests.pool.hands import a_market_body, a_room, a_talent, a_turn
from tests.referrals.hands import lie_referred
from tests.reporting.hands import lie_there
from tests.reviews.hands import Reviewed, reviewed
from tests.small_county import RESIDENT_IDS, SmallCounty
from tests.study.hands import lie_open
from tests.supervision.hands import lie_before
from tests.walls.mediated_ground import lie_drafted, lie_over, lie_talked

STREET, VILLAGE = "440785001001", "440785102201"
SHARED_PHONE, OUTSIDE = "13800000009", "SPT-2026-0001"
# (place of the window, division); titles tell them apart and share a word.
KINDS: dict[str, tuple[str, str, str]] = {
    "own": ("county", STREET, "陶瓷厂东门欠薪"),
    "village": ("county", VILLAGE, "陶瓷厂黄泥坑占地"),
    "other": ("other", "440783000000", "陶瓷厂开平纠纷"),
    "restricted": ("county", STREET, "陶瓷厂有人举报排污"),
    "sealed": ("county", STREET, "陶瓷厂旧年斗殴"),
    "lower": ("town", "", "陶瓷厂镇上吵架"),
    "lifted": ("town", "", "陶瓷厂镇上群访"),
    "upper": ("city", VILLAGE, "陶瓷厂找到市里"),
    "raised": ("county", STREET, "陶瓷厂跨县债务"),
    "handed": ("county", STREET, "陶瓷厂宿舍漏雨"),
    "returned": ("county", STREET, "陶瓷厂夜间噪声"),
    "complained": ("county", STREET, "陶瓷厂反映办事拖延"),
    "recused": ("county", STREET, "陶瓷厂老板亲属纠纷"),
}


@dataclass
class SightGround:
    county: SmallCounty
    matters: dict[str, Matter] = field(default_factory=dict)
    whistles: dict[str, Whistle] = field(default_factory=dict)
    # Of the petitioner: (what is protected, matter) → the row that holds it.
    rows: dict[tuple[str, str], UUID] = field(default_factory=dict)
    files: dict[str, UUID] = field(default_factory=dict)
    volumes: dict[str, UUID] = field(default_factory=dict)
    # A page that waits in a stack which was handed in in the matter, at the centre that registered it.
    scans: dict[str, ScanPage] = field(default_factory=dict)
    signed: dict[str, UUID] = field(default_factory=dict)
    # The window's day at the county: one file with a page of each matter that was registered there.
    day: UUID | None = None
    # A party's own time, which lights nothing.
    clocks: dict[str, UUID] = field(default_factory=dict)
    facts: dict[str, UUID] = field(default_factory=dict)
    # (whistle, department) → its call.
    calls: dict[tuple[str, str], UUID] = field(default_factory=dict)
    # Of the labour bureau's part of the matter that was handed to it.
    supervision: UUID | None = None
    # That the same matter stands on the list of key matters.
    key_matter: UUID | None = None
    # And what a leader instructed the bureau to do about it.
    instruction: UUID | None = None
    # A study of the same matter, to which the mediator is invited as a member of the committee.
    study: UUID | None = None
    member: UUID | None = None
    # An entry in the register of mediators.
    mediator: UUID | None = None
    # A brand room of the county's centre, shown to everybody.
    room: UUID | None = None
    # Somebody in the talent pool.
    talent: UUID | None = None
    # And when they sit at the centre.
    turn: UUID | None = None
    # An organisation that may charge.
    market: UUID | None = None
    # What was agreed in a mediation of the same matter.
    agreement: UUID | None = None
    court_case: UUID | None = None
    # A consultation of the same matter, to which the mediator is invited and which the director chairs.
    consultation: UUID | None = None
    # A task force of the county has it in hand; the mediator is its head and has a task.
    team: UUID | None = None
    adviser: UUID | None = None
    task: UUID | None = None
    term: UUID | None = None
    # A talk with one party alone, in the mediation of the matter that was raised.
    talk: UUID | None = None
    # A list of disposal of the county's centre, in which the dossier of the handed matter stands.
    batch: UUID | None = None
    # The county's own template, that waits to be approved.
    template: UUID | None = None
    # What an office was asked about it.
    referral: UUID | None = None
    along: UUID | None = None
    # And what was recommended because of it.
    recommendation: UUID | None = None
    # A direct report of the same matter, sent to the commission.
    report: UUID | None = None
    # What is held against it, and how its file was looked at.
    reviewed: Reviewed | None = None

    @property
    def keys(self) -> dict[UUID, str]:
        return {matter.id: key for key, matter in self.matters.items()}

    @property
    def whistle_keys(self) -> dict[UUID, str]:
        return {whistle.id: key for key, whistle in self.whistles.items()}

    def actor(self, role: Role | str, place: str = "county") -> Actor:
        return self.county.actor(role, place)

    def by(self, role: Role, verb: Callable[..., Any], place: str = "county", **values: Any) -> Any:
        actor = self.actor(role, place)
        with scope(actor):
            return verb(actor=actor, **values)


def identity_of(key: str) -> str:
    """A resident ID that only this matter's petitioner has; of nobody."""
    first = f"44078519300101{100 + list(KINDS).index(key)}"
    return first + resident_check_digit(first)


def phone_of(key: str) -> str:
    return f"1390000{list(KINDS).index(key):04d}"


def address_of(key: str) -> str:
    return f"工业路{list(KINDS).index(key) + 1}号"


def lay() -> SightGround:
    """Commits it all, by the acts of those whose turn it was."""
    with transaction.atomic():
        ground = SightGround(small_county.build())
        # Sent to the centre by the labour bureau: what is said against the bureau is not for their eyes.
        sent = ground.county.stationings[Role.INDUSTRY_OFFICER, "county"]
        Stationing.objects.filter(pk=sent.pk).update(home_department=ground.county.department("labour"))
    for key, (place, division, title) in KINDS.items():
        ground.matters[key] = _registered(ground, key, place, division, title)
        ground.rows["identity", key], ground.rows["contact", key] = _petitioner(ground, key, place)
    _secrecy(ground)
    _lifting(ground)
    _work(ground)
    _whistles(ground)
    _scores(ground)
    _laid_before_the_commission(ground)
    _listed(ground)
    _entered(ground)
    _mediated(ground)
    _stepping_aside(ground)
    return ground


def _registered(ground: SightGround, key: str, place: str, division: str, title: str) -> Matter:
    return small_county.registered(
        ground.county,
        place,
        title=title,
        account=f"{title}，双方多次协商没有结果。",
        division=division,
        grid="",
        address=address_of(key),
        confidential=key == "restricted",
        danger=Danger.VIOLENCE if key == "village" else Danger.NONE,
        outside_numbers=(NewOutsideNumber(OutsideSystem.PROVINCE, OUTSIDE),),
        parties=(
            NewParty(
                name="黄某某",
                identity_kind=IdentityKind.RESIDENT_ID,
                identity=identity_of(key),
                phones=(phone_of(key),),
                addresses=("某村某号",),
            ),
            # The same on the other side of all of them.
            NewParty(
                role=PartyRole.RESPONDENT,
                name="梁某某",
                identity_kind=IdentityKind.RESIDENT_ID,
                identity=RESIDENT_IDS[0],
                phones=(SHARED_PHONE,),
            ),
        ),
    )


def _petitioner(ground: SightGround, key: str, place: str) -> tuple[UUID, UUID]:
    with scope(ground.actor(Role.REGISTRAR, place)):
        phone = PartyContact.objects.get(
            matter=ground.matters[key], kind=ContactKind.PHONE, party__role=PartyRole.PETITIONER
        )
        return phone.party_id, phone.pk


def _secrecy(ground: SightGround) -> None:
    """Materials and links come before the seal; afterwards nobody gets in."""
    for key, (place, _division, title) in KINDS.items():
        [material] = ground.by(
            Role.REGISTRAR,
            attach_all,
            place,
            matter_id=ground.matters[key].id,
            uploads=[Upload("证据.txt", f"{title}的证据".encode())],
        )
        ground.files[key] = material.pk
        registrar = ground.actor(Role.REGISTRAR, place)
        ground.volumes[key] = lie_bound(registrar, ground.matters[key].id, material.file_id).pk
        page, signed = lie_signed(registrar, ground.matters[key].id, material.file_id)
        ground.scans[key], ground.signed[key] = page, signed.pk
        ground.clocks[key] = _clock(ground, key, place)
    registrar = ground.actor(Role.REGISTRAR)
    with scope(registrar):
        of_the_county = {ground.signed[key] for key, (place, *_more) in KINDS.items() if place == "county"}
        pages = SignedPage.objects.filter(pk__in=of_the_county).select_related("matter")
        ground.day = lie_in_one_stack(registrar, pages).pk
    for key in ("village", "restricted", "sealed", "recused", "complained"):
        ground.by(
            Role.REGISTRAR,
            amending.link,
            matter_id=ground.matters["own"].id,
            other_id=ground.matters[key].id,
            reason="同一当事人",
        )
    ground.by(
        Role.DIRECTOR, sight.seal, matter_id=ground.matters["sealed"].id, basis="治安管理处罚法第一百三十六条"
    )


def _clock(ground: SightGround, key: str, place: str) -> UUID:
    actor, matter = ground.actor(Role.REGISTRAR, place), ground.matters[key]
    with scope(actor):
        fact = new_fact(matter, actor, FactKind.OPINION_SERVED, clock.now())
        fact.save()
        ground.facts[key] = fact.pk
        keeping.recompute([matter.pk])
        return Clock.objects.get(matter_id=matter.pk, limit="petition.review_request").pk


def _lifting(ground: SightGround) -> None:
    lifted, raised = ground.matters["lifted"].id, ground.matters["raised"].id
    ground.by(Role.REGISTRAR, accepting.accept, "town", matter_id=lifted)
    ground.by(Role.DISPATCHER, lifting.raise_up, "town", matter_id=lifted, reason="涉及多个村")
    _assessed(ground, "village")
    _assessed(ground, "raised")
    ground.by(
        Role.DISPATCHER,
        assessing.assess,
        matter_id=raised,
        level=Risk.HIGH,
        grounds="债务涉及两个县，人数较多。",
    )
    ground.by(Role.DISPATCHER, lifting.raise_up, matter_id=raised, reason="涉及两个县")


def _assessed(ground: SightGround, key: str) -> None:
    """To the assessment, without mediation."""
    matter = ground.matters[key].id
    ground.by(Role.REGISTRAR, accepting.accept, matter_id=matter)
    ground.by(
        Role.REGISTRAR, assessing.skip_mediation, matter_id=matter, refused=True, reason="对方明确拒绝调解"
    )


def _work(ground: SightGround) -> None:
    for key, lead, assist in (
        ("handed", "labour", "housing"),
        ("returned", "labour", None),
        ("complained", "housing", None),
        ("recused", "labour", "police"),
    ):
        matter = ground.matters[key].id
        _assessed(ground, key)
        ground.by(
            Role.DISPATCHER,
            assessing.assess,
            matter_id=matter,
            level=Risk.LOW,
            grounds="双方情绪平稳，没有过激行为。",
        )
        ground.by(
            Role.DISPATCHER,
            assessing.route,
            matter_id=matter,
            track=Track.DEPARTMENTAL,
            reason="属部门职责",
        )
        ground.by(
            Role.DISPATCHER,
            dispatching.dispatch,
            matter_id=matter,
            lead=ground.county.department(lead).id,
            assisting=[Assisting(ground.county.department(assist).id)] if assist else [],
            message="请依法处理并答复",
            # The table of tracks proposes the labour bureau for all of them.
            reason="与事项的实际承办单位协商一致",
        )
    handed = assignment(ground, "handed", "labour")
    ground.by(Role.HANDLER, handling.check_in, "labour", assignment_id=handed)
    ground.by(
        Role.HANDLER,
        handling.ask_extension,
        "labour",
        assignment_id=handed,
        until=clock.today() + timedelta(days=9),
        reason="等待账目核对",
    )
    for key in ("returned", "recused"):
        ground.by(
            Role.HANDLER,
            handling.ask_return,
            "labour",
            assignment_id=assignment(ground, key, "labour"),
            reason="不属于本单位职责",
            basis="三定方案",
        )
    ground.by(
        Role.DISPATCHER,
        handling.arbitrate,
        assignment_id=assignment(ground, "returned", "labour"),
        uphold=True,
        grounds="属公安职责。",
        give_to=ground.county.department("police").id,
    )
    complained = assignment(ground, "complained", "housing")
    ground.by(Role.HANDLER, handling.check_in, "housing", assignment_id=complained)
    ground.by(
        Role.HANDLER,
        handling.dispose,
        "housing",
        assignment_id=complained,
        result="已向当事人说明办理时限并致歉。",
    )


def assignment(ground: SightGround, key: str, department: str) -> UUID:
    with scope(ground.actor(Role.DISPATCHER)):
        return Assignment.objects.get(
            matter=ground.matters[key], department=ground.county.department(department)
        ).pk


def _whistles(ground: SightGround) -> None:
    for key, place, departments in (
        ("own", "county", ("labour", "police", "housing")),
        ("restricted", "county", ("police",)),
        ("complained", "county", ("labour", "police", "housing")),
        ("recused", "county", ("labour", "police", "housing")),
        ("lower", "town", ("police",)),
        ("other", "other", ("other",)),
        ("no matter", "county", ("labour",)),
    ):
        ground.whistles[key] = ground.by(
            Role.REGISTRAR,
            whistling.whistle,
            place,
            new=whistling.NewWhistle(
                departments=[ground.county.department(each).id for each in departments],
                place_kind=WhistlePlace.WINDOW,
                place="三号窗口",
                message="请派人来",
                matter_id=ground.matters[key].id if key in ground.matters else None,
            ),
        )
        with scope(ground.actor(Role.REGISTRAR, place)):
            for call in ground.whistles[key].calls.select_related("department"):
                name = next(n for n, each in ground.county.departments.items() if each == call.department)
                ground.calls[key, name] = call.pk


def _scores(ground: SightGround) -> None:
    """The housing bureau came wherever it was called, and was scored for it."""
    for key in ("own", "complained", "recused"):
        call = ground.calls[key, "housing"]
        for to, result in ((CallState.THERE, ""), (CallState.DONE, "已经处置")):
            ground.by(Role.HANDLER, whistling.answer, "housing", call_id=call, to=to, result=result)
        ground.by(Role.REGISTRAR, scoring.score_call, call_id=call, score=4, reason="来得及时，处置得当")


def _laid_before_the_commission(ground: SightGround) -> None:
    """How the labour bureau handles what was handed to it."""
    dispatcher = ground.actor(Role.DISPATCHER)
    part = assignment(ground, "handed", "labour")
    with scope(dispatcher):
        matter = Matter.objects.get(pk=ground.matters["handed"].pk)
        found = Assignment.objects.get(pk=part)
        commission = ground.county.department("commission")
        ground.supervision = lie_before(
            dispatcher, matter, found, commission, proposer=dispatcher.person_id
        ).pk
        ground.report = lie_there(dispatcher, matter, ground.county.stationings["commission", "county"]).pk
        study = lie_open(
            dispatcher, matter, ground.county.stationings["mediator", "county"], ground.files["handed"]
        )
        ground.study, ground.member = study.pk, study.invitations.get().member_id
        ground.reviewed = reviewed(dispatcher, matter, found, commission)
        agreement = lie_agreed(
            dispatcher, matter, mediated=Matter.objects.get(pk=ground.matters["raised"].pk)
        )
        ground.agreement, ground.term = agreement.pk, agreement.terms.get().pk
        referral = lie_referred(dispatcher, matter)
        ground.referral, ground.along = referral.pk, referral.papers.get().pk
        ground.court_case = lie_at_court(dispatcher, agreement).pk
        held = ground.county.stationings
        ground.consultation = lie_consulted(
            dispatcher, matter, held["mediator", "county"], held["director", "county"]
        ).pk
        team = lie_teamed(dispatcher, matter, held["mediator", "county"], ground.county.centres["county"])
        ground.team, ground.task = team.pk, team.tasks.get().pk
        ground.adviser = Adviser.objects.get(county=matter.county).pk


def _entered(ground: SightGround) -> None:
    director = ground.county.actor(Role.DIRECTOR)
    with scope(director):
        ground.mediator = enter(
            actor=director,
            stationing_id=ground.county.stationings["mediator", "county"].pk,
            fields=["07"],
            valid_from=date(2026, 1, 1),
        ).pk
        ground.room = a_room(director).pk
        lawyer = a_talent(director)
        ground.market = a_market_body(director).pk
        ground.talent, ground.turn = lawyer.pk, a_turn(director, lawyer).pk


def _mediated(ground: SightGround) -> None:
    assert ground.room is not None
    director = ground.actor(Role.DIRECTOR, "city")
    ground.talk = lie_talked(director, ground.matters["raised"], ground.room).pk
    dispatcher = ground.actor(Role.DISPATCHER)
    lie_over(dispatcher, ground.matters["recused"], ground.room)
    with scope(dispatcher):
        bound = Volume.objects.get(pk=ground.volumes["handed"])
    ground.batch = lie_listed(dispatcher, bound).batch_id
    ground.template = lie_drafted(dispatcher).pk


def _listed(ground: SightGround) -> None:
    """What was handed to the labour bureau is a key matter, and nobody is in charge of it yet."""
    matter = ground.matters["handed"].pk
    given = {"matter_id": matter, "ground": "key.many", "why": "住户众多，反映强烈。"}
    ground.key_matter = ground.by(Role.DIRECTOR, listing.list_matter, **given).pk
    letter = recommending.NewRecommendation(
        department_id=ground.county.department("housing").pk,
        found="宿舍多处漏雨。",
        advice="请排查同类宿舍。",
        reply_by=clock.today() + timedelta(days=30),
    )
    ground.recommendation = ground.by(Role.DIRECTOR, recommending.send, matter_id=matter, new=letter).pk
    task = instructing.NewInstruction(
        asks="report",
        text="请报告办理情况。",
        due_on=clock.today(),
        department_id=ground.county.department("labour").pk,
    )
    ground.instruction = ground.by(Role.DIRECTOR, instructing.give, matter_id=matter, new=task).pk


def _stepping_aside(ground: SightGround) -> None:
    """Last: that the complaint is about the labour bureau comes out when the bureau has been called already."""
    ground.by(
        Role.REGISTRAR,
        amending.amend,
        matter_id=ground.matters["complained"].id,
        facts={
            "against_kind": AgainstKind.PUBLIC_BODY,
            "against_department": ground.county.department("labour").id,
        },
        reason="来访人补充说明",
    )
    for key, role, place, told_by in (
        ("recused", Role.REGISTRAR, "county", Role.DISPATCHER),
        ("recused", Role.SUPERVISOR, "county", Role.DISPATCHER),
        ("recused", Role.STANDING_DEPUTY, "county", Role.DISPATCHER),
        ("recused", Role.HANDLER, "labour", Role.DISPATCHER),
        ("recused", Role.HANDLER, "police", Role.DISPATCHER),
        ("recused", Role.DIRECTOR, "city", Role.DISPATCHER),
        ("handed", Role.STANDING_DEPUTY, "county", Role.DISPATCHER),
        ("complained", Role.STANDING_DEPUTY, "county", Role.DISPATCHER),
        ("own", Role.PETITION_OFFICER, "county", Role.DISPATCHER),
        # A named reader by their post, and related to it all the same.
        ("restricted", Role.EXECUTIVE_DEPUTY, "county", Role.DIRECTOR),
    ):
        ground.by(
            told_by,
            sight.recuse,
            matter_id=ground.matters[key].id,
            person_id=ground.county.person(role, place).id,
            reason="当事人的亲属",
        )
