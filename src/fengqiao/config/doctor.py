"""Looking an installation over: what is well, what is not, and how to mend it.

Each check says one line. Checks that need what an earlier one found missing are left out, so that one cause
is told once. Nothing here changes anything.
"""

from __future__ import annotations

import datetime
import enum
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings

from fengqiao.config import assets, database, environment
from fengqiao.config.environment import DatabaseAddress
from fengqiao.config.local_postgres import local_server

NEWEST_PYTHON = (3, 14)
OLDEST_NODE = 20
LITTLE_SPACE = 2 * 1024**3
NO_SPACE = 200 * 1024**2
CLOCK_SECONDS = 5
# Procrastinate's workers report every ten seconds and are given up after thirty.
WORKER_SECONDS = 30


class Level(enum.StrEnum):
    """How a check went."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One line of the report; ``mend`` says what to do about it."""

    level: Level
    subject: str
    text: str
    mend: str = ""

    def as_dict(self) -> dict[str, str]:
        return {**asdict(self), "level": str(self.level)}


def look_over() -> Iterator[Finding]:
    """All checks, in the order in which trouble is best mended."""
    yield _python()
    yield _node()
    yield _assets()
    yield from _home()
    yield from _keys()
    yield _space()
    yield _timezone()
    yield _fonts()
    yield _port()
    yield from _database()


def ok(subject: str, text: str) -> Finding:
    """It is well."""
    return Finding(Level.OK, subject, text)


def warn(subject: str, text: str, mend: str) -> Finding:
    """It works, and should be thought about."""
    return Finding(Level.WARN, subject, text, mend)


def fail(subject: str, text: str, mend: str) -> Finding:
    """It must be mended."""
    return Finding(Level.FAIL, subject, text, mend)


# --- the machine ------------------------------------------------------------------------------------------


def _python() -> Finding:
    version = f"Python {sys.version.split()[0]}"
    if sys.version_info[:2] > NEWEST_PYTHON:
        return warn("python", f"{version} was not tried", "use Python 3.11 to 3.14")
    return ok("python", version)


def _node() -> Finding:
    program = shutil.which("node")
    if program is None:
        if assets.built():
            return ok("node", "Node is not installed; the assets are built, so it is not needed")
        return warn("node", "Node is not installed", f"install Node {OLDEST_NODE} or newer with npm")
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    version = answer.stdout.strip().lstrip("v")
    if not version or int(version.split(".")[0]) < OLDEST_NODE or not shutil.which("npm"):
        mend = f"install Node {OLDEST_NODE} or newer with npm (only needed to build the assets)"
        return warn("node", f"Node {version or 'unknown'}, npm {shutil.which('npm') or 'missing'}", mend)
    return ok("node", f"Node {version}")


def _assets() -> Finding:
    if assets.built():
        return ok("assets", "scripts and styles are built")
    return fail("assets", "the pages' scripts and styles are not built", "run `make assets`")


def _space() -> Finding:
    free = shutil.disk_usage(environment.home()).free
    text = f"{free / 1024**3:.1f} GB free in {environment.home()}"
    if free < NO_SPACE:
        return fail("space", text, "make room: the database stops when the disk is full")
    if free < LITTLE_SPACE:
        return warn("space", text, "make room before attachments fill the disk")
    return ok("space", text)


def _timezone() -> Finding:
    try:
        now = datetime.datetime.now(ZoneInfo(settings.TIME_ZONE))
    except KeyError:
        return fail("time zone", f"{settings.TIME_ZONE} is unknown here", "install the package tzdata")
    if now.utcoffset() != datetime.timedelta(hours=8):
        return fail("time zone", f"{now:%z} in place of +0800", "mend the machine's tzdata")
    return ok("time zone", f"{now:%Y-%m-%d %H:%M} {settings.TIME_ZONE}")


def _fonts() -> Finding:
    from fengqiao.dossier.fonts import fonts
    from fengqiao.kernel.errors import Refusal

    try:
        held = fonts()
    except Refusal:
        mend = "install fonts-noto-cjk, or name a folder of fonts by FENGQIAO_FONTS"
        return warn("fonts", "no Chinese fonts: no paper can be had as PDF", mend)
    names = ", ".join(dict.fromkeys(name for names in held.families.values() for name in names))
    return ok("fonts", f"{names}: {len(held.known):,} characters")


def _port() -> Finding:
    port = environment.port()
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    if taken:
        return warn(
            "port", f"port {port} is in use (by this product, if it runs)", "FENGQIAO_PORT names another"
        )
    return ok("port", f"port {port} is free")


# --- the installation's files -----------------------------------------------------------------------------


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _home() -> Iterator[Finding]:
    home = environment.home()
    if _mode(home) & 0o077:
        yield fail("home", f"{home} can be entered by others (mode {_mode(home):o})", f"chmod 700 {home}")
    else:
        yield ok("home", f"{home}, for its owner alone")
    for name in ("secrets.json", "local-server.json"):
        path = home / name
        if path.exists() and _mode(path) & 0o077:
            yield fail("secrets", f"{path} can be read by others", f"chmod 600 {path}")
    roots = Path(settings.AUDIT_ROOTS)
    if not roots.is_dir():
        yield fail("roots", f"{roots} is missing", "run `fengqiao setup`")
    elif home.resolve() in roots.resolve().parents:
        yield warn(
            "roots",
            f"the signed roots of the audit lie beside the rest, in {roots}",
            "in earnest use let FENGQIAO_ROOTS name a folder on another machine, out of the owner's reach",
        )
    else:
        yield ok("roots", str(roots))


def _keys() -> Iterator[Finding]:
    keyring = Path(settings.KEYRING)
    if not keyring.exists():
        yield fail(
            "keys", f"no keyring at {keyring}", "run `fengqiao setup`; or put the one from the backup back"
        )
    elif _mode(keyring) & 0o077:
        yield fail("keys", f"{keyring} can be read by others", f"chmod 600 {keyring}")
    else:
        yield ok("keys", f"{keyring}; keep a copy apart from the database's backups")


# --- the database -----------------------------------------------------------------------------------------


def _database() -> Iterator[Finding]:
    app = environment.app_address()
    if app is None:
        yield fail(
            "database", "there is none yet", "run `fengqiao setup`, or set FENGQIAO_DATABASE_URL before it"
        )
        return
    try:
        connection = psycopg.connect(app.url(), connect_timeout=10, autocommit=True)
    except psycopg.OperationalError as trouble:
        yield fail("database", _reason(trouble), _how_to_reach(app))
        return
    with connection:
        yield from _server(connection)
        yield from _role(connection, app.user)
        yield from _tables(connection)


def _reason(trouble: psycopg.Error) -> str:
    return " ".join(str(trouble).split())


def _how_to_reach(app: DatabaseAddress) -> str:
    server = local_server()
    if app.host == str(server.socket_folder) and server.pid() is None:
        return "the local server is not running: it runs while `make demo`, or any command of ours, does"
    if app.user == environment.app_role():
        return "start the server, mend the address, or run `fengqiao setup` to make the role"
    return "start the server or mend FENGQIAO_APP_DATABASE_URL"


def _server(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    version = connection.info.server_version
    text = f"PostgreSQL {version // 10_000}.{version % 10_000} at {connection.info.host}"
    if version // 10_000 < database.OLDEST_VERSION:
        yield fail(
            "database", text, f"move to PostgreSQL {database.OLDEST_VERSION} or newer (pg_dump, pg_restore)"
        )
    else:
        yield ok("database", text)
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    apart = abs((datetime.datetime.now(datetime.UTC) - row[0]).total_seconds()) if row else 0.0
    if apart > CLOCK_SECONDS:
        yield fail(
            "clock", f"this machine and the database are {apart:.0f} s apart", "run NTP (chrony) on both"
        )
    else:
        yield ok("clock", "this machine and the database agree")


def _role(connection: psycopg.Connection[Any], role: str) -> Iterator[Finding]:
    facts = database.role_facts(connection, role)
    if facts is None:  # it let us in, so only a server that maps names gets here
        yield fail("role", f"{role} is not among the server's roles", "run `fengqiao setup`")
        return
    powers = [name for name in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb") if facts[name]]
    if powers:
        undo = " ".join(
            {
                "rolsuper": "NOSUPERUSER",
                "rolbypassrls": "NOBYPASSRLS",
                "rolcreaterole": "NOCREATEROLE",
                "rolcreatedb": "NOCREATEDB",
            }[power]
            for power in powers
        )
        yield fail(
            "walls",
            f"{role} has powers it must not have ({', '.join(powers)})",
            f'as an administrator: ALTER ROLE "{role}" {undo};',
        )
    elif facts["owns"]:
        yield fail(
            "walls",
            f"{role} owns {facts['owns']} tables, and an owner is under no wall",
            f'as an administrator: REASSIGN OWNED BY "{role}" TO the owner;',
        )
    else:
        yield ok("walls", f"{role} owns nothing and passes no wall")


def _tables(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    row = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
    if row is None or row[0] is None:
        yield fail("tables", "there are no tables yet", "run `fengqiao setup`")
        return
    try:
        pending = database.pending_migrations()
    except Exception as trouble:  # noqa: BLE001  the application may not be allowed to read it: say so
        yield fail("tables", f"what is migrated cannot be read: {trouble}", "run `fengqiao setup`")
        return
    if pending:
        first = ", ".join(pending[:3]) + (" …" if len(pending) > 3 else "")
        yield fail("tables", f"{len(pending)} migrations are pending: {first}", "run `fengqiao setup`")
        return
    yield ok("tables", "up to date")
    yield _worker(connection)
    yield _calendar(connection, datetime.datetime.now(ZoneInfo("Asia/Shanghai")).date())


def _worker(connection: psycopg.Connection[Any]) -> Finding:
    mend = "start one: `fengqiao worker` (`make demo` starts its own)"
    try:
        row = connection.execute(
            "SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat)) FROM procrastinate_workers"
        ).fetchone()
    except psycopg.Error as trouble:
        return fail("worker", _reason(trouble), "run `fengqiao setup`")
    if row is None or row[0] is None:
        return warn("worker", "no worker is running: nothing is done in the background", mend)
    if row[0] > WORKER_SECONDS:
        return warn("worker", f"the last worker was heard of {row[0]:.0f} s ago", mend)
    return ok("worker", f"heard of {row[0]:.0f} s ago")


def _calendar(connection: psycopg.Connection[Any], today: datetime.date) -> Finding:
    """Whether deadlines are counted by known notices, this year and from the middle of November the next."""
    from fengqiao.clocks.queries.calendar import expected_years, notices

    counties = connection.execute(
        "SELECT DISTINCT left(division_id, 6) FROM places_centre WHERE level = 'county' AND valid_until IS NULL"
    ).fetchall()
    entered = set(connection.execute("SELECT county, year FROM calendar_years_entered()").fetchall())
    missing = sorted(
        (year, county)
        for (county,) in counties
        for year in expected_years(today)
        if year not in notices() and (county, year) not in entered
    )
    if not missing:
        return ok("calendar", "the holiday notices of the years that deadlines fall in are known")
    told = ", ".join(f"{year} in {county}" for year, county in missing[:5])
    return warn(
        "calendar",
        f"no holiday notice of {told}: only weekends are counted as rest days there",
        "the county's system administrator enters it at /administration/calendar/",
    )
