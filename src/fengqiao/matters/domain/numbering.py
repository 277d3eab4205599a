"""Numbers of papers: one row of numbers a county and year, a table for each kind of paper."""

from __future__ import annotations

from django.db import connection, models


def next_number(numbers: type[models.Model], *, county: str, year: int) -> int:
    """The next number of a county's year, counted up in one statement: two writers wait for each other.

    ``numbers`` has ``key`` (as in "440785-2026"), ``county`` and ``last``. It is counted there and not by looking at
    the papers, some of which a writer's wall may hide.
    """
    table = numbers._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, county, last) VALUES (%s, %s, 1)"  # noqa: S608  a model's own table
            f" ON CONFLICT (key) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [f"{county}-{year}", county],
        )
        [number] = cursor.fetchone()
    return int(number)
