"""Adding to the audit: one chain a county and hour, refusals apart from what they refused, two at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain import record as recording
from fengqiao.audit.domain.record import record
from fengqiao.audit.domain.roots import write_roots
from fengqiao.audit.models import ChainHead, Entry
from fengqiao.audit.queries.verification import Break, verify
from fengqiao.flows import procedure
from fengqiao.flows.registering import AtOnce, at_the_window
from fengqiao.kernel import chain, clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.enums import Action, Channel, Risk, State
from fengqiao.matters.intake import NewMatter
from tests import small_county
from tests.small_county import SmallCounty

RECORDS = (
    "matters_matter",
    "matters_claim",
    "matters_party",
    "matters_partycontact",
    "matters_historyevent",
    "matters_word",
    "matters_assessment",
    "matters_matterlink",
    "matters_disposition",
)


@pytest.fixture
def county(committed_db: None) -> SmallCounty:
    with transaction.atomic():
        return small_county.build()


def all_of(*tables: str) -> dict[str, list[Any]]:
    """Every committed row, as another connection sees it."""
    found = {}
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t ORDER BY to_jsonb(t)::text")
            found[table] = [json.loads(row) for (row,) in cursor.fetchall()]
    return found


def audited() -> list[tuple[Any, ...]]:
    """(county, verb, subject, result, details) of every committed link in the order of its chain."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT county, verb, subject, result, content FROM audit_entry ORDER BY chain, seq")
        return [(*row[:4], json.loads(bytes(row[4]))["details"]) for row in cursor.fetchall()]


def stand_at(monkeypatch: pytest.MonkeyPatch, moments: list[datetime]) -> None:
    """The audit's real time stands at the first of the moments."""

    class RealTime(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return moments[0]

    monkeypatch.setattr(recording, "datetime", RealTime)


# --- chains -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_county_and_hour_has_its_own_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    county = small_county.build()
    hours = [datetime(2026, 11, 20, 7, 59, 59, 999999, UTC), datetime(2026, 11, 20, 8, 0, tzinfo=UTC)]
    stand_at(monkeypatch, hours)
    found = []
    for turn, place in enumerate(("county", "county", "other", "county")):
        if turn == 3:
            hours.pop(0)
        actor = county.actor(Role.REGISTRAR, place)
        with scope(actor):
            entry = record(actor=actor, verb="test.turn", details={"turn": turn})
        found.append((entry.chain, entry.seq, entry.previous == chain.START))
    assert found == [
        ("440785/2026112007", 1, True),
        ("440785/2026112007", 2, False),
        ("440783/2026112007", 1, True),
        ("440785/2026112008", 1, True),
    ]


@pytest.mark.django_db
def test_a_simulated_past_is_told_apart_from_the_real_time() -> None:
    county = small_county.build()
    actor = county.actor(Role.REGISTRAR)
    before = datetime.now(UTC)
    with scope(actor), clock.at(datetime(2026, 3, 1, 9, 30, tzinfo=clock.SHANGHAI)):
        entry = record(actor=actor, verb="test.past")
    said = json.loads(bytes(entry.content))
    assert entry.at == datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
    assert said["at"] == "2026-03-01T01:30:00+00:00"
    assert before <= datetime.fromisoformat(said["written"]) <= datetime.now(UTC)
    assert entry.chain == f"440785/{datetime.fromisoformat(said['written']):%Y%m%d%H}"


@pytest.mark.django_db
def test_the_link_says_who_in_which_post_and_nothing_of_persons() -> None:
    county = small_county.build()
    matter = small_county.registered(county)
    actor = county.actor(Role.REGISTRAR)
    auditor = county.actor(Role.AUDITOR)
    with scope(auditor):
        [entry] = Entry.objects.filter(subject=f"matter:{matter.id}")
        assert ChainHead.objects.get(pk=entry.chain).hash == entry.hash
    said = json.loads(bytes(entry.content))
    assert set(said) == {
        "v", "chain", "seq", "written", "at", "person", "post", "role", "verb", "subject", "result", "details",
    }  # fmt: skip
    assert (said["person"], said["post"]) == (str(actor.person_id), str(actor.post_id))
    assert (said["role"], said["verb"], said["result"]) == ("registrar", "matter.registered", "done")
    assert said["details"] == {"seq": 1, "hash": bytes(matter.history_head).hex(), "code": matter.code}
    text = bytes(entry.content).decode()
    assert [word for word in ("黄某某", "梁某某", "13800000001", "440785193001010014") if word in text] == []


# --- refusals -----------------------------------------------------------------------------------------------


def test_a_refusal_changes_nothing_and_is_audited_in_a_transaction_of_its_own(county: SmallCounty) -> None:
    matter = small_county.brought_to(county, State.ASSESSING)
    mediator = county.actor(Role.MEDIATOR)
    before, told = all_of(*RECORDS), audited()
    with pytest.raises(NotAllowed) as refusal:
        procedure.act(
            actor=mediator,
            matter_id=matter.id,
            action=Action.ASSESS,
            values={"level": Risk.LOW, "grounds": "双方情绪平稳，没有过激行为。"},
            version=None,
        )
    assert (refusal.value.code, refusal.value.audited) == ("post_may_not", True)
    assert all_of(*RECORDS) == before
    assert audited() == [
        *told,
        (
            "440785",
            "matter.assess",
            f"matter:{matter.id}",
            "refused",
            {"code": "post_may_not", "field": None},
        ),
    ]


def test_what_was_written_before_the_refusal_is_taken_back_with_it(county: SmallCounty) -> None:
    """Registered, then settled on the spot by a post that is not competent: neither is there."""
    registrar = county.actor(Role.REGISTRAR)
    before, told = all_of(*RECORDS), audited()
    with pytest.raises(Refusal):
        at_the_window(
            actor=registrar,
            new=NewMatter(title="邻居占用楼道", received_at=clock.now(), channel=Channel.VISIT),
            form_token=uuid4(),
            at_once=AtOnce(result="当场劝说，邻居已清走杂物。"),
        )
    assert all_of(*RECORDS) == before == dict.fromkeys(RECORDS, [])
    assert audited() == [
        *told,
        ("440785", "matter.register", "", "refused", {"code": "post_may_not", "field": None}),
    ]


def test_what_cannot_be_audited_does_not_happen(county: SmallCounty) -> None:
    matter = small_county.registered(county)
    with connections["owner"].cursor() as cursor:
        cursor.execute("REVOKE INSERT ON audit_entry FROM PUBLIC")
        cursor.execute(f'REVOKE INSERT ON audit_entry FROM "{connection.settings_dict["USER"]}"')
    before, told = all_of(*RECORDS), audited()
    registrar = county.actor(Role.REGISTRAR)
    with pytest.raises(DatabaseError) as failure:
        procedure.act(actor=registrar, matter_id=matter.id, action=Action.ACCEPT, values={}, version=None)
    assert isinstance(failure.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert all_of(*RECORDS) == before
    assert audited() == told


# --- who reads, who writes ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "place", "seen"),
    [
        (Role.AUDITOR, "county", {"440785"}),
        (Role.AUDITOR, "other", {"440783"}),
        (Role.AUDITOR, "city", {"440700", "440783", "440785"}),
        (Role.SYSTEM_ADMINISTRATOR, "county", set()),
        (Role.SECURITY_ADMINISTRATOR, "county", set()),
        (Role.DIRECTOR, "county", set()),
        (Role.SUPERVISOR, "city", set()),
    ],
)
def test_only_auditors_read_and_only_their_counties(role: Role, place: str, seen: set[str]) -> None:
    county = small_county.build()
    for where in ("county", "other", "city"):
        acting = county.actor(Role.REGISTRAR, where)
        with scope(acting):
            record(actor=acting, verb="test.turn")
    reader = county.actor(role, place)
    with scope(reader):
        assert set(Entry.objects.values_list("county", flat=True)) == seen


@pytest.mark.django_db
def test_nobody_writes_into_the_audit_of_a_county_out_of_reach() -> None:
    county = small_county.build()
    actor = county.actor(Role.REGISTRAR)
    with pytest.raises(DatabaseError) as refusal, scope(actor):
        record(actor=actor, verb="test.turn", county="440783")
    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)
    reader = county.actor(Role.AUDITOR, "city")
    with scope(reader):
        assert list(Entry.objects.all()) == []


# --- two at once --------------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], None]) -> None:
    """Runs each in a thread and a connection of its own, all starting together; raises what one raised."""
    start, failed = Barrier(len(acts)), []

    def run(act: Callable[[], None]) -> None:
        try:
            start.wait()
            act()
        except Exception as failure:  # noqa: BLE001  told to the test below
            failed.append(failure)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def test_two_who_record_at_once_keep_the_chain_whole(county: SmallCounty) -> None:
    def busy(actor: Actor) -> Callable[[], None]:
        def act() -> None:
            for turn in range(20):
                with scope(actor):
                    record(actor=actor, verb="test.turn", details={"turn": turn})

        return act

    at_once(*(busy(county.actor(role)) for role in (Role.REGISTRAR, Role.DISPATCHER, Role.MEDIATOR)))
    report = verify(roots=None)
    assert (report.entries, report.broken) == (60, [])
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT role, count(*) FROM audit_entry GROUP BY role")
        assert dict(cursor.fetchall()) == {"registrar": 20, "dispatcher": 20, "mediator": 20}


def test_two_who_write_into_one_history_at_once_keep_it_whole(county: SmallCounty) -> None:
    matter = small_county.registered(county)

    def busy(actor: Actor) -> Callable[[], None]:
        def act() -> None:
            for turn in range(8):
                procedure.act(
                    actor=actor,
                    matter_id=matter.id,
                    action=Action.AMEND,
                    values={"facts": {"people": turn + 1 + 100 * (actor.role == Role.DISPATCHER)}},
                    version=None,
                )

        return act

    at_once(*(busy(county.actor(role)) for role in (Role.REGISTRAR, Role.DISPATCHER)))
    report = verify(roots=None)
    assert (report.entries, report.events, report.broken) == (17, 17, [])
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT history_count, version FROM matters_matter")
        assert cursor.fetchall() == [(17, 17)]


# --- the shorter end ----------------------------------------------------------------------------------------


def test_a_shorter_end_that_was_signed_later_excuses_nothing(
    county: SmallCounty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a chain still grows, its owner cuts it, and the worker signs what is left."""
    stand_at(monkeypatch, [datetime.now(UTC)])
    for _time in range(3):
        small_county.registered(county)
    write_roots(tmp_path)
    with connections["owner"].cursor() as owner:
        owner.execute("SELECT chain, max(seq) FROM audit_entry GROUP BY chain")
        [(name, end)] = owner.fetchall()
        owner.execute("ALTER TABLE audit_entry DISABLE TRIGGER append_only")
        owner.execute("DELETE FROM audit_entry WHERE seq = %s", [end])
        owner.execute(
            "UPDATE audit_chainhead SET count = %s, hash = (SELECT hash FROM audit_entry WHERE seq = %s)",
            [end - 1, end - 1],
        )
    assert end == 3
    assert write_roots(tmp_path) == {"440785": 1}
    assert verify(roots=tmp_path).broken == [
        # The matter of the third registration has a history that the audit does not know any more: no break
        # of a chain, so it is the signed root alone that tells.
        Break(f"audit {name}#3", "the chain ends at 2, its signed root says 3: the tail was removed")
    ]
    # Grown again, it is as long as before: now another link stands where the signed one was.
    small_county.registered(county)
    assert write_roots(tmp_path) == {"440785": 1}
    assert verify(roots=tmp_path).broken == [
        Break(f"audit {name}#3", "not the link that the signed root names")
    ]
