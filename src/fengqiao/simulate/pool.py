"""What the demo's county centre can call on: two brand rooms."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.mediators.models import Mediator
from fengqiao.pool.domain import rooms
from fengqiao.pool.domain.rooms import RoomWords
from fengqiao.pool.queries.rooms import open_at

SINCE = date(2026, 1, 5)
WEEK = (1, 2, 3, 4, 5)
OPENS, CLOSES, OPENS_AGAIN, CLOSES_AGAIN = time(8, 30), time(12), time(14, 30), time(17, 30)
ROOMS = {
    "heng-shu": RoomWords(
        name="恒叔调解室",
        name_en="Uncle Heng's Mediation Room",
        place="恩平市综治中心一楼东侧",
        place_en="East side of the ground floor, Enping centre",
        way="乘 3 路、8 路公交车到综治中心站，进门左转；轮椅可从东侧坡道进入。",
        way_en="Bus 3 or 8 to the centre's stop, turn left inside; step-free by the ramp on the east side.",
        days=WEEK,
        fields=("01", "02"),
        story="恒叔在街坊里做了三十年调解。他的办法很简单：先泡一壶茶，让双方把话说完，再一起去现场看一看。",
        story_en="Uncle Heng has mediated among neighbours for thirty years. His way is simple: tea first, let both "
        "finish what they have to say, then go and look at the place together.",
        public=True,
        opens=OPENS,
        closes=CLOSES,
        opens_again=OPENS_AGAIN,
        closes_again=CLOSES_AGAIN,
    ),
    "qiu-ge": RoomWords(
        name="秋哥调解室",
        name_en="Brother Qiu's Mediation Room",
        place="恩平市综治中心二楼 203 室",
        place_en="Room 203, first floor, Enping centre",
        way="乘 3 路公交车到综治中心站，上二楼右转。",
        way_en="Bus 3 to the centre's stop, one floor up, turn right.",
        days=(2, 4, 6),
        fields=("06", "07"),
        story="工资、工伤、劳务的事，秋哥都先算清账再说话：一笔一笔写在白板上，双方看得见。",
        story_en="Wages, injuries at work, odd jobs: Brother Qiu does the sums first, line by line on a board that "
        "both can see.",
        public=True,
        opens=OPENS,
        closes=CLOSES,
        opens_again=OPENS_AGAIN,
        closes_again=CLOSES_AGAIN,
    ),
}


def open_rooms(leader: Actor) -> None:
    """Once, inside the leader's scope: the rooms of the centre, with its mediators at work in turn."""
    assert leader.centre_id is not None  # noqa: S101  leaders are at a centre
    opened = [
        rooms.open_room(actor=leader, code=code, words=words, valid_from=SINCE)
        for code, words in ROOMS.items()
    ]
    people = Mediator.objects.filter(post__centre_id=leader.centre_id).order_by("pk")
    for number, person in enumerate(people.values_list("person_id", flat=True)):
        room = opened[number % len(opened)]
        rooms.put_to_work(actor=leader, room_id=room.pk, person_id=person, valid_from=SINCE, agreed_on=SINCE)


def room_for(matter: Matter) -> UUID | None:
    """The room of the centre for this kind of dispute, if there is one; asked in the actor's scope."""
    kind = matter.category[:2]
    found = [each.pk for each in open_at(matter.holder_id, clock.today()) if kind in each.fields]
    return found[0] if found else None
