"""What the demo's county centre can call on: two brand rooms, a talent pool, lawyers by roster."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.mediators.models import Mediator
from fengqiao.places.queries.divisions import in_force
from fengqiao.pool.domain import appointments, market, rooms, roster, talents
from fengqiao.pool.domain.rooms import RoomWords
from fengqiao.pool.domain.talents import NewTalent
from fengqiao.pool.enums import Profession
from fengqiao.pool.models import Appointment, MarketBody
from fengqiao.pool.queries.rooms import open_at
from fengqiao.pool.queries.roster import free_slots
from fengqiao.rules.queries.mediation_bodies import bodies_on

if TYPE_CHECKING:
    from fengqiao.simulate.fates import Fate

SINCE = date(2026, 1, 5)
WEEK = (1, 2, 3, 4, 5)
OPENS, CLOSES, OPENS_AGAIN, CLOSES_AGAIN = time(8, 30), time(12), time(14, 30), time(17, 30)
UNTIL = date(2028, 1, 4)
# Name, profession, where from, key fields, certificate, telephone.
POOL: list[tuple[str, Profession, str, list[str], str, str]] = [
    (
        "区慧敏",
        Profession.LAWYER,
        "广东鳌峰山律师事务所",
        ["labour", "contracts"],
        "律师执业证 1440720",
        "13800002001",
    ),
    (
        "岑立行",
        Profession.LAWYER,
        "广东锦江律师事务所",
        ["family", "land"],
        "律师执业证 1440721",
        "13800002002",
    ),
    ("吴静怡", Profession.PSYCHOLOGIST, "恩平市心理服务站", ["family"], "心理咨询师 K0755", "13800002003"),
    ("郑树根", Profession.ELDER, "圣堂镇", ["neighbours", "land"], "", "13800002004"),
    ("冯建国", Profession.ENGINEER, "恩平市建筑设计院", ["building"], "注册结构工程师 S0447", "13800002005"),
    ("梁仲文", Profession.DOCTOR, "恩平市人民医院", ["medical"], "执业医师 1104", "13800002006"),
    ("黎志平", Profession.JUDGE, "恩平市人民法院（退休）", ["finance", "traffic"], "", "13800002007"),
    ("胡晓岚", Profession.OFFICIAL, "江门市生态环境局恩平分局", ["environment"], "", "13800002008"),
]
# The regulation on commercial mediation (商事调解条例) is in force from 2026-05-01.
FIRST_CHARGED = date(2026, 5, 1)
FEES = "标的额十万元以下，每件 500 元；超过十万元的部分按 0.5% 计，最高 2 万元。调解不成的，退还一半。"
UP_TO, BASE_FEE, SHARE, MOST = Decimal(100_000), Decimal(500), Decimal("0.005"), Decimal(20_000)
# Contracts, loans and companies; of a thousand that are mediated at the county's centre so many pay for it.
COMMERCIAL, CHARGED = ("06", "08", "10"), 250
# Wages: the kind about which people ask a lawyer most.
ADVISED = "0701"
ADVICE = "工资条、考勤和转账记录先收好；仲裁时效一年，不收费。可以先调解，调不成再申请仲裁。"
# Day of the week, which of the pool, from, until.
ROSTER = (
    (1, 0, time(9), time(11, 30)),
    (2, 1, time(14, 30), time(17)),
    (3, 0, time(9), time(11, 30)),
    (4, 1, time(9), time(11, 30)),
    (5, 0, time(14, 30), time(17)),
)
ROOMS = {
    "heng-shu": RoomWords(
        name="恒叔调解室",
        name_en="Uncle Heng's Mediation Room",
        place="恩平市综治中心一楼东侧",
        place_en="East side of the ground floor, Enping centre",
        way="乘 3 路、8 路公交车到综治中心站，进门左转；轮椅可从东侧坡道进入。",
        way_en="Bus 3 or 8 to the centre's stop, turn left inside; step-free by the ramp on the east side.",
        days=WEEK,
        fields=("01", "02"),
        story="恒叔在街坊里做了三十年调解。他的办法很简单：先泡一壶茶，让双方把话说完，再一起去现场看一看。",
        story_en="Uncle Heng has mediated among neighbours for thirty years. His way is simple: tea first, let both "
        "finish what they have to say, then go and look at the place together.",
        public=True,
        opens=OPENS,
        closes=CLOSES,
        opens_again=OPENS_AGAIN,
        closes_again=CLOSES_AGAIN,
    ),
    "qiu-ge": RoomWords(
        name="秋哥调解室",
        name_en="Brother Qiu's Mediation Room",
        place="恩平市综治中心二楼 203 室",
        place_en="Room 203, first floor, Enping centre",
        way="乘 3 路公交车到综治中心站，上二楼右转。",
        way_en="Bus 3 to the centre's stop, one floor up, turn right.",
        days=(2, 4, 6),
        fields=("06", "07"),
        story="工资、工伤、劳务的事，秋哥都先算清账再说话：一笔一笔写在白板上，双方看得见。",
        story_en="Wages, injuries at work, odd jobs: Brother Qiu does the sums first, line by line on a board that "
        "both can see.",
        public=True,
        opens=OPENS,
        closes=CLOSES,
        opens_again=OPENS_AGAIN,
        closes_again=CLOSES_AGAIN,
    ),
}


def open_rooms(leader: Actor) -> None:
    """Once, inside the leader's scope: the rooms of the centre, with its mediators at work in turn."""
    assert leader.centre_id is not None  # noqa: S101  leaders are at a centre
    opened = [
        rooms.open_room(actor=leader, code=code, words=words, valid_from=SINCE)
        for code, words in ROOMS.items()
    ]
    people = Mediator.objects.filter(post__centre_id=leader.centre_id).order_by("pk")
    for number, person in enumerate(people.values_list("person_id", flat=True)):
        room = opened[number % len(opened)]
        rooms.put_to_work(actor=leader, room_id=room.pk, person_id=person, valid_from=SINCE, agreed_on=SINCE)


def fill_pool(leader: Actor) -> None:
    """Once, inside the leader's scope: people who agreed to be asked, and when the lawyers among them sit here."""
    listed = [
        talents.list_talent(
            actor=leader,
            new=NewTalent(
                name=name,
                profession=profession,
                origin=origin,
                fields=fields,
                languages=["siyi"],
                certificate=certificate,
                telephone=telephone,
                agreed_on=SINCE,
                valid_until=UNTIL,
            ),
        )
        for name, profession, origin, fields, certificate, telephone in POOL
    ]
    for weekday, number, begins, ends in ROSTER:
        roster.enter_turn(
            actor=leader,
            lawyer_id=listed[number].pk,
            weekday=weekday,
            begins=begins,
            ends=ends,
            valid_from=SINCE,
            named=number == 0,
        )


def enter_market(leader: Actor) -> None:
    """Once, inside the leader's scope: an organisation that may charge, and what it published."""
    made = market.enter_body(
        actor=leader,
        name="江门市商事调解中心",
        kind="commercial",
        licence="粤江商调证 2026-01",
        valid_from=FIRST_CHARGED,
    )
    market.publish_fees(actor=leader, body_id=made.pk, valid_from=FIRST_CHARGED, text=FEES)


def agree_fee(actor: Actor, fate: Fate, matter: Matter) -> None:
    """Some who quarrel over a business pay a market organisation, by what it published, inside the actor's scope."""
    if not matter.category.startswith(COMMERCIAL) or fate.rng("market").randrange(1000) >= CHARGED:
        return
    body = MarketBody.objects.filter(in_force(clock.today()), centre_id=matter.holder_id).first()
    may = {each.id for each in bodies_on(clock.today()) if each.may_mediate(matter.category)}
    signs = list(matter.parties.filter(agent_of=None).values_list("pk", flat=True))
    if body is None or body.kind not in may or len(signs) < 2:
        return
    above = max((matter.amount or Decimal(0)) - UP_TO, Decimal(0))
    fee = min(BASE_FEE + above * SHARE, MOST).quantize(Decimal(1))
    market.agree_fee(
        actor=actor,
        matter_id=matter.pk,
        body_id=body.pk,
        amount=fee,
        signed_on=clock.today(),
        parties=signs,
    )


def book_lawyer(actor: Actor, matter: Matter) -> None:
    """Gives the first party of a wage dispute the first free half hour of a lawyer, inside the actor's scope."""
    party = matter.parties.filter(agent_of=None).first()
    if not matter.category.startswith(ADVISED) or party is None or matter.holder_id is None:
        return
    slots = free_slots(matter.holder_id, days=4)
    if slots:
        first = slots[0]
        appointments.book(
            actor=actor,
            matter_id=matter.pk,
            party_id=party.pk,
            lawyer_id=first.lawyer.pk,
            starts_at=first.starts_at,
        )


def hear_lawyer(actor: Actor, matter: Matter) -> None:
    """What was advised where the half hour has come; the lawyer follows the matter from then on."""
    with scope(actor):
        booked = Appointment.objects.filter(matter_id=matter.pk, state="booked", starts_at__lte=clock.now())
        for each in booked:
            appointments.keep(actor=actor, matter_id=matter.pk, appointment_id=each.pk, advised=ADVICE)
            appointments.follow(actor=actor, matter_id=matter.pk, lawyer_id=each.lawyer_id)


def room_for(matter: Matter) -> UUID | None:
    """The room of the centre for this kind of dispute, if there is one; asked in the actor's scope."""
    kind = matter.category[:2]
    found = [each.pk for each in open_at(matter.holder_id, clock.today()) if kind in each.fields]
    return found[0] if found else None
