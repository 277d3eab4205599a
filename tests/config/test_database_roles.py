"""The database that the tests themselves stand on."""

import psycopg
import pytest
from django.db import connection, connections


@pytest.mark.django_db(databases=["default", "owner"])
def test_tests_run_as_the_application_and_may_attack_as_the_owner() -> None:
    who = {}
    for alias in ("default", "owner"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_user, pg_has_role('pg_database_owner', 'MEMBER')")
            who[alias] = cursor.fetchone()
    assert who["default"] == ("fengqiao_app_test", False)
    assert who["owner"][1] is True


@pytest.mark.parametrize("time", [1, 2])
def test_what_a_test_commits_is_gone_for_the_next(committed_db: None, time: int) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (0,)
        cursor.execute("INSERT INTO django_session VALUES ('kept', '', now())")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE mine ()", "TRUNCATE django_session", "SET ROLE fengqiao_owner"]
)
def test_the_application_has_no_owners_powers(db: None, statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(Exception) as refusal:
        cursor.execute(statement)
    assert isinstance(
        refusal.value.__cause__, psycopg.errors.InsufficientPrivilege | psycopg.errors.InvalidParameterValue
    )
