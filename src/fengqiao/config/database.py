"""Making a database ready: the application's role, what it may, and the tables.

Two roles work on the database. The owner makes and changes the tables, backs them up and verifies them. The
application's role owns nothing, stands under the row-level walls and has only what migrations grant to it.
Everything here is done as the owner, may be repeated, and needs no superuser.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
from psycopg import sql

from fengqiao.config import environment
from fengqiao.config.environment import DatabaseAddress

OLDEST_VERSION = 15
# Any number will do, as long as nothing else in the database locks the same one.
MIGRATION_LOCK = 720_720_001
LOCK_TIMEOUT = "5s"


class DatabaseNotReady(RuntimeError):
    """The database cannot be used as it is; the message says why and what to run."""


def prepare(owner: DatabaseAddress, *, new_password: bool = False) -> None:
    """Makes the application's role and lets it into the owner's database, and no further.

    :param new_password: give an existing role this installation's password. Without it a role whose password
        differs is left alone: another installation on the same server may be using it.
    :raises DatabaseNotReady: with the statement that a database administrator has to run.
    """
    app = _app_address(owner)
    if app.user == owner.user:
        raise DatabaseNotReady("the application must not be the owner: it would pass through every wall")
    with _connected(owner) as connection:
        _check_server(connection)
        _check_owner(connection, owner)
        _ensure_role(connection, app)
        _close_public_schema(connection)
        for statement in ("GRANT CONNECT ON DATABASE {} TO {}", "GRANT USAGE ON SCHEMA public TO {1}"):
            connection.execute(
                sql.SQL(statement).format(sql.Identifier(owner.name), sql.Identifier(app.user))
            )
        _ensure_password(connection, app, new_password=new_password)


def migrate(*, verbosity: int = 1) -> None:
    """Brings the tables up to date, as the owner, one process at a time.

    :raises DatabaseNotReady: when a table was in use for too long. Who waits for a table to change it holds
        up everybody that comes after, so the migration gives up, and all of it is as before.
    """
    from django.core.management import call_command
    from django.db import connections
    from django.db.utils import OperationalError

    patience = os.environ.get("FENGQIAO_LOCK_TIMEOUT") or LOCK_TIMEOUT
    with connections["owner"].cursor() as lock:
        lock.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        lock.execute("SELECT set_config('lock_timeout', %s, false)", [patience])
        try:
            with _collecting_seldom():
                call_command("migrate", database="owner", interactive=False, verbosity=verbosity)
        except OperationalError as trouble:
            if not isinstance(trouble.__cause__, psycopg.errors.LockNotAvailable):
                raise
            raise DatabaseNotReady(
                f"a table was in use for longer than {patience}, so its migration was not done: run "
                "`fengqiao setup` again when there is less to do (FENGQIAO_LOCK_TIMEOUT names another time)"
            ) from trouble
        finally:
            lock.execute("SELECT set_config('lock_timeout', '0', false)")
            lock.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Each migration makes the models anew, and the collector looked through all of them again and again."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def pending_migrations() -> list[str]:
    """What `migrate` would do, as "app.name". Reads as the application's role where there is no owner."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner" if "owner" in connections else "default"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def role_facts(connection: psycopg.Connection[Any], role: str) -> dict[str, Any] | None:
    """What the server says of a role, or none when there is no such role."""
    with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        cursor.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole,"
            " (SELECT count(*) FROM pg_class WHERE relowner = r.oid) AS owns"
            " FROM pg_roles r WHERE rolname = %s",
            [role],
        )
        return cursor.fetchone()


# --- the parts of prepare ---------------------------------------------------------------------------------


@contextmanager
def _connected(address: DatabaseAddress) -> Iterator[psycopg.Connection[Any]]:
    try:
        connection = psycopg.connect(address.url(), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as trouble:
        place = replace(address, password="").url()
        hint = ""
        if "does not exist" in str(trouble) and f'"{address.name}"' in str(trouble):
            make = f'CREATE DATABASE "{address.name}" OWNER "{address.user}" ENCODING UTF8;'
            hint = f"\nas an administrator: {make}"
        raise DatabaseNotReady(f"{place} does not let us in: {str(trouble).strip()}{hint}") from trouble
    with connection:
        yield connection


def _app_address(owner: DatabaseAddress) -> DatabaseAddress:
    app = environment.app_address()
    password = app.password if app else environment.secret("app_password")
    return replace(owner, user=environment.app_role(), password=password)


def _check_server(connection: psycopg.Connection[Any]) -> None:
    version = connection.info.server_version // 10_000
    if version < OLDEST_VERSION:
        raise DatabaseNotReady(f"PostgreSQL {version} is too old: {OLDEST_VERSION} or newer is needed")
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise DatabaseNotReady(f"the database is encoded in {encoding}: make one with ENCODING UTF8")


def _check_owner(connection: psycopg.Connection[Any], owner: DatabaseAddress) -> None:
    row = connection.execute(
        "SELECT has_schema_privilege('public', 'CREATE'),"
        " has_database_privilege(current_database(), 'CREATE')"
    ).fetchone()
    if row != (True, True):
        raise DatabaseNotReady(
            f"{owner.user} may not make tables in {owner.name}; as an administrator, in that database:\n"
            f'ALTER DATABASE "{owner.name}" OWNER TO "{owner.user}"; '
            f'GRANT CREATE ON SCHEMA public TO "{owner.user}";'
        )


def _ensure_role(connection: psycopg.Connection[Any], app: DatabaseAddress) -> None:
    facts = role_facts(connection, app.user)
    if facts is None:
        statement = sql.SQL(
            "CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD {}"
        ).format(sql.Identifier(app.user), sql.Literal(app.password))
        try:
            connection.execute(statement)
        except psycopg.errors.DuplicateObject:
            pass  # another process made it just now
        except psycopg.errors.InsufficientPrivilege as refusal:
            raise DatabaseNotReady(
                f"{connection.info.user} may not make the application's role; as an administrator:\n"
                f'CREATE ROLE "{app.user}" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE '
                "PASSWORD '…';\n"
                "and give us its password by FENGQIAO_APP_PASSWORD"
            ) from refusal
        return
    too_much = [name for name in ("rolsuper", "rolbypassrls") if facts[name]]
    if too_much:
        raise DatabaseNotReady(
            f"the role {app.user} would pass every wall ({', '.join(too_much)}); as an administrator:\n"
            f'ALTER ROLE "{app.user}" NOSUPERUSER NOBYPASSRLS;'
        )
    member = connection.execute("SELECT pg_has_role(%s, current_user, 'MEMBER')", [app.user]).fetchone()
    if member == (True,):
        raise DatabaseNotReady(
            f"the role {app.user} is a member of the owner and would own its tables; as an administrator:\n"
            f'REVOKE "{connection.info.user}" FROM "{app.user}";'
        )


def _close_public_schema(connection: psycopg.Connection[Any]) -> None:
    """Databases older than PostgreSQL 15 let everybody make tables in the schema public."""
    connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    left = connection.execute(
        "SELECT 1 FROM pg_namespace, aclexplode(nspacl) AS a"
        " WHERE nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE'"
    ).fetchone()
    if left:
        raise DatabaseNotReady(
            "everybody may make tables in this database; as an administrator, in it:\n"
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
        )


def _ensure_password(
    connection: psycopg.Connection[Any], app: DatabaseAddress, *, new_password: bool
) -> None:
    try:
        psycopg.connect(app.url(), connect_timeout=10).close()
        return
    except psycopg.OperationalError as refusal:
        if not new_password:
            raise DatabaseNotReady(
                f"the role {app.user} is not let in: {str(refusal).strip()}\n"
                "Give its password by FENGQIAO_APP_PASSWORD; or, when no other installation uses the role, "
                "run `fengqiao setup --new-password`"
            ) from refusal
    try:
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(app.user), sql.Literal(app.password))
        )
    except psycopg.errors.InsufficientPrivilege as refusal:
        raise DatabaseNotReady(
            f"{connection.info.user} may not change the password of {app.user}: give the one it has by "
            "FENGQIAO_APP_PASSWORD"
        ) from refusal
    with _connected(app):
        pass
