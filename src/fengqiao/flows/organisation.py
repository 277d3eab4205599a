"""Places and people taken in from files, from any door: written and audited in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import record
from fengqiao.flows.sign_in import NO_COUNTY, NOBODY
from fengqiao.kernel.crypto import sm3
from fengqiao.places.domain.divisions import DivisionsTaken, take_divisions
from fengqiao.places.domain.organisation import OrganisationTaken, read_organisation, take_organisation


def divisions(files: Iterable[Path], *, source: str, since: date) -> DivisionsTaken:
    """Takes divisions in; see ``places.domain.divisions``."""
    actor = operator(NO_COUNTY)
    with scope(actor):
        taken = take_divisions(files, source=source, since=since)
        if taken.added or taken.renamed:
            record(actor=actor, verb="divisions.imported", details=asdict(taken) | {"source": source})
    return taken


def organisation(file: Path, *, password: Callable[[str], str | None]) -> OrganisationTaken:
    """Takes an organisation in; the audit of each county named in it learns of the file and its sums."""
    data = read_organisation(file)
    digest = sm3(file.read_bytes())
    outer = operator(NO_COUNTY)
    with scope(outer):
        taken = take_organisation(data, password=password)
        details: dict[str, Any] = asdict(taken)
        # Passwords are told to whoever runs the command and kept nowhere.
        del details["passwords"]
        details |= {"file": digest, "counties": sorted(taken.counties)}
        for county in sorted(taken.counties):
            actor = operator(county)
            with scope(actor):
                record(actor=actor, verb="organisation.imported", details=details)
    return taken


def operator(county: str) -> Actor:
    """Whoever runs the commands of this machine: nobody who signed in."""
    return Actor(person_id=NOBODY, name="", role=Role.EXCHANGE, county=county, counties=())
