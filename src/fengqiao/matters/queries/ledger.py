"""The ledger: every matter one may see, filtered, in an order that cannot change under the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock, identity
from fengqiao.kernel.codes import MATTER_CODE, division_prefix, prefix_range
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.domain.protection import contact_indexes, identity_indexes
from fengqiao.matters.enums import OPEN_STATES, Action, ContactKind, Outcome, State
from fengqiao.matters.models import HistoryEvent, Matter, OutsideNumber, Party, PartyContact
from fengqiao.matters.queries.lights import ASKED
from fengqiao.matters.queries.text import lexemes
from fengqiao.matters.queries.visibility import MatterQuerySet
from fengqiao.places.models import Post

PAGE = 30
# A number beyond this is said to be "1,000+": counting further costs more than it tells.
MOST_COUNTED = 1000
# How many hits of a word search are looked at, newest first.
MOST_FOUND = 2000
# Digits alone up to this many may be the end of a code; more are a number of somebody.
LONGEST_SEQUENCE = 6


@dataclass(frozen=True)
class LedgerFilter:
    """The filters of the ledger and its order ("" newest first, ``oldest``; ``due``: what ends first, and only that).

    All filters that are set must hold; dates are days in Asia/Shanghai, inclusive.
    """

    q: str = ""
    step: str = ""
    state: str = ""
    track: str = ""
    category: str = ""
    channel: str = ""
    division: str = ""
    centre: str = ""
    department: str = ""
    risk: str = ""
    danger: str = ""
    outcome: str = ""
    flag: str = ""
    light: str = ""
    registered_from: date | None = None
    registered_until: date | None = None
    order: str = ""
    party: str = ""

    def as_query(self) -> dict[str, str]:
        """The filters that are set, as they stand in an address. The party's number never does."""
        return {
            f.name: str(getattr(self, f.name))
            for f in fields(self)
            if f.name != "party" and getattr(self, f.name)
        }


def wanted_of(asked: Mapping[str, str]) -> LedgerFilter:
    """The filter again from what stands in an address; what it does not know is left out."""
    known: dict[str, Any] = {name: value for name, value in asked.items() if name in KEPT}
    for name in ("registered_from", "registered_until"):
        if name in known:
            known[name] = date.fromisoformat(known[name])
    return LedgerFilter(**known)


# Everything but the party's number, which is never kept.
KEPT = frozenset(f.name for f in fields(LedgerFilter)) - {"party"}
OLDEST_FIRST = "oldest"
DUE_FIRST = "due"


def is_somebodys_number(text: str) -> bool:
    """Whether what is looked for is a whole number of somebody: it stands in no address and is not kept."""
    text = text.strip()
    return len(text) > LONGEST_SEQUENCE and identity.is_number(text) and not MATTER_CODE.match(text)


@dataclass(frozen=True)
class Page:
    rows: list[Matter]
    next_cursor: str
    is_first: bool


# Settled in substance: neither withdrawn, nor handed over to another body, nor an old ledger's history.
SETTLED_IN_SUBSTANCE = (
    Outcome.SETTLED_ON_SPOT,
    Outcome.WRITTEN_AGREEMENT,
    Outcome.ORAL_AGREEMENT,
    Outcome.SETTLED,
    Outcome.DECLINED,
)
SETTLED_AND_CLOSED = Q(
    state__in=[State.CLOSED, State.ARCHIVED], outcome__in=SETTLED_IN_SUBSTANCE, is_history=False
)
# Raised by a post of the centre that registered it. What a lower centre raised back to that centre has not
# left its level.
RAISED_ABOVE_ITS_CENTRE = Exists(
    HistoryEvent.objects.filter(
        matter_id=OuterRef("pk"),
        type=f"matter.{Action.RAISE}",
        post_id__in=Post.objects.filter(centre_id=OuterRef(OuterRef("centre_id"))).values("pk"),
    )
)

# Named sets that numbers elsewhere count: a number opens into exactly its rows.
FLAGS: dict[str, Q] = {
    "open": Q(state__in=OPEN_STATES),
    "closed": Q(state__in=[State.CLOSED, State.ARCHIVED]),
    "reopened": Q(reopened__gt=0),
    "raised": Q(raised=True),
    "in_danger": ~Q(danger="none") & Q(state__in=OPEN_STATES),
    "turned_criminal": Q(turned_criminal_at__isnull=False),
    "anonymous": Q(anonymous=True),
    "history": Q(is_history=True),
    "restricted": Q(restriction="restricted"),
    "performing": Q(performance="running"),
    "own_level_all": SETTLED_AND_CLOSED,
    "own_level": SETTLED_AND_CLOSED & (Q(raised=False) | Q(~RAISED_ABOVE_ITS_CENTRE)),
    "incomplete": Q(category="") | Q(division__isnull=True) | Q(account=""),
}


def matching(actor: Actor, wanted: LedgerFilter) -> MatterQuerySet:
    """The matters that the actor may see and that fit the filters."""
    found: MatterQuerySet = Matter.objects.visible_to(actor)
    equal = {"step": wanted.step, "state": wanted.state, "track": wanted.track, "channel": wanted.channel}
    equal |= {"risk": wanted.risk, "danger": wanted.danger, "outcome": wanted.outcome}
    found = found.filter(**{name: value for name, value in equal.items() if value})
    if wanted.category:
        low, high = prefix_range(wanted.category)
        found = found.filter(category__gte=low, category__lt=high)
    if wanted.division:
        low, high = prefix_range(division_prefix(wanted.division))
        found = found.filter(division_id__gte=low, division_id__lt=high)
    if wanted.centre:
        found = found.filter(centre_id=UUID(wanted.centre))
    if wanted.department:
        found = found.filter(handeds__department_id=UUID(wanted.department), handeds__taken_back_at=None)
    if wanted.flag in FLAGS:
        found = found.filter(FLAGS[wanted.flag])
    if wanted.light in ASKED:
        found = found.filter(ASKED[wanted.light](clock.now()))
    if wanted.order == DUE_FIRST:
        # Only what has a time that runs: the rest has no place in this order.
        found = found.filter(due_at__isnull=False)
    if wanted.registered_from:
        found = found.filter(registered_at__gte=_start(wanted.registered_from))
    if wanted.registered_until:
        found = found.filter(registered_at__lt=_start(wanted.registered_until + timedelta(days=1)))
    if wanted.party:
        found = found.filter(pk__in=_of_party(actor, wanted.party))
    if wanted.q:
        found = found.filter(_words(actor, wanted.q))
    return found


def page(
    actor: Actor,
    wanted: LedgerFilter,
    *,
    found: MatterQuerySet | None = None,
    cursor: str = "",
    size: int = PAGE,
    strict: bool = False,
) -> Page:
    """One page by (registered at, code), or (due at, code); ``cursor`` is the signed end of the page before.

    A cursor of another filter or another post begins anew; where ``strict``, it raises ``Invalid``: a program
    that reads page by page must not be led round in a circle. ``found``: the answer of ``matching`` where the
    caller has it, as a search for words is not asked twice.
    """
    found = matching(actor, wanted) if found is None else found
    after = _read_cursor(cursor, actor, wanted)
    if strict and cursor and after is None:
        raise Invalid({"cursor": _("这个游标不属于这次查询，请从第一页重新开始。")}, code="foreign_cursor")
    by, upwards = _ordered_by(wanted), wanted.order in (OLDEST_FIRST, DUE_FIRST)
    if after is not None:
        at, code = after
        way = "gt" if upwards else "lt"
        found = found.filter(Q(**{f"{by}__{way}": at}) | Q(**{by: at, f"code__{way}": code}))
    order = (by, "code") if upwards else (f"-{by}", "-code")
    rows = list(found.select_related("division", "holder", "lead_department").order_by(*order)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(
        rows=rows, next_cursor=_cursor(rows[-1], actor, wanted) if more else "", is_first=after is None
    )


def count(actor: Actor, wanted: LedgerFilter, *, found: MatterQuerySet | None = None) -> tuple[int, bool]:
    """How many rows, and whether there are more than are counted; ``found`` as for ``page``."""
    found = matching(actor, wanted) if found is None else found
    number = found.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return min(number, MOST_COUNTED), number > MOST_COUNTED


def _words(actor: Actor, text: str) -> Q:
    text = text.strip()
    if MATTER_CODE.match(text):
        return Q(code=text)
    # Plain lists: an OR with a query inside would be asked of every matter of the county.
    outside = OutsideNumber.objects.filter(county__in=actor.counties, number=text)
    found = set(outside.values_list("matter_id", flat=True))
    if text.isdigit() and len(text) <= LONGEST_SEQUENCE:
        # What people say of a code is its end.
        found |= _from_index("matter_numbered", text.zfill(6)) | _of_party(actor, text)
    elif identity.is_number(text):
        found |= _of_party(actor, text)
    elif words := lexemes(text):
        found |= _from_index("matter_search", words)
    return Q(pk__in=found)


def _from_index(function: str, wanted: str | list[str]) -> set[UUID]:
    """What a function of the owner finds by an index that the walls keep the planner from; it holds to them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [wanted, MOST_FOUND])  # noqa: S608  one of two names
        return {row[0] for row in cursor.fetchall()}


def _of_party(actor: Actor, number: str) -> set[UUID]:
    """Matters of an exact identity number or phone, through the blind index of each county in reach."""
    identities = [i for county in actor.counties for i in identity_indexes(county=county, number=number)]
    phones = [
        index
        for county in actor.counties
        for index in contact_indexes(county=county, kind=ContactKind.PHONE, value=number)
    ]
    parties = Party.objects.filter(county__in=actor.counties, identity_index__in=identities)
    contacts = PartyContact.objects.filter(county__in=actor.counties, index__in=phones)
    return set(parties.values_list("matter_id", flat=True)) | set(
        contacts.values_list("matter_id", flat=True)
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.SHANGHAI)


def _ordered_by(wanted: LedgerFilter) -> str:
    return "due_at" if wanted.order == DUE_FIRST else "registered_at"


def _cursor(last: Matter, actor: Actor, wanted: LedgerFilter) -> str:
    return signing.dumps(
        [getattr(last, _ordered_by(wanted)).isoformat(), last.code, _shape(actor, wanted)],
        salt="ledger",
        compress=True,
    )


def _read_cursor(cursor: str, actor: Actor, wanted: LedgerFilter) -> tuple[datetime, str] | None:
    """The end of the page before; a cursor of another filter, another post or changed by hand begins anew."""
    if not cursor:
        return None
    try:
        at, code, shape = signing.loads(cursor, salt="ledger")
    except (signing.BadSignature, ValueError):
        return None
    return (datetime.fromisoformat(at), code) if shape == _shape(actor, wanted) else None


def _shape(actor: Actor, wanted: LedgerFilter) -> str:
    words: list[Any] = sorted(wanted.as_query().items())
    return signing.Signer(salt="ledger-shape").signature(f"{actor.post_id}|{words}|{wanted.party}")[:16]
