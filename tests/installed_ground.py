"""A whole installation to copy: set up, with a day of the demo's county played, once for each state of the sources.

Setting up takes a process of Django through all migrations. The proofs that begin with an installation of their
own are about what comes after that; `fengqiao setup` itself is run by tests/config/test_doctor.py and, as deploy/
says, by tests/prove/test_deploy.py.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from fengqiao.config import environment
from fengqiao.config.local_postgres import LocalServer
from fengqiao.config.server_programs import give, server_user

# A day that is over: of today there is nothing yet in the first hours after midnight.
PLAYED = ("simulate", "--days", "1", "--per-day", "3", "--until", "2026-06-30")
# What belongs to the running of one server, in one place.
OF_ITS_PLACE = ("*.lock", "local-server.*", "server-folder", "postgres", "logs")
KEPT = environment.PROJECT / ".fengqiao" / "installed"


def copy_to(server: LocalServer) -> None:
    """Lays the installation where this server's home is; the server must not have been started yet."""
    assert not server.data.exists(), f"{server.data} has been laid out already"
    KEPT.mkdir(mode=0o700, parents=True, exist_ok=True)
    with environment.locked(KEPT / "installed.lock"):
        ground = _ground()
        shutil.copytree(
            ground.home, server.home, ignore=shutil.ignore_patterns(*OF_ITS_PLACE), dirs_exist_ok=True
        )
        server.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        give(server.folder, server_user())
        # With owner and modes: PostgreSQL takes no folder that others may read.
        subprocess.run(["cp", "-a", str(ground.data), str(server.data)], check=True)
        environment.write_private(server.note, json.dumps({"url": server.owner_address().url()}))


def _ground() -> LocalServer:
    home = KEPT / _state_of_the_sources()
    ground = LocalServer(home)
    whole = home / "whole"
    if not whole.exists():
        for older in KEPT.iterdir():
            if older.is_dir():
                shutil.rmtree(LocalServer(older).folder, ignore_errors=True)
                shutil.rmtree(older)
        home.mkdir(mode=0o700)
        for arguments in (("setup", "-v", "0"), PLAYED):
            done = subprocess.run(
                [sys.executable, "-m", "fengqiao", *arguments],
                env=_surroundings(home),
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
        whole.touch()
    return ground


def _surroundings(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FENGQIAO_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    programs = os.environ.get("FENGQIAO_PG_BIN")
    return kept | {"FENGQIAO_HOME": str(home)} | ({"FENGQIAO_PG_BIN": programs} if programs else {})


def _state_of_the_sources() -> str:
    digest = hashlib.sha256(repr((os.environ.get("FENGQIAO_PG_BIN"), PLAYED)).encode())
    for path in sorted(_sources()):
        digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    yield environment.PROJECT / "requirements" / "base.txt"
    for kind in ("py", "csv", "json", "toml", "sql"):
        for path in (environment.PROJECT / "src" / "fengqiao").rglob(f"*.{kind}"):
            if "web/static" not in path.as_posix() and "staticfiles" not in path.as_posix():
                yield path
