"""Three-person groups of two kinds, kept apart, and task forces: seats, matters, tasks that return."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.counsel.domain import tasking, teams
from fengqiao.counsel.models import Member, Team, TeamMatter, TeamTask
from fengqiao.counsel.queries import teams as queries
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.domain import settling, sight
from fengqiao.matters.enums import Risk, State
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.team_seats import TEAMS, all_seats, seats_of
from tests.counsel.hands import COURT, POLICE, held, on, seated, set_up, tasked
from tests.matters.ground import EVERYWHERE, act, refuses, rows, sees, told, words
from tests.small_county import SmallCounty, brought_to

pytestmark = pytest.mark.django_db
LABOUR = (Role.HANDLER, "labour")
TOWN = (Role.DIRECTOR, "town")


def turns(county: SmallCounty, who) -> list[str]:
    role, place = who if isinstance(who, tuple) else (who, "county")
    with scope(county.actor(role, place)) as actor:
        return [each.what for each in queries.waiting_for(actor)]


def seen(county: SmallCounty, who, team: Team) -> queries.Shown:
    role, place = who if isinstance(who, tuple) else (who, "county")
    with scope(county.actor(role, place)) as actor:
        return queries.shown(actor, queries.team_by_id(actor, team.pk))


def test_each_kind_has_its_own_seats_with_their_source():
    assert {each.team for each in all_seats().values()} == TEAMS
    assert [[seat.seat for seat in seats_of(kind)] for kind in ("village", "major", "force")] == [
        ["grid_worker", "police_officer", "professional"],
        ["territory", "industry", "police_station"],
        ["head", "member"],
    ]
    assert all("《长安》2025年第5期" in each.basis for each in all_seats().values())


def test_a_group_in_a_village_and_its_four_links(county: SmallCounty):
    group = set_up(county)
    with refuses("team_name_taken", field="name"):
        set_up(county)
    worker = seated(county, group, "grid_worker")
    # A seat is filled once at a time, by whom it belongs to.
    with refuses("seat_filled", field="seat"):
        on(county, Role.DIRECTOR, teams.seat, group, seat="grid_worker", name="老李")
    with refuses("wrong_body", field="stationing_id"):
        on(
            county,
            Role.DIRECTOR,
            teams.seat,
            group,
            seat="police_officer",
            stationing_id=held(county, COURT)[0],
        )
    with refuses("invalid", field="seat"):
        on(county, Role.DIRECTOR, teams.seat, group, seat="territory", name="老李")
    with refuses("invalid", field="name"):
        on(county, Role.DIRECTOR, teams.seat, group, seat="professional")
    officer = seated(county, group, "police_officer", POLICE)
    with refuses("member_already", field="stationing_id"):
        on(
            county,
            Role.DIRECTOR,
            teams.seat,
            group,
            seat="professional",
            stationing_id=held(county, POLICE)[0],
        )
    assert [each.seat for each in seen(county, Role.DIRECTOR, group).free] == ["professional"]

    # A task is for one of the four links; a member gives them too, nobody else.
    with refuses("invalid", field="link"):
        tasked(county, group, officer, link="")
    other = set_up(county, name="另一个小组")
    with refuses("invalid", field="member_id"):
        tasked(county, other, officer)
    for who, code in ((Role.DISPATCHER, "post_may_not"), (COURT, "team_not_found"), (TOWN, "post_may_not")):
        with refuses(code):
            tasked(county, group, officer, who)
    first = tasked(county, group, officer)
    second = tasked(county, group, worker, POLICE, what="帮独居老人修好水管。", link="help")
    assert (turns(county, POLICE), turns(county, Role.DIRECTOR)) == (["把两家的用水问题问清楚。"], [])
    with refuses("has_tasks", field="member_id"):
        on(county, Role.DIRECTOR, teams.leave, group, member_id=officer.pk)
    # Whose turn it is ends it; for who has no post a leader writes it down.
    for who, task in ((Role.DIRECTOR, first), (POLICE, second)):
        with refuses("not_your_turn"):
            act(county, who, tasking.finish, task_id=task.pk, came_of="问过了，水管已修。")
    act(county, POLICE, tasking.finish, task_id=first.pk, came_of="两家同意分时用水。")
    with refuses("task_ended"):
        act(county, POLICE, tasking.finish, task_id=first.pk, came_of="两家同意分时用水。")
    act(county, Role.DIRECTOR, tasking.drop, task_id=second.pk, came_of="老人已经自己修好。")
    assert turns(county, POLICE) == []
    with scope(EVERYWHERE):
        assert list(TeamTask.objects.filter(team=group).values_list("state", "link")) == [
            ("done", "solve"),
            ("dropped", "help"),
        ]
    on(county, Role.DIRECTOR, teams.leave, group, member_id=officer.pk)
    # Who has left sees it no more.
    with pytest.raises(NotAllowed):
        seen(county, POLICE, group)


def test_what_a_team_is_set_up_with(county: SmallCounty):
    for who in (Role.DISPATCHER, Role.MEDIATOR, POLICE):
        with refuses("post_may_not_set_up"):
            set_up(county, who=who)
    today = clock.today()
    for field, more in (
        ("kind", {"kind": "other"}),
        ("name", {"name": "组"}),
        ("division", {"division": "440783000000"}),
        ("division", {"division": "440785999000"}),
        ("mandate", {"mandate": "办事"}),
        ("valid_until", {"valid_until": today - timedelta(days=1)}),
        ("valid_until", {"kind": "force", "valid_until": None}),
        ("category", {"category": "07"}),
        ("category", {"kind": "force", "valid_until": today, "category": "8888"}),
    ):
        with refuses("invalid", field=field):
            set_up(county, **more)
    with refuses("invalid", field="division"):
        set_up(county, who=TOWN, division="440785001001")
    assert set_up(county, who=TOWN, valid_from=date(2026, 5, 1)).centre_id == county.centres["town"].pk


def test_a_matter_in_the_hands_of_a_task_force(county: SmallCounty):
    matter, force = brought_to(county, State.ROUTING), set_up(county, "force", category="07")
    head = seated(county, force, "head", LABOUR)
    with refuses("invalid", field="link"):
        tasked(county, force, head, link="solve")
    with refuses("not_given"):
        tasked(county, force, head, matter_id=matter.pk)
    given = {"matter_id": matter.pk, "words": "牵头协调发放工资。"}
    with refuses("post_may_not_keep_team"):
        on(county, Role.DISPATCHER, tasking.give, force, **given)
    on(county, Role.DIRECTOR, tasking.give, force, **given)
    assert (told(matter)[-1], words(matter)) == ("team.give", {"summary": "牵头协调发放工资。"})
    with refuses("given_already"):
        on(county, Role.DIRECTOR, tasking.give, force, **given)
    # It opens nothing of the matter to its members: they work by the tasks that are written for them.
    assert not sees(county, LABOUR, matter)
    task = tasked(county, force, head, matter_id=matter.pk, what="逐人核对工资表。")
    assert seen(county, LABOUR, force).charges == []
    assert [each.what for each in seen(county, LABOUR, force).tasks] == ["逐人核对工资表。"]
    with refuses("has_tasks"):
        on(county, Role.DIRECTOR, tasking.take_back, force, matter_id=matter.pk, came_of="已发放。")
    act(county, LABOUR, tasking.finish, task_id=task.pk, came_of="工资表已核对，共十二人。")
    assert told(matter)[-1] == "team.finish"
    with refuses("team_has_work"):
        on(county, Role.DIRECTOR, teams.dissolve, force, summary="工资已全部发放，专班任务完成。")
    on(county, Role.DIRECTOR, tasking.take_back, force, matter_id=matter.pk, came_of="工资已全部发放。")
    on(county, Role.DIRECTOR, teams.dissolve, force, summary="工资已全部发放，专班任务完成。")
    with refuses("team_dissolved"):
        on(county, Role.DIRECTOR, teams.seat, force, seat="member", name="老李")
    with scope(EVERYWHERE):
        assert not Member.objects.filter(team=force, until=None).exists()


def test_which_matters_fit_which_team(county: SmallCounty):
    matter = brought_to(county, State.ROUTING)
    given = {"matter_id": matter.pk, "words": "请小组一起做工作。"}
    elsewhere = set_up(county, name="东门小组", division="440785001001")
    land = set_up(county, "force", name="土地专班", category="02")
    major = set_up(county, "major")
    group = set_up(county)
    with scope(EVERYWHERE):
        Matter.objects.filter(pk=matter.pk).update(risk=Risk.LOW)
    for team, code in ((elsewhere, "outside_area"), (land, "other_kind"), (major, "not_major")):
        with refuses(code):
            on(county, Role.DIRECTOR, tasking.give, team, **given)
    with scope(EVERYWHERE):
        Matter.objects.filter(pk=matter.pk).update(risk=Risk.HIGH)
    with scope(county.actor(Role.DIRECTOR)) as director:
        offered = queries.fitting(director, Matter.objects.get(pk=matter.pk))
        assert {each.pk for each in offered} == {major.pk, group.pk}
    for team in (major, group):
        on(county, Role.DIRECTOR, tasking.give, team, **given)
    tasked(county, group, seated(county, group, "grid_worker"), matter_id=matter.pk)
    # What ends the matter ends what teams had of it.
    act(county, Role.DIRECTOR, settling.withdraw, matter, reason="申请人撤回申请。")
    assert rows(TeamMatter, matter, "came_of") == [("随事项终止",), ("随事项终止",)]
    assert rows(TeamTask, matter, "state") == [("dropped",)]

    restricted = brought_to(county, State.ROUTING)
    act(county, Role.DIRECTOR, sight.restrict_later, restricted, reason="涉及未成年人。")
    with refuses("restricted_not_given"):
        on(county, Role.DIRECTOR, tasking.give, group, matter_id=restricted.pk, words="请小组一起做工作。")
    # What is restricted afterwards leaves the work lists of all who may not read it.
    later = brought_to(county, State.ROUTING)
    on(county, Role.DIRECTOR, tasking.give, group, matter_id=later.pk, words="请小组一起做工作。")
    officer = seated(county, group, "police_officer", POLICE)
    tasked(county, group, officer, matter_id=later.pk)
    assert len(turns(county, POLICE)) == 1
    act(county, Role.DIRECTOR, sight.restrict_later, later, reason="涉及未成年人。")
    assert turns(county, POLICE) == []
