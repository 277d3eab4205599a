"""The lawyers' part in a matter, and whom it keeps from mediating it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.kernel.clock import SHANGHAI
from fengqiao.matters.models import Matter
from fengqiao.pool.models import Appointment, Following
from fengqiao.pool.queries.roster import GIVEN


@dataclass(frozen=True)
class LawyersPart:
    """Appointments in order of time, and who follows the matter or did, the newest last."""

    appointments: list[Appointment]
    followings: list[Following]

    @property
    def follows(self) -> Following | None:
        """Who follows it now."""
        last = self.followings[-1] if self.followings else None
        return last if last and last.ended_at is None else None


def part_of(matter: Matter) -> LawyersPart:
    """What is written down of lawyers in a matter."""
    booked = Appointment.objects.filter(matter_id=matter.pk).select_related("lawyer", "party")
    followed = Following.objects.filter(matter_id=matter.pk).select_related("lawyer")
    return LawyersPart(list(booked.defer("lawyer__telephone")), list(followed.defer("lawyer__telephone")))


def appointments_on(actor: Actor, centre_id: UUID, day: date) -> list[Appointment]:
    """The appointments of a centre on a day, of matters that the actor sees."""
    start = datetime.combine(day, time(), SHANGHAI)
    found = Appointment.objects.exclude(GIVEN).filter(
        centre_id=centre_id,
        starts_at__gte=start,
        starts_at__lt=start + timedelta(days=1),
        matter__in=Matter.objects.visible_to(actor),
    )
    return list(found.select_related("lawyer", "party", "matter").defer("lawyer__telephone"))


def who_advises(matter: Matter) -> set[UUID]:
    """The people who advised a party of the matter as its lawyer, or follow it: they do not mediate it."""
    advised = Appointment.objects.exclude(GIVEN).filter(matter_id=matter.pk, lawyer__person__isnull=False)
    followed = Following.objects.filter(matter_id=matter.pk, lawyer__person__isnull=False)
    people = advised.order_by().values_list("lawyer__person_id", flat=True)
    return set(people.union(followed.order_by().values_list("lawyer__person_id", flat=True)))
