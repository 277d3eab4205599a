"""Who is told that an agreed day comes near, is there or has passed: the handler of ``DaysReached``.

In the transaction of the sweep, in one statement for all that it reached. Whoever has the matter in hand is told
while they hold a post at the centre that has the matter and did not step aside in it, else the posts of the rung, and
where nobody holds those the leaders: nothing is said to an empty room, and nothing to who may not see it any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS, Role
from fengqiao.clocks.events import DaysReached, ReachedDay
from fengqiao.flows.chasing import Held, held_at
from fengqiao.flows.in_whose_hands import InHand, in_hand
from fengqiao.kernel import clock
from fengqiao.matters.enums import Restriction
from fengqiao.matters.models import Recusal
from fengqiao.matters.queries.matters import readers_by_matter
from fengqiao.notices.domain.telling import Addressee, NewNotice, tell
from fengqiao.notices.enums import Kind
from fengqiao.rules.queries.chasing import Rung, all_rungs


@dataclass(frozen=True)
class Around:
    """What is known of the people around these days, read once for all of them."""

    held: frozenset[Held]
    aside: frozenset[tuple[UUID, UUID]]
    readers: Mapping[UUID, frozenset[UUID]]


def tell_of_days(event: DaysReached) -> None:
    """Writes the notices of these days, in their order (handler of ``DaysReached``)."""
    found = in_hand(event.name, event.days)
    matters = {each.matter_id for each in event.days}
    restricted = {each.matter_id for each in event.days if each.restriction != Restriction.OPEN}
    around = Around(
        held=held_at({each.centre_id for each in event.days}),
        aside=frozenset(Recusal.objects.filter(matter_id__in=matters).values_list("matter_id", "person_id")),
        readers=readers_by_matter(restricted, on=clock.today()),
    )
    notices = [
        notice
        for each in event.days
        if each.subject_id in found
        for notice in _notices(each, found[each.subject_id], around)
    ]
    tell(notices, by=None)


def _notices(day: ReachedDay, now: InHand, around: Around) -> Iterator[NewNotice]:
    rung = all_rungs()[day.rung]
    for to in _addressees(rung, day, now, around):
        yield NewNotice(
            kind=now.kind or Kind(rung.says),
            to=to,
            county=day.county,
            matter_id=day.matter_id,
            restriction=day.restriction,
            subject_id=day.subject_id,
            due_on=day.day,
        )


def _addressees(rung: Rung, day: ReachedDay, now: InHand, around: Around) -> Iterator[Addressee]:
    if now.posts:
        for post, person in now.posts:
            if _may_hear(day, person, around):
                yield Addressee(post_id=post, person_id=person)
        return
    there = {
        each.person_id
        for each in around.held
        if each.place == day.centre_id
        and each.role in CENTRE_ROLES
        and _may_hear(day, each.person_id, around)
    }
    fit = _in_posts(rung.roles, day, around) & there
    named = [each for each in dict.fromkeys(now.people) if each in there]
    if named:
        for person in named:
            roles = rung.roles if person in fit else CENTRE_ROLES
            yield Addressee(roles=roles, centre_id=day.centre_id, person_id=person)
        return
    for roles, people in ((rung.roles, fit), (LEADERS, _in_posts(LEADERS, day, around) & there)):
        for person in sorted(people):
            yield Addressee(roles=roles, centre_id=day.centre_id, person_id=person)
        if people:
            return
    # Of a restricted matter whoever may read it, in whichever post at the centre.
    for person in sorted(there) if day.restriction != Restriction.OPEN else ():
        yield Addressee(roles=CENTRE_ROLES, centre_id=day.centre_id, person_id=person)


def _in_posts(roles: Collection[Role], day: ReachedDay, around: Around) -> set[UUID]:
    return {each.person_id for each in around.held if each.place == day.centre_id and each.role in roles}


def _may_hear(day: ReachedDay, person: UUID, around: Around) -> bool:
    """Not who stepped aside, and of a restricted matter its named readers alone."""
    if (day.matter_id, person) in around.aside:
        return False
    return day.restriction == Restriction.OPEN or person in around.readers.get(day.matter_id, frozenset())
