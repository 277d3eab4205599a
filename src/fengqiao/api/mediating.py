"""The course of a mediation (调解过程): read whole, and written act by act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from ninja import Path, Router

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.api.doors import READS, WRITES, reader_of, reading
from fengqiao.api.matters import DOOR
from fengqiao.api.mediation_sent import ACTS, ON_ONE, ActSent, NoteSent
from fengqiao.api.mediation_shapes import (
    MediationReceipt,
    MediationTold,
    MediatorDayTold,
    NoteReceipt,
    agreed_day_told,
    coming_told,
    mediation_told,
    note_told,
)
from fengqiao.api.problems import Problem, audit
from fengqiao.api.shapes import Code
from fengqiao.api.writing import answered, etag, once_of, version_of
from fengqiao.clocks.enums import AgreedDay
from fengqiao.clocks.queries.agreed_days import coming, next_worked
from fengqiao.flows import mediating as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, Refusal, Stale
from fengqiao.matters.models import Matter
from fengqiao.mediation.enums import MediationAction
from fengqiao.mediation.models import Consent
from fengqiao.mediation.policies import check_may_see_days
from fengqiao.mediation.queries.days import mediations_at, talks_to_come
from fengqiao.mediation.queries.process import process_of
from fengqiao.mediation.queries.sittings import talk_of

router = Router(tags=["mediation"])
SOON = timedelta(days=7)
BENEATH = "/matters/{code}/mediation"
# The verbs' names of what the API calls otherwise.
NAMES = {"consents": "parties"}


@router.get(
    BENEATH,
    response=MediationTold,
    auth=READS,
    operation_id="getMediation",
    summary="The course of a mediation · 调解过程",
    url_name="api_mediation",
    openapi_extra={"x-also": ["409"]},
)
def get_mediation(request: HttpRequest, code: Path[Code]) -> MediationTold:
    """The last mediation of the matter: footing, standings, who mediates, recusals, talks and results."""
    with reading(request) as actor:
        matter = opened(actor, code, door=DOOR)
        process = process_of(actor, matter)
        if process is None:
            raise Refusal("no_mediation", _("这件事项还没有转入调解。"))
        return mediation_told(process, matter.version)


@router.get(
    "/mediation/today",
    response=MediatorDayTold,
    auth=READS,
    operation_id="getMediationDay",
    summary="Talks of today and the next working day, and what falls due · 调解日程",
    url_name="api_mediation_day",
)
def get_day(request: HttpRequest) -> MediatorDayTold:
    """A mediator's own; for who leads or plans at the centre, of all of its mediators. At most a hundred."""
    with reading(request) as actor:
        check_may_see_days(actor)
        person = actor.person_id if actor.role is Role.MEDIATOR else None
        today = clock.today()
        talks = talks_to_come(actor, next_worked(today, actor.county), person)
        matters = Matter.objects.filter(pk__in=mediations_at(actor, person).values("matter_id"))
        days = coming(matters, today + SOON, without=(AgreedDay.TALK,))
        return MediatorDayTold(
            items=[coming_told(each) for each in talks], days=[agreed_day_told(each) for each in days]
        )


def _act(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    sent: ActSent,
    action: MediationAction,
    **which: Any,
) -> MediationReceipt:
    actor = reader_of(request)
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with scope(actor):
            # Asked here already: who stepped aside does not see the matter any more, and may send it again.
            once.begin()
            matter = opened(actor, code, door="action")
            values = sent.values(_answers(matter))
        try:
            flow.act_on_mediation(
                actor=actor,
                matter_id=matter.pk,
                action=action,
                version=version,
                once=once,
                **which,
                **values,
            )
        except Refusal as refusal:
            refusal.field = NAMES.get(refusal.field or "", refusal.field)
            if isinstance(refusal, Invalid):
                refusal.errors = {NAMES.get(name, name): text for name, text in refusal.errors.items()}
            raise

    answer = answered(once, response, work)
    response.headers["ETag"] = etag(answer["version"])
    return MediationReceipt(**answer)


def _answers(matter: Matter) -> dict[UUID, UUID]:
    """By party, the answers to being asked for the mediation that is running."""
    running = Consent.objects.filter(matter_id=matter.pk, mediation__ended_at=None)
    return dict(running.values_list("party_id", "pk"))


def _view(action: MediationAction, shape: type[ActSent], name: str = "") -> Callable[..., MediationReceipt]:
    """The door of one act; ``name``: what the verb calls the thing that the address names."""

    def act(
        request: HttpRequest, response: HttpResponse, code: Path[Code], sent: ActSent
    ) -> MediationReceipt:
        return _act(request, response, code, sent, action)

    def on_one(
        request: HttpRequest, response: HttpResponse, code: Path[Code], which: UUID, sent: ActSent
    ) -> MediationReceipt:
        return _act(request, response, code, sent, action, **{name: which})

    door: Callable[..., MediationReceipt] = on_one if name else act
    door.__annotations__["sent"] = shape
    door.__doc__ = shape.__doc__ if shape is not ActSent else ""
    door.__name__ = f"mediation_{action}"
    return door


def _open(address: str, action: MediationAction, shape: type[ActSent], name: str = "") -> None:
    first, *rest = action.value.split("_")
    with translation.override("zh-hans"):
        summary = f"{action.value.replace('_', ' ').capitalize()} · {action.label}"
    router.post(
        f"{BENEATH}/{address}",
        response=MediationReceipt,
        auth=WRITES,
        operation_id=first + "".join(word.capitalize() for word in rest) + "Mediation",
        url_name=f"api_mediation_{action.value}",
        summary=summary,
        openapi_extra={"x-writes": "version"},
    )(_view(action, shape, name))


for _action, (_address, _shape) in ACTS.items():
    _open(_address, _action, _shape)
for _action, (_address, _name, _shape) in ON_ONE.items():
    _open(_address, _action, _shape, _name)


@router.post(
    f"{BENEATH}/talks/{{talk_id}}/note",
    response=NoteReceipt,
    auth=WRITES,
    operation_id="saveTalkNote",
    summary="Save the record of a talk · 保存会谈记录",
    url_name="api_mediation_note",
    openapi_extra={
        "x-writes": "version",
        "x-version": "The version of the record that this one was written on: `note.version`, or 0.",
    },
)
def save_note(
    request: HttpRequest, response: HttpResponse, code: Path[Code], talk_id: UUID, sent: NoteSent
) -> NoteReceipt:
    """Whoever writes on an older version than the last is told (412) and shown what stands there: `current`."""
    actor = reader_of(request)
    once, known = once_of(request, sent), version_of(request)

    def work() -> None:
        with scope(actor):
            matter = opened(actor, code, door="action")
            talk_of(matter, talk_id)
        try:
            flow.save_note(
                actor=actor,
                matter_id=matter.pk,
                sitting_id=talk_id,
                once=once,
                known=known,
                text=sent.text,
                issues=sent.issues,
            )
        except Stale as stale:
            audit(request, stale)
            raise _changed(actor, matter, talk_id, stale) from stale

    answer: dict[str, Any] = answered(once, response, work)
    response.headers["ETag"] = etag(answer["version"])
    return NoteReceipt(**answer)


def _changed(actor: Actor, matter: Matter, talk_id: UUID, stale: Stale) -> Problem:
    """What somebody else wrote meanwhile, as the walls show it to who asks."""
    with scope(actor):
        theirs = note_told(talk_of(matter, talk_id).note)
    current = theirs.model_dump(mode="json") if theirs else None
    return Problem(
        412,
        stale.code,
        stale.message,
        headers={"ETag": etag(theirs.version if theirs else 0)},
        current=current,
    )
