"""吹哨报到: a call to come now, by whoever is in front, with or without a matter. Counted in minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.audit.domain.record import record
from fengqiao.dispatch.enums import CallState, WhistlePlace
from fengqiao.dispatch.events import Whistled
from fengqiao.dispatch.guards import refusal_of_ended
from fengqiao.dispatch.models import Call, Notice, Whistle
from fengqiao.dispatch.policies import check_may_blow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.kernel.events import publish
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import ProcedureKind, ProcedureStage, Restriction, State, WordKind
from fengqiao.matters.models import Matter, Procedure
from fengqiao.matters.models.base import of
from fengqiao.places.enums import DepartmentKind
from fengqiao.places.models import Department
from fengqiao.places.queries.acting import counties_below
from fengqiao.places.queries.bodies import held_open
from fengqiao.places.queries.divisions import known_place

# The order in which a call goes on; a body that comes without saying so first is simply there.
NEXT: dict[CallState, tuple[CallState, ...]] = {
    CallState.CALLED: (CallState.ON_THE_WAY, CallState.THERE, CallState.STOOD_DOWN),
    CallState.ON_THE_WAY: (CallState.THERE, CallState.STOOD_DOWN),
    CallState.THERE: (CallState.DONE,),
    CallState.DONE: (),
    CallState.STOOD_DOWN: (),
}
MOMENT = {
    CallState.ON_THE_WAY: "on_the_way_at",
    CallState.THERE: "there_at",
    CallState.DONE: "done_at",
    CallState.STOOD_DOWN: "done_at",
}


@dataclass(frozen=True)
class NewWhistle:
    """Where to come and why. ``departments`` are called; courts and procuratorates among them invited."""

    departments: Sequence[UUID]
    place_kind: WhistlePlace
    place: str
    message: str
    matter_id: UUID | None = None
    division: str = ""


def whistle(*, actor: Actor, new: NewWhistle) -> Whistle:
    """Calls departments to come now. Refuses to call a court or procuratorate in a case it has in hand."""
    centre_id = check_may_blow(actor)
    place = needed("place", new.place, _("请写明到哪里。"))[:100]
    message = needed("message", new.message, _("请写明为什么事吹哨。"))
    bodies = held_open(Department, new.departments)
    if not bodies or len(bodies) != len(set(new.departments)):
        raise Invalid({"departments": _("请选择要呼叫的部门。")})
    if known_place(division=new.division, grid="", on=clock.today()):
        raise Invalid({"division": _("没有这个区划或网格，请从列表中选择。")})
    matter = locked(actor=actor, matter_id=new.matter_id) if new.matter_id else None
    _check_bodies(matter, bodies)
    _check_reach(matter.county if matter else actor.county, bodies)
    now = clock.now()
    called = Whistle.objects.create(
        **_belonging(actor, matter),
        centre_id=centre_id,
        place_kind=new.place_kind,
        place=place,
        division_id=new.division or None,
        message=message,
        called_by_id=actor.person_id,
        called_role=actor.role,
        called_at=now,
    )
    Call.objects.bulk_create(
        [
            Call(
                **_belonging(actor, matter),
                whistle=called,
                department=body,
                invitation=body.is_independent,
                called_at=now,
            )
            for body in bodies
        ]
    )
    tell(
        actor,
        matter,
        called,
        "whistle.called",
        {"departments": sorted(str(b.id) for b in bodies), "place": new.place_kind},
        {WordKind.SUMMARY: message},
    )
    publish(
        Whistled(
            actor=actor,
            whistle_id=called.id,
            county=called.county,
            restriction=called.restriction,
            matter_id=called.matter_id,
            called=tuple(body.id for body in bodies if not body.is_independent),
            invited=tuple(body.id for body in bodies if body.is_independent),
        )
    )
    return called


def answer(*, actor: Actor, call_id: UUID, to: CallState, result: str = "") -> Call:
    """The called department is on the way, is there, has done what could be done; or the caller stands it down."""
    matter = matter_of(call_id)
    call = Call.objects.select_for_update(of=("self",)).filter(pk=call_id).first()
    if call is None or not _may_answer(actor, call, to):
        raise NotAllowed("may_not_answer", _("只有被呼叫的部门可以应哨，由吹哨的中心取消。"))
    if to not in NEXT[CallState(call.state)]:
        raise Refusal(
            "not_in_this_state",
            _("这次吹哨现在是“%(state)s”，不能改为“%(to)s”。")
            % {"state": CallState(call.state).label, "to": CallState(to).label},
        )
    if to in (CallState.DONE, CallState.STOOD_DOWN):
        result = needed("result", result, _("请写明处置的结果。"))
        call.result = result
    call.state = to
    setattr(call, MOMENT[to], clock.now())
    if actor.role is Role.HANDLER:
        call.answered_by_id = actor.person_id
    call.save(update_fields=["state", MOMENT[to], "answered_by", "result"])
    if not Call.objects.filter(
        whistle_id=call.whistle_id,
        state__in=[CallState.CALLED, CallState.ON_THE_WAY, CallState.THERE],
    ).exists():
        Whistle.objects.filter(pk=call.whistle_id).update(ended_at=clock.now())
    _record_answer(actor, matter, call, to, result)
    return call


def inform(*, actor: Actor, matter_id: UUID, department_id: UUID, text: str) -> Notice:
    """Tells a body of a matter without giving it the matter: the only thing done towards a court."""
    if actor.role not in CENTRE_ROLES:
        raise NotAllowed("may_not_inform", _("由中心的岗位告知。"))
    text = needed("text", text, _("请写明告知的内容。"), shortest=4)
    body = next(iter(held_open(Department, [department_id])), None)
    matter = locked(actor=actor, matter_id=matter_id)
    if body is None:
        raise Invalid({"department": _("请选择部门。")})
    ended = refusal_of_ended(body, field="department")
    if ended is not None:
        raise ended
    if body.id == matter.against_department_id:
        raise Refusal("complained_of", _("不能告知被反映的单位。"), field="department")
    note(
        matter,
        actor=actor,
        type="notice.given",
        parameters={"department": body.id},
        words={WordKind.EXPLANATION: text},
    )
    return Notice.objects.create(
        **of(matter), department=body, text=text, by_id=actor.person_id, at=clock.now()
    )


def _check_bodies(matter: Matter | None, bodies: list[Department]) -> None:
    for body in bodies:
        ended = refusal_of_ended(body, field="departments")
        if ended is not None:
            raise ended
    if matter is None:
        return
    for body in bodies:
        if body.id == matter.against_department_id:
            raise Refusal("complained_of", _("不能呼叫被反映的单位。"), field="departments")
        if body.is_independent and _case_in_hand(matter, body):
            raise Refusal(
                "case_in_hand",
                _("这件事正在由该机关依法办理，不能吹哨；可以告知情况。"),
                field="departments",
            )


def _check_reach(county: str, bodies: list[Department]) -> None:
    """A body of another county never sees the call: nobody would come."""
    for body in bodies:
        if county not in counties_below(body.division_id):
            raise Refusal(
                "out_of_reach",
                _("%(name)s在别的县，看不到这次吹哨。") % {"name": body},
                field="departments",
            )


def _case_in_hand(matter: Matter, body: Department) -> bool:
    kinds = [ProcedureKind.LITIGATION]
    if body.kind == DepartmentKind.PROCURATORATE:
        kinds = [ProcedureKind.LITIGATION, ProcedureKind.POLICE]
    return Procedure.objects.filter(
        matter_id=matter.id, kind__in=kinds, stage=ProcedureStage.RUNNING
    ).exists()


def _belonging(actor: Actor, matter: Matter | None) -> dict[str, object]:
    if matter is not None:
        return of(matter)
    return {"county": actor.county, "restriction": Restriction.OPEN, "matter_id": None}


def _may_answer(actor: Actor, call: Call, to: CallState) -> bool:
    if to == CallState.STOOD_DOWN:
        return actor.centre_id is not None and call.whistle.centre_id == actor.centre_id
    return actor.role is Role.HANDLER and actor.department_id == call.department_id


def matter_of(call_id: UUID) -> Matter | None:
    """The matter of a call, its row locked before the call's, as every write to a matter does.

    Whoever is called sees the whistle, not necessarily the matter: its row is locked by identity.
    """
    known = Call.objects.filter(pk=call_id).values("matter_id")
    return Matter.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=known).first()


def _record_answer(actor: Actor, matter: Matter | None, call: Call, to: CallState, result: str) -> None:
    if matter is not None and matter.state == State.ARCHIVED:
        # Its history is frozen; that somebody came all the same is told by the audit.
        matter = None
    minutes = int((clock.now() - call.called_at).total_seconds() // 60)
    words = {WordKind.SUMMARY: result} if result else {}
    tell(
        actor,
        matter,
        call.whistle,
        f"whistle.{to}",
        {"department": call.department_id, "minutes": minutes},
        words,
    )


def tell(
    actor: Actor,
    matter: Matter | None,
    called: Whistle,
    type: str,  # noqa: A002  the word of the field
    parameters: dict[str, object],
    words: dict[WordKind, str],
) -> None:
    """Writes what happened to a whistle into its matter's history, or, without a matter, into the audit."""
    if matter is not None:
        note(matter, actor=actor, type=type, parameters={"whistle": called.id, **parameters}, words=words)
    else:
        record(
            actor=actor, verb=type, subject=f"whistle:{called.id}", county=called.county, details=parameters
        )
