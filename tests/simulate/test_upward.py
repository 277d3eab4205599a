"""The demo's county reports dangers upward, and lays a hard matter before its committee."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.matters.models import Matter
from fengqiao.reporting.models import Receipt
from fengqiao.simulate.advising import lay_before_experts
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
