"""How far the demo's county has come that is being played beside the running program.

It lies in a file of the home, so that every page can show it without asking the database.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from fengqiao.config import environment

# A play that says nothing for so long was ended without a word.
SILENT_SECONDS = 60


@dataclass(frozen=True)
class Arriving:
    """Matters that have come, and how many there will be."""

    done: int
    total: int


def arriving() -> Arriving | None:
    """How far the county has come that is being played now; None where none is."""
    try:
        if time.time() - _progress().stat().st_mtime > SILENT_SECONDS:
            return None
        return Arriving(**json.loads(_progress().read_text()))
    except (OSError, ValueError, TypeError):
        return None


def tell(*, done: int, total: int) -> None:
    """Whoever plays the county says how many of its matters have come."""
    environment.write_private(_progress(), json.dumps({"done": done, "total": total}))


def tell_end() -> None:
    """Nothing arrives any more."""
    _progress().unlink(missing_ok=True)


def _progress() -> Path:
    return environment.home() / "county-arriving.json"
