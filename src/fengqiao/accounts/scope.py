"""The one scope manager: for whom a transaction acts.

The walls (row-level policies) read three settings of the transaction. Outside a scope they raise: a walled
table is never read as empty by mistake. A response is rendered inside its scope.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connections, transaction
from psycopg import sql

from fengqiao.accounts.actor import Actor
from fengqiao.kernel.errors import ScopeMissing

_current: ContextVar[Actor | None] = ContextVar("fengqiao_scope", default=None)


def acting() -> Actor:
    """The actor of the running scope; raises ``ScopeMissing`` outside one."""
    actor = _current.get()
    if actor is None:
        raise ScopeMissing("nobody acts here: open accounts.scope.scope(actor) first")
    return actor


def is_acting(actor: Actor) -> bool:
    """Whether the running scope is this actor's."""
    return _current.get() == actor


@contextmanager
def scope(actor: Actor, *, using: str = "default") -> Iterator[Actor]:
    """A transaction (or a savepoint of one) in which ``actor`` acts.

    On leaving, the scope that was there before is restored, or none: the settings are local to the
    transaction, and inside a longer one they are set back by hand.
    """
    outer = _current.get()
    with transaction.atomic(using=using):
        _set_walls(using, actor)
        token = _current.set(actor)
        try:
            yield actor
        finally:
            _current.reset(token)
        # Reached only without an error: a rollback to the savepoint takes the settings back by itself.
        # A broken block (set_rollback) may not be spoken to any more, and its end restores them too.
        if connections[using].in_atomic_block and not connections[using].needs_rollback:
            _set_walls(using, outer)


@contextmanager
def visiting(*, using: str = "default") -> Iterator[None]:
    """A transaction in which somebody reads who has not signed in: it reaches no county and nobody acts.

    The walls show what is public and nothing else, whatever is asked. Never inside another's scope.
    """
    if _current.get() is not None:
        raise RuntimeError("a visitor does not read as somebody")
    with transaction.atomic(using=using):
        # The nil identity is nobody's.
        _write_walls(using, counties="{}", audit_counties="{}", county="", person=_uuid(UUID(int=0)))
        yield
        if connections[using].in_atomic_block and not connections[using].needs_rollback:
            _set_walls(using, None)


def _set_walls(using: str, actor: Actor | None) -> None:
    if actor is None:
        _write_walls(using, counties="", audit_counties="", county="", person="")
    else:
        _write_walls(
            using,
            counties=_array(actor.counties),
            audit_counties=_array(actor.audit_counties),
            county=actor.county,
            person=_uuid(actor.person_id),
        )


def _write_walls(using: str, **settings: str) -> None:
    # One statement, and SET LOCAL rather than set_config(): Citus hands only the statement to its workers.
    statement = sql.SQL("; ").join(
        sql.SQL("SET LOCAL {} = {}").format(sql.Identifier("fengqiao", name), sql.Literal(value))
        for name, value in settings.items()
    )
    with connections[using].cursor() as cursor:
        cursor.execute(statement)


def _array(codes: tuple[str, ...]) -> str:
    for code in codes:
        if not code.isdigit():
            raise ValueError(f"not a county code: {code!r}")
    return "{" + ",".join(codes) + "}"


def _uuid(value: UUID) -> str:
    return str(value)
