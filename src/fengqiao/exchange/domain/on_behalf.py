"""For whom a job works: the person who ordered it, as the post that they held then, where they still hold it."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.notices.domain.telling import Addressee, NewNotice, tell
from fengqiao.notices.enums import Kind
from fengqiao.places.queries.acting import actor_of, stationings


class Order(Protocol):
    """An export or an import: whose it is."""

    pk: UUID
    county: str
    person_id: UUID
    post_id: UUID


def ordering_post(actor: Actor) -> UUID:
    """The post that an export or import is ordered for; raises ``NotAllowed`` where it reads no matter."""
    if actor.is_administrator or actor.post_id is None:
        raise NotAllowed("administrators_read_no_matter", _("管理员岗位不能查看事项。"))
    return actor.post_id


def post_of(person_id: UUID, post_id: UUID) -> Actor:
    """The post of an order as it is today; raises ``NotAllowed`` where the person holds it no more."""
    held = stationings(person_id=person_id, on=clock.today()).filter(post_id=post_id)
    stationing = held.filter(person__is_active=True).first()
    if stationing is None:
        raise NotAllowed("post_ended", _("导出时的岗位已经结束，没有导出。"))
    return actor_of(stationing)


def plain(county: str, person_id: UUID) -> Actor:
    """The person without a post, who reaches their own rows and no matter."""
    return Actor(
        person_id=person_id, name="", role=Role.SYSTEM_ADMINISTRATOR, county=county, counties=(county,)
    )


def tell_who_ordered(run: Order, kind: Kind) -> None:
    """Tells the person what came of it, in the post that they ordered it in; nobody, where they hold it no more."""
    to = Addressee(post_id=run.post_id, person_id=run.person_id)
    tell([NewNotice(kind=kind, to=to, county=run.county, subject_id=run.pk)], by=None)
