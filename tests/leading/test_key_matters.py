"""A matter on the list of key matters: listed with a reason, taken in charge, looked at in its rhythm, taken off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.leading.domain import listing, looking
from fengqiao.leading.domain.listing import Leader
from fengqiao.leading.enums import Ending, KeyKind
from fengqiao.leading.models import Charge, KeyMatter, Look
from fengqiao.leading.queries import key_matters
from fengqiao.matters.domain import lifting, settling, sight
from fengqiao.matters.domain.move import locked
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.notices.models import Notice
from fengqiao.rules.queries.key_matters import all_grounds, grounds_of
from tests.matters.ground import EVERYWHERE, act, refuses, rows, told, words
from tests.small_county import SmallCounty, brought_to, registered
from tests.supervision.hands import on

pytestmark = pytest.mark.django_db
# A Monday without a holiday near.
MONDAY = date(2026, 3, 2)
WHY = "一百二十名工人集体讨薪，牵涉三家分包。"
TOWN_DIRECTOR = (Role.DIRECTOR, "town")


def open_matter(county: SmallCounty, **changes: Any) -> Matter:
    return brought_to(county, State.ROUTING, happened_on=date(2026, 2, 1), **changes)


def listed(county: SmallCounty, matter: Matter | None = None, day: date = MONDAY, **said: Any) -> KeyMatter:
    who = said.pop("who", Role.DIRECTOR)
    given = {"ground": "key.many", "why": WHY} | said
    with on(day):
        return act(county, who, listing.list_matter, matter or open_matter(county), **given)


def does(county: SmallCounty, who: Any, verb: Any, key: KeyMatter, at: date = MONDAY, **said: Any) -> Any:
    with on(at):
        return act(county, who, verb, key_matter_id=key.pk, **said)


def by_post(county: SmallCounty, role: Role, place: str = "county") -> Leader:
    return Leader(stationing=county.stationings[str(role), place].pk)


def now(key: KeyMatter) -> KeyMatter:
    with scope(EVERYWHERE):
        return KeyMatter.objects.get(pk=key.pk)


def test_from_the_list_over_looks_and_a_visit_until_it_is_resolved(county: SmallCounty):
    matter = open_matter(county)
    key = listed(county, matter, leader=by_post(county, Role.EXECUTIVE_DEPUTY))
    # Every seven days; it presses two working days before.
    assert (key.kind, key.look_by, key.warn_on) == (KeyKind.KEY, date(2026, 3, 9), date(2026, 3, 6))
    with scope(EVERYWHERE):
        charge = Charge.objects.get(key_matter=key)
    assert (charge.person_id, charge.since) == (county.person(Role.EXECUTIVE_DEPUTY).pk, MONDAY)
    assert charge.office.endswith("常务副主任")
    with scope(county.actor(Role.EXECUTIVE_DEPUTY)):
        assert list(Notice.objects.values_list("kind", flat=True)) == ["leads_matter"]

    does(
        county,
        Role.EXECUTIVE_DEPUTY,
        looking.look,
        key,
        date(2026, 3, 5),
        day=date(2026, 3, 5),
        outcome="听取人社局汇报，要求本周内核清欠薪数额。",
    )
    assert now(key).look_by == date(2026, 3, 12)
    does(
        county,
        Role.EXECUTIVE_DEPUTY,
        looking.visit,
        key,
        date(2026, 3, 10),
        day=date(2026, 3, 10),
        place="陶瓷厂工人宿舍",
        met="工人代表五名、厂方负责人",
        outcome="厂方当场写下付款计划，工人同意。",
    )
    # Written down late: it puts nothing off that a later look has counted already.
    does(
        county,
        Role.DISPATCHER,
        looking.look,
        key,
        date(2026, 3, 11),
        day=date(2026, 3, 3),
        outcome="电话了解进展。",
    )
    assert (now(key).looked_on, now(key).look_by) == (date(2026, 3, 10), date(2026, 3, 17))
    # A county's leader takes over, who has no post in the program.
    leader = Leader(name="陈志明", office="县委常委、政法委书记")
    does(county, Role.DIRECTOR, listing.put_in_charge, key, date(2026, 3, 11), leader=leader)
    does(
        county,
        Role.DIRECTOR,
        listing.take_off,
        key,
        date(2026, 3, 12),
        ending=Ending.RESOLVED,
        reason="工资已全部付清，工人签收。",
    )
    assert rows(Charge, matter, "office", "since", "until") == [
        (charge.office, MONDAY, date(2026, 3, 11)),
        ("县委常委、政法委书记", date(2026, 3, 11), date(2026, 3, 12)),
    ]
    assert rows(Look, matter, "kind", "place") == [("look", ""), ("visit", "陶瓷厂工人宿舍"), ("look", "")]
    assert rows(KeyMatter, matter, "ending", "looked_on") == [("resolved", date(2026, 3, 10))]
    acts = ["list", "charge", "look", "visit", "look", "charge", "unlist"]
    assert told(matter)[-7:] == [f"key.{each}" for each in acts]
    assert words(matter) == {"reason": "工资已全部付清，工人签收。"}
    with refuses("listed_no_more"):
        does(county, Role.DIRECTOR, looking.look, key, date(2026, 3, 13), day=MONDAY, outcome="再去看看。")
    # It can be listed again, as a new one.
    assert listed(county, matter, date(2026, 4, 1), ground="old.policy").kind == KeyKind.OLD_PETITION


def test_the_next_look_has_the_light_of_a_deadline(county: SmallCounty):
    key = listed(county)
    lights = {}
    for day in (MONDAY, date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 10)):
        with on(day), scope(county.actor(Role.DIRECTOR)):
            light = key_matters.look_light(key)
            waits = key_matters.to_look_at(county.actor(Role.DISPATCHER)).filter(pk=key.pk).exists()
            lights[day.day] = (light.colour.value if light else "", waits)
    assert lights == {2: ("green", False), 6: ("yellow", True), 9: ("yellow", True), 10: ("red", True)}
    # In working days it skips the days of the holiday, and counts the make-up Saturday (清明 2026).
    assert listed(county, day=date(2026, 4, 2), ground="key.harm").look_by == date(2026, 4, 8)


@pytest.mark.parametrize(
    ("who", "said", "code", "field"),
    [
        (Role.DIRECTOR, {"ground": "key.nothing"}, "invalid", "ground"),
        (Role.DIRECTOR, {"why": "急"}, "invalid", "why"),
        (Role.DIRECTOR, {"leader": Leader(name="陈志明")}, "invalid", "office"),
        (Role.DISPATCHER, {}, "post_may_not", None),
        (Role.SUPERVISOR, {}, "post_may_not", None),
        (Role.COMMISSION, {}, "matter_not_found", None),
        (TOWN_DIRECTOR, {}, "matter_not_found", None),
    ],
)
def test_what_is_not_listed(
    county: SmallCounty, who: Any, said: dict[str, Any], code: str, field: str | None
):
    matter = open_matter(county, division="440785001001", grid="")
    with refuses(code, field=field):
        listed(county, matter, who=who, **said)


def test_once_at_a_time_and_only_while_the_matter_is_open(county: SmallCounty):
    matter = open_matter(county)
    key = listed(county, matter)
    with refuses("listed_already"):
        listed(county, matter)
    with refuses("invalid", field="leader"):
        somebody = Leader(stationing=county.stationings[str(Role.REGISTRAR), "county"].pk)
        does(county, Role.DIRECTOR, listing.put_in_charge, key, leader=somebody)
    with refuses("in_the_future", field="day"):
        does(county, Role.DIRECTOR, looking.look, key, day=date(2026, 3, 3), outcome="明天去看。")
    with refuses("before_it_was_listed", field="day"):
        does(county, Role.DIRECTOR, looking.look, key, day=date(2026, 3, 1), outcome="上月看过。")
    with refuses("invalid", field="met"):
        said = {"day": MONDAY, "place": "厂里", "met": "", "outcome": "见了工人。"}
        does(county, Role.DIRECTOR, looking.visit, key, **said)
    with refuses("invalid", field="ending"):
        does(county, Role.DIRECTOR, listing.take_off, key, ending=Ending.WITH_MATTER, reason="随手移出")
    with refuses("post_may_not"):
        does(county, Role.REGISTRAR, looking.look, key, day=MONDAY, outcome="登记岗不过问。")
    with on(MONDAY):
        act(county, Role.DISPATCHER, settling.withdraw, matter, reason="双方自行和解，申请撤回。")
    assert now(key).ending == Ending.WITH_MATTER
    assert rows(Charge, matter, "until") == []
    with refuses("listed_no_more"):
        does(county, Role.DIRECTOR, looking.look, key, day=MONDAY, outcome="再看一次。")


def test_the_county_lists_what_a_town_holds_and_a_town_leader_takes_it_in_charge(county: SmallCounty):
    with on(MONDAY):
        matter = registered(county, "town", happened_on=date(2026, 2, 1))
    key = listed(county, matter, leader=by_post(county, Role.DIRECTOR, "town"))
    # Raised meanwhile: who is in charge goes on looking, from the town.
    with on(MONDAY):
        act(county, TOWN_DIRECTOR, lifting.raise_up, matter, reason="镇里协调不下，请县里办理。")
    does(county, TOWN_DIRECTOR, looking.look, key, day=MONDAY, outcome="到村里走了一趟，双方愿意谈。")
    with refuses("post_may_not"):
        leader = by_post(county, Role.STANDING_DEPUTY, "town")
        does(county, (Role.STANDING_DEPUTY, "town"), listing.put_in_charge, key, leader=leader)
    assert rows(Look, matter, "kind") == [("look",)]


def test_of_a_restricted_matter_only_a_reader_is_put_in_charge(county: SmallCounty):
    """Readers are let in by the database's own day: this story happens now."""
    matter = open_matter(county)
    act(county, Role.DIRECTOR, sight.restrict_later, matter, reason="涉及未成年人")
    key = listed(county, matter, clock.today(), leader=by_post(county, Role.DIRECTOR))
    for leader in (by_post(county, Role.STANDING_DEPUTY), Leader(name="陈志明", office="副县长")):
        with refuses("leader_cannot_read"):
            does(county, Role.DIRECTOR, listing.put_in_charge, key, clock.today(), leader=leader)
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        assert locked(actor=director, matter_id=matter.pk).pk == matter.pk


def test_every_row_of_the_table_says_what_is_a_proposal():
    for ground in all_grounds().values():
        assert "建议" in ground.note, ground.id
    good = {
        "id": "x", "kind": "key", "name_zh": "甲", "name_en": "A", "every": "7", "unit": "calendar_day", "warn": "1",
        "basis": "甲法", "version": "1", "valid_from": "2026-01-01", "valid_until": "", "verified": "", "note": "",
    }  # fmt: skip
    assert grounds_of([good])["x"].every == 7
    for wrong in ({"kind": "person"}, {"every": "0"}, {"unit": "week"}, {"basis": ""}, {"warn": "x"}):
        with pytest.raises(ValueError, match="x"):
            grounds_of([good | wrong])
    with pytest.raises(ValueError, match="twice"):
        grounds_of([good, good])
