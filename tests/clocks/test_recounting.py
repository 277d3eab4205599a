"""A county's calendar changes: its limits on these days are counted anew by jobs, and nobody else's move."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import keeping, recounting
from fengqiao.clocks.models import Clock
from fengqiao.clocks.tasks import count_again
from fengqiao.flows import calendar as flow
from fengqiao.kernel import clock
from fengqiao.matters.domain import settling
from fengqiao.matters.domain.sight import restrict_later
from fengqiao.matters.enums import Channel
from fengqiao.matters.models import Matter
from tests.clocks.test_calendar import closure
from tests.clocks.test_verbs import last_day, on
from tests.matters.ground import EVERYWHERE, act, fresh
from tests.small_county import SmallCounty, registered

pytestmark = pytest.mark.django_db
# Fifteen days from the second of November, a Monday, end on Tuesday, 17 November.
START = datetime(2026, 11, 2, 4, tzinfo=UTC)
TYPHOON = {"first": "2026-11-17", "last": "2026-11-18", "issued_on": datetime(2026, 11, 3, tzinfo=UTC).date()}


def petition(county: SmallCounty, place: str = "county") -> Matter:
    with clock.at(START):
        return registered(county, place, channel=Channel.PETITION)


def waiting() -> list[dict[str, Any]]:
    """What the jobs in the queue are told, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text FROM procrastinate_jobs WHERE task_name = 'clocks.count_again' ORDER BY id"
        )
        return [json.loads(args) for (args,) in cursor.fetchall()]


def work() -> int:
    """Works on what is in the queue and on what that puts there; how many jobs it was."""
    done = 0
    while len(jobs := waiting()) > done:
        count_again(**jobs[done])
        done += 1
    return done


def enters(county: SmallCounty, seen: int = 0, **changes: Any) -> Any:
    keeper = county.actor(Role.SYSTEM_ADMINISTRATOR)
    with clock.at(datetime(2026, 11, 20, 4, tzinfo=UTC)):
        return flow.enter_closure(actor=keeper, said=closure(**TYPHOON | changes), seen=seen)


def check_kept(matter: Matter) -> None:
    with scope(EVERYWHERE):
        assert keeping.recompute([matter.pk]) == 0


def test_a_closure_on_the_last_day_moves_the_end_and_its_withdrawal_gives_it_back(county: SmallCounty):
    matter = petition(county)
    assert last_day(on(county, matter, "petition.transfer")) == "2026-11-17"
    entry = enters(county)
    assert waiting() == [{"county": "440785", "first": "2026-11-17", "last": "2026-11-18"}]
    # The entry does not wait for thousands of limits.
    assert last_day(on(county, matter, "petition.transfer")) == "2026-11-17"
    assert work() == 1
    assert last_day(on(county, matter, "petition.transfer")) == "2026-11-19"
    row = fresh(county, matter)
    assert row.due_at == on(county, matter, "petition.transfer").due_at
    check_kept(matter)
    with clock.at(datetime(2026, 11, 20, 5, tzinfo=UTC)):
        keeper = county.actor(Role.SYSTEM_ADMINISTRATOR)
        flow.withdraw(actor=keeper, entry_id=entry.pk, reason="文件撤销", seen=1)
    assert work() == 2
    assert last_day(on(county, matter, "petition.transfer")) == "2026-11-17"
    check_kept(matter)


def test_limits_elsewhere_and_on_other_days_stay_as_they_are(county: SmallCounty):
    other = petition(county, "other")
    with clock.at(datetime(2026, 9, 3, 4, tzinfo=UTC)):
        earlier = registered(county, channel=Channel.PETITION)
    before = [on(county, each, "petition.transfer").due_at for each in (other, earlier)]
    enters(county)
    work()
    assert [on(county, each, "petition.transfer").due_at for each in (other, earlier)] == before
    for each in (other, earlier):
        check_kept(each)


def test_a_limit_that_has_stopped_is_counted_too_for_whether_it_was_late_is_asked(county: SmallCounty):
    matter = petition(county)
    with clock.at(datetime(2026, 11, 18, 4, tzinfo=UTC)):
        act(county, Role.REGISTRAR, settling.withdraw, matter, reason="本人书面撤回")
    enters(county)
    work()
    found = on(county, matter, "petition.transfer")
    assert (found.state, last_day(found)) == ("stopped", "2026-11-19")
    check_kept(matter)


def test_many_are_counted_in_chunks_each_ordering_the_next(county: SmallCounty, monkeypatch):
    matters = [petition(county) for _each in range(5)]
    monkeypatch.setattr(recounting, "CHUNK", 2)
    enters(county)
    assert work() == 3
    assert {last_day(on(county, each, "petition.transfer")) for each in matters} == {"2026-11-19"}
    # Counted again by a job that ran twice: nothing is written any more.
    first = waiting()[0]
    count_again(**first)
    for each in matters:
        check_kept(each)


def test_restricted_matters_are_counted_as_one_of_their_readers(county: SmallCounty):
    matter = petition(county)
    act(county, Role.DISPATCHER, restrict_later, matter, reason="涉及未成年人")
    reader = county.actor(Role.DISPATCHER)
    enters(county)
    assert work() == 2
    assert set(waiting()[1]) == {"county", "first", "last", "person"}
    with scope(reader):
        found = Clock.objects.get(matter_id=matter.pk, limit="petition.transfer")
    assert last_day(found) == "2026-11-19"


def test_a_refused_entry_orders_nothing(county: SmallCounty):
    with pytest.raises(Exception, match="印发日期"):
        enters(county, issued_on=datetime(2027, 1, 3, tzinfo=UTC).date())
    assert waiting() == []
