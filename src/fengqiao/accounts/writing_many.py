"""Writing many rows of a table in one statement, behind its walls."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg import sql


def insert_many(rows: Sequence[models.Model]) -> None:
    """Inserts rows of one model as they are, set-wise, in the running scope.

    All values travel as one JSON text that PostgreSQL reads back by the columns' types: COPY is refused on a
    table with row-level policies, and ``bulk_create`` falls back to a placeholder a value where a table has
    bytes or search words. Values are plain (no expressions); row-level policies and constraints hold as ever;
    no signals are sent. Raises what the database raises.
    """
    if not rows:
        return
    fields = type(rows[0])._meta.concrete_fields
    with connection.cursor() as cursor:
        cursor.execute(_inserting(type(rows[0])), [_as_json(rows, fields)])
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def update_many(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Writes the named fields of rows of one model that are there already, set-wise, in the running scope."""
    if not rows:
        return
    model = type(rows[0])
    fields = _key_and(model, tuple(names))
    with connection.cursor() as cursor:
        cursor.execute(_updating(model, tuple(names)), [_as_json(rows, fields)])
        if cursor.rowcount != len(rows):
            raise RuntimeError(f"{cursor.rowcount} of {len(rows)} rows of {model._meta.label} were changed")


def _as_json(rows: Sequence[models.Model], fields: Sequence[Any]) -> str:
    names = [field.attname for field in fields]
    return json.dumps(
        # Short keys: the columns' names would be most of the text.
        [{str(place): getattr(row, name) for place, name in enumerate(names)} for row in rows],
        default=_as_text,
        ensure_ascii=False,
        separators=(",", ":"),
    )


@lru_cache(maxsize=64)
def _inserting(model: type[models.Model]) -> str:
    fields: tuple[Any, ...] = model._meta.concrete_fields
    statement = sql.SQL("INSERT INTO {table} ({columns}) SELECT {places} FROM {rows}").format(
        table=sql.Identifier(model._meta.db_table),
        columns=sql.SQL(", ").join(sql.Identifier(field.column) for field in fields),
        places=sql.SQL(", ").join(sql.Identifier(str(place)) for place in range(len(fields))),
        rows=_rows(fields),
    )
    return statement.as_string(None)


@lru_cache(maxsize=64)
def _updating(model: type[models.Model], names: tuple[str, ...]) -> str:
    fields = _key_and(model, names)
    statement = sql.SQL("UPDATE {table} SET {set} FROM {rows} WHERE {table}.{key} = {first}").format(
        table=sql.Identifier(model._meta.db_table),
        set=sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(field.column), sql.Identifier(str(place)))
            for place, field in enumerate(fields[1:], 1)
        ),
        rows=_rows(fields),
        key=sql.Identifier(fields[0].column),
        first=sql.Identifier("0"),
    )
    return statement.as_string(None)


def _key_and(model: type[models.Model], names: tuple[str, ...]) -> tuple[Any, ...]:
    return (model._meta.pk, *(model._meta.get_field(name) for name in names))


def _rows(fields: Sequence[Any]) -> sql.Composed:
    """The JSON text as a table whose columns are numbered and typed as the fields are."""
    return sql.SQL("json_to_recordset(%s::json) AS given ({})").format(
        sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(str(place)), sql.SQL(field.db_type(connection)))
            for place, field in enumerate(fields)
        )
    )


def _as_text(value: Any) -> str:
    """As PostgreSQL reads a value of a type that JSON has not."""
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"{value!r} can not be written set-wise")
