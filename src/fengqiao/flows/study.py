"""The study committee, from any door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.flows.once import Once
from fengqiao.matters.models import MatterFile
from fengqiao.study.domain import concluding, convening, naming, taking_part
from fengqiao.study.enums import StudyAction
from fengqiao.study.models import Member, Study
from fengqiao.study.queries.studies import material_of, study_by_id

VERBS: dict[StudyAction, Callable[..., Any]] = {
    StudyAction.INVITE: convening.invite,
    StudyAction.ADD_MATERIALS: convening.add_materials,
    StudyAction.REPLY: taking_part.reply,
    StudyAction.OPINE: taking_part.opine,
    StudyAction.CONCLUDE: concluding.conclude,
    StudyAction.CALL_OFF: convening.call_off,
}


def convene(*, actor: Actor, matter_id: UUID, **values: Any) -> Study:
    """Lays a matter before members; a refusal is rolled back and audited."""
    with attempt(actor, verb="study.convene", subject=f"matter:{matter_id}"):
        return convening.convene(actor=actor, matter_id=matter_id, **values)


def act(
    *, actor: Actor, study_id: UUID, action: StudyAction, once: Once | None = None, **values: Any
) -> None:
    """What members and the centre do in a study that is open."""
    with attempt(actor, verb=f"study.{action}", subject=f"study:{study_id}"):
        if once:
            once.begin()
        VERBS[action](actor=actor, study_id=study_id, **values)
        if once:
            once.keep({"id": str(study_id), "said": str(action)})


def material(*, actor: Actor, study_id: UUID, material_id: UUID) -> MatterFile:
    """A material of the pack, for whoever takes part and as long as the study is open; each opening is audited."""
    with attempt(actor, verb="study.read_file", subject=f"study:{study_id}"):
        study = study_by_id(actor, study_id)
        found = material_of(actor, study, material_id)
        record(
            actor=actor,
            verb="study.read_file",
            subject=f"matter:{study.matter_id}",
            county=study.county,
            details={"study": study.pk, "file": found.pk},
        )
        return found


def name_member(*, actor: Actor, **values: Any) -> Member:
    """The county names a member."""
    with attempt(actor, verb="study.name_member"):
        return naming.name_member(actor=actor, **values)


def end_member(*, actor: Actor, member_id: UUID, **values: Any) -> Member:
    """The county ends a membership."""
    with attempt(actor, verb="study.end_member"):
        return naming.end_member(actor=actor, member_id=member_id, **values)
