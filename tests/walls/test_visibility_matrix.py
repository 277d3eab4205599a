"""Who sees which matter through which door: every post, every door there is below the screens, one table.

The screens have their own table (test_web_doors.py), and so have the API's addresses (test_api_doors.py) and
webhooks (test_told_by_webhooks.py): all of them are held to matrix.txt. The last part proves that the matrix
bites: with ``visible_to`` taken out each door fails, and with a policy of the database taken out another check
does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from django.db import connections, transaction
from django.db.models import Q
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS, Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.queries import agreements
from fengqiao.agreements.queries.sketches import begun_of
from fengqiao.clocks.enums import Whose
from fengqiao.clocks.models import Clock
from fengqiao.clocks.queries import due
from fengqiao.confirmation.queries import cases
from fengqiao.counsel.policies import charges_visible_to
from fengqiao.counsel.queries import consultations, teams
from fengqiao.dispatch import policies as dispatch_policies
from fengqiao.dispatch.queries import scores
from fengqiao.dispatch.queries import work as dispatch_work
from fengqiao.dispatch.queries.handovers import handovers_of
from fengqiao.dispatch.queries.whistles import whistles_of
from fengqiao.dossier.policies import check_may_list_for_disposal, may_scan
from fengqiao.dossier.queries import disposal, scans
from fengqiao.dossier.queries.papers import papers_of
from fengqiao.dossier.queries.signed_copies import copies_of
from fengqiao.exchange.domain import exporting
from fengqiao.exchange.domain.importing import rehearse_chunk
from fengqiao.exchange.mapping import Given, load
from fengqiao.exchange.policies import may_import
from fengqiao.exchange.reading import Row
from fengqiao.flows import bulk, procedure
from fengqiao.flows import scanning as flow_of_scans
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.leading.queries import instructions, key_matters, recommendations
from fengqiao.matters.domain.move import locked
from fengqiao.matters.enums import Action
from fengqiao.matters.models import Matter
from fengqiao.matters.queries import ledger, work
from fengqiao.matters.queries.ledger import LedgerFilter
from fengqiao.matters.queries.matters import by_code
from fengqiao.matters.queries.record import record_of
from fengqiao.matters.queries.similar import similar_to
from fengqiao.matters.queries.visibility import MatterQuerySet
from fengqiao.mediation.models import Mediation, PromisedEvidence, SittingNote
from fengqiao.mediation.queries.evidence import evidence_of
from fengqiao.mediation.queries.sittings import talks_of
from fengqiao.places.queries.acting import exchange_of
from fengqiao.pool.queries.rooms import counts_of, held_in, room_by_id
from fengqiao.referrals.models import ReferralPaper
from fengqiao.referrals.queries import referrals
from fengqiao.reporting.periods import quarter_of
from fengqiao.reporting.queries import reports
from fengqiao.reporting.queries.mediation_statistics import form_of
from fengqiao.study.queries import studies
from fengqiao.supervision.queries import cases as supervisions
from tests import template_database
from tests.small_county import RESIDENT_IDS
from tests.walls.mediated_ground import APART, PROMISED_APART, PROMISED_TOGETHER, SKETCHED, TOGETHER
from tests.walls.sight_ground import (
    KINDS,
    OUTSIDE,
    SHARED_PHONE,
    VILLAGE,
    SightGround,
    address_of,
    identity_of,
    lay,
    phone_of,
)

# Read it by the line: the registrar of the county sees their own confidential matter (restricted) and not
# the one from which they stepped aside (recused).
MATRIX = Path(__file__).with_name("matrix.txt").read_text(encoding="utf-8")
Who = tuple[Role, str]
Keys = frozenset[str]


def read(table: str) -> dict[Who, Keys]:
    head, *lines = table.strip().splitlines()
    names = head.split()[2:]
    found = {}
    for line in lines:
        place, role, *marks = line.split()
        assert len(marks) == len(names), line
        found[Role(role), place] = frozenset(
            name for name, mark in zip(names, marks, strict=True) if mark == "x"
        )
    return found


SEEN = read(MATRIX)
NOBODY: dict[Who, Keys] = dict.fromkeys(SEEN, frozenset())
WINDOWS = (Role.REGISTRAR, Role.PETITION_OFFICER, Role.LEGAL_OFFICER, Role.INDUSTRY_OFFICER)
# The standing deputy directs too, and stepped aside from all three.
DIRECTING = (Role.DISPATCHER, Role.DIRECTOR, Role.EXECUTIVE_DEPUTY)
NOT_OF_A_CENTRE = (
    Role.SUPERVISOR,
    Role.COMMISSION,
    Role.EXCHANGE,
    Role.AUDITOR,
    Role.SYSTEM_ADMINISTRATOR,
    Role.SECURITY_ADMINISTRATOR,
)

ARCHIVING = (*LEADERS, Role.DISPATCHER)
ADMINISTRATORS = (Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)
DISPATCHING = (*DIRECTING, Role.STANDING_DEPUTY, Role.DUTY_COMMANDER)


def only(*lines: tuple[tuple[Role, ...] | Role, str, str]) -> dict[Who, Keys]:
    """Nobody but these: (posts, place, what they see)."""
    table = dict(NOBODY)
    for roles, place, keys in lines:
        for role in roles if isinstance(roles, tuple) else (roles,):
            assert (role, place) in table
            table[role, place] = frozenset(keys.split(" + ")) if keys else frozenset()
    return table


def of_those(keys: str) -> dict[Who, Keys]:
    """What each sees of these matters."""
    return {who: seen & frozenset(keys.split()) for who, seen in SEEN.items()}


# Where a door is asked often, these stand for all: every post once, and each kind of place.
SOME = [
    *((role, place) for role, place in SEEN if place in ("county", "labour", "housing", "police")),
    *((Role.REGISTRAR, place) for place in ("town", "city", "other")),
    (Role.DIRECTOR, "city"),
]


# Where one matter after the other is tried: who is kept from one at home, and one of each other place.
FEW: list[Who] = [
    *((role, "county") for role in (Role.REGISTRAR, Role.PETITION_OFFICER, Role.DIRECTOR)),
    *((role, "county") for role in (Role.EXECUTIVE_DEPUTY, Role.STANDING_DEPUTY, Role.SUPERVISOR)),
    *((Role.HANDLER, place) for place in ("labour", "police")),
    *((Role.REGISTRAR, place) for place in ("town", "city")),
]


def some(table: dict[Who, Keys]) -> dict[Who, Keys]:
    return {who: table[who] for who in SOME}


def but_for(*roles: Role) -> dict[Who, Keys]:
    """What each sees, but nothing for these posts."""
    return {who: frozenset() if who[0] in roles else seen for who, seen in SEEN.items()}


# --- what waits for whom ------------------------------------------------------------------------------------

WAITING = only(
    (WINDOWS, "county", "own + lifted"),
    (Role.PETITION_OFFICER, "county", "lifted"),
    (Role.REGISTRAR, "county", "own + restricted + lifted"),
    ((Role.DISPATCHER, Role.DIRECTOR, Role.EXECUTIVE_DEPUTY, Role.PETITION_INSPECTOR), "county", "village"),
    (WINDOWS, "town", "lower"),
    (WINDOWS, "city", "upper"),
    (Role.DISPATCHER, "city", "raised"),
    (WINDOWS, "other", "other"),
)
TO_HANDLE = only(
    (Role.HANDLER, "labour", "handed"),
    (Role.HANDLER, "housing", "handed"),
    (Role.HANDLER, "police", "returned"),
)
CALLED = only(
    (Role.HANDLER, "labour", "own + no matter"),
    (Role.HANDLER, "police", "own + complained + lower"),
    (Role.HANDLER, "other", "other"),
)
OF_THE_CENTRE = (
    Role.PETITION_OFFICER,
    Role.LEGAL_OFFICER,
    Role.DISPATCHER,
    Role.MEDIATOR,
    Role.STANDING_DEPUTY,
    Role.DUTY_COMMANDER,
    Role.PETITION_INSPECTOR,
)
ALL_CENTRE = (
    *OF_THE_CENTRE,
    Role.REGISTRAR,
    Role.INDUSTRY_OFFICER,
    Role.DIRECTOR,
    Role.EXECUTIVE_DEPUTY,
    Role.SUPERVISOR,
)
WHISTLES = only(
    (OF_THE_CENTRE, "county", "own + complained + recused + lower + no matter"),
    (Role.PETITION_OFFICER, "county", "complained + recused + lower + no matter"),
    (Role.REGISTRAR, "county", "own + restricted + complained + lower + no matter"),
    (Role.INDUSTRY_OFFICER, "county", "own + recused + lower + no matter"),
    (Role.DIRECTOR, "county", "own + restricted + complained + recused + lower + no matter"),
    (Role.EXECUTIVE_DEPUTY, "county", "own + complained + recused + lower + no matter"),
    (Role.STANDING_DEPUTY, "county", "own + lower + no matter"),
    (Role.SUPERVISOR, "county", "own + complained + lower + no matter"),
    (ALL_CENTRE, "town", "lower"),
    (ALL_CENTRE, "city", "own + complained + recused + lower + other + no matter"),
    (Role.DIRECTOR, "city", "own + complained + lower + other + no matter"),
    (ALL_CENTRE, "other", "other"),
    (Role.HANDLER, "labour", "own + no matter"),
    (Role.HANDLER, "housing", "own + complained + recused"),
    (Role.HANDLER, "police", "own + complained + lower"),
    (Role.HANDLER, "other", "other"),
)
# The housing bureau was scored; other departments see the same whistles and not its score.
SCORED = {
    who: seen & {"own", "complained", "recused"}
    if who[0] is not Role.HANDLER or who[1] == "housing"
    else frozenset()
    for who, seen in WHISTLES.items()
}

CHASED = {
    who: frozenset()
    if who[0] is Role.EXCHANGE or (who[0] is Role.HANDLER and who[1] != "labour")
    else seen & {"handed"}
    for who, seen in SEEN.items()
}

# What was registered at a centre, to those of its posts that see it.
AT_THEIR_WINDOW = {
    who: seen & {key for key, (place, *_more) in KINDS.items() if place == who[1]}
    if who[0] in CENTRE_ROLES
    else frozenset()
    for who, seen in SEEN.items()
}

# --- the filters of the ledger and the matters that fit them ------------------------------------------------

ALL = " ".join(KINDS)
IN_THE_COUNTY = "own village restricted sealed raised handed returned complained recused"
FILTERS: dict[str, tuple[dict[str, Any], str]] = {
    "none": ({}, ALL),
    "step": ({"step": "track"}, "handed returned complained recused"),
    "state": ({"state": "registered"}, "own other restricted sealed lower upper"),
    "track": ({"track": "departmental"}, "handed returned complained recused"),
    "category": ({"category": "0703"}, ALL),
    "category above": ({"category": "07"}, ALL),
    "channel": ({"channel": "visit"}, ALL),
    "division": ({"division": VILLAGE}, "village upper"),
    "division above": ({"division": "440785000000"}, f"{IN_THE_COUNTY} upper"),
    "division of the city": ({"division": "440700000000"}, f"{IN_THE_COUNTY} upper other"),
    "centre": ({"centre": "county"}, IN_THE_COUNTY),
    "centre below": ({"centre": "town"}, "lower lifted"),
    "department": ({"department": "labour"}, "handed recused"),
    "department helping": ({"department": "housing"}, "handed complained"),
    "risk": ({"risk": "low"}, "handed returned complained recused"),
    "danger": ({"danger": "violence"}, "village"),
    "flag open": ({"flag": "open"}, ALL),
    "flag closed": ({"flag": "closed"}, ""),
    "flag raised": ({"flag": "raised"}, "lifted raised"),
    "flag in danger": ({"flag": "in_danger"}, "village"),
    "flag restricted": ({"flag": "restricted"}, "restricted"),
    "flag incomplete": ({"flag": "incomplete"}, "lower lifted"),
    "registered from": ({"registered_from": 0}, ALL),
    "registered until": ({"registered_until": 1}, ALL),
    "registered later": ({"registered_from": 2}, ""),
    "words": ({"q": "陶瓷厂"}, ALL),
    "words of the restricted one": ({"q": "举报排污"}, "restricted"),
    "words of the sealed one": ({"q": "斗殴"}, "sealed"),
    "outside number": ({"q": OUTSIDE}, ALL),
    "a phone among the words": ({"q": SHARED_PHONE}, ALL),
    "an identity among the words": ({"q": RESIDENT_IDS[0]}, ALL),
    "party by identity": ({"party": RESIDENT_IDS[0]}, ALL),
    "party by phone": ({"party": SHARED_PHONE}, ALL),
}


def ledger_filter(ground: SightGround, name: str) -> LedgerFilter:
    values = dict(FILTERS[name][0])
    if "centre" in values:
        values["centre"] = str(ground.county.centres[values["centre"]].id)
    if "department" in values:
        values["department"] = str(ground.county.department(values["department"]).id)
    first_day = ground.matters["own"].registered_at.astimezone(clock.SHANGHAI).date()
    for day in {"registered_from", "registered_until"} & set(values):
        values[day] = first_day + timedelta(days=values[day])
    return LedgerFilter(**values)


# --- the doors ----------------------------------------------------------------------------------------------
# Each is opened as an actor, in the actor's scope, and says which matters it showed.


def visible_to(ground: SightGround, actor: Actor) -> set[str]:
    return _keys(ground, Matter.objects.visible_to(actor))


def _by_code(ground: SightGround, actor: Actor) -> set[str]:
    return {key for key, matter in ground.matters.items() if by_code(actor, matter.code) is not None}


def _opened(ground: SightGround, actor: Actor) -> set[str]:
    return {key for key, m in ground.matters.items() if _allowed(lambda m=m: opened(actor, m.code, door="t"))}


def _locked(ground: SightGround, actor: Actor) -> set[str]:
    return {
        key for key, m in ground.matters.items() if _allowed(lambda m=m: locked(actor=actor, matter_id=m.id))
    }


def _materials(ground: SightGround, actor: Actor) -> set[str]:
    return {
        key
        for key, matter in ground.matters.items()
        if (found := by_code(actor, matter.code)) and record_of(actor, found).materials
    }


def _linked(ground: SightGround, actor: Actor) -> set[str]:
    """What is linked to "own", in either direction."""
    own = by_code(actor, ground.matters["own"].code)
    return _keys(ground, record_of(actor, own).linked) if own else set()


def _pages(ground: SightGround, actor: Actor) -> set[str]:
    """Page by page to the end."""
    rows, cursor = [], ""
    while True:
        page = ledger.page(actor, LedgerFilter(), cursor=cursor, size=2)
        rows += page.rows
        cursor = page.next_cursor
        if not cursor:
            assert len(rows) == len({row.pk for row in rows})
            return _keys(ground, rows)


def _filtered(name: str) -> Callable[[SightGround, Actor], set[str]]:
    def door(ground: SightGround, actor: Actor) -> set[str]:
        wanted = ledger_filter(ground, name)
        found = _keys(ground, ledger.matching(actor, wanted))
        # A number that tells more than its rows would be a door of its own.
        assert ledger.count(actor, wanted) == (len(found), False)
        assert _keys(ground, ledger.page(actor, wanted).rows) == found
        return found

    return door


def _codes_in_the_search(ground: SightGround, actor: Actor) -> set[str]:
    return {
        key
        for key, matter in ground.matters.items()
        if _keys(ground, ledger.matching(actor, LedgerFilter(q=matter.code))) == {key}
    }


def _waiting(ground: SightGround, actor: Actor) -> set[str]:
    found = _keys(ground, work.waiting_for(actor))
    assert sum(each.number for each in work.counts(actor)) == len(found)
    page = work.page(actor)
    assert _keys(ground, [*page.urgent, *page.rows]) == found
    return found


def _similar(by: str) -> Callable[[SightGround, Actor], set[str]]:
    def asked(key: str) -> dict[str, Any]:
        if by == "place":
            return {"identities": [], "phones": [], "division": KINDS[key][1], "address": address_of(key)}
        return {
            "identities": [identity_of(key)] if by == "identity" else [],
            "phones": [phone_of(key)] if by == "phone" else [],
        }

    def door(ground: SightGround, actor: Actor) -> set[str]:
        found: set[str] = set()
        for key in KINDS:
            shown = _keys(ground, [each.matter for each in similar_to(actor, **asked(key))])
            assert shown <= {key}
            found |= shown
        return found

    return door


def _papers(ground: SightGround, actor: Actor) -> set[str]:
    return {
        key
        for key, matter in ground.matters.items()
        if (found := by_code(actor, matter.code)) and papers_of(actor, found)
    }


def _unmasked(what: str) -> Callable[[SightGround, Actor], set[str]]:
    def door(ground: SightGround, actor: Actor) -> set[str]:
        shown = set()
        for key in KINDS:
            try:
                with transaction.atomic():
                    value = procedure.unmask(
                        actor=actor, what=what, row_id=ground.rows[what, key], reason="核对当事人身份"
                    )
            except NotAllowed:
                continue
            assert value == (identity_of(key) if what == "identity" else phone_of(key))
            shown.add(key)
        return shown

    return door


def _assignments(ground: SightGround, actor: Actor) -> set[str]:
    return _of_matters(ground, dispatch_policies.assignments_visible_to(actor))


def _handovers(ground: SightGround, actor: Actor) -> set[str]:
    """The matters whose page shows a hand-over."""
    shown = set()
    for key, matter in ground.matters.items():
        found = by_code(actor, matter.code)
        handed = handovers_of(actor, found) if found else None
        if handed and handed.now:
            shown.add(key)
    return shown


def _due(whose: Whose) -> Callable[[SightGround, Actor], set[str]]:
    """The ground's clocks are parties' own, which light nothing; the same sight is asked of them."""

    def door(ground: SightGround, actor: Actor) -> set[str]:
        return _of_matters(ground, due.seen_by(actor, Clock.objects.filter(state="running"), whose))

    return door


def _whistles(ground: SightGround, actor: Actor) -> set[str]:
    return {ground.whistle_keys[w.pk] for w in dispatch_policies.whistles_visible_to(actor)}


def _whistle_list(ground: SightGround, actor: Actor) -> set[str]:
    shown = whistles_of(actor)
    # What a whistle can be opened to is a matter that the actor sees.
    assert {ground.keys[pk] for pk in shown.openable} <= SEEN[_who(ground, actor)]
    return {ground.whistle_keys[w.pk] for w in [*shown.running, *shown.ended]}


def _scores(ground: SightGround, actor: Actor) -> set[str]:
    today = clock.today()
    since = today - timedelta(days=365)
    found = {
        ground.whistle_keys[s.call.whistle_id]
        for s in scores.rows(scores.scored(actor, since=since, until=today))
    }
    sums = scores.by_department(actor, since=since, until=today)
    assert sum(each.all.number for each in sums) == len(found)
    return found


def _standing(ground: SightGround, actor: Actor) -> set[str]:
    """The whistles in whose list a score is shown."""
    shown = whistles_of(actor)
    return {
        ground.whistle_keys[w.pk]
        for w in [*shown.running, *shown.ended]
        if any(call.standing for call in w.calls.all())
    }


def _calls(ground: SightGround, actor: Actor) -> set[str]:
    found = {ground.whistle_keys[c.whistle_id] for c in dispatch_policies.calls_waiting_for(actor)}
    answerable = {ground.whistle_keys[c.whistle_id] for c in dispatch_work.calls_answerable_by(actor)}
    assert answerable == found
    return found


def _import_reports(ground: SightGround, actor: Actor) -> set[str]:
    """What the check of an uploaded file tells of matters that are here: a row of each, under another title."""
    if not may_import(actor):
        return set()
    hands = exchange_of(actor.county)
    rows = [
        Row(line, {"编号": m.code, "标题": "别的标题"}) for line, m in enumerate(ground.matters.values(), 2)
    ]
    with scope(hands):
        report = rehearse_chunk(
            actor=hands, reader=actor, mapping=load("export"), given=Given(), chunk=rows, seen={}
        )
    told = " ".join(problem.reason for problem in report.problems)
    assert len(report.problems) == len(ground.matters)
    return {key for key, matter in ground.matters.items() if f"标题是“{matter.title}”" in told}


def _exported(ground: SightGround, actor: Actor) -> set[str]:
    """The matters whose codes stand in the file that the job of an export writes."""
    try:
        with transaction.atomic():
            run = exporting.order(actor=actor, wanted=LedgerFilter(), said="", kind="csv")
    except NotAllowed:
        return set()
    exporting.write(run_id=run.id, county=run.county, person_id=run.person_id)
    _run, _stored, content = exporting.download(actor=actor, run_id=run.id)
    text = content.decode("utf-8-sig")
    told = {key for key, matter in ground.matters.items() if matter.code in text}
    assert told == {key for key, matter in ground.matters.items() if matter.title in text}
    run.refresh_from_db()
    # Left out and counted: what is restricted and seen all the same.
    assert run.left_out == len(SEEN[_who(ground, actor)] - told)
    return told


def _previewed_in_bulk(ground: SightGround, actor: Actor) -> set[str]:
    """What the preview of bulk work tells of ticked codes: a matter, or that there is none."""
    codes = {matter.code: key for key, matter in ground.matters.items()}
    values = {"lead": ground.county.department("labour").id, "message": "请依法处理并答复"}
    try:
        chosen = [bulk.Chosen(code) for code in codes]
        outlook = bulk.preview(actor=actor, action=Action.DISPATCH, chosen=chosen, values=values)
    except NotAllowed:
        return set()
    assert len(outlook) == len(codes)
    unseen = {each.refusal.code for each in outlook if each.matter is None and each.refusal}
    assert unseen <= {"matter_not_found"}
    return {codes[each.code] for each in outlook if each.matter is not None}


def _terms(ground: SightGround, actor: Actor) -> set[str]:
    """The matters whose agreement is told with what was promised."""
    shown = set()
    for key, matter in ground.matters.items():
        found = by_code(actor, matter.code)
        if found and agreements.seen_by(actor).filter(matter=found).exists():
            shown |= {key for each in agreements.agreements_of(found) if each.terms}
    return shown


def _lines_of_disposal(ground: SightGround, actor: Actor) -> set[str]:
    try:
        check_may_list_for_disposal(actor)
        batch = disposal.batch_by_id(actor, ground.batch)
    except NotAllowed:
        return set()
    return _of_matters(ground, disposal.items_of(actor, batch))


def _held_in_the_room(ground: SightGround, actor: Actor) -> set[str]:
    try:
        held = held_in(actor, room_by_id(actor, ground.room))
    except NotAllowed:
        return set()
    assert sum(counts_of(held).values()) == len(held)
    return _keys(ground, [each.matter for each in held])


def _scan_stacks(ground: SightGround, actor: Actor) -> set[str]:
    """The matters of the stacks that were handed in in one; the window's day names none."""
    stacks = list(scans.stacks_of(actor))
    assert (ground.day in {each.pk for each in stacks}) == _files_scans_at(ground, actor, "county")
    return _of_matters(ground, [each for each in stacks if each.matter_id])


def _scanned_pages(ground: SightGround, actor: Actor) -> set[str]:
    """Whose page can be looked at; the file that it came with opens with it, and no list tells of another."""
    shown = set()
    for key, page in ground.scans.items():
        try:
            flow_of_scans.picture_of(actor=actor, page_id=page.pk)
        except NotAllowed:
            assert not _allowed_to_scan(lambda page=page: scans.stack_by_id(actor, page.stack_id))
            continue
        stack = scans.stack_by_id(actor, page.stack_id)
        assert [_of_matters(ground, scans.pages_of(actor, stack))] == [{key}]
        assert all(scans.shows_source(actor, each) for each in stack.sources.all())
        shown.add(key)
    return shown


def _pages_of_a_day(ground: SightGround, actor: Actor) -> set[str]:
    """Of one file with pages of many matters each post sees those of its own; the file opens to nobody."""
    if not _files_scans_at(ground, actor, "county"):
        assert not _allowed_to_scan(lambda: scans.stack_by_id(actor, ground.day))
        return set()
    stack = scans.stack_by_id(actor, ground.day)
    assert not any(scans.shows_source(actor, each) for each in stack.sources.all())
    return {ground.keys[page.signed.matter_id] for page in scans.pages_of(actor, stack)}


def _signed_copies(ground: SightGround, actor: Actor) -> set[str]:
    """The matters whose signed sheets are told, one by one and as a copy."""
    shown = set()
    for key, matter in ground.matters.items():
        found = by_code(actor, matter.code) if may_scan(actor) else None
        page = scans.signed_page_of(found, ground.signed[key]) if found else None
        assert (page is not None) == bool(found and copies_of(found))
        shown |= {key} if page else set()
    return shown


def _sketches(ground: SightGround, actor: Actor) -> set[str]:
    """The matters beside whose talks an agreement is being typed. Who writes it is asked at the screens' door."""
    mediations = Mediation.objects.filter(matter__in=Matter.objects.visible_to(actor))
    sketches = {each.matter_id: begun_of(each).open_sketch for each in mediations}
    assert {sketch.cells["facts"] for sketch in sketches.values() if sketch} <= {SKETCHED}
    return {ground.keys[matter] for matter, sketch in sketches.items() if sketch}


def _files_scans_at(ground: SightGround, actor: Actor, place: str) -> bool:
    role, where = _who(ground, actor)
    return role in CENTRE_ROLES and where == place


def _allowed_to_scan(act: Callable[[], Any]) -> bool:
    try:
        act()
    except NotAllowed as refusal:
        assert refusal.code == "scans_not_found"
        return False
    return True


def _talks(ground: SightGround, actor: Actor) -> set[str]:
    """The matters of which a talk is told; what was said apart only to whom the walls show it."""
    shown = set()
    for key, matter in ground.matters.items():
        found = by_code(actor, matter.code)
        for mediation in Mediation.objects.filter(matter=found) if found else ():
            notes = {each.note.text for each in talks_of(mediation) if each.note}
            assert (APART in notes) == (actor.role in LEADERS and _who(ground, actor)[1] == "city")
            shown |= {key} if TOGETHER in notes else set()
    return shown


def _evidence(ground: SightGround, actor: Actor) -> set[str]:
    """The matters of which is told what a party promised to bring; what was promised apart as what was said there."""
    shown = set()
    for key, matter in ground.matters.items():
        found = by_code(actor, matter.code)
        for mediation in Mediation.objects.filter(matter=found) if found else ():
            promised = {each.what for each in evidence_of(mediation)}
            assert (PROMISED_APART in promised) == (
                actor.role in LEADERS and _who(ground, actor)[1] == "city"
            )
            shown |= {key} if PROMISED_TOGETHER in promised else set()
    return shown


DOORS: dict[str, tuple[Callable[[SightGround, Actor], set[str]], dict[Who, Keys]]] = {
    "visible_to": (visible_to, SEEN),
    "by code": (_by_code, some(SEEN)),
    "opened": (_opened, some(SEEN)),
    "locked to write": (_locked, some(SEEN)),
    "materials": (_materials, some(SEEN)),
    "linked": (
        _linked,
        {
            who: seen & {"village", "restricted", "sealed", "recused", "complained"}
            if "own" in seen
            else frozenset()
            for who, seen in SEEN.items()
        },
    ),
    "ledger page by page": (_pages, SEEN),
    **{
        f"ledger: {name}": (_filtered(name), some(of_those(fits)))
        for name, (_values, fits) in FILTERS.items()
    },
    "ledger: a code": (_codes_in_the_search, some(SEEN)),
    "my work": (_waiting, WAITING),
    "similar by identity": (_similar("identity"), some(SEEN)),
    "similar by phone": (_similar("phone"), some(SEEN)),
    "similar by place": (_similar("place"), some(of_those(f"{IN_THE_COUNTY} upper other"))),
    # The commission prints the direct report that was sent to it.
    "papers": (
        _papers,
        some(but_for(*NOT_OF_A_CENTRE)) | {(Role.COMMISSION, "county"): frozenset({"handed"})},
    ),
    "unmasking an identity": (_unmasked("identity"), some(but_for(*NOT_OF_A_CENTRE))),
    "unmasking a phone": (_unmasked("contact"), some(but_for(*NOT_OF_A_CENTRE))),
    "assignments": (_assignments, of_those("handed returned complained recused")),
    "hand-overs on the page": (_handovers, some(of_those("handed returned complained recused"))),
    "assignments that wait": (
        lambda ground, actor: _of_matters(ground, dispatch_work.assignments_waiting_for(actor)),
        TO_HANDLE,
    ),
    "to settle": (
        lambda ground, actor: _keys(ground, dispatch_work.to_settle(actor)),
        only((DIRECTING, "county", "complained")),
    ),
    "to arbitrate": (
        lambda ground, actor: _of_matters(ground, dispatch_work.to_arbitrate(actor)),
        only((DIRECTING, "county", "recused")),
    ),
    "extensions to decide": (
        lambda ground, actor: _of_matters(ground, dispatch_work.extensions_to_decide(actor)),
        only((DIRECTING, "county", "handed")),
    ),
    "limits that are due": (
        _due(Whose.ALL),
        {
            who: seen
            if who[0] in (*LEADERS, Role.SUPERVISOR, Role.EXCHANGE, Role.COMMISSION)
            else frozenset()
            for who, seen in SEEN.items()
        },
    ),
    # What the chasing rooms keep of what was handed to the labour bureau; a department reads its own alone.
    "supervisions": (
        lambda ground, actor: _of_matters(ground, supervisions.seen_by(actor)),
        CHASED,
    ),
    "key matters": (
        lambda ground, actor: _of_matters(ground, key_matters.seen_by(actor)),
        {who: frozenset() if who[0] is Role.EXCHANGE else seen for who, seen in of_those("handed").items()},
    ),
    "instructions": (
        lambda ground, actor: _of_matters(ground, instructions.seen_by(actor)),
        CHASED,
    ),
    "recommendations": (
        lambda ground, actor: _of_matters(ground, recommendations.seen_by(actor)),
        {
            who: seen if who[0] in CENTRE_ROLES or who[0] is Role.SUPERVISOR else frozenset()
            for who, seen in of_those("handed").items()
        },
    ),
    "direct reports": (
        lambda ground, actor: _of_matters(ground, reports.seen_by(actor)),
        {
            who: seen if who[0] in CENTRE_ROLES or who[0] is Role.COMMISSION else frozenset()
            for who, seen in of_those("handed").items()
        },
    ),
    "studies": (
        lambda ground, actor: _of_matters(ground, studies.seen_by(actor)),
        {who: seen if who[0] in CENTRE_ROLES else frozenset() for who, seen in of_those("handed").items()},
    ),
    "matters in the hands of teams": (
        lambda ground, actor: _of_matters(ground, charges_visible_to(actor)),
        {who: seen if who[0] in CENTRE_ROLES else frozenset() for who, seen in of_those("handed").items()},
    ),
    "tasks of teams": (
        lambda ground, actor: _of_matters(ground, teams.tasks_of(actor)),
        {who: seen if who[0] in CENTRE_ROLES else frozenset() for who, seen in of_those("handed").items()},
    ),
    "consultations": (
        lambda ground, actor: _of_matters(ground, consultations.seen_by(actor)),
        {who: seen if who[0] in CENTRE_ROLES else frozenset() for who, seen in of_those("handed").items()},
    ),
    "agreements": (
        lambda ground, actor: _of_matters(ground, agreements.seen_by(actor)),
        {who: seen if who[0] in CENTRE_ROLES else frozenset() for who, seen in of_those("handed").items()},
    ),
    "cases at court": (
        lambda ground, actor: _of_matters(ground, cases.seen_by(actor)),
        {who: seen if who[0] in CENTRE_ROLES else frozenset() for who, seen in of_those("handed").items()},
    ),
    "terms of agreements": (
        _terms,
        {who: seen if who[0] in CENTRE_ROLES else frozenset() for who, seen in of_those("handed").items()},
    ),
    "lines of lists of disposal": (
        _lines_of_disposal,
        {
            who: seen if who[0] in ARCHIVING and who[1] == "county" else frozenset()
            for who, seen in of_those("handed").items()
        },
    ),
    "mediations held in a brand room": (
        _held_in_the_room,
        {
            who: seen if who[0] in CENTRE_ROLES and who[1] != "other" else frozenset()
            for who, seen in of_those("raised recused").items()
        },
    ),
    # The second wall: the leaders of the centre that holds the matter, and nobody named as its mediator.
    "notes of talks apart": (
        lambda ground, actor: _of_matters(ground, SittingNote.objects.filter(sealed=True)),
        only((tuple(LEADERS), "city", "raised")),
    ),
    "talks": (_talks, some(of_those("raised"))),
    "sketches beside talks": (_sketches, some(of_those("raised"))),
    # Sheets come back to the centre whose window printed them, and lie then with their matter.
    "stacks of scans": (_scan_stacks, AT_THEIR_WINDOW),
    "scanned pages": (_scanned_pages, {who: AT_THEIR_WINDOW[who] for who in FEW}),
    "the day's sheets": (
        _pages_of_a_day,
        {who: keys if who[1] == "county" else frozenset() for who, keys in AT_THEIR_WINDOW.items()},
    ),
    "signed copies": (
        _signed_copies,
        {who: SEEN[who] if who[0] in CENTRE_ROLES else frozenset() for who in FEW},
    ),
    "evidence promised apart": (
        lambda ground, actor: _of_matters(ground, PromisedEvidence.objects.filter(sealed=True)),
        only((tuple(LEADERS), "city", "raised")),
    ),
    "promised evidence": (_evidence, some(of_those("raised"))),
    "what is owed under agreements": (
        lambda ground, actor: _of_matters(ground, agreements.owed_at(actor)),
        {
            who: seen if who[0] in CENTRE_ROLES and who[1] == "county" else frozenset()
            for who, seen in of_those("handed").items()
        },
    ),
    "mediation statistics": (
        lambda ground, actor: _of_matters(
            ground, form_of(actor, quarter_of(clock.today())).rows("total", "ended")
        ),
        of_those("raised recused"),
    ),
    "referrals": (
        lambda ground, actor: _of_matters(ground, referrals.seen_by(actor)),
        {who: seen if who[0] in CENTRE_ROLES else frozenset() for who, seen in of_those("handed").items()},
    ),
    "papers along with referrals": (
        lambda ground, actor: _of_matters(
            ground, ReferralPaper.objects.filter(referral__in=referrals.seen_by(actor))
        ),
        {who: seen if who[0] in CENTRE_ROLES else frozenset() for who, seen in of_those("handed").items()},
    ),
    "limits that wait": (_due(Whose.MINE), WAITING),
    "whistles": (_whistles, WHISTLES),
    "the list of whistles": (_whistle_list, WHISTLES),
    "calls that wait": (_calls, CALLED),
    # Restricted matters are not told: the exchange post, which takes the rows in, reads none.
    "import reports": (
        _import_reports,
        {who: seen - {"restricted"} if who[0] in LEADERS else frozenset() for who, seen in SEEN.items()},
    ),
    # Restricted matters are left out of every file, and counted.
    "an export's file": (
        _exported,
        {
            who: frozenset() if who[0] in ADMINISTRATORS else seen - {"restricted"}
            for who, seen in SEEN.items()
        },
    ),
    "preview of bulk work": (
        _previewed_in_bulk,
        {who: seen if who[0] in DISPATCHING else frozenset() for who, seen in SEEN.items()},
    ),
    "scores of calls": (_scores, SCORED),
    "scores in the list of whistles": (_standing, SCORED),
}


# Everybody opens these. The other doors ask the same rule: the county's own posts and its bureaus open all of them,
# each post of another place every ninth.
OPENED_BY_ALL = ("visible_to", "by code", "opened", "locked to write", "ledger page by page", "materials")
AT_HAND = ("county", "labour", "police")


def has_its_turn(who: Who, name: str) -> bool:
    return name in OPENED_BY_ALL or who[1] in AT_HAND or crc32(f"{name} {who}".encode()) % 9 == 0


def check(ground: SightGround, name: str, posts: Iterable[Who] | None = None) -> None:
    """Opens one door as those whose turn it is (or as these) and compares what was shown with the table."""
    door, expected = DOORS[name]
    wrong = {}
    for who in posts or [who for who in expected if has_its_turn(who, name)]:
        actor = ground.actor(*who)
        with _undone(), scope(actor):
            shown = door(ground, actor)
        if shown != expected[who]:
            wrong[who] = (sorted(shown), sorted(expected[who]))
    assert wrong == {}, f"{name}: shown, and what the table says"


def _keys(ground: SightGround, matters: Any) -> set[str]:
    return {ground.keys[matter.pk] for matter in matters}


def _of_matters(ground: SightGround, rows: Any) -> set[str]:
    return {ground.keys[row.matter_id] for row in rows}


def _who(ground: SightGround, actor: Actor) -> Who:
    people = {
        each.person_id: (Role(role), place) for (role, place), each in ground.county.stationings.items()
    }
    return people[actor.person_id]


def _allowed(act: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            act()
    except NotAllowed as refusal:
        assert refusal.code == "matter_not_found"
        return False
    return True


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SightGround]:
    with django_db_blocker.unblock():
        yield lay()
        template_database.copy_template()


# --- the matrix ---------------------------------------------------------------------------------------------


def test_the_table_has_a_line_for_every_post_and_a_column_for_every_matter(ground: SightGround) -> None:
    assert {(Role(role), place) for role, place in ground.county.stationings} == set(SEEN)
    assert MATRIX.splitlines()[0].split()[2:] == list(KINDS)
    # A column that nobody or everybody sees proves nothing, but for the sealed one.
    unseen = [key for key in KINDS if not any(key in seen for seen in SEEN.values())]
    assert unseen == ["sealed"]


def test_every_post_has_its_turn_at_many_doors() -> None:
    """A post of another place opens enough of the doors that a rule which forgot its place is found."""
    opened = {who: sum(has_its_turn(who, name) for name in DOORS) for who in SEEN}
    assert min(opened.values()) >= len(DOORS) // 8
    assert all(name in DOORS for name in OPENED_BY_ALL)


@pytest.mark.parametrize("name", DOORS)
def test_each_door_shows_each_post_what_the_table_says(ground: SightGround, name: str) -> None:
    check(ground, name)


# --- the matrix bites ---------------------------------------------------------------------------------------

# Each of these is kept from something by visible_to alone, inside what the walls let them reach.
BITTEN = [
    (Role.REGISTRAR, "county"),
    (Role.PETITION_OFFICER, "county"),
    (Role.EXECUTIVE_DEPUTY, "county"),
    (Role.STANDING_DEPUTY, "county"),
    (Role.HANDLER, "labour"),
    (Role.HANDLER, "police"),
]
# Doors where nothing but the walls, or nothing at all, is left to show: no matter is closed, none is of
# tomorrow, the sealed one is behind the wall for everybody, and a call asks a rule of its own (below).
NOT_BY_VISIBLE_TO = {
    "notes of talks apart",
    "evidence promised apart",
    "ledger: flag closed",
    "ledger: registered later",
    "ledger: words of the sealed one",
    "calls that wait",
}


@pytest.mark.parametrize("name", [name for name in DOORS if name not in NOT_BY_VISIBLE_TO])
def test_without_visible_to_every_door_fails(
    ground: SightGround, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # That they see what the table says as long as it is there, the matrix above has shown.
    monkeypatch.setattr(MatterQuerySet, "visible_to", lambda self, actor: self.all())
    with pytest.raises(AssertionError):
        for who in BITTEN:
            check(ground, name, [who])


@pytest.mark.parametrize(
    ("table", "doors"),
    [
        ("mediation_sittingnote", ("notes of talks apart", "talks")),
        ("mediation_promisedevidence", ("evidence promised apart", "promised evidence")),
    ],
)
def test_without_its_own_wall_what_was_said_apart_fails(
    ground: SightGround, table: str, doors: tuple[str, str]
) -> None:
    posts = [(Role.REGISTRAR, "city"), (Role.DISPATCHER, "county"), (Role.SUPERVISOR, "city")]
    for name in doors:
        check(ground, name, [who for who in posts if who in DOORS[name][1]])
    with connections["owner"].cursor() as owner:
        owner.execute(
            "SELECT qual FROM pg_policies WHERE policyname = 'wall_sealed' AND tablename = %s", [table]
        )
        [wall] = owner.fetchone()
        owner.execute(f"ALTER POLICY wall_sealed ON {table} USING (true)")
        try:
            for name in doors:
                with pytest.raises(AssertionError):
                    check(ground, name, [who for who in posts if who in DOORS[name][1]])
        finally:
            owner.execute(f"ALTER POLICY wall_sealed ON {table} USING ({wall})")


def test_without_its_own_rule_the_calls_fail(ground: SightGround, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch_policies, "_may_be_called", lambda actor: Q())
    with pytest.raises(AssertionError):
        check(ground, "calls that wait", BITTEN)


@pytest.mark.parametrize(
    "without",
    [
        "DROP POLICY wall_read ON matters_matter",
        "ALTER POLICY wall_read ON matters_matter USING (true)",
        "ALTER POLICY wall_read ON matters_matter USING (county = ANY (current_setting('fengqiao.counties')::text[]))",
        "ALTER TABLE matters_matter DISABLE ROW LEVEL SECURITY",
    ],
    ids=["dropped", "opened", "without the restriction", "disabled"],
)
def test_without_the_wall_of_the_database_the_matrix_fails(ground: SightGround, without: str) -> None:
    posts = [(Role.REGISTRAR, "county"), (Role.DISPATCHER, "county"), (Role.DIRECTOR, "city")]
    check(ground, "visible_to", posts)
    with connections["owner"].cursor() as owner:
        owner.execute("SELECT qual FROM pg_policies WHERE tablename = 'matters_matter' AND cmd = 'SELECT'")
        [wall] = owner.fetchone()
        owner.execute(without)
        try:
            with pytest.raises(AssertionError):
                check(ground, "visible_to", posts)
        finally:
            owner.execute("DROP POLICY IF EXISTS wall_read ON matters_matter")
            owner.execute(f"CREATE POLICY wall_read ON matters_matter FOR SELECT USING ({wall})")
            owner.execute("ALTER TABLE matters_matter ENABLE ROW LEVEL SECURITY")
    check(ground, "visible_to", posts)
