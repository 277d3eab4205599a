"""What the demo shows: a county that has already been at work, and the people to sign in as.

The first weeks are made before the first page, the rest beside the running demo (config/arriving.py tells how
far it has come).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from fengqiao.config import environment
from fengqiao.kernel import clock

SEED = 1
DAYS = 90
PER_DAY = 35.0
FIRST_DAYS = 4


@dataclass(frozen=True)
class Noted:
    """Which days this home's demo county has: decided at its first start and kept."""

    seed: int
    first: str
    until: str
    per_day: float
    finished: bool = False

    @property
    def days(self) -> int:
        return (date.fromisoformat(self.until) - date.fromisoformat(self.first)).days + 1


def has_room() -> bool:
    """Whether the county may be played in this database: not in one that has an organisation of its own."""
    from fengqiao.simulate import county

    try:
        return county.may_be_played()
    finally:
        leave_database()


def first_weeks(say: Callable[[str], None]) -> None:
    """Makes the county's first weeks, once; says what it does where that takes a while."""
    from fengqiao.simulate import county

    county.take_in()
    noted = _noted()
    if noted is None:
        until = clock.today()
        noted = Noted(SEED, (until - timedelta(days=DAYS - 1)).isoformat(), until.isoformat(), PER_DAY)
        environment.write_private(_note(), json.dumps(asdict(noted)))
    first = date.fromisoformat(noted.first)
    last = min(first + timedelta(days=FIRST_DAYS - 1), date.fromisoformat(noted.until))
    begun = county.last_day_begun(noted.seed)
    if begun is None or begun < last:
        say(f"Making the county's first days, {first} to {last} …")
        to_the_end = last.isoformat() == noted.until
        county.play(county.Plan(noted.seed, first, last, noted.per_day, to_the_end))


def leave_database() -> None:
    """Gives up connections and the threads that keep them: they must not be there when a child is started."""
    connections.close_all()
    connection = connections["default"]
    if isinstance(connection, DatabaseWrapper):
        connection.close_pool()


def the_rest() -> Sequence[str]:
    """The command that plays the days after the first weeks, beside the running demo; empty when all are there."""
    noted = _noted()
    if noted is None or noted.finished:
        return ()
    return (
        *(sys.executable, "-m", "fengqiao", "simulate", "--seed", str(noted.seed)),
        *("--until", noted.until, "--days", str(noted.days), "--per-day", str(noted.per_day)),
    )


def played(*, seed: int, until: date) -> None:
    """Notes that the days of this home's county are there, all of them."""
    noted = _noted()
    if noted is not None and (noted.seed, noted.until) == (seed, until.isoformat()):
        environment.write_private(_note(), json.dumps(asdict(replace(noted, finished=True))))


def sign_ins() -> Sequence[tuple[str, str, str]]:
    """One person a role: the role's name, the login, the password."""
    from fengqiao.simulate import people

    return people.sign_ins()


def _note() -> Path:
    return environment.home() / "county.json"


def _noted() -> Noted | None:
    try:
        return Noted(**json.loads(_note().read_text()))
    except (OSError, ValueError, TypeError):
        return None
