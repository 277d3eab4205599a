"""The demo's county reports upward, lays a hard matter before its committee, sets limits, and writes to prevent."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.leading.models import Recommendation, RecommendationSource
from fengqiao.matters.models import Matter
from fengqiao.reporting.models import Receipt
from fengqiao.rules.enums import OwnTable, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.simulate import preventing
from fengqiao.simulate.advising import lay_before_experts
from fengqiao.simulate.own_limits import SET, set_own_limits
from fengqiao.simulate.upward import report_if_due
from fengqiao.study.models import Member, Study
from tests.dispatch.hands import dispatched
from tests.matters.ground import EVERYWHERE, county, laid
from tests.reporting.hands import assessed
from tests.small_county import SmallCounty

__all__ = ["county", "laid"]
pytestmark = pytest.mark.django_db


def play(county: SmallCounty) -> Any:
    """A play of which the number is the first hard one, and every report is read."""
    return SimpleNamespace(
        rng=SimpleNamespace(randrange=lambda most: most - 1),
        fate=SimpleNamespace(number=0, rng=Random),
        cast=SimpleNamespace(someone=lambda *who: county.actor(Role.DIRECTOR)),
    )


def test_what_is_due_is_reported_and_read(county: SmallCounty):
    matter = assessed(county)
    with scope(county.actor(Role.DISPATCHER)) as actor:
        now = report_if_due(play(county), actor, Matter.objects.get(pk=matter.pk), "人已在楼顶。")
    assert now.version > matter.version
    with scope(EVERYWHERE):
        assert not Receipt.objects.filter(matter_id=matter.pk, read_at=None).exists()
        assert Receipt.objects.filter(matter_id=matter.pk).exists()


def test_a_hard_matter_is_studied_and_concluded(county: SmallCounty):
    matter = dispatched(county)
    with scope(county.actor(Role.DISPATCHER)) as actor:
        lay_before_experts(play(county), actor, Matter.objects.get(pk=matter.pk))
    with scope(EVERYWHERE):
        study = Study.objects.get(matter_id=matter.pk)
        assert (study.state, study.division) == ("concluded", {"agree": 1, "amend": 1})
        assert Member.objects.filter(county="440785").count() == 4


def people_of(county: SmallCounty) -> Any:
    return SimpleNamespace(
        county_centre=county.centres["county"],
        director=lambda centre: county.actor(Role.DIRECTOR),
        someone=lambda *who: county.actor(Role.DISPATCHER),
    )


def test_the_county_sets_limits_of_its_own_once(county: SmallCounty):
    for _ in range(2):
        set_own_limits(people_of(county))
    with scope(EVERYWHERE):
        (version,) = TableVersion.objects.filter(kind=OwnTable.LIMITS)
    said = {row["id"]: (row["then"]["n"], row["then"]["unit"]) for row in version.rows}
    assert (version.state, version.effective_from) == (
        VersionState.PUBLISHED,
        clock.today() + timedelta(days=1),
    )
    assert SET.items() <= said.items()
    assert "hotline.consult" not in said


def test_what_comes_again_and_again_is_written_to_its_unit_which_answers(county: SmallCounty):
    for _ in range(preventing.ENOUGH):
        dispatched(county)
    for _ in range(2):
        preventing.recommend(people_of(county))
    preventing.take_reply(people_of(county))
    with scope(EVERYWHERE):
        (letter,) = Recommendation.objects.all()
        assert RecommendationSource.objects.filter(recommendation=letter).count() == preventing.ENOUGH
    assert letter.replied_on is None
    with clock.at(clock.now() + timedelta(days=2)):
        preventing.take_reply(people_of(county))
        with scope(EVERYWHERE):
            assert Recommendation.objects.get().replied_on == clock.today()
