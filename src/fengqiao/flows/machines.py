"""Machine clients from any door: issued, ended, and what the audit learns of the tokens they ask for."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt, record
from fengqiao.audit.enums import Result
from fengqiao.flows.sign_in import NO_COUNTY, NOBODY
from fengqiao.kernel.codes import county_of
from fengqiao.places.domain import machines
from fengqiao.places.models import MachineClient
from fengqiao.places.queries.machines import Machine


def issue(
    *, actor: Actor, stationing_id: UUID | None, name: str, scopes: Collection[str]
) -> tuple[MachineClient, str]:
    """Makes a client and audits for which post, with which scopes; the secret is returned once."""
    with attempt(actor, verb="machine.issue"):
        made, secret = machines.issue(actor=actor, stationing_id=stationing_id, name=name, scopes=scopes)
        details = {"post": str(made.stationing.post_id), "scopes": sorted(scopes), "client": made.client_id}
        record(actor=actor, verb="machine.issue", subject=f"machine:{made.pk}", details=details)
    return made, secret


def end(*, actor: Actor, machine_id: UUID) -> None:
    """Ends a client at once and audits it."""
    verb, subject = "machine.end", f"machine:{machine_id}"
    with attempt(actor, verb=verb, subject=subject):
        machines.end(actor=actor, machine_id=machine_id)
        record(actor=actor, verb=verb, subject=subject)


def token_given(machine: Machine) -> None:
    """A machine asked for a token and got one."""
    with scope(machine.actor):
        record(
            actor=machine.actor,
            verb="machine.token",
            subject=f"machine:{machine.id}",
            details={"scopes": sorted(machine.scopes)},
        )


def token_refused(client_id: str, code: str) -> None:
    """Somebody asked for a token as this client in vain. Who it was is not known; nobody stands as the doer.

    Where the client is known, it stands in the chain that its county's auditor reads.
    """
    known = MachineClient.objects.filter(client_id=client_id).select_related("stationing__post").first()
    county = county_of(known.stationing.post.division_id) if known else NO_COUNTY
    nobody = Actor(person_id=NOBODY, name="", role=Role.EXCHANGE, county=county)
    with scope(nobody):
        record(
            actor=nobody,
            verb="machine.token",
            subject=f"machine:{known.pk}" if known else "",
            result=Result.REFUSED,
            details={"code": code},
        )
