"""What a matter's number decides about it: story, people, place, and the turns that its life takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from random import Random

from fengqiao.matters.enums import Channel
from fengqiao.places.models import Division
from fengqiao.simulate import inventing
from fengqiao.simulate.cast import Cast
from fengqiao.simulate.days import day_of, evening_hours, office_hours
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
    "danger_later": 5,
    # Harm is to be expected on a day that is near, or others are near: said at the window.
    "near": 3,
    "extension": 110,
    "override": 60,
    "unreachable": 45,
    "dissatisfied": 70,
    "declined": 30,
    "default": 60,
    "whistle": 110,
    "amended": 40,
    # Somebody comes with the trouble that was brought before, and both are answered.
    "echo": 30,
    "linked": 40,
    "recused": 15,
    "attached": 60,
    "informed": 30,
    "other_mediator": 120,
    "second_thoughts": 80,
    "objects": 90,
    "at_once": 500,
}
# Who reports a public body, an official or a wrong asks more often that nobody learns of it.
CONFIDENTIAL_REPORTS = 120
# Some come with more than one trouble: so many in a thousand are people who came before or will come again.
COME_AGAIN = 50
REGULARS = 60
# A village with a centre of its own sends more than one without; so many in a thousand.
FROM_CENTRE_VILLAGES = 70
THREATS = ("violence", "self_harm")
# Of the stories that begin with a threat, and of those that could bring many together, most are told without.
DANGEROUS = 40
MANY = 30
MOST_BUT_MANY = 49
NIGHT_CHANNELS = ("bell", "hotline_12345", "community_police")


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
    # The number of the matter about the same trouble that came before.
    echo_of: int | None = None

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
    story = _calm(stories, rng)
    village, town = _village(cast, rng)
    turns = _turns(story, rng)
    first = _told_before(seed, number, cast) if "echo" in turns else None
    if first is not None:
        story, turns = first.story, turns - {"danger_later", "criminal"}
        village, town = next(pair for pair in cast.villages if pair[0].code == first.division)
    people = rng.randint(*story.people)
    if people > MOST_BUT_MANY and rng.randrange(1000) >= MANY:
        people = max(story.people[0], min(people, MOST_BUT_MANY))
    amount = rng.randint(*story.amount) if story.amount else 0
    if amount > 2000:
        amount -= amount % 10
    person = rng.randrange(REGULARS) if rng.randrange(1000) < COME_AGAIN else number
    names = inventing.name(person_rng(seed, person)), inventing.name(rng)
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
    if first is not None:
        respondent = first.names[1]
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
        echo_of=first.number if first else None,
    )


def _calm(stories: Sequence[Story], rng: Random) -> Story:
    """A story by chance; one that threatens at once, or cannot but bring fifty together, comes seldom."""
    while True:
        story = stories[rng.randrange(len(stories))]
        if story.danger not in THREATS or rng.randrange(1000) < DANGEROUS:
            return story


def _told_before(seed: int, number: int, cast: Cast) -> Fate | None:
    """The matter of the same day whose trouble is told again; not one that is kept from most."""
    if number % 10_000 < 2:
        return None
    before = fate_of(seed, number - 1, cast)
    fit = before.echo_of is None and not before.shielded and before.story.danger == "none"
    return before if fit else None


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
        turns -= {"anonymous", "raised", "handed_down", "withdrawn", "whistle", "echo", "informed"}
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
    # What is a wrong and no quarrel has no words of an agreement.
    if agreeable and story.mediation and story.mediation_failed and story.danger != "domestic_violence":
        return "mediated" if rng.random() < 0.55 else "handled"
    return "handled"
