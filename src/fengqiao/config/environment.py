"""Where an installation keeps its things, and how it is told so.

Everything comes from the environment with a default that works on one machine:

- ``FENGQIAO_HOME``: keys, files, signed roots, local state. Default: ``.fengqiao`` beside the project.
- ``FENGQIAO_DATABASE_URL``: the owner's address of any PostgreSQL >= 15: it migrates, verifies, backs up.
  Unset: the program starts the server of the wheel itself and writes the address to its home.
- ``FENGQIAO_APP_DATABASE_URL``: the application's role, the only address web and worker need. Unset: the
  owner's address with the role and password that set-up made.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

PROJECT = Path(__file__).resolve().parents[3]


def home() -> Path:
    """The folder of this installation (made on first use, readable by its user alone)."""
    path = Path(os.environ.get("FENGQIAO_HOME") or PROJECT / ".fengqiao")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def secret(name: str, *, make: bool = True) -> str:
    """A named secret of this installation: ``FENGQIAO_<NAME>`` or the file ``secrets.json`` in its home."""
    from_environment = os.environ.get(f"FENGQIAO_{name.upper()}")
    if from_environment:
        return from_environment
    path = home() / "secrets.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if name in known:
        return known[name]
    if not make:
        raise LookupError(f"the secret {name!r} is not set: run `fengqiao setup`")
    with locked(home() / "secrets.lock"):
        # Another process may have made it, or a second secret, while this one waited.
        known = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(48)
            write_private(path, json.dumps(known, indent=1))
    return known[name]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; the kernel gives the lock back even when its holder is killed."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner may read, whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(text)
    part.replace(path)


@dataclass(frozen=True)
class DatabaseAddress:
    """The parts of a ``postgresql://`` address; ``host`` may be a socket folder."""

    name: str
    user: str
    password: str
    host: str
    port: str
    options: dict[str, str]

    @classmethod
    def parse(cls, url: str) -> DatabaseAddress:
        parts = urlsplit(url)
        if parts.scheme not in ("postgresql", "postgres"):
            raise ValueError("a database address begins with postgresql://")
        query = dict(parse_qsl(parts.query))
        host = query.pop("host", "") or unquote(parts.hostname or "")
        port = query.pop("port", "") or str(parts.port or "")
        return cls(
            name=unquote(parts.path.lstrip("/")),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            host=host,
            port=port,
            options=query,
        )

    def url(self) -> str:
        """The address as a URL again, with a socket folder as ``?host=``."""
        query = dict(self.options)
        place = ""
        if self.host.startswith("/"):
            query["host"] = self.host
            if self.port:
                query["port"] = self.port
        else:
            place = self.host + (f":{self.port}" if self.port else "")
        tail = "&".join(f"{key}={quote(value, safe='')}" for key, value in query.items())
        who = quote(self.user, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        return f"postgresql://{who}@{place}/{quote(self.name, safe='')}" + (f"?{tail}" if tail else "")

    def as_django(self) -> dict[str, Any]:
        """The same as an entry of Django's DATABASES."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
            "OPTIONS": dict(self.options),
        }


def app_role() -> str:
    """The database role under the walls. It owns nothing."""
    named = os.environ.get("FENGQIAO_APP_ROLE")
    url = os.environ.get("FENGQIAO_APP_DATABASE_URL")
    return named or (DatabaseAddress.parse(url).user if url else "") or "fengqiao_app"


def owner_address() -> DatabaseAddress | None:
    """The owner's address: from the environment, else of the local server, else none (web, worker)."""
    url = os.environ.get("FENGQIAO_DATABASE_URL")
    if url:
        return DatabaseAddress.parse(url)
    if os.environ.get("FENGQIAO_APP_DATABASE_URL"):
        return None
    local = home() / "local-server.json"
    if local.exists():
        return DatabaseAddress.parse(json.loads(local.read_text())["url"])
    return None


def app_address() -> DatabaseAddress | None:
    """The application's address."""
    url = os.environ.get("FENGQIAO_APP_DATABASE_URL")
    if url:
        return DatabaseAddress.parse(url)
    owner = owner_address()
    if owner is None:
        return None
    return DatabaseAddress(
        name=owner.name,
        user=app_role(),
        password=secret("app_password"),
        host=owner.host,
        port=owner.port,
        options=owner.options,
    )


def networks(name: str, usual: str = "") -> list[IPv4Network | IPv6Network]:
    """The networks that a variable names ("10.0.0.0/8,fd00::/8")."""
    named = os.environ.get(name, usual)
    return [ip_network(part.strip()) for part in named.split(",") if part.strip()]


def port() -> int:
    """The port that the pages are served on."""
    return int(os.environ.get("FENGQIAO_PORT") or 8000)


def live() -> str:
    """Where pages find the live notices: "/live", ":" and a port, or nowhere; ``ValueError`` for anything else."""
    told = os.environ.get("FENGQIAO_LIVE", "")
    if told and told != "/live" and not (told[0] == ":" and told[1:].isdigit()):
        raise ValueError(f"FENGQIAO_LIVE is /live, or a colon and a port, not {told!r}")
    return told


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in; ``scheme``: smtp, smtp+starttls or smtps."""

    scheme: str
    host: str
    port: int
    user: str
    password: str


MAIL_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def mail() -> MailServer | None:
    """The mail server of FENGQIAO_MAIL, or none; ``ValueError`` for an address that is none."""
    told = os.environ.get("FENGQIAO_MAIL", "")
    if not told:
        return None
    parts = urlsplit(told)
    if parts.scheme not in MAIL_PORTS or not parts.hostname:
        raise ValueError("FENGQIAO_MAIL is smtp://, smtp+starttls:// or smtps:// with a host")
    return MailServer(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or MAIL_PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def address() -> str:
    """The address at which people open the desk, without a slash at its end."""
    told = os.environ.get("FENGQIAO_ADDRESS", "").rstrip("/")
    if told:
        return told
    names = [name for name in os.environ.get("FENGQIAO_HOSTS", "").split(",") if name.strip(".*")]
    return f"https://{names[0].lstrip('.')}" if names else f"http://localhost:{port()}"


def apprise_services() -> frozenset[str]:
    """The messengers that people may be told by, by Apprise's names: those whose hosts are fixed."""
    told = os.environ.get("FENGQIAO_APPRISE", "wecombot,dingtalk,feishu")
    return frozenset(name.strip().lower() for name in told.split(",") if name.strip() and name != "none")


def host() -> str:
    """The address that the pages are served on: this machine alone, unless told otherwise."""
    return os.environ.get("FENGQIAO_HOST") or "127.0.0.1"
