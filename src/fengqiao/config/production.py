"""What must not be so where real matters are kept: `fengqiao doctor --production` refuses it.

The ordinary checks (doctor.py) say whether an installation works; these say whether it may be trusted with
people's matters. Nothing here changes anything, and no secret is ever printed.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth.hashers import check_password

from fengqiao.accounts.enums import ADMINISTRATORS, LEADERS
from fengqiao.accounts.policies import second_factor_roles
from fengqiao.audit.domain.roots import PUBLIC_KEY
from fengqiao.config import database, environment, readiness
from fengqiao.config.backing_up import last_backup
from fengqiao.config.doctor import Finding, fail, ok, warn
from fengqiao.kernel import clock

SHORTEST_KEY = 40
SHORTEST_PASSWORD = 12
SHORTEST_TOKEN = 16
HALF_A_YEAR = 180 * 24 * 3600
# A nightly backup takes a while, and not each night the same.
BACKUP_HOURS = 26
# Signed every five minutes where a chain has grown.
ROOT_MINUTES = 20
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
# Words that stand in examples: whoever leaves them there has the key of everybody who did.
EXAMPLES = ("change", "example", "secret", "insecure", "password", "fengqiao", "default", "replace")


def look_over() -> Iterator[Finding]:
    """All refusals, those of the environment first."""
    yield _debug()
    yield _secret_key()
    yield from _https()
    yield _hosts()
    yield _origins()
    yield _metrics()
    yield _second_factor_rule()
    yield _demo_home()
    yield _roots()
    yield _keys()
    yield _backup()
    yield _user()
    yield from _addresses()
    yield from _database()


# --- the environment ----------------------------------------------------------------------------------------


def _debug() -> Finding:
    if settings.DEBUG:
        return fail("debug", "error pages and logs show what was typed", "unset FENGQIAO_DEBUG")
    return ok("debug", "off")


def _secret_key() -> Finding:
    key = str(settings.SECRET_KEY)
    mend = "unset FENGQIAO_SECRET_KEY (set-up draws one), or: openssl rand -base64 48"
    if len(key) < SHORTEST_KEY or len(set(key)) < SHORTEST_KEY // 4:
        return fail("secret key", "sessions are signed with a key that can be guessed: too short", mend)
    if any(word in key.lower() for word in EXAMPLES):
        return fail("secret key", "sessions are signed with a key that looks like an example's", mend)
    return ok("secret key", "long and drawn")


def _https() -> Iterator[Finding]:
    if not (settings.HTTPS and settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield fail("https", "cookies travel in the open", "serve behind HTTPS and set FENGQIAO_HTTPS=1")
        return
    yield ok("https", "cookies travel encrypted only")
    if settings.SECURE_HSTS_SECONDS < HALF_A_YEAR:
        text = f"browsers are told for {settings.SECURE_HSTS_SECONDS} s only to come by HTTPS"
        yield fail("hsts", text, "unset FENGQIAO_HSTS_SECONDS (a year), or set at least half a year")
    else:
        yield ok("hsts", f"{settings.SECURE_HSTS_SECONDS // 86400} days")
    if settings.SECURE_PROXY_SSL_HEADER is None:
        yield fail(
            "proxy",
            "the proxy's word that a request came by HTTPS is not believed: every form would be refused",
            "set FENGQIAO_PROXY=1, and let nobody but the proxy reach the web server",
        )
    elif environment.host() not in LOOPBACK:
        yield warn(
            "proxy",
            f"the web server listens on {environment.host()} and believes whoever says to be the proxy",
            "let a firewall or the container's network keep everybody but the proxy away",
        )
    else:
        yield ok("proxy", "believed, and the web server listens on this machine alone")


def _hosts() -> Finding:
    wild = [name for name in settings.ALLOWED_HOSTS if "*" in name or name.startswith(".")]
    mend = "set FENGQIAO_HOSTS to the name that people type, e.g. fengqiao.example.gov.cn"
    if wild:
        return fail("hosts", f"answers to any name ({', '.join(wild)})", mend)
    if not set(settings.ALLOWED_HOSTS) - LOOPBACK:
        return fail("hosts", "answers to no name but this machine's own", mend)
    return ok("hosts", ", ".join(sorted(set(settings.ALLOWED_HOSTS) - LOOPBACK)))


def _origins() -> Finding:
    bad = [each for each in settings.CSRF_TRUSTED_ORIGINS if not each.startswith("https://") or "*" in each]
    if bad:
        text = f"forms are taken from {', '.join(bad)}"
        return fail("origins", text, "let FENGQIAO_ORIGINS name whole https:// addresses only, or nothing")
    return ok("origins", ", ".join(settings.CSRF_TRUSTED_ORIGINS) or "our own alone")


def _metrics() -> Finding:
    token = settings.METRICS_TOKEN
    if token and len(token) < SHORTEST_TOKEN:
        return fail("metrics", "the token of /metrics can be guessed", "openssl rand -hex 24")
    return ok("metrics", "with a token" if token else "this machine alone")


def _second_factor_rule() -> Finding:
    without = sorted(ADMINISTRATORS - second_factor_roles())
    if without:
        text = f"{', '.join(without)} may act without a second factor"
        return fail("second factor", text, "unset FENGQIAO_SECOND_FACTOR, or set it to all")
    return ok("second factor", "asked of administrators" + _and_leaders())


def _and_leaders() -> str:
    return " and leaders" if second_factor_roles() >= LEADERS else " (not of leaders)"


def _demo_home() -> Finding:
    if (environment.home() / "county.json").exists():
        text = f"{environment.home()} was the demo's: its county is invented"
        return fail("demo", text, "set up a new FENGQIAO_HOME with a database of its own")
    return ok("demo", "never played in this home")


def _user() -> Finding:
    if os.geteuid() == 0:
        return warn("user", "this runs as root", "run web, worker and set-up as a user of their own")
    return ok("user", "not root")


# --- roots, keys, backup ------------------------------------------------------------------------------------


def _roots() -> Finding:
    roots, home = Path(settings.AUDIT_ROOTS), environment.home().resolve()
    if home == roots.resolve() or home in roots.resolve().parents:
        return fail(
            "roots",
            f"the signed roots of the audit stay in {roots}: whoever can change the audit can change them too",
            "let FENGQIAO_ROOTS name a folder on another machine, out of the owner's reach",
        )
    if not (roots / PUBLIC_KEY).exists():
        mend = "start the worker, with FENGQIAO_ROOTS where it may write"
        return fail("roots", f"no root was ever signed into {roots}", mend)
    if roots.stat().st_dev == home.stat().st_dev:
        mend = "mount a folder of another machine there"
        return warn("roots", f"{roots} lies on the same disk as {home}", mend)
    return ok("roots", f"signed into {roots}")


def _keys() -> Finding:
    keyring, home = Path(settings.KEYRING).resolve(), environment.home().resolve()
    if home in keyring.parents:
        mend = "let FENGQIAO_KEYRING name a file that no backup of the home takes along"
        return warn("keys", f"the keyring lies in {home} beside the files that it opens", mend)
    return ok("keys", f"apart, at {keyring}")


def _backup() -> Finding:
    mend = "`fengqiao backup` each night (deploy/systemd/fengqiao-backup.timer)"
    made = last_backup()
    if made is None:
        return fail("backup", "never made from this home", mend)
    hours = (clock.now() - made).total_seconds() / 3600
    if hours > BACKUP_HOURS:
        return fail("backup", f"the last was made {hours:.0f} hours ago", mend)
    return ok("backup", f"{hours:.0f} hours ago")


# --- the database -------------------------------------------------------------------------------------------


def _addresses() -> Iterator[Finding]:
    app, owner = environment.app_address(), environment.owner_address()
    for subject, address in (("app password", app), ("owner password", owner)):
        if address is None:
            continue
        word = address.password.lower()
        if len(word) < SHORTEST_PASSWORD or any(each in word for each in EXAMPLES) or word == address.user:
            mend = "ALTER ROLE … PASSWORD with a drawn one: openssl rand -base64 24"
            yield fail(subject, f"the database lets {address.user} in with a password easy to guess", mend)
        else:
            yield ok(subject, "long")
    if app is None:
        return
    if not _is_here(app.host) and app.options.get("sslmode") not in ("require", "verify-ca", "verify-full"):
        text = f"rows travel to {app.host} in the open"
        yield fail("database tls", text, "add ?sslmode=verify-full to the address")
    else:
        yield ok("database tls", "encrypted, or on this machine")


def _is_here(host: str) -> bool:
    if not host or host.startswith("/") or host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _database() -> Iterator[Finding]:
    app, owner = environment.app_address(), environment.owner_address()
    if app is None:
        return  # the ordinary checks have said so
    try:
        connection = psycopg.connect(app.url(), connect_timeout=10, autocommit=True)
    except psycopg.OperationalError:
        return
    with connection:
        yield _owner_role(connection, owner.user if owner else "")
        yield _server_log(connection)
        try:
            yield _worker(connection)
            yield from _people(connection)
        except psycopg.errors.UndefinedTable:
            return


def _owner_role(connection: psycopg.Connection[Any], owner: str) -> Finding:
    row = connection.execute(
        "SELECT r.rolname, r.rolsuper, r.rolbypassrls FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
        " WHERE c.oid = to_regclass('accounts_person')"
    ).fetchone()
    name, superuser, passes = row or (owner, False, False)
    if owner and owner != name:
        facts = database.role_facts(connection, owner) or {}
        superuser, passes, name = facts.get("rolsuper"), facts.get("rolbypassrls"), owner
    if superuser or passes:
        mend = f'as an administrator: ALTER ROLE "{name}" NOSUPERUSER NOBYPASSRLS;'
        return fail("owner", f"{name}, who owns the tables, is a superuser of the whole server", mend)
    return ok("owner", f"{name or 'the owner'} is no superuser")


def _server_log(connection: psycopg.Connection[Any]) -> Finding:
    names = ("log_statement", "log_min_error_statement", "log_min_duration_statement", "log_error_verbosity")
    said = {}
    for name in names:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        said[name] = row[0] if row else ""
    too_much = []
    if said["log_statement"] in ("mod", "all"):
        too_much.append("log_statement = none")
    if said["log_min_error_statement"] not in ("panic", "fatal", "log"):
        too_much.append("log_min_error_statement = panic")
    if said["log_min_duration_statement"] != "-1":
        too_much.append("log_min_duration_statement = -1")
    if said["log_error_verbosity"] != "terse":
        too_much.append("log_error_verbosity = terse")
    if too_much:
        mend = "in postgresql.conf: " + "; ".join(too_much)
        return fail("server log", "PostgreSQL writes what people typed into its log", mend)
    return ok("server log", "PostgreSQL's log holds no statements")


def _worker(connection: psycopg.Connection[Any]) -> Finding:
    silence = readiness.worker_silence(connection)
    if silence is None or silence > readiness.WORKER_SECONDS:
        return fail("at work", "no worker is heard of: no roots, no exports", "start fengqiao-worker")
    return ok("at work", "a worker is heard of")


def _people(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    from fengqiao.simulate.county import PASSWORD
    from fengqiao.simulate.people import LOGINS

    rows = connection.execute(
        "SELECT p.username, p.password, coalesce(bool_or(post.role = ANY (%(administrators)s)), false),"
        " EXISTS (SELECT 1 FROM mfa_authenticator a WHERE a.user_id = p.id AND a.type <> 'recovery_codes')"
        " FROM accounts_person p LEFT JOIN places_stationing s ON s.person_id = p.id"
        " AND s.valid_from <= %(today)s AND coalesce(s.valid_until, 'infinity') >= %(today)s"
        " LEFT JOIN places_post post ON post.id = s.post_id"
        " WHERE p.is_active AND (p.username = ANY (%(demo)s) OR post.role = ANY (%(looked_at)s))"
        " GROUP BY p.id ORDER BY p.username",
        {
            "administrators": [str(role) for role in ADMINISTRATORS],
            "looked_at": [str(role) for role in ADMINISTRATORS | LEADERS],
            "demo": list(LOGINS),
            "today": clock.today(),
        },
    ).fetchall()
    without = [name for name, _password, administrator, factor in rows if administrator and not factor]
    if without:
        text = f"{len(without)} administrators have set up no second factor: {', '.join(without[:5])}"
        yield fail("administrators", text, "let each sign in once and set it up, or end their posts")
    else:
        yield ok("administrators", "each has a second factor")
    known = [name for name, password, _administrator, _factor in rows if check_password(PASSWORD, password)]
    if known:
        text = f"{len(known)} people sign in with the demo's password: {', '.join(known[:5])}"
        yield fail("demo people", text, "this is the demo's database: set up one of your own")
    else:
        yield ok("demo people", "nobody has the demo's password")
