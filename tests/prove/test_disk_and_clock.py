"""A full disk, and a clock that jumps, under load: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fengqiao.config.local_postgres import LocalServer, local_server
from fengqiao.config.server_programs import server_user
from fengqiao.kernel import crypto
from tests.prove.installation import Installation, installed
from tests.prove.load import Acknowledged, Windows, material_of
from tests.prove.test_faults import TIMES, holds, some_more

IN_CI = os.environ.get("CI") == "true"
pytestmark = [pytest.mark.prove, pytest.mark.siege]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system")
needs_compiler = pytest.mark.skipif(
    not IN_CI and shutil.which("gcc") is None, reason="gcc is not installed (apt-get install gcc libc6-dev)"
)


# --- a disk that can be full --------------------------------------------------------------------------------


@dataclass
class Disk:
    """A small file system in memory; the kernel itself says that it is full."""

    folder: Path

    @property
    def ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self) -> None:
        with contextlib.suppress(OSError), self.ballast.open("wb", buffering=0) as handle:
            while True:
                handle.write(b"\0" * 4096)

    def empty(self) -> None:
        self.ballast.unlink(missing_ok=True)


@contextmanager
def disk_at(folder: Path, *, megabytes: int, mode: str = "0700", owner: int = 0) -> Iterator[Disk]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = f"size={megabytes}m,mode={mode},uid={owner}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def wait_until_felt(told: Acknowledged, before: int, seconds: float = 60) -> None:
    """Until more than ``before`` answers failed. It is read before the disk is filled: a window that waits at
    the sign-in counts nothing any more."""
    end = time.monotonic() + seconds
    while told.felt == before:
        assert time.monotonic() < end, "no window felt that the disk is full"
        time.sleep(0.05)


@needs_root
def test_the_disk_of_the_attachments_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with disk_at(tmp_path / "files", megabytes=24) as disk:
        monkeypatch.setenv("FENGQIAO_FILES", str(disk.folder))
        with installed(tmp_path / "home", monkeypatch) as county:
            with Windows(county.port, with_materials=True) as told:
                for _ in range(TIMES):
                    some_more(told, 8)
                    before = told.felt
                    disk.fill()
                    wait_until_felt(told, before)
                    assert "storage of the files cannot be written" in not_ready(county)
                    disk.empty()
                some_more(told, 8)
            holds(county, told)
            every_paper_is_whole(county, told, disk.folder)


def every_paper_is_whole(county: Installation, told: Acknowledged, folder: Path) -> None:
    rows = county.rows(
        "SELECT m.source_number, f.county, f.stored_as FROM matters_matter m"
        " JOIN matters_matterfile mf ON mf.matter_id = m.id JOIN files_storedfile f ON f.id = mf.file_id"
        " WHERE m.source = 'desk'"
    )
    papers: dict[str, list[bytes]] = {}
    keys = crypto.Keyring.load(Path(county.surroundings["FENGQIAO_HOME"]) / "keys" / "keyring.json")
    for form, code, stored_as in rows:
        sealed = (folder / str(code) / str(stored_as)[:2] / str(stored_as)).read_bytes()
        content = crypto.reveal_bytes(
            keys, county=str(code), row=str(stored_as), field="file", protected=sealed
        )
        papers.setdefault(str(form), []).append(content)
    wrong = [form for form in told.codes if papers.get(form) != [material_of(form)]]
    assert wrong == []
    # What did not come about left nothing half-written behind.
    assert [path.name for path in folder.rglob(".*") if path.is_file()] == []


def not_ready(county: Installation) -> str:
    """The reasons that the web server gives; it looks again every second."""
    import urllib.error
    import urllib.request

    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{county.port}/ready", timeout=10):
                time.sleep(0.3)
        except urllib.error.HTTPError as refusal:
            return refusal.read().decode()
    return "ready"


@needs_root
def test_the_disk_of_the_database_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path / "home"))
    folder = local_server().folder
    with disk_at(folder, megabytes=500, owner=server_user().pw_uid) as disk:
        with installed(tmp_path / "home", monkeypatch) as county:
            with Windows(county.port) as told:
                for _ in range(TIMES):
                    some_more(told)
                    before = told.felt
                    disk.fill()
                    no_room_for_the_log(county)
                    wait_until_felt(told, before)
                    disk.empty()
                    county.server.start()
                some_more(told)
            holds(county, told)
        disk.folder.joinpath("ballast").unlink(missing_ok=True)


def no_room_for_the_log(county: Installation) -> None:
    """The database needs the next piece of its log now, and not after sixteen megabytes of work."""
    for _ in range(3):
        with (
            contextlib.suppress(psycopg.OperationalError, psycopg.InternalError),
            psycopg.connect(county.server.as_superuser("fengqiao").url(), autocommit=True) as connection,
        ):
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("CREATE TABLE IF NOT EXISTS no_room AS SELECT generate_series(1, 1000)")
            connection.execute("DROP TABLE no_room")


# --- a clock that jumps -------------------------------------------------------------------------------------

HOUR, DAY = 3600, 86_400
JUMPS = (2 * HOUR, -DAY, 40 * DAY)
OFFSET = struct.Struct("l")


class Clock:
    """The wall's clock of all processes of one installation (clock.c), moved by writing eight bytes."""

    def __init__(self, folder: Path) -> None:
        self.library, self.file = folder / "clock.so", folder / "clock"
        source = str(Path(__file__).with_name("clock.c"))
        command = ["gcc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(self.library), source]
        subprocess.run(command, check=True)
        self.file.write_bytes(OFFSET.pack(0))
        for path in (self.library, self.file):
            path.chmod(0o755)

    @property
    def surroundings(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "CLOCK_OFFSET_FILE": str(self.file)}

    def jump(self, seconds: int) -> None:
        with self.file.open("r+b", buffering=0) as handle:
            handle.write(OFFSET.pack(seconds))


@dataclass(frozen=True)
class JumpingServer(LocalServer):
    """PostgreSQL under the same clock as web server and worker."""

    def _circumstances(self) -> dict[str, Any]:
        found = super()._circumstances()
        folder = self.folder
        clock = {"LD_PRELOAD": str(folder / "clock.so"), "CLOCK_OFFSET_FILE": str(folder / "clock")}
        return found | {"env": found["env"] | clock}


@needs_compiler
def test_the_clock_of_the_machine_jumps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("FENGQIAO_HOME", str(home))
    home.mkdir(mode=0o700)

    def server() -> LocalServer:
        return JumpingServer(home.resolve())

    folder = server().folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, server_user().pw_uid, server_user().pw_gid)
    clock = Clock(folder)
    with installed(home, monkeypatch, server_of=server, more=clock.surroundings) as county:
        with Windows(county.port) as told:
            for seconds in JUMPS:
                some_more(told)
                clock.jump(seconds)
                ((now,),) = county.rows("SELECT extract(epoch FROM clock_timestamp())")
                assert abs(float(str(now)) - time.time() - seconds) < 60, "the clock did not jump"
            some_more(told)
            clock.jump(0)
            some_more(told)
        holds(county, told)
        days = {str(code).split("-")[1] for code in told.codes.values()}
        assert len(days) >= len(JUMPS), "no window worked on another day: nothing was tried"
