"""What the database's own catalogue says of tables and walls, asked as the owner."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections

ROLE = settings.APP_ROLE


def ask(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def tables_with(*columns: str) -> set[str]:
    """The tables that have all these columns."""
    rows = ask(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND column_name = ANY (%s) GROUP BY table_name HAVING count(*) = %s",
        list(columns),
        len(columns),
    )
    return {name for (name,) in rows}


def walled_tables() -> set[str]:
    """The tables under row-level security."""
    rows = ask("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relrowsecurity")
    return {name for (name,) in rows}
