"""Named questions that a lower room asks and a higher one answers (are all sign-offs in?).

A guard returns None when it is content, else the ``Refusal`` that says what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fengqiao.kernel.errors import Refusal

Guard = Callable[..., Refusal | None]
_guards: dict[str, Guard] = {}


def supply(name: str, guard: Guard) -> None:
    """Called by the room that knows the answer: its own at import, others' by config/wiring.py."""
    _guards[name] = guard


def ask(name: str, **question: Any) -> None:
    """Raises the guard's refusal; an unknown name is a mistake in the program."""
    refusal = _guards[name](**question)
    if refusal is not None:
        raise refusal


def known() -> frozenset[str]:
    """All names, for the test that no table names a guard that nobody supplies."""
    return frozenset(_guards)
