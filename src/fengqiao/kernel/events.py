"""Events: how a lower room tells an upper one. The only table of handlers is config/wiring.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something that happened, published in the transaction in which it happened."""


Handler = Callable[[Any], None]
_handlers: dict[type[Event], list[Handler]] = defaultdict(list)


def connect(event: type[Event], *handlers: Handler) -> None:
    """Called by config/wiring.py alone, once at start."""
    for handler in handlers:
        if handler not in _handlers[event]:
            _handlers[event].append(handler)


def publish(event: Event) -> None:
    """Runs the handlers in order, in this transaction: one that raises takes the fact back."""
    for handler in _handlers[type(event)]:
        handler(event)
