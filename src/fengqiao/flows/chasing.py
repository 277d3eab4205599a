"""Who is told that a clock reached a rung: the handler of ``Reached``, in the transaction of the sweep."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from fengqiao.accounts.enums import LEADERS
from fengqiao.clocks.counting import day_of
from fengqiao.clocks.enums import OwedBy
from fengqiao.clocks.events import Reached, Threshold
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.leading.domain.chasing import INSTRUCTION, LOOK
from fengqiao.leading.models import Charge, Instruction
from fengqiao.matters.enums import Restriction
from fengqiao.matters.queries.matters import readers_by_matter
from fengqiao.mediation.models import Mediation
from fengqiao.notices.domain.telling import Addressee, NewNotice, tell
from fengqiao.notices.enums import Kind
from fengqiao.places.models import Stationing
from fengqiao.places.queries.divisions import in_force
from fengqiao.reporting.models import Receipt
from fengqiao.rules.queries.chasing import Rung, all_rungs


@dataclass(frozen=True)
class Held:
    """Somebody holds a post with this role at a place: a centre or a department."""

    place: UUID
    role: str
    person_id: UUID


@dataclass(frozen=True)
class Around:
    """What is known of the people around these thresholds, read once for all of them.

    ``in_hand``: who owes, and the part or the matter → the person who has it in hand. ``readers``: of the
    restricted matters who may read them. ``led``: of an instruction or a listed matter the post that was instructed,
    or the leader in charge, wherever they are. ``unread``: by matter, who has not
    opened a direct report.
    """

    held: frozenset[Held]
    in_hand: Mapping[tuple[str, UUID | None], UUID]
    readers: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    led: Mapping[UUID, Addressee] = field(default_factory=dict)
    unread: Mapping[UUID, Sequence[Receipt]] = field(default_factory=dict)


def tell_of_thresholds(event: Reached) -> None:
    """Writes the notices of these thresholds, in their order, in one statement (handler of ``Reached``)."""
    restricted = {each.matter_id for each in event.thresholds if each.restriction != Restriction.OPEN}
    around = Around(
        held=_held(event.thresholds),
        in_hand=_in_hand(event.thresholds),
        readers=readers_by_matter(restricted, on=clock.today()),
        led=_led(event.thresholds),
        unread=_unread(event.thresholds),
    )
    tell([notice for each in event.thresholds for notice in _notices(each, around)], by=None)


def _notices(reached: Threshold, around: Around) -> Iterator[NewNotice]:
    rung = all_rungs()[reached.rung]
    if rung.at == "receivers":
        yield from _again(rung, reached, around)
        return
    for to in _addressees(rung, reached, around):
        yield NewNotice(
            kind=Kind(rung.says),
            to=to,
            county=reached.county,
            matter_id=reached.matter_id,
            restriction=reached.restriction,
            about_id=reached.department_id if rung.step != "person" else None,
            subject_id=reached.clock_id,
            due_on=day_of(reached.due_at - timedelta(microseconds=1)),
        )


def _again(rung: Rung, reached: Threshold, around: Around) -> Iterator[NewNotice]:
    """Whoever has not opened what was sent to them is told of it once more, whatever else they are."""
    for each in around.unread.get(reached.matter_id, ()):
        yield NewNotice(
            kind=Kind(rung.says),
            to=Addressee(post_id=each.post_id, person_id=each.person_id),
            county=reached.county,
            matter_id=reached.matter_id,
            restriction=reached.restriction,
            subject_id=each.report_id,
            due_on=day_of(reached.due_at - timedelta(microseconds=1)),
        )


def _unread(thresholds: Sequence[Threshold]) -> dict[UUID, list[Receipt]]:
    """Receipts without a reader of the matters of which somebody has to be told again; mostly none (no statement)."""
    matters = {each.matter_id for each in thresholds if all_rungs()[each.rung].at == "receivers"}
    found: dict[UUID, list[Receipt]] = {}
    if matters:
        for each in Receipt.objects.filter(matter_id__in=matters, read_at=None).order_by("pk"):
            found.setdefault(each.matter_id, []).append(each)
    return found


def _addressees(rung: Rung, reached: Threshold, around: Around) -> Iterator[Addressee]:
    """The posts of the rung; of those the one person who has the matter in hand, where they are still there.

    Where nobody holds any of these posts the leaders of the centre are told: nothing is said to an empty room.
    """
    place = reached.centre_id if rung.at == "centre" else reached.department_id
    there = {each.person_id for each in around.held if each.place == place and each.role in rung.roles}
    where = {"centre_id": place} if rung.at == "centre" else {"department_id": place}
    if reached.restriction != Restriction.OPEN:
        yield from _to_readers(there, reached, around)
        return
    if rung.step == "person" and reached.clock_id in around.led:
        yield around.led[reached.clock_id]
        return
    if not there:
        yield Addressee(roles=LEADERS, centre_id=reached.centre_id)
        return
    person = None
    if rung.step == "person":
        key = reached.assignment_id if reached.owed_by == OwedBy.DEPARTMENT else reached.matter_id
        person = around.in_hand.get((reached.owed_by, key))
    yield Addressee(roles=rung.roles, person_id=person if person in there else None, **where)


def _to_readers(there: set[UUID], reached: Threshold, around: Around) -> Iterator[Addressee]:
    """Those of the rung who may read the restricted matter; where none of them may, whoever may.

    In their posts at the centre, else in those at the department.
    """
    readers = around.readers.get(reached.matter_id, frozenset())
    for person in sorted(there & readers or readers):
        places = {each.place for each in around.held if each.person_id == person}
        if reached.centre_id in places:
            yield Addressee(centre_id=reached.centre_id, person_id=person)
        elif reached.department_id in places:
            yield Addressee(department_id=reached.department_id, person_id=person)


def _led(thresholds: Sequence[Threshold]) -> dict[UUID, Addressee]:
    """Who has in hand what those who lead asked for (asked only where there is such a thing)."""
    wanted = {each.clock_id for each in thresholds if each.limit in (INSTRUCTION, LOOK)}
    if not wanted:
        return {}
    posts = Instruction.objects.filter(pk__in=wanted, post__isnull=False).values_list("pk", "post_id")
    leaders = Charge.objects.filter(key_matter_id__in=wanted, until=None, post__isnull=False)
    return {pk: Addressee(post_id=post) for pk, post in posts} | {
        key: Addressee(post_id=post, person_id=person)
        for key, post, person in leaders.values_list("key_matter_id", "post_id", "person_id")
    }


def _held(thresholds: Sequence[Threshold]) -> frozenset[Held]:
    """Who holds which post today at the places that these thresholds name."""
    centres = {each.centre_id for each in thresholds}
    return held_at(centres, {each.department_id for each in thresholds if each.department_id})


def held_at(centres: Collection[UUID], bodies: Collection[UUID] = ()) -> frozenset[Held]:
    """Who holds which post today at these centres and departments (one statement)."""
    found = Stationing.objects.filter(
        Q(post__centre_id__in=centres) | Q(post__department_id__in=bodies),
        in_force(clock.today()),
        person__is_active=True,
    ).values_list("post__centre_id", "post__department_id", "post__role", "person_id")
    return frozenset(Held(centre or body, role, person) for centre, body, role, person in found)


def _in_hand(thresholds: Sequence[Threshold]) -> dict[tuple[str, UUID | None], UUID]:
    """A department's part is in the hand of its handler, a matter in mediation in that of its mediator."""
    parts = {
        each.assignment_id
        for each in thresholds
        if each.owed_by == OwedBy.DEPARTMENT and each.assignment_id is not None
    }
    mediated = {each.matter_id for each in thresholds if each.owed_by == OwedBy.MEDIATION}
    found: dict[tuple[str, UUID | None], UUID] = {}
    if parts:
        handlers = Assignment.objects.filter(pk__in=parts, handler__isnull=False).order_by()
        for part, person in handlers.values_list("pk", "handler_id"):
            found[OwedBy.DEPARTMENT, part] = person
    if mediated:
        running = Mediation.objects.filter(matter_id__in=mediated, ended_at=None, mediator__isnull=False)
        for matter, person in running.order_by().values_list("matter_id", "mediator_id"):
            found[OwedBy.MEDIATION, matter] = person
    return found
