"""Who may see a matter beyond its centre: named readers, departments, those who step aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.audit.domain.record import record
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters import policies
from fengqiao.matters.domain.move import locked, move
from fengqiao.matters.enums import Action, Restriction, WordKind
from fengqiao.matters.models import Handed, Informed, LaidBefore, Matter, Recusal
from fengqiao.matters.models.base import of
from fengqiao.places.models import Stationing
from fengqiao.places.queries.divisions import in_force

LONGEST_READING = timedelta(days=366)
# How long the first readers of a matter restricted later may read it; a director prolongs by name.
RESTRICTED_DAYS = 180


def restrict(*, actor: Actor, matter: Matter, reason: str, days: int, audited: bool = True) -> None:
    """Restricts a matter to named readers: who restricts it, and the directors of the centre that holds it.

    The database's own function checks, writes the matter and everything that belongs to it, and names the
    readers; the application's role has no other way to write a restriction.
    """
    until = clock.today() + timedelta(days=days)
    readers = {actor.person_id, *_directors(matter)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT matter_restrict(%s, %s, %s, %s)", [matter.id, list(readers), until, reason[:200]]
        )
    matter.restriction = Restriction.RESTRICTED
    if audited:
        _record(actor, matter, "matter.restricted", {"readers": sorted(map(str, readers)), "until": until})


def restrict_later(*, actor: Actor, matter_id: UUID, reason: str) -> None:
    """Restricts a matter that turned out to need it (a child, violence at home) after its registration."""
    if actor.role not in policies.MAY_RESTRICT:
        raise NotAllowed("may_not_restrict", _("由主任、调度岗、窗口岗设为限阅。"))
    if len(reason.strip()) < 4:
        raise Invalid({"reason": _("请写明为什么限阅。")})
    matter = locked(actor=actor, matter_id=matter_id)
    if matter.restriction != Restriction.OPEN:
        raise Refusal("restricted_already", _("本事项已经是限阅事项。"))
    restrict(actor=actor, matter=matter, reason=reason, days=RESTRICTED_DAYS)


def name_reader(*, actor: Actor, matter_id: UUID, person_id: UUID, until: date, reason: str) -> None:
    """A director lets one more person read a restricted matter until a day (at most a year)."""
    if actor.role not in policies.MAY_NAME_READERS:
        raise NotAllowed("may_not_name", _("只有主任或常务副主任可以批准查阅。"))
    matter = locked(actor=actor, matter_id=matter_id)
    if matter.restriction != Restriction.RESTRICTED:
        raise Refusal("not_restricted", _("本事项不是限阅事项。"))
    if not clock.today() <= until <= clock.today() + LONGEST_READING:
        raise Invalid({"until": _("查阅期限应在今天之后一年以内。")})
    if len(reason.strip()) < 4:
        raise Invalid({"reason": _("请写明批准查阅的理由。")})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT matter_name_reader(%s, %s, %s, %s)", [matter.id, person_id, until, reason[:200]]
        )
    _record(actor, matter, "matter.reader_named", {"reader": person_id, "until": until})


def name_handlers(*, actor: Actor, matter: Matter, departments: Iterable[UUID], reason: str) -> None:
    """Lets the handlers of departments that are given a restricted matter read it.

    A director who hands it over approves by doing so; else each reader has to be named by one.
    """
    if matter.restriction != Restriction.RESTRICTED or actor.role not in policies.MAY_NAME_READERS:
        return
    handlers = Stationing.objects.filter(
        in_force(clock.today()), post__department_id__in=list(departments), post__role=Role.HANDLER
    )
    _name(actor, matter, set(handlers.values_list("person_id", flat=True)), reason)


def name_directors(*, actor: Actor, matter: Matter, reason: str) -> None:
    """Lets the directors of the centre that now holds a restricted matter read it; else nobody there could.

    For a matter that was just raised or handed down, by somebody who reads it. Nothing for an open one.
    """
    if matter.restriction != Restriction.RESTRICTED:
        return
    _name(actor, matter, _directors(matter), reason)


def name_receivers(*, actor: Actor, matter: Matter, people: Iterable[UUID], reason: str) -> None:
    """Lets people to whom something about a restricted matter is sent read it; nothing for an open one.

    A director who sends it approves by doing so; anybody else is refused.
    """
    if matter.restriction == Restriction.OPEN:
        return
    if actor.role not in policies.MAY_NAME_READERS:
        raise NotAllowed("restricted_by_director", _("限阅事项由主任或常务副主任报请，并由此批准对方查阅。"))
    _name(actor, matter, set(people), reason)


def seal(*, actor: Actor, matter_id: UUID, basis: str) -> None:
    """Seals a matter by law (刑诉法 286, 治安管理处罚法 136): from now on nobody reads it in daily work."""
    if actor.role not in policies.MAY_NAME_READERS:
        raise NotAllowed("may_not_seal", _("只有主任或常务副主任可以封存。"))
    matter = locked(actor=actor, matter_id=matter_id)
    if len(basis.strip()) < 4:
        raise Invalid({"basis": _("请写明封存的法律依据。")})
    with connection.cursor() as cursor:
        cursor.execute("SELECT matter_seal(%s, %s)", [matter.id, basis[:200]])
    _record(actor, matter, "matter.sealed", {})


def hand_to(matter: Matter, departments: Iterable[UUID]) -> None:
    """From now on the handlers of these departments see the matter."""
    now, wanted = clock.now(), list(departments)
    known = Handed.objects.filter(matter_id=matter.id, department_id__in=wanted)
    had_it = set(known.values_list("department_id", flat=True))
    # Not update_or_create(): it would write the first day anew, which nobody may.
    known.update(taken_back_at=None)
    Handed.objects.bulk_create(
        [Handed(**of(matter), department_id=each, since=now) for each in wanted if each not in had_it]
    )


def take_back(matter: Matter, department_id: UUID) -> None:
    """The department has nothing to do with the matter any more and stops seeing it."""
    Handed.objects.filter(matter_id=matter.id, department_id=department_id).update(taken_back_at=clock.now())


def keep_informed(matter: Matter, centre_id: UUID) -> None:
    """The centre from which the matter was raised goes on seeing it, wherever it was registered and lies."""
    if not Informed.objects.filter(matter_id=matter.id, centre_id=centre_id).exists():
        Informed.objects.create(**of(matter), centre_id=centre_id, since=clock.now())


def lay_before(*, actor: Actor, matter: Matter, department_id: UUID, reason: str) -> None:
    """From now on the commission sees the matter, until ``laid_no_more``.

    A restricted matter needs a director: who lays it before the commission names its readers by doing so.
    """
    if matter.restriction != Restriction.OPEN:
        if actor.role not in policies.MAY_NAME_READERS:
            raise NotAllowed(
                "restricted_by_director", _("限阅事项由主任或常务副主任报请，并由此批准对方查阅。")
            )
        there = Stationing.objects.filter(
            in_force(clock.today()), post__department_id=department_id, post__role=Role.COMMISSION
        )
        _name(actor, matter, set(there.values_list("person_id", flat=True)), reason)
    known = LaidBefore.objects.filter(matter_id=matter.id, department_id=department_id)
    if not known.update(over_at=None):
        LaidBefore.objects.create(**of(matter), department_id=department_id, since=clock.now())


# Rooms that still have something of a matter before a body, by their names (config/wiring.py).
_before: dict[str, Callable[[UUID, UUID], bool]] = {}


def held_before(room: str, asks: Callable[[UUID, UUID], bool]) -> None:
    """A room says by ``asks(matter_id, department_id)`` whether it still has the matter before the body."""
    _before[room] = asks


def laid_no_more(matter_id: UUID, department_id: UUID) -> None:
    """Nothing of one room waits for the body any more: where no other room has anything, it stops seeing it."""
    if any(asks(matter_id, department_id) for asks in _before.values()):
        return
    laid = LaidBefore.objects.filter(matter_id=matter_id, department_id=department_id, over_at=None)
    laid.update(over_at=clock.now())


def recuse(
    *, actor: Actor, matter_id: UUID, person_id: UUID, reason: str, version: int | None = None
) -> Matter:
    """An officer related to the matter steps aside and does not see it any more (工作人员回避)."""
    if len(reason.strip()) < 2:
        raise Invalid({"reason": _("请写明回避的原因。")})
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.RECUSE,
        version=version,
        parameters={"officer": person_id},
        words={WordKind.REASON: reason},
    )
    Recusal.objects.get_or_create(
        matter_id=matter.id,
        person_id=person_id,
        defaults={
            **of(matter),
            "reason": reason[:200],
            "recorded_by": actor.person_id,
            "recorded_at": clock.now(),
        },
    )
    return matter


def steps_aside(*, actor: Actor, matter: Matter, reason: str) -> None:
    """Whoever finds themselves related to a matter that they were asked about steps aside from it, in any post."""
    Recusal.objects.get_or_create(
        matter_id=matter.id,
        person_id=actor.person_id,
        defaults={
            **of(matter),
            "reason": reason[:200],
            "recorded_by": actor.person_id,
            "recorded_at": clock.now(),
        },
    )


def _name(actor: Actor, matter: Matter, readers: set[UUID], reason: str) -> None:
    until = clock.today() + timedelta(days=RESTRICTED_DAYS)
    named = sorted(readers, key=str)
    with connection.cursor() as cursor:
        for reader in named:
            cursor.execute(
                "SELECT matter_name_reader(%s, %s, %s, %s)", [matter.id, reader, until, reason[:200]]
            )
    _record(
        actor, matter, "matter.readers_follow", {"readers": [str(each) for each in named], "until": until}
    )


def _directors(matter: Matter) -> set[UUID]:
    return set(
        Stationing.objects.filter(
            in_force(clock.today()),
            post__centre_id=matter.holder_id,
            post__role__in=[Role.DIRECTOR, Role.EXECUTIVE_DEPUTY],
        ).values_list("person_id", flat=True)
    )


def _record(actor: Actor, matter: Matter, verb: str, details: dict[str, object]) -> None:
    record(actor=actor, verb=verb, subject=f"matter:{matter.id}", county=matter.county, details=details)
