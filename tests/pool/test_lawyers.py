"""Lawyers in residence: by roster and by appointment, no half hour twice, and who follows a matter to its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope, visiting
from fengqiao.kernel import clock
from fengqiao.kernel.clock import SHANGHAI
from fengqiao.matters.domain import settling
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.mediators.domain import register
from fengqiao.mediators.queries.fitting import fitting
from fengqiao.pool.domain import appointments, roster, talents
from fengqiao.pool.enums import AppointmentState, ChangeKind
from fengqiao.pool.models import Appointment, Talent
from fengqiao.pool.queries.lawyers import part_of
from fengqiao.pool.queries.roster import duty, free_slots, on_duty_now
from tests.agreements.hands import mediating, parties_of
from tests.api.test_agreements import seen
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.matters.ground import act, refuses, told
from tests.pool.hands import SINCE, new_talent
from tests.small_county import SmallCounty, brought_to, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db
# A Monday, ten past nine.
NOW = datetime(2026, 12, 7, 9, 10, tzinfo=SHANGHAI)
MONDAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


def lawyer(county: SmallCounty, **changes: Any) -> Talent:
    return act(county, Role.DIRECTOR, talents.list_talent, new=new_talent(**changes))


def sits(county: SmallCounty, who: Talent, **changes: Any) -> Any:
    given = {"weekday": 1, "begins": time(9), "ends": time(11), "valid_from": SINCE, "named": True}
    return act(county, Role.DIRECTOR, roster.enter_turn, lawyer_id=who.pk, **(given | changes))


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return datetime.combine(MONDAY + days * DAY, time(hour, minute), SHANGHAI)


def hours(county: SmallCounty) -> list[datetime]:
    with scope(county.actor(Role.REGISTRAR)) as registrar:
        return [each.starts_at for each in free_slots(registrar.centre_id)]


def test_a_roster_of_the_week_and_the_days_that_differ(county: SmallCounty):
    who = lawyer(county)
    doctor = lawyer(county, name="老中医", profession="doctor")
    given = {"weekday": 1, "begins": time(9), "ends": time(11), "valid_from": SINCE, "lawyer_id": who.pk}
    with refuses("post_may_not_keep_pool"):
        act(county, Role.MEDIATOR, roster.enter_turn, **given)
    for field, wrong in (
        ("lawyer_id", {"lawyer_id": doctor.pk}),
        ("weekday", {"weekday": 8}),
        ("begins", {"begins": time(9, 10)}),
        ("ends", {"ends": time(9)}),
    ):
        with refuses("invalid", field=field):
            act(county, Role.DIRECTOR, roster.enter_turn, **given | wrong)
    turn = sits(county, who)
    with refuses("overlaps", field="begins"):
        sits(county, who, begins=time(10, 30), ends=time(12))
    second = lawyer(county, name="不公开的律师")
    sits(county, second, weekday=2, named=False)
    day = {"lawyer_id": who.pk, "day": MONDAY + 7 * DAY}
    act(county, Role.DIRECTOR, roster.change_day, **day, kind=ChangeKind.OFF, why="开庭")
    with refuses("off_already", field="day"):
        act(county, Role.DIRECTOR, roster.change_day, **day, kind=ChangeKind.OFF)
    with refuses("invalid", field="day"):
        act(county, Role.DIRECTOR, roster.change_day, **day | {"day": MONDAY - DAY}, kind=ChangeKind.OFF)
    with refuses("invalid", field="begins"):
        act(county, Role.DIRECTOR, roster.change_day, **day, kind=ChangeKind.EXTRA)
    extra = {"day": MONDAY + 2 * DAY, "begins": time(15), "ends": time(16)}
    act(county, Role.DIRECTOR, roster.change_day, **day | extra, kind=ChangeKind.EXTRA)
    with visiting():
        week = duty(MONDAY, until=MONDAY + 7 * DAY)
        told_of = {
            each_day.isoweekday(): [each.shown_as for each in on] for each_day, on in week.items() if on
        }
        assert (told_of, week[MONDAY + 7 * DAY]) == ({1: ["区律师"], 2: [""], 3: [""]}, [])
        assert not Talent.objects.exists()
    with scope(county.actor(Role.REGISTRAR)) as registrar:
        assert [each.lawyer_id for each in on_duty_now(registrar.centre_id)] == [who.pk]
    there = text_of(at_the_desk(county, Role.REGISTRAR).get("/register/present"))
    name = county.person(Role.MEDIATOR).name
    assert f"区律师 在，到 11:00 调解员 {name} 窗口岗位" in there and "不公开的律师" not in there
    public = text_of(Client().get("/lawyers/"))
    assert "现在有律师值班 区律师 到 11:00" in public
    assert "不公开的律师" not in public and "138" not in public
    for who_ends, code in (
        ((Role.DIRECTOR, "town"), "post_may_not_keep_pool"),
        ((Role.DIRECTOR, "other"), "turn_not_found"),
    ):
        with refuses(code):
            act(county, who_ends, roster.end_turn, turn_id=turn.pk, last=MONDAY)
    with refuses("invalid", field="last"):
        act(county, Role.DIRECTOR, roster.end_turn, turn_id=turn.pk, last=SINCE - DAY)
    act(county, Role.DIRECTOR, roster.end_turn, turn_id=turn.pk, last=MONDAY - DAY)
    with refuses("turn_ended"):
        act(county, Role.DIRECTOR, roster.end_turn, turn_id=turn.pk, last=MONDAY)
    assert "现在没有律师值班。" in text_of(at_the_desk(county, Role.REGISTRAR).get("/pool/lawyers/"))


def test_a_party_has_half_an_hour_and_nobody_else_has_it(county: SmallCounty):
    who = lawyer(county)
    sits(county, who)
    # What has begun is given to nobody.
    assert hours(county)[:4] == [at(9, 30), at(10), at(10, 30), at(9, days=7)]
    matter, another = registered(county), registered(county)
    petitioner, respondent = parties_of(matter)
    given = {"party_id": petitioner.pk, "lawyer_id": who.pk, "starts_at": at(9, 30)}
    with refuses("post_may_not_book"):
        act(county, Role.DISPATCHER, appointments.book, matter, **given)
    with refuses("invalid", field="party_id"):
        act(county, Role.REGISTRAR, appointments.book, another, **given)
    for hour in (at(9), at(9, 45), at(11), at(9, days=1)):
        with refuses("no_such_hour", field="starts_at"):
            act(county, Role.REGISTRAR, appointments.book, matter, **given | {"starts_at": hour})
    booked = act(county, Role.REGISTRAR, appointments.book, matter, **given)
    assert at(9, 30) not in hours(county)
    theirs = {"party_id": parties_of(another)[0].pk}
    with refuses("hour_taken", field="starts_at"):
        act(county, Role.REGISTRAR, appointments.book, another, **given | theirs)
    with refuses("conflict", field="lawyer_id"):
        side = {"party_id": respondent.pk, "starts_at": at(10)}
        act(county, Role.REGISTRAR, appointments.book, matter, **given | side)
    this = {"appointment_id": booked.pk}
    for verb, more in ((appointments.keep, {"advised": "先仲裁"}), (appointments.miss, {})):
        with refuses("not_yet"):
            act(county, Role.REGISTRAR, verb, matter, **this, **more)
    moved = act(county, Role.REGISTRAR, appointments.move, matter, **this, starts_at=at(10), why="当事人迟到")
    assert (moved.moved_from_id, hours(county)[0]) == (booked.pk, at(9, 30))
    with refuses("invalid", field="appointment_id"):
        act(county, Role.REGISTRAR, appointments.cancel, matter, **this, why="不来了")
    other = act(county, Role.REGISTRAR, appointments.book, another, **given | theirs)
    act(county, Role.REGISTRAR, appointments.cancel, another, appointment_id=other.pk, why="已经和好")
    with clock.at(at(10, 20)):
        with refuses("invalid", field="advised"):
            act(county, Role.REGISTRAR, appointments.keep, matter, appointment_id=moved.pk, advised=" ")
        advice = "先向劳动仲裁委申请，时效还有两个月。"
        act(county, Role.REGISTRAR, appointments.keep, matter, appointment_id=moved.pk, advised=advice)
    assert told(matter)[-3:] == ["lawyer.book", "lawyer.move", "lawyer.keep"]
    page = text_of(at_the_desk(county, Role.DIRECTOR).get(f"/matters/{matter.code}/lawyers/"))
    assert advice in page and "已改期" in page
    # Of a matter that one does not see the hour is taken all the same, and nothing more is told.
    hidden = {"party_id": parties_of(another)[0].pk, "starts_at": at(9, days=7)}
    act(county, Role.REGISTRAR, appointments.book, another, **given | hidden)
    at_the_desk(county, Role.DIRECTOR).post(
        f"/matters/{another.code}/dialog/seal", {"basis": "治安管理处罚法第一百三十六条"}
    )
    assert at(9, days=7) in hours(county)
    with refuses("hour_taken", field="starts_at"):
        act(county, Role.REGISTRAR, appointments.book, matter, **given | {"starts_at": at(9, days=7)})


def test_a_lawyer_follows_a_matter_to_its_end_and_does_not_mediate_it(county: SmallCounty):
    mediator = county.person(Role.MEDIATOR)
    held = county.stationings[("mediator", "county")]
    act(county, Role.DIRECTOR, register.enter, stationing_id=held.pk, fields=["07"], valid_from=SINCE)
    who = lawyer(county, person_id=mediator.pk)
    outside = lawyer(county, name="外聘律师")
    sits(county, outside)
    matter = registered(county)
    with refuses("nobody_follows"):
        act(county, Role.REGISTRAR, appointments.leave, matter)
    act(county, Role.REGISTRAR, appointments.follow, matter, lawyer_id=who.pk)
    with refuses("follows_already", field="lawyer_id"):
        act(county, Role.REGISTRAR, appointments.follow, matter, lawyer_id=who.pk)
    with scope(county.actor(Role.REGISTRAR)):
        assert [each.mediator.person_id for each in fitting(registered(county), MONDAY)] == [mediator.pk]
        assert fitting(matter, MONDAY) == []
    mediated = mediating(county)
    with scope(county.actor(Role.REGISTRAR)):
        mediated.mediations.update(mediator=mediator)
    with refuses("conflict", field="lawyer_id"):
        act(county, Role.REGISTRAR, appointments.follow, mediated, lawyer_id=who.pk)
    act(county, Role.REGISTRAR, appointments.follow, matter, lawyer_id=outside.pk)
    done = brought_to(county, State.EVALUATED)
    act(county, Role.REGISTRAR, appointments.follow, done, lawyer_id=outside.pk)
    given = {"party_id": parties_of(done)[0].pk, "lawyer_id": outside.pk, "starts_at": at(10)}
    act(county, Role.REGISTRAR, appointments.book, done, **given)
    act(county, Role.DISPATCHER, settling.close, done)
    with scope(county.actor(Role.DIRECTOR)):
        before, part = part_of(Matter.objects.get(pk=matter.pk)), part_of(Matter.objects.get(pk=done.pk))
        assert [each.ended_at is None for each in before.followings] == [False, True]
        assert (part.follows, [each.ended_at is None for each in part.followings]) == (None, [False])
        assert [each.state for each in part.appointments] == [AppointmentState.CANCELLED]
    with refuses("post_may_not_book"):
        act(county, Role.REGISTRAR, appointments.book, done, **given)


def test_by_the_pages_and_by_the_api(county: SmallCounty):
    who = lawyer(county)
    director, registrar = at_the_desk(county, Role.DIRECTOR), at_the_desk(county, Role.REGISTRAR)
    turn = {"lawyer_id": who.pk, "weekday": 1, "begins": "09:00", "ends": "11:00", "valid_from": "2026-01-01"}
    assert director.post("/pool/lawyers/turns/new", turn | {"ends": "08:00"}).status_code == 422
    assert director.post("/pool/lawyers/turns/new", turn).status_code == 302
    off = {"lawyer_id": str(who.pk), "day": "2026-12-14", "kind": "off", "why": "开庭"}
    assert post(director, "/api/v1/lawyers/days", off).status_code == 201
    again = post(director, "/api/v1/lawyers/turns", turn | {"lawyer_id": str(who.pk)})
    assert broken(again, 409) == [("begins", "overlaps")]
    matter = registered(county)
    party = parties_of(matter)[0]
    slot = f"{who.pk}|{at(9, 30).isoformat()}"
    booked = registrar.post(f"/matters/{matter.code}/lawyers/book", {"party_id": party.pk, "slot": slot})
    assert booked.status_code == 302
    page = text_of(registrar.get("/pool/lawyers/"))
    assert "09:30 区律师 已约" in page and "开庭" in page
    told_of = registrar.get("/api/v1/lawyers").json()
    assert [each["begins"] for each in told_of["sittings"]] == ["09:00:00"]
    assert [each["lawyer"]["name"] for each in told_of["free"]] == ["区律师"] * 2
    assert [(each["day"], each["kind"], each["why"]) for each in told_of["days"]] == [
        ("2026-12-14", "off", "开庭")
    ]
    [weekly] = told_of["turns"]
    ended = post(director, f"/api/v1/lawyers/turns/{weekly['id']}/end", {"last": "2026-12-31"})
    assert ended.status_code == 200
    at_lawyers = f"/api/v1/matters/{matter.code}/lawyers"
    [row] = registrar.get(at_lawyers).json()["appointments"]
    with clock.at(at(9, 40)):
        sent = {"advised": "先申请仲裁，不用交费。"}
        kept = post(registrar, f"{at_lawyers}/appointments/{row['id']}/keep", sent, **seen(matter))
    assert kept.status_code == 200, kept.content
    followed = post(registrar, f"{at_lawyers}/follow", {"lawyer_id": str(who.pk)}, **seen(matter))
    assert followed.status_code == 200, followed.content
    part = registrar.get(at_lawyers).json()
    assert (part["appointments"][0]["state"], len(part["followings"])) == ("kept", 1)
    with scope(county.actor(Role.DIRECTOR)):
        assert Appointment.objects.get().advised == sent["advised"]
