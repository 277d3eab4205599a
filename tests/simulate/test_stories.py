"""What the county is made of before anybody acts: stories, invented people, the days' arrivals, fates."""

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.config import demo_county
from fengqiao.dispatch.enums import AssignmentAction
from fengqiao.kernel import clock, identity
from fengqiao.matters.enums import Action, Channel, ClaimKind, Danger, IdentityKind, Risk, State, Track
from fengqiao.matters.guards import POST_OF_TRACK
from fengqiao.places.enums import DepartmentKind
from fengqiao.places.models import Centre, Division
from fengqiao.rules.queries.categories import all_categories, is_leaf
from fengqiao.simulate import bringing, county, inventing, playing
from fengqiao.simulate.cast import Cast
from fengqiao.simulate.days import arrivals, day_of
from fengqiao.simulate.fates import ODDS, REGULARS, fate_of
from fengqiao.simulate.stories import all_stories

A_MONDAY = date(2026, 11, 16)


@pytest.fixture
def cast() -> Cast:
    """Two villages and a county centre, nobody stationed: enough for a fate."""
    villages = [Division(code=f"44078510{n}201", name=f"第{n}村民委员会") for n in (1, 2)]
    county = Centre(division_id="440785000000", name="恩平市综治中心")
    return Cast(
        county="440785",
        villages=[(village, "沙湖镇") for village in villages],
        centres={county.id: county},
        grids={village.code: [f"{village.code}001"] for village in villages},
    )


def test_there_are_at_least_a_hundred_and_fifty_quarrels_over_all_sixteen_categories():
    stories = all_stories()
    told = {story.category[:2] for story in stories}
    first_level = {code for code in all_categories() if len(code) == 2}
    assert len({story.id for story in stories}) == len(stories) >= 150
    assert first_level - told <= {"99"}


def test_a_story_speaks_the_words_of_the_product():
    wrong = []
    kinds = {*DepartmentKind.values, ""}
    for story in all_stories():
        known = (
            is_leaf(story.category),
            story.track in Track.values,
            story.claim in ClaimKind.values,
            story.danger in Danger.values,
            story.risk in Risk.values,
            set(story.channels) <= set(Channel.values),
            {*story.departments, story.wrong_department} <= kinds,
        )
        if not all(known):
            wrong.append((story.id, known))
    assert wrong == []


def test_every_word_of_every_story_can_be_said(cast):
    """A slot that nobody fills would stop the play weeks after it began."""
    numbers = iter(range(2611160001, 2611169999))
    waiting = {story.id for story in all_stories()}
    while waiting:
        fate = fate_of(1, next(numbers), cast)
        story = fate.story
        if story.id not in waiting:
            continue
        waiting.discard(story.id)
        for words in (
            *(story.titles, story.accounts, story.wishes, story.risk_grounds, story.mediation),
            *(story.mediation_failed, story.progress, story.dispositions, story.visit, story.wrong_reasons),
        ):
            for sentence in words:
                said = fate.telling.say((sentence,), Random(1))
                assert not re.search(r"[{}]", said), (story.id, said)


def test_a_day_brings_the_same_numbers_whatever_was_played_before():
    week = [A_MONDAY + timedelta(days=n) for n in range(7)]
    first = {day: arrivals(1, day, 35) for day in week}
    assert {day: arrivals(1, day, 35) for day in reversed(week)} == first
    assert {number for day in week for number in first[day] if day_of(number) != day} == set()
    working = [len(first[day]) for day in week[:5]]
    weekend = [len(first[day]) for day in week[5:]]
    assert max(weekend) < min(working)
    # What was asked for is a week's average.
    year = [A_MONDAY + timedelta(days=n) for n in range(364)]
    assert round(sum(len(arrivals(1, day, 35)) for day in year) / 364) == 35
    assert [len(arrivals(2, day, 35)) for day in week] != [len(first[day]) for day in week]


def test_thirty_days_bring_a_thousand_matters_wherever_the_weekends_lie():
    for shift in range(7):
        first = A_MONDAY + timedelta(days=shift)
        days = [first + timedelta(days=n) for n in range(31)]
        assert sum(len(arrivals(1, day, 35)) for day in days) >= 1000


def test_a_number_decides_its_fate(cast):
    one, again, other = (fate_of(seed, 2611160007, cast) for seed in (1, 1, 2))
    same = ("story", "turns", "path", "names", "division", "amount", "people", "channel", "came_at")
    assert [getattr(one, name) for name in same] == [getattr(again, name) for name in same]
    assert [getattr(one, name) for name in same] != [getattr(other, name) for name in same]
    assert one.rng("visit").random() == again.rng("visit").random() != other.rng("visit").random()


def test_ninety_days_bring_three_thousand_matters_wherever_the_weekends_lie():
    for shift in range(7):
        days = [A_MONDAY + timedelta(days=shift + n) for n in range(demo_county.DAYS)]
        assert sum(len(arrivals(demo_county.SEED, day, demo_county.PER_DAY)) for day in days) >= 3000


def test_who_comes_with_the_same_trouble_tells_the_same_story_of_the_same_place(cast):
    fates = [fate_of(1, 2611160000 + n, cast) for n in range(1, 3000)]
    echoes = [fate for fate in fates if fate.echo_of is not None]
    wrong = []
    for echo in echoes:
        first = fate_of(1, echo.echo_of, cast)
        told = (first.story.id, first.division, first.names[1])
        if told != (echo.story.id, echo.division, echo.names[1]) or first.echo_of is not None:
            wrong.append((echo.number, first.number))
    assert len(echoes) > 20
    assert wrong == []


def test_who_is_mediated_has_words_for_it(cast):
    fates = [fate_of(1, 2611160000 + n, cast) for n in range(3000)]
    mediated = {fate.story.id: fate.story for fate in fates if fate.path == "mediated"}
    assert len(mediated) > 50
    assert [
        name for name, story in mediated.items() if not (story.mediation and story.mediation_failed)
    ] == []


def test_every_turn_and_every_path_comes_up(cast):
    fates = [fate_of(1, 2611160000 + n, cast) for n in range(3000)]
    turns = Counter(turn for fate in fates for turn in fate.turns)
    assert set(turns) == set(ODDS)
    paths = Counter(fate.path for fate in fates)
    assert set(paths) == {"withdrawn", "on_spot", "guided", "redirected", "mediated", "handled"}
    # A confidential report stays with those who may read it; nobody agrees to mediation without a name.
    kept = [f for f in fates if "confidential" in f.turns]
    assert {f.path for f in kept} == {"handled"}
    assert not {turn for f in kept for turn in f.turns} & {"raised", "handed_down", "whistle", "anonymous"}
    assert [f for f in fates if "anonymous" in f.turns and f.path == "mediated"] == []


def test_a_shielded_person_is_not_named_in_the_words(cast):
    fates = [fate_of(1, 2611160000 + n, cast) for n in range(3000)]
    shielded = [fate for fate in fates if fate.shielded]
    centre = cast.county_centre
    named = []
    for fate in shielded:
        with clock.at(fate.came_at):
            new = bringing.new_matter(fate, cast, centre)
        if fate.names[0] in new.title + new.account + "".join(claim.text for claim in new.claims):
            named.append(fate.number)
    assert shielded
    assert named == []


def test_who_comes_again_is_the_same_person(cast):
    fates = [fate_of(1, 2611160000 + n, cast) for n in range(3000)]
    again = [f for f in fates if f.person < REGULARS and not f.shielded]
    people: dict[int, set[tuple[str, str]]] = {}
    for fate in again:
        with clock.at(fate.came_at):
            party = bringing.new_matter(fate, cast, cast.county_centre).parties[0]
        people.setdefault(fate.person, set()).add((party.name, party.identity))
    assert len(again) > len(people)
    assert {len(told) for told in people.values()} == {1}


def test_invented_numbers_hold_and_belong_to_nobody():
    rng = Random(3)
    for _ in range(200):
        number = inventing.resident_id(rng)
        # Sequences from 900 on are not given out.
        assert identity.is_resident_id(number)
        assert number[14] == "9"
        assert identity.is_credit_code(inventing.credit_code(rng))
        kind, document = inventing.travel_document(rng)
        assert kind in IdentityKind.values
        assert document
        # No operator has a number that begins so.
        assert inventing.phone(rng).startswith("100")


def test_the_play_knows_every_state_and_every_track():
    assert set(playing.PACE) == set(State) - {State.ARCHIVED}
    assert set(playing.TURNS) == set(State) - {State.ARCHIVED}
    assert set(POST_OF_TRACK.values()) <= set(Role)


def test_every_action_of_both_tables_is_played():
    source = "".join(path.read_text(encoding="utf-8") for path in Path(county.__file__).parent.glob("*.py"))
    played = set(re.findall(r"\bAction\.([A-Z_]+)", source))
    # Rows of an old ledger are taken over by an import, not by anybody in the play.
    assert {action.name for action in Action} - played == {"TAKE_OVER"}
    said = set(re.findall(r'"([a-z_]+)"', source))
    assert set(AssignmentAction.values) - said == set()
