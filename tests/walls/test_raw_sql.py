"""The walls attacked with raw SQL as the application's role: what no query of ours would ever ask."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from tests.walls.catalogue import ask
from tests.walls.ground import TITLES, Ground, attacking
from tests.walls.test_grants import COLUMNS, OF_A_MATTER, SCANNED

TABLES = sorted({"matters_matter", *OF_A_MATTER})
OTHER_WALLED = [
    "counsel_adviser",
    "counsel_member",
    "counsel_team",
    "audit_chainhead",
    "audit_entry",
    "exchange_exportrun",
    "exchange_badrow",
    "exchange_exportschedule",
    "exchange_importrun",
    "exchange_writtenunit",
    "files_storedfile",
    "matters_namedreader",
    "matters_savedview",
    "reporting_reportnumber",
    "agreements_agreementnumber",
    "study_member",
    "mediators_mediator",
    "pool_brandroom",
    "pool_atwork",
    "pool_talent",
    "pool_turn",
    "pool_turnchange",
    "pool_marketbody",
    "pool_feeschedule",
    "reviews_sample",
    "leading_recommendationnumber",
    "supervision_letternumber",
]
EVERYTHING = {
    ("440785", "open"),
    ("440785", "restricted"),
    ("440785", "sealed"),
    ("440783", "open"),
    ("440783", "restricted"),
}
OWN = {("440785", "open")}
NAMED = {("440785", "open"), ("440785", "restricted")}

# Who reads which rows (county, restriction) of every table of a matter, whatever they ask.
READ: dict[tuple[Role, str], set[tuple[str, str]]] = {
    (Role.REGISTRAR, "county"): OWN,
    (Role.PETITION_OFFICER, "county"): OWN,
    (Role.LEGAL_OFFICER, "county"): OWN,
    (Role.INDUSTRY_OFFICER, "county"): OWN,
    (Role.DISPATCHER, "county"): OWN,
    (Role.MEDIATOR, "county"): OWN,
    (Role.HANDLER, "labour"): OWN,
    (Role.DIRECTOR, "county"): NAMED,
    (Role.EXECUTIVE_DEPUTY, "county"): NAMED,
    (Role.STANDING_DEPUTY, "county"): OWN,
    (Role.DUTY_COMMANDER, "county"): OWN,
    (Role.PETITION_INSPECTOR, "county"): OWN,
    (Role.SUPERVISOR, "county"): OWN,
    (Role.COMMISSION, "county"): OWN,
    (Role.AUDITOR, "county"): set(),
    (Role.SYSTEM_ADMINISTRATOR, "county"): set(),
    (Role.SECURITY_ADMINISTRATOR, "county"): set(),
    (Role.EXCHANGE, "county"): OWN,
    (Role.DIRECTOR, "town"): OWN,
    (Role.REGISTRAR, "other"): {("440783", "open")},
    (Role.DIRECTOR, "other"): {("440783", "open"), ("440783", "restricted")},
    (Role.HANDLER, "other"): {("440783", "open")},
    (Role.DIRECTOR, "city"): {("440785", "open"), ("440783", "open")},
    (Role.SUPERVISOR, "city"): {("440785", "open"), ("440783", "open")},
    (Role.AUDITOR, "city"): set(),
    (Role.SYSTEM_ADMINISTRATOR, "city"): set(),
}
# Where the same values must not stand twice, a forged row gets others.
OTHERWISE: dict[str, str] = {
    "clocks_clock": '{"started_by": "%(new)s"}',
    "clocks_daytold": '{"rung": "%(new)s"}',
    "clocks_reminder": '{"rung": "%(new)s"}',
    "dispatch_call": '{"department_id": "%(police)s"}',
    "dispatch_callscore": '{"replaced_at": "2026-11-24T00:00:00Z"}',
    "matters_handed": '{"department_id": "%(police)s"}',
    "matters_historyevent": '{"seq": 999}',
    "matters_informed": '{"centre_id": "%(town)s"}',
    "matters_laidbefore": '{"department_id": "%(police)s"}',
    "matters_matter": '{"code": "440785-20200101-999999", "source_number": ""}',
    "matters_matterlink": '{"other_id": "%(open)s"}',
    "matters_recusal": '{"person_id": "%(new)s"}',
    "mediation_rightstold": '{"consent_id": "%(new)s"}',
    "mediation_sittingnote": '{"version": 999}',
    "pool_appointment": '{"state": "cancelled"}',
    "pool_following": '{"ended_at": "2026-11-24T00:00:00Z"}',
    "leading_charge": '{"until": "2026-11-24"}',
    "leading_recommendation": '{"number": 999}',
    "leading_instructionanswer": '{"verdict": "lapsed"}',
    "leading_keymatter": '{"ended_at": "2026-11-24T00:00:00Z"}',
    "reviews_checkeditem": '{"item": "closing"}',
    "reviews_review": '{"state": "over"}',
    "reviews_sampledfile": '{"sample_id": "%(new)s"}',
    "reviews_listedfact": '{"source_id": "%(new)s"}',
    "reporting_directreport": '{"place": 99, "ended_at": "2026-11-24T00:00:00Z"}',
    "reporting_receipt": '{"person_id": "%(new)s"}',
    "counsel_consultation": '{"ended_at": "2026-11-24T00:00:00Z"}',
    "counsel_invitee": '{"person_id": null, "post_id": null}',
    "counsel_member": '{"seat": "member", "alone": false, "person_id": null, "post_id": null}',
    "counsel_team": '{"name": "another"}',
    "counsel_teammatter": '{"ended_at": "2026-11-24T00:00:00Z"}',
    "counsel_givenopinion": '{"invitee_id": "%(new)s"}',
    "agreements_agreement": '{"number": 99999}',
    "agreements_term": '{"place": 99}',
    "referrals_referralpaper": '{"file_id": "%(new)s"}',
    "referrals_referral": '{"kind": "petition"}',
    "agreements_signature": '{"party_id": null, "signer": "mediator"}',
    "dossier_disposalitem": '{"volume_id": "%(new)s"}',
    "dossier_signedpage": '{"page": 1, "pages": 1, "ended_at": "2026-11-24T00:00:00Z"}',
    "confirmation_courtcase": '{"state": "confirmed"}',
    "study_invitation": '{"person_id": "%(new)s"}',
    "study_opinion": '{"invitation_id": "%(new)s"}',
    "study_packitem": '{"material_id": "%(new)s"}',
    "study_study": '{"ended_at": "2026-11-24T00:00:00Z"}',
    "supervision_measure": '{"decision": "lapsed"}',
    "supervision_supervision": '{"ended_at": "2026-11-24T00:00:00Z"}',
}


def refused(statement: Any, *parameters: Any, by: Any, error: type[psycopg.Error]) -> None:
    """The database itself says no, and says why."""
    with pytest.raises(Exception) as refusal, attacking(by) as cursor:
        cursor.execute(statement, parameters)
    assert type(refusal.value.__cause__) is error, refusal.value


def row_of(ground: Ground, table: str, key: str) -> dict[str, Any]:
    """A row of a matter, as the owner reads it."""
    column = "id" if table == "matters_matter" else "matter_id"
    rows = ask(f"SELECT to_jsonb(t) FROM {table} t WHERE {column} = %s LIMIT 1", ground.matters[key].id)
    found: dict[str, Any] = json.loads(rows[0][0])
    return found


def forged(ground: Ground, table: str, row: dict[str, Any], **changes: Any) -> str:
    """The row once more, as a new one."""
    known = {
        "town": ground.county.centres["town"].pk,
        "police": ground.county.department("police").id,
        "open": ground.matters["open"].id,
        "new": uuid4(),
    }
    otherwise = json.loads(OTHERWISE.get(table, "{}") % known)
    return json.dumps(row | otherwise | {"id": str(uuid4())} | changes)


def insertion(table: str) -> str:
    return f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)"


# --- reading ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_there_is_something_to_hide(ground: Ground, table: str) -> None:
    assert set(ask(f"SELECT DISTINCT county, restriction FROM {table}")) == EVERYTHING


@pytest.mark.parametrize(("role", "place"), READ)
def test_each_post_reads_its_rows_of_every_table_and_no_others(
    ground: Ground, role: Role, place: str
) -> None:
    actor = ground.actor(role, place)
    seen = {}
    with attacking(actor) as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT DISTINCT county, restriction FROM {table}")
            seen[table] = set(cursor.fetchall())
    assert seen == dict.fromkeys(TABLES, READ[role, place])


@pytest.mark.parametrize("table", TABLES)
def test_asking_by_identity_finds_no_row_behind_a_wall(ground: Ground, table: str) -> None:
    found = {}
    with attacking(ground.actor(Role.REGISTRAR)) as cursor:
        for key in ("open", "restricted", "sealed", "other", "other-restricted"):
            cursor.execute(f"SELECT count(*) FROM {table} WHERE id = %s", [row_of(ground, table, key)["id"]])
            found[key] = cursor.fetchone()[0]
    assert found == {"open": 1, "restricted": 0, "sealed": 0, "other": 0, "other-restricted": 0}


def test_files_are_walled_by_county(ground: Ground) -> None:
    assert set(ask("SELECT DISTINCT county FROM files_storedfile")) == {("440785",), ("440783",)}
    for place, seen in (("county", {("440785",)}), ("other", {("440783",)})):
        with attacking(ground.actor(Role.REGISTRAR, place)) as cursor:
            cursor.execute("SELECT DISTINCT county FROM files_storedfile")
            assert set(cursor.fetchall()) == seen
    with attacking(ground.actor(Role.SYSTEM_ADMINISTRATOR)) as cursor:
        cursor.execute("SELECT count(*) FROM files_storedfile")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table", sorted(SCANNED))
def test_scans_are_seen_at_their_centre_and_of_a_matter_by_its_readers(ground: Ground, table: str) -> None:
    assert set(ask(f"SELECT DISTINCT county, restriction FROM {table}")) == EVERYTHING
    for role, place, seen in (
        (Role.REGISTRAR, "county", OWN),
        (Role.DIRECTOR, "county", NAMED),
        (Role.DIRECTOR, "town", set()),
        (Role.DIRECTOR, "city", set()),
        (Role.HANDLER, "labour", set()),
        (Role.MEDIATOR, "county", OWN),
        (Role.REGISTRAR, "other", {("440783", "open")}),
    ):
        with attacking(ground.actor(role, place)) as cursor:
            cursor.execute(f"SELECT DISTINCT county, restriction FROM {table}")
            assert set(cursor.fetchall()) == seen, (role, place)
    # In one's own name only.
    row = json.loads(
        ask(f"SELECT to_jsonb(t) FROM {table} t WHERE county = '440785' AND restriction = 'open'")[0][0]
    )
    others = json.dumps(row | {"id": str(uuid4()), "place": 99})
    refused(
        insertion(table), others, by=ground.actor(Role.MEDIATOR), error=psycopg.errors.InsufficientPrivilege
    )


def test_a_reader_sees_their_own_line_and_nobody_elses(ground: Ground) -> None:
    director = ground.actor(Role.DIRECTOR)
    lines = ask("SELECT person_id FROM matters_namedreader")
    assert len(lines) == 6
    with attacking(director) as cursor:
        cursor.execute("SELECT DISTINCT person_id FROM matters_namedreader")
        assert cursor.fetchall() == [(director.person_id,)]
    with attacking(ground.actor(Role.REGISTRAR)) as cursor:
        cursor.execute("SELECT person_id FROM matters_namedreader")
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    ("last_day", "seen"), [(-1, [("open",)]), (0, [("open",), ("restricted",)])], ids=["yesterday", "today"]
)
def test_a_reader_reads_to_the_end_of_the_last_day_in_shanghai(
    ground: Ground, last_day: int, seen: list[tuple[str]]
) -> None:
    set_until = "UPDATE matters_namedreader SET until = (now() AT TIME ZONE 'Asia/Shanghai')::date + %s"
    with connections["owner"].cursor() as owner:
        owner.execute(set_until, [last_day])
        try:
            with attacking(ground.actor(Role.DIRECTOR)) as cursor:
                cursor.execute("SELECT DISTINCT restriction FROM matters_party ORDER BY 1")
                assert cursor.fetchall() == seen
        finally:
            owner.execute(set_until, [30])


def test_a_function_that_leaks_is_shown_no_row_behind_a_wall(ground: Ground) -> None:
    """The planner likes cheap conditions first; a policy comes before them all the same."""
    told: list[str] = []

    def listen(notice: psycopg.errors.Diagnostic) -> None:
        told.append(str(notice.message_primary))

    with attacking(ground.actor(Role.REGISTRAR)) as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.leak(title text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 "
            "AS $$ BEGIN RAISE NOTICE '%', title; RETURN true; END $$"
        )
        session = connection.connection
        session.add_notice_handler(listen)
        try:
            cursor.execute("SELECT count(*) FROM matters_matter WHERE pg_temp.leak(title)")
        finally:
            session.remove_notice_handler(listen)
    assert sorted(told) == sorted([TITLES["open"], TITLES["linked"]])


def test_the_planners_statistics_tell_nothing_of_a_walled_table(ground: Ground) -> None:
    with connections["owner"].cursor() as owner:
        owner.execute("ANALYZE")
    with attacking(ground.actor(Role.REGISTRAR)) as cursor:
        cursor.execute("SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'")
        told = {name for (name,) in cursor.fetchall()}
    assert told & {*TABLES, "files_storedfile", "audit_entry", "matters_namedreader"} == set()
    assert "places_division" in told


def test_copying_out_copies_only_what_is_seen(ground: Ground) -> None:
    with (
        attacking(ground.actor(Role.REGISTRAR)) as cursor,
        cursor.copy("COPY matters_matter (title) TO STDOUT") as copy,
    ):
        lines = [bytes(row).decode().strip() for row in copy]
    assert sorted(lines) == sorted([TITLES["open"], TITLES["linked"]])


# --- without a scope ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table", [*TABLES, "audit_chainhead", "audit_entry", "files_storedfile", "matters_namedreader"]
)
def test_without_a_scope_every_walled_table_raises(ground: Ground, table: str) -> None:
    wanted = f"SELECT * FROM {table} LIMIT 1"
    connections["default"].close()
    with pytest.raises(Exception) as fresh, connection.cursor() as cursor:
        cursor.execute(wanted)
    assert type(fresh.value.__cause__) is psycopg.errors.UndefinedObject
    with scope(ground.actor(Role.REGISTRAR)), connection.cursor() as cursor:
        cursor.execute(wanted)
    with pytest.raises(Exception) as used, connection.cursor() as cursor:
        cursor.execute(wanted)
    assert type(used.value.__cause__) is psycopg.errors.InvalidTextRepresentation


@pytest.mark.parametrize("table", TABLES)
def test_without_a_scope_nothing_is_written(ground: Ground, table: str) -> None:
    new = forged(ground, table, row_of(ground, table, "open"))
    before = ask(f"SELECT count(*) FROM {table}")
    with pytest.raises(Exception) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(insertion(table), [new])
    assert type(refusal.value.__cause__) in (
        psycopg.errors.UndefinedObject,
        psycopg.errors.InvalidTextRepresentation,
    )
    assert ask(f"SELECT count(*) FROM {table}") == before


# --- writing across a wall ----------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_a_row_is_added_to_what_one_sees_and_to_nothing_else(ground: Ground, table: str) -> None:
    registrar = ground.actor(Role.REGISTRAR)
    with attacking(registrar) as cursor:
        cursor.execute(insertion(table), [forged(ground, table, row_of(ground, table, "open"))])
        assert cursor.rowcount == 1
    for key in ("other", "restricted", "sealed", "other-restricted"):
        new = forged(ground, table, row_of(ground, table, key))
        refused(insertion(table), new, by=registrar, error=psycopg.errors.InsufficientPrivilege)
    # Not even its named readers write what is sealed.
    sealed = forged(ground, table, row_of(ground, table, "sealed"))
    refused(
        insertion(table), sealed, by=ground.actor(Role.DIRECTOR), error=psycopg.errors.InsufficientPrivilege
    )


@pytest.mark.parametrize("table", TABLES)
def test_changing_everything_changes_only_what_one_sees(ground: Ground, table: str) -> None:
    registrar, director = ground.actor(Role.REGISTRAR), ground.actor(Role.DIRECTOR)
    changeable = COLUMNS.get((table, "UPDATE"))
    if changeable is None:
        refused(f"UPDATE {table} SET id = id", by=registrar, error=psycopg.errors.InsufficientPrivilege)
        return
    column = changeable.split()[0]
    for actor, seen in ((registrar, OWN), (director, NAMED)):
        with attacking(actor) as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = {column} RETURNING county, restriction")
            assert set(cursor.fetchall()) == seen


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("column", ["restriction", "county", "id"])
def test_no_record_changes_its_restriction_its_county_or_its_identity(
    ground: Ground, table: str, column: str
) -> None:
    """Not even one that the actor sees, and not even to what it has."""
    refused(
        f"UPDATE {table} SET {column} = {column}",
        by=ground.actor(Role.DIRECTOR),
        error=psycopg.errors.InsufficientPrivilege,
    )


@pytest.mark.parametrize(
    "table",
    [
        *(each for each in TABLES if each != "matters_replayed"),
        "audit_entry",
        "audit_chainhead",
        "matters_namedreader",
        "matters_seal",
    ],
)
def test_nothing_is_removed(ground: Ground, table: str) -> None:
    for verb in ("DELETE FROM", "TRUNCATE"):
        refused(f"{verb} {table}", by=ground.actor(Role.DIRECTOR), error=psycopg.errors.InsufficientPrivilege)


def test_a_later_replay_takes_away_only_answers_that_its_post_sees(ground: Ground) -> None:
    with attacking(ground.actor(Role.REGISTRAR)) as cursor:
        cursor.execute("DELETE FROM matters_replayed RETURNING county, restriction")
        assert set(cursor.fetchall()) == READ[Role.REGISTRAR, "county"]
    refused(
        "TRUNCATE matters_replayed",
        by=ground.actor(Role.DIRECTOR),
        error=psycopg.errors.InsufficientPrivilege,
    )


def test_the_sweep_removes_files_of_its_own_county_only(ground: Ground) -> None:
    orphans = list(ground.orphans.values())
    with attacking(ground.actor(Role.REGISTRAR)) as cursor:
        cursor.execute("DELETE FROM files_storedfile WHERE id = ANY (%s) RETURNING county", [orphans])
        assert cursor.fetchall() == [("440785",)]
    # What a matter refers to is held, also where the sweeper cannot see the matter.
    refused(
        "SET CONSTRAINTS ALL IMMEDIATE; DELETE FROM files_storedfile WHERE id = %s",
        row_of(ground, "matters_matterfile", "sealed")["file_id"],
        by=ground.actor(Role.REGISTRAR),
        error=psycopg.errors.ForeignKeyViolation,
    )


@pytest.mark.parametrize("table", sorted(OF_A_MATTER))
def test_a_record_cannot_carry_another_restriction_or_county_than_its_matter(
    ground: Ground, table: str
) -> None:
    """A named reader sees the restricted matter and may write what is open: the composite key says no."""
    director = ground.actor(Role.DIRECTOR)
    restricted = row_of(ground, table, "restricted")
    with attacking(director) as cursor:
        cursor.execute(insertion(table), [forged(ground, table, restricted)])
        assert cursor.rowcount == 1
    refused(
        insertion(table),
        forged(ground, table, restricted, restriction="open"),
        by=director,
        error=psycopg.errors.ForeignKeyViolation,
    )
    # Hung on the matter of another county as if it were one of ours.
    other = row_of(ground, table, "other")
    refused(
        insertion(table),
        forged(ground, table, other, county="440785"),
        by=director,
        error=psycopg.errors.ForeignKeyViolation,
    )


# --- the functions that run as the owner --------------------------------------------------------------------


def restrictions(ground: Ground) -> dict[str, Any]:
    told = {}
    for key, matter in ground.matters.items():
        told[key] = (
            ask("SELECT restriction FROM matters_matter WHERE id = %s", matter.id),
            ask(
                "SELECT person_id, until FROM matters_namedreader WHERE matter_id = %s ORDER BY 1", matter.id
            ),
            ask("SELECT basis FROM matters_seal WHERE matter_id = %s", matter.id),
        )
    return told


@pytest.mark.parametrize(
    ("role", "place", "key"),
    [
        (Role.DIRECTOR, "other", "open"),
        (Role.DIRECTOR, "other", "restricted"),
        (Role.DIRECTOR, "city", "restricted"),
        (Role.REGISTRAR, "county", "restricted"),
        (Role.DIRECTOR, "county", "sealed"),
        (Role.DIRECTOR, "county", "other"),
        (Role.AUDITOR, "county", "open"),
        (Role.SECURITY_ADMINISTRATOR, "city", "open"),
    ],
)
def test_who_may_not_read_may_not_restrict_name_or_seal(
    ground: Ground, role: Role, place: str, key: str
) -> None:
    actor, matter, before = ground.actor(role, place), ground.matters[key].id, restrictions(ground)
    me = actor.person_id
    no = psycopg.errors.InsufficientPrivilege
    refused("SELECT matter_restrict(%s, %s, '2099-01-01', 'me')", matter, [me], by=actor, error=no)
    refused("SELECT matter_name_reader(%s, %s, '2099-01-01', 'me')", matter, me, by=actor, error=no)
    refused("SELECT matter_seal(%s, 'by no law at all')", matter, by=actor, error=no)
    with attacking(actor) as cursor:
        cursor.execute("SELECT * FROM matter_readers(%s)", [matter])
        assert cursor.fetchall() == []
    assert restrictions(ground) == before


def test_a_named_reader_is_told_who_reads(ground: Ground) -> None:
    director = ground.actor(Role.DIRECTOR)
    with attacking(director) as cursor:
        cursor.execute("SELECT person_id FROM matter_readers(%s)", [ground.matters["restricted"].id])
        told = {person for (person,) in cursor.fetchall()}
    assert told == {director.person_id, ground.county.person(Role.EXECUTIVE_DEPUTY).id}


def test_a_seal_needs_its_basis_and_takes_every_record_with_it(ground: Ground) -> None:
    director, matter = ground.actor(Role.DIRECTOR), ground.matters["open"].id
    refused("SELECT matter_seal(%s, '')", matter, by=director, error=psycopg.errors.RaiseException)
    with attacking(director) as cursor:
        cursor.execute("SELECT matter_seal(%s, '刑诉法第286条')", [matter])
        for table in TABLES:
            column = "id" if table == "matters_matter" else "matter_id"
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [matter])
            assert (table, cursor.fetchone()) == (table, (0,))
        # Nobody restricts it again, as if it were open to somebody.
        with pytest.raises(Exception) as refusal, transaction.atomic():
            cursor.execute(
                "SELECT matter_restrict(%s, %s, '2099-01-01', 'me')", [matter, [director.person_id]]
            )
        assert type(refusal.value.__cause__) is psycopg.errors.InsufficientPrivilege
    assert ask("SELECT restriction FROM matters_matter WHERE id = %s", matter) == [("open",)]


def test_restrictions_are_written_by_those_functions_alone(ground: Ground) -> None:
    director = ground.actor(Role.DIRECTOR)
    no = psycopg.errors.InsufficientPrivilege
    refused("SELECT * FROM matters_seal", by=director, error=no)
    refused(
        "INSERT INTO matters_seal VALUES (%s, 'none', %s, now())",
        ground.matters["open"].id,
        director.person_id,
        by=director,
        error=no,
    )
    line = json.dumps(
        {
            "id": str(uuid4()),
            "county": "440785",
            "matter_id": str(ground.matters["restricted"].id),
            "person_id": str(ground.county.person(Role.REGISTRAR).id),
            "until": "2099-01-01",
            "named_by": str(director.person_id),
            "named_at": "2026-01-01T00:00:00Z",
            "reason": "me",
        }
    )
    refused(insertion("matters_namedreader"), line, by=director, error=no)
    refused("UPDATE matters_namedreader SET until = '2099-01-01'", by=director, error=no)


@pytest.mark.parametrize(
    ("role", "place", "found"),
    [
        (Role.REGISTRAR, "county", {"open", "linked"}),
        (Role.DIRECTOR, "county", {"open", "linked", "restricted"}),
        (Role.DIRECTOR, "other", {"other", "other-linked", "other-restricted"}),
        (Role.SUPERVISOR, "city", {"open", "linked", "other", "other-linked"}),
        (Role.SYSTEM_ADMINISTRATOR, "county", set()),
    ],
)
def test_the_search_of_words_holds_to_the_wall_by_itself(
    ground: Ground, role: Role, place: str, found: set[str]
) -> None:
    keys = {matter.id: key for key, matter in ground.matters.items()}
    assert len(ask("SELECT id FROM matters_matter WHERE search @@ '陶瓷'::tsquery")) == len(TITLES)
    with attacking(ground.actor(role, place)) as cursor:
        cursor.execute("SELECT matter_search(ARRAY['陶瓷'], 1000)")
        assert {keys[matter] for (matter,) in cursor.fetchall()} == found
        # A word that is no word but a piece of a query is looked for as it stands.
        cursor.execute("SELECT matter_search(ARRAY[$$陶瓷' | '$$, '! x'], 1000)")
        assert cursor.fetchall() == []


def test_the_look_up_by_the_end_of_a_code_holds_to_the_wall_by_itself(ground: Ground) -> None:
    wanted = {key: matter.code.rsplit("-", 1)[1] for key, matter in ground.matters.items()}
    shown = {}
    for role, place in ((Role.REGISTRAR, "county"), (Role.REGISTRAR, "other")):
        with attacking(ground.actor(role, place)) as cursor:
            seen = set()
            for key, number in wanted.items():
                cursor.execute("SELECT matter_numbered(%s, 1000)", [number])
                seen |= {key for (matter,) in cursor.fetchall() if matter == ground.matters[key].id}
            cursor.execute("SELECT id FROM matters_matter")
            ids = {matter for (matter,) in cursor.fetchall()}
        assert seen == {key for key, matter in ground.matters.items() if matter.id in ids}
        shown[place] = seen
    assert shown["county"] and shown["other"]
    assert shown["county"] != shown["other"]


def test_the_counter_of_another_county_stays_its_own(ground: Ground) -> None:
    registrar = ground.actor(Role.REGISTRAR)
    with attacking(registrar) as cursor:
        cursor.execute("SELECT matter_number('440785')")
        assert cursor.rowcount == 1
    no = psycopg.errors.InsufficientPrivilege
    refused("SELECT matter_number('440783')", by=registrar, error=no)
    refused("SELECT last_value FROM matter_number_440783", by=registrar, error=no)
    refused("SELECT nextval('matter_number_440785')", by=registrar, error=no)
    refused("SELECT matter_number('x; DROP')", by=registrar, error=psycopg.errors.RaiseException)


# --- history and audit --------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["matters_historyevent", "audit_entry"])
def test_history_and_audit_are_added_to_and_never_changed(ground: Ground, table: str) -> None:
    no = psycopg.errors.InsufficientPrivilege
    for actor in (ground.actor(Role.DIRECTOR), ground.actor(Role.AUDITOR)):
        for statement in (f"UPDATE {table} SET content = ''", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            refused(statement, by=actor, error=no)
    # The second bolt stops the tables' owner too, until they take it off (then the chains tell).
    rows = ask(f"SELECT count(*) FROM {table}")
    for statement in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}"):
        with pytest.raises(Exception) as refusal, transaction.atomic(using="owner"):
            ask(statement)
        assert type(refusal.value.__cause__) is no
        assert "append-only" in str(refusal.value)
    assert ask(f"SELECT count(*) FROM {table}") == rows != [(0,)]


def test_the_audit_is_read_by_auditors_of_the_county_alone(ground: Ground) -> None:
    assert set(ask("SELECT DISTINCT county FROM audit_entry")) == {("440785",), ("440783",)}
    seen = {}
    for role, place in READ:
        with attacking(ground.actor(role, place)) as cursor:
            cursor.execute("SELECT DISTINCT county FROM audit_entry ORDER BY 1")
            seen[role, place] = [county for (county,) in cursor.fetchall()]
    auditors = {(Role.AUDITOR, "county"): ["440785"], (Role.AUDITOR, "city"): ["440783", "440785"]}
    assert seen == dict.fromkeys(READ, []) | auditors


def test_the_end_of_another_countys_chain_does_not_move(ground: Ground) -> None:
    with attacking(ground.actor(Role.REGISTRAR)) as cursor:
        cursor.execute("UPDATE audit_chainhead SET count = count RETURNING county")
        assert set(cursor.fetchall()) == {("440785",)}
    refused(
        "INSERT INTO audit_chainhead VALUES ('440783/2099010100', '440783', 0, '')",
        by=ground.actor(Role.REGISTRAR),
        error=psycopg.errors.InsufficientPrivilege,
    )


# --- taking the walls down ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE matters_matter DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE matters_matter NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE matters_historyevent DISABLE TRIGGER append_only",
        "DROP POLICY wall_read ON matters_matter",
        "CREATE POLICY mine ON matters_matter USING (true)",
        "ALTER POLICY wall_read ON matters_matter USING (true)",
        "GRANT ALL ON matters_seal TO CURRENT_USER",
        "CREATE TABLE mine AS SELECT 1",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "COPY matters_matter TO '/tmp/all'",
        "SET session_replication_role = replica",
        # Refuses to answer instead of answering without the wall.
        "SET LOCAL row_security = off; SELECT * FROM matters_matter",
    ],
)
def test_the_application_cannot_take_a_wall_down(ground: Ground, statement: str) -> None:
    refused(statement, by=ground.actor(Role.DIRECTOR), error=psycopg.errors.InsufficientPrivilege)


def test_the_application_becomes_nobody_else(ground: Ground) -> None:
    owner = settings.DATABASES["owner"]["USER"]
    for statement in (f'SET ROLE "{owner}"', f'SET SESSION AUTHORIZATION "{owner}"'):
        refused(statement, by=ground.actor(Role.DIRECTOR), error=psycopg.errors.InsufficientPrivilege)
    with attacking(ground.actor(Role.REGISTRAR)) as cursor:
        for statement in ("RESET ROLE", "RESET SESSION AUTHORIZATION"):
            cursor.execute(statement)
        cursor.execute("SELECT DISTINCT county, restriction FROM matters_matter")
        assert set(cursor.fetchall()) == OWN


# --- the attacks bite ---------------------------------------------------------------------------------------


OPENED = {
    "SELECT": {"wall_read": "USING ({0})"},
    "INSERT": {"wall_insert": "WITH CHECK ({0})"},
    # What is not seen is not changed either: both have to go.
    "UPDATE": {"wall_read": "USING ({0})", "wall_change": "USING ({0}) WITH CHECK ({0})"},
}


@pytest.mark.parametrize(
    ("command", "table"),
    [
        *(("SELECT", table) for table in TABLES),
        *(("INSERT", table) for table in TABLES),
        # A person's exports are attacked in tests/exchange/test_export.py: they belong to no matter.
        *((command, table) for table, command in COLUMNS if table in TABLES),
    ],
)
def test_with_a_policy_opened_the_attack_on_its_table_succeeds(
    ground: Ground, command: str, table: str
) -> None:
    """Else the refusals above would prove nothing about the policies."""
    walls = dict(
        ask("SELECT policyname, coalesce(qual, with_check) FROM pg_policies WHERE tablename = %s", table)
    )
    new = forged(ground, table, row_of(ground, table, "other"))
    with connections["owner"].cursor() as owner:
        for policy, clause in OPENED[command].items():
            owner.execute(f"ALTER POLICY {policy} ON {table} {clause.format('true')}")
        try:
            with attacking(ground.actor(Role.REGISTRAR)) as cursor:
                if command == "SELECT":
                    cursor.execute(f"SELECT DISTINCT county, restriction FROM {table}")
                    assert set(cursor.fetchall()) == EVERYTHING
                elif command == "INSERT":
                    cursor.execute(insertion(table), [new])
                    assert cursor.rowcount == 1
                else:
                    column = COLUMNS[table, command].split()[0]
                    cursor.execute(f"UPDATE {table} SET {column} = {column} RETURNING county, restriction")
                    assert set(cursor.fetchall()) == EVERYTHING
        finally:
            for policy, clause in OPENED[command].items():
                owner.execute(f"ALTER POLICY {policy} ON {table} {clause.format(walls[policy])}")
