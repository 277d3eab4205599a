"""Citizens come: a story becomes a registration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random
from uuid import UUID

from fengqiao.kernel import clock
from fengqiao.matters.enums import (
    AgainstKind,
    Channel,
    ClaimKind,
    Danger,
    IdentityKind,
    OutsideSystem,
    PartyKind,
    PartyRole,
    ProcedureKind,
    ProcedureStage,
    Scale,
)
from fengqiao.matters.intake import NewClaim, NewMatter, NewOutsideNumber, NewParty, NewProcedure
from fengqiao.places.models import Centre, Division
from fengqiao.simulate import inventing
from fengqiao.simulate.cast import Cast
from fengqiao.simulate.stories import Story, Telling, all_stories

SOURCE = "simulated"
# How often a matter's life takes an unusual turn, in a thousand.
ODDS = {
    "stuck": 55,
    "returned_once": 110,
    "returned_twice": 70,
    "reopened": 45,
    "anonymous": 35,
    "confidential": 8,
    "raised": 35,
    "handed_down": 40,
    "withdrawn": 35,
    "criminal": 12,
    "danger_later": 14,
    "extension": 110,
    "override": 60,
    "unreachable": 45,
    "dissatisfied": 70,
    "declined": 30,
    "default": 60,
    "whistle": 110,
    "amended": 40,
}
# Who reports a public body, an official or a wrong asks more often that nobody learns of it.
CONFIDENTIAL_REPORTS = 120
# Some come with more than one trouble: so many in a thousand are people who came before or will come again.
COME_AGAIN = 50
REGULARS = 60
# A village with a centre of its own sends more than one without; so many in a thousand.
FROM_CENTRE_VILLAGES = 70
NIGHT_CHANNELS = ("bell", "hotline_12345", "community_police")
FROM_AFAR = ("phone", "hotline_12345", "online", "bell")
WAYS = (
    "先打电话再上门",
    "可以到家里谈",
    "愿意再来一趟",
    "由家里人接电话",
    "在村口小卖部等",
    "下工以后才有空",
)
PAPERS = ("身份证和旧单据", "几张现场照片", "聊天记录", "手写的经过", "合同复印件", "收据和账本", "一张草图")
TAKEN = ("已复印", "已拍照留底", "看过后当面退回", "缺的两样写了清单")
SATURDAY = 5
# A weekend brings 0.4 of a working day; the factor makes a week's average what was asked for.
WORKING_DAY = 7 / (5 + 2 * 0.4)
WEEKEND_DAY = WORKING_DAY * 0.4


def arrivals(seed: int, day: date, per_day: float) -> list[int]:
    """The numbers of the matters that come on a day: the day's own, whatever was played before it."""
    rng = Random(f"{seed}|{day}|arrivals")  # noqa: S311  a play, not a secret
    usual = per_day * (WEEKEND_DAY if day.weekday() >= SATURDAY else WORKING_DAY)
    count = max(1, round(usual * rng.uniform(0.88, 1.12)))
    return [int(f"{day:%y%m%d}{each:04d}") for each in range(1, count + 1)]


def day_of(number: int) -> date:
    """The day on which a number comes."""
    return datetime.strptime(str(number)[:6], "%y%m%d").date()  # noqa: DTZ007  a day, not a moment


@dataclass(frozen=True)
class Fate:
    """Everything about a simulated matter that its number decides: a killed run goes on the same."""

    seed: int
    number: int
    story: Story
    turns: frozenset[str]
    path: str
    telling: Telling
    names: tuple[str, str]
    person: int
    division: str
    town: str
    amount: int
    people: int
    channel: Channel

    def rng(self, what: str) -> Random:
        """A source of chance of its own for each thing that happens to this matter."""
        return Random(f"{self.seed}|{self.number}|{self.story.id}|{what}")  # noqa: S311  a play, not a secret

    @property
    def source_number(self) -> str:
        return f"{self.seed}-{self.number}"

    @property
    def shielded(self) -> bool:
        """Whether the words of the matter must not name who brought it."""
        return bool(self.turns & {"anonymous", "confidential"})

    @cached_property
    def came_at(self) -> datetime:
        """When the person stands at the window: office hours, for some doors the evening too."""
        rng = self.rng("came")
        evening = self.channel in NIGHT_CHANNELS and rng.random() < 0.35
        return evening_hours(day_of(self.number), rng) if evening else office_hours(day_of(self.number), rng)


def fate_of(seed: int, number: int, cast: Cast) -> Fate:
    """The life of one number of a seed."""
    rng = Random(f"{seed}|{number}")  # noqa: S311  a play, not a secret
    stories = all_stories()
    story = stories[rng.randrange(len(stories))]
    village, town = _village(cast, rng)
    people = rng.randint(*story.people)
    amount = rng.randint(*story.amount) if story.amount else 0
    if amount > 2000:
        amount -= amount % 10
    person = rng.randrange(REGULARS) if rng.randrange(1000) < COME_AGAIN else number
    names = inventing.name(person_rng(seed, person)), inventing.name(rng)
    turns = _turns(story, rng)
    facts = {
        "petitioner": "反映人" if turns & {"anonymous", "confidential"} else names[0],
        "village": village.name.replace("居民委员会", "").replace("村民委员会", "").replace("委会", ""),
        "town": town,
        "amount": f"{amount:,}",
        "people": str(people),
        "month": f"{(day_of(number) - timedelta(days=rng.randint(20, 90))).month}月",
        "days": str(rng.randint(3, 60)),
        "road": rng.choice(("工业", "新平", "鳌峰", "沿江", "锦江", "河南", "东安", "南堤", "北郊")) + "路",
        "relation": rng.choice(("堂兄", "邻居", "同村", "表亲", "旧同事", "同族")),
    }
    respondent = names[1]
    if story.against_names:
        slots = {name: rng.choice(words) for name, words in sorted(story.slots.items())}
        respondent = rng.choice(story.against_names).format_map(slots | facts)
    facts["respondent"] = respondent
    return Fate(
        seed=seed,
        number=number,
        story=story,
        turns=turns,
        path=_path(story, turns, rng),
        telling=Telling(story, rng, facts),
        names=(names[0], respondent),
        person=person,
        division=village.code,
        town=town,
        amount=amount,
        people=people,
        channel=Channel(rng.choice(story.channels)),
    )


def person_rng(seed: int, person: int) -> Random:
    """Name and numbers of one invented citizen, the same whenever they come."""
    return Random(f"{seed}|person|{person}")  # noqa: S311  a play, not a secret


def _village(cast: Cast, rng: Random) -> tuple[Division, str]:
    with_centre = {c.division_id for c in cast.lower_centres}
    chosen = [pair for pair in cast.villages if pair[0].code in with_centre]
    from_these = chosen if chosen and rng.randrange(1000) < FROM_CENTRE_VILLAGES else cast.villages
    return from_these[rng.randrange(len(from_these))]


def _turns(story: Story, rng: Random) -> frozenset[str]:
    turns = {turn for turn, odds in ODDS.items() if rng.randrange(1000) < odds}
    reported = story.claim == "report" or story.against in ("public_body", "official")
    if reported and rng.randrange(1000) < CONFIDENTIAL_REPORTS:
        turns.add("confidential")
    if "confidential" in turns:
        # Named readers alone know of it: it stays at its centre, and nobody is whistled for it.
        turns -= {"anonymous", "raised", "handed_down", "withdrawn", "whistle"}
    if "raised" in turns:
        turns.discard("handed_down")
    if story.danger != "none":
        turns.discard("stuck")
    return frozenset(turns)


def _path(story: Story, turns: frozenset[str], rng: Random) -> str:
    if "confidential" in turns:
        return "handled"
    if "withdrawn" in turns:
        return "withdrawn"
    if story.claim == "consult":
        return rng.choice(("on_spot", "guided"))
    if story.track == "legal" and rng.random() < 0.3:
        return "redirected"
    if rng.random() < 0.14:
        return "on_spot"
    agreeable = story.against in ("person", "organisation") and "anonymous" not in turns
    if agreeable and story.danger != "domestic_violence":
        return "mediated" if rng.random() < 0.55 else "handled"
    return "handled"


def new_matter(fate: Fate, cast: Cast, centre: Centre) -> NewMatter:
    """What the person at the window says, typed."""
    rng, story = fate.rng("registration"), fate.story
    against = AgainstKind(story.against)
    return NewMatter(
        title=fate.telling.say(story.titles, rng)[:200],
        received_at=clock.now() - timedelta(minutes=rng.randint(2, 40)),
        channel=fate.channel,
        account=fate.telling.say(story.accounts, rng) + _last_sentence(fate, rng),
        category=story.category,
        claims=_claims(fate, rng),
        parties=_parties(fate),
        procedures=_procedures(rng, story),
        outside_numbers=_numbers(rng, fate.channel),
        scale=Scale.INDIVIDUAL if fate.people < 5 else Scale.GROUP if fate.people < 50 else Scale.MAJOR_GROUP,
        people=fate.people,
        amount=Decimal(fate.amount) if fate.amount else None,
        happened_on=clock.today() - timedelta(days=rng.randint(0, 40)),
        division=fate.division,
        grid=rng.choice(cast.grids[fate.division]) if cast.grids.get(fate.division) else "",
        address=f"{rng.choice(('一', '二', '三', '四'))}巷{rng.randint(1, 60)}号"
        if rng.random() < 0.7
        else "",
        danger=Danger(story.danger),
        against_kind=against,
        against_name=fate.names[1] if against != AgainstKind.NONE else "",
        against_department=_complained_of(fate, cast, centre, against),
        confidential="confidential" in fate.turns,
        source=SOURCE,
        source_number=fate.source_number,
    )


def _last_sentence(fate: Fate, rng: Random) -> str:
    """What the officer adds: what was brought along, and when to call back. No two matters read the same."""
    when = rng.choice(("周一", "周二", "周三", "周四", "周五")) + rng.choice(("上午", "下午", "傍晚"))
    if fate.shielded:
        return f"约定{when}查看回复，不留电话。"
    if fate.channel in FROM_AFAR:
        return f"方便接电话的时间是{when}，{rng.choice(WAYS)}。"
    return f"随身带来{rng.choice(PAPERS)}，{rng.choice(TAKEN)}；{when}{rng.choice(WAYS)}。"


def _complained_of(fate: Fate, cast: Cast, centre: Centre, against: AgainstKind) -> UUID | None:
    """The body that a confidential report is about, unless its own people lead the centre that takes it."""
    if against != AgainstKind.PUBLIC_BODY or "confidential" not in fate.turns or not fate.story.departments:
        return None
    body = cast.department(fate.story.departments[0], fate.division)
    if body is None or any(body.id in actor.bodies for actor in cast.at_centre.get(centre.id, ())):
        return None
    return body.id


def _claims(fate: Fate, rng: Random) -> tuple[NewClaim, ...]:
    wishes = list(fate.story.wishes)
    rng.shuffle(wishes)
    wanted = 2 if len(wishes) > 1 and rng.random() < 0.25 else 1
    kind = ClaimKind(fate.story.claim)
    return tuple(NewClaim(kind, fate.telling.say((wish,), rng)) for wish in wishes[:wanted])


def _parties(fate: Fate) -> tuple[NewParty, ...]:
    rng, story = fate.rng("parties"), fate.story
    if "anonymous" in fate.turns:
        parties = [NewParty(kind=PartyKind.ANONYMOUS)]
    else:
        parties = [_petitioner(fate, rng)]
        if fate.people >= 5:
            more = min(4, fate.people - 1, rng.randint(1, 4))
            parties += [
                NewParty(name=inventing.name(rng), phones=(inventing.phone(rng),), is_representative=True)
                for _ in range(more)
            ]
        if rng.random() < 0.06:
            parties.append(
                NewParty(name=inventing.name(rng), agent_for=0, agent_power="授权委托书（当面出示）")
            )
    if story.against == "person":
        phones = (inventing.phone(rng),) if rng.random() < 0.6 else ()
        parties.append(NewParty(role=PartyRole.RESPONDENT, name=fate.names[1], phones=phones))
    elif story.against == "organisation":
        parties.append(
            NewParty(
                role=PartyRole.RESPONDENT,
                kind=PartyKind.ORGANISATION,
                name=fate.names[1],
                identity_kind=IdentityKind.CREDIT_CODE,
                identity=inventing.credit_code(rng),
                legal_representative=inventing.name(rng),
            )
        )
    return tuple(parties)


def _petitioner(fate: Fate, rng: Random) -> NewParty:
    own = person_rng(fate.seed, fate.person)
    name = inventing.name(own)
    kind, number = IdentityKind.RESIDENT_ID, inventing.resident_id(own)
    chance = own.random()
    if chance < 0.08:
        said, number = inventing.travel_document(own)
        kind = IdentityKind(said)
    elif chance < 0.2:
        kind, number = IdentityKind.NONE, ""
    return NewParty(
        name=name,
        identity_kind=kind,
        identity=number,
        phones=(inventing.phone(own),),
        addresses=(f"恩平市{fate.town}某村{own.randint(1, 200)}号",) if rng.random() < 0.5 else (),
        wish=fate.telling.say(fate.story.wishes, rng),
        is_representative=fate.people >= 5,
    )


def _procedures(rng: Random, story: Story) -> tuple[NewProcedure, ...]:
    if rng.random() > 0.07:
        return ()
    if story.track == "legal":
        number = f"（{clock.today().year}）粤0785民初{rng.randint(100, 3000)}号"
        return (NewProcedure(ProcedureKind.LITIGATION, ProcedureStage.ENDED, number, "恩平市人民法院"),)
    return (NewProcedure(ProcedureKind.PETITION, ProcedureStage.ENDED, f"信{rng.randint(1000, 9999)}", ""),)


def _numbers(rng: Random, channel: Channel) -> tuple[NewOutsideNumber, ...]:
    systems = {
        Channel.HOTLINE: OutsideSystem.HOTLINE,
        Channel.PETITION: OutsideSystem.PETITION,
        Channel.COMMUNITY_POLICE: OutsideSystem.POLICE,
        Channel.COURT: OutsideSystem.COURT,
        Channel.SUPERIOR: OutsideSystem.PROVINCE,
    }
    if channel not in systems:
        return ()
    return (NewOutsideNumber(systems[channel], f"{clock.today():%Y%m%d}{rng.randint(10000, 99999)}"),)


def window(cast: Cast, fate: Fate) -> Centre:
    """Through which centre it comes: the village's or town's where it has somebody, else the county's."""
    rng = fate.rng("window")
    own = [c for c in cast.windows_of(fate.division) if c.division_id == fate.division]
    if own and rng.random() < 0.85:
        return own[0]
    lower = cast.windows_of(fate.division)
    if lower and rng.random() < 0.55:
        return rng.choice(lower)
    return cast.county_centre


def office_hours(day: date, rng: Random) -> datetime:
    """A moment of a working day: the morning from half past eight, or the afternoon from two."""
    if rng.random() < 0.6:
        return at(day, 8 * 60 + 30) + timedelta(seconds=rng.randint(0, 200 * 60))
    return at(day, 14 * 60) + timedelta(seconds=rng.randint(0, 195 * 60))


def evening_hours(day: date, rng: Random) -> datetime:
    """A moment between seven and ten."""
    return at(day, 19 * 60) + timedelta(seconds=rng.randint(0, 180 * 60))


def at(day: date, minutes: int) -> datetime:
    """The moment so many minutes after midnight, in Shanghai."""
    return datetime.combine(day, time(), clock.SHANGHAI) + timedelta(minutes=minutes)
