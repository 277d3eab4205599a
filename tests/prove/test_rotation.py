"""Keys rotate in an installation at work, and the rotation is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.prove.installation import installed
from tests.prove.load import Windows
from tests.prove.test_faults import holds, some_more

pytestmark = [pytest.mark.prove, pytest.mark.siege]
KILLS = 3
LINES_BEFORE_A_KILL = 6
# Each registration protects a telephone at least: with so many of the old key no rotation ends before its kill.
REGISTERED_BEFORE = 2 * KILLS * LINES_BEFORE_A_KILL


def test_killed_three_times_under_load_nothing_is_lost_and_the_old_key_retires(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with installed(tmp_path / "home", monkeypatch) as county:
        with Windows(county.port) as told:
            some_more(told, REGISTERED_BEFORE)
            for _time in range(KILLS):
                # One row at a time, so that there is a middle to be killed in.
                with subprocess.Popen(
                    [sys.executable, "-m", "fengqiao", "keys", "rotate", "--batch", "1"],
                    env=dict(county.surroundings),
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                ) as rotation:
                    assert rotation.stdout is not None
                    lines = [rotation.stdout.readline() for _line in range(LINES_BEFORE_A_KILL)]
                    assert all(lines), lines
                    os.kill(rotation.pid, signal.SIGKILL)
                assert rotation.returncode == -signal.SIGKILL
            finished = county.command("keys", "rotate")
            assert finished.returncode == 0, finished.stderr
        holds(county, told)
        # Once more, with nobody at the windows: what somebody wrote with the old key at the last moment.
        assert county.command("keys", "rotate").returncode == 0
        status = json.loads(county.command("keys", "status", "--json").stdout)
        used = {key for by_key in status["use"].values() for key in by_key}
        assert used == {status["current"], f"index {status['index']}"}
        keyring = tmp_path / "home" / "keys" / "keyring.json"
        raw = json.loads(keyring.read_text())
        raw["since"] = dict.fromkeys(raw["since"], "2026-01-01T00:00:00+00:00")
        keyring.write_text(json.dumps(raw))
        retired = county.command("keys", "retire")
        assert retired.returncode == 0, retired.stderr
        assert list(json.loads(keyring.read_text())["data_keys"]) == [status["current"]]
        with Windows(county.port) as after:
            some_more(after, 5)
        holds(county, after)
