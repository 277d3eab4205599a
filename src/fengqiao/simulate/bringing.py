"""Citizens come: a story becomes a registration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

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
from fengqiao.places.models import Centre
from fengqiao.simulate import inventing
from fengqiao.simulate.cast import Cast
from fengqiao.simulate.stories import Story, Telling, all_stories

SOURCE = "simulated"
# How often a matter's life takes an unusual turn, in a thousand.
ODDS = {
    "stuck": 55,
    "returned_once": 90,
    "returned_twice": 40,
    "reopened": 45,
    "anonymous": 35,
    "confidential": 18,
    "raised": 30,
    "handed_down": 25,
    "withdrawn": 35,
    "criminal": 9,
    "danger_later": 12,
    "extension": 90,
    "override": 40,
    "unreachable": 45,
    "dissatisfied": 70,
    "declined": 30,
    "default": 60,
    "whistle": 120,
    "amended": 40,
}


@dataclass(frozen=True)
class Fate:
    """Everything about a simulated matter that its number decides: a killed run goes on the same."""

    number: int
    story: Story
    turns: frozenset[str]
    path: str
    telling: Telling
    names: tuple[str, str]
    division: str
    town: str
    amount: int
    people: int

    def rng(self, what: str) -> Random:
        """A source of chance of its own for each thing that happens to this matter."""
        return Random(f"{self.number}|{self.story.id}|{what}")  # noqa: S311  a play, not a secret


def fate_of(seed: int, number: int, cast: Cast) -> Fate:
    """The life of the n-th matter of a seed."""
    rng = Random(f"{seed}|{number}")  # noqa: S311  a play, not a secret
    stories = all_stories()
    story = stories[rng.randrange(len(stories))]
    village, town = cast.villages[rng.randrange(len(cast.villages))]
    people = rng.randint(*story.people)
    amount = rng.randint(*story.amount) if story.amount else 0
    if amount > 2000:
        amount -= amount % 10
    petitioner = inventing.name(rng)
    facts = {
        "petitioner": petitioner,
        "village": village.name.replace("居民委员会", "").replace("村民委员会", "").replace("委会", ""),
        "town": town,
        "amount": f"{amount:,}",
        "people": str(people),
        "month": f"{(clock.today() - timedelta(days=rng.randint(20, 90))).month}月",
        "days": str(rng.randint(3, 60)),
        "road": rng.choice(("工业", "新平", "鳌峰", "沿江", "锦江", "河南", "东安", "南堤", "北郊")) + "路",
        "relation": rng.choice(("堂兄", "邻居", "同村", "表亲", "旧同事", "同族")),
    }
    respondent = inventing.name(rng)
    if story.against_names:
        respondent = rng.choice(story.against_names).format_map(
            {name: rng.choice(words) for name, words in sorted(story.slots.items())} | facts
        )
    facts["respondent"] = respondent
    turns = frozenset(turn for turn, odds in ODDS.items() if rng.randrange(1000) < odds)
    return Fate(
        number=number,
        story=story,
        turns=turns,
        path=_path(story, turns, rng),
        telling=Telling(story, rng, facts),
        names=(petitioner, respondent),
        division=village.code,
        town=town,
        amount=amount,
        people=people,
    )


def _path(story: Story, turns: frozenset[str], rng: Random) -> str:
    if "withdrawn" in turns:
        return "withdrawn"
    if story.claim == "consult":
        return rng.choice(("on_spot", "guided"))
    if story.track == "legal" and rng.random() < 0.3:
        return "redirected"
    if rng.random() < 0.14:
        return "on_spot"
    if story.against in ("person", "organisation") and story.danger != "domestic_violence":
        return "mediated" if rng.random() < 0.55 else "handled"
    return "handled"


def new_matter(fate: Fate, cast: Cast, seed: int) -> NewMatter:
    """What the person at the window says, typed."""
    rng, story = fate.rng("registration"), fate.story
    anonymous = "anonymous" in fate.turns
    against = AgainstKind(story.against)
    public = (
        cast.department(story.departments[0])
        if against == AgainstKind.PUBLIC_BODY and story.departments
        else None
    )
    channel = Channel(rng.choice(story.channels))
    return NewMatter(
        title=fate.telling.say(story.titles)[:200],
        received_at=clock.now() - timedelta(minutes=rng.randint(2, 40)),
        channel=channel,
        account=fate.telling.say(story.accounts),
        category=story.category,
        claims=(NewClaim(ClaimKind(story.claim), fate.telling.say(story.wishes)),),
        parties=_parties(fate, anonymous),
        procedures=_procedures(rng, story),
        outside_numbers=_numbers(rng, channel),
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
        against_department=public.id if public and "confidential" in fate.turns else None,
        confidential="confidential" in fate.turns,
        source=SOURCE,
        source_number=f"{seed}-{fate.number}",
    )


def _parties(fate: Fate, anonymous: bool) -> tuple[NewParty, ...]:
    rng, story = fate.rng("parties"), fate.story
    if anonymous:
        parties = [NewParty(kind=PartyKind.ANONYMOUS)]
    else:
        kind, number = IdentityKind.RESIDENT_ID, inventing.resident_id(rng)
        if rng.random() < 0.08:
            said, number = inventing.travel_document(rng)
            kind = IdentityKind(said)
        elif rng.random() < 0.15:
            kind, number = IdentityKind.NONE, ""
        parties = [
            NewParty(
                name=fate.names[0],
                identity_kind=kind,
                identity=number,
                phones=(inventing.phone(rng),),
                addresses=(f"恩平市{fate.town}某村{rng.randint(1, 200)}号",) if rng.random() < 0.5 else (),
                wish=fate.telling.say(story.wishes),
                is_representative=fate.people >= 5,
            )
        ]
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


def _procedures(rng: Random, story: Story) -> tuple[NewProcedure, ...]:
    if rng.random() > 0.07:
        return ()
    if story.track == "legal":
        number = f"（2026）粤0785民初{rng.randint(100, 3000)}号"
        return (NewProcedure(ProcedureKind.LITIGATION, ProcedureStage.ENDED, number, "恩平市人民法院"),)
    return (NewProcedure(ProcedureKind.PETITION, ProcedureStage.ENDED, f"信{rng.randint(1000, 9999)}", ""),)


def _numbers(rng: Random, channel: Channel) -> tuple[NewOutsideNumber, ...]:
    systems = {
        Channel.HOTLINE: OutsideSystem.HOTLINE,
        Channel.PETITION: OutsideSystem.PETITION,
        Channel.COMMUNITY_POLICE: OutsideSystem.POLICE,
        Channel.COURT: OutsideSystem.COURT,
    }
    if channel not in systems:
        return ()
    return (NewOutsideNumber(systems[channel], f"{clock.today():%Y%m%d}{rng.randint(10000, 99999)}"),)


def window(cast: Cast, fate: Fate, rng: Random) -> Centre:
    """Through which centre it comes: the town's where it has somebody, else the county's."""
    lower = [c for c in cast.lower_centres() if c.division_id[:9] == fate.division[:9]]
    if lower and rng.random() < 0.55:
        return rng.choice(lower)
    return cast.county_centre


def office_hours(day: datetime, rng: Random) -> datetime:
    """A moment of a working day between half past eight and half past five (Shanghai)."""
    return day.replace(hour=8, minute=30, second=0, microsecond=0) + timedelta(minutes=rng.randint(0, 520))
