"""Grows a ledger to many matters: set-wise copies of matters that were really played, by SQL made from the models.

Each copy is a matter with all its rows under ids of its own, so many days earlier. The copies' chains and sealed
values are those of their originals (their blind indexes are not): good for measuring reads, not for `audit verify`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql

from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter, MatterLink, OutsideNumber

# The copies lie in the time before their originals.
YEARS = 3
BATCH = 100
FIRST_NUMBER = 1_000_000
MOST_IN_A_YEAR = 100_000


@dataclass(frozen=True)
class Table:
    """A table that holds rows of a matter, in the order in which they may be written."""

    model: type[models.Model]
    matter_column: str


def tables() -> list[Table]:
    """The matters' own table and every table with a row of a matter."""
    found = [Table(Matter, "id")]
    for model in apps.get_models():
        columns = {field.column for field in model._meta.concrete_fields}
        # A link leads to another matter, of which there is no copy for every copy.
        if model._meta.managed and "matter_id" in columns and "county" in columns and model is not MatterLink:
            found.append(Table(model, "matter_id"))
    return found


def grow(owner: psycopg.Connection, wanted: int) -> Iterator[int]:
    """Adds copies until about ``wanted`` matters are there; yields how many there are after each batch.

    One finished matter in copies for every row but few open ones, as in a ledger of years. ``owner`` must be a
    superuser's connection: triggers and foreign keys sleep meanwhile.
    """
    there = _count(owner)
    owner.execute("SET session_replication_role = replica")
    owner.execute("SET synchronous_commit = off")
    owner.execute("SET work_mem = '256MB'")
    owner.execute(
        "CREATE TEMP TABLE original AS SELECT id, row_number() OVER (ORDER BY code) AS place "
        "FROM matters_matter WHERE state = ANY(%s) AND code !~ '-[0-9]{7,}$'",
        [[State.CLOSED, State.ARCHIVED]],
    )
    originals = _one(owner, "SELECT count(*) FROM original")
    if not originals:
        raise RuntimeError("no closed matter to copy: play more days first")
    first = (
        _one(
            owner,
            "SELECT coalesce(max(substring(code FROM '-([0-9]{7,})$')::bigint), 0) / %s FROM matters_matter",
            [FIRST_NUMBER],
        )
        + 1
    )
    needed = -(-max(0, wanted - there) // originals)
    for begin in range(first, first + needed, BATCH):
        end = min(begin + BATCH, first + needed) - 1
        for table in tables():
            owner.execute(
                copying(table), {"begin": begin, "end": end, "copies": max(needed, 1), "years": YEARS}
            )
        owner.commit()
        there += (end - begin + 1) * originals
        yield there
    owner.commit()
    owner.autocommit = True
    owner.execute("VACUUM ANALYZE")
    owner.autocommit = False


def copying(table: Table) -> sql.Composed:
    """``INSERT … SELECT`` of a table's rows of the originals, for the copies from %(begin)s to %(end)s."""
    fields = table.model._meta.concrete_fields
    return sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} AS t "
        "JOIN original ON original.id = t.{matter} CROSS JOIN generate_series(%(begin)s::int, %(end)s::int) AS copy(n)"
    ).format(
        table=sql.Identifier(table.model._meta.db_table),
        columns=sql.SQL(", ").join(sql.Identifier(field.column) for field in fields),
        values=sql.SQL(", ").join(_value(table, field) for field in fields),
        matter=sql.Identifier(table.matter_column),
    )


def _value(table: Table, field: models.Field) -> sql.Composable:
    column = sql.SQL("t.{}").format(sql.Identifier(field.column))
    if field.primary_key or field.column == "matter_id" or _leads_to_a_copy(field):
        return sql.SQL("md5({}::text || ':' || copy.n)::uuid").format(column)
    earlier = sql.SQL("{} - make_interval(days => (%(years)s * 365.0 * copy.n / %(copies)s)::int)").format(
        column
    )
    if isinstance(field, models.DateTimeField):
        return earlier
    if isinstance(field, models.DateField):
        return sql.SQL("({})::date").format(earlier)
    if table.model is Matter and field.name == "code":
        return sql.SQL(
            "split_part(t.code, '-', 1) || '-' || split_part(t.code, '-', 2) || '-' "
            f"|| (copy.n::bigint * {FIRST_NUMBER} + original.place)"
        )
    if isinstance(field, models.BinaryField) and field.name in ("identity_index", "index"):
        # Another person's: nobody has thousands of matters. The first byte names the key.
        return sql.SQL(
            "substring({0} for 1) || decode(md5({0}::text || copy.n) || md5(copy.n || {0}::text), 'hex')"
        ).format(column)
    if _counted_in_its_year(table, field):
        return sql.SQL(f"{{0}} + copy.n * {MOST_IN_A_YEAR}").format(column)
    if isinstance(field, models.CharField) and (field.unique or _numbered(table, field)):
        return sql.SQL("CASE WHEN {0} = '' THEN '' ELSE {0} || '-' || copy.n END").format(column)
    return column


def _leads_to_a_copy(field: models.Field) -> bool:
    return field.is_relation and field.related_model in {each.model for each in tables()}


def _numbered(table: Table, field: models.Field) -> bool:
    """Numbers that must not stand twice although the model says so only in a constraint."""
    return (table.model is OutsideNumber and field.name == "number") or (
        table.model is Matter and field.name in ("source_number", "receipt_number")
    )


def _counted_in_its_year(table: Table, field: models.Field) -> bool:
    """The numbers of papers, which a county counts from one in each year."""
    return field.name == "number" and any(
        {"county", "year", "number"} <= set(each.fields)
        for each in table.model._meta.constraints
        if isinstance(each, models.UniqueConstraint)
    )


def _count(owner: psycopg.Connection) -> int:
    return _one(owner, "SELECT count(*) FROM matters_matter")


def _one(owner: psycopg.Connection, statement: str, values: list[object] | None = None) -> int:
    row = owner.execute(statement, values).fetchone()
    assert row is not None
    return int(row[0])
