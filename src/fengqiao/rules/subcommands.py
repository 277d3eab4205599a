"""What ``fengqiao rules`` can do beyond listing: rooms below bring it (config/wiring.py)."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Write = Callable[[str], Any]


@dataclass(frozen=True)
class SubCommand:
    """``run`` gets the options and a way to write a line; raises ``Refusal`` with what is wrong."""

    name: str
    help: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[dict[str, Any], Write], None]


_known: dict[str, SubCommand] = {}


def bring(command: SubCommand) -> None:
    """Makes a sub-command known under its name."""
    _known[command.name] = command


def known() -> dict[str, SubCommand]:
    """All that were brought."""
    return dict(_known)
