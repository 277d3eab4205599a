"""Recovery to a moment: a base, the archived log, and the settings that deploy/postgresql ships, run for real.

Officers register; the base is taken meanwhile; later somebody destroys the county. It is brought back to the
moment before that: everything that was acknowledged until then is there, and every chain holds.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from fengqiao.config.local_postgres import SUPERUSER
from fengqiao.config.server_programs import give, programs, server_user
from tests.config.test_deploy import DEPLOY
from tests.prove.installation import Installation, installed
from tests.prove.load import Windows
from tests.prove.test_faults import holds, some_more

pytestmark = pytest.mark.prove


def test_the_county_is_brought_back_to_the_moment_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installed(tmp_path / "home", monkeypatch) as county:
        wal = archiving(county)
        with Windows(county.port) as told:
            some_more(told)
            base = base_backup(county)
            some_more(told)
        moment, before = now(county), matters(county)
        assert len(told.codes) >= 30
        # The accident, by somebody who passes every wall; acknowledged and archived as well.
        time.sleep(1)
        destroy(county)
        assert matters(county) == 0
        everything_is_archived(county, wal)

        county.children.stop()
        recovered(county, base, wal, moment)
        assert matters(county) == before
        holds(county, told)
        # And people go on working there.
        county.children.start("web", county.web_command())
        county.children.wait_for(f"http://127.0.0.1:{county.port}/ready", seconds=60)
        with Windows(county.port) as later:
            some_more(later)
        holds(county, later)


def archiving(county: Installation) -> Path:
    """The settings of deploy/postgresql, with places of this test; returns the folder of the archived log."""
    folder, user = county.server.folder, server_user()
    wal = folder / "wal"
    wal.mkdir(mode=0o700)
    program = folder / "archive"
    shutil.copy(DEPLOY / "postgresql" / "archive", program)
    program.chmod(0o755)
    shipped = (DEPLOY / "postgresql" / "fengqiao.conf").read_text()
    # Over a socket nothing is encrypted, and this server has no certificate.
    for there, here in (
        ("ssl = on", "ssl = off"),
        ("/opt/fengqiao/deploy/postgresql/archive", str(program)),
        ("/srv/fengqiao-wal", str(wal)),
    ):
        assert there in shipped
        shipped = shipped.replace(there, here)
    settings = folder / "deploy.conf"
    settings.write_text(shipped)
    for path in (wal, program, settings):
        give(path, user)
    county.server.stop()
    with (county.server.data / "postgresql.conf").open("a") as configuration:
        configuration.write(f"include '{settings}'\n")
    county.server.start()
    assert setting(county, "archive_mode") == "on"
    assert setting(county, "log_min_error_statement") == "panic"
    return wal


def base_backup(county: Installation) -> Path:
    """pg_basebackup as docs/operations.md says it, while officers work."""
    with (county.server.data / "pg_hba.conf").open("a") as rules:
        rules.write("local replication all scram-sha-256\n")
    county.rows("SELECT pg_reload_conf()")
    base = county.server.folder / "base"
    address = county.server.as_superuser()
    as_server(
        county,
        [str(programs() / "pg_basebackup"), "-D", str(base), "-X", "stream", "-c", "fast"]
        + ["-h", address.host, "-p", address.port, "-U", SUPERUSER],
        PGPASSWORD=address.password,
    )
    as_server(county, [str(programs() / "pg_verifybackup"), str(base)])
    return base


def as_server(county: Installation, command: list[str], **more: str) -> None:
    """Runs one of PostgreSQL's programs as the user of the server, as which its files have to be."""
    root = os.geteuid() == 0
    user = server_user()
    done = subprocess.run(
        command,
        env={"PATH": "/usr/bin:/bin", **more},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **({"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if root else {}),
    )
    assert done.returncode == 0, done.stderr


def destroy(county: Installation) -> None:
    with psycopg.connect(county.server.as_superuser("fengqiao").url()) as connection:
        connection.execute("TRUNCATE matters_matter, audit_entry CASCADE")


def everything_is_archived(county: Installation, wal: Path) -> None:
    ((last,),) = county.rows("SELECT pg_walfile_name(pg_switch_wal())")
    end = time.monotonic() + 60
    while not (wal / str(last)).exists():
        assert time.monotonic() < end, county.rows("SELECT * FROM pg_stat_archiver")
        time.sleep(0.2)
    assert [path.name for path in wal.iterdir() if ".part." in path.name] == []


def recovered(county: Installation, base: Path, wal: Path, moment: str) -> None:
    """The machine is gone: the base in the place of the data, the log from the archive, until the moment."""
    pid = county.server.pid()
    assert pid is not None
    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    os.kill(pid, signal.SIGKILL)
    psutil.wait_procs(processes, timeout=20)
    shutil.rmtree(county.server.data)
    base.rename(county.server.data)
    with (county.server.data / "postgresql.conf").open("a") as configuration:
        configuration.write(
            f"restore_command = 'cp {wal}/%f %p'\n"
            f"recovery_target_time = '{moment}'\n"
            "recovery_target_action = promote\n"
        )
    give_file = county.server.data / "recovery.signal"
    give_file.touch()
    give(give_file, server_user())
    county.server.start()
    end = time.monotonic() + 60
    while county.rows("SELECT pg_is_in_recovery()") != [(False,)]:
        assert time.monotonic() < end, "the recovery does not come to its end"
        time.sleep(0.2)


def setting(county: Installation, name: str) -> str:
    return str(county.rows(f"SELECT current_setting('{name}')")[0][0])


def now(county: Installation) -> str:
    return str(county.rows("SELECT clock_timestamp()::text")[0][0])


def matters(county: Installation) -> int:
    return int(str(county.rows("SELECT count(*) FROM matters_matter")[0][0]))


# --- the program that copies ----------------------------------------------------------------------------------


def archive(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    command = [str(DEPLOY / "postgresql" / "archive"), str(source), str(target)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_archive_never_writes_over_and_takes_the_same_twice(tmp_path: Path) -> None:
    source, target = tmp_path / "000000010000000000000001", tmp_path / "copied"
    source.write_bytes(b"log" * 1000)
    assert archive(source, target).returncode == 0
    assert target.read_bytes() == source.read_bytes()
    # PostgreSQL asks again after a crash in between.
    assert archive(source, target).returncode == 0
    source.write_bytes(b"another server's log")
    assert archive(source, target).returncode != 0
    assert target.read_bytes() == b"log" * 1000
    assert archive(tmp_path / "not-there", tmp_path / "other").returncode != 0
    assert archive(source, tmp_path / "no-folder" / "other").returncode != 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([source.name, target.name])


def test_operations_say_what_is_run_here() -> None:
    text = (DEPLOY.parent / "docs" / "operations.md").read_text()
    section = text[text.index("## Recovery to a moment") : text.index("## Migrations without a stop")]
    for word in ("pg_basebackup", "-X stream", "pg_verifybackup", "recovery.signal", "recovery_target_time"):
        assert word in section
    assert re.search(r"tests/prove/test_recovery\.py", section)
