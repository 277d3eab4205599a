"""What a system administrator does with centres and departments: refusals rolled back and audited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.places.domain import bodies
from fengqiao.places.domain.bodies import Details
from fengqiao.places.enums import ResidenceMode
from fengqiao.places.models import Centre, Department

Model = type[Centre] | type[Department]


def add(*, actor: Actor, model: Model, new: Details) -> Centre | Department:
    """Adds the body and audits what was said of it."""
    noun = _noun(model)
    with attempt(actor, verb=f"{noun}.add"):
        made = (
            bodies.add_centre(actor=actor, new=new)
            if model is Centre
            else bodies.add_department(actor=actor, new=new)
        )
        details = {
            "name": made.name,
            "division": made.division_id,
            "kind": new.kind,
            "upper": str(made.upper_id or ""),
            "telephone": made.telephone,
            "address": made.address,
            "from": new.since.isoformat() if new.since else "",
        }
        record(actor=actor, verb=f"{noun}.add", subject=f"{noun}:{made.pk}", details=details)
    return made


def amend(*, actor: Actor, model: Model, body_id: UUID, new: Details, version: int) -> None:
    """Amends the body; the audit holds what changed, before and after."""
    verb, subject = f"{_noun(model)}.amend", f"{_noun(model)}:{body_id}"
    with attempt(actor, verb=verb, subject=subject):
        if model is Centre:
            _made, change = bodies.amend_centre(actor=actor, centre_id=body_id, new=new, version=version)
        else:
            _body, change = bodies.amend_department(
                actor=actor, department_id=body_id, new=new, version=version
            )
        record(actor=actor, verb=verb, subject=subject, details=change)


def set_residents(
    *, actor: Actor, centre_id: UUID, present: Mapping[UUID, ResidenceMode], version: int
) -> None:
    """Says who is present at a centre; the audit holds who was and who is."""
    verb, subject = "centre.residents", f"centre:{centre_id}"
    with attempt(actor, verb=verb, subject=subject):
        change = bodies.set_residents(actor=actor, centre_id=centre_id, present=present, version=version)
        record(actor=actor, verb=verb, subject=subject, details=change)


def end(*, actor: Actor, model: Model, body_id: UUID, until: date, version: int) -> None:
    """Gives the body its last day and audits it."""
    verb, subject = f"{_noun(model)}.end", f"{_noun(model)}:{body_id}"
    with attempt(actor, verb=verb, subject=subject):
        if model is Centre:
            bodies.end_centre(actor=actor, centre_id=body_id, until=until, version=version)
        else:
            bodies.end_department(actor=actor, department_id=body_id, until=until, version=version)
        record(actor=actor, verb=verb, subject=subject, details={"until": until.isoformat()})


def reopen(*, actor: Actor, model: Model, body_id: UUID, version: int) -> None:
    """Takes the body's last day back and audits it."""
    verb, subject = f"{_noun(model)}.reopen", f"{_noun(model)}:{body_id}"
    with attempt(actor, verb=verb, subject=subject):
        if model is Centre:
            bodies.reopen_centre(actor=actor, centre_id=body_id, version=version)
        else:
            bodies.reopen_department(actor=actor, department_id=body_id, version=version)
        record(actor=actor, verb=verb, subject=subject)


def _noun(model: Model) -> str:
    return "centre" if model is Centre else "department"
