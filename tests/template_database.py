"""The test databases: one template, migrated once by the owner, and a copy of it for each test process.

The template is named by a hash of everything that migrations are made of and is kept between runs, so that
a run starts in a second as long as no migration has changed.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from fengqiao.config import database, environment
from fengqiao.config.environment import DatabaseAddress

# Two checkouts may test on one server.
PREFIX = "fengqiao_test_" + hashlib.sha256(bytes(environment.PROJECT)).hexdigest()[:6]


def worker_database() -> str:
    """The database of this test process; two test runs at once do not meet."""
    return f"{PREFIX}_process_{os.getpid()}"


@cache
def template_name() -> str:
    """The template's name, another one as soon as a migration, or what it is made with, is another."""
    digest = hashlib.sha256(repr((settings.INSTALLED_APPS, settings.APP_ROLE)).encode())
    for path in sorted(_what_migrations_are_made_of()):
        digest.update(str(path).encode() + path.read_bytes())
    return f"{PREFIX}_template_{digest.hexdigest()[:12]}"


def _what_migrations_are_made_of() -> Iterator[Path]:
    made_of: set[Path] = set()
    for app in settings.INSTALLED_APPS:
        spec = find_spec(app)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            made_of.update(Path(folder).glob("**/migrations/**/*.py"))
            made_of.update(Path(folder).glob("**/*.sql"))
    made_of.add(Path(database.__file__))
    # Our migrations take their statements from modules of the apps (the walls, above all).
    for path in list(made_of):
        for module in re.findall(r"^\s*(?:from|import) (fengqiao[\w.]*)", path.read_text(), re.MULTILINE):
            spec = find_spec(module)
            if spec and spec.origin:
                made_of.add(Path(spec.origin))
    yield from made_of


def make_worker_database() -> None:
    """Gives this process a fresh copy of the template, which the first process migrates."""
    template = template_name()
    with _administration() as server, environment.locked(environment.home() / "template.lock"):
        if not _there(server, template):
            _drop_leftovers(server)
            _make_template(server, template)
    copy_template(template)


def copy_template(template: str | None = None) -> None:
    """Throws this process's database away, with all that tests committed, and copies the template again."""
    connections.close_all()
    name = worker_database()
    with _administration() as server:
        _drop(server, name)
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template or template_name())
            )
        )


def drop_worker_database() -> None:
    """Leaves nothing behind but the template."""
    connections.close_all()
    with _administration() as server:
        _drop(server, worker_database())


def _make_template(server: psycopg.Connection[Any], template: str) -> None:
    # Under another name until it is whole: a run that was broken off leaves no half-migrated template.
    part = f"{template}_part"
    _drop(server, part)
    server.execute(
        sql.SQL("CREATE DATABASE {} ENCODING UTF8 TEMPLATE template0").format(sql.Identifier(part))
    )
    database.prepare(_address(part), new_password=True)
    connection = connections["owner"]
    own_name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = part
    try:
        database.migrate(verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own_name
    connections.close_all()
    server.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(part), sql.Identifier(template))
    )


def _drop_leftovers(server: psycopg.Connection[Any]) -> None:
    """Older templates (but the newest two: another run may be using one) and what killed runs left."""
    found = server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC", [PREFIX]
    ).fetchall()
    names = [name for (name,) in found]
    templates = [name for name in names if name.startswith(f"{PREFIX}_template_")]
    processes = [name for name in names if name.startswith(f"{PREFIX}_process_")]
    killed = [name for name in processes if not _lives(int(name.rpartition("_")[2]))]
    for name in templates[2:] + killed:
        _drop(server, name)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _there(server: psycopg.Connection[Any], name: str) -> bool:
    return bool(server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def _drop(server: psycopg.Connection[Any], name: str) -> None:
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    try:
        server.execute(drop + sql.SQL(" WITH (FORCE)"))
    except psycopg.errors.InsufficientPrivilege:
        # A vacuum of the server's own was at work there, which only a superuser may end; a plain drop asks
        # it to leave and waits.
        server.execute(drop)


def _address(name: str) -> DatabaseAddress:
    owner = settings.DATABASES["owner"]
    return DatabaseAddress(
        name, owner["USER"], owner["PASSWORD"], owner["HOST"], owner["PORT"], dict(owner["OPTIONS"])
    )


@contextmanager
def _administration() -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection to a database that nobody drops, to make and drop the others."""
    with psycopg.connect(_address("postgres").url(), autocommit=True) as connection:
        yield connection
