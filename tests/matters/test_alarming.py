"""Danger at any step by whoever is in front; quarrels that turned criminal are always reviewed."""

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.kernel import clock
from fengqiao.matters.domain import settling
from fengqiao.matters.domain.alarming import danger, danger_over, review_criminal, turned_criminal
from fengqiao.matters.enums import OPEN_STATES, Danger, State
from tests.matters.ground import act, fresh, refuses, told, words
from tests.small_county import AN_EVENING, SmallCounty, brought_to, registered

HANDLER = (Role.HANDLER, "labour")


@pytest.mark.parametrize("state", [s for s in OPEN_STATES if s != State.MEDIATING])
def test_danger_at_any_step(county: SmallCounty, state):
    matter = brought_to(county, state)
    with clock.at(AN_EVENING + timedelta(days=60)):
        act(county, Role.MEDIATOR, danger, matter, kind=Danger.SELF_HARM, summary="当事人站在天台边")
    now = fresh(county, matter)
    assert (now.state, now.danger) == (state, "self_harm")
    assert now.danger_since == AN_EVENING + timedelta(days=60)
    assert told(matter)[-1] == "matter.danger"
    assert words(matter) == {"summary": "当事人站在天台边"}


@pytest.mark.parametrize("role", sorted(CENTRE_ROLES))
def test_danger_by_whoever_is_in_front(county: SmallCounty, role):
    """Also at the town where it happens, while the county holds the matter."""
    matter = registered(county)
    act(county, (role, "town"), danger, matter, kind=Danger.VIOLENCE, summary="带人持械到工地")
    assert fresh(county, matter).danger == "violence"


def test_danger_by_the_department_that_has_it_in_hand(county: SmallCounty):
    matter = brought_to(county, State.HANDLING)
    act(county, HANDLER, danger, matter, kind=Danger.VIOLENCE, summary="扬言要打人")
    assert fresh(county, matter).danger == "violence"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": Danger.NONE, "summary": "没有危险"}, "kind"),
        ({"kind": Danger.VIOLENCE, "summary": " "}, "summary"),
    ],
)
def test_danger_is_said_in_words(county: SmallCounty, said, field):
    matter = registered(county)
    with refuses("invalid", field=field):
        act(county, Role.REGISTRAR, danger, matter, **said)


def test_who_says_that_the_danger_is_over(county: SmallCounty):
    matter = registered(county, danger=Danger.VIOLENCE)
    assert fresh(county, matter).danger_since is not None
    with refuses("post_may_not"):
        act(county, Role.REGISTRAR, danger_over, matter, summary="民警已经劝离")
    with refuses("invalid", field="summary"):
        act(county, Role.DUTY_COMMANDER, danger_over, matter, summary="好了")
    act(county, Role.DUTY_COMMANDER, danger_over, matter, summary="民警已经劝离")
    now = fresh(county, matter)
    assert (now.danger, now.danger_since) == ("none", None)


def test_turned_criminal_must_be_reviewed_before_it_closes(county: SmallCounty):
    matter = brought_to(county, State.EVALUATED)
    act(county, Role.LEGAL_OFFICER, turned_criminal, matter, summary="故意伤害，公安机关已立案。")
    assert fresh(county, matter).turned_criminal_at is not None
    with refuses("review_missing"):
        act(county, Role.DIRECTOR, settling.close, matter)
    with refuses("invalid", field="review"):
        act(county, Role.DIRECTOR, review_criminal, matter, review="已经复盘")
    with refuses("post_may_not"):
        act(county, Role.DISPATCHER, review_criminal, matter, review="此前两次接警没有上报，已经补课。")
    act(county, Role.DIRECTOR, review_criminal, matter, review="此前两次接警没有上报，已经补课。")
    act(county, Role.DIRECTOR, settling.close, matter)
    now = fresh(county, matter)
    assert (now.state, now.criminal_reviewed_at is None) == ("closed", False)


def test_what_turned_criminal_again_is_reviewed_again(county: SmallCounty):
    matter = brought_to(county, State.EVALUATED)
    for _ in range(2):
        act(county, Role.DIRECTOR, turned_criminal, matter, summary="故意伤害，已经立案。")
        with refuses("review_missing"):
            act(county, Role.DIRECTOR, settling.close, matter)
        act(county, Role.DIRECTOR, review_criminal, matter, review="此前两次接警没有上报，已经补课。")


def test_also_after_it_was_closed(county: SmallCounty):
    matter = brought_to(county, State.CLOSED)
    act(county, Role.DISPATCHER, turned_criminal, matter, summary="结案后伤人，已经立案。")
    now = fresh(county, matter)
    assert (now.state, now.turned_criminal_at is None) == ("closed", False)


def test_what_never_turned_criminal_has_no_review(county: SmallCounty):
    matter = registered(county)
    with refuses("not_criminal"):
        act(county, Role.DIRECTOR, review_criminal, matter, review="没有什么可以复盘的内容。")
