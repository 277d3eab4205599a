"""The files of deploy/: whole, held to each other and to the program. tests/prove/test_deploy.py runs them."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from fengqiao.config.environment import PROJECT

DEPLOY = PROJECT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
ENV_FILES = ("env.example", "owner.env.example", "database.env.example")


def read_env(path: Path) -> dict[str, str]:
    """As systemd and compose read it, where neither quotes nor continues a line."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Z_]+=\S.*", line)] == []
    return dict(line.split("=", 1) for line in lines)


def read_unit(path: Path) -> dict[str, list[str]]:
    """ "Section.Name" → values, in their order."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in path.read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(f"{section}.{name}", []).append(value)
    return found


UNITS = {path.name: read_unit(path) for path in sorted((DEPLOY / "systemd").glob("*.service"))}


@pytest.mark.parametrize("name", ENV_FILES)
def test_every_variable_of_ours_is_one_that_the_program_reads(name: str) -> None:
    source = "".join(path.read_text() for path in (PROJECT / "src").rglob("*.py"))
    # Secrets are read by their name's tail.
    by_tail = {"FENGQIAO_SECRET_KEY", "FENGQIAO_APP_PASSWORD"}
    assert ('secret("secret_key")' in source, 'secret("app_password")' in source) == (True, True)
    ours = set(re.findall(r"FENGQIAO_[A-Z_]+", (DEPLOY / name).read_text())) - by_tail
    assert {variable for variable in ours if f'"{variable}"' not in source} == set()


def test_what_faces_people_never_has_the_owners_address() -> None:
    assert "FENGQIAO_DATABASE_URL" not in read_env(DEPLOY / "env.example")
    with_owner = {
        name for name, unit in UNITS.items() if "/etc/fengqiao/owner.env" in unit["Service.EnvironmentFile"]
    }
    assert with_owner == {"fengqiao-backup.service"}
    assert {
        name for name, service in COMPOSE["services"].items() if "owner.env" in service.get("env_file", [])
    } == {"setup", "backup"}


def test_no_secret_is_shipped() -> None:
    secrets = {
        name: value
        for file in ENV_FILES
        for name, value in read_env(DEPLOY / file).items()
        if "PASSWORD" in name or "KEY" in name and name != "FENGQIAO_KEYRING"
    }
    assert set(secrets.values()) == {"CHANGE-ME"}


# --- compose ------------------------------------------------------------------------------------------------


def test_compose_names_only_what_it_declares() -> None:
    services = COMPOSE["services"]
    volumes = {mount.split(":")[0] for service in services.values() for mount in service.get("volumes", [])}
    named = {name for name in volumes if not name.startswith(".")}
    assert named == set(COMPOSE["volumes"])
    networks = {name for service in services.values() for name in service.get("networks", [])}
    assert networks == set(COMPOSE["networks"])
    needed = {name for service in services.values() for name in service.get("depends_on", {})}
    assert needed <= set(services)
    files = {name for name in volumes if name.startswith(".")} - {"./tls"}
    assert [name for name in files if not (DEPLOY / name).is_file()] == []
    env_files = {name for service in services.values() for name in service.get("env_file", [])}
    examples = {"app.env": "env.example"}
    assert [n for n in env_files if not (DEPLOY / examples.get(n, f"{n}.example")).is_file()] == []


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert {name for name, service in COMPOSE["services"].items() if "ports" in service} == {"proxy"}
    assert COMPOSE["services"]["database"]["network_mode"] == "none"
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_every_image_has_its_version() -> None:
    images = {service["image"] for service in COMPOSE["services"].values()} - {"fengqiao"}
    images |= set(re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE))
    assert [image for image in images if not re.search(r":\d", image)] == []


def test_what_runs_our_program_may_do_nothing_else() -> None:
    for name in ("web", "live", "worker", "setup", "backup"):
        service = COMPOSE["services"][name]
        hardened = (service["cap_drop"], service["security_opt"], service["read_only"])
        assert hardened == (["ALL"], ["no-new-privileges:true"], True), name


def test_both_proxies_say_the_same() -> None:
    differing = [
        (here, there)
        for here, there in zip(
            (DEPLOY / "nginx" / "fengqiao.conf").read_text().splitlines(),
            (DEPLOY / "nginx" / "compose.conf").read_text().splitlines(),
            strict=True,
        )
        if here != there and not here.startswith("#")
    ]
    assert [there.split() for _, there in differing] == [
        ["server", "web:8000;"],
        ["server", "live:8001;"],
        ["access_log", "/dev/stdout", "fengqiao;"],
        ["error_log", "/dev/stderr", "crit;"],
    ]


# --- systemd ------------------------------------------------------------------------------------------------

HARDENED = {
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "RestrictNamespaces": "yes",
    "SystemCallFilter": "@system-service",
    "UMask": "0077",
    "User": "fengqiao",
}


@pytest.mark.parametrize("name", UNITS)
def test_every_unit_is_hardened(name: str) -> None:
    unit = UNITS[name]
    assert {key: unit.get(f"Service.{key}", [None])[-1] for key in HARDENED} == HARDENED


def test_the_units_that_serve_come_back() -> None:
    restarts = {name: unit.get("Service.Restart") for name, unit in UNITS.items()}
    assert restarts == {
        "fengqiao-backup.service": None,
        "fengqiao-live.service": ["always"],
        "fengqiao-web.service": ["always"],
        "fengqiao-worker.service": ["always"],
    }


def test_the_programs_of_postgresql_may_be_run() -> None:
    for name in ("archive", "first.sh"):
        assert (DEPLOY / "postgresql" / name).stat().st_mode & stat.S_IXUSR, name
