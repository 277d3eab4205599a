"""Removing what belongs to no matter: contents without a record, and records that nothing refers to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.files.models import StoredFile

# A file that is being attached right now has no record yet that others can see: it is let alone for a day.
GRACE = timedelta(days=1)
# A record is written together with what refers to it, so one that nothing refers to shows in its first days.
LOOKED_AT = timedelta(days=4)


def sweep_orphans() -> dict[str, int]:
    """Removes what no matter holds, county by county; returns how many contents of each county.

    A transaction that did not come about leaves its content on the disk and no record of it.
    """
    swept: dict[str, int] = {}
    if not default_storage.exists(""):
        return swept
    for county in sorted(default_storage.listdir("")[0]):
        if not county.isdigit():
            continue
        with scope(_sweeper(county)):
            _drop_records(county)
            orphans = _orphans(county)
        for path in orphans:
            default_storage.delete(path)
        if orphans:
            swept[county] = len(orphans)
    return swept


def _orphans(county: str) -> list[str]:
    # The real time: files carry the disk's, whatever the domain's clock says.
    before = datetime.now(UTC) - GRACE
    old = {
        name: f"{county}/{folder}/{name}"
        for folder in default_storage.listdir(county)[0]
        for name in default_storage.listdir(f"{county}/{folder}")[1]
        if default_storage.get_modified_time(f"{county}/{folder}/{name}") < before
    }
    kept = StoredFile.objects.filter(county=county, stored_as__in=old)
    known = set(kept.values_list("stored_as", flat=True))
    return [path for name, path in old.items() if name not in known]


def _drop_records(county: str) -> None:
    """The database itself says what is referred to: the sweeper sees no restricted matter's records."""
    now = datetime.now(UTC)
    young = StoredFile.objects.filter(
        county=county, created_at__gt=now - LOOKED_AT, created_at__lt=now - GRACE
    )
    for each in young:
        let_go(each)


def let_go(stored: StoredFile) -> None:
    """Removes the record of a file unless something still refers to it (the same content may be held twice).

    The content on the disk goes with the nightly sweep, once no record names it.
    """
    try:
        with transaction.atomic():
            stored.delete()
            connection.check_constraints()
    except IntegrityError:
        return


def _sweeper(county: str) -> Actor:
    return Actor(
        person_id=UUID(int=0), name="", role=Role.SYSTEM_ADMINISTRATOR, county=county, counties=(county,)
    )
