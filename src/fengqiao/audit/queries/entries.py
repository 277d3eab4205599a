"""Reading the audit, for the auditor: the entries of the counties in reach, newest first."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.models import Person
from fengqiao.audit.models import Entry
from fengqiao.kernel import clock

PAGE = 30
# A number beyond this is said to be "1,000+": counting further costs more than it tells.
MOST_COUNTED = 1000
# A part of a name may fit many; the first ones by login name are looked for.
MOST_PEOPLE = 100


@dataclass(frozen=True)
class EntryFilter:
    """All that are set must hold; dates are days in Asia/Shanghai, inclusive.

    ``family``: the first word of the verb ("matter", "person", …). ``person``: a login name, or a part of a
    name. ``subject``: the whole reference ("person:…", "matter:…").
    """

    since: date | None = None
    until: date | None = None
    family: str = ""
    result: str = ""
    person: str = ""
    subject: str = ""

    def as_query(self) -> dict[str, str]:
        """The filters that are set, as they stand in an address."""
        return {f.name: str(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name)}


@dataclass(frozen=True)
class EntryPage:
    rows: list[Entry]
    next_cursor: str
    is_first: bool


def matching(actor: Actor, wanted: EntryFilter) -> QuerySet[Entry]:
    """The entries that the auditor may read and that fit the filters."""
    return Entry.objects.filter(_conditions(wanted), county__in=actor.audit_counties)


def page(actor: Actor, wanted: EntryFilter, *, cursor: str = "", size: int = PAGE) -> EntryPage:
    """One page, newest first by (moment, chain, place); ``cursor`` is the signed end of the page before."""
    conditions = _conditions(wanted)
    after = _read_cursor(cursor, actor, wanted)
    if after is not None:
        at, chain, seq = after
        before = Q(at__lt=at) | Q(at=at, chain__lt=chain) | Q(at=at, chain=chain, seq__lt=seq)
        # The plain condition beside the exact one is what the index can be entered by.
        conditions &= Q(at__lte=at) & before
    rows = list(_newest(conditions, actor.audit_counties, size + 1))
    more, rows = len(rows) > size, rows[:size]
    return EntryPage(
        rows=rows, next_cursor=_cursor(rows[-1], actor, wanted) if more else "", is_first=after is None
    )


def count(actor: Actor, wanted: EntryFilter) -> tuple[int, bool]:
    """How many entries, and whether there are more than are counted."""
    found = matching(actor, wanted).values("pk")[: MOST_COUNTED + 1].count()
    return min(found, MOST_COUNTED), found > MOST_COUNTED


def details_of(entry: Entry) -> dict[str, Any]:
    """What the link says beside its columns, as it was hashed."""
    details: dict[str, Any] = json.loads(bytes(entry.content))["details"]
    return details


def names_in(entries: Iterable[Entry]) -> dict[UUID, Person]:
    """The people that entries name, as those who acted or as those it was done to (one statement)."""
    named: set[UUID] = set()
    for entry in entries:
        if entry.person_id:
            named.add(entry.person_id)
        kind, _colon, key = entry.subject.partition(":")
        if kind == "person":
            named.add(UUID(key))
    return Person.objects.only("name", "username").in_bulk(named)


def _newest(conditions: Q, counties: tuple[str, ...], size: int) -> QuerySet[Entry]:
    order = ("-at", "-chain", "-seq")
    # County by county: one index serves each in this order, none serves all of them together.
    parts = [Entry.objects.filter(conditions, county=county).order_by(*order)[:size] for county in counties]
    if not parts:
        return Entry.objects.none()
    if len(parts) == 1:
        return parts[0]
    return parts[0].union(*parts[1:], all=True).order_by(*order)[:size]


def _conditions(wanted: EntryFilter) -> Q:
    conditions = Q()
    if wanted.since:
        conditions &= Q(at__gte=_start(wanted.since))
    if wanted.until:
        conditions &= Q(at__lt=_start(wanted.until + timedelta(days=1)))
    if wanted.family:
        conditions &= Q(verb__startswith=f"{wanted.family}.")
    if wanted.result:
        conditions &= Q(result=wanted.result)
    if wanted.subject:
        conditions &= Q(subject=wanted.subject)
    if wanted.person:
        # What they did, and what was tried or done to their access.
        people = _people(wanted.person)
        conditions &= Q(person_id__in=people) | Q(subject__in=[f"person:{each}" for each in people])
    return conditions


def _people(text: str) -> list[UUID]:
    fits = Q(username__iexact=text) | Q(name__icontains=text)
    return list(Person.objects.filter(fits).order_by("username").values_list("pk", flat=True)[:MOST_PEOPLE])


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.SHANGHAI)


def _cursor(last: Entry, actor: Actor, wanted: EntryFilter) -> str:
    return signing.dumps(
        [last.at.isoformat(), last.chain, last.seq, _shape(actor, wanted)], salt="audit", compress=True
    )


def _read_cursor(cursor: str, actor: Actor, wanted: EntryFilter) -> tuple[datetime, str, int] | None:
    """The end of the page before; a cursor of another filter, another post or changed by hand begins anew."""
    if not cursor:
        return None
    try:
        at, chain, seq, shape = signing.loads(cursor, salt="audit")
    except (signing.BadSignature, ValueError):
        return None
    return (datetime.fromisoformat(at), chain, seq) if shape == _shape(actor, wanted) else None


def _shape(actor: Actor, wanted: EntryFilter) -> str:
    words = sorted(wanted.as_query().items())
    return signing.Signer(salt="audit-shape").signature(f"{actor.post_id}|{words}")[:16]
