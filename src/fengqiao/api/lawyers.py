"""Lawyers in residence (驻点律师): their part in a matter, read whole and written act by act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Path, Router
from pydantic import AwareDatetime, Field

from fengqiao.accounts.scope import scope
from fengqiao.api.actions.shapes import Written
from fengqiao.api.doors import READS, WRITES, reader_of, reading
from fengqiao.api.matters import DOOR
from fengqiao.api.shapes import KEPT, Code, Named, Shape, Told
from fengqiao.api.writing import Receipt, carried_out, once_of, version_of
from fengqiao.flows import pool as flow
from fengqiao.flows.reading import opened
from fengqiao.pool.enums import AppointmentState, LawyerAction
from fengqiao.pool.models import Appointment, Following
from fengqiao.pool.policies import check_may_read
from fengqiao.pool.queries.lawyers import part_of

router = Router(tags=["lawyers"])


class AppointmentTold(Told):
    id: UUID
    lawyer: Named
    party: Named
    starts_at: datetime
    state: AppointmentState
    advised: str
    why: str


class FollowingTold(Told):
    lawyer: Named
    since: datetime
    ended_at: datetime | None


class LawyersTold(Told):
    """The lawyers' part in a matter."""

    version: Annotated[int, Field(description="The matter's version: what `If-Match` names.")]
    appointments: list[AppointmentTold]
    followings: list[FollowingTold]


class AppointmentActSent(Shape):
    """Nothing has to be said."""


class BookSent(AppointmentActSent):
    """Half an hour of a lawyer for a party. Free of charge."""

    party_id: UUID
    lawyer_id: UUID
    starts_at: AwareDatetime


class FollowSent(AppointmentActSent):
    """Who follows the matter to its end; whoever did before does no more."""

    lawyer_id: UUID


class MoveSent(AppointmentActSent):
    """Another half hour of the same lawyer."""

    starts_at: AwareDatetime
    why: Written


class AdviceSent(AppointmentActSent):
    """What the lawyer advised: a note on the matter, behind its wall."""

    advised: Annotated[str, Field(min_length=2, max_length=4000, pattern=KEPT)]


class WhySent(AppointmentActSent):
    """Why it is called off; the half hour is free again."""

    why: Written


BENEATH = "/matters/{code}/lawyers"
ACTS: dict[LawyerAction, tuple[str, type[AppointmentActSent]]] = {
    LawyerAction.BOOK: ("appointments", BookSent),
    LawyerAction.FOLLOW: ("follow", FollowSent),
    LawyerAction.LEAVE: ("leave", AppointmentActSent),
}
ON_ONE: dict[LawyerAction, type[AppointmentActSent]] = {
    LawyerAction.MOVE: MoveSent,
    LawyerAction.KEEP: AdviceSent,
    LawyerAction.MISS: AppointmentActSent,
    LawyerAction.CANCEL: WhySent,
}


@router.get(
    BENEATH,
    response=LawyersTold,
    auth=READS,
    operation_id="getLawyersOfMatter",
    summary="Lawyers in a matter · 律师参与",
    url_name="api_matter_lawyers",
)
def get_part(request: HttpRequest, code: Path[Code]) -> LawyersTold:
    """Appointments of the parties, what was advised, and who follows the matter."""
    with reading(request) as actor:
        check_may_read(actor)
        matter = opened(actor, code, door=DOOR)
        part = part_of(matter)
        return LawyersTold(
            version=matter.version,
            appointments=[_appointment(each) for each in part.appointments],
            followings=[_following(each) for each in part.followings],
        )


def _act(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    sent: AppointmentActSent,
    action: LawyerAction,
    **which: UUID,
) -> Receipt:
    actor = reader_of(request)
    once, version = once_of(request, sent), version_of(request)
    with scope(actor):
        matter = opened(actor, code, door="action")

    def work() -> None:
        flow.with_lawyer(
            actor=actor,
            matter_id=matter.pk,
            action=action,
            version=version,
            once=once,
            **which,
            **sent.model_dump(),
        )

    return carried_out(once, response, work)


def _view(action: LawyerAction, shape: type[AppointmentActSent], *, of_one: bool) -> Callable[..., Receipt]:
    def act(
        request: HttpRequest, response: HttpResponse, code: Path[Code], sent: AppointmentActSent
    ) -> Receipt:
        return _act(request, response, code, sent, action)

    def on_one(
        request: HttpRequest, response: HttpResponse, code: Path[Code], which: UUID, sent: AppointmentActSent
    ) -> Receipt:
        return _act(request, response, code, sent, action, appointment_id=which)

    door: Callable[..., Receipt] = on_one if of_one else act
    door.__annotations__["sent"] = shape
    door.__doc__ = shape.__doc__ if shape is not AppointmentActSent else ""
    door.__name__ = f"lawyer_{action}"
    return door


def _open(address: str, action: LawyerAction, shape: type[AppointmentActSent], *, of_one: bool) -> None:
    with translation.override("zh-hans"):
        summary = f"{action.value.capitalize()} · {action.label}"
    router.post(
        f"{BENEATH}/{address}",
        response=Receipt,
        auth=WRITES,
        operation_id=f"{action.value}Lawyer",
        url_name=f"api_lawyer_{action.value}",
        summary=summary,
        openapi_extra={"x-writes": "version"},
    )(_view(action, shape, of_one=of_one))


for _action, (_address, _shape) in ACTS.items():
    _open(_address, _action, _shape, of_one=False)
for _action, _shape in ON_ONE.items():
    _open(f"appointments/{{which}}/{_action}", _action, _shape, of_one=True)


def _named(what: Any) -> Named:
    return Named(id=str(what.pk), name=what.name)


def _appointment(row: Appointment) -> AppointmentTold:
    plain = {name: getattr(row, name) for name in ("id", "starts_at", "state", "advised", "why")}
    return AppointmentTold(lawyer=_named(row.lawyer), party=_named(row.party), **plain)


def _following(row: Following) -> FollowingTold:
    return FollowingTold(lawyer=_named(row.lawyer), since=row.since, ended_at=row.ended_at)
