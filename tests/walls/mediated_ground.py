"""What lies around a mediation, for the matrix: a talk apart from the other side, a room, a list of disposal, a
county's own template. The rows alone."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.models import Sketch
from fengqiao.dossier.models import FormTemplate
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.mediation.enums import SittingKind, SittingState, SittingWay
from fengqiao.mediation.models import Mediation, PromisedEvidence, Sitting, SittingNote
from fengqiao.pool.models import HeldAt

APART = "底线是两万元，请不要告诉对方"
TOGETHER = "双方各让一步，月底前谈妥"
SKETCHED = "每月初五还两千元，年底还清"
PROMISED_APART = "和老板谈话时的录音"
PROMISED_TOGETHER = "三个月的工资条"
LEADING = (Role.DIRECTOR, Role.EXECUTIVE_DEPUTY, Role.STANDING_DEPUTY)

Told = Callable[[Role, str, frozenset[str]], bool]


def _of_a_centre(role: Role, place: str, seen: frozenset[str]) -> bool:
    return role in CENTRE_ROLES and "handed" in seen


# Words that lie in one row each, and the posts that may ever be told them.
WHO_IS_TOLD: dict[str, Told] = {
    # The centre to which the matter was raised holds it now: its leaders answer for whoever mediated.
    APART: lambda role, place, seen: role in LEADING and place == "city",
    TOGETHER: lambda role, place, seen: "raised" in seen,
    # Nobody mediates there any more, and what was typed is no paper.
    SKETCHED: lambda role, place, seen: False,
    PROMISED_APART: lambda role, place, seen: role in LEADING and place == "city",
    PROMISED_TOGETHER: lambda role, place, seen: "raised" in seen,
    # What was agreed, and where it went from there, of the matter that was handed to the labour bureau.
    "三名工人在工地做工两个月": _of_a_centre,
    "请核实情况。": _of_a_centre,
    "工资可以申请先予执行": _of_a_centre,
    "城关派出所": _of_a_centre,
    # The talent's telephone is opened with a reason, and masked until then.
    "13800001234": lambda role, place, seen: False,
    "138 0000 1234": lambda role, place, seen: False,
}


def lie_talked(leader: Actor, matter: Matter, room_id: UUID) -> Sitting:
    """Of a mediation that is over: held in a room, with a joint talk and one with a party alone; in each something
    was promised."""
    moment = clock.now()
    with scope(leader):
        mediation = Mediation.objects.get(matter_id=matter.pk)
        given = {
            **of(matter),
            "mediation": mediation,
            "way": SittingWay.CENTRE,
            "state": SittingState.HELD,
            "planned_at": moment,
            "began_at": moment,
            "ended_at": moment,
            "place": "二楼调解室",
            "parties": [str(each.pk) for each in matter.parties.all()[:1]],
            "planned_by": leader.person_id,
        }
        for kind, words, promised in (
            (SittingKind.JOINT, TOGETHER, PROMISED_TOGETHER),
            (SittingKind.SEPARATE, APART, PROMISED_APART),
        ):
            talk = Sitting.objects.create(**given, kind=kind)
            SittingNote.objects.create(
                **of(matter),
                mediation=mediation,
                sitting=talk,
                sealed=talk.is_sealed,
                version=1,
                text=words,
                issues=words,
                by=leader.person_id,
                at=moment,
            )
            PromisedEvidence.objects.create(
                **of(matter),
                mediation=mediation,
                sitting=talk,
                sealed=talk.is_sealed,
                party=matter.parties.all()[0],
                what=promised,
                by_day=clock.today(),
                promised_at=moment,
                recorded_by=leader.person_id,
            )
    lie_held(leader, mediation, room_id)
    lie_sketched(leader, mediation)
    return talk


def lie_sketched(actor: Actor, mediation: Mediation) -> Sketch:
    """What was typed beside a talk and never written down as an agreement."""
    with scope(actor):
        return Sketch.objects.create(
            **of(mediation.matter),
            mediation=mediation,
            # After what became the agreement that lies on the ground.
            version=2,
            cells={"facts": SKETCHED},
            by_id=actor.person_id,
            at=clock.now(),
        )


def lie_over(actor: Actor, matter: Matter, room_id: UUID) -> None:
    """A mediation that is over without an agreement, held in a room."""
    moment = clock.now()
    with scope(actor):
        mediation = Mediation.objects.create(
            **of(matter), sent_by=actor.person_id, sent_at=moment, ended_at=moment, result="refused"
        )
    lie_held(actor, mediation, room_id)


def lie_held(actor: Actor, mediation: Mediation, room_id: UUID) -> None:
    with scope(actor):
        HeldAt.objects.create(
            **of(mediation.matter),
            mediation=mediation,
            room_id=room_id,
            recorded_by=actor.person_id,
            recorded_at=clock.now(),
        )


def lie_drafted(actor: Actor) -> FormTemplate:
    """A template that waits to be approved. Its file is none: nobody makes a paper by it."""
    with scope(actor):
        return FormTemplate.objects.create(
            county=actor.county,
            form="record",
            number=1,
            name="record.docx",
            content=b"a file",
            digest="0" * 64,
            fields=["number"],
            why="按司法局的要求改。",
            drafted_by_id=actor.person_id,
            drafted_at=clock.now(),
        )
