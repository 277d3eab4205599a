"""Clocks by a county's own limits: its version of the day on which the limit begins, and no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import stating
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Clock
from fengqiao.clocks.queries.telling import told_of
from fengqiao.clocks.queries.written import kinds_by_hand
from fengqiao.dispatch.domain import dispatching
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.rules.enums import OwnTable
from tests.clocks.test_verbs import NOON, at, check_kept, does, on
from tests.dispatch.hands import HOUSING, check_in, dispatched, disposed, part_of, sign_off
from tests.matters.ground import EVERYWHERE, act, fresh
from tests.rules.drafts import published
from tests.rules.test_own_limits import only
from tests.small_county import SmallCounty, registered

pytestmark = pytest.mark.django_db
LIMITS, HOUR = OwnTable.LIMITS, timedelta(hours=1)


def own(matter: Matter) -> dict[str, tuple[int, str]]:
    """The county's own limits that were started, with their versions and states."""
    with scope(EVERYWHERE):
        rows = Clock.objects.filter(matter_id=matter.pk, limit__startswith="centre.")
        return {each.limit: (each.limit_version, each.state) for each in rows}


def test_a_version_takes_effect_on_its_day_and_what_began_before_keeps_its_limit(county: SmallCounty):
    with clock.at(NOON):
        published(county, LIMITS, only(check_in=(24, "hour")), since=clock.today() + timedelta(days=1))
        before = dispatched(county)
    with clock.at(at(1)):
        first = dispatched(county)
        published(county, LIMITS, only(check_in=(12, "hour")), since=clock.today() + timedelta(days=1))
    with clock.at(at(2)):
        second = dispatched(county)
        assert own(before) == {}
        assert own(first) == {"centre.check_in": (1, "running")}
        assert own(second) == {"centre.check_in": (2, "running")}
        # From the next full hour; yellow when a third is left.
        found, later = on(county, first, "centre.check_in"), on(county, second, "centre.check_in")
        assert (found.due_at, found.yellow_at) == (at(1) + 25 * HOUR, at(1) + 17 * HOUR)
        assert later.due_at == at(2) + 13 * HOUR
        for matter in (before, first, second):
            check_kept(matter)
        known = fresh(county, first)
        with scope(EVERYWHERE):
            told = told_of(known, found.pk)
        assert told.basis == "本县自设时限第 1 版（2026-09-04 起施行）；本程序的建议"
        assert told.shown.limit.legal_basis == "本县自设时限第 1 版"
        assert told.sentences[-1].startswith("还剩全部时限的 1/3（8 小时）时转黄。")
        check_in(county, (Role.HANDLER, "labour"), part_of(first))
        assert own(first) == {"centre.check_in": (1, "stopped")}


def test_sign_off_visit_and_how_hard_it_is(county: SmallCounty):
    lengths = {"sign_off": (48, "hour"), "visit": (5, "working_day"), "simple": (1, "calendar_day")}
    with clock.at(NOON):
        published(county, LIMITS, only(**lengths), since=clock.today() + timedelta(days=1))
        matter = registered(county)
        with scope(EVERYWHERE):
            assert FactKind.FOUND_SIMPLE not in kinds_by_hand(matter)
    with clock.at(at(1)):
        with scope(EVERYWHERE):
            assert FactKind.FOUND_SIMPLE in kinds_by_hand(matter)
        does(county, stating.record, matter, kind=FactKind.FOUND_SIMPLE, at=clock.now())
        assert own(matter) == {"centre.simple": (1, "running")}
        assert fresh(county, matter).due_at is not None
        matter, _lead, assist = disposed(county)
        # The director may go on from the moment at which the limit is over, and not from another.
        assert assist.sign_off_due == on(county, matter, "centre.sign_off").due_at == at(1) + 49 * HOUR
        sign_off(county, assist, HOUSING)
        act(county, Role.DISPATCHER, dispatching.settle, matter)
        assert own(matter) == {"centre.sign_off": (1, "stopped"), "centre.visit": (1, "running")}
        check_kept(matter)
