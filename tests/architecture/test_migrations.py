"""Migrations that let the old version run on: expand → fill → contract (docs/operations.md).

The web servers and workers of the version before go on while a migration runs and for a while after it. What
breaks them, or holds a big table shut, is refused here as far as a machine can see it. Where it is right all
the same, the migration says why: ``safe_because = "…"`` in its class.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connections, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED
from django.db.models.signals import pre_migrate

from fengqiao.config import database
from fengqiao.config.database import DatabaseNotReady

# Made before the first county used the program: no older version ever ran beside them.
BEFORE_THE_RULE = {"config.0001_grants"}
# Tables that grow with the matters; on the others a lock is over in a blink.
BIG = {"matters", "dispatch", "mediation", "dossier", "files", "audit"}
SHORTEST_REASON = 20
CONTRACTS = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
# In SQL by hand; tables made in the same migration are nobody's yet, but a machine does not see that.
IN_SQL = re.compile(
    r"drop\s+(table|column)|rename\s+(column|to)|set\s+not\s+null|alter\s+column\s+\S+\s+type"
    r"|create\s+(unique\s+)?index\s+(?!concurrently)|truncate",
    re.IGNORECASE,
)


@cache
def all_of_ours() -> dict[str, Any]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {
        f"{app}.{name}": migration
        for (app, name), migration in sorted(loader.disk_migrations.items())
        if migration.__module__.startswith("fengqiao.")
    }


def breaches(migration: Any) -> Iterator[str]:
    """What of a migration would break the version that runs, or stop it."""
    if len(getattr(migration, "safe_because", "")) >= SHORTEST_REASON:
        return
    new = {op.name_lower for op in migration.operations if isinstance(op, migrations.CreateModel)}
    for operation in migration.operations:
        model = getattr(operation, "model_name_lower", "") or getattr(operation, "model_name", "").lower()
        why = breaks_the_old(operation) if model not in new else ""
        if not why and migration.app_label in BIG and model not in new:
            why = shuts_a_big_table(operation)
        if why:
            yield f"{operation.describe()}: {why}"


def breaks_the_old(operation: Any) -> str:
    if isinstance(operation, CONTRACTS):
        return "the version before still uses it"
    if isinstance(operation, migrations.AddField):
        field = operation.field
        filled = field.null or field.db_default is not NOT_PROVIDED
        if not filled and not isinstance(field, models.ManyToManyField):
            return "the version before writes no such column (null or db_default)"
    if isinstance(operation, migrations.RunSQL):
        return ", ".join(found[0] for found in IN_SQL.finditer(str(operation.sql)))
    return ""


def shuts_a_big_table(operation: Any) -> str:
    if isinstance(operation, migrations.AlterField):
        return "may rewrite or shut a big table"
    if isinstance(operation, migrations.AddIndex) and not isinstance(operation, AddIndexConcurrently):
        return "AddIndexConcurrently, atomic = False"
    if isinstance(operation, migrations.AddConstraint) and not isinstance(operation, AddConstraintNotValid):
        return "AddConstraintNotValid, and ValidateConstraint in the next"
    if isinstance(operation, migrations.RunPython):
        return "rows of a big table are filled by a job, in chunks"
    return ""


@pytest.mark.parametrize("name", sorted(set(all_of_ours()) - BEFORE_THE_RULE))
def test_no_migration_stops_the_version_that_runs(name: str) -> None:
    assert list(breaches(all_of_ours()[name])) == []


def test_the_old_ones_are_there_and_would_be_refused() -> None:
    """The list is no hiding place: what is well by itself is not on it."""
    assert {name for name in BEFORE_THE_RULE if list(breaches(all_of_ours()[name]))} == BEFORE_THE_RULE


class Example(migrations.Migration):
    app_label = "matters"


def made(*operations: Any, **more: Any) -> list[str]:
    example = Example("0999_example", "matters")
    example.operations = list(operations)
    for name, value in more.items():
        setattr(example, name, value)
    return list(breaches(example))


INDEX = models.Index(fields=["title"], name="by_title")
CHECK = models.CheckConstraint(condition=models.Q(people__gte=0), name="no_less")
UNSAFE = {
    "a column goes": migrations.RemoveField("matter", "title"),
    "a column gets another name": migrations.RenameField("matter", "title", "heading"),
    "a table goes": migrations.DeleteModel("Matter"),
    "a column that must be filled": migrations.AddField("matter", "x", models.IntegerField(default=0)),
    "an index that shuts the table": migrations.AddIndex("matter", INDEX),
    "a constraint that reads the table": migrations.AddConstraint("matter", CHECK),
    "a column of another type": migrations.AlterField("matter", "title", models.TextField()),
    "rows rewritten": migrations.RunPython(lambda apps, editor: None),
    "SQL that shuts": migrations.RunSQL("CREATE INDEX by_title ON matters_matter (title)"),
    "SQL that breaks": migrations.RunSQL("ALTER TABLE matters_matter ALTER COLUMN title SET NOT NULL"),
}
SAFE = {
    "a column that may be empty": migrations.AddField("matter", "x", models.IntegerField(null=True)),
    "a column that the database fills": migrations.AddField("matter", "x", models.IntegerField(db_default=0)),
    "an index beside the work": AddIndexConcurrently("matter", INDEX),
    "a constraint for new rows": AddConstraintNotValid("matter", CHECK),
    "SQL beside the work": migrations.RunSQL("CREATE INDEX CONCURRENTLY by_title ON matters_matter (title)"),
}


@pytest.mark.parametrize("case", UNSAFE)
def test_what_is_refused(case: str) -> None:
    assert len(made(UNSAFE[case])) == 1
    assert made(UNSAFE[case], safe_because="the column was never written by any version") == []
    assert len(made(UNSAFE[case], safe_because="it is safe")) == 1


@pytest.mark.parametrize("case", SAFE)
def test_what_is_not_refused(case: str) -> None:
    assert made(SAFE[case]) == []


def test_a_table_of_its_own_may_be_made_with_everything() -> None:
    new = migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True))])
    assert made(new, migrations.AddIndex("thing", INDEX), migrations.AddConstraint("thing", CHECK)) == []


def test_a_migration_does_not_queue_before_a_busy_table(
    committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gives up instead of holding everybody up behind it; later it goes through."""
    monkeypatch.setenv("FENGQIAO_LOCK_TIMEOUT", "200ms")

    def alter(using: str, **_: Any) -> None:
        """What a migration does that changes a table."""
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_person ADD COLUMN IF NOT EXISTS shoe_size integer")

    pre_migrate.connect(alter, sender=apps.get_app_config("accounts"))
    try:
        with connections["default"].cursor() as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM accounts_person")
            with pytest.raises(DatabaseNotReady, match="in use for longer than 200ms"):
                database.migrate(verbosity=0)
            reader.execute("COMMIT")
        database.migrate(verbosity=0)
        with connections["owner"].cursor() as owner:
            owner.execute("SELECT count(shoe_size) FROM accounts_person")
            owner.execute("SHOW lock_timeout")
            assert owner.fetchone() == ("0",)
    finally:
        pre_migrate.disconnect(alter, sender=apps.get_app_config("accounts"))
